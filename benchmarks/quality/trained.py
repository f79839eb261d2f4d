"""What the benchmarks of trained models share: a model by a recipe, and rows of its figures."""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from lookalike.nouns.evaluation_report import EvaluationReport
from lookalike.nouns.measure import Measure
from lookalike.nouns.recipe import Recipe
from lookalike.verbs.recipes import as_changes, load_recipe
from lookalike.verbs.train import train

Row = dict[str, object]
BACKBONES = ("mobilenetv1_025", "mobilenetv2_100", "mobilenet_edgetpu_100")
"""Whose weights lie in LOOKALIKE_DATA/weights."""


def arguments(doc: str, works: tuple[str, ...]) -> argparse.Namespace:
    """--runs, --quick and --only."""
    parser = argparse.ArgumentParser(description=doc.partition("\n")[0])
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="models and checkpoints")
    parser.add_argument("--quick", action="store_true", help="a trial: its figures mean nothing")
    parser.add_argument("--only", nargs="+", choices=works, default=works, help="these parts only")
    return parser.parse_args()


def recipe(name: str, *settings: str) -> Recipe:
    """A recipe with settings as on the command line."""
    return load_recipe(name, as_changes(list(settings)))


def model(wanted: Recipe, options: argparse.Namespace, name: str) -> tuple[Path, EvaluationReport]:
    """The model of a recipe and its figures; a run that is there goes on or is done already."""
    folder = options.runs / name
    quick = options.quick and wanted.fit.epochs > 0
    report = train(wanted, out=folder / f"{name}.onnx", runs=folder / "run", quick=quick)
    if not isinstance(report.judged, EvaluationReport):
        sys.exit(f"{name}: nothing was judged")
    print(f"{time.strftime('%H:%M:%S')} {name}: {report.seconds:.0f} s", flush=True)
    return report.model, report.judged


FROZEN = ("head.kind=none", "head.widths=[]", "head.dropout=0.0", "fit.epochs=0")
"""Settings that leave a backbone as it is: before training."""


def tell(rows: list[Row]) -> None:
    """The figures, for whoever watches."""
    for line in rows:
        print(f"{line['name']}: {line['value']} ({line['low']} to {line['high']})", flush=True)


def measured(judged: EvaluationReport, protocol: str, name: str) -> Measure:
    """One measure of one protocol."""
    return next(part for part in judged.judged if part.protocol == protocol).measure(name)


def row(name: str, measure: Measure, published: str = "") -> Row:
    """A line of a results file; shares, not per cent."""
    return {
        "name": name,
        "value": round(measure.value, 5),
        "unit": "share",
        "low": round(measure.low, 5),
        "high": round(measure.high, 5),
        "baseline": "" if measure.baseline is None else round(measure.baseline, 5),
        "baseline_name": measure.baseline_name,
        "n": measure.n,
        "published": published,
    }
