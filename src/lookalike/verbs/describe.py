"""Read, decode, hash and embed files: what indexing does with each, and a search with its query."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from os import fstat
from typing import BinaryIO

from lookalike.encoders.encoder import Encoder
from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import read_picture
from lookalike.images.digest import array_digest, content_digest
from lookalike.images.hashes import describe_hashes
from lookalike.images.reasons import explain
from lookalike.images.sniff import HEAD_BYTES, PICTURE_SUFFIXES, sniff
from lookalike.nouns.entry import Described
from lookalike.nouns.errors import UnreadableImage
from lookalike.nouns.picture import Failure, Picture, Stamp

CHUNK = 8
"""Pictures that one worker reads and embeds at a time; small batches are the fastest on CPUs."""

CHUNKS_AHEAD = 4
"""Chunks in hand for each worker: enough that none waits while a batch is committed."""

HASH_SIDE_PX = 256
"""Pictures are decoded at least this large on the short side, whatever the encoder needs."""

WHOLE_FILE_BYTES = 8 << 20
"""A file up to this size is read once, for its digest and for its pixels; a larger one twice."""

DIGEST_EVERY = 4
"""Of the scaled pixels every fourth row is digested. That digest only saves a look at all pixels
where it differs, and text or a mark is higher than four rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What became of one file: exactly one of the last three, or `digest` alone for known content.

    Attributes:
        stamp: the file, as it was when it was read.
        digest: of its bytes; empty unless it is a picture.
        described: the picture, where its content was not known yet.
        failure: why it cannot be read.
    """

    stamp: Stamp
    digest: bytes = b""
    described: Described | None = None
    failure: Failure | None = None

    @property
    def is_picture(self) -> bool:
        """Whether the file holds a picture that could be read."""
        return bool(self.digest)


def describe_all(
    stamps: Iterable[Stamp],
    encoder: Encoder,
    *,
    known: Callable[[bytes], bool],
    threads: int,
) -> Iterator[list[Outcome]]:
    """Describe files on all cores, in the order given.

    One worker a core reads, decodes, hashes and embeds CHUNK files at a time, so that no core
    waits for another; at most CHUNKS_AHEAD chunks a worker are in hand.

    Args:
        stamps: files to read.
        encoder: makes the vectors; used from several threads.
        known: whether a content's digest needs no describing; called from several threads.
        threads: how many workers.

    Yields:
        The outcomes of CHUNK files at a time.
    """
    budget = DecodeBudget()
    source = iter(stamps)
    _keep_freed_memory()

    def work(chunk: list[Stamp]) -> list[Outcome]:
        return describe_chunk(chunk, encoder, known=known, budget=budget)

    with ThreadPoolExecutor(threads, thread_name_prefix="lookalike") as pool:
        waiting: list[Future[list[Outcome]]] = []
        try:
            while chunk := list(islice(source, CHUNK)):
                waiting.append(pool.submit(work, chunk))
                if len(waiting) >= CHUNKS_AHEAD * threads:
                    yield waiting.pop(0).result()
            while waiting:
                yield waiting.pop(0).result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _keep_freed_memory() -> None:
    """Lets the C library keep what one picture gave back for the next picture.

    glibc hands freed memory back to the system, and takes hundreds of pages anew for every
    picture, until it has once seen a large block come and go: a quarter to half of the time of
    small pictures. The block is never touched, so it takes no memory; elsewhere this does nothing.
    """
    bytes(31 << 20)


def describe_chunk(
    stamps: list[Stamp], encoder: Encoder, *, known: Callable[[bytes], bool], budget: DecodeBudget
) -> list[Outcome]:
    """Describe a few files in this thread."""
    return _embedded([_read(stamp, encoder, known, budget) for stamp in stamps], encoder)


def describe_held(
    held: Sequence[tuple[Stamp, bytes]],
    encoder: Encoder,
    *,
    known: Callable[[bytes], bool],
    budget: DecodeBudget,
) -> list[Outcome]:
    """Describe a few files whose bytes are in memory, in this thread."""
    read = []
    for stamp, content in held:
        try:
            read.append(_look(BytesIO(content), stamp, encoder, known, budget))
        except UnreadableImage as error:
            read.append((Outcome(stamp, failure=Failure(stamp.path, error.what)), None))
    return _embedded(read, encoder)


def _embedded(read: Sequence[tuple[Outcome, Picture | None]], encoder: Encoder) -> list[Outcome]:
    pictures = [picture for _, picture in read if picture is not None]
    vectors = iter(encoder.encode([p.pixels for p in pictures]) if pictures else ())
    outcomes = []
    for outcome, picture in read:
        if picture is not None:
            hashes, quality = describe_hashes(picture.pixels)
            scaled = array_digest(picture.pixels[::DIGEST_EVERY])
            described = Described(
                outcome.digest, picture.facts, hashes, quality, next(vectors), scaled
            )
            outcome = Outcome(outcome.stamp, outcome.digest, described)
        outcomes.append(outcome)
    return outcomes


def _read(
    stamp: Stamp, encoder: Encoder, known: Callable[[bytes], bool], budget: DecodeBudget
) -> tuple[Outcome, Picture | None]:
    try:
        with open(stamp.path, "rb") as file:
            now = _stamp_of(file, stamp)
            if sniff(file.read(HEAD_BYTES)) is None:
                return _no_picture(now), None
            file.seek(0)
            small = now.size_bytes <= WHOLE_FILE_BYTES
            source = BytesIO(file.read(now.size_bytes)) if small else file
            looked = _look(source, now, encoder, known, budget)
            if _stamp_of(file, stamp) != now:
                raise UnreadableImage("The file changed while it was read")
            return looked
    except UnreadableImage as error:
        return Outcome(stamp, failure=Failure(stamp.path, error.what)), None
    except OSError as error:
        return Outcome(stamp, failure=Failure(stamp.path, explain(error, None))), None


def _look(
    source: BinaryIO,
    now: Stamp,
    encoder: Encoder,
    known: Callable[[bytes], bool],
    budget: DecodeBudget,
) -> tuple[Outcome, Picture | None]:
    """The digest of a file's bytes, and its picture where that content is not known."""
    if sniff(source.read(HEAD_BYTES)) is None:
        return _no_picture(now), None
    source.seek(0)
    digest = content_digest(source)
    picture = None
    if not known(digest):
        side = max(encoder.short_side_px, HASH_SIDE_PX)
        picture = read_picture(source, short_side_px=side, budget=budget)
    return Outcome(now, digest), picture


def _no_picture(stamp: Stamp) -> Outcome:
    """A file that holds no picture is worth a line only if its name says that it should."""
    if stamp.path.suffix.lower() not in PICTURE_SUFFIXES:
        return Outcome(stamp)
    empty = stamp.size_bytes == 0
    reason = "The file is empty" if empty else "Its name says picture, its content does not"
    return Outcome(stamp, failure=Failure(stamp.path, reason))


def _stamp_of(file: BinaryIO, stamp: Stamp) -> Stamp:
    facts = fstat(file.fileno())
    return Stamp(stamp.path, facts.st_size, facts.st_mtime_ns)
