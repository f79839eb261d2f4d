"""Hashes of files: the published numbers, in order, on any number of threads."""

import csv
import io
import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from scenes import scene

import lookalike
from lookalike.cli.main import main
from lookalike.images.hashes import HASHES, hash_orientations
from lookalike.images.orientations import ORIENTATIONS
from lookalike.nouns.errors import InputError
from lookalike.verbs.hash import CHUNK, each_hash


def run(*words):
    return CliRunner().invoke(main, ["hash", *map(str, words)])


def full(path, kind):
    """The hash of the whole file, decoded by Pillow alone."""
    with Image.open(path) as image:
        return HASHES[kind](np.asarray(image.convert("RGB"))).tobytes().hex()


def bits_off(first, second):
    return (int(first, 16) ^ int(second, 16)).bit_count()


@pytest.mark.parametrize("kind", HASHES)
def test_hashes_are_those_of_the_full_decode_within_its_scaling(album, kind):
    report = lookalike.hash_pictures(album, kind=kind)
    off = [bits_off(picture.hash, full(picture.path, kind)) for picture in report.pictures]
    assert len(off) == 16 and report.bits == 4 * len(report.pictures[0].hash)
    assert np.mean(off) <= (0 if kind == "pdq" else 1.5)


def test_pictures_come_in_the_order_asked_for_on_any_number_of_threads(album):
    asked = [album / "h.jpg", album / "backup", album / "b.png"] * CHUNK
    for threads in (1, 3):
        report = lookalike.hash_pictures(asked, threads=threads)
        names = [picture.path.name for picture in report.pictures]
        assert names == ["h.jpg", "a.jpg", "b.png"] * CHUNK
        assert report.pictures == lookalike.hash_pictures(asked).pictures


def test_what_cannot_be_read_is_told_and_what_is_no_picture_passed_over(album):
    (album / "said.jpg").write_text("no picture either")
    (album / "empty.png").touch()
    report = lookalike.hash_pictures([album, album / "gone.jpg", album / "notes.txt"])
    reasons = {failure.path.name: failure.reason for failure in report.failed}
    assert reasons.keys() == {"torn.jpg", "said.jpg", "empty.png", "gone.jpg", "notes.txt"}
    assert "cut short" in reasons["torn.jpg"] and "no such file" in reasons["gone.jpg"]
    assert len(report.pictures) == 16


def test_a_picture_under_another_name_is_hashed_by_its_content(tmp_path):
    scene(3).save(tmp_path / "photo.jpg")
    shutil.copyfile(tmp_path / "photo.jpg", tmp_path / "photo.dat")
    first, second = lookalike.hash_pictures(str(tmp_path)).pictures
    assert first.hash == second.hash


def test_a_picture_that_lies_hashes_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    scene(4).save(tmp_path / "upright.jpg", quality=95)
    lying = scene(4).transpose(Image.Transpose.ROTATE_90)
    lying.save(tmp_path / "lying.jpg", quality=95, exif=exif)
    lying, upright = lookalike.hash_pictures(tmp_path).pictures
    assert bits_off(lying.hash, upright.hash) <= 4


def test_orientations_are_the_eight_of_the_registry(album):
    [picture] = lookalike.hash_pictures(album / "b.png", kind="pdq", orientations=True).pictures
    with Image.open(album / "b.png") as image:
        rows = hash_orientations(np.asarray(image.convert("RGB")), "pdq")
    wanted = tuple((n, r.tobytes().hex()) for n, r in zip(ORIENTATIONS, rows, strict=True))
    assert picture.turned == wanted and picture.hash == wanted[0][1]


def test_hashes_come_before_all_files_are_read(album):
    asked = []

    def files():
        for n in range(100 * CHUNK):
            asked.append(n)
            yield album / "a.jpg"

    first = next(hashes := each_hash(files(), threads=1))
    hashes.close()
    assert first.path.name == "a.jpg"
    assert len(asked) <= 4 * CHUNK


def test_an_unknown_hash_is_refused_with_the_known_ones(album):
    with pytest.raises(InputError, match="choose one of: average"):
        lookalike.hash_pictures(album, kind="md5")


# --- the command


def test_the_command_prints_a_line_for_each_picture_and_failures_apart(album):
    result = run(album)
    report = lookalike.hash_pictures(album)
    wanted = [f"{picture.hash}  {picture.path}" for picture in report.pictures]
    assert result.stdout.splitlines() == wanted
    [failure] = result.stderr.splitlines()
    assert failure.startswith(str(album / "torn.jpg")) and "cut short" in failure
    assert result.exit_code == 0


def test_json_and_csv_are_the_report(album):
    report = lookalike.hash_pictures(album, kind="average")
    result = run(album, "--kind", "average", "--json")
    assert json.loads(result.stdout) == report.to_dict()
    rows = list(csv.reader(io.StringIO(run(album, "--kind", "average", "--csv").stdout)))
    assert rows == [["hash", "path"], *([p.hash, str(p.path)] for p in report.pictures)]


def test_orientations_take_eight_lines(album):
    result = run(album / "b.png", "--orientations")
    assert len(result.stdout.splitlines()) == 8
    assert result.stdout.splitlines()[4].endswith("b.png  (mirrored)")
    rows = list(csv.reader(io.StringIO(run(album / "b.png", "--orientations", "--csv").stdout)))
    assert rows[0] == ["hash", "path", "orientation"]
    assert [row[2] for row in rows[1:]] == list(ORIENTATIONS)


@pytest.mark.parametrize("words", [("notes.txt",), ("torn.jpg", "--json"), ("gone",)])
def test_nothing_hashed_is_an_error(album, words):
    result = run(album / words[0], *words[1:])
    assert result.exit_code == 2
    assert words[0] in result.stderr and "No picture could be hashed" in result.stderr
