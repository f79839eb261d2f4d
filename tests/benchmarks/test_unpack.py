"""benchmarks/unpack.py on tiny archives made by code."""

import csv
import hashlib
import importlib.util
import io
import json
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "unpack.py"


@pytest.fixture
def unpack(monkeypatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("unpack_script", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "unpack_script", script)
    spec.loader.exec_module(script)
    return script


@pytest.fixture
def source(tmp_path, unpack, monkeypatch) -> Path:
    """A folder of all the archives, a few pictures in each, and their true checksums."""
    folder = tmp_path / "archives"
    (folder / "cifar100").mkdir(parents=True)
    (folder / "weights").mkdir()
    fill_photos(folder)
    fill_cifar100(folder)
    fill_arrays(folder)
    for name in unpack.CHECKSUMS:
        path = folder / name
        if name.startswith("weights/"):
            path.write_bytes(name.encode())
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        monkeypatch.setitem(unpack.CHECKSUMS, name, digest)
    return folder


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("LOOKALIKE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def picture(shade: int, size: tuple[int, int] = (8, 6), kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, (shade, 255 - shade, shade)).save(stream, kind, lossless=True)
    return stream.getvalue()


def zip_of(path: Path, members: dict[str, bytes | str]) -> None:
    with zipfile.ZipFile(path, "w") as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)


def fill_photos(folder: Path) -> None:
    tables = {
        "clothing": "path,label,sender_id\nhat/a.png,hat,7\nhat/b.png,hat,9\n",
        "flowers": "path,label,credit\ndaisy/a.png,daisy,by A\ndaisy/b.png,daisy,by B\n",
        "weather": "path,label\nrain/a.png,rain\nrain/b.png,rain\n",
        "groceries": (
            "path,label,coarse_label,kind\n"
            "iconic/Pear.png,Pear,Fruit,iconic\n"
            "natural/Pear/Pear_1.png,Pear,Fruit,natural\n"
        ),
        "imagenet_sample": "path,class_index,wnid,name\n0_n1.png,0,n1,tench\n1_n2.png,1,n2,eel\n",
        "tiny_imagenet": "path,label\nn1/a.png,n1\nn2/b.png,n2\n",
    }
    for name, table in tables.items():
        paths = [line.split(",")[0] for line in table.splitlines()[1:]]
        shades = {path: picture(40 * number) for number, path in enumerate(paths)}
        zip_of(folder / f"{name}.zip", {"labels.csv": table, **shades})
    for name, table in (("neardup", "groups"), ("historical", "pairs"), ("weird", "manifest")):
        zip_of(folder / f"{name}.zip", {f"{table}.csv": "path\nx/a.png\n", "x/a.png": picture(9)})


def fill_cifar100(folder: Path) -> None:
    room = folder / "cifar100"
    (room / "superclasses.csv").write_text("index,class,superclass\n0,bee,insects\n1,cup,food\n")
    parts = {"train_00-49": "00_bee", "train_50-99": "01_cup", "test": "00_bee"}
    for archive, member in parts.items():
        strip = np.zeros((64, 32, 3), np.uint8)
        strip[32:] = 200
        stream = io.BytesIO()
        Image.fromarray(strip).save(stream, "WEBP", lossless=True)
        zip_of(room / f"{archive}.zip", {f"{member}.webp": stream.getvalue()})
    names = {"train/bee": ["b1", "b2"], "train/cup": ["c1", "c2"], "test/bee": ["t1", "t2"]}
    zip_of(room / "names.zip", {"original_names.json": json.dumps(names)})


def fill_arrays(folder: Path) -> None:
    numbers = np.random.default_rng(3)
    digits = {"train_images": (4, 28, 28), "test_images": (2, 28, 28)}
    arrays = {k: numbers.integers(0, 256, s, np.uint8) for k, s in digits.items()}
    labels = {"train_labels": np.uint8([3, 1, 3, 0]), "test_labels": np.uint8([3, 1])}
    np.savez(folder / "mnist.npz", **arrays, **labels)
    inks = {"background": (2, 3), "evaluation": (1, 3), "runs_train": (1, 2), "runs_test": (1, 2)}
    drawings = {
        k: np.packbits(numbers.integers(0, 2, (*s, 105, 105), np.uint8), axis=-1)
        for k, s in inks.items()
    }
    np.savez(
        folder / "omniglot.npz",
        background_alphabet=np.array(["Greek", "Latin"]),
        background_character=np.array(["character01/0001", "character01/0002"]),
        evaluation_alphabet=np.array(["Tengwar"]),
        evaluation_character=np.array(["character01/0003"]),
        runs_label=np.array([[1, 0]]),
        **drawings,
    )


def rows_of(table: Path) -> list[dict[str, str]]:
    with table.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_set_is_unpacked_and_every_manifest_row_is_a_picture(unpack, source, data, capsys):
    assert unpack.main([str(source)]) == 0
    assert {path.parent.name for path in data.glob("*/.complete")} == set(unpack.SETS)
    for manifest in data.glob("*/manifest.csv"):
        for row in rows_of(manifest):
            with Image.open(manifest.parent / row["path"]) as opened:
                opened.load()
            if "label" in row:
                assert f"{row['label']}/" in row["path"]
    assert not list(data.glob(".unpack-*"))
    assert "omniglot: unpacked" in capsys.readouterr().out


def test_tables_keep_splits_groups_and_superclasses(unpack, source, data):
    unpack.main([str(source), "--only", "clothing", "cifar100", "groceries", "imagenet-sample"])
    assert [row["group"] for row in rows_of(data / "clothing/manifest.csv")] == ["7", "9"]
    cifar = {row["path"]: row for row in rows_of(data / "cifar100/manifest.csv")}
    assert cifar["test/bee/t1.png"]["split"] == "test"
    assert cifar["train/cup/c2.png"]["superclass"] == "food"
    assert (data / "groceries/iconic/Pear/Pear.png").is_file()
    assert rows_of(data / "imagenet-sample/manifest.csv")[1]["name"] == "eel"


def test_pixels_survive(unpack, source, data):
    unpack.main([str(source), "--only", "mnist", "omniglot", "cifar100"])
    digits = np.load(source / "mnist.npz")
    with Image.open(data / "mnist/train/3/00002.png") as opened:
        assert np.array_equal(np.asarray(opened), digits["train_images"][2])
    drawings = np.load(source / "omniglot.npz")
    ink = np.unpackbits(drawings["background"], axis=-1)[1, 2, :, :105]
    with Image.open(data / "omniglot/background/Latin/character01/0002_03.png") as opened:
        assert np.array_equal(np.asarray(opened), ink == 0)
    with Image.open(data / "cifar100/train/bee/b2.png") as opened:
        assert opened.getextrema() == ((200, 200),) * 3


def test_one_shot_answers_name_the_class_that_was_asked(unpack, source, data):
    unpack.main([str(source), "--only", "omniglot"])
    answers = [row["answer"] for row in rows_of(data / "omniglot/runs.csv")]
    assert answers == ["runs/01/class/02.png", "runs/01/class/01.png"]
    assert all((data / "omniglot" / answer).is_file() for answer in answers)


def test_weights_and_tables_of_their_own_are_copied_byte_for_byte(unpack, source, data):
    unpack.main([str(source), "--only", "weights", "weird"])
    copied = {path.name: path.read_bytes() for path in (data / "weights").glob("*.*")}
    assert copied.pop(".complete", None) is not None
    assert copied == {path.name: path.read_bytes() for path in (source / "weights").iterdir()}
    assert (data / "weird/manifest.csv").read_text() == "path\nx/a.png\n"


def test_a_finished_set_is_left_alone_and_an_outdated_one_made_anew(
    unpack, source, data, monkeypatch, capsys
):
    command = [str(source), "--only", "weather"]
    unpack.main(command)
    (data / "weather/rain/a.png").write_bytes(b"mine")
    unpack.main(command)
    assert (data / "weather/rain/a.png").read_bytes() == b"mine"
    assert "weather: there already" in capsys.readouterr().out
    monkeypatch.setattr(unpack, "LAYOUT", unpack.LAYOUT + 1)
    unpack.main(command)
    assert (data / "weather/rain/a.png").read_bytes() == picture(0)


def test_a_damaged_archive_is_refused_by_name(unpack, source, data, capsys):
    with (source / "weather.zip").open("ab") as stream:
        stream.write(b"x")
    assert unpack.main([str(source), "--only", "weather"]) == 2
    said = capsys.readouterr().err
    assert "weather.zip" in said
    assert "SHA-256" in said
    assert not (data / "weather").exists()


def test_a_run_that_breaks_leaves_nothing_behind(unpack, source, data, monkeypatch):
    monkeypatch.setattr(unpack, "_manifest", lambda target, rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        unpack.main([str(source), "--only", "weather"])
    assert list(data.iterdir()) == []


def test_what_the_person_can_mend_is_said_without_a_traceback(
    unpack, source, data, monkeypatch, capsys, tmp_path
):
    assert unpack.main([str(tmp_path / "nowhere"), "--only", "weather"]) == 2
    assert "is SOURCE the right folder?" in capsys.readouterr().err
    (data / "weather").mkdir(parents=True)
    assert unpack.main([str(source), "--only", "weather"]) == 2
    assert "was not made by this script" in capsys.readouterr().err
    monkeypatch.delenv("LOOKALIKE_DATA")
    assert unpack.main([str(source)]) == 2
    assert "LOOKALIKE_DATA is not set" in capsys.readouterr().err
