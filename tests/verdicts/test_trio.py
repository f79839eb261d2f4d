"""Three pictures: the arrangements sum to one, and more evidence for a pair is never less."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.nouns.compare_report import ARRANGEMENTS
from lookalike.verdicts.trio import arrangements, nearer_chance

chances = st.floats(0, 1)
trios = st.tuples(chances, chances, chances)


@given(trios)
def test_the_arrangements_share_one(alike):
    found = arrangements(alike)
    assert tuple(found) == ARRANGEMENTS
    assert sum(found.values()) == pytest.approx(1)
    assert min(found.values()) > 0


def test_what_says_nothing_changes_nothing():
    assert arrangements((0.5, 0.5, 0.5)) == pytest.approx(
        {way: 0.5 if way == "none" else 0.125 for way in ARRANGEMENTS}
    )
    assert nearer_chance(0.5, 0.5) == 0.5


@given(trios, st.integers(0, 2), chances)
def test_a_pair_that_is_more_alike_never_makes_none_likelier(alike, place, other):
    low, high = sorted((alike[place], other))
    less, more = (
        arrangements(tuple(chance if i == place else alike[i] for i in range(3)))
        for chance in (low, high)
    )
    assert more["none"] <= less["none"] + 1e-9
    own = ("A and B", "A and C", "B and C")[place]
    for way in set(ARRANGEMENTS) - {own, "A, B and C"}:
        assert more[way] <= less[way] + 1e-9


@given(trios)
def test_the_order_of_the_pictures_does_not_matter(alike):
    between = {
        frozenset(pair): chance for pair, chance in zip(("AB", "AC", "BC"), alike, strict=True)
    }
    wanted = arrangements(alike)
    for order in permutations("ABC"):
        a, b, c = order
        found = arrangements(tuple(between[frozenset(pair)] for pair in (a + b, a + c, b + c)))
        renamed = {
            frozenset(dict(zip("ABC", order, strict=True))[x] for x in way if x in "ABC"): chance
            for way, chance in found.items()
        }
        for way in ARRANGEMENTS:
            assert renamed[frozenset(set(way) & set("ABC"))] == pytest.approx(wanted[way], abs=1e-9)


@given(chances, chances)
def test_b_and_c_share_one_and_the_likelier_is_nearer(a_b, a_c):
    assert nearer_chance(a_b, a_c) + nearer_chance(a_c, a_b) == pytest.approx(1)
    assert (nearer_chance(a_b, a_c) >= 0.5) or a_b < a_c


def test_two_of_three_that_are_surely_alike():
    found = arrangements((0.999, 0.001, 0.001))
    assert max(found, key=found.get) == "A and B"
    assert found["A and B"] > 0.99
    assert max(arrangements((0.9, 0.9, 0.9)).items(), key=lambda item: item[1])[0] == "A, B and C"
