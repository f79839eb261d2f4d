"""Against a reference: what `duplicates` finds across the two, and nothing within either."""

import os
import shutil

import pytest
from PIL import Image
from scenes import scene

import lookalike


@pytest.fixture
def inbox(tmp_path):
    """Copies of pictures of `album`, one of each kind, two new pictures, and what is no picture."""
    folder = tmp_path / "inbox"
    (folder / "more").mkdir(parents=True)
    scene(4).save(folder / "e-again.png")
    scene(4).save(folder / "e-flipped.jpg", quality=90)
    Image.open(folder / "e-flipped.jpg").transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(
        folder / "e-flipped.jpg", quality=90
    )
    scene(5, (640, 480)).save(folder / "f-other.jpg")
    scene(6).crop((40, 30, 300, 220)).save(folder / "g-cut.jpg", quality=90)
    scene(7).resize((200, 150)).save(folder / "more" / "h-small.jpg")
    scene(1).save(folder / "b-pixels.tiff")
    Image.new("RGB", (320, 240), (2,) * 3).save(folder / "dark.bmp")
    for seed in (50, 51):
        scene(seed).save(folder / f"new-{seed}.jpg")
    shutil.copyfile(folder / "new-50.jpg", folder / "more" / "new-50-again.jpg")
    (folder / "notes.txt").write_text("no picture")
    (folder / "torn.jpg").write_bytes((folder / "new-51.jpg").read_bytes()[:3000])
    return folder


@pytest.fixture
def with_equal_bytes(album, inbox):
    shutil.copyfile(album / "a.jpg", inbox / "a-renamed.jpg")
    return inbox


def found(report):
    """For each file its copies and what they are."""
    return {
        asked.file.path: {c.file.path: str(c.verdict.level) for c in asked.copies}
        for asked in report.asked
    }


def test_each_copy_is_found_with_its_level_and_new_pictures_are_new(album, with_equal_bytes):
    report = lookalike.duplicates_against(with_equal_bytes, album)
    assert found(report) == {
        "a-renamed.jpg": {"a.jpg": "same file", "backup/a.jpg": "same file"},
        "b-pixels.tiff": {"b.png": "same picture", "b.bmp": "same picture"},
        "dark.bmp": {"dark-2.png": "same picture"},
        "e-again.png": {"e.jpg": "edited copy"},
        "e-flipped.jpg": {"e.jpg": "edited copy"},
        "f-other.jpg": {},
        "g-cut.jpg": {"g.jpg": "edited copy"},
        "more/h-small.jpg": {"h.jpg": "edited copy"},
        "more/new-50-again.jpg": {},
        "new-50.jpg": {},
        "new-51.jpg": {},
    }
    assert [f.path.name for f in report.failed] == ["torn.jpg"]
    assert {len(asked.copies) == 0 for asked in report.known} == {False}


def test_it_is_what_duplicates_finds_across_the_two_in_one_folder(album, with_equal_bytes):
    both = with_equal_bytes.parent
    report = lookalike.duplicates_against(with_equal_bytes, album)
    across = {
        (f"inbox/{path}", f"album/{copy}", level)
        for path, copies in found(report).items()
        for copy, level in copies.items()
    }
    whole = lookalike.duplicates(both, least_probability=0.9)
    expected = set()
    digests = {m.digest: [] for g in whole.groups for m in g.members}
    for group in whole.groups:
        for member in group.members:
            digests[member.digest].append(member.path)
    of = {m.path: m.digest for g in whole.groups for m in g.members}
    for pair in whole.listed:
        for a in digests.get(of.get(pair.first), [pair.first]):
            for b in digests.get(of.get(pair.second), [pair.second]):
                one, other = sorted((a, b), reverse=True)
                if one.startswith("inbox/") and other.startswith("album/"):
                    expected.add((one, other, str(pair.verdict.level)))
    assert across == expected


def test_named_files_are_answered_as_their_folder_is(album, with_equal_bytes):
    of_folder = found(lookalike.duplicates_against(with_equal_bytes, album))
    report = lookalike.duplicates_of([with_equal_bytes], album)
    assert report.folder is None
    named = {
        os.path.relpath(path, with_equal_bytes).replace(os.sep, "/"): copies
        for path, copies in found(report).items()
    }
    assert named == of_folder


def test_a_file_of_the_collection_is_not_its_own_copy(album):
    report = lookalike.duplicates_of([album / "a.jpg", album / "e.jpg"], album)
    assert [list(copies) for copies in found(report).values()] == [["backup/a.jpg"], []]


def test_best_copies_come_first(album, inbox):
    shutil.copyfile(album / "c.jpg", inbox / "c.jpg")
    (asked,) = lookalike.duplicates_of([inbox / "c.jpg"], album).asked
    ranks = [copy.verdict.closeness for copy in asked.copies]
    assert asked.copies[0].file.path == "c.jpg"
    assert ranks == sorted(ranks, reverse=True)
    assert len(ranks) == 3


def test_the_reference_may_be_read_only_with_its_index_elsewhere(album, inbox, tmp_path):
    before = {p: p.stat().st_mtime_ns for p in album.rglob("*")}
    reference = lookalike.Source(album, index=tmp_path / "elsewhere")
    report = lookalike.duplicates_against(inbox, reference)
    assert len(report.known) == 6
    assert {p: p.stat().st_mtime_ns for p in album.rglob("*")} == before


def test_files_named_one_by_one_are_not_added(album, inbox):
    n = lookalike.index(album).n_files
    lookalike.duplicates_of([inbox], album)
    assert lookalike.index(album).n_files == n
    assert not (inbox / ".lookalike").exists()


def test_a_folder_within_the_other_is_refused(album):
    for one, other in ((album, album), (album / "backup", album), (album, album / "backup")):
        with pytest.raises(lookalike.InputError, match="one lies in the other"):
            lookalike.duplicates_against(one, other)


def test_two_models_are_refused(album, inbox, tiny_model):
    lookalike.index(inbox)
    reference = lookalike.Source(album, model=tiny_model)
    with pytest.raises(lookalike.WrongIndex, match="model"):
        lookalike.duplicates_against(inbox, reference)


@pytest.mark.parametrize("empty", ["mine", "theirs"])
def test_an_empty_side_has_no_copies(album, tmp_path, empty):
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    sides = (nothing, album) if empty == "mine" else (album, nothing)
    report = lookalike.duplicates_against(*sides)
    assert not report.known


def test_what_cannot_be_asked_is_refused(album, tmp_path):
    with pytest.raises(lookalike.InputError, match="nothing to ask"):
        lookalike.duplicates_of([], album)
    with pytest.raises(lookalike.InputError, match="no such picture"):
        lookalike.duplicates_of([tmp_path / "gone.jpg"], album)
    with pytest.raises(lookalike.InputError, match="between 0"):
        lookalike.duplicates_of([album / "a.jpg"], album, least_probability=0.1)


def test_unreadable_files_are_told(album, inbox):
    report = lookalike.duplicates_of([inbox / "torn.jpg", inbox / "notes.txt"], album)
    assert [f.path.name for f in report.failed] == ["torn.jpg", "notes.txt"]
    assert report.asked == ()


def test_a_table_has_a_line_for_each_copy_and_each_new_file(album, inbox):
    header, rows = lookalike.duplicates_against(inbox, album).to_table()
    assert {len(row) for row in rows} == {len(header)}
    assert ("new-51.jpg", "", "new") in {row[:3] for row in rows}
