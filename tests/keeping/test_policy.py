"""The policy: the criterion that is named is the one that decided, and the choice is stable."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.keeping.policy import Contender, choose
from lookalike.nouns.errors import InputError
from lookalike.nouns.keep_rules import CRITERIA, KeepRules
from lookalike.nouns.picture import Facts

PLAIN = Contender("a/photo.jpg", Facts(400, 300, "JPEG", "RGB"), 50_000, 1_000)
BETTER = {
    "companions": (replace(PLAIN, companions=("a/photo.cr2",)), "photo.cr2"),
    "resolution": (
        replace(PLAIN, facts=replace(PLAIN.facts, width_px=800, height_px=600), size_bytes=200_000),
        "800 × 600 against 400 × 300",
    ),
    "metadata": (replace(PLAIN, facts=replace(PLAIN.facts, taken="2019-07-04T10:00:00")), "taken"),
    "original": (replace(PLAIN, facts=replace(PLAIN.facts, format="PNG")), "made from the PNG"),
    "compression": (replace(PLAIN, size_bytes=90_000), "less compressed"),
    "date": (replace(PLAIN, mtime_ns=10), "older"),
}


@pytest.mark.parametrize("criterion", BETTER)
def test_each_criterion_decides_and_is_told(criterion):
    better, words = BETTER[criterion]
    better = replace(better, path="z/longer-path/photo.jpg")
    choice = choose([PLAIN, better], KeepRules())
    assert choice.keeper == 1
    assert words in choice.reasons[0]
    without = KeepRules(order=tuple(name for name in CRITERIA if name != criterion))
    assert words not in choose([PLAIN, better], without).reasons[0]


def test_a_name_of_a_copy_goes():
    copy = replace(PLAIN, path="a/photo (1).jpg")
    choice = choose([copy, replace(PLAIN, path="a/much-longer-name-photo.jpg")], KeepRules())
    assert choice.keeper == 1
    assert "copy" in choice.reasons[0]


def test_a_file_converted_from_a_jpeg_goes():
    png = replace(PLAIN, path="a/p.png", facts=replace(PLAIN.facts, format="PNG"))
    assert choose([png, PLAIN], KeepRules(), converted=True).keeper == 1
    assert choose([png, PLAIN], KeepRules()).keeper == 0


def test_rules_come_before_quality():
    large = replace(BETTER["resolution"][0], path="Downloads/photo.jpg")
    assert choose([PLAIN, large], KeepRules()).keeper == 1
    avoiding = choose([PLAIN, large], KeepRules(avoid=("Downloads",)))
    assert (avoiding.keeper, avoiding.reasons[1]) == (0, "your rules avoid the place of the other")
    assert choose([PLAIN, large], KeepRules(prefer=("a/*",))).keeper == 0
    assert choose([PLAIN, large], KeepRules(protect=("a",), prefer=("Downloads",))).keeper == 0


CONTENDERS = st.builds(
    Contender,
    st.text("abc/", min_size=1, max_size=6),
    st.builds(
        Facts,
        st.integers(1, 3),
        st.integers(1, 3),
        st.sampled_from(["JPEG", "PNG"]),
        st.just("RGB"),
    ),
    st.integers(1, 3),
    st.integers(0, 2),
)


@given(st.lists(CONTENDERS, min_size=2, max_size=6, unique_by=lambda c: c.path), st.randoms())
def test_the_order_of_the_files_changes_nothing(contenders, chance):
    kept = contenders[choose(contenders, KeepRules()).keeper]
    chance.shuffle(contenders)
    assert contenders[choose(contenders, KeepRules()).keeper] == kept


def test_rules_from_toml():
    rules = KeepRules.from_toml('protect = ["A/*"]\norder = ["date", "resolution"]\n')
    assert rules == KeepRules(protect=("A/*",), order=("date", "resolution"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("protect = [", "no TOML"),
        ('protekt = ["a"]', "did you mean protect"),
        ('order = ["resolutoin"]', "did you mean resolution"),
        ('order = ["date", "date"]', "twice"),
        ("avoid = 3", "list of texts"),
    ],
)
def test_rules_that_are_wrong_are_refused_with_the_cure(text, words):
    with pytest.raises(InputError, match=words):
        KeepRules.from_toml(text)


def test_one_file_is_no_choice():
    with pytest.raises(InputError):
        choose([PLAIN], KeepRules())
