"""`compare --list`: every pair or triplet of a list, each picture read once."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lookalike.datasets.pair_list import read_asked_pairs
from lookalike.datasets.triplet_list import read_triplet_list
from lookalike.encoders.choose import DEFAULT_MODEL, load_encoder
from lookalike.encoders.encoder import Encoder
from lookalike.metrics.intervals import measured, wilson
from lookalike.metrics.judged_pairs import judge_pairs
from lookalike.nouns.card import ModelCard
from lookalike.nouns.compared_list import ComparedLine, ComparedList
from lookalike.nouns.embeddings import Ints
from lookalike.nouns.errors import UnreadableImage
from lookalike.nouns.measure import Measure
from lookalike.nouns.picture import Failure, Stamp
from lookalike.verbs.compare import nearer
from lookalike.verbs.describe import describe_all
from lookalike.verbs.evidence import Sight, look_closely
from lookalike.verbs.progress import OnPhase, Progress, phase, silent, unnamed
from lookalike.verdicts.calibrate import EVEN_PRIOR
from lookalike.verdicts.decide import Evidence, Priors, alike_chance, decide, taught_level

TABLES = frozenset({".csv", ".tsv", ".parquet", ".pq"})

_Seen = dict[int, Sight]


def compare_list(
    path: str | Path,
    *,
    pictures: str | Path | None = None,
    model: str | Path | Encoder | None = None,
    provider: str = "auto",
    progress: Progress = silent,
    on_phase: OnPhase = unnamed,
) -> ComparedList:
    """Say of each pair of a list whether it is alike, or of each triplet which one is nearer.

    Each line gets the answer that `compare` gives to its pictures.

    Args:
        path: a table (CSV or Parquet) with the columns a, b and, where it is known, same; or a
            text file with `anchor positive negative` on each line, where 1 means "nearer to the
            positive" and is the right answer.
        pictures: folder of the pictures of a triplet list that does not lie beside them.
        model: name or file of the model, or one that is loaded; the default one unless named.
        provider: what runs the model, see `load_encoder`.
        progress: told of pictures read, and of pairs looked at closely.
        on_phase: told the name of each phase.

    Raises:
        InputError: the list cannot be read, or names a picture that is not there.
        UnreadableImage: none of the pictures can be read.
    """
    listed = Path(path).expanduser()
    is_triplets = listed.suffix.lower() not in TABLES
    if is_triplets:
        data = read_triplet_list(listed, pictures=None if pictures is None else Path(pictures))
        root, names, rows, truth = data.root, data.paths, data.triplets, None
    else:
        names, rows, truth = read_asked_pairs(listed)
        root = listed.parent
    encoder = load_encoder(model or DEFAULT_MODEL, provider=provider)
    files = [root / name for name in names]
    seen, failed = _look(files, encoder, phase("Reading pictures", progress, on_phase))
    told = phase("Comparing pictures", progress, on_phase)
    make = _triplets if is_triplets else _pairs
    truths = [None if truth is None else bool(one) for one in truth] if truth is not None else None
    lines = make(files, rows, seen, encoder.card, truths or [None] * len(rows), told)
    measures = _judged_triplets(lines) if is_triplets else _judged_pairs(lines)
    return ComparedList(
        encoder.name,
        EVEN_PRIOR,
        taught_level(encoder.card),
        is_triplets,
        tuple(lines),
        measures,
        failed,
    )


def _look(
    files: Sequence[Path], encoder: Encoder, progress: Progress
) -> tuple[_Seen, tuple[Failure, ...]]:
    """What is seen of each file by its row; those that cannot be read come back as failures."""
    seen: _Seen = {}
    failed: list[Failure] = []
    stamps = []
    for file in files:
        facts = file.stat()
        stamps.append(Stamp(file, facts.st_size, facts.st_mtime_ns))
    threads = min(os.cpu_count() or 1, len(stamps))
    row = 0
    for chunk in describe_all(stamps, encoder, known=lambda _: False, threads=threads):
        for outcome in chunk:
            file = outcome.stamp.path
            if outcome.described is not None:
                seen[row] = Sight.of(outcome.described, file)
            else:
                failed.append(outcome.failure or Failure(file, "This is no picture"))
            row += 1
        progress(row, len(stamps))
    if not seen:
        raise UnreadableImage(
            failed[0].reason, where=str(failed[0].path), mend="list other pictures"
        )
    return seen, tuple(failed)


def _closely(
    pairs: Sequence[tuple[int, int]], seen: _Seen, card: ModelCard, progress: Progress
) -> dict[tuple[int, int], Evidence]:
    """What is seen of each pair whose pictures could be read; each pair is looked at once."""
    wanted = [pair for pair in dict.fromkeys(pairs) if pair[0] in seen and pair[1] in seen]
    found = look_closely(
        [(seen[a], seen[b]) for a, b in wanted], card, Priors.by_hand(), progress=progress
    )
    return dict(zip(wanted, found, strict=True))


def _pairs(
    files: Sequence[Path],
    rows: Ints,
    seen: _Seen,
    card: ModelCard,
    truths: Sequence[bool | None],
    progress: Progress,
) -> list[ComparedLine]:
    both = [(a, b) for a, b in rows.tolist()]
    found, priors = _closely(both, seen, card, progress), Priors.by_hand()
    lines = []
    for pair, truth in zip(both, truths, strict=True):
        paths = tuple(files[row] for row in pair)
        if (one := found.get(pair)) is None:
            lines.append(ComparedLine(paths, None, None, truth))
            continue
        verdict = decide(one, card, priors)
        lines.append(ComparedLine(paths, alike_chance(one, card, priors), verdict, truth))
    return lines


def _triplets(
    files: Sequence[Path],
    rows: Ints,
    seen: _Seen,
    card: ModelCard,
    truths: Sequence[bool | None],
    progress: Progress,
) -> list[ComparedLine]:
    three = [(a, b, c) for a, b, c in rows.tolist()]
    both = [pair for a, b, c in three for pair in ((a, b), (a, c))]
    found = _closely(both, seen, card, progress)
    lines = []
    for a, b, c in three:
        near, far = found.get((a, b)), found.get((a, c))
        chance = None if near is None or far is None else nearer(near, far, card)
        lines.append(ComparedLine((files[a], files[b], files[c]), chance))
    return lines


def _judged_pairs(lines: Sequence[ComparedLine]) -> tuple[Measure, ...]:
    """All figures of verification, where there are pairs of both kinds."""
    known = [(line.probability, line.truth) for line in lines]
    told = [(p, t) for p, t in known if p is not None and t is not None]
    same = np.array([t for _, t in told], bool)
    if not same.any() or same.all():
        return ()
    scores = np.array([p for p, _ in told], np.float32)
    return judge_pairs(scores, same, threshold=EVEN_PRIOR)


def _judged_triplets(lines: Sequence[ComparedLine]) -> tuple[Measure, ...]:
    """The share that is nearer to the positive; what cannot be told counts as wrong."""
    chances = [line.probability for line in lines if line.probability is not None]
    if not chances:
        return ()
    n, hits = len(chances), sum(chance > EVEN_PRIOR for chance in chances)
    half = (0.5, "at random")
    return (measured("nearer to the positive", hits / n, wilson(hits, n), half, n, fewest=n),)
