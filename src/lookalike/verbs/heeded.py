"""What `tune` learned of a collection: from its own pictures, from answers, and by your word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from lookalike.encoders.encoder import Encoder
from lookalike.nouns.answers import Answer
from lookalike.nouns.card import ModelCard
from lookalike.nouns.verdict import Level, Rung, Verdict
from lookalike.store.reader import IndexReader
from lookalike.verdicts.tuned import UNTUNED, Tuned, tuned_by

YOU_SAID_SO = Verdict(Level.EDITED_COPY, 1.0, Rung.USER, "you said so")


@dataclass(frozen=True, slots=True, eq=False)
class Heeded:
    """What the user said of pairs of pictures.

    Attributes:
        tuned: how the answers to questions change the chances of all uncertain pairs.
        said: for two digests whether they are copies.
    """

    tuned: Tuned
    said: Mapping[frozenset[str], bool]

    @classmethod
    def of(cls, reader: IndexReader) -> Self:
        """What an index holds."""
        answers = reader.answers()
        return cls(_tuned_by(answers), {frozenset({a.first, a.second}): a.same for a in answers})

    def verdict(self, one: str, other: str, verdict: Verdict) -> Verdict:
        """The verdict on two contents, unless the user knows better.

        What is the same is a copy, for certain; what is not is never called one.

        Args:
            one: digest of one file's bytes.
            other: of the other.
            verdict: what the ladder says.
        """
        same = self.said.get(frozenset({one, other}))
        if same is None or (not same and not verdict.is_copy):
            return verdict
        if same and verdict.is_copy and verdict.probability == 1:
            return verdict
        if same:
            return replace(YOU_SAID_SO, score=verdict.score, hash_bits=verdict.hash_bits)
        why = f"you said that they are no copies; else: {verdict.reason}"
        return replace(verdict, level=Level.SIMILAR, rung=Rung.USER, reason=why)


NOTHING_SAID = Heeded(UNTUNED, {})
"""By whoever has no index."""


def tuning_of(reader: IndexReader) -> Tuned:
    """What the answers to questions that an index holds make of the curve."""
    return _tuned_by(reader.answers())


def _tuned_by(answers: Sequence[Answer]) -> Tuned:
    known = ((answer.chance, answer.same) for answer in answers)
    return tuned_by((chance, same) for chance, same in known if chance is not None)


def card_of(model: Encoder, reader: IndexReader) -> ModelCard:
    """The card of a model, with the curves that were learned from an index's own pictures."""
    own = reader.curves()
    if not own:
        return model.card
    learned = {curve.relation for curve in own}
    usual = (curve for curve in model.card.calibrations if curve.relation not in learned)
    return replace(model.card, calibrations=(*own, *usual))
