"""What is seen when two pictures are held against each other, and what that makes of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lookalike.images.decode import pixel_digest
from lookalike.images.orientations import INVERSE, ORIENTATIONS
from lookalike.nouns.card import ModelCard
from lookalike.nouns.embeddings import Bytes, Floats, Halves, Ints
from lookalike.nouns.entry import Described, Entry
from lookalike.nouns.errors import UnreadableImage
from lookalike.nouns.picture import Facts
from lookalike.nouns.verdict import Verdict
from lookalike.verbs.doubtful import Doubt, Overlay, hashes_say_mirrored
from lookalike.verbs.pixels import may_be_equal
from lookalike.verbs.progress import Progress, silent
from lookalike.verdicts.decide import HASH_QUALITY, Evidence, Priors, is_doubtful
from lookalike.verdicts.settle import settle
from lookalike.verdicts.tuned import UNTUNED, Tuned

AT_ONCE = 1024
"""Pairs whose hashes and vectors are held against each other in one go."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """One picture as the ladder sees it.

    Attributes:
        digest: of its file's bytes, in hexadecimal.
        facts: what its file tells.
        path: where to read its pixels, if it comes to that.
        hashes: (8, 32) uint8, one hash for each orientation.
        quality: of the hash, 0 to 100.
        vector: (d,) float32.
    """

    digest: str
    facts: Facts
    path: Path
    hashes: Bytes
    quality: int
    vector: Floats

    @classmethod
    def of(cls, described: Described, path: Path) -> "Sight":
        """The sight of a picture that was just described."""
        return cls(
            described.digest.hex(),
            described.facts,
            path,
            described.hashes,
            described.hash_quality,
            described.vector,
        )

    @classmethod
    def stored(
        cls, entry: Entry, path: Path, hashes: Bytes, quality: int, vector: Halves
    ) -> "Sight":
        """The sight of a picture that an index holds."""
        return cls(entry.digest, entry.facts, path, hashes, quality, vector.astype(np.float32))


def best_turns(first: Bytes, second: Bytes) -> tuple[Ints, Ints]:
    """For p pairs, how far the hashes are apart in the best orientation, and which that is.

    Either picture is turned, and the lesser distance counts: turning one or the other differs by
    a few bits that sit on their threshold, and which is named first must not matter.

    Args:
        first: (p, 8, 32) hashes of one picture in all orientations.
        second: (p, 8, 32) hashes of the other.

    Returns:
        (p,) bits that differ, and (p,) how the first is turned to look like the second, places in
        ORIENTATIONS; the first of equals.
    """
    one = np.bitwise_count(first ^ second[:, :1]).sum(axis=2, dtype=np.int64)  # (p, 8)
    other = np.bitwise_count(second ^ first[:, :1]).sum(axis=2, dtype=np.int64)  # (p, 8)
    differ = np.minimum(one, other[:, INVERSE])
    best = differ.argmin(axis=1)
    return differ[np.arange(len(differ)), best], best.astype(np.int64)


def look(pairs: Sequence[tuple[Sight, Sight]]) -> list[Evidence]:
    """Hold two pictures against each other; all pixels are read only where they may be equal."""
    return [
        replace(seen, same_pixels=pixels_are_equal(*pair)) if close else seen
        for pair, (seen, close) in zip(pairs, glance(pairs), strict=True)
    ]


def glance(pairs: Sequence[tuple[Sight, Sight]]) -> Iterator[tuple[Evidence, bool]]:
    """What bytes, hashes and vectors say, and whether all pixels may be equal; reads no file."""
    for low in range(0, len(pairs), AT_ONCE):
        part = pairs[low : low + AT_ONCE]
        hashes, vectors = (
            [np.stack([getattr(pair[side], name) for pair in part]) for side in (0, 1)]
            for name in ("hashes", "vector")
        )
        many, turns = best_turns(*hashes)
        # By itself, so that a pair's score does not depend on its neighbours.
        scores = np.clip(np.vecdot(*vectors), -1, 1)
        for pair, *numbers in zip(
            part, many.tolist(), turns.tolist(), scores.tolist(), strict=True
        ):
            yield _glance(*pair, *numbers)


def _glance(a: Sight, b: Sight, bits: int, turn: int, score: float) -> tuple[Evidence, bool]:
    same_bytes = a.digest == b.digest
    close = not same_bytes and not turn and may_be_equal(a.facts, b.facts, bits=bits)
    seen = Evidence(
        same_bytes=same_bytes,
        same_pixels=False,
        score=score,
        hash_bits=bits if min(a.quality, b.quality) >= HASH_QUALITY else None,
        turn=ORIENTATIONS[turn] if turn else "",
    )
    return seen, close


def judge(
    query: Sight,
    others: Sequence[Sight],
    card: ModelCard,
    priors: Priors,
    tuned: Tuned = UNTUNED,
) -> list[Verdict]:
    """Climb the whole ladder from one picture to each of the others."""
    seen = look_closely([(query, other) for other in others], card, priors)
    return [settle(one, card, priors, tuned) for one in seen]


def judge_at_a_glance(
    query: Sight,
    others: Sequence[Sight],
    card: ModelCard,
    priors: Priors,
    tuned: Tuned = UNTUNED,
) -> list[tuple[Verdict, bool]]:
    """Climb the ladder only as far as no picture is read.

    Returns:
        For each of the others the verdict so far, and whether `judge` would look at the pixels.
    """
    return [
        (settle(seen, card, priors, tuned), close or is_doubtful(seen, card, priors))
        for seen, close in glance([(query, other) for other in others])
    ]


def look_closely(
    pairs: Sequence[tuple[Sight, Sight]],
    card: ModelCard,
    priors: Priors,
    *,
    progress: Progress = silent,
) -> list[Evidence]:
    """All that the ladder sees of each pair: those in doubt are laid over each other.

    Args:
        pairs: p pairs of pictures.
        card: of the model, for what is in doubt.
        priors: likewise.
        progress: told of doubtful pairs laid over each other.
    """
    seen = look(pairs)
    doubtful = [i for i, one in enumerate(seen) if is_doubtful(one, card, priors)]
    doubts = []
    for i in doubtful:
        turn = ORIENTATIONS.index(seen[i].turn or ORIENTATIONS[0])
        mirrored = hashes_say_mirrored(seen[i].hash_bits or 0, turn)
        # In an order of their own, so that it does not matter which is named first.
        pair = sorted(pairs[i], key=lambda sight: sight.digest)
        # Hashes of cut pictures know nothing of mirrors; of so few pairs both ways can be tried.
        doubts.append(Doubt(pair[0].path, pair[1].path, mirrored, either=True))
    for i, alignment in zip(doubtful, Overlay(progress).look(doubts), strict=True):
        seen[i] = replace(seen[i], alignment=alignment)
    return seen


def pixels_are_equal(a: Sight, b: Sight) -> bool:
    """Whether two pictures show equal pixels once upright; reads both files whole."""
    try:
        return pixel_digest(a.path) == pixel_digest(b.path)
    except UnreadableImage:
        return False
