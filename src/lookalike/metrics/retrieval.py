"""Do the nearest pictures belong to the query's class? Ranks of all that do, found in blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.metrics.arrays import STEPS, Doubles, Scores, finite, unit_rows
from lookalike.nouns.embeddings import Bools, Floats, Ints, read_only
from lookalike.nouns.errors import InputError

KS = (1, 5, 10)
MEMORY_BYTES = 256 * 2**20
_BYTES_A_SCORE = 20
"""Score, key, two masks and what sorting needs."""
_NOBODY = np.iinfo(np.int32).min + 1
"""The key of what is no candidate: below all others, and odd like all that is irrelevant."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """What was found for each query that has anything to find.

    Of equal scores the irrelevant ones come first, so ties never help.

    Attributes:
        ks: the depths looked at, rising.
        queries: (q,) which of the queries asked these are, rising.
        relevant: (q,) candidates that should be found, at least 1.
        candidates: (q,) all candidates.
        first: (q,) rank of the first relevant one, from 1 on.
        hits: (q, len(ks)) relevant ones among the first k.
        hits_at_r: (q,) relevant ones among the first `relevant`.
        precision_at_r: (q,) mean over those ranks of the precision up to a relevant one, MAP@R.
    """

    ks: tuple[int, ...]
    queries: Ints
    relevant: Ints
    candidates: Ints
    first: Ints
    hits: Ints
    hits_at_r: Ints
    precision_at_r: Doubles

    def __post_init__(self) -> None:
        q = len(self.queries)
        for name in ("queries", "relevant", "candidates", "first", "hits_at_r", "precision_at_r"):
            column = getattr(self, name)
            if column.shape != (q,):
                raise InputError(f"Ranks need {name} of shape ({q},)")
            object.__setattr__(self, name, read_only(column))
        if self.hits.shape != (q, len(self.ks)):
            raise InputError(f"Ranks need hits of shape ({q}, {len(self.ks)})")
        object.__setattr__(self, "hits", read_only(self.hits))

    def __len__(self) -> int:
        return len(self.queries)


def retrieve(
    queries: Floats,
    labels: Ints,
    *,
    gallery: Floats | None = None,
    gallery_labels: Ints | None = None,
    ks: Sequence[int] = KS,
    memory_bytes: int = MEMORY_BYTES,
) -> Ranked:
    """Ranks all pictures by cosine for each query, exactly, a block of queries at a time.

    Cosines are compared in steps of 2^-20; closer ones are ties. A query whose class is unknown,
    or that has no other picture of its class to find, is left out.

    Args:
        queries: (q, d), scaled to length 1 here.
        labels: (q,) classes; below 0 unknown.
        gallery: (n, d) what is searched; default: the queries, each without itself.
        gallery_labels: (n,) classes; a picture of unknown class is never relevant.
        ks: depths, each 1 to the number of candidates.
        memory_bytes: bound on working memory beside the input and its copy of length 1, at least
            one query at a time.

    Returns:
        The ranks of each query that has anything to find.

    Raises:
        InputError: nothing to find, shapes that do not fit, values that are not finite, or a
            depth out of range.

    Source:
        Musgrave et al. 2020, arXiv:2003.08505.
    """
    left = unit_rows(queries, "queries")
    alone = gallery is None
    if alone != (gallery_labels is None):
        raise InputError("A gallery needs its labels", mend="pass gallery and gallery_labels")
    right = left if gallery is None else unit_rows(gallery, "gallery")
    right_labels = labels if gallery_labels is None else gallery_labels
    if labels.shape != (len(left),) or right_labels.shape != (len(right),):
        raise InputError("Each embedding needs one label", where=f"{labels.shape}")
    if left.shape[1] != right.shape[1]:
        raise InputError("Queries and gallery have different dimensions", mend="use one model")
    relevant = _sizes(labels, right_labels) - alone
    asked = np.flatnonzero((labels >= 0) & (relevant > 0))
    depths = _depths(ks, len(right) - alone)
    # Queries with about as much to find share a block: it sorts as deep as its largest needs.
    asked = asked[np.argsort(relevant[asked], kind="stable")]

    def blocks() -> Iterator[tuple[Ints, NDArray[np.int32], Ints]]:
        step = max(1, memory_bytes // (_BYTES_A_SCORE * len(right)))
        for low in range(0, len(asked), step):
            rows = asked[low : low + step]
            keys = _keys(left[rows] @ right.T, labels[rows][:, None] == right_labels)
            if alone:
                keys[np.arange(len(rows)), rows] = _NOBODY
            yield rows, keys, relevant[rows]

    return _ranked(blocks(), len(right) - alone, depths)


def ranked(
    scores: Scores, relevant: Bools, *, ks: Sequence[int] = KS, memory_bytes: int = MEMORY_BYTES
) -> Ranked:
    """Ranks the candidates of each query by scores that are given.

    Args:
        scores: (q, n) higher is more alike; compared exactly.
        relevant: (q, n) bool, what should be found; a query with nothing to find is left out.
        ks: depths, each 1 to n.
        memory_bytes: bound on working memory, at least one query at a time.

    Returns:
        The ranks of each query that has anything to find.

    Raises:
        InputError: as `retrieve`.
    """
    if relevant.shape != scores.shape or relevant.dtype != np.bool_:
        raise InputError("Each score needs one answer, relevant or not", where=f"{relevant.shape}")
    if scores.ndim != 2 or not scores.size:
        raise InputError("The scores need shape (queries, candidates)", where=f"{scores.shape}")
    sizes = relevant.sum(axis=1, dtype=np.int64)
    asked = np.flatnonzero(sizes)
    n = scores.shape[1]

    def blocks() -> Iterator[tuple[Ints, NDArray[np.int32], Ints]]:
        step = max(1, memory_bytes // (2 * _BYTES_A_SCORE * n))
        for low in range(0, len(asked), step):
            rows = asked[low : low + step]
            block = finite(scores[rows], "scores", 2)
            order = np.argsort(block, axis=1)
            rising = np.take_along_axis(block, order, axis=1)
            steps = np.cumsum(np.diff(rising, axis=1, prepend=rising[:, :1]) > 0, axis=1)
            dense = np.empty(block.shape, np.int32)
            np.put_along_axis(dense, order, steps.astype(np.int32), axis=1)
            yield rows, 2 * dense + ~relevant[rows], sizes[rows]

    return _ranked(blocks(), n, _depths(ks, n))


def _sizes(labels: Ints, gallery_labels: Ints) -> Ints:
    """(q,) pictures of each query's class in the gallery."""
    known, counts = np.unique(gallery_labels, return_counts=True)
    place = np.minimum(np.searchsorted(known, labels), len(known) - 1)
    return np.where(known[place] == labels, counts[place], 0).astype(np.int64)


def _depths(ks: Sequence[int], candidates: int) -> tuple[int, ...]:
    depths = tuple(sorted(set(ks)))
    if not depths or depths[0] < 1 or depths[-1] > candidates:
        raise InputError(
            "A depth is out of range",
            where=f"{depths}, candidates {candidates}",
            mend="ask for 1 to as many as there are candidates",
        )
    return depths


def _keys(scores: Floats, relevant: Bools) -> NDArray[np.int32]:
    """Whole numbers in the order of the scores; even and lower where relevant."""
    np.multiply(scores, STEPS, out=scores)
    keys = np.rint(scores, out=scores).astype(np.int32)
    keys *= 2
    keys += ~relevant
    return keys


def _ranked(
    blocks: Iterator[tuple[Ints, NDArray[np.int32], Ints]], candidates: int, ks: tuple[int, ...]
) -> Ranked:
    parts = [(rows, sizes, *_look(keys, sizes, candidates, ks)) for rows, keys, sizes in blocks]
    if not parts:
        raise InputError(
            "No query has anything to find",
            where="labels",
            mend="judge classes with at least two pictures",
        )
    rows, sizes, first, hits, hits_at_r, precision = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    order = np.argsort(rows)
    return Ranked(
        ks,
        rows[order],
        sizes[order],
        np.full(len(rows), candidates, np.int64),
        first[order],
        hits[order],
        hits_at_r[order],
        precision[order],
    )


def _look(
    keys: NDArray[np.int32], sizes: Ints, candidates: int, ks: tuple[int, ...]
) -> tuple[Ints, Ints, Ints, Doubles]:
    """First rank, hits at each k, hits at R and MAP@R of a block of queries (b, n)."""
    n = keys.shape[1]
    deep = min(candidates, max(int(sizes.max()), ks[-1]))
    best = np.partition(keys, n - deep, axis=1)[:, n - deep :] if deep < n else keys
    found = np.sort(best, axis=1)[:, ::-1] % 2 == 0  # (b, deep)
    hits = np.cumsum(found, axis=1, dtype=np.int64)
    at_r = np.take_along_axis(hits, sizes[:, None] - 1, axis=1)[:, 0]
    ranks = np.arange(1, deep + 1)
    gains = np.where(found & (ranks <= sizes[:, None]), hits / ranks, 0.0)
    first = np.argmax(found, axis=1).astype(np.int64) + 1
    for row in np.flatnonzero(~found[:, 0] & (first == 1)):  # deeper than was sorted
        own = keys[row]
        first[row] = 1 + np.count_nonzero(own > own[own % 2 == 0].max())
    return first, hits[:, [k - 1 for k in ks]], at_r, gains.sum(axis=1) / sizes
