"""Makes the encoder inside lookalike, from pictures to the file in the package.

    LOOKALIKE_DATA=FOLDER python recipes/built-in/make.py --work FOLDER [--quick]
    LOOKALIKE_DATA=FOLDER python benchmarks/quality/encoder.py
    python recipes/built-in/make.py --figures CSV

FOLDER of LOOKALIKE_DATA is what `benchmarks/unpack.py` makes. Trains by the four recipes beside it
on the pictures that `benchmarks/quality/photo_split.py` gives for learning, stores the weights as
float16, fits the calibrations on pictures that it has not learned from, and writes the model with
its card to src/lookalike/encoders. Broken off, the same command goes on from the last finished
pass. The benchmark judges the model, and --figures writes what it measured into the card.
"""

import argparse
import csv
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.model_file import write_model
from lookalike.verbs.export import export
from lookalike.verbs.recipes import load_recipe
from lookalike.verbs.train import train

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "benchmarks" / "quality"))

from albums import album
from encoder_curves import fitted
from photo_split import SMALL, learned, write

MODEL = ROOT / "src" / "lookalike" / "encoders" / "built_in.onnx"
PICTURES, PHOTOGRAPHS = "learned.csv", "photographs.csv"
EDITED = 300
QUICK_EVERY = 10
"""A trial learns from every so many-th class."""
LICENCE = "Apache-2.0"
ORIGIN = """\
a compact network of our own, for copies and for likeness

MobileNetV2 (Sandler et al. 2018, 1801.04381), first weights from ImageNet-1k. Taught by the
recipes below on 4,058 photographs (ImageNet sample, clothing, flowers, weather, groceries) and
3,000 small ones (Tiny ImageNet): the first half of the embedding to know a picture from its edited
copies, the second half to agree with MobileNetV2 and MobileNetEdgeTPU at 224 pixels, and with a
head on both that knows the classes of these pictures, and at last to know the classes of the
photographs itself. In a score copies count for two fifths, likeness for three. Limits: it has seen
everyday photographs, hardly drawings, scans or medical pictures; the edits it knows are those of
lookalike itself; it knows no faces. All chance was drawn with seed 0.
"""

Parts = Mapping[str, Mapping[str, object]]
ENCODER = "mobilenetv2_100"
TEACHERS = ("mobilenet_edgetpu_100", "mobilenetv2_100")


def main() -> None:
    """Everything that is not there yet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    to_do = parser.add_mutually_exclusive_group(required=True)
    to_do.add_argument("--work", type=Path, help="for the runs and what they need")
    to_do.add_argument("--figures", type=Path, help="results of encoder.py, for the card")
    parser.add_argument("--quick", action="store_true", help="a trial; its models are no good")
    options = parser.parse_args()
    if options.figures:
        print(with_figures(options.figures))
        return
    work, data = options.work.resolve(), Path(os.environ["LOOKALIKE_DATA"]).resolve()
    work.mkdir(parents=True, exist_ok=True)
    known = learned(data)
    if options.quick:
        classes = sorted({one.label for one in known})[::QUICK_EVERY]
        known = [one for one in known if one.label in classes]
    write(work / PICTURES, data, known)
    write(work / PHOTOGRAPHS, data, [one for one in known if one.kind != SMALL])
    teachers = [frozen(work, data, name) for name in TEACHERS]
    first = trained(work, "copies", network(data, teachers), quick=options.quick)
    labels = trained(
        work, "labels", {"backbone": {"weights": weights(data, TEACHERS)}}, quick=options.quick
    )
    last = network(data, [*teachers, labels.with_suffix(".onnx")], begin=str(first))
    both = trained(work, "both", last, quick=options.quick)
    head = {
        "backbone": {"weights": weights(data, [ENCODER]), "begin": str(both)},
        "data": {"source": str(work / PHOTOGRAPHS)},
    }
    run = trained(work, "likeness", head, quick=options.quick)
    if not options.quick:
        print(finished(run, data, work / "half.onnx"))


def trained(work: Path, stage: str, parts: Parts, *, quick: bool) -> Path:
    """The folder of a finished run of one of the recipes; its model lies beside it."""
    run = work / (f"{stage}-quick" if quick else stage)
    if not (model := run.with_suffix(".onnx")).exists():
        changes = {"data": {"source": str(work / PICTURES)}, **parts}
        train(
            load_recipe(HERE / f"{stage}.toml").changed(changes),
            out=model,
            runs=run,
            quick=quick,
            on_epoch=lambda epoch: print(stage, epoch, flush=True),
        )
    return run


def network(data: Path, teachers: list[Path], *, begin: str = "") -> Parts:
    """What the recipes of the encoder leave open."""
    return {
        "backbone": {"weights": weights(data, [ENCODER]), "begin": begin},
        "teacher": {"models": [str(path) for path in teachers]},
    }


def weights(data: Path, names: Sequence[str]) -> list[str]:
    """Files of weights that were learned from ImageNet."""
    return [str(data / "weights" / f"{name}.npz") for name in names]


def frozen(work: Path, data: Path, name: str) -> Path:
    """A network with its first weights as a model file."""
    path = work / f"{name}.onnx"
    if not path.exists():
        export(*weights(data, [name]), architecture=name, out=path)
    return path


def finished(run: Path, data: Path, draft: Path) -> Path:
    """The model in the package: small, calibrated, and with a card that tells what it is."""
    export(run, out=draft, half=True)
    raw = load_encoder(draft, provider="cpu")
    plain = replace(
        raw.card,
        name="built-in",
        licence=LICENCE,
        provenance=told(),
        calibrations=(),
        metrics={},
    )
    curves = fitted(album(data, 0, raw), data, EDITED)
    write_model(MODEL, draft, replace(plain, calibrations=curves))
    return MODEL


def told() -> str:
    """Where the model comes from, with its recipes."""
    return "\n".join([ORIGIN, *(path.read_text("utf-8") for path in sorted(HERE.glob("*.toml")))])


def with_figures(results: Path) -> Path:
    """The model in the package, with what was measured of it in its card."""
    with results.open(encoding="utf-8", newline="") as file:
        lines = [
            line for line in csv.DictReader(file) if ", built-in" in line["name"] and line["n"]
        ]
    figures = {line["name"].replace(", built-in", ""): float(line["value"]) for line in lines}
    card = replace(load_encoder("built-in").card, metrics=figures, provenance=told())
    write_model(MODEL, MODEL, card)
    return MODEL


if __name__ == "__main__":
    main()
