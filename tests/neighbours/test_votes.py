"""Votes of shared words: blocked equals brute force, and rare words count more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.neighbours import bags as bags_module
from lookalike.neighbours import votes
from lookalike.neighbours.bags import Bags, Filling, worth
from lookalike.neighbours.votes import Shared, shared_between, shared_within
from lookalike.nouns.errors import InputError

bag = st.sets(st.sampled_from([0, 1, 2, 3, 500, 65_534, 65_535]), max_size=5).map(
    lambda words: np.array(sorted(words), np.uint16)
)
collection = st.lists(st.tuples(bag, bag), max_size=7)


def by_hand(mine: list, theirs: list, value: np.ndarray) -> dict[tuple[int, int], tuple]:
    found = {}
    for i, (upright, mirrored) in enumerate(mine):
        for j, (other, _) in enumerate(theirs):
            straight, turned = (
                sum(float(value[word]) for word in set(words.tolist()) & set(other.tolist()))
                for words in (upright, mirrored)
            )
            found[i, j] = max(straight, turned), turned > straight
    return found


def told(shared: Shared) -> dict[tuple[int, int], tuple]:
    both = zip(shared.first.tolist(), shared.second.tolist(), strict=True)
    said = zip(shared.votes.tolist(), shared.mirrored.tolist(), strict=True)
    return dict(zip(both, said, strict=True))


@settings(max_examples=60, deadline=None)
@given(collection, collection, st.integers(1, 50), st.integers(1, 4))
def test_blocks_of_any_size_give_what_a_plain_loop_gives(mine, theirs, votes_at_once, rows):
    sides = Bags.of(mine), Bags.of(theirs)
    wanted = by_hand(mine, theirs, worth(sides))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(votes, "AT_ONCE", votes_at_once)
        patch.setattr(votes, "MOST_ROWS", rows)
        found = told(shared_between(*sides, least=5.0))
    assert found.keys() == {pair for pair, (sum_, _) in wanted.items() if sum_ >= 5.0}
    for pair, (sum_, mirrored) in found.items():
        assert sum_ == pytest.approx(wanted[pair][0], rel=1e-5)
        assert mirrored == wanted[pair][1]


@settings(max_examples=40, deadline=None)
@given(collection, st.integers(1, 50), st.integers(1, 4))
def test_within_one_collection_each_pair_comes_once_and_none_with_itself(many, at_once, rows):
    bags = Bags.of(many)
    wanted = by_hand(many, many, worth([bags]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(votes, "AT_ONCE", at_once)
        patch.setattr(votes, "MOST_ROWS", rows)
        found = told(shared_within(bags, least=1.0))
    assert found.keys() == {(i, j) for (i, j), (sum_, _) in wanted.items() if i < j and sum_ >= 1}


def test_pairs_come_in_order_and_threads_do_not_matter():
    rng = np.random.default_rng(0)
    many = [tuple(np.unique(rng.integers(0, 300, 40)).astype(np.uint16) for _ in "ab")] * 2
    many += [
        tuple(np.unique(rng.integers(0, 300, 40)).astype(np.uint16) for _ in "ab")
        for _ in range(200)
    ]
    bags, told = Bags.of(many), []
    one = shared_within(bags, least=20.0, threads=1)
    two = shared_within(bags, least=20.0, threads=2, progress=lambda *c: told.append(c))
    assert len(one.first) > 10
    assert one.mirrored.any()
    assert not one.mirrored.all()
    for name in ("first", "second", "votes", "mirrored"):
        assert (getattr(one, name) == getattr(two, name)).all()
    assert (np.diff(one.first * 1_000 + one.second) > 0).all()
    assert told[-1] == (404, 404)


def test_bags_filled_a_few_at_a_time_are_those_made_at_once():
    rng = np.random.default_rng(1)
    many = [
        tuple(np.unique(rng.integers(0, 90, n)).astype(np.uint16) for n in rng.integers(0, 9, 2))
        for _ in range(9)
    ]
    filling = Filling(9, 8)
    for part in (many[:4], [], many[4:]):
        filling.add(part)
    found, whole = filling.whole(), Bags.of(many)
    assert len(found) == 9
    for at, (upright, mirrored) in enumerate(many):
        assert (found.words[slice(*found.starts[at : at + 2])] == upright).all()
        assert (found.mirrored[slice(*found.mirrored_starts[at : at + 2])] == mirrored).all()
    for name in ("words", "starts", "mirrored", "mirrored_starts"):
        assert (getattr(whole, name) == getattr(found, name)).all()


def test_a_rare_word_is_worth_more_and_one_that_is_everywhere_nothing(monkeypatch):
    monkeypatch.setattr(bags_module, "MOST_PICTURES", 3)
    words = [np.array(w, np.uint16) for w in ([1, 2, 3], [2, 3], [3], [3])]
    value = worth([Bags.of([(w, w) for w in words])])
    assert value[1] > value[2] > 0
    assert value[3] == 0


def test_no_votes_at_all_are_not_asked_for():
    with pytest.raises(InputError, match="above 0"):
        shared_within(Bags.of([]), least=0)
