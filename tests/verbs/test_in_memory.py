"""Pictures from memory are asked with like files, and leave nothing behind."""

import io
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scenes import scene

import lookalike


@pytest.fixture
def query(tmp_path):
    """A small copy of a picture of the album."""
    path = tmp_path / "query.png"
    scene(5).resize((200, 150)).save(path)
    return path


def forms(path):
    """The same picture as bytes, of Pillow and as an array."""
    with Image.open(path) as opened:
        picture = opened.copy()
    return path.read_bytes(), picture, np.asarray(picture.convert("RGB"))


def test_a_search_answers_the_same_whatever_form_the_query_has(album, query, monkeypatch, tmp_path):
    (tmp_path / "room").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "room"))
    (wanted,) = lookalike.search([query], album, k=3).answers
    for form in forms(query):
        (answer,) = lookalike.search(form, album, k=3).answers
        assert answer.hits == wanted.hits and answer.query == Path("picture 1")
    both = lookalike.search([query, forms(query)[2]], album, k=1)
    assert [answer.query for answer in both.answers] == [query, Path("picture 2")]
    assert list((tmp_path / "room").iterdir()) == []


def test_two_and_three_pictures_are_compared(album, query):
    content, picture, pixels = forms(query)
    pair = lookalike.compare(content, album / "f.jpg").closest
    assert (pair.first, pair.second) == (Path("picture 1"), album / "f.jpg")
    assert pair.verdict == lookalike.compare(query, album / "f.jpg").closest.verdict
    report = lookalike.compare(picture, pixels, album / "a.jpg")
    assert report.paths == (Path("picture 1"), Path("picture 2"), album / "a.jpg")
    assert report.closest.verdict.level in ("same file", "same picture")


def test_targets_from_memory_are_matched(album, query):
    sources = [album / name for name in ("f.jpg", "a.jpg", "d.jpg")]
    report = lookalike.match(forms(query)[2], sources)
    (matched,) = report.matched
    assert matched.target == Path("picture 1") and matched.candidates[0].path == album / "f.jpg"


def test_a_turned_picture_of_pillow_is_read_upright(query):
    buffer = io.BytesIO()
    turned = scene(5).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(buffer, "JPEG", exif=exif, quality=95)
    with Image.open(io.BytesIO(buffer.getvalue())) as opened:
        verdict = lookalike.compare(opened, buffer.getvalue()).closest.verdict
    assert verdict.level in ("same picture", "edited copy") and "turned" not in verdict.reason


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK"])
def test_pictures_of_other_modes(query, mode):
    with Image.open(query) as opened:
        assert lookalike.compare(opened.convert(mode), query).closest.verdict.is_copy


def test_what_cannot_be_read_is_named_by_its_place(album, query):
    torn = query.read_bytes()[:300]
    report = lookalike.search([query, torn, b"no picture"], album, k=1)
    told = {str(f.path): f.reason for f in report.failed}
    assert told.keys() == {"picture 2", "picture 3"} and len(report.answers) == 1
    with pytest.raises(lookalike.UnreadableImage) as caught:
        lookalike.compare(query, torn)
    assert caught.value.where == "picture 2"


@pytest.mark.parametrize(
    "array", [np.zeros((4, 4, 3), np.float32), np.zeros((4, 4, 2), np.uint8), np.zeros(3, np.uint8)]
)
def test_arrays_that_are_no_pictures_are_refused(query, array):
    with pytest.raises(lookalike.InputError, match="no picture"):
        lookalike.compare(query, array)
