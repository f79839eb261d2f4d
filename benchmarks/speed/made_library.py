"""Makes a library of any size without decoding one picture, with copies that the ladder confirms.

Straight into the store go vectors in clusters (as far apart as photographs are for the built-in
encoder), random hashes and local words that are as frequent as those of 1,500 photographs. One
picture in 500 is a copy of the one before it: its vector, its hash and its words are near, and its
file is the same scene at another JPEG quality. A thousand files are enough for any number of
pictures, since folders are links to one.
"""

import hashlib
import io
import os
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lookalike.encoders.choose import load_encoder
from lookalike.geometry.words import VERSION
from lookalike.nouns.embeddings import Bytes, Floats
from lookalike.nouns.entry import Described
from lookalike.nouns.picture import Facts
from lookalike.store.word_cache import WordCache
from lookalike.store.writer import Batch, IndexWriter

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
from scenes import scene

D, INNER, BATCH, FILES, EVERY = 256, 80, 5_000, 1_000, 500
WORDS, N_WORDS = 92, 65_536
QUALITIES = (92, 70)
Words = NDArray[np.uint16]


def digest_of(row: int) -> bytes:
    return hashlib.blake2b(str(row).encode(), digest_size=32).digest()


def copies_of(low: int, high: int) -> range:
    """Rows from low to high that are copies of the row before."""
    return range(low + (EVERY - 1 - low) % EVERY, high, EVERY)


def batch_vectors(rng: np.random.Generator, n: int, count: int) -> Floats:
    """(count, D) clusters of about a hundred in a library of n."""
    shared = np.random.default_rng(0)
    axes = shared.standard_normal((INNER, D), dtype=np.float32)
    centres = shared.standard_normal((max(n // 100, 1), INNER), dtype=np.float32)
    inner = centres[rng.integers(0, len(centres), count)]
    inner += np.float32(1.1) * rng.standard_normal(inner.shape, dtype=np.float32)
    return unit(inner @ axes)


def unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def batch_words(rng: np.random.Generator, count: int) -> list[Words]:
    """Words by their rank, the sum of two falling curves.

    Of the words of 1,500 photographs the 100 most frequent were 5 % of all, the first 1,000 22 %,
    the first 5,000 55 %, the first 20,000 94 %.
    """
    spread = np.where(rng.random((count, WORDS)) < 0.08, 150.0, 7_000.0)
    ranks = np.minimum(rng.exponential(spread), N_WORDS - 1).astype(np.uint16)
    return [np.unique(row) for row in ranks]


def batch(rng: np.random.Generator, n: int, low: int, high: int) -> list[Described]:
    vectors, count = batch_vectors(rng, n, high - low), high - low
    hashes: Bytes = rng.integers(0, 256, (count, 8, 32), dtype=np.uint8)
    for row in copies_of(low, high):
        at = row - low
        noise = rng.standard_normal(D, dtype=np.float32)
        vectors[at] = unit((vectors[at - 1] + np.float32(0.02) * noise)[None])[0]
        hashes[at] = hashes[at - 1]
        hashes[at, :, rng.integers(0, 32, 8)] ^= 1
    facts = Facts(320, 240, "JPEG", "RGB")
    return [
        Described(digest_of(low + at), facts, hashes[at], 100, vectors[at]) for at in range(count)
    ]


def words_of(rng: np.random.Generator, low: int, high: int) -> dict[str, tuple[Words, Words]]:
    upright, mirrored = batch_words(rng, high - low), batch_words(rng, high - low)
    for row in copies_of(low, high):
        at = row - low
        upright[at] = np.unique(np.concatenate([upright[at - 1][::2], upright[at]]))
    pairs = zip(upright, mirrored, strict=True)
    return {digest_of(low + at).hex(): pair for at, pair in enumerate(pairs)}


def make_files(folder: Path, n: int) -> None:
    """A thousand scenes, two qualities of each side by side, seen through links to their folder."""
    first = folder / "0000"
    first.mkdir(parents=True)
    for number in range(FILES):
        held = io.BytesIO()
        scene(number // 2).save(held, "JPEG", quality=QUALITIES[number % 2])
        (first / f"{number:03}.jpg").write_bytes(held.getvalue())
    for number in range(1, -(-n // FILES)):
        os.symlink(first, folder / f"{number:04}", target_is_directory=True)


def make_library(folder: Path, n: int) -> None:
    """A folder of n pictures with its index in it."""
    make_files(folder, n)
    encoder, rng = load_encoder(), np.random.default_rng(7)
    sizes = [(folder / "0000" / f"{number:03}.jpg").stat().st_size for number in range(FILES)]
    index = folder / ".lookalike"
    with (
        IndexWriter.open(
            index, model=encoder.name, fingerprint=encoder.fingerprint, d=encoder.d
        ) as writer,
        WordCache(index, VERSION) as cache,
    ):
        for low in range(0, n, BATCH):
            high = min(low + BATCH, n)
            files = [
                (f"{r // FILES:04}/{r % FILES:03}.jpg", sizes[r % FILES], 0, digest_of(r))
                for r in range(low, high)
            ]
            writer.commit(Batch(batch(rng, n, low, high), files))
            cache.keep(words_of(rng, low, high))
