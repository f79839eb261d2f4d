"""`duplicates`: the copies in a collection, in groups that cannot chain."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

from lookalike.encoders.encoder import Encoder
from lookalike.neighbours.grouping import complete_link
from lookalike.neighbours.medoids import medoid_groups
from lookalike.nouns.duplicates_report import DuplicatesReport, FoundGroup, FoundPair, Member
from lookalike.nouns.entry import Entry
from lookalike.nouns.errors import InputError
from lookalike.nouns.groups import Groups
from lookalike.nouns.pairs import Pairs
from lookalike.nouns.verdict import Level, Rung, Verdict
from lookalike.store.reader import IndexReader
from lookalike.verbs.answered import heed_answers
from lookalike.verbs.copies import Copies, find_copies
from lookalike.verbs.heeded import card_of
from lookalike.verbs.place import Place
from lookalike.verbs.progress import Progress, silent
from lookalike.verbs.ready import Source, ready
from lookalike.verdicts.promise import Promise

LINKAGES = {"complete": complete_link, "medoid": medoid_groups}
"""How pairs become groups."""

SAME_FILE = Verdict(Level.SAME_FILE, 1.0, Rung.BYTES, "every byte is the same")


def duplicates(
    source: Source | str | Path,
    *,
    least_probability: float | None = None,
    wrong_at_most: float | None = None,
    miss_at_most: float | None = None,
    linkage: str = "complete",
    comparing: Progress = silent,
) -> DuplicatesReport:
    """Find all copies in a collection and put them into groups.

    The ladder, cheapest rung first: equal bytes, equal pixels once upright, perceptual hash in
    eight orientations, embedding, and for the doubtful ones their geometry. Every two members of a
    group are copies of each other (complete link), or all of one of them, the medoid; a pair of
    copies that lies in two different groups is listed as related.

    Args:
        source: the collection, as a folder or with options.
        least_probability: pairs that are less probable copies than this are left out, in
            [0.5, 1); 0.9 unless something else is asked.
        wrong_at_most: instead, list as many pairs as can be listed while no more than this share
            of them is expected to be wrong, in (0, 0.5]. Equal files and pictures do not count.
        miss_at_most: instead, list as few pairs as can be listed while no more than this share of
            all copies is expected to be missed; see `keeps_promise` of the report.
        linkage: how pairs become groups, one of LINKAGES: "complete", or the looser "medoid".
        comparing: called with steps done and steps to do, anew for each rung; the progress of
            reading new files is the source's own.

    Raises:
        InputError: no such folder, the probability or a share is out of range, or two of them
            are asked for.
        WrongIndex: the index was made by another model than the one asked for.
    """
    promise = Promise(least_probability, wrong_at_most, miss_at_most)
    if linkage not in LINKAGES:
        raise InputError(
            "There is no such way to make groups", where=linkage, mend=" or ".join(LINKAGES)
        )
    with ready(source if isinstance(source, Source) else Source(source)) as (place, reader, model):
        copies = find_copies(
            place, reader, card_of(model, reader), promise=promise, comparing=comparing
        )
        copies = heed_answers(copies, reader.answers(), reader.entry_of)
        return report_of(place, reader, model, copies, promise, linkage)


def report_of(
    place: Place,
    reader: IndexReader,
    model: Encoder,
    copies: Copies,
    promise: Promise,
    linkage: str = "complete",
) -> DuplicatesReport:
    """Groups and related pairs of those copies whose files are still there.

    Args:
        place: the collection.
        reader: its index.
        model: that made the index.
        copies: which pictures are copies, the user's answers heeded.
        promise: that they were narrowed to.
        linkage: how pairs become groups.
    """
    counts = reader.counts()
    groups, related = _arrange(place, copies, LINKAGES[linkage])
    return DuplicatesReport(
        folder=place.folder,
        model=model.name,
        n_pictures=counts.pictures,
        n_files=counts.files,
        least_probability=copies.bound,
        groups=tuple(groups),
        related=tuple(related),
        n_unreadable=counts.failures,
        wrong_at_most=promise.wrong_at_most,
        miss_at_most=promise.miss_at_most,
        expected_missed=copies.missed,
        fingerprint=model.fingerprint,
        linkage=linkage,
    )


def _arrange(
    place: Place, copies: Copies, link: Callable[[Pairs], Groups]
) -> tuple[list[FoundGroup], list[FoundPair]]:
    """Groups, largest first, and the pairs between them."""
    files = {row: members_of(place, entry) for row, entry in copies.entries.items()}
    verdicts = {
        (a, b): verdict
        for a, b, verdict in zip(
            copies.pairs.first.tolist(), copies.pairs.second.tolist(), copies.verdicts, strict=True
        )
        if files[a] and files[b]
    }
    together = link(copies.pairs).members
    grouped = {row for rows in together for row in rows}
    alone = [(row,) for row in sorted(files) if row not in grouped]
    groups: list[FoundGroup] = []
    inside: set[tuple[int, int]] = set()
    for rows in [*together, *alone]:
        held = [row for row in rows if files[row]]
        inside.update(combinations(held, 2))
        if sum(len(files[row]) for row in held) > 1:
            groups.append(_group(held, files, verdicts))
    groups.sort(key=lambda g: (-len(g.members), g.members[0].path))
    related = [
        FoundPair(files[a][0].path, files[b][0].path, verdict)
        for (a, b), verdict in verdicts.items()
        if (a, b) not in inside
    ]
    return groups, related


def _group(
    rows: list[int],
    files: dict[int, list[Member]],
    verdicts: dict[tuple[int, int], Verdict],
) -> FoundGroup:
    pairs = [
        FoundPair(files[a][0].path, files[b][0].path, verdicts[a, b])
        for a, b in combinations(rows, 2)
        if (a, b) in verdicts
    ]
    for row in rows:
        first, *rest = files[row]
        pairs += [FoundPair(first.path, other.path, SAME_FILE) for other in rest]
    members = sorted((m for row in rows for m in files[row]), key=lambda m: m.path)
    return FoundGroup(tuple(members), tuple(pairs))


def members_of(place: Place, entry: Entry) -> list[Member]:
    """The files of a picture that are still there."""
    return [
        Member(file.path, file.size_bytes, entry.facts, file.mtime_ns, entry.digest)
        for file in entry.files
        if place.absolute(file.path).exists()
    ]
