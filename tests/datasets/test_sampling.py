from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lookalike.datasets.sampling import draw_episodes, draw_pairs, draw_trios, draw_triplets
from lookalike.datasets.unrank import Ranks
from lookalike.nouns.errors import InputError

LABELS = st.lists(st.integers(-1, 4), min_size=2, max_size=11).map(lambda x: np.array(x, np.int64))
SEEDS = st.integers(0, 9)


def kinds(labels):
    """Every pair, triplet and trio of each kind, by trying all."""
    known = np.flatnonzero(labels >= 0).tolist()
    classes = {row: int(labels[row]) for row in known}
    trios = {frozenset(trio): len({classes[r] for r in trio}) for trio in combinations(known, 3)}
    pairs = [frozenset(pair) for pair in combinations(known, 2)]
    alike = {pair for pair in pairs if len({classes[row] for row in pair}) == 1}
    return {
        "same": alike,
        "different": set(pairs) - alike,
        "triplets": {
            (a, p, n)
            for a, p, n in permutations(known, 3)
            if classes[a] == classes[p] != classes[n]
        },
        "two_of_three": {trio for trio, count in trios.items() if count == 2},
        "three_of_three": {trio for trio, count in trios.items() if count == 1},
        "all_different": {trio for trio, count in trios.items() if count == 3},
    }


@given(LABELS)
def test_numbering_reaches_each_exactly_once(labels):
    ranks = Ranks.of(labels)
    for kind, wanted in kinds(labels).items():
        count = getattr(ranks, f"count_{kind}")
        assert count == len(wanted)
        rows = getattr(ranks, kind)(np.arange(count)).tolist()
        found = [tuple(line) if kind == "triplets" else frozenset(line) for line in rows]
        assert set(found) == wanted
        assert len(found) == len(wanted)


def as_often(found, possible) -> bool:
    """Each of the possible comes as often as any other, give or take one."""
    counts = [found.count(one) for one in possible]
    return max(counts) - min(counts) <= 1 and sum(counts) == len(found)


@settings(deadline=None)
@given(LABELS, st.integers(1, 60), SEEDS)
def test_pairs_are_balanced_true_and_never_twice_while_there_are_enough(labels, n, seed):
    possible = kinds(labels)
    assume(possible["same"] and possible["different"])
    a, b, same = draw_pairs(labels, n, seed)
    assert len(a) == len(b) == len(same) == n
    assert same.sum() == n - n // 2
    assert (a != b).all()
    assert ((labels[a] == labels[b]) == same).all()
    pairs = [frozenset(pair) for pair in zip(a.tolist(), b.tolist(), strict=True)]
    for kind, mask in (("same", same), ("different", ~same)):
        assert as_often([p for p, m in zip(pairs, mask, strict=True) if m], possible[kind])
    again = draw_pairs(labels, n, seed)
    assert all((x == y).all() for x, y in zip((a, b, same), again, strict=True))


@settings(deadline=None)
@given(LABELS, st.integers(1, 60), SEEDS)
def test_triplets_hold_and_never_come_twice_while_there_are_enough(labels, n, seed):
    possible = kinds(labels)["triplets"]
    assume(possible)
    rows = draw_triplets(labels, n, seed)
    assert rows.shape == (n, 3)
    assert as_often([tuple(line) for line in rows.tolist()], possible)


@settings(deadline=None)
@given(LABELS, st.integers(1, 60), SEEDS)
def test_trios_are_balanced_and_true(labels, n, seed):
    possible = kinds(labels)
    alike = possible["two_of_three"] | possible["three_of_three"]
    assume(alike and possible["all_different"])
    rows, at_least_two = draw_trios(labels, n, seed)
    assert at_least_two.sum() == n - n // 2
    trios = [frozenset(line) for line in rows.tolist()]
    assert as_often([t for t, m in zip(trios, at_least_two, strict=True) if m], alike)
    assert as_often(
        [t for t, m in zip(trios, at_least_two, strict=True) if not m], possible["all_different"]
    )


@settings(deadline=None)
@given(LABELS, st.integers(2, 3), st.integers(1, 2), st.integers(1, 2), st.integers(0, 5), SEEDS)
def test_episodes_have_different_classes_and_different_pictures(
    labels, ways, shots, queries, episodes, seed
):
    sizes = np.unique(labels[labels >= 0], return_counts=True)[1]
    if (sizes >= shots + queries).sum() < ways:
        with pytest.raises(InputError, match="are needed"):
            draw_episodes(labels, ways, shots, queries, episodes, seed)
        return
    rows = draw_episodes(labels, ways, shots, queries, episodes, seed)
    assert rows.shape == (episodes, ways, shots + queries)
    for episode in rows:
        assert len(set(episode.ravel().tolist())) == episode.size
        of = labels[episode]
        assert (of == of[:, :1]).all()
        assert (of >= 0).all()
        assert len(set(of[:, 0].tolist())) == ways
    assert (rows == draw_episodes(labels, ways, shots, queries, episodes, seed)).all()


def test_every_class_picture_and_place_comes_up_alike():
    labels = np.repeat(np.arange(6), 5)
    rows = draw_episodes(labels, 3, 1, 2, 6000, 3)
    counts = np.bincount(rows[:, :, 0].ravel(), minlength=30)
    # 600 expected; six standard deviations of a binomial are about 143.
    assert abs(counts - 600).max() < 143
    first = np.bincount(labels[rows[:, 0, 0]], minlength=6)
    assert abs(first - 1000).max() < 174


def test_the_order_within_a_draw_tells_nothing():
    labels = np.repeat(np.arange(10), 20)
    rows, alike = draw_trios(labels, 6000, 5)
    two = rows[alike]
    of = labels[two]
    equal = np.stack([of[:, 0] == of[:, 1], of[:, 0] == of[:, 2], of[:, 1] == of[:, 2]])
    counts = equal[:, equal.sum(axis=0) == 1].sum(axis=1)
    assert abs(counts - counts.mean()).max() < 200
    a, b, _ = draw_pairs(labels, 6000, 5)
    assert abs(int((a < b).sum()) - 3000) < 250
    assert abs(int(draw_pairs(labels, 6000, 5)[2][:3000].sum()) - 1500) < 170


def test_other_seeds_draw_others():
    labels = np.repeat(np.arange(5), 30)
    assert (draw_pairs(labels, 50, 1)[0] != draw_pairs(labels, 50, 2)[0]).any()
    assert (draw_triplets(labels, 50, 1) != draw_triplets(labels, 50, 2)).any()


def test_a_million_labels_are_no_trouble():
    labels = np.arange(1_000_000) % 1000
    a, b, same = draw_pairs(labels, 1000, 0)
    assert ((labels[a] == labels[b]) == same).all()
    rows = draw_triplets(labels, 1000, 0)
    assert (labels[rows[:, 0]] == labels[rows[:, 1]]).all()
    assert (labels[rows[:, 0]] != labels[rows[:, 2]]).all()
    rows, alike = draw_trios(labels, 1000, 0)
    different = np.array([len(set(line)) for line in labels[rows].tolist()])
    assert ((different < 3) == alike).all()


def test_more_than_can_be_numbered_is_refused():
    with pytest.raises(InputError, match="can be numbered"):
        draw_triplets(np.arange(4_000_000) % 2, 10, 0)


@pytest.mark.parametrize("draw", [draw_pairs, draw_triplets, draw_trios])
@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1, 2], [-1, -1, -1], []])
def test_what_cannot_be_drawn_is_told(draw, labels):
    with pytest.raises(InputError, match="nothing of this kind"):
        draw(np.array(labels, np.int64), 10, 0)


def test_odd_requests_are_told():
    labels = np.array([0, 0, 1, 1])
    with pytest.raises(InputError, match="0 or more"):
        draw_triplets(labels, -1, 0)
    with pytest.raises(InputError, match="make no game"):
        draw_episodes(labels, 1, 1, 1, 5, 0)
    assert draw_triplets(labels, 0, 0).shape == (0, 3)
    assert draw_pairs(labels, 0, 0)[0].shape == (0,)
