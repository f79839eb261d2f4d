"""How alike targets and sources are by all models together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lookalike.neighbours.grouping import complete_link
from lookalike.neighbours.join import pairs_above
from lookalike.neighbours.normalise import NEAREST, level, normalised
from lookalike.neighbours.search import top_k
from lookalike.nouns.embeddings import Floats, Ints
from lookalike.nouns.errors import InputError
from lookalike.nouns.match_options import Fuse
from lookalike.verbs.looks import Looks

MOST_BYTES = 2_000_000_000
"""Memory for what is seen of sources and for tables of scores."""

TABLES = 6
"""Tables of targets by sources that are held at once, beside one for each model."""

TWIN = 0.97
"""Sources that score this with each other are copies, or all but copies, of one picture."""

ASKED = 2048
"""Sources that tell how high a window of another one scores with what has nothing to do with it."""

_BLOCK = 256
_SAMPLE = 512


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """The sources as one model sees them.

    Attributes:
        vectors: (s, w, d) of each source as it is and in windows; the best one counts.
        levels: (s,) see `level`; None where scores are not normalised.
        background: (b, d) what targets are normalised by; None for the sources.
        spread: standard deviation of scores of sources with each other.
    """

    vectors: Floats
    levels: Floats | None
    background: Floats | None
    spread: float

    def scores(self, seen: Floats) -> Floats:
        """(q, s) of queries (q, v, d): the best view counts."""
        found = _best_view(seen, self.vectors)
        if self.levels is None:
            return found / np.float32(self.spread)
        if self.background is None:
            rows = level(found, skip=1)  # the best one may be a true match
        else:
            rows = level(_best_view(seen, self.background))
        return normalised(found, rows, self.levels) / np.float32(self.spread)


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """All sources, ready to be matched.

    Attributes:
        sides: m, one for each model, or a single one for vectors put side by side.
        fuse: how models become one.
        twins: (s,) sources of one number are nearly the same picture.
        weights: (m,) how much each side counts; together 1.
    """

    sides: tuple[_Side, ...]
    fuse: Fuse
    twins: Ints
    weights: Floats

    @classmethod
    def of(
        cls, sources: Looks, *, fuse: Fuse, normalise: bool, background: Looks | None = None
    ) -> "Sources":
        """Learn what is needed of the sources.

        Args:
            sources: s pictures as they are, and then in windows where a model wants such.
            fuse: how models become one.
            normalise: whether levels are taken from scores.
            background: pictures to normalise by; the sources where None.
        """
        if len(sources) < 2:
            raise InputError(
                "Matching needs two sources or more",
                where=f"{len(sources)} can be read",
                mend="lookalike compare tells whether two pictures are alike",
            )
        seen = _fused(sources, fuse)
        behind = None if background is None else _fused(background, fuse)
        sides = []
        for m, each in enumerate(seen):
            other = None if behind is None else np.ascontiguousarray(behind[m][:, :1])
            levels = _levels(each, other) if normalise else None
            sides.append(_Side(each, levels, other, _spread(each[:, 0])))
        even = np.full(len(sides), 1 / len(sides), np.float32)
        return cls(tuple(sides), fuse, _twins(sources), even)

    def together(self, parts: Floats) -> Floats:
        """(m, q, s) of each model to (q, s) of all, by their weights."""
        return np.asarray(np.tensordot(self.weights, parts, 1), np.float32)

    def parts(self, queries: Looks) -> Floats:
        """(m, q, s) by each model, in units of the spread of its own scores."""
        fused = _fused(queries, self.fuse)
        return np.stack([side.scores(seen) for side, seen in zip(self.sides, fused, strict=True)])


def check_size(targets: int, sources: int, widths: Sequence[int]) -> None:
    """Refuse what memory will not hold, before a picture is read.

    Args:
        targets: how many, or how many copies are made to learn from, where these are more.
        sources: how many.
        widths: of each model the numbers that it keeps of a source, all windows together.

    Raises:
        InputError: MOST_BYTES are not enough.
    """
    # Twice what is kept, for it is put in one piece once it has been read.
    each = 4 * (2 * sum(widths) + targets * (len(widths) + TABLES))
    if sources * each > MOST_BYTES:
        raise InputError(
            f"{targets:,} targets and {sources:,} sources need {sources * each / 1e9:.1f} GB of "
            "memory at once",
            mend=f"match fewer at a time ({MOST_BYTES // each:,} sources with as many targets), or "
            "let an index find the most alike: lookalike search TARGET --in SOURCES",
        )


def _fused(looks: Looks, fuse: Fuse) -> tuple[Floats, ...]:
    """(n, v, d) for each model; for vectors put side by side only one."""
    if fuse == "scores" or len(looks.vectors) == 1:
        return looks.vectors
    scale = np.float32(1 / np.sqrt(len(looks.vectors)))
    common = min(each.shape[1] for each in looks.vectors)  # windows are of one model alone
    return (np.concatenate([each[:, :common] * scale for each in looks.vectors], axis=2),)


def _best_view(seen: Floats, there: Floats) -> Floats:
    """(q, v, d) queries and (s, w, d) to the score (q, s) of the best view in the best window."""
    q, _, d = seen.shape
    best = np.full((q, len(there)), -np.inf, np.float32)
    for window in range(there.shape[1]):
        vectors = np.ascontiguousarray(there[:, window])
        for low in range(0, q, _BLOCK):
            part = seen[low : low + _BLOCK]
            each = (part.reshape(-1, d) @ vectors.T).reshape(len(part), -1, len(vectors))
            np.maximum(best[low : low + _BLOCK], each.max(axis=1), out=best[low : low + _BLOCK])
    return best


def _levels(vectors: Floats, background: Floats | None) -> Floats:
    """How high each source scores with its nearest among the others, or in the background."""
    s, windows, _ = vectors.shape
    if windows > 1:
        some = np.linspace(0, s - 1, min(s, ASKED)).astype(np.int64)
        asked = vectors[some][:, :1] if background is None else background
        scores = _best_view(asked, vectors)
        if background is None:
            scores[np.arange(len(some)), some] = -np.inf
        return level(
            np.ascontiguousarray(scores.T[:, : len(asked)]), k=min(NEAREST, len(asked) - 1)
        )
    whole = np.ascontiguousarray(vectors[:, 0])
    if background is None:
        found = top_k(whole, whole, k=min(NEAREST + 1, s)).scores
        return level(np.asarray(found, np.float32), skip=1)
    behind = np.ascontiguousarray(background[:, 0])
    return level(np.asarray(top_k(whole, behind, k=min(NEAREST, len(behind))).scores))


def _twins(sources: Looks) -> Ints:
    """(n,) the lowest row of a group whose every two are TWIN alike, by all models together."""
    (side,) = _fused(sources, "vectors")
    twins = np.arange(len(sources))
    for members in complete_link(pairs_above(np.ascontiguousarray(side[:, 0]), score=TWIN)).members:
        twins[list(members)] = members[0]
    return twins


def _spread(vectors: Floats) -> float:
    """Of scores of different sources, on a sample of them spread over all."""
    some = np.linspace(0, len(vectors) - 1, min(len(vectors), _SAMPLE)).astype(np.int64)
    scores = vectors[some] @ vectors[some].T
    others = scores[~np.eye(len(some), dtype=bool)]
    return max(float(others.std()), 1e-6)
