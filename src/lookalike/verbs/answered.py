"""What the user said goes before what the ladder found."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from lookalike.nouns.answers import Answer
from lookalike.nouns.entry import Entry
from lookalike.nouns.pairs import Pairs
from lookalike.verbs.copies import Copies
from lookalike.verbs.heeded import YOU_SAID_SO


def heed_answers(
    copies: Copies, answers: Sequence[Answer], find: Callable[[str], Entry | None]
) -> Copies:
    """The same copies without the pairs that are none, and with those that are, as the user said.

    A pair whose pixels are equal stays "same picture" when the user says that it is the same.

    Args:
        copies: what the ladder found.
        answers: what the user said.
        find: the picture of a digest; None where it is not there.
    """
    if not answers:
        return copies
    found = dict(
        zip(
            zip(copies.pairs.first.tolist(), copies.pairs.second.tolist(), strict=True),
            copies.verdicts,
            strict=True,
        )
    )
    entries = dict(copies.entries)
    for answer in answers:
        one, other = find(answer.first), find(answer.second)
        if one is None or other is None:
            continue
        pair = min(one.row, other.row), max(one.row, other.row)
        if not answer.same:
            found.pop(pair, None)
        elif pair not in found or found[pair].probability < 1:
            found[pair] = YOU_SAID_SO
            entries |= {one.row: one, other.row: other}
    ordered = sorted(found)
    pairs = Pairs(
        np.array([first for first, _ in ordered], np.int64),
        np.array([second for _, second in ordered], np.int64),
        np.array([found[pair].probability for pair in ordered], np.float32),
    )
    return replace(
        copies, entries=entries, pairs=pairs, verdicts=tuple(found[pair] for pair in ordered)
    )
