"""`tune`: tell which pictures are copies of each other and which are not."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lookalike.nouns.answers import Answer, AnsweredPair, TuneReport
from lookalike.nouns.errors import InputError
from lookalike.store.reader import IndexReader
from lookalike.store.writer import IndexWriter
from lookalike.verbs.heeded import tuning_of
from lookalike.verbs.place import Place
from lookalike.verbs.ready import Source, ready

Named = tuple[str | Path, str | Path]

WORDS = {"yes": True, "1": True, "true": True, "no": False, "0": False, "false": False}
COLUMNS = ("a", "b", "same")


def tune(
    source: Source | str | Path,
    *,
    same: Sequence[Named] = (),
    not_same: Sequence[Named] = (),
    answers: str | Path | None = None,
    forget: Sequence[Named] = (),
) -> TuneReport:
    """Keep your own answers in the index, where `duplicates` heeds them at once.

    A pair that is not the same is never listed again, nor are the two ever in one group; a pair
    that is the same is listed with certainty. Answers belong to the contents of the files: they
    survive renaming and `index --rebuild`. A later answer takes the place of an earlier one.

    Args:
        source: the collection, as a folder or with options.
        same: pairs of files that are copies; paths as you would type them, or as in a report.
        not_same: pairs of files that are none.
        answers: a CSV file with the columns a, b and same (yes or no).
        forget: pairs of which you no longer say anything.

    Raises:
        InputError: a file is not in the index, two files are equal, or the CSV cannot be read.
        BusyIndex: another process is writing the index.
    """
    asked = [(*pair, True) for pair in same] + [(*pair, False) for pair in not_same]
    if answers is not None:
        asked += _read(Path(answers).expanduser())
    with ready(source if isinstance(source, Source) else Source(source)) as (place, reader, _):
        given = [_answer(place, reader, one, other, same=alike) for one, other, alike in asked]
        gone = [_answer(place, reader, *pair, same=True) for pair in forget]
    if not given and not gone:
        return known_answers(place)
    return keep_answers(place, reader, given, [(each.first, each.second) for each in gone])


def keep_answers(
    place: Place,
    reader: IndexReader,
    given: Sequence[Answer],
    taken_back: Sequence[tuple[str, str]] = (),
) -> TuneReport:
    """Keep answers about contents, and forget others.

    Args:
        place: the collection.
        reader: of its index, which may be closed by now.
        given: what the user says.
        taken_back: pairs of digests of which the user says nothing any more.

    Raises:
        BusyIndex: another process is writing the index.
    """
    with IndexWriter.open(
        place.index, model=reader.model, fingerprint=reader.fingerprint, d=reader.d
    ) as writer:
        writer.answer(given)
        writer.take_back(taken_back)
    return replace(known_answers(place), added=len(given))


def known_answers(place: Place) -> TuneReport:
    """All that the user has said of pictures of a collection."""
    with IndexReader.open(place.index) as reader:
        known = [(answer, _paths(reader, answer)) for answer in reader.answers()]
        tuned = tuning_of(reader)
        learned = tuple(curve.relation for curve in reader.curves())
    pairs = [AnsweredPair(*paths, answer.same) for answer, paths in known if paths is not None]
    pairs.sort(key=lambda pair: (pair.first, pair.second))
    waiting = len(known) - len(pairs)
    return TuneReport(
        place.folder, 0, tuple(pairs), waiting, tuned.n, tuned.scale, tuned.shift, learned
    )


def _answer(
    place: Place, reader: IndexReader, one: str | Path, other: str | Path, *, same: bool
) -> Answer:
    digests = [_digest(place, reader, path) for path in (one, other)]
    if digests[0] == digests[1]:
        raise InputError("These two files are equal, byte for byte", where=f"{one}, {other}")
    return Answer.of(*digests, same=same)


def _digest(place: Place, reader: IndexReader, path: str | Path) -> str:
    """Of a file that is named from the working folder, or else from the collection."""
    full = Path(path).expanduser().absolute()
    names = [place.relative(full)] if full.is_relative_to(place.folder) else []
    resolved = full.resolve()
    names += [place.relative(resolved)] if resolved.is_relative_to(place.folder) else []
    if not Path(path).is_absolute():
        names.append(Path(path).as_posix())
    for name in names:
        if name != "." and (row := reader.find_path(name)) is not None:
            return reader.entries([row])[0].digest
    raise InputError(
        "The index has no picture of this name",
        where=str(path),
        mend=f"name a picture in {place.folder}",
    )


def _paths(reader: IndexReader, answer: Answer) -> tuple[str, str] | None:
    rows = [reader.find_digest(bytes.fromhex(d)) for d in (answer.first, answer.second)]
    known = [row for row in rows if row is not None]
    if len(known) < 2:
        return None
    first, second = sorted(entry.path for entry in reader.entries(known))
    return first, second


def _read(path: Path) -> list[tuple[str, str, bool]]:
    """The answers of a CSV file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"The answers cannot be read: {error}", where=str(path)) from error
    read = []
    for number, row in enumerate(rows, start=2):
        one, other, alike = (row.get(column) for column in COLUMNS)
        said = WORDS.get((alike or "").strip().lower())
        if not one or not other or said is None:
            raise InputError(
                "An answer needs the columns a, b and same (yes or no)",
                where=f"{path}, line {number}",
                mend="begin the file with the line a,b,same",
            )
        read.append((one, other, said))
    return read
