"""`tune --from-pictures`: what scores mean among a collection's own pictures, without labels."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lookalike.encoders.encoder import Encoder
from lookalike.nouns.card import Calibration
from lookalike.nouns.embeddings import Bools, Bytes, Floats, Ints
from lookalike.nouns.entry import Entry
from lookalike.nouns.errors import InputError
from lookalike.nouns.learnt_report import LearntCurve, LearntReport
from lookalike.store.reader import IndexReader
from lookalike.store.writer import IndexWriter
from lookalike.verbs.doubtful import Doubt, Overlay
from lookalike.verbs.evidence import best_turns
from lookalike.verbs.judge_edits import Edited, copies_of
from lookalike.verbs.place import Place
from lookalike.verbs.progress import OnPhase, Progress, phase, silent, unnamed
from lookalike.verbs.ready import Source, ready
from lookalike.verdicts.calibrate import EVEN_PRIOR, prior_of_pair, score_for
from lookalike.verdicts.decide import HASH_BITS, HASH_CALIBRATION, HASH_QUALITY, HASH_RELATION
from lookalike.verdicts.overlay import copy_probability
from lookalike.verdicts.tail import fit_against_tail, fit_tail

LEAST_PICTURES = 50
MOST_PICTURES = 1_500
"""Drawn from the collection; they make a million pairs."""

LEAST_COPIES, MOST_COPIES = 156, 312

TAIL_SHARE = 0.002
LEAST_TOP, MOST_TOP = 60, 2_000
"""So many of the highest scores are the tail."""

LOOKED_AT = 60
"""Of the highest scores so many pairs are laid over each other, to see which are copies."""


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """m pictures drawn from a collection, and copies made of them.

    Attributes:
        entries: m pictures.
        hashes: (m, 8, 32).
        vectors: (m, d) float32.
        copies: their origins are places among the m.
    """

    entries: list[Entry]
    hashes: Bytes
    vectors: Floats
    copies: Edited

    def by_hash(self) -> Floats:
        """(m, m) share of equal bits, of the best orientation; only above the diagonal."""
        m = len(self.entries)
        shares = np.zeros((m, m), np.float32)
        for i in range(m - 1):
            one = np.broadcast_to(self.hashes[i], (m - 1 - i, *self.hashes.shape[1:]))
            shares[i, i + 1 :] = 1 - best_turns(one, self.hashes[i + 1 :])[0] / HASH_BITS
        return shares

    def by_vector(self) -> Floats:
        """(m, m) cosines."""
        return np.asarray(np.clip(self.vectors @ self.vectors.T, -1, 1), np.float32)

    def copies_by_hash(self) -> Floats:
        """(c,) share of equal bits of each copy and its original."""
        bits, _ = best_turns(self.hashes[self.copies.origins], self.copies.hashes)
        return (1 - bits / HASH_BITS).astype(np.float32)

    def copies_by_vector(self) -> Floats:
        """(c,) cosine of each copy and its original."""
        own = self.vectors[self.copies.origins]
        scores = np.einsum("cd,cd->c", own, self.copies.vectors)
        return np.asarray(scores.clip(-1, 1), np.float32)


def tune_from_pictures(
    source: Source | str | Path,
    *,
    seed: int = 0,
    progress: Progress = silent,
    on_phase: OnPhase = unnamed,
) -> LearntReport:
    """Learn from a collection's own pictures what scores mean in it; nobody need say anything.

    Edited copies of some of them, made here, show how copies score; the pairs that they make show
    how pictures score that have nothing to do with each other. Copies that are among these pairs
    are found by laying the highest ones over each other and by the shape of the tail, and are left
    out. What was learned is kept in the index, until `forget_pictures` or a rebuild, and is heeded
    by `duplicates`, `search`, `questions` and `compare` with its index.

    Args:
        source: the collection, as a folder or with options.
        seed: of what is drawn.
        progress: told of copies made, and of pairs looked at.
        on_phase: told the name of each phase.

    Raises:
        InputError: no such folder, or fewer than LEAST_PICTURES pictures with enough detail.
        BusyIndex: another process is writing the index.
    """
    with ready(source if isinstance(source, Source) else Source(source)) as (place, reader, model):
        drawn = _draw(place, reader, model, seed, phase("Making copies", progress, on_phase))
        look = _looker(place, reader, drawn, phase("Comparing pictures", progress, on_phase))
        n = len(reader.live_rows())
        learnt = list(_curves(drawn, model, look, n, place))
        with IndexWriter.open(
            place.index, model=reader.model, fingerprint=reader.fingerprint, d=reader.d
        ) as writer:
            writer.learn(curve.calibration for curve, _ in learnt)
    m = len(drawn.entries)
    return LearntReport(
        folder=place.folder,
        model=model.name,
        n_pictures=m,
        n_copies=len(drawn.copies),
        n_pairs=m * (m - 1) // 2,
        n_hidden=max((hidden for _, hidden in learnt), default=0),
        curves=tuple(curve for curve, _ in learnt),
    )


def forget_pictures(source: Source | str | Path) -> bool:
    """Forget what `tune_from_pictures` learned; whether there was anything.

    Raises:
        InputError: no such folder.
        BusyIndex: another process is writing the index.
    """
    with ready(source if isinstance(source, Source) else Source(source)) as (place, reader, _):
        known = bool(reader.curves())
        with IndexWriter.open(
            place.index, model=reader.model, fingerprint=reader.fingerprint, d=reader.d
        ) as writer:
            writer.unlearn()
    return known


def _draw(
    place: Place, reader: IndexReader, model: Encoder, seed: int, progress: Progress
) -> _Drawn:
    """Pictures with enough detail whose files are there, and copies of them."""
    rows, hashes, quality = reader.hashes(reader.live_rows())
    order = np.random.default_rng(seed).permutation(np.flatnonzero(quality >= HASH_QUALITY))
    spots = np.sort(order[:MOST_PICTURES])
    entries = reader.entries(rows[spots])
    there = [i for i, entry in enumerate(entries) if place.absolute(entry.path).is_file()]
    if len(there) < LEAST_PICTURES:
        raise InputError(
            f"{LEAST_PICTURES} pictures or more are needed to learn what scores mean, with more "
            "in them than one colour",
            where=f"{place.folder}: {len(there)}",
            mend="judge by the model as it is, or answer questions: lookalike tune FOLDER --ask",
        )
    entries, spots = [entries[i] for i in there], spots[there]
    paths = [place.absolute(entry.path) for entry in entries]
    count = min(max(2 * len(paths), LEAST_COPIES), MOST_COPIES)
    copies = copies_of(paths, count, model, seed=seed, progress=progress)
    vectors = np.asarray(reader.vectors()[rows[spots]], np.float32)
    return _Drawn(entries, hashes[spots], vectors, copies)


_Look = Callable[[Ints, Ints], Bools]
"""From (p,) places and (p,) places to whether each two pictures are copies of each other."""


def _looker(place: Place, reader: IndexReader, drawn: _Drawn, progress: Progress) -> _Look:
    """By what the user said, and else by laying one over the other."""
    said = {frozenset({a.first, a.second}): a.same for a in reader.answers()}
    overlay = Overlay(progress)

    def look(first: Ints, second: Ints) -> Bools:
        pairs = [
            (drawn.entries[a], drawn.entries[b])
            for a, b in zip(first.tolist(), second.tolist(), strict=True)
        ]
        doubts = [
            Doubt(place.absolute(a.path), place.absolute(b.path), mirrored=False, either=True)
            for a, b in pairs
        ]
        seen = [
            alignment is not None and copy_probability(alignment) >= EVEN_PRIOR
            for alignment in overlay.look(doubts)
        ]
        told = (said.get(frozenset({a.digest, b.digest})) for a, b in pairs)
        return np.array(
            [found if known is None else known for found, known in zip(seen, told, strict=True)],
            bool,
        )

    return look


def _curves(
    drawn: _Drawn, model: Encoder, look: _Look, n: int, place: Place
) -> Iterator[tuple[LearntCurve, int]]:
    """The curves of hash and embedding, each with how many hidden copies were left out."""
    made = f"{len(drawn.copies):,} edited copies of {len(drawn.entries):,} pictures"
    told = f"{made} of {place.folder.name}"
    asked = (
        (HASH_RELATION, HASH_CALIBRATION, drawn.by_hash(), drawn.copies_by_hash()),
        (
            "edited copy",
            model.card.calibration("edited copy"),
            drawn.by_vector(),
            drawn.copies_by_vector(),
        ),
    )
    prior = prior_of_pair(n)
    for relation, usual, scores, copies in asked:
        top, n_pairs, hidden = _highest(scores, look)
        tail = fit_tail(top, n_pairs, copies)
        line = fit_against_tail(copies, tail)
        if line is None:
            continue
        # Near misses cannot be told from copies without labels: what is known of them stays.
        near = None if usual is None else usual.near
        own = Calibration(relation, *line, learned_on=told, near=near)
        bound, before = (
            score_for(EVEN_PRIOR, curve, prior=prior) if curve else np.inf for curve in (own, usual)
        )
        found = (float((copies >= least).mean()) for least in (bound, before))
        yield LearntCurve(own, bound, before, *found), hidden + round(tail.copies)


def _highest(scores: Floats, look: _Look) -> tuple[Floats, int, int]:
    """The highest scores of pairs that are no copies, how many pairs there are, how many copies."""
    first, second = np.triu_indices(len(scores), 1)
    flat = scores[first, second]
    count = int(np.clip(TAIL_SHARE * len(flat), LEAST_TOP, MOST_TOP))
    best = np.argpartition(-flat, count - 1)[:count]
    best = best[np.argsort(-flat[best], kind="stable")]
    seen = best[:LOOKED_AT]
    copies = look(first[seen], second[seen])
    kept = np.concatenate([seen[~copies], best[LOOKED_AT:]])
    hidden = int(copies.sum())
    return flat[kept], len(flat) - hidden, hidden
