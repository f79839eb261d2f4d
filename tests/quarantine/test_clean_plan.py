"""A plan cannot take the last copy, nor reach out of its folder; it survives JSON."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.nouns.clean_plan import CleanPlan, Removal
from lookalike.nouns.clean_report import CleanReport, Moved, Skipped
from lookalike.nouns.errors import InputError

DIGEST = "0a" * 32
NAMES = st.text(st.characters(blacklist_characters="/\\\0:"), min_size=1, max_size=12).filter(
    lambda name: name.casefold() not in {".", "..", ".lookalike"}
)


def removal(path: str, keeper: str, *companions: str, **changes: object) -> Removal:
    given = {"digest": DIGEST, "keeper_digest": DIGEST, "size_bytes": 3, "mtime_ns": 5}
    given |= {"reason": "smaller", **changes}
    return Removal(path=path, keeper=keeper, companions=companions, **given)


@given(st.lists(NAMES, min_size=2, max_size=6, unique=True), st.booleans())
def test_json_brings_the_same_plan_back(names, deep):
    keeper, *going = [f"deep/{name}" if deep else name for name in names]
    plan = CleanPlan(Path("album"), tuple(removal(path, keeper) for path in going), ("kept",))
    again = CleanPlan.from_dict(json.loads(json.dumps(plan.to_dict())))
    assert again == plan
    assert again.n_files == len(going)
    assert len(plan.to_table()[1]) == len(going)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([("a", "b"), ("a", "c")], "twice"),
        ([("a", "b", "a.xmp"), ("a.xmp", "c")], "twice"),
        ([("a", "b"), ("b", "c")], "keeps this file"),
        ([("a", "b"), ("b", "a")], "keeps this file"),
        ([("a", "a")], "keeps this file"),
        ([("a", "a.cr2", "a.cr2")], "keeps this file"),
    ],
)
def test_the_last_copy_never_goes(lines, why):
    with pytest.raises(InputError, match=why):
        CleanPlan(Path("album"), tuple(removal(*line) for line in lines))


@pytest.mark.parametrize(
    "path", ["", "/etc/a", "../a", "a/../../b", "a//b", "./a", "a/.", "a\0", "a/", ".lookalike/a"]
)
def test_nothing_outside_the_folder(path):
    for make in (lambda: removal(path, "b"), lambda: removal("b", path)):
        with pytest.raises(InputError):
            make()
    with pytest.raises(InputError):
        CleanPlan(Path("album"), (), (path,))


@pytest.mark.parametrize(
    "changes", [{"digest": "0a"}, {"keeper_digest": DIGEST.upper()}, {"size_bytes": -1}]
)
def test_values_that_make_no_sense(changes):
    with pytest.raises(InputError):
        removal("a", "b", **changes)


def test_a_companion_lies_beside_its_picture():
    with pytest.raises(InputError, match="folder of its picture"):
        removal("a/x.jpg", "b.jpg", "x.xmp")


PLAN = CleanPlan(Path("album"), (removal("a", "b"),)).to_dict()
LINE = PLAN["removals"][0]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ([], "no object"),
        ({}, "version"),
        ({**PLAN, "version": 2}, "layout 2"),
        ({**PLAN, "version": "1"}, "version"),
        ({**PLAN, "more": 1}, "more"),
        ({**PLAN, "removals": {}}, "removals"),
        ({**PLAN, "removals": [1]}, "no object"),
        ({**PLAN, "removals": [{**LINE, "path": 1}]}, "path"),
        ({**PLAN, "removals": [{**LINE, "size_bytes": True}]}, "size_bytes"),
        ({**PLAN, "removals": [{**LINE, "companions": "a.xmp"}]}, "companions"),
        ({**PLAN, "removals": [{**LINE, "companions": [1]}]}, "companions"),
        ({**PLAN, "removals": [{k: v for k, v in LINE.items() if k != "reason"}]}, "reason"),
    ],
)
def test_what_is_no_plan_is_refused_with_the_mend(data, why):
    with pytest.raises(InputError, match=why) as caught:
        CleanPlan.from_dict(data)
    assert caught.value.mend


def test_a_report_counts_and_names_what_came_back_beside():
    moved = (Moved("a.jpg", "a.jpg", 3), Moved("b.jpg", "b (restored).jpg", 4))
    report = CleanReport("undo", Path("x"), ("1",), moved, (Skipped("c", "gone"),), Path("q"))
    assert report.size_bytes == 7
    assert report.operation == "1"
    assert [m.path for m in report.beside] == ["b.jpg"]
    assert len(report.to_table()[1]) == 3
    assert report.to_dict()["skipped"] == [{"path": "c", "reason": "gone"}]
