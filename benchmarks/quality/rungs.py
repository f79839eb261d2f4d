"""Fits the curves of the hash rung, and judges the ladder's promises on held-out pictures.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/rungs.py [--edited 300]

The lines printed first belong into lookalike/verdicts/decide.py (HASH_CALIBRATION) and
lookalike/encoders/classic_card.py (`near`). One half of the pictures fits, the other one judges.

Against random pairs a likelihood ratio is right when, at every number of bits b,

    P(bits <= b | different) = mean over edited copies of [bits <= b] / ratio(bits)

Slope and intercept make both sides agree, in logarithms, at false rates from 1e-4 to 1e-7. Pairs
of one class are left out, and so are the pairs of `checked_pairs.csv`.

Against near misses the bits of burst frames are taken as log-normal, with the spread widened by
sqrt(1 + 1 / scenes), since few scenes stand behind them; the line goes through the log odds of
as many copies as near misses where these are even to 99 to 1.
"""

import argparse
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from lookalike.images.edits import EDITS
from lookalike.neighbours.hamming import hamming_pairs
from lookalike.nouns.card import Calibration
from lookalike.nouns.embeddings import Floats, Ints
from lookalike.verdicts.calibrate import COPIES_PER_PICTURE, probabilities
from lookalike.verdicts.decide import (
    HASH_BITS,
    HASH_CALIBRATION,
    HASH_QUALITY,
    Priors,
)

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv
from sights import (
    LARGE,
    SMALL,
    Compared,
    bursts,
    checked,
    copies,
    data_folder,
    frames,
    names_in,
    see_all,
)

MOST_BITS = 96
"""Different pictures at most this far apart are looked at: about one pair in a thousand."""
RATES = np.geomspace(1e-4, 1e-7, 13)
LIBRARIES = (1_000, 5_000, 100_000)
PROMISES = (0.001, 0.01, 0.1, 0.5, 0.7, 0.9, 0.99, 0.999, 1.0)
CLASSIC_SCORE = 0.78
"""The classic score that one random pair in a million reaches."""
WINDOW = 3
"""Bits to either side over which the number of copies is smoothed."""
Row = dict[str, object]
Line = tuple[float, float]


@dataclass(frozen=True)
class Different:
    """Bits of pairs of different pictures that are near by chance, and how many pairs there are."""

    bits: Ints
    pairs: int


def different(root: Path, half: int) -> Different:
    """Pairs of pictures of two classes within one half."""
    seen = see_all(root, names_in(root, LARGE + SMALL, half))
    kept = np.flatnonzero(seen.quality >= HASH_QUALITY)
    names = [seen.names[row] for row in kept.tolist()]
    classes = np.unique([name.rpartition("/")[0] for name in names], return_inverse=True)[1]
    near = hamming_pairs(seen.hashes[kept, 0], max_distance=MOST_BITS, variants=seen.hashes[kept])
    looked_at = {frozenset(pair) for pair in checked("copy") + checked("near miss")}
    good = np.array(
        [
            classes[a] != classes[b] and frozenset((names[a], names[b])) not in looked_at
            for a, b in zip(near.first.tolist(), near.second.tolist(), strict=True)
        ]
    )
    bits = seen.compare(kept[near.first[good]], kept[near.second[good]])[0]
    sizes = np.bincount(classes).astype(np.int64)
    return Different(bits, int(len(names) ** 2 - (sizes**2).sum()) // 2)


def rate_at(bits: Ints, total: int) -> Floats:
    """(257,) share of `total` pairs that differ in at most so many bits."""
    counts: Floats = np.bincount(bits, minlength=HASH_BITS + 1).cumsum() / total
    return counts


def foretold(found: Compared, line: Line) -> Floats:
    """(257,) rate of different pairs within so many bits, as the line tells from the copies."""
    weights = np.exp(-(line[0] * (1 - found.bits / HASH_BITS) + line[1]))
    counts = np.bincount(found.bits, weights=weights, minlength=HASH_BITS + 1)
    rates: Floats = counts.cumsum() / len(found)
    return rates


def fit_random(found: Compared, others: Different) -> Line:
    """The line whose foretold false rates agree best with the actual ones."""
    actual = rate_at(others.bits, others.pairs)
    places = [int(np.argmax(actual >= rate)) for rate in RATES]
    best = (np.inf, 0.0, 0.0)
    for slope in np.arange(20, 140, 0.5).tolist():
        gap = np.log(foretold(found, (slope, 0.0))[places]) - np.log(actual[places])
        best = min(best, (float(gap.var()), slope, float(gap.mean())))
    return best[1], best[2]


def near_share(misses: Ints, scenes: int) -> Floats:
    """(257,) share of near misses at each number of bits: log-normal, see above."""
    logs = np.log(misses)
    spread = logs.std(ddof=1) * np.sqrt(1 + 1 / scenes)
    bits = np.arange(1, HASH_BITS + 1)
    near = np.exp(-(((np.log(bits) - logs.mean()) / spread) ** 2) / 2) / bits
    share: Floats = np.concatenate([[0.0], near / near.sum()])
    return share


def fit_near(found: Compared, misses: Ints, scenes: int) -> Line:
    """The line through the log odds of a copy against a near miss, equally many of both."""
    bits = np.arange(WINDOW + 1, 64)
    windows = (np.abs(found.bits[:, None] - bits) <= WINDOW).mean(axis=0) / (2 * WINDOW + 1)
    odds = np.log(windows) - np.log(near_share(misses, scenes)[bits])
    used = (odds >= 0) & (odds <= np.log(99)) & (np.arange(len(bits)) < int(np.argmax(odds < 0)))
    slope, shift = np.polyfit(1 - bits[used] / HASH_BITS, odds[used], 1)
    return float(slope), float(shift)


def judge_near(fitted: Compared, others: Compared, scenes: int) -> list[Row]:
    """Foretold and actual shares of other bursts' frames within some bits."""
    share = near_share(fitted.bits, scenes).cumsum()
    return [
        {
            "name": f"frames of other bursts within {bits} bits",
            "value": round(float((others.bits <= bits).mean()), 4),
            "unit": "share",
            "promised": round(float(share[bits]), 4),
            "near_misses": len(others),
        }
        for bits in (20, 28, 34, 40, 46, 52, 60, 70)
    ]


def judge_random(line: Line, found: Compared, others: Different) -> list[Row]:
    """Foretold and actual false pairs at some rates, and the share of copies found there."""
    actual = rate_at(others.bits, others.pairs)
    rows: list[Row] = []
    for rate in (1e-4, 1e-5, 1e-6, 1e-7):
        place = int(np.argmax(actual >= rate))
        rows.append(
            {
                "name": f"hash against random pairs, false rate {rate:.0e}",
                "value": round(float((found.bits <= place).mean()), 4),
                "unit": "share of copies found",
                "bits": place,
                "false_foretold": round(float(foretold(found, line)[place] * others.pairs), 1),
                "false_actual": int((others.bits <= place).sum()),
            }
        )
    return rows


def promises(curve: Calibration, prior: float) -> Floats:
    """(257,) P(copy) by how many bits differ."""
    return probabilities(1 - np.arange(HASH_BITS + 1) / HASH_BITS, curve, prior=prior)


def judge_promises(
    curve: Calibration, found: Compared, misses: Ints, others: Different, n: int
) -> list[Row]:
    """Promised and achieved shares of copies in a library of n pictures.

    Each kind of pair counts as often as the priors say: COPIES_PER_PICTURE * n copies, as many
    near misses, and all other pairs random.
    """
    prior = Priors.of_pair(n).copy
    kinds = ((found.bits, len(found)), (misses, len(misses)), (others.bits, others.pairs))
    parts = (COPIES_PER_PICTURE * n, COPIES_PER_PICTURE * n, n * (n - 1) / 2)
    bits = np.concatenate([seen for seen, _ in kinds])
    weights = np.concatenate(
        [np.full(len(seen), part / of) for (seen, of), part in zip(kinds, parts, strict=True)]
    )
    true = np.arange(len(bits)) < len(found)
    promised = promises(curve, prior)[bits]
    rows: list[Row] = []
    for low, high in pairwise(PROMISES):
        here = (promised >= low) & (promised < high)
        if here.any():
            rows.append(
                {
                    "name": f"promised {low} to {high}, library of {n}",
                    "value": round(float(np.average(true[here], weights=weights[here])), 4),
                    "unit": "share that are copies",
                    "promised": round(float(np.average(promised[here], weights=weights[here])), 4),
                    "copies": int((here & true).sum()),
                    "near_misses": int(here[len(found) :][: len(misses)].sum()),
                    "random": int(here[len(found) + len(misses) :].sum()),
                }
            )
    return rows


def left_over(pairs: Compared, curve: Calibration) -> float:
    """Share of pairs that the hash leaves undecided and whose classic score is CLASSIC_SCORE."""
    undecided = promises(curve, 0.5)[pairs.bits] < 0.5
    return float((undecided & (pairs.scores >= CLASSIC_SCORE)).mean())


def judge_classic(found: Compared, misses: Compared, curve: Calibration, name: str) -> list[Row]:
    """How many copies there are for each near miss where only the classic score is left."""
    rows: list[Row] = []
    for least in (CLASSIC_SCORE, 0.9, 0.95, 0.97, 0.98, 0.99):
        left = [promises(curve, 0.5)[pairs.bits] < 0.5 for pairs in (found, misses)]
        share = [
            float((rest & (pairs.scores >= least)).mean())
            for rest, pairs in zip(left, (found, misses), strict=True)
        ]
        rows.append(
            {
                "name": f"classic at {least}, hash undecided, {name}",
                "value": round(share[0] / max(sum(share), 1e-9), 4),
                "unit": "copies among as many near misses",
                "copies": round(share[0], 4),
                "near_misses": round(share[1], 4),
            }
        )
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edited", type=int, default=300, help="pictures to edit in each half")
    options = parser.parse_args()
    root = data_folder()
    scenes = bursts(root)
    names = sorted(scenes)
    early = frames(root, {name: scenes[name] for name in names[::2]})
    late = frames(root, {name: scenes[name] for name in names[1::2]})
    both = np.concatenate([early.bits, late.bits])
    found, others = copies(root, 0, options.edited), different(root, 0)
    line = fit_random(found, others)
    trial = Calibration("edited copy", *line, near=fit_near(found, early.bits, len(names[::2])))
    final = Calibration("edited copy", *line, near=fit_near(found, both, len(names)))
    print(f"fitted on {len(found)} copies, {others.pairs} random pairs, {len(both)} near misses")
    for what, curve in (("fitted", final), ("for judging", trial), ("in use", HASH_CALIBRATION)):
        print(
            f"hash, {what}: slope {curve.slope:.1f}, intercept {curve.intercept:.2f}, near", end=""
        )
        print(f" ({curve.near[0]:.1f}, {curve.near[1]:.2f})" if curve.near else " none")
    odds = left_over(found, final) / np.mean([left_over(early, final), left_over(late, final)])
    print(f"classic: near (0.0, {np.log(odds):.2f})")
    found, others = copies(root, 1, options.edited), different(root, 1)
    rows = judge_random(line, found, others)
    for n in LIBRARIES:
        rows += judge_promises(trial, found, late.bits, others, n)
    rows += judge_near(early, late, len(names[::2]))
    rows += judge_classic(found, late, trial, "held out")
    for edit in EDITS:
        bits = found.bits[np.array(found.edits) == edit]
        row: Row = {"name": f"{edit}, bits", "value": float(np.median(bits)), "unit": "median"}
        row["spread"] = f"{np.quantile(bits, 0.1):.0f} {np.quantile(bits, 0.9):.0f}"
        rows.append(row)
    for row in rows:
        print(*row.values(), sep="  ")
    print(write_csv("rungs", rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
