"""A verdict that heeds the user's answers to questions about other pairs."""

from dataclasses import replace

from lookalike.nouns.card import ModelCard
from lookalike.nouns.verdict import Level, Verdict
from lookalike.verdicts.calibrate import EVEN_PRIOR
from lookalike.verdicts.decide import Evidence, Priors, copy_chance, decide
from lookalike.verdicts.tuned import Tuned


def settle(seen: Evidence, card: ModelCard, priors: Priors, tuned: Tuned) -> Verdict:
    """Climb the ladder, and change the chance of an uncertain copy as the answers say.

    Args:
        seen: what was seen of two pictures.
        card: of the model that made the embeddings.
        priors: what is believed before looking.
        tuned: how the user's answers change the chances of uncertain pairs.
    """
    verdict = decide(seen, card, priors)
    if not tuned.n:
        return verdict
    chance = tuned(copy_chance(seen, card, priors))
    return retold(verdict, chance) if 0 < chance < 1 else verdict


def retold(verdict: Verdict, chance: float) -> Verdict:
    """A verdict after tuning: a copy where that is now as likely as not, else similar or less."""
    if chance >= EVEN_PRIOR:
        return replace(verdict, level=Level.EDITED_COPY, probability=chance)
    if verdict.is_copy:
        return replace(verdict, level=Level.DIFFERENT, probability=1 - chance)
    return verdict
