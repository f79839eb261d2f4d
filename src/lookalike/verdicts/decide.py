"""The ladder: from what was seen of two pictures to one verdict."""

from dataclasses import dataclass, replace
from functools import lru_cache

from lookalike.nouns.alignment import Alignment
from lookalike.nouns.card import Calibration, ModelCard
from lookalike.nouns.verdict import Level, Rung, Verdict
from lookalike.verdicts.calibrate import (
    DOUBT,
    EVEN_PRIOR,
    SIMILAR_SHARE,
    prior_of_hit,
    prior_of_pair,
    probability,
)
from lookalike.verdicts.overlay import copy_probability, placed_words, scene_probability

HASH_CALIBRATION = Calibration(
    relation="edited copy",
    slope=90.0,
    intercept=-53.05,
    learned_on="7,797 edited copies, 79,510,049 pairs of photographs of two classes, and every "
    "two frames of four bursts (24 pairs)",
    near=(136.2, -125.18),
)
"""For the share of equal bits of two 256-bit PDQ hashes, the best of eight orientations.

Printed by benchmarks/quality/rungs.py.
"""

HASH_RELATION = "edited copy by hash"
"""Under this name a card has the curve of a collection's own hashes, where one was learned."""

HASH_BITS = 256

HASH_QUALITY = 50
"""PDQ's own guidance: below this quality a picture has too little detail for its hash."""

PIXEL_BITS = 8
"""Pictures with equal pixels differ in no more hash bits than this, however they were decoded."""


SURE = 0.95
"""A hash that is this sure needs no look at the geometry."""

WORTH_A_LOOK = 0.01


@dataclass(frozen=True, slots=True)
class Priors:
    """What is believed of two pictures before looking.

    Attributes:
        copy: P(edited copy or more).
        similar: P(similar or more), and of a model that was taught classes P(same class or more).
    """

    copy: float
    similar: float

    @classmethod
    def by_hand(cls) -> "Priors":
        """For two pictures that a person holds against each other."""
        return cls(EVEN_PRIOR, EVEN_PRIOR)

    @classmethod
    def of_pair(cls, n: int) -> "Priors":
        """For two pictures of a collection of n."""
        return cls(prior_of_pair(n), max(prior_of_pair(n), SIMILAR_SHARE))

    @classmethod
    def of_hit(cls, n: int) -> "Priors":
        """For a query and one picture of a collection of n."""
        return cls(prior_of_hit(n), max(prior_of_hit(n), SIMILAR_SHARE))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen of two pictures.

    Attributes:
        same_bytes: their files are equal.
        same_pixels: they show equal pixels once upright; False also where nobody looked.
        score: cosine of their embeddings.
        hash_bits: how many of the 256 hash bits differ in the best orientation; None where one of
            the pictures has too little detail for its hash to mean anything.
        turn: how the second is turned against the first, in words; empty for not at all.
        alignment: how one lies in the other; None where nobody looked.
        shares_words: whether they share so many local words that it is worth a look.
    """

    same_bytes: bool
    same_pixels: bool
    score: float
    hash_bits: int | None
    turn: str = ""
    alignment: Alignment | None = None
    shares_words: bool = False


def hash_curve(card: ModelCard) -> Calibration:
    """What the bits of a hash mean: as learned from a collection's own pictures, or as usual."""
    return card.calibration(HASH_RELATION) or HASH_CALIBRATION


def hash_probability(hash_bits: int | None, curve: Calibration, *, prior: float) -> float:
    """P(edited copy) from the hash alone; 0 where the hash means nothing."""
    if hash_bits is None:
        return 0.0
    return probability(1 - hash_bits / HASH_BITS, curve, prior=prior)


def score_probability(score: float, card: ModelCard, relation: str, prior: float) -> float:
    """P(relation) from the embeddings alone; DOUBT where the model was not calibrated for it."""
    calibration = card.calibration(relation)
    if calibration is None:
        return DOUBT
    return probability(score, calibration, prior=prior)


def is_doubtful(seen: Evidence, card: ModelCard, priors: Priors) -> bool:
    """Whether it is worth laying the two pictures over each other.

    So it is where neither bytes, pixels nor hash have made them a copy, and they share local words
    or hash or embedding leave at least the chance WORTH_A_LOOK, near misses aside.
    """
    if seen.same_bytes or seen.same_pixels or seen.hash_bits is None:
        return False
    if _by_hash(seen, card, priors) >= SURE:
        return False
    if seen.shares_words:
        return True
    share = 1 - seen.hash_bits / HASH_BITS
    chances = [probability(share, without_near(hash_curve(card)), prior=priors.copy)]
    if (calibration := card.calibration("edited copy")) is not None:
        chances.append(probability(seen.score, without_near(calibration), prior=priors.copy))
    return max(chances) >= WORTH_A_LOOK


@lru_cache(maxsize=64)
def without_near(calibration: Calibration) -> Calibration:
    """The curve against pictures drawn at random only."""
    return replace(calibration, near=None)


def decide(seen: Evidence, card: ModelCard, priors: Priors) -> Verdict:
    """Climb the ladder and stop at the first rung that is sure enough.

    A picture with too little detail to be hashed is a copy only of one with equal pixels: one
    dark frame is like every other.

    Args:
        seen: what was seen of the two pictures.
        card: of the model that made the embeddings, for its calibrations.
        priors: what is believed before looking.

    Returns:
        The highest level whose probability is at least one half; for "different", the
        probability that the pictures are not even similar.
    """
    level, sure, rung, reason = _climb(seen, card, priors)
    return Verdict(level, sure, rung, reason, seen.score, seen.hash_bits)


def alike_chance(seen: Evidence, card: ModelCard, priors: Priors) -> float:
    """P(not different), whatever the verdict: at least one half where that is not "different"."""
    if seen.same_bytes or seen.same_pixels:
        return 1.0
    by_look, alike, *_ = _by_look(seen, card, priors)
    return max(_by_hash(seen, card, priors), by_look, alike)


def chance_of_level(level: Level, seen: Evidence, card: ModelCard, priors: Priors) -> float:
    """P(this level or more), whatever the verdict; all below "edited copy" count as alike."""
    if level is Level.SAME_FILE:
        return float(seen.same_bytes)
    if level is Level.SAME_PICTURE:
        return float(seen.same_bytes or seen.same_pixels)
    return (copy_chance if level is Level.EDITED_COPY else alike_chance)(seen, card, priors)


def copy_chance(seen: Evidence, card: ModelCard, priors: Priors) -> float:
    """P(edited copy or more), whatever the verdict."""
    if seen.same_bytes or seen.same_pixels:
        return 1.0
    by_look, *_ = _by_look(seen, card, priors)
    return max(_by_hash(seen, card, priors), by_look)


def _climb(seen: Evidence, card: ModelCard, priors: Priors) -> tuple[Level, float, Rung, str]:
    if seen.same_bytes:
        return Level.SAME_FILE, 1.0, Rung.BYTES, "every byte is the same"
    if seen.same_pixels:
        why = "every pixel is the same; the files differ in format or metadata"
        return Level.SAME_PICTURE, 1.0, Rung.PIXELS, why
    by_hash = _by_hash(seen, card, priors)
    by_look, alike, level, rung, why = _by_look(seen, card, priors)
    if by_hash >= EVEN_PRIOR:
        return Level.EDITED_COPY, max(by_hash, by_look), Rung.HASH, _hash_reason(seen)
    if by_look >= EVEN_PRIOR:
        return Level.EDITED_COPY, by_look, rung, why
    if alike >= EVEN_PRIOR:
        return level, alike, rung, why
    return Level.DIFFERENT, 1 - max(by_hash, by_look, alike), rung, why


def _by_hash(seen: Evidence, card: ModelCard, priors: Priors) -> float:
    return hash_probability(seen.hash_bits, hash_curve(card), prior=priors.copy)


def _by_look(
    seen: Evidence, card: ModelCard, priors: Priors
) -> tuple[float, float, Level, Rung, str]:
    """From geometry where it was looked at, else from embeddings.

    Returns:
        P(edited copy), P(alike), what kind of alike that is, the rung and the reason.
    """
    level = taught_level(card)
    alike = score_probability(seen.score, card, str(level), priors.similar)
    why = f"the overall look scores {seen.score:.2f} of 1"
    if (found := seen.alignment) is not None:
        scene = scene_probability(found)
        if scene >= EVEN_PRIOR:
            why = placed_words(found)
            # One scene is no class of its own: what is not of one class may still be one scene.
            level = level if alike >= EVEN_PRIOR else Level.SIMILAR
        return copy_probability(found), max(alike, scene), level, Rung.GEOMETRY, why
    if seen.hash_bits is None:
        return 0.0, alike, level, Rung.EMBEDDING, why
    by_score = score_probability(seen.score, card, "edited copy", priors.copy)
    return by_score, alike, level, Rung.EMBEDDING, why


def taught_level(card: ModelCard) -> Level:
    """What the model calls alike: "same class" where it was calibrated for that."""
    taught = card.calibration("same class") is not None
    return Level.SAME_CLASS if taught else Level.SIMILAR


def _hash_reason(seen: Evidence) -> str:
    turned = f", {seen.turn}" if seen.turn else ""
    return f"{HASH_BITS - (seen.hash_bits or 0)} of {HASH_BITS} marks match{turned}"
