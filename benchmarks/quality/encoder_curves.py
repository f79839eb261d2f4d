"""Judges an encoder on real photographs and fits its calibrations.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/encoder_curves.py [--model classic]

FOLDER/SET/.../CLASS/PICTURE for each set named below; sets that are missing are left out. Half of
the pictures, drawn by a hash of their paths, fits the curves; every figure comes from the other
half. Of a model that has learned from these sets only the pictures count that `photo_split.py`
does not let it learn from. The lines printed first belong into lookalike/encoders/classic_card.py;
of the built-in encoder recipes/built-in/make.py writes them into the model file.

A library of thousands of pictures holds millions of pairs, so a curve has to be right far out in
the tail, where one false pair in a hundred thousand passes. A likelihood ratio is right when the
false pairs above any score are as many as it foretells from the true ones:

    P(score >= t | different) = mean over true pairs of [score >= t] exp(-ratio(score))

Slope and intercept are chosen so that both sides agree, in logarithms, at false rates from 1e-3
down to 1e-7; a plain logistic regression at low odds foretold 2 to 8 times too many there.

"Similar" is told at even odds, or at one in a hundred: its line goes through the log odds of as
many pairs of one class as of two, where these are between 20 % and 99.5 %.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lookalike.encoders.choose import load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.images.edits import EDITS
from lookalike.nouns.card import Calibration
from lookalike.nouns.embeddings import Floats

sys.path.insert(0, str(Path(__file__).parents[1]))
from albums import FURTHER, LABELLED, Album, album, part, pixels
from curves import BINS, Counts, above, fit, fit_even, foretold, histogram, judge, judge_even
from results import write_csv
from sights import bursts, place

FEWEST_FALSE = 4
COPY_RATES = tuple(10.0**-power for power in range(3, 8))
"""False rates at which the curve of copies is fitted and judged."""


def edits_of(pictures: Album, count: int) -> tuple[NDArray[np.int64], list[str], Floats]:
    """Every edit of `count` pictures of sets with large photographs.

    Returns:
        Row of the original, name of the edit and vector of each edited copy.
    """
    large = [row for row, path in enumerate(pictures.paths) if "tiny" not in str(path)]
    rows = np.random.default_rng(0).permutation(large)[:count]
    origins, names, vectors = [], [], []
    for row in rows.tolist():
        original = pixels(pictures.paths[row])
        for name, edit in EDITS.items():
            origins.append(row)
            names.append(name)
            vectors.append(pictures.encoder.encode([edit(original, row)]))
    return np.array(origins), names, np.concatenate(vectors)


def blocks(vectors: Floats, size: int = 2048) -> Iterator[tuple[Floats, NDArray[np.int64]]]:
    """Scores of some rows with all rows, and which rows these are."""
    for start in range(0, len(vectors), size):
        rows = np.arange(start, min(start + size, len(vectors)))
        yield vectors[rows] @ vectors.T, rows


def pair_histogram(pictures: Album, *, same_class: bool) -> Counts:
    """Of the scores of all pairs of one class, or of two classes.

    Pairs of one class are left out of "different": bursts and true copies hide among them.
    """
    counts = np.zeros(BINS)
    for scores, rows in blocks(pictures.vectors):
        later = np.arange(len(pictures.paths)) > rows[:, None]
        same = pictures.classes[rows, None] == pictures.classes
        counts += histogram(scores[later & (same == same_class)])
    return counts


def within_sets(
    pictures: Album, root: Path, line: tuple[float, float], alike: Counts, score: float
) -> list[dict[str, object]]:
    """Foretold and actual false pairs at one score inside each set by itself.

    The curve speaks of a mixed library; in a series of one kind of picture, such as clothes laid
    on one carpet, more pairs look alike than it foretells.
    """
    at = bin_of(score)
    rows: list[dict[str, object]] = []
    for name in LABELLED + FURTHER:
        different = pair_histogram(part(pictures, root, [name]), same_class=False)
        rows.append(
            {
                "name": f"edited copy, false pairs inside {name} by itself",
                "value": int(above(different)[at]),
                "unit": "pairs",
                "score": score,
                "false_foretold": round(float(foretold(alike, *line)[at] * different.sum()), 1),
                "false_actual": int(above(different)[at]),
                "pairs": int(different.sum()),
            }
        )
    return rows


def copy_counts(pictures: Album, count: int) -> tuple[Counts, Counts, dict[str, Counts]]:
    """Histograms of edited copies and of different pictures, and of each edit by itself."""
    origins, names, vectors = edits_of(pictures, count)
    scores = (vectors * pictures.vectors[origins]).sum(axis=1)
    each = {name: histogram(scores[np.array(names) == name]) for name in EDITS}
    return histogram(scores), pair_histogram(pictures, same_class=False), each


def similar_counts(pictures: Album, root: Path) -> tuple[Counts, Counts]:
    """Histograms of pairs of one class, each set counting the same, and of different ones."""
    alike = np.zeros(BINS)
    for name in LABELLED:
        counts = pair_histogram(part(pictures, root, [name]), same_class=True)
        alike += counts / max(counts.sum(), 1)
    large = part(pictures, root, (*LABELLED, "imagenet-sample"))
    return alike, pair_histogram(large, same_class=False)


def nearest_is_alike(pictures: Album) -> float:
    """Share of pictures whose nearest other picture is of their class."""
    hits = 0
    for scores, rows in blocks(pictures.vectors):
        scores[np.arange(len(rows)), rows] = -2
        hits += int((pictures.classes[scores.argmax(axis=1)] == pictures.classes[rows]).sum())
    return hits / len(pictures.paths)


def micro_ap(pictures: Album, count: int) -> float:
    """Of edited copies among all pictures of large sets: all pairs in one ranking."""
    origins, _, vectors = edits_of(pictures, count)
    scores = vectors @ pictures.vectors.T
    true = scores[np.arange(len(origins)), origins].copy()
    scores[np.arange(len(origins)), origins] = -2
    false = np.sort(scores, axis=None)
    ranked = np.sort(true)[::-1]
    hits = np.arange(1, len(ranked) + 1)
    return float((hits / (hits + len(false) - np.searchsorted(false, ranked))).mean())


def fitted(pictures: Album, root: Path, edited: int) -> tuple[Calibration, Calibration]:
    """The curves of "edited copy" and "similar".

    Near misses are frames of one burst. There are too few of them for a curve, so the copies and
    the near misses above the score of one random pair in a million are held against each other,
    and the odds halved: four scenes do not prove that an encoder tells copies from near misses.
    """
    alike, different, _ = copy_counts(pictures, edited)
    line = fit(alike, different, rates_of(different))
    score = score_at(different, 1e-6)
    near = float(np.mean(burst_scores(root, pictures.encoder) >= score))
    left = max(float(above(alike)[bin_of(score)] / alike.sum()), 1e-3)
    copied = Calibration(
        "edited copy",
        round(line[0], 2),
        round(line[1], 2),
        f"{alike.sum():,.0f} edited copies and {different.sum():,.0f} pairs of photographs of two "
        "classes; every two frames of four bursts",
        (0.0, round(float(np.log(left / max(near, 1e-3) / 2)), 2)),
    )
    alike, different = similar_counts(pictures, root)
    line = fit_even(alike, different)
    similar = Calibration(
        "similar",
        round(line[0], 2),
        round(line[1], 2),
        "photographs of clothes, flowers, weather and groceries: pairs of one class, and "
        f"{different.sum():,.0f} pairs of two classes",
    )
    return copied, similar


def rates_of(different: Counts) -> tuple[float, ...]:
    """Those of COPY_RATES at which there are enough false pairs to be counted."""
    return tuple(rate for rate in COPY_RATES if rate * different.sum() >= FEWEST_FALSE)


def bin_of(score: float) -> int:
    """Place of a score in the histograms."""
    return min(BINS - 1, int((score + 1) * BINS / 2))


def score_at(counts: Counts, rate: float) -> float:
    """The score that this share of the pairs reaches."""
    shares = above(counts) / counts.sum()
    return float(np.argmax(shares <= rate) * 2 / BINS - 1)


def burst_scores(root: Path, encoder: Encoder) -> Floats:
    """Of every two frames of one burst."""
    scores = []
    for names in bursts(root).values():
        vectors = encoder.encode([pixels(place(root, name)) for name in names])
        scores.append((vectors @ vectors.T)[np.triu_indices(len(names), 1)])
    return np.concatenate(scores)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edited", type=int, default=300, help="pictures to edit in each half")
    parser.add_argument("--model", default="classic", help="name or file of the model")
    options = parser.parse_args()
    if not (data := os.environ.get("LOOKALIKE_DATA")):
        print("LOOKALIKE_DATA is not set: name the folder with the sets", file=sys.stderr)
        return 2
    root = Path(data)
    encoder = load_encoder(options.model, provider="cpu")
    fitting, held_out = album(root, 0, encoder), album(root, 1, encoder)
    rows: list[dict[str, object]] = []
    copied, similar = fitted(fitting, root, options.edited)
    for one in (copied, similar):
        print(one)
    line = copied.slope, copied.intercept
    alike, different, each = copy_counts(held_out, options.edited)
    rows += judge("edited copy", line, alike, different, rates_of(different))
    million = score_at(different, 1e-6)
    for name, counts in each.items():
        row = judge(name, line, counts, different, rates_of(different)[-2:])[0]
        rows.append({key: row[key] for key in ("name", "value", "unit", "score")})
    rows += within_sets(held_out, root, line, alike, million)
    rows += judge_even((similar.slope, similar.intercept), *similar_counts(held_out, root))
    for name in LABELLED:
        one = part(held_out, root, [name])
        rows.append({"name": f"R@1 {name}", "value": round(nearest_is_alike(one), 4)})
    large = part(held_out, root, (*LABELLED, "imagenet-sample"))
    rows.append(
        {
            "name": f"micro-AP of all edits among {len(large.paths)}",
            "value": round(micro_ap(large, min(options.edited, 150)), 4),
        }
    )
    for row in rows:
        print(*row.values(), sep="  ")
    print(write_csv(f"{encoder.name}-quality", rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
