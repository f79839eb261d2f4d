"""Fits and judges the geometric rung: what it means when one picture can be laid over another.

    LOOKALIKE_DATA=FOLDER python benchmarks/quality/overlay.py [--edited 120]

Prints constants for lookalike/verdicts/overlay.py. One half of the photographs, products and
bursts fits, the other one judges. Those shipped come from an earlier fit to pairs of both halves,
so that only the rows "fitted now" are of pairs that the curve has not seen. Pairs go through
`Overlay`, as in `duplicates`:

* copies: all edits of large photographs, saved as JPEG; those too flat to be hashed left out;
* near misses: every two frames of one burst, the stereo pair, the near misses of
  `checked_pairs.csv`, and the pairs of one product, flower or garment that classic finds most
  alike: separate captures;
* different: the pairs of two classes that classic finds most alike.

Copies that hide in the sets are left out by `checked_pairs.csv`; `weather` has so many that no
near misses are taken from it. Copies and all others weigh the same in sum. Groceries of two
classes take no part in the first curve: their packages are often drawn alike.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from lookalike.geometry.align import align
from lookalike.geometry.features import local_features, one_thread_each
from lookalike.images.decode import read_picture
from lookalike.nouns.alignment import Alignment
from lookalike.nouns.embeddings import Floats
from lookalike.verbs.doubtful import READ_SIDE_PX, Doubt, Overlay, hashes_say_mirrored
from lookalike.verbs.evidence import best_turns
from lookalike.verdicts import overlay
from lookalike.verdicts.decide import HASH_QUALITY

sys.path.insert(0, str(Path(__file__).parents[1]))
from results import write_csv
from sights import (
    LARGE,
    Pair,
    Sights,
    burst_pairs,
    bursts,
    checked,
    data_folder,
    edits_of,
    names_in,
    place,
    see,
    see_all,
)

MOST_ALIKE = {
    ("groceries", True): 400,
    ("groceries", False): 300,
    ("clothing", True): 300,
    ("clothing", False): 300,
    ("flowers", True): 200,
    ("flowers", False): 200,
}
"""How many of the pairs most alike are taken of a set, of one class or of two."""

SCENE_INLIERS = 8
"""The second curve is fitted to pairs that share at least so many points."""

STRANGERS = ("clothing, two classes", "flowers, two classes")
BANDS = (0.5, 0.7, 0.9, 0.95, 0.99, 1.0)
TIMED = 40
Row = dict[str, object]


@dataclass(frozen=True)
class Looked:
    """A pair: copy or not, its edit or where it comes from, its half, and how it lies."""

    copy: bool
    kind: str
    half: int
    alignment: Alignment
    names: Pair

    def __getitem__(self, name: str) -> float:
        return float(getattr(self.alignment, name))


@dataclass(frozen=True)
class Constants:
    """Those of lookalike/verdicts/overlay.py."""

    scene_slope: float
    scene_shift: float
    agreement: float
    contained: float
    changed: float
    copy_shift: float

    def install(self) -> None:
        """Let the verdicts use them in this process."""
        for name, value in vars(self).items():
            setattr(overlay, name.upper(), value)


def half_of(name: str) -> int:
    """Of products their folder is drawn, so that no product is in both halves."""
    told = name.rpartition("/")[0] if name.startswith("groceries") else name
    return blake2b(told.encode(), digest_size=1).digest()[0] % 2


def copies(root: Path, count: int) -> list[Looked]:
    """Edits of `count` photographs laid over their originals."""
    names = []
    for half in (0, 1):
        here = names_in(root, LARGE, half)
        drawn = np.random.default_rng(0).permutation(len(here))[: count // 2]
        names += [(here[row], half) for row in drawn.tolist()]
    with ProcessPoolExecutor() as pool:
        many = pool.map(_edited, [(place(root, name), name, half) for name, half in names])
        return [one for looked in many for one in looked]


def _edited(what: tuple[Path, str, int]) -> list[Looked]:
    path, name, half = what
    seed = int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big")
    edits, doubts = [], []
    hashes, quality, _ = see(path)
    with tempfile.TemporaryDirectory() as made:
        for edit, file in edits_of(path, seed):
            edited = Path(made) / f"{edit}.jpg"
            edited.write_bytes(file)
            others, other_quality, _ = see(edited)
            if min(quality, other_quality) < HASH_QUALITY:
                continue
            bits, turn = best_turns(hashes[None], others[None])
            mirrored = hashes_say_mirrored(int(bits[0]), int(turn[0]))
            edits.append(edit)
            doubts.append(Doubt(path, edited, mirrored))
        found = list(Overlay().look(doubts))
    told = zip(edits, found, strict=True)
    return [Looked(True, edit, half, al, (name, edit)) for edit, al in told if al is not None]


def others(root: Path) -> list[Looked]:
    """Near misses and different pictures laid over each other."""
    kinds: dict[Pair, tuple[str, int]] = {}
    for at, (_, frames) in enumerate(sorted(bursts(root).items())):
        kinds |= {pair: ("burst", at % 2) for pair in burst_pairs({"": frames})}
    for pair in checked("near miss"):
        folder = pair[0].rpartition("/")[0]
        kinds[_sorted(pair)] = ("checked near miss", half_of(folder + "/"))
    for name in sorted({name for name, _ in MOST_ALIKE}):
        seen = see_all(root, names_in(root, [name], 0) + names_in(root, [name], 1))
        for (other, same), count in MOST_ALIKE.items():
            if other == name:
                kind = f"{name}, {'one class' if same else 'two classes'}"
                for pair in most_alike(seen, same, count):
                    kinds.setdefault(_sorted(pair), (kind, half_of(pair[0])))
    hidden = {frozenset(pair) for pair in checked("copy")}
    pairs = sorted(pair for pair in kinds if frozenset(pair) not in hidden)
    doubts = [Doubt(place(root, a), place(root, b), False) for a, b in pairs]
    told = zip(pairs, Overlay().look(doubts), strict=True)
    return [Looked(False, *kinds[pair], al, pair) for pair, al in told if al is not None]


def _sorted(pair: Pair) -> Pair:
    first, second = sorted(pair)
    return first, second


def most_alike(seen: Sights, same: bool, count: int) -> list[Pair]:
    """The pairs within one half, of one class or of two, that classic scores highest."""
    halves = np.array([half_of(name) for name in seen.names])
    classes = np.array([name.rpartition("/")[0] for name in seen.names])
    detailed = np.flatnonzero(seen.quality >= HASH_QUALITY)
    scores = seen.vectors[detailed] @ seen.vectors[detailed].T
    halves, classes = halves[detailed], classes[detailed]
    wanted = (halves[:, None] == halves) & ((classes[:, None] == classes) == same)
    scores[~np.triu(wanted, 1)] = -1
    order = np.argpartition(-scores, count, axis=None)[:count]
    first, second = np.unravel_index(order, scores.shape)
    rows = zip(detailed[first].tolist(), detailed[second].tolist(), strict=True)
    return [(seen.names[a], seen.names[b]) for a, b in rows]


def logits(looked: list[Looked]) -> Floats:
    """(n, 3): how few matches disagree, how little lies outside, how much has changed."""
    agreement = np.array([one["agreement"] for one in looked])
    contained = np.array([one["contained"] for one in looked])
    changed = np.array([one["changed"] for one in looked])
    few = -np.log(1 - agreement + overlay.LEAST_DISAGREEMENT)
    inside = -np.log(1 - contained + overlay.LEAST_OUTSIDE)
    return np.stack([few, inside, np.sqrt(changed)], axis=1)


def weights(looked: list[Looked]) -> Floats:
    """(n,) copies sum to one, and so do all others."""
    alike = np.array([one.copy for one in looked])
    return np.where(alike, 1 / max(1, alike.sum()), 1 / max(1, (~alike).sum()))


def fit(looked: list[Looked]) -> Constants:
    """Both curves by logistic regression, hardly regularised."""
    apart = [one for one in looked if one.copy or one.kind in STRANGERS]
    points = np.log1p([[one["n_inliers"]] for one in apart])
    scene = _regression(points, apart)
    close = [one for one in looked if one["n_inliers"] >= SCENE_INLIERS]
    copy = _regression(logits(close), close)
    found = [*scene.coef_[0], *scene.intercept_, *copy.coef_[0], *copy.intercept_]
    return Constants(*(round(float(value), 2) for value in found))


def _regression(features: Floats, looked: list[Looked]) -> LogisticRegression:
    alike = [one.copy for one in looked]
    model = LogisticRegression(C=1e4, max_iter=10_000)
    return model.fit(features, alike, sample_weight=1000 * weights(looked))


def judge(looked: list[Looked]) -> list[Row]:
    """For each edit and each kind of other pair, the share that is called a copy."""
    sure = np.array([overlay.copy_probability(one.alignment) for one in looked])
    scene = np.array([overlay.scene_probability(one.alignment) for one in looked])
    kinds = np.array([one.kind for one in looked])
    rows: list[Row] = []
    for kind in dict.fromkeys(one.kind for one in looked):
        here = kinds == kind
        row: Row = {"name": kind, "value": _share(sure[here] >= 0.5), "unit": "share of P >= 0.5"}
        row |= {"p90": _share(sure[here] >= 0.9), "p99": _share(sure[here] >= 0.99)}
        rows.append(row | {"one_scene": _share(scene[here] >= 0.5), "pairs": int(here.sum())})
    weight, alike = weights(looked), np.array([one.copy for one in looked])
    for least, most in pairwise(BANDS):
        band = (sure >= least) & (sure < most)
        if weight[band].sum():
            achieved = weight[band & alike].sum() / weight[band].sum()
            promised = np.average(sure[band], weights=weight[band])
            row = {"name": f"P from {least} to {most}", "value": round(float(achieved), 4)}
            row |= {"unit": "share of copies, even odds", "promised": round(float(promised), 4)}
            rows.append(row | {"pairs": int(band.sum())})
    return rows


def _share(true: Iterable[bool]) -> float:
    return round(float(np.mean(list(true))), 4)


def speed(root: Path) -> list[Row]:
    """Milliseconds of one thread for the features of a picture, and for a pair."""
    names = names_in(root, LARGE, 0)[:: max(1, len(names_in(root, LARGE, 0)) // TIMED)][:TIMED]
    pixels = [read_picture(place(root, n), short_side_px=READ_SIDE_PX).pixels for n in names]
    with one_thread_each():
        start = time.process_time()
        found = [local_features(one) for one in pixels]
        middle = time.process_time()
        for first, second in pairwise(found):
            align(first, second)
        end = time.process_time()
    return [
        {"name": name, "value": round(1000 * seconds, 1), "unit": "ms of one core"}
        for name, seconds in (
            ("features of a picture", (middle - start) / len(found)),
            ("alignment of two different pictures", (end - middle) / (len(found) - 1)),
        )
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edited", type=int, default=120, help="photographs that are edited")
    options = parser.parse_args()
    root = data_folder()
    looked = copies(root, options.edited) + others(root)
    fitted = fit([one for one in looked if one.half == 0])
    print(fitted, flush=True)
    held_out = [one for one in looked if one.half == 1]
    rows = [row | {"constants": "as shipped"} for row in judge(held_out)]
    fitted.install()
    rows += [row | {"constants": "fitted now"} for row in judge(held_out)]
    rows += speed(root)
    for row in rows:
        print(*row.values(), sep="  ")
    wrong = sorted(
        (overlay.copy_probability(o.alignment), *o.names, o.kind) for o in looked if not o.copy
    )
    print("most copy-like of the others:", *wrong[-20:], sep="\n")
    print(write_csv("overlay", rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
