"""Cleaning up: the last copy stays, edited copies only when asked, and undo is exact."""

import hashlib
import json

import pytest
from click.testing import CliRunner

import lookalike
from lookalike.cli.main import main
from lookalike.nouns.verdict import Level


def tree(folder):
    """Names, contents and times of all files outside the index."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.blake2b(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in folder.rglob("*")
        if path.is_file() and ".lookalike" not in path.parts
    }


@pytest.fixture
def plan(album):
    return lookalike.plan_clean(lookalike.duplicates(album))


def test_equal_pictures_go_and_edited_ones_stay(plan):
    assert [(r.path, r.keeper) for r in plan.removals] == [
        ("backup/a.jpg", "a.jpg"),
        ("b.bmp", "b.png"),
    ]
    assert plan.removals[0].reason.startswith("same file; ")
    assert plan.removals[1].reason.startswith("same picture; ")


def test_edited_copies_go_when_asked_and_each_has_a_copy_that_stays(album):
    found = lookalike.duplicates(album)
    plan = lookalike.plan_clean(found, level=Level.EDITED_COPY)
    going = {r.path for r in plan.removals}
    assert len(going) == 5
    assert going.isdisjoint(r.keeper for r in plan.removals)
    assert "c-small.jpg" in going


def test_what_was_cleaned_comes_back_exactly(album, plan):
    before = tree(album)
    report = lookalike.clean(plan)
    assert sorted(m.path for m in report.moved) == ["b.bmp", "backup/a.jpg"]
    assert set(before) - set(tree(album)) == {"b.bmp", "backup/a.jpg"}
    assert lookalike.index(album).vanished == 2
    lookalike.undo(album)
    assert tree(album) == before
    assert lookalike.index(album).added == 0


def test_a_file_that_changed_since_is_left_alone(album, plan):
    (album / "b.png").write_bytes(b"no longer a picture")
    report = lookalike.clean(plan)
    assert [m.path for m in report.moved] == ["backup/a.jpg"]
    assert [s.path for s in report.skipped] == ["b.bmp"]


def test_protected_files_never_go(album):
    found = lookalike.duplicates(album)
    rules = lookalike.KeepRules(protect=("backup/*", "a.jpg"))
    plan = lookalike.plan_clean(found, rules=rules)
    assert [r.path for r in plan.removals] == ["b.bmp"]


def test_companions_go_with_their_picture_and_what_has_companions_stays(album):
    (album / "backup" / "a.xmp").write_text("edits")
    plan = lookalike.plan_clean(lookalike.duplicates(album))
    assert [r.path for r in plan.removals] == ["a.jpg", "b.bmp"]
    rules = lookalike.KeepRules(prefer=("a.jpg",))
    plan = lookalike.plan_clean(lookalike.duplicates(album), rules=rules)
    assert plan.removals[0].companions == ("backup/a.xmp",)


def test_a_plan_is_a_document(album, plan, tmp_path):
    lookalike.save_plan(plan, tmp_path / "plan.json")
    assert lookalike.load_plan(tmp_path / "plan.json") == plan


def test_purge_only_deletes_what_is_old_enough(album, plan):
    lookalike.clean(plan)
    assert lookalike.purge(album, older_than_days=1).moved == ()
    assert len(lookalike.purge(album, older_than_days=0).moved) == 2
    assert [str(o.state) for o in lookalike.operations(album).operations] == ["purged"]


def test_only_copies_can_be_cleaned_up(album):
    with pytest.raises(lookalike.InputError, match="Only copies"):
        lookalike.plan_clean(lookalike.duplicates(album), level=Level.SIMILAR)


def run(*words):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_the_commands_end_to_end(album, tmp_path):
    before = tree(album)
    dry = run("clean", album, "--save", tmp_path / "plan.json")
    assert dry.exit_code == 0
    assert "2 files would go" in dry.output
    assert tree(album) == before
    done = run("clean", tmp_path / "plan.json", "--apply", "--json")
    assert json.loads(done.stdout)["operations"]
    assert len(tree(album)) == len(before) - 2
    assert "complete" in run("undo", album, "--list").output
    assert "2 files put back" in run("undo", album).output
    assert tree(album) == before
    assert (
        "Nothing to clean up"
        in run("clean", album, "--level", "same file", "--protect", "*").output
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["clean", "NOTES"], "no plan"),
        (["clean", "ALBUM", "--rules", "NOTES"], "no TOML"),
        (["undo", "ALBUM"], "nothing to undo"),
        (["clean", "nowhere"], "does not exist"),
        (["purge", "ALBUM"], "older-than"),
    ],
)
def test_what_cannot_be_done_says_why(album, words, said):
    (album / "notes.txt").write_text("= no rules")
    places = {"ALBUM": album, "NOTES": album / "notes.txt"}
    result = run(*[places.get(word, word) for word in words])
    assert result.exit_code == 2
    assert said in result.output


def test_the_page_marks_in_each_group_the_file_that_stays_and_says_why(album, tmp_path):
    found = lookalike.duplicates(album)
    page = lookalike.save_page(found, tmp_path / "page.html")
    sections = page.read_text(encoding="utf-8").split("<section")[1:]
    plan = lookalike.plan_clean(found, level=Level.EDITED_COPY)
    for group, section in zip(found.groups, sections, strict=True):
        (keeper,) = {r.keeper for r in plan.removals if r.keeper in {m.path for m in group.members}}
        figures = [f for f in section.split("<figure") if 'class="stays"' in f]
        assert len(figures) == 1
        assert f'<span class="file">{keeper.rpartition("/")[2]}</span>' in figures[0]
        reasons = [r.reason.partition("; ")[2] for r in plan.removals if r.keeper == keeper]
        assert any(reason in figures[0] for reason in reasons)
