"""Indexing: incremental, complete, and never in two minds about what it holds."""

import os
import shutil

import numpy as np
import pytest
from PIL import Image
from scenes import scene

import lookalike
from lookalike.store.reader import IndexReader


def contents(folder):
    """Everything that an index answers from, in plain values."""
    with IndexReader.open(folder) as reader:
        rows, hashes, quality = reader.hashes()
        entries = [
            (e.row, e.digest, e.facts, tuple(f.path for f in e.files), e.scaled_digest)
            for e in reader.entries(rows)
        ]
        failures = [(str(f.path), f.reason) for f in reader.failures()]
        vectors = np.asarray(reader.vectors()[rows])
        return entries, failures, hashes.tobytes(), quality.tobytes(), vectors.tobytes()


def test_every_file_is_accounted_for(album):
    report = lookalike.index(album)
    assert (report.n_files, report.n_pictures) == (16, 15)
    assert (report.added, report.linked) == (15, 1)
    assert report.others == 1
    assert [(f.path.name, "cut short" in f.reason) for f in report.failed] == [("torn.jpg", True)]


def test_a_second_run_reads_nothing(album, decodes):
    lookalike.index(album)
    before = len(decodes)
    report = lookalike.index(album)
    assert len(decodes) == before
    assert (report.added, report.linked, report.unchanged) == (0, 0, 18)
    assert len(report.failed) == 1


def test_a_rename_is_read_but_not_decoded(album, decodes):
    lookalike.index(album)
    before = len(decodes)
    (album / "a.jpg").rename(album / "renamed.jpg")
    (album / "backup").rename(album / "moved")
    report = lookalike.index(album)
    assert len(decodes) == before
    assert (report.added, report.linked, report.vanished) == (0, 2, 2)


def test_a_changed_file_is_read_again(album):
    lookalike.index(album)
    scene(99).save(album / "h.jpg")
    report = lookalike.index(album)
    assert (report.added, report.n_pictures) == (1, 15)


def test_a_vanished_file_leaves(album):
    lookalike.index(album)
    (album / "h.jpg").unlink()
    report = lookalike.index(album)
    assert (report.vanished, report.n_pictures) == (1, 14)


def test_an_unmounted_disk_does_not_empty_the_index(album, tmp_path):
    lookalike.index(album, index=tmp_path / "index")
    away = album.rename(tmp_path / "away")
    album.mkdir()
    with pytest.raises(lookalike.InputError, match="is here"):
        lookalike.index(album, index=tmp_path / "index")
    assert lookalike.index(away, index=tmp_path / "index").unchanged == 18


def test_a_mended_file_is_no_longer_listed(album):
    lookalike.index(album)
    shutil.copyfile(album / "e.jpg", album / "torn.jpg")
    assert lookalike.index(album).failed == ()


def test_retry_reads_failed_files_again(album, decodes):
    lookalike.index(album)
    before = len(decodes)
    report = lookalike.index(album, retry=True)
    assert len(decodes) == before + 1
    assert len(report.failed) == 1


def test_the_index_holds_no_absolute_path(album, tmp_path):
    lookalike.index(album)
    moved = tmp_path / "elsewhere"
    album.rename(moved)
    report = lookalike.index(moved)
    assert (report.added, report.linked, report.unchanged) == (0, 0, 18)


def test_an_index_beside_the_collection(album, tmp_path):
    report = lookalike.index(album, index=tmp_path / "beside")
    assert report.index == tmp_path / "beside"
    assert not (album / ".lookalike").exists()
    assert lookalike.index(album, index=tmp_path / "beside").unchanged == 18


def test_an_index_inside_the_collection_under_another_name_is_not_searched(album):
    lookalike.index(album, index=album / "index")
    assert lookalike.index(album, index=album / "index").unchanged == 18


@pytest.mark.parametrize("threads", [1, 3])
def test_any_number_of_threads_gives_the_same_index(album, tmp_path, threads):
    lookalike.index(album, index=tmp_path / "two", threads=2)
    lookalike.index(album, index=tmp_path / "other", threads=threads)
    assert contents(tmp_path / "two") == contents(tmp_path / "other")


@pytest.mark.parametrize("stop_at", [1, 8, 16])
def test_what_is_done_when_broken_off_is_kept(album, tmp_path, stop_at, decodes):
    lookalike.index(album, index=tmp_path / "undisturbed")
    decodes.clear()

    def stop(done, total):
        if done >= stop_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lookalike.index(album, index=tmp_path / "broken", progress=stop)
    lookalike.index(album, index=tmp_path / "broken")
    assert contents(tmp_path / "undisturbed") == contents(tmp_path / "broken")


def test_progress_counts_every_file_up_to_the_total(album):
    seen = []
    lookalike.index(album, progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 18)
    assert seen[-1] == (18, 18)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_another_model_is_refused_until_told_to_rebuild(album, tmp_path, tiny_model):
    lookalike.index(album)
    with pytest.raises(lookalike.WrongIndex, match="built-in") as caught:
        lookalike.index(album, model=tiny_model)
    assert "--rebuild" in caught.value.mend
    assert lookalike.index(album, model=tiny_model, rebuild=True).model == "tiny"


def test_a_missing_folder_and_a_file_are_refused(tmp_path):
    with pytest.raises(lookalike.InputError, match="does not exist"):
        lookalike.index(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(lookalike.InputError, match="is a file"):
        lookalike.index(tmp_path / "file")


def test_an_empty_folder_is_no_error(tmp_path):
    assert lookalike.index(tmp_path).n_pictures == 0


def test_any_file_name_survives(tmp_path):
    name = os.fsdecode(b"new\nline \xff.jpg")
    try:
        scene(0).save(tmp_path / name, "JPEG")
    except OSError:
        pytest.skip("this file system refuses such names")
    lookalike.index(tmp_path)
    found = lookalike.search([tmp_path / name], tmp_path)
    assert found.answers[0].hits == ()
    shutil.copyfile(tmp_path / name, tmp_path / "plain.jpg")
    found = lookalike.search([tmp_path / "plain.jpg"], tmp_path)
    assert [hit.path for hit in found.answers[0].hits] == [name]


def test_a_file_with_a_picture_name_and_no_picture_in_it_is_listed(tmp_path):
    (tmp_path / "page.jpg").write_text("<html>not found</html>")
    (tmp_path / "empty.png").touch()
    (tmp_path / "readme.md").write_text("text")
    report = lookalike.index(tmp_path)
    assert sorted(f.path.name for f in report.failed) == ["empty.png", "page.jpg"]
    assert report.others == 1


def test_pictures_are_known_by_content(tmp_path):
    scene(0).save(tmp_path / "picture.txt", "PNG")
    Image.new("L", (64, 64)).save(tmp_path / "no_suffix", "GIF")
    assert lookalike.index(tmp_path).n_pictures == 2
