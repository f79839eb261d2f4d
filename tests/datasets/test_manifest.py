import os
import unicodedata

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from made_sets import classes_of, parts_of, put

from lookalike.datasets.manifest import read_manifest, write_manifest
from lookalike.datasets.read import read
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import Labelled


def manifest(folder, text: str, name: str = "manifest.csv"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def test_all_columns(tmp_path):
    put(tmp_path, "1.jpg", "a/2.jpg", "3.jpg", "4.jpg")
    path = manifest(
        tmp_path,
        "path,label,split,group,colour\n1.jpg,cat,train,anna,red\na/2.jpg,dog,Valid,,blue\n"
        "3.jpg,,test,anna,\n4.jpg,cat,,bob,\n",
    )
    data = read_manifest(path)
    assert classes_of(data) == {"1.jpg": "cat", "a/2.jpg": "dog", "3.jpg": None, "4.jpg": "cat"}
    assert list(parts_of(data).values()) == ["train", "validation", "test", ""]
    assert data.groups[0] == data.groups[2] != data.groups[3]
    assert data.groups[1] == -1
    assert data.root == tmp_path


def test_the_manifest_of_a_folder_wins(tmp_path):
    put(tmp_path, "cat/1.jpg", "dog/2.jpg", "owl/3.jpg")
    manifest(tmp_path, "path,label\ncat/1.jpg,x\ndog/2.jpg,y\n")
    assert read(tmp_path).classes == ("x", "y")
    assert read(tmp_path, layout="classes").classes == ("cat", "dog", "owl")


def test_paths_of_other_systems(tmp_path):
    composed, split = (unicodedata.normalize(form, "café é.jpg") for form in ("NFC", "NFD"))
    put(tmp_path, "a/1.jpg", f"ü/{composed}", "b/3.jpg")
    elsewhere = put(tmp_path / "other", "4.jpg") / "4.jpg"
    absolute = tmp_path / "set" / "5.jpg"
    put(absolute.parent, "5.jpg")
    listed = unicodedata.normalize("NFD", "ü")
    path = manifest(
        tmp_path / "set",
        f"path,label\n..\\a\\1.jpg,x\n../{listed}/{split},y\n./../b//3.jpg,x\n{elsewhere},y\n"
        f"{absolute},x\n",
    )
    data = read_manifest(path)
    assert data.paths[0] == "../a/1.jpg"
    assert data.paths[2:] == ("../b/3.jpg", elsewhere.as_posix(), "5.jpg")
    assert all(data.path(row).is_file() for row in range(5))


@pytest.mark.skipif(os.sep == "\\", reason="no name has a backslash there")
def test_a_backslash_in_a_name_is_tried_first(tmp_path):
    put(tmp_path, "a\\1.jpg", "a/1.jpg", "b.jpg")
    path = manifest(tmp_path, "path,label\na\\1.jpg,x\nb.jpg,y\n")
    assert read_manifest(path).paths[0] == "a\\1.jpg"


def test_missing_pictures_are_counted_and_the_first_three_named(tmp_path):
    put(tmp_path, "1.jpg")
    lines = "".join(f"gone{i}.jpg,{i % 2}\n" for i in range(5))
    path = manifest(tmp_path, f"path,label\n1.jpg,0\n{lines}")
    with pytest.raises(InputError) as caught:
        read_manifest(path)
    assert "5 of 6 pictures are not there: gone0.jpg, gone1.jpg, gone2.jpg, ..." in str(
        caught.value
    )
    assert str(tmp_path) in caught.value.mend


@pytest.mark.parametrize(
    ("rows", "what", "mend"),
    [
        ("1.jpg,cat,\n2.jpg,cat,", "one class only, 'cat'", "unlabelled"),
        ("1.jpg,,\n2.jpg,,", "No picture has a class", "unlabelled"),
        ("1.jpg,cat,trian\n2.jpg,dog,test", "'trian' is no part", "write train"),
        ("1.jpg,cat,train\n1.jpg,dog,train", "again, with label 'dog'; line 2", "one class"),
        ("1.jpg,cat,train\n./1.jpg,cat,test\n2.jpg,dog,", "again, with split 'test'", "one part"),
        (",cat,\n2.jpg,dog,", "path is empty", "fill in"),
    ],
)
def test_bad_lines_are_told(tmp_path, rows, what, mend):
    put(tmp_path, "1.jpg", "2.jpg")
    path = manifest(tmp_path, f"path,label,split\n{rows}\n")
    with pytest.raises(InputError, match=what) as caught:
        read_manifest(path)
    assert mend in caught.value.mend


def test_a_picture_listed_twice_alike_counts_once(tmp_path):
    put(tmp_path, "1.jpg", "2.jpg")
    path = manifest(tmp_path, "path,label\n1.jpg,cat\n2.jpg,dog\n1.jpg,cat\n")
    assert read_manifest(path).paths == ("1.jpg", "2.jpg")


def test_no_column_of_labels_suggests_one(tmp_path):
    put(tmp_path, "1.jpg")
    manifest(tmp_path, "path,category\n1.jpg,cat\n")
    with pytest.raises(InputError, match="rename 'category' to 'label'"):
        read(tmp_path)


def test_no_picture_is_asked_for(tmp_path, monkeypatch):
    names = [f"{i % 5}/{i}.jpg" for i in range(100)]
    put(tmp_path, *names)
    path = manifest(tmp_path, "path,label\n" + "".join(f"{n},{n[0]}\n" for n in names))
    monkeypatch.setattr("os.path.isfile", lambda path: pytest.fail(f"asked for {path}"))
    assert len(read_manifest(path)) == 100


@given(
    labels=st.lists(st.integers(-1, 3), min_size=2, max_size=9),
    seed=st.integers(0, 99),
    grouped=st.booleans(),
)
def test_a_written_manifest_reads_as_the_same_set(tmp_path_factory, labels, seed, grouped):
    names, rng = ("a, b", 'c"d', "é;", "f\tg"), np.random.default_rng(seed)
    used = sorted({label for label in labels if label >= 0})
    assume(len(used) > 1)
    folder, n = tmp_path_factory.mktemp("m"), len(labels)
    paths = tuple(f"{i},ü;.jpg" for i in range(n))
    put(folder, *paths)
    data = Labelled(
        name=folder.name,
        root=folder,
        paths=paths,
        labels=np.array([used.index(label) if label >= 0 else -1 for label in labels], np.int64),
        classes=tuple(sorted(names[label] for label in used)),
        parts=rng.integers(0, 4, n),
        groups=rng.integers(0, 3, n) if grouped else np.full(n, -1),
    )
    write_manifest(data)
    again = read(folder)
    assert classes_of(again) == classes_of(data)
    assert parts_of(again) == parts_of(data)
    assert (again.groups[:, None] == again.groups).tolist() == (
        data.groups[:, None] == data.groups
    ).tolist()
