"""Groups around a medoid: a partition of stars, that chains nothing and covers what it can."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.neighbours.grouping import complete_link
from lookalike.neighbours.medoids import medoid_groups
from lookalike.nouns.pairs import Pairs

links = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] < p[1]),
    st.floats(0.5, 1, width=32),
    max_size=25,
)


def pairs_of(given_links: dict) -> Pairs:
    ordered = sorted(given_links)
    return Pairs(
        np.array([a for a, _ in ordered], np.int64),
        np.array([b for _, b in ordered], np.int64),
        np.array([given_links[pair] for pair in ordered], np.float32),
    )


@settings(max_examples=200, deadline=None)
@given(links)
def test_one_member_of_each_group_is_paired_with_all_others(given_links):
    groups = medoid_groups(pairs_of(given_links))
    for members, least in zip(groups.members, groups.least_scores, strict=True):
        stars = [
            [given_links.get((min(a, b), max(a, b)), 0) for b in members if b != a] for a in members
        ]
        assert any(min(star) > 0 and min(star) == pytest.approx(least) for star in stars)


@settings(max_examples=200, deadline=None)
@given(links)
def test_what_is_left_alone_is_paired_with_nobody_who_is_left(given_links):
    grouped = {
        image for members in medoid_groups(pairs_of(given_links)).members for image in members
    }
    for a, b in given_links:
        assert a in grouped or b in grouped


@settings(max_examples=100, deadline=None)
@given(links, st.permutations(range(10)))
def test_the_order_of_pairs_does_not_matter(given_links, order):
    pairs = pairs_of(given_links)
    turned = np.array(order)[np.array(order) < len(pairs)]
    shuffled = Pairs.of(pairs.first[turned], pairs.second[turned], pairs.scores[turned])
    kept = Pairs.of(
        *(column[np.sort(turned)] for column in (pairs.first, pairs.second, pairs.scores))
    )
    assert medoid_groups(shuffled).members == medoid_groups(kept).members


def test_a_whole_picture_holds_its_two_halves_together_and_a_chain_is_cut():
    halves = pairs_of({(0, 1): 0.9, (1, 2): 0.95})
    assert medoid_groups(halves).members == ((0, 1, 2),)
    assert len(complete_link(halves).members) == 1
    assert max(len(members) for members in complete_link(halves).members) == 2
    chain = pairs_of({(i, i + 1): 0.9 for i in range(9)})
    assert max(len(members) for members in medoid_groups(chain).members) == 3
