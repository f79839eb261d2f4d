"""The last rung: lay two doubtful pictures over each other, reading each file only when needed."""

import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from lookalike.geometry.align import align
from lookalike.geometry.features import local_features, mirrored_features, one_thread_each
from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_picture
from lookalike.nouns.alignment import Alignment, LocalFeatures
from lookalike.nouns.errors import UnreadableImage
from lookalike.verbs.progress import Progress, silent

READ_SIDE_PX = 288
"""Pictures are decoded at least this large on the short side."""

KEPT = 3_000
"""Pictures whose features are kept in memory, about 0.2 MB each."""

BLOCK = 64
"""Pairs that are worked on between two steps of progress."""

TRUSTED_BITS = 64
"""Hashes that differ in more than this say nothing of orientation."""

ENOUGH_INLIERS = 12
"""With fewer, the hashes were wrong about the mirror, and the plain picture is tried as well."""

CLEAR_AGREEMENT = 0.8
"""Symmetrical pictures fall into place by a third of their points when they lie the wrong way."""

MIRRORED = 4
"""The place in ORIENTATIONS of the plain mirror image, and the first of the mirrored ones."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two pictures that only their geometry can tell.

    Attributes:
        first: file of one.
        second: file of the other.
        mirrored: whether the hashes say that one is the mirror image of the other.
        either: whether that is not to be trusted, so that both ways are tried.
    """

    first: Path
    second: Path
    mirrored: bool
    either: bool = False


class Overlay:
    """Lays pictures over each other on all cores; features are kept for the next pair."""

    def __init__(self, progress: Progress = silent) -> None:
        self._progress = progress
        self._budget = DecodeBudget()
        self._kept: OrderedDict[tuple[Path, bool], LocalFeatures | None] = OrderedDict()

    def look(self, doubts: Iterable[Doubt]) -> Iterator[Alignment | None]:
        """How the pictures of each pair lie in each other, in order.

        Yields:
            None where a file can no longer be read.
        """
        pairs = list(doubts)
        threads = os.cpu_count() or 1
        for start in range(0, len(pairs), BLOCK):
            with one_thread_each(), ThreadPoolExecutor(threads) as pool:
                found = self._look(pool, pairs[start : start + BLOCK])
            self._forget()
            self._progress(min(start + BLOCK, len(pairs)), len(pairs))
            yield from found

    def _look(self, pool: ThreadPoolExecutor, block: list[Doubt]) -> list[Alignment | None]:
        found = self._align_all(pool, block)
        again = [i for i, doubt in enumerate(block) if _try_otherwise(doubt, found[i])]
        others = [replace(block[i], mirrored=not block[i].mirrored) for i in again]
        for i, other in zip(again, self._align_all(pool, others), strict=True):
            found[i] = _better(found[i], other)
        return found

    def _align_all(self, pool: ThreadPoolExecutor, block: list[Doubt]) -> list[Alignment | None]:
        named = {path for d in block for path in (d.first, d.second)}
        missing = sorted(path for path in named if (path, False) not in self._kept)
        keys = ((path, False) for path in missing)
        self._kept.update(zip(keys, pool.map(self._features, missing), strict=True))
        for path in {d.second for d in block if d.mirrored}:
            if (path, True) not in self._kept:
                seen = self._kept[path, False]
                self._kept[path, True] = None if seen is None else mirrored_features(seen)
        return list(pool.map(self._align, block))

    def _align(self, doubt: Doubt) -> Alignment | None:
        first = self._kept[doubt.first, False]
        second = self._kept[doubt.second, doubt.mirrored]
        if first is None or second is None:
            return None
        return align(first, second, mirrored=doubt.mirrored)

    def _features(self, path: Path) -> LocalFeatures | None:
        return features_of(path, mirrored=False, budget=self._budget)

    def _forget(self) -> None:
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def features_of(
    source: Path | bytes, *, mirrored: bool, budget: DecodeBudget
) -> LocalFeatures | None:
    """What laying a picture over another needs of it; None where it cannot be read.

    Args:
        source: a file, or its bytes.
        mirrored: whether to take its mirror image.
        budget: shared by all threads that decode.
    """
    try:
        pixels = read_picture(source, short_side_px=READ_SIDE_PX, budget=budget).pixels
    except UnreadableImage:
        return None
    found = local_features(pixels)
    return mirrored_features(found) if mirrored else found


def best_overlay(lay: Callable[[bool], Alignment | None], *, mirrored: bool) -> Alignment | None:
    """As `Overlay` looks at one pair: mirrored if the hashes say so, and plain if that is doubtful.

    Args:
        lay: lays the second picture over the first, mirrored or not.
        mirrored: what the hashes say.
    """
    found = lay(mirrored)
    if mirrored and _may_lie_otherwise(found):
        found = _better(found, lay(False))
    return found


def hashes_say_mirrored(bits: int, orientation: int) -> bool:
    """Whether two hashes are close enough to trust that one picture is mirrored.

    Args:
        bits: how many differ in the best orientation.
        orientation: that orientation, a place in ORIENTATIONS.
    """
    return orientation >= MIRRORED and bits <= TRUSTED_BITS


def _try_otherwise(doubt: Doubt, found: Alignment | None) -> bool:
    """Whether the other way round may fit better."""
    if doubt.either:
        return found is not None and (
            found.n_inliers < ENOUGH_INLIERS or found.agreement < CLEAR_AGREEMENT
        )
    return doubt.mirrored and _may_lie_otherwise(found)


def _may_lie_otherwise(alignment: Alignment | None) -> bool:
    return alignment is not None and alignment.n_inliers < ENOUGH_INLIERS


def _better(one: Alignment | None, other: Alignment | None) -> Alignment | None:
    found = [alignment for alignment in (one, other) if alignment is not None]
    return max(found, key=lambda alignment: alignment.n_inliers, default=None)
