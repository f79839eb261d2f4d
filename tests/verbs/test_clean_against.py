"""What a reference has already goes from a folder, and nothing inside the reference is touched."""

import json
import os
import shutil

import pytest
from click.testing import CliRunner
from scenes import scene

import lookalike
from lookalike.cli.main import main
from lookalike.nouns.clean_plan import CleanPlan, Removal
from lookalike.nouns.errors import InputError
from lookalike.nouns.saved_duplicates import against_from_document, against_to_document
from lookalike.nouns.verdict import Level
from lookalike.verbs.clean_against import plan_clean_against
from lookalike.verbs.saved import load_against


@pytest.fixture
def card(tmp_path):
    """A card with two known files, one of them with a raw file, an edited one and a new one."""
    folder = tmp_path / "card"
    folder.mkdir()
    for seed in (0, 1, 2):
        scene(seed).save(tmp_path / f"{seed}.jpg", quality=92)
    photos = tmp_path / "photos" / "2024"
    photos.mkdir(parents=True)
    for seed in (0, 1, 2):
        shutil.copyfile(tmp_path / f"{seed}.jpg", photos / f"IMG_{seed}.jpg")
    shutil.copyfile(tmp_path / "0.jpg", folder / "known.jpg")
    shutil.copyfile(tmp_path / "1.jpg", folder / "shot.jpg")
    (folder / "shot.cr2").write_bytes(b"raw")
    scene(2).resize((160, 120)).save(folder / "small.jpg")
    scene(9).save(folder / "new.jpg")
    return folder


@pytest.fixture
def photos(card):
    return card.parent / "photos"


def tree(folder):
    """All files but the index, with contents and times."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".lookalike" not in path.parts
    }


def run(*words, code=0):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result


def test_what_is_opened_is_what_was_saved(card, photos, tmp_path):
    report = lookalike.duplicates_against(card, photos)
    lookalike.save_duplicates(report, tmp_path / "known.json")
    assert load_against(tmp_path / "known.json") == report
    document = against_to_document(report)
    with pytest.raises(InputError, match="layout"):
        against_from_document({**document, "version": 99})
    with pytest.raises(InputError, match="saved report"):
        lookalike.load_duplicates(tmp_path / "known.json")
    with pytest.raises(InputError, match="asked about a folder"):
        lookalike.save_duplicates(
            lookalike.duplicates_of([card / "new.jpg"], photos), tmp_path / "new.json"
        )


def test_known_files_go_undo_brings_them_back_and_the_reference_is_never_touched(
    card, photos, tmp_path
):
    saved = tmp_path / "known.json"
    run("duplicates", card, "--against", photos, "--save", saved)
    before, theirs = tree(card), tree(photos)
    plan = json.loads(run("clean", saved, "--json").stdout)
    assert [removal["path"] for removal in plan["removals"]] == ["known.jpg"]
    shown = run("clean", saved).stdout.replace("\n", "")
    assert "2024/IMG_0.jpg" in shown.replace(os.sep, "/")
    assert tree(card) == before
    run("clean", saved, "--apply", "--level", "edited copy")
    assert set(before) - set(tree(card)) == {"known.jpg", "small.jpg"}
    assert tree(photos) == theirs
    run("undo", card)
    assert tree(card) == before
    assert tree(photos) == theirs


def test_a_raw_file_holds_its_picture_back_unless_the_reference_has_it_too(card, photos):
    report = lookalike.duplicates_against(card, photos)
    assert "shot.jpg" not in {r.path for r in plan_clean_against(report).removals}
    (photos / "2024" / "IMG_1.CR2").write_bytes(b"raw")
    (removal,) = (r for r in plan_clean_against(report).removals if r.path == "shot.jpg")
    assert removal.companions == ("shot.cr2",)


def test_protected_unsure_and_changed_files_stay(card, photos):
    report = lookalike.duplicates_against(card, photos)
    rules = lookalike.KeepRules(protect=("known*",))
    assert not plan_clean_against(report, rules=rules).removals
    edited = Level.EDITED_COPY
    sure = plan_clean_against(report, level=edited, least_probability=1.0)
    assert [r.path for r in sure.removals] == ["known.jpg"]
    plan = plan_clean_against(report, level=edited)
    scene(7).save(photos / "2024" / "IMG_0.jpg")
    os.remove(photos / "2024" / "IMG_2.jpg")
    done = lookalike.clean(plan)
    assert not done.moved
    assert len(done.skipped) == 2
    with pytest.raises(InputError):
        plan_clean_against(report, level=Level.SIMILAR)


def test_purge_keeps_what_the_reference_has_lost(card, photos):
    lookalike.clean(plan_clean_against(lookalike.duplicates_against(card, photos)))
    os.rename(photos / "2024" / "IMG_0.jpg", photos / "elsewhere.jpg")
    assert lookalike.purge(card, older_than_days=0).skipped
    os.rename(photos / "elsewhere.jpg", photos / "2024" / "IMG_0.jpg")
    assert lookalike.purge(card, older_than_days=0).moved


def test_no_link_into_the_reference_and_no_plan_for_a_folder_around_it(card, photos):
    plan = plan_clean_against(lookalike.duplicates_against(card, photos))
    with pytest.raises(InputError, match="link"):
        lookalike.clean(plan, replace_with="hardlink")
    assert CleanPlan.from_dict(plan.to_dict()) == plan
    for folder in (photos, photos / "2024", photos.parent):
        with pytest.raises(InputError, match="lies in the other"):
            CleanPlan(folder, (), reference=photos)
    if os.name == "posix":
        (card / "inside").mkdir()
        link = card.parent / "link"
        link.symlink_to(card / "inside")
        with pytest.raises(InputError, match="lies in the folder"):
            lookalike.clean(CleanPlan(card, (), reference=link))


def test_a_hard_link_of_the_references_file_is_left_alone(card, photos):
    os.remove(card / "known.jpg")
    os.link(photos / "2024" / "IMG_0.jpg", card / "known.jpg")
    report = lookalike.duplicates_against(card, photos)
    done = lookalike.clean(plan_clean_against(report))
    assert not done.moved
    assert "second name" in done.skipped[0].reason


def test_a_keeper_in_a_reference_may_have_the_name_of_a_file_that_goes(tmp_path):
    removal = Removal("a.jpg", "a.jpg", "0" * 64, "0" * 64, 1, 0, "same file")
    with pytest.raises(InputError):
        CleanPlan(tmp_path / "a", (removal,))
    CleanPlan(tmp_path / "a", (removal,), reference=tmp_path / "b")
