"""Local words put forward what hash and embedding do not see: cuts, frames, screens."""

import numpy as np
import pytest
from PIL import Image
from real_photos import photographs

import lookalike
from lookalike.images.edits import EDITS
from lookalike.store.word_cache import NAME
from lookalike.verbs import local_words as module

HARD = ("crop_40", "tilt", "screenshot", "letterbox")
N = len(photographs())


@pytest.fixture(scope="module")
def hard_album(tmp_path_factory):
    """Photographs, and edits of the first that neither hash nor classic finds."""
    folder = tmp_path_factory.mktemp("hard")
    for number, pixels in enumerate(photographs()):
        Image.fromarray(pixels).save(folder / f"{number}.jpg", quality=92)
    pixels = photographs()[0]
    for edit in HARD:
        Image.fromarray(EDITS[edit](pixels, 3)).save(folder / f"{edit}.jpg", quality=90)
    flipped = EDITS["crop_75"](np.ascontiguousarray(pixels[:, ::-1]), 5)
    Image.fromarray(flipped).save(folder / "mirrored-and-cut.jpg", quality=90)
    return folder


@pytest.fixture
def made(monkeypatch) -> list[int]:
    """One item for each picture whose words are made."""
    real, seen = module.local_words, []

    def counting(pixels):
        seen.append(1)
        return real(pixels)

    monkeypatch.setattr(module, "local_words", counting)
    return seen


def names_with_the_original(report) -> set[str]:
    pairs = [{p.first, p.second} for p in report.listed]
    return {name for pair in pairs if "0.jpg" in pair for name in pair} - {"0.jpg"}


def test_hard_edits_are_found_by_geometry_and_nothing_else_is(hard_album):
    report = lookalike.duplicates(hard_album)
    assert names_with_the_original(report) == {f"{e}.jpg" for e in HARD} | {"mirrored-and-cut.jpg"}
    strangers = {f"{number}.jpg" for number in range(1, N)}
    assert not strangers & {name for p in report.listed for name in (p.first, p.second)}
    found = {p.verdict.rung for p in report.listed if "screenshot.jpg" in (p.first, p.second)}
    assert found == {"geometry"}


def test_a_folder_held_against_another_finds_them_too(hard_album, tmp_path):
    for edit in HARD:
        (tmp_path / f"{edit}.jpg").write_bytes((hard_album / f"{edit}.jpg").read_bytes())
    kept = tmp_path / "kept"
    originals = tmp_path / "originals"
    originals.mkdir()
    for number in range(N):
        name = f"{number}.jpg"
        (originals / name).write_bytes((hard_album / name).read_bytes())
    report = lookalike.duplicates_of(
        [tmp_path / f"{edit}.jpg" for edit in HARD], lookalike.Source(originals, index=kept)
    )
    assert [asked.is_new for asked in report.asked] == [False] * len(HARD)


def test_words_are_made_once_and_kept_beside_the_index(hard_album, tmp_path, made):
    source = lookalike.Source(hard_album, index=tmp_path / "index")
    first = lookalike.duplicates(source)
    assert len(made) == N + 5
    assert (tmp_path / "index" / NAME).is_file()
    second = lookalike.duplicates(source)
    assert len(made) == N + 5
    assert second.to_dict() == first.to_dict()
    lookalike.index(hard_album, index=tmp_path / "index", rebuild=True)
    assert lookalike.duplicates(source).to_dict() == first.to_dict()
    assert len(made) == N + 5


def test_a_file_that_vanished_in_between_has_no_words(hard_album, tmp_path, monkeypatch, made):
    source = lookalike.Source(hard_album, index=tmp_path / "index", as_is=True)
    lookalike.index(hard_album, index=tmp_path / "index", model="classic")
    real = module.read_picture

    def unreadable(path, **options):
        if path.name == "tilt.jpg":
            raise lookalike.UnreadableImage("gone", where=str(path))
        return real(path, **options)

    monkeypatch.setattr(module, "read_picture", unreadable)
    report = lookalike.duplicates(source)
    assert "tilt.jpg" not in names_with_the_original(report)
    assert len(made) == N + 4
