"""A photograph from a shop's shelf and the clean picture of the product: before and after training.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/shelf.py [--runs FOLDER]

Split by photo: each product is trained on, other photographs of it are asked for. Split by
product: three products in ten are never trained on, and only these are asked for. Either way the
answer is looked for among the clean pictures of all 81 products.
"""

import argparse
import os
from pathlib import Path

from trained import BACKBONES, FROZEN, Row, arguments, measured, model, recipe, row, tell

from results import write_csv  # isort: skip

RECIPE = str(Path(__file__).with_name("photos-classes.toml"))
SPLITS = {"by photo": (), "by product": ("data.unseen_classes=0.3",)}


def rows_of(backbone: str, split: str, options: argparse.Namespace) -> list[Row]:
    """R@1 of a backbone before and after training."""
    rows: list[Row] = []
    source = f"data.source={Path(os.environ['LOOKALIKE_DATA'], 'groceries')}"
    common = (source, f"backbone.names={backbone}", "judge.protocols=matching", *SPLITS[split])
    for when, settings in (("before", FROZEN), ("after", ())):
        name = f"shelf-{split}-{backbone}-{when}".replace(" ", "-")
        _, judged = model(recipe(RECIPE, *common, *settings), options, name)
        rows.append(
            row(f"shelf, {split}, {backbone} {when}", measured(judged, "matching", "top-1"))
        )
    return rows


def main() -> None:
    """One results file."""
    options = arguments(__doc__ or "", BACKBONES)
    rows = [
        line for name in options.only for split in SPLITS for line in rows_of(name, split, options)
    ]
    tell(rows)
    if not options.quick:
        print(write_csv("shelf-quality", rows))


if __name__ == "__main__":
    main()
