from typing import get_args

import pytest
from made_sets import put

from lookalike.datasets.read import LAYOUTS, read
from lookalike.datasets.standard import STANDARD
from lookalike.nouns.errors import InputError
from lookalike.nouns.recipe import Layout


def test_recipes_know_the_same_layouts():
    assert get_args(Layout) == LAYOUTS


def test_the_standard_sets_are_those_that_the_guide_names():
    names = ["cifar100", "fashion-mnist", "imagenette", "indoor67", "mnist", "omniglot"]
    assert sorted(STANDARD) == names
    for known in STANDARD.values():
        for archive in known.archives:
            assert all(url.startswith(("http://", "https://")) for url in archive.urls)
            assert all(url.endswith(f"/{archive.name}") for url in archive.urls)
            for digest in archive.digests:
                algorithm, _, value = digest.partition(":")
                assert len(value) == {"sha256": 64, "sha1": 40, "md5": 32}[algorithm]


@pytest.mark.parametrize(
    ("source", "layout", "mend"),
    [
        ("cifar-100", "auto", "did you mean cifar100?"),
        ("nowhere", "auto", "check the path"),
        ("", "auto", "check the path"),
        (".", "clases", "one of classes"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(source, layout, mend):
    with pytest.raises(InputError) as caught:
        read(source, layout=layout)
    assert caught.value.mend == mend


@pytest.mark.parametrize(
    ("layout", "name"),
    [("manifest", "manifest.csv"), ("pairs", "pairs.csv"), ("triplets", "triplets.txt")],
)
def test_a_layout_that_needs_a_list_says_which(tmp_path, layout, name):
    put(tmp_path, "a/1.jpg", "b/2.jpg", "c/3.jpg")
    with pytest.raises(InputError, match=f"no {name} in it"):
        read(tmp_path, layout=layout)
    (tmp_path / name).write_text(
        {
            "manifest": "path,label\na/1.jpg,x\nb/2.jpg,y\n",
            "pairs": "a,b,same\na/1.jpg,b/2.jpg,1\n",
            "triplets": "a/1 b/2 c/3\n",
        }[layout]
    )
    assert len(read(tmp_path, layout=layout)) in (2, 3)
    assert read(tmp_path / name).paths == read(tmp_path / name, layout=layout).paths


@pytest.mark.parametrize("layout", ["auto", "classes", "unlabelled"])
def test_a_picture_is_no_set(tmp_path, layout):
    put(tmp_path, "1.jpg")
    with pytest.raises(InputError, match="A file cannot be read"):
        read(tmp_path / "1.jpg", layout=layout)


def test_a_folder_of_ones_data_is_found_by_its_name(tmp_path, monkeypatch):
    put(tmp_path / "sets/animals", "cat/1.jpg", "dog/2.jpg")
    put(tmp_path / "here/animals", "ant/1.jpg", "bee/2.jpg")
    monkeypatch.setenv("LOOKALIKE_DATA", str(tmp_path / "sets"))
    monkeypatch.chdir(tmp_path)
    assert read("animals").classes == ("cat", "dog")
    monkeypatch.chdir(tmp_path / "here")
    assert read("animals").classes == ("ant", "bee")


def test_reading_twice_gives_the_same(tmp_path):
    put(tmp_path, *(f"{label}/{i}.jpg" for label in "cab" for i in range(5)))
    one, other = read(tmp_path), read(tmp_path)
    assert one.paths == other.paths == tuple(sorted(one.paths))
    assert one.labels.tolist() == other.labels.tolist()
