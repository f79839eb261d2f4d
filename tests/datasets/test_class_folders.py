import unicodedata

import numpy as np
import pytest
from made_sets import classes_of, parts_of, put

from lookalike.datasets.class_folders import read_class_folders
from lookalike.datasets.read import read
from lookalike.nouns.errors import InputError


def test_a_folder_a_class(tmp_path):
    put(tmp_path, "cat/1.jpg", "cat/deep/2.jpg", "dog/1.jpg", "dog/notes.txt")
    data = read_class_folders(tmp_path)
    assert classes_of(data) == {"cat/1.jpg": "cat", "cat/deep/2.jpg": "cat", "dog/1.jpg": "dog"}
    assert data.classes == ("cat", "dog")
    assert set(parts_of(data).values()) == {""}
    assert data.unseen == ()


@pytest.mark.parametrize("word", ["val", "valid", "validation", "Val"])
def test_parts_are_folders_around_the_classes(tmp_path, word):
    put(tmp_path, "train/cat/1.jpg", "train/dog/1.jpg", f"{word}/cat/2.jpg", "test/dog/3.jpg")
    put(tmp_path, "test/owl/4.jpg", "spare/5.jpg", "6.jpg")
    data = read(tmp_path)
    assert parts_of(data) == {
        "train/cat/1.jpg": "train",
        "train/dog/1.jpg": "train",
        f"{word}/cat/2.jpg": "validation",
        "test/dog/3.jpg": "test",
        "test/owl/4.jpg": "test",
    }
    assert data.classes == ("cat", "dog", "owl")
    assert [data.classes[place] for place in data.unseen] == ["owl"]


def test_a_class_called_train_is_a_class(tmp_path):
    put(tmp_path, "train/1.jpg", "bus/1.jpg", "plane/1.jpg")
    assert read(tmp_path).classes == ("bus", "plane", "train")


def test_whole_numbers_are_classes_in_order_of_number(tmp_path):
    put(tmp_path, *(f"{number}/a.jpg" for number in (0, 2, 10, 1)))
    assert read(tmp_path).classes == ("0", "1", "2", "10")


def test_one_class_in_two_normal_forms_is_one_class(tmp_path):
    composed, split = (unicodedata.normalize(form, "café") for form in ("NFC", "NFD"))
    put(tmp_path, f"train/{composed}/1.jpg", f"test/{split}/2.jpg", "train/tea/3.jpg")
    data = read(tmp_path)
    assert data.classes == (composed, "tea")
    assert all(data.path(row).exists() for row in range(len(data)))


def test_an_empty_class_is_named(tmp_path):
    put(tmp_path, "cat/1.jpg", "dog/1.jpg")
    (tmp_path / "owl").mkdir()
    with pytest.raises(InputError, match="no picture: owl"):
        read(tmp_path)


def test_a_class_may_be_empty_in_one_part(tmp_path):
    put(tmp_path, "train/cat/1.jpg", "train/dog/1.jpg", "test/cat/2.jpg")
    (tmp_path / "test/dog").mkdir()
    assert len(read(tmp_path)) == 3
    (tmp_path / "test/owl").mkdir()
    with pytest.raises(InputError, match="owl"):
        read(tmp_path)


def test_one_class_only_is_refused_with_the_way_out(tmp_path):
    put(tmp_path, "cat/1.jpg", "cat/2.jpg")
    with pytest.raises(InputError, match="one class only, 'cat'") as caught:
        read(tmp_path)
    assert "unlabelled" in caught.value.mend
    assert len(read(tmp_path, layout="unlabelled")) == 2


def test_strays_beside_classes_are_named_and_counted(tmp_path):
    put(tmp_path, *(f"{label}/{i}.jpg" for label in "ab" for i in range(9)))
    put(tmp_path, "stray1.jpg", "stray2.jpg", "stray3.jpg", "stray4.jpg")
    with pytest.raises(
        InputError, match=r"4 pictures .*stray1.jpg, stray2.jpg, stray3.jpg, \.\.\."
    ):
        read(tmp_path)


def test_mostly_loose_pictures_are_unlabelled(tmp_path):
    put(tmp_path, "1.jpg", "2.jpg", "trip/3.jpg")
    data = read(tmp_path)
    assert data.classes == ()
    assert (data.labels == -1).all()
    assert data.paths == ("1.jpg", "2.jpg", "trip/3.jpg")


def test_a_folder_without_pictures_is_an_error(tmp_path):
    put(tmp_path, "a/readme.txt")
    for layout in ("auto", "classes", "unlabelled"):
        with pytest.raises(InputError, match="no picture"):
            read(tmp_path, layout=layout)


def test_no_picture_is_asked_for(tmp_path, monkeypatch):
    put(tmp_path, *(f"{label}/{i}.jpg" for label in "ab" for i in range(50)))
    asked = []
    for name in ("stat", "lstat", "open"):
        plain = getattr(__import__("os"), name)
        monkeypatch.setattr(
            f"os.{name}",
            lambda path, *a, _f=plain, **k: (asked.append(str(path)), _f(path, *a, **k))[1],
        )
    data = read_class_folders(tmp_path)
    assert np.bincount(data.labels).tolist() == [50, 50]
    assert not [path for path in asked if path.endswith(".jpg")]
