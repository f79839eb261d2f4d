"""The standard sets: a tiny stand-in of each official archive, served from this machine."""

import threading
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from made_sets import cifar_archive, classes_of, idx, parts_of, put, tarred, zipped
from PIL import Image

from lookalike.datasets.extract import extract
from lookalike.datasets.read import read
from lookalike.datasets.standard import STANDARD
from lookalike.nouns.errors import InputError

GREY = np.arange(7 * 28 * 28).reshape(7, 28, 28) % 251


def contents(name: str) -> dict[str, bytes]:
    """The archives of a set in small."""
    if name == "cifar100":
        return {"cifar-100-python.tar.gz": cifar_archive(np.random.default_rng(2))[0]}
    if name == "omniglot":
        drawings = {
            half: zipped(
                {
                    f"images_{half}/{alphabet}/character0{c}/000{c}_0{d}.png": b"png"
                    for alphabet in alphabets
                    for c in (1, 2)
                    for d in (1, 2)
                }
            )
            for half, alphabets in (
                ("background", ["Greek", "Latin"]),
                ("evaluation", ["Tifinagh"]),
            )
        }
        return {f"images_{half}.zip": content for half, content in drawings.items()}
    if name == "imagenette":
        members = {
            f"imagenette2-320/{part}/{wnid}/{wnid}_{i}.JPEG": b"jpeg"
            for part, n in (("train", 3), ("val", 2))
            for wnid in ("n01440764", "n02102040")
            for i in range(n)
        }
        return {"imagenette2-320.tgz": tarred(members | {"imagenette2-320/noisy.csv": b"x"})}
    if name == "indoor67":
        members = {
            f"Images/{label}/{label} ü{i}.jpg": b"jpg" for label in ("bar", "gym") for i in range(4)
        }
        lists = {
            f"{part}Images.txt": "".join(
                f"{label}/{label} ü{i}.jpg{end}" for label in ("bar", "gym") for i in rows
            ).encode()
            for part, rows, end in (("Train", (0, 1), "\n"), ("Test", (2,), "\r\n"))
        }
        return {"indoorCVPR_09.tar": tarred(members, "w"), **lists}
    labels = np.array([3, 1, 4, 1, 5, 3, 3])
    return {
        "train-images-idx3-ubyte.gz": idx(GREY[:5]),
        "train-labels-idx1-ubyte.gz": idx(labels[:5]),
        "t10k-images-idx3-ubyte.gz": idx(GREY[5:]),
        "t10k-labels-idx1-ubyte.gz": idx(labels[5:]),
    }


WANTED = {
    "cifar100": ({"apple", "bear"}, {"train": 4, "test": 2}, set()),
    "mnist": ({"1", "3", "4", "5"}, {"train": 5, "test": 2}, set()),
    "fashion-mnist": ({"1", "3", "4", "5"}, {"train": 5, "test": 2}, set()),
    "omniglot": (
        {f"{a}/character0{c}" for a in ("Greek", "Latin", "Tifinagh") for c in (1, 2)},
        {"train": 8, "test": 4},
        {"Tifinagh/character01", "Tifinagh/character02"},
    ),
    "imagenette": ({"n01440764", "n02102040"}, {"train": 6, "test": 4}, set()),
    "indoor67": ({"bar", "gym"}, {"train": 4, "test": 2, "": 2}, set()),
}


def check(name: str) -> None:
    data = read(name)
    classes, parts, unseen = WANTED[name]
    assert data.name == name
    assert set(data.classes) == classes
    assert Counter(parts_of(data).values()) == parts
    assert {data.classes[place] for place in data.unseen} == unseen
    assert all(data.path(row).is_file() for row in range(len(data)))


@pytest.fixture(params=sorted(WANTED))
def name(request, server, monkeypatch):
    """A set whose archives this machine serves."""
    known = STANDARD[request.param]
    archives = tuple(server.archive(*item) for item in contents(request.param).items())
    assert {archive.name for archive in archives} == {archive.name for archive in known.archives}
    monkeypatch.setitem(STANDARD, request.param, replace(known, archives=archives))
    return request.param


def test_each_is_fetched_unpacked_and_read_once(name, server, tmp_path):
    check(name)
    asked = len(server.asked)
    assert asked == len(STANDARD[name].archives)
    check(name)
    assert len(server.asked) == asked
    assert (tmp_path / "cache" / name / "manifest.csv").is_file()
    assert not list((tmp_path / "cache").glob(f".{name}-*"))


def test_archives_of_ones_own_are_used_before_any_fetching(name, server, tmp_path, monkeypatch):
    (tmp_path / "data" / name).mkdir(parents=True)
    for file, content in contents(name).items():
        (tmp_path / "data" / name / file).write_bytes(content)
    monkeypatch.setenv("LOOKALIKE_DATA", str(tmp_path / "data"))
    check(name)
    assert server.asked == []


def test_a_copy_of_ones_own_comes_first(name, server, tmp_path, monkeypatch):
    check(name)
    (tmp_path / "cache" / name).rename(tmp_path / name)
    monkeypatch.setenv("LOOKALIKE_DATA", str(tmp_path))
    server.asked.clear()
    check(name)
    (tmp_path / name / "manifest.csv").unlink()
    (tmp_path / name / ".complete").unlink()
    check(name)  # as the official archives unpack
    assert server.asked == []
    assert read(name).root.is_relative_to(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "folder"),
    [("imagenette", "imagenette2"), ("omniglot", "omniglot-py"), ("indoor67", "indoorCVPR_09")],
)
def test_official_folders_are_known_by_their_own_names(tmp_path, monkeypatch, name, folder):
    for file, content in contents(name).items():
        (tmp_path / file).write_bytes(content)
        if file.endswith(".txt"):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / file).write_bytes(content)
        else:
            extract(tmp_path / file, tmp_path / folder)
        (tmp_path / file).unlink()
    if name == "imagenette":
        (tmp_path / folder / "imagenette2-320").rename(tmp_path / "imagenette2-320")
        (tmp_path / folder).rmdir()
        (tmp_path / "imagenette2-320").rename(tmp_path / folder)
    monkeypatch.setenv("LOOKALIKE_DATA", str(tmp_path))
    check(name)


def test_the_lists_of_indoor67_are_asked_for(tmp_path, monkeypatch):
    put(tmp_path / "indoor67/Images", "bar/1.jpg", "gym/2.jpg")
    monkeypatch.setenv("LOOKALIKE_DATA", str(tmp_path))
    with pytest.raises(InputError, match=r"no TrainImages\.txt.*torralba"):
        read("indoor67")
    (tmp_path / "indoor67/TrainImages.txt").write_text("bar/1.jpg\nbar/9.jpg\n")
    with pytest.raises(InputError, match=r"1 of 2 pictures are not there: bar/9\.jpg"):
        read("indoor67")


def test_pictures_survive_the_way(server, tmp_path, monkeypatch):
    known = STANDARD["mnist"]
    archives = tuple(server.archive(*item) for item in contents("mnist").items())
    monkeypatch.setitem(STANDARD, "mnist", replace(known, archives=archives))
    data = read("mnist")
    assert classes_of(data)["test/3/00001.png"] == "3"
    with Image.open(data.root / "test/3/00001.png") as picture:
        assert (np.asarray(picture) == GREY[6]).all()


def test_a_folder_that_is_laid_out_otherwise_is_told(tmp_path, monkeypatch):
    put(tmp_path / "mnist", "pictures/1.jpg")
    monkeypatch.setenv("LOOKALIKE_DATA", str(tmp_path))
    with pytest.raises(InputError, match="not laid out like mnist"):
        read("mnist")


def test_damaged_archives_of_ones_own_are_told(tmp_path, monkeypatch):
    (tmp_path / "cifar100").mkdir()
    (tmp_path / "cifar100/cifar-100-python.tar.gz").write_bytes(b"damaged")
    monkeypatch.setenv("LOOKALIKE_DATA", str(tmp_path))
    with pytest.raises(InputError, match="not the archive that it should be"):
        read("cifar100")
    assert not (tmp_path / "cache/cifar100").exists()


def test_without_a_network_the_error_says_where_to_put_the_archive(tmp_path, monkeypatch):
    known = STANDARD["imagenette"]
    archive = replace(known.archives[0], urls=("http://127.0.0.1:1/imagenette2-320.tgz",))
    monkeypatch.setitem(STANDARD, "imagenette", replace(known, archives=(archive,)))
    with pytest.raises(InputError) as caught:
        read("imagenette")
    place = tmp_path / "cache/archives/imagenette/imagenette2-320.tgz"
    assert str(place) in caught.value.mend
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(contents("imagenette")["imagenette2-320.tgz"])
    with pytest.raises(InputError, match="not the archive"):
        read("imagenette")  # the stand-in has another hash than the real one


def test_an_older_layout_is_made_anew(name, server, tmp_path):
    check(name)
    (tmp_path / "cache" / name / ".complete").write_text("layout 0\n")
    (tmp_path / "cache" / name / "leftover.jpg").touch()
    check(name)
    assert not (tmp_path / "cache" / name / "leftover.jpg").exists()


def test_unpacking_that_fails_leaves_nothing_behind(server, tmp_path, monkeypatch):
    known = STANDARD["omniglot"]
    content = {"images_background.zip": zipped({"../evil.png": b""})}
    content["images_evaluation.zip"] = contents("omniglot")["images_evaluation.zip"]
    archives = tuple(server.archive(*item) for item in content.items())
    monkeypatch.setitem(STANDARD, "omniglot", replace(known, archives=archives))
    with pytest.raises(InputError, match="leads out"):
        read("omniglot")
    left = [p.relative_to(tmp_path / "cache") for p in (tmp_path / "cache").rglob("*.png")]
    assert left == []
    assert not (tmp_path / "cache/omniglot").exists()


def test_two_at_once_make_it_once(name, server, monkeypatch):
    found, made, known = [], [], STANDARD[name]

    def counted(files, target):
        made.append(target)
        known.unpack(files, target)

    monkeypatch.setitem(STANDARD, name, replace(known, unpack=counted))
    threads = [threading.Thread(target=lambda: found.append(read(name))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len({data.paths for data in found}) == 1
    assert len(made) == 1
    assert len(server.asked) == len(STANDARD[name].archives)


def test_a_standard_set_may_be_read_without_labels_only(name):
    data = read(name, layout="unlabelled")
    assert data.classes == ()
    assert (data.labels == -1).all()
    assert Counter(parts_of(data).values()) == WANTED[name][1]
    with pytest.raises(InputError, match="cannot be read with layout 'pairs'"):
        read(name, layout="pairs")


def test_a_cache_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LOOKALIKE_CACHE", str(tmp_path / "file"))
    with pytest.raises(InputError, match="mnist cannot be unpacked") as caught:
        read("mnist")
    assert "LOOKALIKE_CACHE" in caught.value.mend
