"""Laying doubtful pictures over each other: in order, in blocks, in bounds, and in `duplicates`."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scenes import scene

import lookalike
import lookalike.verbs.doubtful as doubtful_module
from lookalike.images.edits import EDITS
from lookalike.images.sample_photos import sample
from lookalike.nouns.alignment import Alignment
from lookalike.verbs.doubtful import (
    ENOUGH_INLIERS,
    MIRRORED,
    TRUSTED_BITS,
    Doubt,
    Overlay,
    hashes_say_mirrored,
)
from lookalike.verdicts.overlay import copy_probability

SCENES = 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Scenes 0.png to 5.png, crops and mirror images of them, and a torn file."""
    made = tmp_path_factory.mktemp("doubtful")
    for seed in range(SCENES):
        picture = scene(seed, (480, 360))
        picture.save(made / f"{seed}.png")
        picture.crop((40, 30, 400, 320)).save(made / f"{seed}-cut.png")
        picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(made / f"{seed}-mirrored.png")
    (made / "torn.png").write_bytes((made / "0.png").read_bytes()[:500])
    return made


def cuts(folder: Path) -> list[Doubt]:
    return [Doubt(folder / f"{i}.png", folder / f"{i}-cut.png", False) for i in range(SCENES)]


def facts(found: Alignment | None) -> tuple[object, ...] | None:
    """What compares equal where two alignments are the same."""
    if found is None:
        return None
    return found.transform.tobytes(), *dataclasses.astuple(found)[1:]


def test_answers_come_in_the_order_of_the_pairs(folder):
    doubts = cuts(folder)
    doubts.insert(2, Doubt(folder / "0.png", folder / "1.png", False))
    found = list(Overlay().look(doubts))
    alone = [next(Overlay().look([doubt])) for doubt in doubts]
    assert [facts(one) for one in found] == [facts(one) for one in alone]
    assert [copy_probability(one) > 0.5 for one in found] == [i != 2 for i in range(len(doubts))]


def test_a_generator_of_pairs_will_do_and_none_gives_none(folder):
    assert len(list(Overlay().look(doubt for doubt in cuts(folder)))) == SCENES
    assert list(Overlay().look([])) == []


@pytest.mark.parametrize("block", [1, 2, 5])
def test_blocks_do_not_change_the_answers(folder, block, monkeypatch):
    doubts = [*cuts(folder), *reversed(cuts(folder))]
    whole = [facts(one) for one in Overlay().look(doubts)]
    monkeypatch.setattr(doubtful_module, "BLOCK", block)
    assert [facts(one) for one in Overlay().look(doubts)] == whole


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_memory_is_bounded_between_blocks_and_answers_stay(folder, kept, monkeypatch):
    doubts = [*cuts(folder), *cuts(folder)]
    whole = [facts(one) for one in Overlay().look(doubts)]
    monkeypatch.setattr(doubtful_module, "KEPT", kept)
    monkeypatch.setattr(doubtful_module, "BLOCK", 2)
    overlay, found = Overlay(), []
    for alignment in overlay.look(doubts):
        assert len(overlay._kept) <= kept
        found.append(facts(alignment))
    assert found == whole


def test_a_picture_is_read_once_while_it_is_kept(folder, monkeypatch):
    real, read = doubtful_module.read_picture, []

    def counting(path, **options):
        read.append(path)
        return real(path, **options)

    monkeypatch.setattr(doubtful_module, "read_picture", counting)
    overlay = Overlay()
    first = list(overlay.look(cuts(folder)))
    assert min(one.n_inliers for one in first) >= ENOUGH_INLIERS
    assert sorted(read) == sorted({path for d in cuts(folder) for path in (d.first, d.second)})
    list(overlay.look(cuts(folder)))
    assert len(read) == 2 * SCENES


def test_a_file_that_cannot_be_read_gives_none_and_the_others_their_answer(folder):
    whole = folder / "1.png"
    doubts = [
        Doubt(folder / "torn.png", whole, False),
        Doubt(whole, folder / "1-cut.png", False),
        Doubt(whole, folder / "vanished.png", True),
        Doubt(folder / "torn.png", folder / "torn.png", False),
    ]
    found = list(Overlay().look(doubts))
    assert [one is None for one in found] == [True, False, True, True]


def test_a_mirror_image_is_found_when_the_hashes_say_so(folder):
    doubts = [Doubt(folder / f"{i}.png", folder / f"{i}-mirrored.png", True) for i in range(SCENES)]
    for found in Overlay().look(doubts):
        assert found.mirrored
        assert copy_probability(found) > 0.9


def test_the_picture_as_it_is_is_tried_where_the_hashes_were_wrong(folder):
    wrong = [Doubt(d.first, d.second, True) for d in cuts(folder)]
    right = list(Overlay().look(cuts(folder)))
    for found, wanted in zip(Overlay().look(wrong), right, strict=True):
        assert facts(found) == facts(wanted)


def test_a_mirrored_cut_is_found_where_nobody_knows_which_way_it_lies(folder, tmp_path):
    for seed in range(SCENES):
        cut = scene(seed, (480, 360)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        cut.crop((120, 60, 480, 360)).save(tmp_path / f"{seed}.png")
    either = [Doubt(folder / f"{i}.png", tmp_path / f"{i}.png", False, True) for i in range(SCENES)]
    for found in Overlay().look(either):
        assert found.mirrored
        assert copy_probability(found) > 0.5
    plain = [dataclasses.replace(doubt, either=True) for doubt in cuts(folder)]
    assert [facts(one) for one in Overlay().look(plain)] == [
        facts(one) for one in Overlay().look(cuts(folder))
    ]


@pytest.mark.parametrize(
    ("bits", "orientation", "said"),
    [
        (0, MIRRORED, True),
        (TRUSTED_BITS, 7, True),
        (TRUSTED_BITS + 1, MIRRORED, False),
        (0, MIRRORED - 1, False),
        (0, 0, False),
    ],
)
def test_only_close_hashes_tell_of_mirrors(bits, orientation, said):
    assert hashes_say_mirrored(bits, orientation) is said


def photo(name: str) -> np.ndarray:
    pytest.importorskip("skimage")
    with Image.open(sample("skimage", f"data/{name}.png")) as picture:
        return np.asarray(picture.convert("RGB"))


def save(pixels: np.ndarray, path: Path) -> None:
    Image.fromarray(pixels).save(path, quality=90)


@pytest.fixture(scope="module")
def edited_album(tmp_path_factory) -> Path:
    """Photographs with a crop, a tilt and a caption, two frames of a pan, and strangers."""
    made = tmp_path_factory.mktemp("edited")
    for name, edit in (
        ("astronaut", "crop_75"),
        ("chelsea", "tilt"),
        ("motorcycle_left", "caption"),
    ):
        save(photo(name), made / f"{name}.jpg")
        save(EDITS[edit](photo(name), 1), made / f"{name}-{edit}.jpg")
    wide = photo("coffee")
    save(wide[:, :500], made / "pan-left.jpg")
    save(wide[:, 100:], made / "pan-right.jpg")
    for seed in range(3):
        scene(seed, (480, 360)).save(made / f"scene-{seed}.jpg")
    return made


def test_duplicates_finds_edits_by_geometry_and_leaves_a_pan_alone(edited_album):
    listed = lookalike.duplicates(edited_album).listed
    assert {frozenset({pair.first, pair.second}) for pair in listed} == {
        frozenset({"astronaut.jpg", "astronaut-crop_75.jpg"}),
        frozenset({"chelsea.jpg", "chelsea-tilt.jpg"}),
        frozenset({"motorcycle_left.jpg", "motorcycle_left-caption.jpg"}),
    }
    rungs = {pair.first.partition("-")[0].partition(".")[0]: pair.verdict for pair in listed}
    for name in ("astronaut", "chelsea"):
        assert str(rungs[name].rung) == "geometry"
        assert "points fall into place" in rungs[name].reason


def test_two_pictures_held_against_each_other_are_laid_over_each_other_too(edited_album):
    def verdict(first: str, second: str):
        (pair,) = lookalike.compare(edited_album / first, edited_album / second).pairs
        return pair.verdict

    mirrored_cut = photo("astronaut")[:400, ::-1][:, 100:]
    save(np.ascontiguousarray(mirrored_cut), edited_album.parent / "mirrored-cut.jpg")
    cut = verdict("astronaut.jpg", "../mirrored-cut.jpg")
    assert (str(cut.level), str(cut.rung)) == ("edited copy", "geometry")
    assert cut.reason.endswith("points fall into place, mirrored")
    crop = verdict("astronaut.jpg", "astronaut-crop_75.jpg")
    assert (str(crop.level), str(crop.rung)) == ("edited copy", "geometry")
    assert str(verdict("pan-left.jpg", "pan-right.jpg").level) == "similar"
    assert not verdict("scene-0.jpg", "scene-1.jpg").is_copy
