"""What a user can do wrong is told in two lines with exit code 2, never as a traceback."""

import csv
import io
import json
import os
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from scenes import scene

import lookalike
from lookalike.cli.main import main
from lookalike.store.layout import DATABASE


def run(*words: str | Path) -> Result:
    """The command as typed, in this process."""
    return CliRunner().invoke(main, [str(word) for word in words])


def assert_told(result: Result, *words: str) -> None:
    """Two lines on standard error: what went wrong, and what mends it."""
    assert result.exit_code == 2, result.output
    first, second = result.stderr.splitlines()[-2:]
    assert first.startswith("error: ") and second.startswith("  try: ")
    for word in words:
        assert word in result.stderr


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Three pictures, two of which are copies, and an index."""
    folder = tmp_path / "album"
    folder.mkdir()
    for seed, name in enumerate(("a.jpg", "b.jpg")):
        scene(seed).save(folder / name)
    scene(0).save(folder / "a.png")
    lookalike.index(folder)
    return folder


@pytest.mark.parametrize("verb", ["index", "duplicates", "info"])
def test_no_such_folder(tmp_path: Path, verb: str) -> None:
    assert_told(run(verb, tmp_path / "gone"), "does not exist")


@pytest.mark.parametrize("verb", ["index", "duplicates"])
def test_nothing_to_read_is_no_error(tmp_path: Path, verb: str) -> None:
    assert run(verb, tmp_path).exit_code == 0


def test_a_newer_index_is_refused_with_the_upgrade(album: Path) -> None:
    db = sqlite3.connect(album / ".lookalike" / DATABASE)
    db.execute("PRAGMA user_version = 99")
    db.close()
    for verb in ("index", "duplicates", "info"):
        assert_told(run(verb, album), "newer", "pip install --upgrade")


@pytest.mark.parametrize("harm", ["bytes", "no vectors", "short vectors"])
def test_a_damaged_index_names_its_mend_and_is_mended_by_it(album: Path, harm: str) -> None:
    place = album / ".lookalike"
    if harm == "bytes":
        (place / DATABASE).write_bytes(bytes(range(256)) * 64)
    elif harm == "no vectors":
        (place / "vectors-1.f16").unlink()
    else:
        (place / "vectors-1.f16").write_bytes(b"12")
    for verb in ("index", "duplicates", "info"):
        assert_told(run(verb, album), "damaged", "--rebuild")
    assert run("index", album, "--rebuild").exit_code == 0
    assert run("duplicates", album).exit_code == 0


def test_a_model_that_is_none_does_not_cost_the_index(album: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.onnx").write_bytes(b"no model")
    assert_told(run("index", album, "--model", tmp_path / "bad.onnx", "--rebuild"), "bad.onnx")
    assert_told(run("index", album, "--provider", "steam"), "steam")
    assert run("info", album).exit_code == 0


def test_an_index_goes_only_where_nothing_else_is(album: Path, tmp_path: Path) -> None:
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("dear reader")
    assert_told(run("index", album, "--index", other), "other things")
    assert [path.name for path in other.iterdir()] == ["letter.txt"]
    assert_told(run("index", album, "--index", other / "letter.txt" / "x"), "--index")


def test_a_page_that_cannot_be_written(album: Path, tmp_path: Path) -> None:
    result = run("duplicates", album, "--html", tmp_path / "gone" / "page.html")
    assert result.exit_code == 2 and "gone" in result.stderr
    assert isinstance(result.exception, SystemExit)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_names_of_every_kind_are_harmless(tmp_path: Path) -> None:
    names = ("\x1b[31mred.jpg", "[red]x[bold].jpg", "a\rb\n.jpg", "\udcff.jpg", "<script>.jpg")
    for seed, name in enumerate(names):
        for quality in (80, 90):
            scene(seed).save(tmp_path / f"{quality}{name}", quality=quality)
        (tmp_path / f"torn{name}").write_bytes((tmp_path / f"80{name}").read_bytes()[:3000])
    for verb in ("index", "duplicates", "info"):
        shown = run(verb, tmp_path)
        assert shown.exit_code == 0
        assert "\x1b" not in shown.output and "\r" not in shown.output
    assert "\\x1b[31mred.jpg" in shown.output and "[red]x[bold].jpg" in shown.output
    told = json.loads(run("duplicates", tmp_path, "--json").output)
    pairs = {pair["first"] for group in told["groups"] for pair in group["pairs"]}
    assert pairs == {f"80{name}" for name in names}
    text = run("duplicates", tmp_path, "--csv").stdout_bytes.decode("utf-8", "surrogateescape")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert {len(row) for row in rows} == {len(header)}
    assert {row[header.index("first")] for row in rows} == pairs


PLAIN = ("map", "--method", "pca")


@pytest.mark.parametrize(
    ("option", "name", "said"),
    [
        ("--image", "why.gif", "it ends in one of .png"),
        ("--image", "gone/why.png", "there is no folder"),
        ("--html", "gone/why.html", "there is no folder"),
    ],
)
@pytest.mark.parametrize("verb", ["map", "explain"])
def test_a_file_that_cannot_be_written_is_refused_at_once(
    album: Path, verb: str, option: str, name: str, said: str
) -> None:
    pictures = [album] if verb == "map" else [album / "a.jpg", album / "b.jpg"]
    result = run(verb, *pictures, option, album / name)
    assert result.exit_code == 2 and not result.stdout
    assert said in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_an_answer_is_there_though_the_disk_is_full(album: Path) -> None:
    full = Path("/dev/full")
    (album / "full.png").symlink_to(full)
    both = ["explain", album / "a.jpg", album / "b.jpg"]
    for words in (
        [*PLAIN, album, "--html", full],
        [*PLAIN, album, "--image", album / "full.png"],
        [*both, "--html", full],
        [*both, "--image", album / "full.png"],
    ):
        result = run(*words)
        assert_told(result, "cannot be written: No space left")
        assert result.stdout


def test_what_a_map_cannot_do(album: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert_told(run(*PLAIN, tmp_path / "empty"), "no picture")
    gone = run(*PLAIN, album, "--labels", tmp_path / "gone.csv")
    assert_told(gone, "cannot be read: No such file")
    assert "Errno" not in gone.stderr
    assert run(*PLAIN, album, "--seed", "-1").exit_code == 2
    with pytest.raises(lookalike.InputError, match="0 or more"):
        lookalike.map_pictures(album, method="pca", seed=-1)


def test_a_folder_is_no_list(album: Path) -> None:
    result = run("compare", "--list", album)
    assert_told(result, "Is a directory")
    assert "Errno" not in result.stderr
