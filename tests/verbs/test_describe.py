"""Describing files: what is told of a file depends on its content alone."""

import numpy as np
import pytest
from PIL import Image
from scenes import scene

import lookalike
import lookalike.verbs.describe as describe_module
from lookalike.images.budget import DecodeBudget
from lookalike.nouns.picture import Stamp
from lookalike.verbs.describe import describe_all, describe_chunk


def stamps_of(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [Stamp(path, path.stat().st_size, path.stat().st_mtime_ns) for path in files]


def values(outcome):
    made = outcome.described
    seen = made and (
        *(made.digest, made.facts, made.hashes.tobytes(), made.hash_quality),
        *(made.vector.tobytes(), made.scaled_digest),
    )
    return outcome.stamp, outcome.digest, seen, outcome.failure


@pytest.mark.parametrize("largest_bytes", [0, 10_000])
def test_files_too_large_to_be_held_are_told_the_same_of(album, monkeypatch, largest_bytes):
    encoder, stamps = lookalike.load_encoder("classic"), stamps_of(album)

    def all_values():
        outcomes = describe_chunk(
            stamps, encoder, known=lambda digest: False, budget=DecodeBudget()
        )
        return [values(outcome) for outcome in outcomes]

    held = all_values()
    monkeypatch.setattr(describe_module, "WHOLE_FILE_BYTES", largest_bytes)
    assert all_values() == held


def test_a_file_that_is_no_picture_is_not_read_to_its_end(tmp_path, monkeypatch):
    (tmp_path / "film.mp4").write_bytes(bytes(1_000_000))
    monkeypatch.setattr(describe_module, "content_digest", lambda file: pytest.fail("was read"))
    encoder = lookalike.load_encoder("classic")
    chunks = describe_all(stamps_of(tmp_path), encoder, known=lambda digest: False, threads=1)
    assert [values(outcome)[1:] for chunk in chunks for outcome in chunk] == [(b"", None, None)]


def test_a_mark_of_four_rows_changes_the_digest_of_the_scaled_pixels(tmp_path):
    pixels = np.array(scene(0))
    Image.fromarray(pixels).save(tmp_path / "a.png")
    pixels[101 : 101 + describe_module.DIGEST_EVERY, 50:55] ^= 255
    Image.fromarray(pixels).save(tmp_path / "b.png")
    encoder = lookalike.load_encoder("classic")
    first, second = describe_chunk(
        stamps_of(tmp_path), encoder, known=lambda digest: False, budget=DecodeBudget()
    )
    assert first.described.scaled_digest != second.described.scaled_digest
