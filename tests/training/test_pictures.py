"""The store of decoded pictures: kept in one file, made once, honest about failures."""

import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from picture_sets import picture
from PIL import Image

from lookalike.nouns.errors import InputError, UnreadableImage
from lookalike.training.pictures import PictureStore, open_pictures
from lookalike.training.pictures_file import mapped, writing

BROKEN = 3


def read(path: Path, short_side_px: int):
    """A plain function, as worker processes need."""
    if path.stem == "broken":
        raise UnreadableImage("It is torn", where=str(path))
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


class Counted:
    def __init__(self):
        self.paths = []

    def __call__(self, path, short_side_px):
        self.paths.append(path)
        return read(path, short_side_px)


@pytest.fixture
def paths(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    names = [f"{row}.png" for row in range(7)]
    names[BROKEN] = "broken.png"
    for row, name in enumerate(names):
        Image.fromarray(picture(row, (10 + row, 30))).save(folder / name)
    return [*(folder / name for name in names), folder / "gone.png"]


def check(store, count=8):
    assert len(store) == count and set(store.failures) == {BROKEN, 7}
    assert store.failures[BROKEN] == "It is torn" and "No such file" in store.failures[7]
    assert store.readable(np.array([7, 6, 3, 0])).tolist() == [6, 0]
    for row in range(7):
        if row != BROKEN:
            assert np.array_equal(store.get(row), picture(row, (10 + row, 30)))
            assert not store.get(row).flags.writeable
    with pytest.raises(UnreadableImage, match="torn"):
        store.get(BROKEN)


def make(paths, tmp_path, reader=read, **options):
    return open_pictures(paths, reader, short_side_px=16, folder=tmp_path / "cache", **options)


def test_pictures_are_decoded_once_and_then_at_hand(paths, tmp_path):
    counted, told = Counted(), []
    store = make(paths, tmp_path, counted, progress=lambda done, n: told.append((done, n)))
    check(store)
    assert store.cached and told == [(row + 1, 8) for row in range(8)]
    asked = len(counted.paths)
    again = make(paths, tmp_path, counted)
    check(again)
    assert len(counted.paths) == asked
    assert [p.suffix for p in (tmp_path / "cache").iterdir() if p.suffix != ".lock"] == [".bin"]


def test_a_copy_in_another_process_maps_the_same_file(paths, tmp_path):
    store = make(paths, tmp_path)
    sent = pickle.dumps(store)
    assert len(sent) < 2000
    check(pickle.loads(sent))
    check(pickle.loads(pickle.dumps(make(paths, tmp_path, limit_bytes=0))))


@pytest.mark.parametrize("limit_bytes", [0, 900, 5000])
def test_beyond_the_limit_pictures_are_read_when_wanted(paths, tmp_path, limit_bytes):
    counted = Counted()
    store = make(paths, tmp_path, counted, limit_bytes=limit_bytes)
    assert not store.cached
    check(store)
    asked = len(counted.paths)
    store.get(0)
    assert len(counted.paths) == asked + 1
    assert all(p.stat().st_size < 900 for p in (tmp_path / "cache").iterdir())
    make(paths, tmp_path, counted, limit_bytes=limit_bytes)
    assert len(counted.paths) == asked + 1
    assert make(paths, tmp_path, counted).cached


def test_a_guess_that_was_too_low_leaves_nothing_behind(paths, tmp_path):
    many = [*paths[:1] * 32, *paths[6:7] * 40]
    # 32 probes are spread over all; the limit lies between their guess and the truth.
    small = make(paths[:1] * 32, tmp_path).get(0).size
    limit = int(0.5 * small * len(many))
    store = make(many, tmp_path, limit_bytes=limit)
    assert not store.cached and np.array_equal(store.get(70), read(paths[6], 16))
    assert not list((tmp_path / "cache").glob("*.partial"))


@pytest.mark.parametrize("change", ["content", "time", "name", "side"])
def test_whatever_changes_makes_a_new_cache(paths, tmp_path, change):
    make(paths, tmp_path)
    side = 16
    if change == "content":
        Image.fromarray(picture(99, (64, 64))).save(paths[0])
    elif change == "time":
        os.utime(paths[0], (1, 1))
    elif change == "name":
        paths = [paths[0].rename(paths[0].with_name("other.png")), *paths[1:]]
    else:
        side = 17
    counted = Counted()
    open_pictures(paths, counted, short_side_px=side, folder=tmp_path / "cache")
    assert counted.paths


def test_a_broken_off_making_is_begun_anew(paths, tmp_path):
    def breaks(path, short_side_px):
        if path == paths[5]:
            raise KeyboardInterrupt
        return read(path, short_side_px)

    with pytest.raises(KeyboardInterrupt):
        make(paths, tmp_path, breaks)
    check(make(paths, tmp_path))


def test_of_several_makers_one_makes_it(paths, tmp_path):
    counted = Counted()
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: make(paths, tmp_path, counted), range(4)))
    for store in stores:
        check(store)
    alone = Counted()
    open_pictures(paths, alone, short_side_px=16, folder=tmp_path / "other")
    assert len(counted.paths) == len(alone.paths)


def test_pictures_in_memory():
    kept = [picture(row, (5 + row, 9)) for row in range(4)]
    store = PictureStore.of(kept)
    for other in (store, pickle.loads(pickle.dumps(store))):
        assert len(other) == 4 and not other.failures
        assert all(np.array_equal(other.get(row), pixels) for row, pixels in enumerate(kept))
    assert len(PictureStore.of([])) == 0


def test_an_empty_list_and_one_of_failures_only(paths, tmp_path):
    assert len(make([], tmp_path)) == 0
    store = make([paths[BROKEN]], tmp_path)
    assert len(store) == 1 and not len(store.readable(np.array([0])))


@pytest.mark.parametrize("wrong", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3))])
def test_pixels_that_are_no_rgb_count_as_unreadable(paths, tmp_path, wrong):
    store = make(paths[:1], tmp_path, lambda path, side: wrong)
    assert "not RGB" in store.failures[0]


def test_what_cannot_be_opened_is_refused(paths, tmp_path):
    with pytest.raises(InputError):
        open_pictures(paths, read, short_side_px=0, folder=tmp_path)
    with pytest.raises(InputError) as caught:
        open_pictures(paths, read, short_side_px=16, folder=paths[0] / "below a file")
    assert caught.value.mend


@pytest.mark.parametrize("damage", ["cut", "empty", "other"])
def test_a_damaged_file_is_named(tmp_path, damage):
    path = tmp_path / "pictures.bin"
    with writing(path, 16) as file:
        file.add(picture(0), keep_pixels=True)
        file.finish()
    whole = path.read_bytes()
    path.write_bytes({"cut": whole[100:], "empty": b"", "other": whole[:-1] + b"\1"}[damage])
    with pytest.raises(InputError) as caught:
        mapped(path)
    assert caught.value.where == str(path) and caught.value.mend
