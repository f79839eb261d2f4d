"""Judges what `duplicates` promises: how many of its pairs are wrong, and how sure each one is.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/promises.py [--quick] [--model NAME]

Each library holds photographs of the half to which no curve of hash or geometry was fitted, in the
large one also pictures of 64 pixels, and edited copies of one picture in ten, as the prior assumes.
`--held-out` takes only pictures that no training of a built-in model has seen. Hidden copies that
are not in `checked_pairs.csv` count as wrong; such pairs are printed, to be looked at.

For each library: promised and achieved precision of the uncertain pairs at `wrong_at_most` 1, 5
and 10 %, the expected and the real number of wrong pairs, and the calibration error (ECE) of the
pairs that are listed at one half and of all pairs that were looked at.
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import lookalike
from lookalike.metrics.intervals import wilson
from lookalike.nouns.entry import Entry
from lookalike.verbs.copies import Judge
from lookalike.verbs.heeded import card_of
from lookalike.verbs.progress import silent
from lookalike.verbs.ready import Source, ready
from lookalike.verbs.shelf import Shelf
from lookalike.verbs.side import Side
from lookalike.verdicts.calibrate import COPIES_PER_PICTURE, EVEN_PRIOR
from lookalike.verdicts.decide import Priors
from lookalike.verdicts.promise import LEAST_PROBABILITY, bound_for_precision

sys.path.insert(0, str(Path(__file__).parents[1]))
from copies_edits import VARIANTS, edited
from copies_library import HELD_OUT, Library, held_out, one_origin
from photo_split import photos
from results import write_csv
from sights import SMALL, checked, data_folder, names_in, place

SIZES = (1_000, 10_000)
QUICK = (200,)
SHARES = (0.01, 0.05, 0.1)
BINS = 10
SHOWN = 20
Row = dict[str, object]


@dataclass(frozen=True)
class Judged:
    """p pairs that were looked at.

    Attributes:
        chances: (p,) P(copy).
        right: (p,) whether the two come from one photograph.
    """

    chances: np.ndarray
    right: np.ndarray

    def at_least(self, bound: float) -> "Judged":
        """The uncertain pairs that are this sure."""
        kept = (self.chances >= bound) & (self.chances < 1)
        return Judged(self.chances[kept], self.right[kept])


def library(root: Path, folder: Path, size: int, *, unseen: bool, seed: int) -> Library:
    """So many files, one in eleven of them an edited copy of another."""
    made = Library(folder)
    same = one_origin(checked("copy"))
    chance = np.random.default_rng([seed, size])
    n_originals = round(size / (1 + COPIES_PER_PICTURE))
    names = held_out(root) + chance.permutation(names_in(root, SMALL, HELD_OUT)).tolist()
    if unseen:
        allowed = {photo.path for photo in photos(root) if photo.held_out}
        names = [photo.path for photo in photos(root) if photo.path in allowed]
        names = chance.permutation(names).tolist()
    names = names[:n_originals]
    for name in names:
        made.add(place(root, name), name, same.get(name, name))
    chosen = chance.permutation(len(names))[: size - n_originals]
    for n, row in enumerate(chosen.tolist()):
        name = names[row]
        variant = VARIANTS[n % len(VARIANTS)]
        stem = Path(name).with_suffix("").as_posix().replace("/", "__")
        ((_, content),) = edited(place(root, name).read_bytes(), [variant], seed + row)
        made.put(f"{stem}--{variant.file}", content, same.get(name, name), variant.kind)
    return made


def judged(made: Library, index: Path, model: str | None, *, learn: bool) -> Judged:
    """Every pair that the ladder looked at."""
    source = Source(made.folder, index=index, model=model)
    if learn:
        lookalike.tune_from_pictures(source)
    chances: list[float] = []
    right: list[bool] = []
    wrong: list[tuple[float, str, str]] = []

    def told(one: Entry, other: Entry, chance: float) -> None:
        true = made.is_true((one.path, other.path))
        chances.append(chance)
        right.append(true)
        if chance >= EVEN_PRIOR and not true:
            wrong.append((chance, one.path, other.path))

    with ready(source) as (place_, reader, encoder):
        shelf = Shelf.load(place_, reader, silent)
        priors = Priors.of_pair(len(shelf.rows))
        card = card_of(encoder, reader)
        side = Side(reader.entries, place_.absolute)
        judge = Judge(card, priors, EVEN_PRIOR, silent, told)
        for one, other, verdict in judge.copies(shelf.candidates(card, priors), side, side):
            told(one, other, verdict.probability)
    for chance, one, other in sorted(wrong, reverse=True)[:SHOWN]:
        print(f"wrong, {chance:.3f} sure: {one}  {other}", flush=True)
    return Judged(np.array(chances, np.float64), np.array(right, bool))


def calibration_error(pairs: Judged) -> float:
    """Mean gap between promise and truth, over BINS bins of equal width, by their pairs."""
    if not len(pairs.chances):
        return 0.0
    places = np.minimum((pairs.chances * BINS).astype(np.int64), BINS - 1)
    gaps = [
        abs(float((pairs.chances[places == b] - pairs.right[places == b]).sum()))
        for b in range(BINS)
    ]
    return sum(gaps) / len(pairs.chances)


def rows_of(what: str, found: Judged) -> list[Row]:
    """All figures of one library."""
    rows: list[Row] = []
    sure = found.chances[found.chances < 1]
    for share in SHARES:
        listed = found.at_least(bound_for_precision(sure, share))
        n, hits = len(listed.chances), int(listed.right.sum())
        low, high = wilson(hits, n) if n else (0.0, 1.0)
        promised = float(listed.chances.mean()) if n else 1.0
        achieved = hits / n if n else 1.0
        rows.append(
            {
                "name": f"{what}, at most {share:.0%} wrong",
                **{"value": round(100 * (achieved - promised), 2), "unit": "points too good"},
                **{"promised": round(promised, 4), "achieved": round(achieved, 4)},
                **{"low": round(low, 4), "high": round(high, 4), "pairs": n},
            }
        )
    for least in (LEAST_PROBABILITY, EVEN_PRIOR):
        listed = found.at_least(least)
        expected = float((1 - listed.chances).sum())
        real = int((~listed.right).sum())
        rows.append(
            {
                "name": f"{what}, wrong pairs at {least}",
                **{"value": real, "unit": "pairs", "promised": round(expected, 2)},
                "pairs": len(listed.chances),
            }
        )
    listed = found.at_least(EVEN_PRIOR)
    every = found.at_least(0.0)
    for told, pairs in (("listed at one half", listed), ("looked at", every)):
        rows.append(
            {
                "name": f"{what}, calibration error of pairs {told}",
                **{"value": round(calibration_error(pairs), 4), "unit": "ECE"},
                "pairs": len(pairs.chances),
            }
        )
    return rows


def main() -> int:
    """Builds the libraries, asks, judges, writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one library of 200, nothing written")
    parser.add_argument("--model", help="name or file of the model; the default one unless named")
    parser.add_argument("--held-out", action="store_true", help="only what no training has seen")
    parser.add_argument("--learn", action="store_true", help="tune each from its pictures first")
    parser.add_argument("--seed", type=int, default=0, help="of what is drawn")
    options = parser.parse_args()
    rows: list[Row] = []
    for size in QUICK if options.quick else SIZES:
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as index:
            root = data_folder()
            made = library(root, Path(folder), size, unseen=options.held_out, seed=options.seed)
            what = f"{len(made.origin):,} pictures"
            print(what, flush=True)
            found = judged(made, Path(index), options.model, learn=options.learn)
            rows += rows_of(what, found)
    for row in rows:
        print(*row.values(), sep="  ")
    if not options.quick:
        name = "promises-learned" if options.learn else "promises"
        print(write_csv(name, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
