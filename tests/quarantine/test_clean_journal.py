"""Journals that are torn, harmed, or from another time."""

import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from clean_trees import (
    SAME_LINES,
    acts,
    digest,
    left_in_quarantine,
    small_tree,
    small_tree_of_links,
    snapshot,
)

from lookalike.nouns.clean_report import State
from lookalike.nouns.errors import InputError
from lookalike.quarantine import disk
from lookalike.quarantine.apply import apply
from lookalike.quarantine.undo import operations, undo


@pytest.fixture
def cleaned(tmp_path):
    """The folder, what it was before, and the journal of a clean-up of it."""
    plan = small_tree(tmp_path / "album")
    before = snapshot(plan.folder)
    report = apply(plan, digest=digest)
    return plan.folder, before, report.quarantine / "journal.jsonl"


def test_each_line_is_json_with_its_sum(cleaned):
    lines = [json.loads(line) for line in cleaned[2].read_text("ascii").splitlines()]
    kinds = [line["line"] for line in lines]
    assert kinds == ["begin", *["move", "moved"] * 3, "end"]
    for line in lines:
        told = line.pop("sum")
        text = json.dumps(line, sort_keys=True, separators=(",", ":"))
        assert told == f"{zlib.crc32(text.encode()):08x}"


def test_torn_at_any_byte_it_still_undoes(cleaned, tmp_path):
    folder, before, journal = cleaned
    whole = journal.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for length in (*range(last, len(whole), 7), len(whole) - 1):
        journal.write_bytes(whole[:length])
        assert operations(folder)[0].state is State.INTERRUPTED
    journal.write_bytes(whole[:-1] + b"\0" * 4096)
    report = undo(folder)
    assert report.skipped == ()
    assert len(report.moved) == 5
    assert snapshot(folder) == before
    assert operations(folder)[0].state is State.UNDONE
    assert b"\0" not in journal.read_bytes()


@pytest.mark.parametrize(
    ("line", "old", "new"), [(0, b":", b";"), (1, b"IMG_1", b"IMG_2"), (4, b'"sum"', b'"some"')]
)
def test_harm_before_the_end_is_told_and_nothing_is_touched(cleaned, line, old, new):
    folder, _, journal = cleaned
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line].replace(old, new, 1)
    journal.write_bytes(b"".join(lines))
    now = snapshot(folder)
    with pytest.raises(InputError, match="damaged") as caught:
        undo(folder)
    assert "by hand" in caught.value.mend
    assert snapshot(folder) == now
    assert len(left_in_quarantine(folder)) == 5


def rewritten(journal, number, **changes):
    lines = [json.loads(line) for line in journal.read_text("ascii").splitlines()]
    lines[number] |= changes
    texts = []
    for line in lines:
        line.pop("sum")
        text = json.dumps(line, sort_keys=True, separators=(",", ":"))
        texts.append(f'{text[:-1]},"sum":"{zlib.crc32(text.encode()):08x}"}}\n')
    journal.write_text("".join(texts), "ascii", newline="\n")


def test_a_newer_journal_is_refused_with_the_mend(cleaned):
    folder, _, journal = cleaned
    rewritten(journal, 0, version=2)
    for act in (undo, operations):
        with pytest.raises(InputError, match="newer") as caught:
            act(folder)
        assert "upgrade" in caught.value.mend


@pytest.mark.parametrize(
    "changes",
    [
        {"line": "dance"},
        {"unit": 3},
        {"unit": {}},
        {"folders": {"../out": [1, 2]}},
        {"folders": {"a": "x"}},
    ],
)
def test_lines_that_make_no_sense_are_refused(cleaned, changes):
    folder, _, journal = cleaned
    rewritten(journal, 1, **changes)
    with pytest.raises(InputError, match="damaged"):
        undo(folder)


def test_a_journal_that_leads_out_of_the_folder_is_refused(cleaned):
    folder, _, journal = cleaned
    unit = json.loads(journal.read_text("ascii").splitlines()[1])["unit"]
    unit["files"][0]["path"] = "../elsewhere.jpg"
    rewritten(journal, 1, unit=unit)
    with pytest.raises(InputError, match="inside"):
        undo(folder)


@pytest.mark.parametrize("replace_with", [None, "hardlink"])
def test_each_change_is_told_on_the_medium_before_it_is_done(tmp_path, monkeypatch, replace_with):
    plan = small_tree_of_links(tmp_path)
    going = {path for path, _ in SAME_LINES}
    written, synced, changed = [b""], [b""], []
    real = acts()

    def write(descriptor: int, data: bytes) -> None:
        real["write"](descriptor, data)
        written.append(data)

    def watched(name: str) -> Callable[[Path, Path], object]:
        def act(source: Path, target: Path) -> object:
            for path in {source, target} & {tmp_path / path for path in going}:
                changed.append(path)
                told = path.relative_to(tmp_path).as_posix()
                assert f'"path":"{told}"'.encode() in b"".join(synced)
            return real[name](source, target)

        return act

    monkeypatch.setattr(disk, "write", write)
    monkeypatch.setattr(disk, "sync", lambda descriptor: synced.extend(written))
    for name in ("rename", "link"):
        monkeypatch.setattr(disk, name, watched(name))
    apply(plan, digest=digest, replace_with=replace_with)
    assert {tmp_path / path for path in going} == set(changed)
