"""What was promised of the listed pairs, in words."""

from dataclasses import replace

from made_reports import DOUBTFUL, duplicates_of, groups

from lookalike.nouns.duplicates_report import FoundPair
from lookalike.pages.sentences import promise_sentence

REPORT = duplicates_of(*groups(), related=(FoundPair("a.jpg", "b.jpg", DOUBTFUL),))


def test_nothing_is_said_where_nothing_was_promised():
    assert promise_sentence(REPORT) == ""


def test_a_share_of_wrong_pairs():
    said = promise_sentence(replace(REPORT, wrong_at_most=0.01, least_probability=0.83))
    assert said == "Listed from 83 % sure, so that at most 1 % of them are wrong."
    none = promise_sentence(replace(REPORT, wrong_at_most=0.01, least_probability=1.0))
    assert none == "No pair is sure enough to promise 1 % wrong ones at most."


def test_a_share_of_missed_copies():
    asked = replace(REPORT, miss_at_most=0.1, least_probability=0.52, expected_missed=0.1)
    assert asked.keeps_promise
    assert promise_sentence(asked).endswith("so that at most 10 % of all are missed.")
    # Three sure pairs and one of 0.524 are listed.
    hidden = replace(asked, expected_missed=3.524)
    assert not hidden.keeps_promise
    assert "about 50 % of the copies may hide" in promise_sentence(hidden)
