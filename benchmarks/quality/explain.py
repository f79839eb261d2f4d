"""Whether the regions that `explain` names are those that matter, on real photographs.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/explain.py [--pairs 20] [--model FILE.onnx ...]

Pairs are the two most alike of a dozen pictures of one class of `flowers`. For each picture of a
pair the named regions are covered, and regions of the same shape elsewhere, eight times. A share
above one half of "costs more" says that the regions matter more than chance.
"""

import argparse
import os
import sys
from pathlib import Path

import numpy as np

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.images.decode import read_picture
from lookalike.metrics.intervals import wilson
from lookalike.verbs.explain import explain

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv

DRAWN = 12


def pairs_of(encoder: Encoder, folder: Path, count: int) -> list[tuple[Path, Path]]:
    """The two most alike of DRAWN pictures of one class, class after class."""
    chance = np.random.default_rng(0)
    classes = sorted(c for c in folder.iterdir() if len(list(c.glob("*.jpg"))) >= DRAWN)
    found = []
    for number in range(count):
        files = sorted(classes[number % len(classes)].glob("*.jpg"))
        files = [files[place] for place in chance.choice(len(files), DRAWN, replace=False)]
        side = encoder.short_side_px
        vectors = encoder.encode([read_picture(f, short_side_px=side).pixels for f in files])
        scores = vectors @ vectors.T - 2 * np.eye(DRAWN)
        first, second = divmod(int(scores.argmax()), DRAWN)
        found.append((files[first], files[second]))
    return found


def rows_of(model: str, folder: Path, count: int) -> list[dict[str, object]]:
    """What covering does to the scores by one model."""
    encoder = load_encoder(model)
    sides = []
    for first, second in pairs_of(encoder, folder, count):
        report = explain(first, second, model=model)
        sides += [(report.score, s.score_without, s.score_without_others) for s in report.sides]
    whole, without, others = np.array(sides).T
    wins = int((without < others).sum())
    low, high = wilson(wins, len(sides))
    name = Path(model).stem
    return [
        {"name": f"{name}, score", "value": round(float(whole.mean()), 4)},
        {"name": f"{name}, without the regions", "value": round(float(without.mean()), 4)},
        {"name": f"{name}, without as much elsewhere", "value": round(float(others.mean()), 4)},
        {
            "name": f"{name}, the regions cost more",
            "value": round(wins / len(sides), 4),
            "unit": f"of {len(sides)} pictures",
            "spread": f"{low:.3f} to {high:.3f}",
        },
    ]


def main() -> None:
    """Measure each model and write one CSV."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--model", nargs="*", default=[], help="files, besides classic")
    options = parser.parse_args()
    folder = Path(os.environ["LOOKALIKE_DATA"]) / "flowers"
    rows = [row for m in ("classic", *options.model) for row in rows_of(m, folder, options.pairs)]
    for row in rows:
        print(row)
    print(write_csv("explain", rows))


if __name__ == "__main__":
    main()
