"""What the user said goes before what the ladder found."""

from dataclasses import replace

import numpy as np

from lookalike.nouns.pairs import Pairs
from lookalike.nouns.verdict import Level, Rung, Verdict
from lookalike.store.reader import IndexReader
from lookalike.verbs.copies import Copies

YOU_SAID_SO = Verdict(Level.EDITED_COPY, 1.0, Rung.USER, "you said so")


def heed_answers(copies: Copies, reader: IndexReader) -> Copies:
    """The same copies without the pairs that are none, and with those that are, as the user said.

    A pair whose pixels are equal stays "same picture" when the user says that it is the same.
    """
    found = dict(
        zip(
            zip(copies.pairs.first.tolist(), copies.pairs.second.tolist(), strict=True),
            copies.verdicts,
            strict=True,
        )
    )
    entries = dict(copies.entries)
    answers = reader.answers()
    for answer in answers:
        rows = [reader.find_digest(bytes.fromhex(d)) for d in (answer.first, answer.second)]
        known = sorted(row for row in rows if row is not None)
        if len(known) < 2:
            continue
        pair = known[0], known[1]
        if not answer.same:
            found.pop(pair, None)
        elif pair not in found or found[pair].probability < 1:
            found[pair] = YOU_SAID_SO
            entries |= {entry.row: entry for entry in reader.entries(known)}
    if not answers:
        return copies
    ordered = sorted(found)
    pairs = Pairs(
        np.array([first for first, _ in ordered], np.int64),
        np.array([second for _, second in ordered], np.int64),
        np.array([found[pair].probability for pair in ordered], np.float32),
    )
    return replace(
        copies, entries=entries, pairs=pairs, verdicts=tuple(found[pair] for pair in ordered)
    )
