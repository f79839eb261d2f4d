"""Pictures that never were: everything that is stored follows from one number."""

import sqlite3
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from lookalike.nouns.embeddings import Halves
from lookalike.nouns.entry import Described
from lookalike.nouns.picture import Facts
from lookalike.store.reader import IndexReader
from lookalike.store.writer import Batch, IndexWriter

D = 8
MODEL = {"model": "made", "fingerprint": "f" * 64}


def digest(number: int) -> bytes:
    return blake2b(str(number).encode(), digest_size=32).digest()


def vector(number: int) -> Halves:
    return np.random.default_rng(number).standard_normal(D).astype(np.float16)


def described(number: int) -> Described:
    rng = np.random.default_rng([number, 1])
    year = 2000 + number % 20
    facts = Facts(
        width_px=100 + number,
        height_px=200,
        format="JPEG" if number % 3 else "PNG",
        mode="RGB",
        orientation=1 + number % 8,
        taken=f"{year}-07-04T12:30:15" if number % 5 else "",
        camera=str(number),
    )
    hashes = rng.integers(0, 256, (8, 32), dtype=np.uint8)
    return Described(
        digest(number),
        facts,
        hashes,
        number % 101,
        vector(number).astype(np.float32),
        scaled_digest=digest(-number),
    )


def files_of(numbers: Iterable[int]) -> list[tuple[str, int, int, bytes]]:
    return [(f"album/{number}.jpg", number, number, digest(number)) for number in numbers]


def batch(numbers: Sequence[int]) -> Batch:
    """Each picture in a file of its own."""
    return Batch(pictures=[described(number) for number in numbers], files=files_of(numbers))


def open_writer(folder: Path, wait_s: float = 0.0) -> IndexWriter:
    return IndexWriter.open(folder, d=D, wait_s=wait_s, **MODEL)


def paths_by_row(reader: IndexReader) -> dict[int, tuple[str, ...]]:
    return {entry.row: tuple(file.path for file in entry.files) for entry in reader.all_entries()}


def check_whole(folder: Path) -> dict[str, int]:
    """The index is sound and each vector, hash and fact is its picture's. Path -> number."""
    with sqlite3.connect(folder / "index.sqlite") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
    with IndexReader.open(folder) as reader:
        entries = list(reader.all_entries())
        rows, hashes, quality = reader.hashes()
        assert rows.tolist() == [entry.row for entry in entries] == reader.live_rows().tolist()
        assert reader.n_pictures == len(entries)
        assert reader.n_files == sum(len(entry.files) for entry in entries)
        for at, entry in enumerate(entries):
            made = described(int(entry.facts.camera))
            assert (entry.digest, entry.facts) == (made.digest.hex(), made.facts)
            assert entry.scaled_digest == made.scaled_digest
            assert (hashes[at] == made.hashes).all() and quality[at] == made.hash_quality
            assert (reader.vectors()[entry.row] == vector(int(entry.facts.camera))).all()
        return {file.path: int(entry.facts.camera) for entry in entries for file in entry.files}
