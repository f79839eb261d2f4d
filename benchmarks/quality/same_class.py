"""Same class or not for two photographs, and at least two of three: before and after training.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/same_class.py [--only flowers] [--runs FOLDER]

Before: the frozen backbone's own pooled features and their cosine, at the threshold that is best
on the validation part. After: two layers on these features, taught by the classes, or siamese, by
1,280 balanced pairs drawn once. From scratch: a small residual network. Clothing is split by
sender, so that nobody's photographs are on both sides.
"""

import argparse
import os
from pathlib import Path

from trained import BACKBONES, FROZEN, Row, arguments, measured, model, recipe, row, tell

from results import write_csv  # isort: skip

from lookalike.nouns.evaluation_report import EvaluationReport

RECIPE = str(Path(__file__).with_name("photos-classes.toml"))
SETS = ("flowers", "clothing")
PAIRS = ("loss.name=pair-bce", "batch.kind=pairs", "batch.size=64", "batch.drawn=1280")
SCRATCH = (
    "backbone.names=resnet20",
    "backbone.weights=none",
    "backbone.trained=all",
    "backbone.size_px=64",
    "head.widths=[128]",
    "fit.feature_views=1",
    "fit.precision=bf16",
)


def rows_of(name: str, judged: EvaluationReport) -> list[Row]:
    """Two of one class or not; at least two of three."""
    return [
        row(f"{name}, pairs", measured(judged, "verification", "balanced accuracy")),
        row(f"{name}, trios", measured(judged, "trios", "balanced accuracy")),
    ]


def judge_set(kind: str, options: argparse.Namespace) -> list[Row]:
    """All rows of one set."""
    source = f"data.source={Path(os.environ['LOOKALIKE_DATA'], kind)}"
    wanted = [
        (f"{backbone}, {name}", (f"backbone.names={backbone}", *settings))
        for backbone in BACKBONES
        for name, settings in (("frozen", FROZEN), ("classes taught", ()), ("siamese", PAIRS))
    ]
    wanted.append(("resnet20 from scratch", SCRATCH))
    rows: list[Row] = []
    for name, settings in wanted:
        folder = f"{kind}-{name}".replace(", ", "-").replace(" ", "-")
        _, judged = model(recipe(RECIPE, source, *settings), options, folder)
        rows += rows_of(f"{kind}, {name}", judged)
    return rows


def main() -> None:
    """One results file for each set."""
    options = arguments(__doc__ or "", SETS)
    for kind in options.only:
        rows = judge_set(kind, options)
        tell(rows)
        if not options.quick:
            print(write_csv(f"same-class-{kind}-quality", rows))


if __name__ == "__main__":
    main()
