"""A saved report: the same when it is opened, and safe to act on when the files have changed."""

import json
import os
from dataclasses import replace

import pytest
from click.testing import CliRunner

import lookalike
from lookalike.cli.main import main
from lookalike.nouns.saved_duplicates import from_document, to_document


@pytest.fixture
def saved(album, tmp_path):
    path = tmp_path / "found.json"
    lookalike.save_duplicates(lookalike.duplicates(album), path)
    return path


def run(*words, code=0):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result


def test_what_is_opened_is_what_was_saved(album, tmp_path):
    for report in (
        lookalike.duplicates(album),
        lookalike.duplicates(album, miss_at_most=0.1),
        lookalike.duplicates(album / "backup"),
    ):
        lookalike.save_duplicates(report, tmp_path / "found.json")
        assert lookalike.load_duplicates(tmp_path / "found.json") == report
        assert report.fingerprint == lookalike.info(album).fingerprint


def test_the_document_names_digests_sizes_and_times(album, saved):
    document = json.loads(saved.read_text())
    for group in document["groups"]:
        for member in group["members"]:
            status = (album / member["path"]).stat()
            assert (member["size_bytes"], member["mtime_ns"]) == (
                status.st_size,
                status.st_mtime_ns,
            )
            assert len(member["digest"]) == 64


def test_a_saved_report_is_cleaned_as_its_folder_is(album, saved):
    of_folder = json.loads(run("clean", album, "--json").stdout)
    of_document = json.loads(run("clean", saved, "--json").stdout)
    assert of_document == of_folder
    edited = json.loads(run("clean", saved, "--level", "edited copy", "--json").stdout)
    assert len(edited["removals"]) == 5
    kept = json.loads(run("clean", saved, "--protect", "backup/*", "--json").stdout)
    assert "backup/a.jpg" not in {removal["path"] for removal in kept["removals"]}


def test_pairs_that_are_not_sure_enough_stay(album, tmp_path):
    found = lookalike.duplicates(album)
    groups = tuple(
        replace(
            group,
            pairs=tuple(replace(p, verdict=replace(p.verdict, probability=0.95)) for p in g),
        )
        for group in found.groups
        for g in (group.pairs,)
    )
    path = lookalike.save_duplicates(replace(found, groups=groups), tmp_path / "doubtful.json")
    assert json.loads(run("clean", path, "--json").stdout)["removals"] == []
    less = json.loads(run("clean", path, "--least-probability", "0.9", "--json").stdout)
    assert len(less["removals"]) == 2


def test_changed_and_vanished_files_are_left_alone_and_told(album, saved):
    (album / "backup" / "a.jpg").write_bytes(b"something else")
    (album / "b.png").unlink()
    said = json.loads(run("clean", saved, "--apply", "--json").stdout)
    assert said["moved"] == []
    assert "has changed" in str(said["skipped"]) and "is gone" in str(said["skipped"])
    assert (album / "b.bmp").exists()


def test_a_folder_that_vanished_is_no_crash(album, saved):
    (album / "backup" / "a.jpg").unlink()
    os.rmdir(album / "backup")
    said = json.loads(run("clean", saved, "--apply", "--json").stdout)
    assert [moved["path"] for moved in said["moved"]] == ["b.bmp"]


def test_the_command_saves_and_the_clean_up_comes_back(album, tmp_path):
    path = tmp_path / "r.json"
    result = run("duplicates", album, "--save", path, "--json")
    assert str(path) in result.stderr
    run("clean", path, "--apply")
    assert not (album / "b.bmp").exists()
    run("undo", album)
    assert (album / "b.bmp").exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d.pop("folder"),
        lambda d: d.update(version=2),
        lambda d: d.update(version="1"),
        lambda d: d.update(groups=3),
        lambda d: d.update(document="other"),
        lambda d: d["groups"][0]["members"][0].update(path="../a.jpg"),
        lambda d: d["groups"][0]["members"][0].update(size_bytes=True),
        lambda d: d["groups"][0]["members"].pop(),
        lambda d: d["groups"][0]["pairs"][0].update(verdict="twins"),
        lambda d: d["groups"][0]["pairs"][0].update(probability=7),
        lambda d: d["groups"].append("nothing"),
    ],
)
def test_a_damaged_document_is_refused(album, damage):
    document = to_document(lookalike.duplicates(album))
    assert from_document(document).groups
    damage(document)
    with pytest.raises(lookalike.InputError):
        from_document(document)


def test_what_is_no_document_is_refused(tmp_path):
    path = tmp_path / "no.json"
    for text in ("", "[]", "{}", "\x00"):
        path.write_text(text)
        assert "Traceback" not in run("clean", path, code=2).output
    with pytest.raises(lookalike.InputError):
        lookalike.load_duplicates(tmp_path / "gone.json")
