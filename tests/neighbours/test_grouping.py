from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.neighbours import grouping
from lookalike.neighbours.grouping import complete_link
from lookalike.nouns.pairs import Pairs


def pairs_of(table):
    keys = sorted(table)
    return Pairs(
        np.array([a for a, _ in keys], np.int64),
        np.array([b for _, b in keys], np.int64),
        np.array([table[key] for key in keys], np.float32),
    )


@st.composite
def graphs(draw):
    n = draw(st.integers(2, 12))
    every = list(combinations(range(0, 3 * n, 3), 2))
    chosen = draw(st.lists(st.sampled_from(every), unique=True))
    levels = st.integers(1, draw(st.sampled_from([1, 3, 100])))
    return {key: draw(levels) / 128 for key in chosen}


def naive(table):
    clusters = [[x] for x in sorted({x for key in table for x in key})]
    least = {}
    while True:
        clusters.sort()
        best = None
        for x, y in combinations(range(len(clusters)), 2):
            cross = [tuple(sorted((a, b))) for a in clusters[x] for b in clusters[y]]
            if all(key in table for key in cross):
                score = min(table[key] for key in cross)
                if best is None or score > best[0]:
                    best = (score, x, y)
        if best is None:
            break
        score, x, y = best
        joined = sorted(clusters[x] + clusters[y])
        least[tuple(joined)] = score
        clusters = [c for i, c in enumerate(clusters) if i not in (x, y)] + [joined]
    members = tuple(sorted(tuple(c) for c in clusters if len(c) > 1))
    return members, tuple(least[m] for m in members)


@pytest.fixture(params=["links", "matrix"])
def way(request, monkeypatch):
    monkeypatch.setattr(grouping, "_FEWEST", 2 if request.param == "matrix" else 10**9)
    monkeypatch.setattr(grouping, "_DENSE", 10**9)


@pytest.mark.usefixtures("way")
def test_merges_are_those_of_the_definition():
    @settings(deadline=None)
    @given(graphs())
    def check(table):
        groups = complete_link(pairs_of(table))
        assert (groups.members, groups.least_scores) == naive(table)

    check()


@settings(deadline=None)
@given(graphs(), st.integers(1, 100))
def test_groups_are_cliques_and_a_higher_threshold_only_splits(table, level):
    pairs = pairs_of(table)
    groups = complete_link(pairs)
    for members, least in zip(groups.members, groups.least_scores, strict=True):
        assert min(table[key] for key in combinations(members, 2)) == least
    for smaller in complete_link(pairs.at(level / 128)).members:
        assert any(set(smaller) <= set(larger) for larger in groups.members)


def test_a_chain_is_cut_and_the_surer_pair_stays():
    groups = complete_link(pairs_of({(0, 1): 0.9, (1, 2): 0.95}))
    assert groups.members == ((1, 2),)


def test_no_pairs_no_groups():
    assert len(complete_link(pairs_of({}))) == 0


@pytest.mark.parametrize("ties", [False, True])
def test_both_ways_agree_on_a_large_component(monkeypatch, ties):
    rng = np.random.default_rng(0)
    first, second = np.triu_indices(150, 1)
    keep = rng.random(len(first)) < 0.8
    scores = (rng.integers(0, 4 if ties else 10**6, len(first)) / 10**6).astype(np.float32)
    pairs = Pairs(first[keep], second[keep], scores[keep])
    matrix = complete_link(pairs)
    monkeypatch.setattr(grouping, "_FEWEST", 10**9)
    links = complete_link(pairs)
    assert matrix.members == links.members
    assert matrix.least_scores == links.least_scores


def test_many_components_keep_apart():
    first = np.arange(0, 6000, 2)
    pairs = Pairs(first, first + 1, np.ones(3000, np.float32))
    assert complete_link(pairs).members == tuple((a, a + 1) for a in range(0, 6000, 2))
