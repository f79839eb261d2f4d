"""`duplicates --against` and `--new`: which pictures are in a reference already."""

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lookalike.encoders.encoder import Encoder
from lookalike.images.find import find_files
from lookalike.nouns.against_report import AgainstReport, Asked, KnownCopy
from lookalike.nouns.card import ModelCard
from lookalike.nouns.duplicates_report import Member
from lookalike.nouns.entry import Described, Entry
from lookalike.nouns.errors import InputError, WrongIndex
from lookalike.nouns.picture import Failure, Stamp
from lookalike.nouns.verdict import Verdict
from lookalike.verbs.copies import Judge
from lookalike.verbs.describe import describe_all
from lookalike.verbs.duplicates import members_of
from lookalike.verbs.facing import Facing, Pictures
from lookalike.verbs.heeded import card_of, tuning_of
from lookalike.verbs.place import Place
from lookalike.verbs.progress import Progress, silent
from lookalike.verbs.ready import Source, ready
from lookalike.verdicts.decide import Priors
from lookalike.verdicts.promise import Promise
from lookalike.verdicts.tuned import Tuned

_Found = dict[str, list[tuple[Entry, Verdict]]]
"""For a digest the pictures of the reference that are copies of it."""


def duplicates_against(
    source: Source | str | Path,
    reference: Source | str | Path,
    *,
    least_probability: float | None = None,
    comparing: Progress = silent,
) -> AgainstReport:
    """Say for each picture of a folder which copies of it a reference has.

    The same ladder as `duplicates`, but only between the two: no two pictures of the folder are
    compared with each other, and none of the reference. Each has its own index, both made by one
    model: the reference's, unless another is asked for.

    Args:
        source: the folder asked about, as a folder or with options.
        reference: the collection in which to look, likewise; may be on a medium that cannot be
            written if its index is there already, or lies elsewhere.
        least_probability: less probable copies are left out, in [0.5, 1); 0.9 unless given.
        comparing: called with steps done and steps to do, anew for each rung.

    Raises:
        InputError: no such folder, one lies in the other, or the probability is out of range.
        WrongIndex: an index was made by another model than the other or than the one asked for.
    """
    least = Promise(least_probability).least
    mine = source if isinstance(source, Source) else Source(source)
    theirs = reference if isinstance(reference, Source) else Source(reference)
    _refuse_one_in_the_other(Place.of(mine.folder), Place.of(theirs.folder))
    with ready(theirs) as (there, their_reader, encoder):
        same_model = mine.model or theirs.model or encoder.name
        with ready(replace(mine, model=same_model)) as (here, reader, _):
            if reader.fingerprint != their_reader.fingerprint:
                raise WrongIndex(
                    f"The folder was read by the model {reader.model!r}, the reference by "
                    f"{their_reader.model!r}",
                    where=str(here.index),
                    mend=f"lookalike index {here.folder} --model {their_reader.model} --rebuild",
                )
            sides = Pictures.stored(here, reader), Pictures.stored(there, their_reader)
            tuned, card = tuning_of(their_reader), card_of(encoder, their_reader)
            found = _find(Facing(*sides, comparing), card, least, comparing, tuned)
            asked = [
                Asked(file, _copies(there, found[file.digest]))
                for entry in reader.all_entries()
                for file in members_of(here, entry)
            ]
            failed = tuple(Failure(here.absolute(str(f.path)), f.reason) for f in reader.failures())
    return AgainstReport(
        folder=here.folder,
        reference=there.folder,
        model=encoder.name,
        n_pictures=len(sides[1]),
        least_probability=least,
        asked=tuple(sorted(asked, key=lambda each: each.file.path)),
        failed=failed,
    )


def duplicates_of(
    files: Sequence[str | Path],
    reference: Source | str | Path,
    *,
    least_probability: float | None = None,
    comparing: Progress = silent,
) -> AgainstReport:
    """Say for each of some files whether a collection has it already, and where.

    The files need not lie in the collection, and are not added to it. One that does lie in it is
    not its own copy.

    Args:
        files: picture files, or folders of them.
        reference: the collection in which to look, as a folder or with options.
        least_probability: less probable copies are left out, in [0.5, 1); 0.9 unless given.
        comparing: called with steps done and steps to do, anew for each rung.

    Raises:
        InputError: no file, no such file or folder, or the probability is out of range.
        WrongIndex: the index was made by another model than the one asked for.
    """
    least = Promise(least_probability).least
    stamps = _stamps(files)
    theirs = reference if isinstance(reference, Source) else Source(reference)
    with ready(theirs) as (there, reader, encoder):
        described, failed = _describe(stamps, encoder)
        sides = Pictures.fresh(described, encoder.d), Pictures.stored(there, reader)
        tuned, card = tuning_of(reader), card_of(encoder, reader)
        found = _find(Facing(*sides, comparing), card, least, comparing, tuned)
    asked = [
        Asked(
            Member(str(stamp.path), stamp.size_bytes, what.facts, stamp.mtime_ns, digest),
            _copies(there, found[digest], but=stamp.path),
        )
        for stamp, what in described
        if (digest := what.digest.hex())
    ]
    return AgainstReport(
        folder=None,
        reference=there.folder,
        model=encoder.name,
        n_pictures=len(sides[1]),
        least_probability=least,
        asked=tuple(asked),
        failed=failed,
    )


def _find(
    facing: Facing, card: ModelCard, least: float, comparing: Progress, tuned: Tuned
) -> _Found:
    """The copies of each content asked about, by its digest."""
    # As a search for each picture would believe.
    priors = Priors.of_hit(len(facing.theirs))
    judge = Judge(card, priors, least, comparing, tuned=tuned)
    found: dict[str, dict[int, tuple[Entry, Verdict]]] = defaultdict(dict)
    sightings = facing.candidates(card, priors)
    for one, other, verdict in judge.copies(sightings, facing.mine.side, facing.theirs.side):
        found[one.digest][other.row] = other, verdict
    return defaultdict(list, {digest: list(many.values()) for digest, many in found.items()})


def _copies(
    there: Place, found: list[tuple[Entry, Verdict]], *, but: Path | None = None
) -> tuple[KnownCopy, ...]:
    """The files that are still there, best first, without the one asked about."""
    copies = [
        KnownCopy(file, verdict)
        for entry, verdict in found
        for file in members_of(there, entry)
        if but is None or not there.absolute(file.path).samefile(but)
    ]
    copies.sort(key=lambda copy: copy.file.path)
    return tuple(sorted(copies, key=lambda copy: copy.verdict.closeness, reverse=True))


def _stamps(files: Sequence[str | Path]) -> list[Stamp]:
    paths = [Path(file).expanduser() for file in files]
    for path in paths:
        if not path.exists():
            raise InputError(
                "There is no such picture", where=str(path), mend="check how it is spelt"
            )
    stamps = [stamp for path in paths for stamp in find_files(path)]
    if not stamps:
        raise InputError("There is nothing to ask about", mend="name a picture or a folder of them")
    return stamps


def _describe(
    stamps: Sequence[Stamp], encoder: Encoder
) -> tuple[list[tuple[Stamp, Described]], tuple[Failure, ...]]:
    """What is in each file; those that cannot be read come back as failures."""
    described: list[tuple[Stamp, Described]] = []
    failed: list[Failure] = []
    threads = min(os.cpu_count() or 1, len(stamps))
    for chunk in describe_all(stamps, encoder, known=lambda _: False, threads=threads):
        for outcome in chunk:
            if outcome.described is not None:
                described.append((outcome.stamp, outcome.described))
            else:
                known = outcome.failure or Failure(outcome.stamp.path, "This is no picture")
                failed.append(known)
    return described, tuple(failed)


def _refuse_one_in_the_other(here: Place, there: Place) -> None:
    for inner, outer in ((here.folder, there.folder), (there.folder, here.folder)):
        if inner == outer or outer in inner.parents:
            raise InputError(
                "Of the folder and the reference one lies in the other",
                where=f"{here.folder} and {there.folder}",
                mend=f"lookalike duplicates {outer}",
            )
