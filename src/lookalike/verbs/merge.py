"""`merge`: join the indexes of all shares of a folder into the one that a single run makes."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from lookalike.images.find import find_files
from lookalike.nouns.answers import Answer
from lookalike.nouns.errors import InputError, WrongIndex
from lookalike.nouns.index_report import MergeReport
from lookalike.nouns.shard import Shard, share_of
from lookalike.store.layout import SHARDS, path_to_bytes
from lookalike.store.reader import IndexReader
from lookalike.store.shard_mark import FileSum, ShardMark, mark_of
from lookalike.store.writer import IndexWriter
from lookalike.verbs.place import Place
from lookalike.verbs.progress import Progress, silent

_Shares = list[tuple[IndexReader, ShardMark]]


def merge(
    folder: str | Path,
    shards: Sequence[str | Path] = (),
    *,
    index: str | Path | None = None,
    rebuild: bool = False,
    progress: Progress = silent,
) -> MergeReport:
    """Join the indexes that `index(folder, shard=...)` made, one for each share.

    The result holds what one run of `index` over an unchanged folder holds: the same vector file,
    byte for byte, and the same rows in every table. It counts wholly or not at all, also when the
    machine stops midway. The shares stay, so that the next run with them reads only what is new.

    Args:
        folder: the collection.
        shards: folders of the shares' indexes; those in `shards` of the index unless given.
        index: where the index lies; inside the collection unless named.
        rebuild: put the result in the place of an index that is there; your answers are kept.
        progress: called with files done and files to do.

    Raises:
        InputError: there is an index already, or a share is missing, comes twice, is not done,
            or belongs to another folder or to another number of shares.
        WrongIndex: the shares were made by different models, or one is damaged.
        BusyIndex: another process is writing the index.
    """
    started = time.monotonic()
    place = Place.of(folder, index)
    if not rebuild and _holds_files(place.index):
        raise InputError(
            "There is an index already",
            where=str(place.index),
            mend=f"put the merged one in its place: lookalike merge {place.folder} --rebuild",
        )
    with ExitStack() as stack:
        shares = _opened(place, [Path(shard).expanduser() for shard in shards], stack)
        _check_complete(place, shares)
        _check_model(shares)
        _check_files(place, shares)
        reader, _ = shares[0]
        kept = _remove_old(place) if rebuild else []
        with IndexWriter.open(
            place.index, model=reader.model, fingerprint=reader.fingerprint, d=reader.d
        ) as writer:
            if kept:
                writer.answer(kept)
            writer.merge([share.folder for share, _ in shares], progress)
        merged = tuple(share.folder for share, _ in shares)
    return _report(place, merged, seconds=time.monotonic() - started)


def _holds_files(index: Path) -> bool:
    """Whether there is an index, other than the empty one that a stopped merge leaves."""
    if not IndexReader.exists(index):
        return False
    with IndexReader.open(index) as reader:
        counts = reader.counts()
    return bool(counts.files or counts.failures or counts.others)


def _remove_old(place: Place) -> list[Answer]:
    """Throw the old index away, and keep what the user said."""
    kept: list[Answer] = []
    if IndexReader.exists(place.index):
        with IndexReader.open(place.index) as reader:
            kept = reader.answers()
        IndexWriter.remove(place.index)
    return kept


def _opened(place: Place, named: list[Path], stack: ExitStack) -> _Shares:
    """The shares, each with what it says of itself, in order of number."""
    folders = named or sorted(
        path for path in (place.index / SHARDS).glob("*-of-*") if path.is_dir()
    )
    if not folders:
        raise InputError(
            "There are no shares to merge",
            where=str(place.index / SHARDS),
            mend=f"make them first: lookalike index {place.folder} --shard 1/2, then 2/2",
        )
    shares: _Shares = []
    for folder in folders:
        if not IndexReader.exists(folder):
            raise _not_done(place, folder)
        reader = stack.enter_context(IndexReader.open(folder))
        if (mark := mark_of(folder)) is None:
            raise _not_done(place, folder)
        shares.append((reader, mark))
    return sorted(shares, key=lambda share: share[1].shard)


def _not_done(place: Place, folder: Path) -> InputError:
    number, _, total = folder.name.partition("-of-")
    which = f"{number}/{total}" if total else "NUMBER/TOTAL"
    return InputError(
        "This share is not done, or it is no share",
        where=str(folder),
        mend=f"finish it: {_again(place, which)}",
    )


def _again(place: Place, shard: Shard | str) -> str:
    return f"lookalike index {place.folder} --shard {shard}"


def _check_complete(place: Place, shares: _Shares) -> None:
    """Refuse shares of different cuts, one that comes twice, and one that is missing."""
    total = shares[0][1].shard.total
    by_number: dict[int, Path] = {}
    for reader, mark in shares:
        if mark.shard.total != total:
            raise InputError(
                f"Shares of {total} and of {mark.shard.total} do not go together",
                where=str(reader.folder),
                mend="name those of one cut: lookalike merge FOLDER SHARD SHARD ...",
            )
        if mark.shard.number in by_number:
            raise InputError(
                f"The share {mark.shard} comes twice",
                where=str(reader.folder),
                mend=f"leave it out, or leave out {by_number[mark.shard.number]}",
            )
        by_number[mark.shard.number] = reader.folder
    missing = [number for number in range(1, total + 1) if number not in by_number]
    if missing:
        raise InputError(
            f"{len(missing)} of {total} shares are missing, the first of them {missing[0]}/{total}",
            where=str(place.folder),
            mend=_again(place, Shard(missing[0], total)),
        )


def _check_model(shares: _Shares) -> None:
    first, _ = shares[0]
    for reader, mark in shares[1:]:
        if (reader.fingerprint, reader.d) != (first.fingerprint, first.d):
            raise WrongIndex(
                f"The share {mark.shard} was made by the model {reader.model!r} "
                f"({reader.fingerprint[:12]}), the first by {first.model!r} "
                f"({first.fingerprint[:12]})",
                where=str(reader.folder),
                mend="make it again with the same model: lookalike index FOLDER --shard "
                f"{mark.shard} --model {first.model} --rebuild",
            )


def _check_files(place: Place, shares: _Shares) -> None:
    """Refuse shares of another folder, or of this one before it changed."""
    found = [FileSum() for _ in shares]
    for stamp in find_files(place.folder, skip=[place.index]):
        path = place.relative(stamp.path)
        number = share_of(path_to_bytes(path), len(shares))
        found[number - 1].add(path, stamp.size_bytes, stamp.mtime_ns)
    for files, (reader, mark) in zip(found, shares, strict=True):
        if files.digest() != mark.files:
            raise InputError(
                f"The share {mark.shard} is of another folder, or files have changed since",
                where=str(reader.folder),
                mend=f"bring it up to date: {_again(place, mark.shard)}",
            )


def _report(place: Place, shares: tuple[Path, ...], *, seconds: float) -> MergeReport:
    with IndexReader.open(place.index) as reader:
        counts = reader.counts()
        return MergeReport(
            folder=place.folder,
            index=place.index,
            model=reader.model,
            shards=shares,
            n_pictures=counts.pictures,
            n_files=counts.files,
            others=counts.others,
            failed=tuple(reader.failures()),
            seconds=seconds,
        )
