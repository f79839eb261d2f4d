"""Which pictures meet: even use, right partners, and nothing but seed and epoch deciding."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from picture_sets import labelled

from lookalike.nouns.errors import InputError, RecipeError
from lookalike.nouns.recipe import BatchPart
from lookalike.training.classes import Classes
from lookalike.training.even import even_groups, occurrences
from lookalike.training.plans import plain_planner, training_planner
from lookalike.training.sampler import EpochPlans

KINDS = ("shuffled", "balanced", "pairs", "triplets", "views")


def planner(labels, part, seed=0, rows=None, **listed):
    data = labelled(labels, **listed)
    return training_planner(data, data.rows() if rows is None else np.array(rows), part, seed)


def same_plans(one, two):
    assert len(one) == len(two)
    for a, b in zip(one, two, strict=True):
        assert a.epoch == b.epoch
        assert np.array_equal(a.rows, b.rows) and np.array_equal(a.views, b.views)
        assert np.array_equal(a.labels, b.labels)


@given(
    n=st.integers(1, 30), groups=st.integers(0, 20), size=st.integers(1, 40), seed=st.integers(0)
)
def test_things_are_used_evenly_and_stand_once_in_a_group(n, groups, size, seed):
    drawn = even_groups(n, groups, size, np.random.default_rng(seed))
    assert drawn.shape == (groups, size)
    used = np.bincount(drawn.ravel(), minlength=n)
    assert len(used) == n and used.max() - used.min() <= 1
    for group in drawn:
        assert np.bincount(group).max() <= -(-size // n) + (size > n and size % n > 0)
        if size <= n:
            assert len(set(group.tolist())) == size


@given(st.lists(st.integers(0, 5)))
def test_occurrences_equal_counting(values):
    seen, counted = {}, []
    for value in values:
        counted.append(seen.get(value, 0))
        seen[value] = seen.get(value, 0) + 1
    assert occurrences(np.array(values, np.int64)).tolist() == counted


labels_of_two = st.lists(st.integers(-1, 5), min_size=4, max_size=40).filter(
    lambda labels: (
        len({c for c in labels if c >= 0}) > 1 and any(labels.count(c) > 1 for c in range(6))
    )
)


@given(labels=labels_of_two, m=st.integers(0, 60), seed=st.integers(0, 99))
def test_partners_are_of_the_class_or_of_another(labels, m, seed):
    rows = np.arange(len(labels)) + 100
    classes, chance = Classes(rows, np.array(labels)), np.random.default_rng(seed)
    label = dict(zip(rows.tolist(), labels, strict=True))
    for a, b in classes.same(m, chance).tolist():
        assert a != b and label[a] == label[b] >= 0
    for a, b in classes.different(m, chance).tolist():
        assert label[a] != label[b] and min(label[a], label[b]) >= 0
    for a, p, n in classes.triplets(m, chance).tolist():
        assert a != p and label[a] == label[p] != label[n] and min(label[a], label[n]) >= 0


def test_every_partner_is_equally_likely():
    classes = Classes(np.arange(7), np.array([0, 0, 0, 1, 1, 2, 2]))
    chance = np.random.default_rng(5)
    same, different = classes.same(21_000, chance), classes.different(21_000, chance)
    for first, partners, found in ((0, {1, 2}, same), (3, {0, 1, 2, 5, 6}, different)):
        second = found[found[:, 0] == first, 1]
        assert len(second) == 3000 and set(second.tolist()) == partners
        expected = 3000 / len(partners)
        assert np.abs(np.bincount(second)[sorted(partners)] - expected).max() < 6 * expected**0.5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("drawn", "per_epoch"), [(0, 0), (30, 0), (0, 23), (14, 50)])
def test_a_plan_is_decided_by_seed_and_epoch_alone(kind, drawn, per_epoch):
    labels = [row % 5 for row in range(40)]
    part = BatchPart(kind, 8, classes=4, pictures=2, drawn=drawn, per_epoch=per_epoch)
    plan = planner(labels, part, seed=3)
    for epoch in range(3):
        before = plan(epoch)
    same_plans(plan(2), before)
    same_plans(planner(labels, part, seed=3)(2), before)
    assert len(plan(0)) == len(before) > 0
    assert any(not np.array_equal(a.rows, b.rows) for a, b in zip(plan(0), before, strict=True))
    other = planner(labels, part, seed=4)(2)
    assert any(not np.array_equal(a.rows, b.rows) for a, b in zip(other, before, strict=True))
    for batch in before:
        assert batch.rows.shape == batch.views.shape == batch.labels.shape
    met = np.concatenate([batch.rows for batch in before])
    views = np.concatenate([batch.views for batch in before])
    assert len({*zip(met.tolist(), views.tolist(), strict=True)}) == len(met)


def test_shuffled_uses_each_picture_once_and_rests_wait():
    plans = planner([0] * 21, BatchPart("shuffled", 4))(0)
    rows = np.concatenate([plan.rows for plan in plans])
    assert len(plans) == 5 and len(set(rows.tolist())) == 20
    few = planner([0] * 3, BatchPart("shuffled", 4))(0)
    assert sorted(few[0].rows.tolist()) == [0, 1, 2] and len(few) == 1


def test_balanced_visits_classes_and_pictures_evenly():
    labels = [0] * 30 + [1] * 6 + [2] * 2 + [3] * 12 + [4] * 10 + [-1] * 9
    part = BatchPart("balanced", classes=3, pictures=4, per_epoch=120)
    plans = planner(labels, part)(1)
    assert len(plans) == 10
    for plan in plans:
        classes, counts = np.unique(plan.labels, return_counts=True)
        assert len(classes) == 3 and set(counts.tolist()) == {4} and min(classes) >= 0
        for c in classes:
            own = plan.rows[plan.labels == c]
            assert len(set(own.tolist())) == min(4, labels.count(c))
    rows = np.concatenate([plan.rows for plan in plans])
    visits = np.bincount(np.array(labels)[rows]) // 4
    assert visits.tolist() == [6] * 5
    for c in range(5):
        used = np.bincount(rows, minlength=len(labels))[np.array(labels) == c]
        assert used.max() - used.min() <= 1


def test_balanced_takes_no_more_classes_than_there_are():
    plan = planner([0, 0, 0, 1, 1], BatchPart("balanced", classes=16, pictures=2))(0)[0]
    assert sorted(plan.labels.tolist()) == [0, 0, 1, 1]


@given(size=st.integers(2, 9), drawn=st.integers(0, 20), per_epoch=st.integers(0, 50))
@settings(max_examples=30)
def test_pairs_are_half_and_half_and_lie_where_they_are_said_to(size, drawn, per_epoch):
    labels = [row % 4 for row in range(24)]
    part = BatchPart("pairs", size, drawn=drawn, per_epoch=per_epoch)
    total = 0
    for plan in planner(labels, part)(0):
        a1, p, a2, n = plan.chosen
        half = len(plan.rows) // 2
        assert sorted([*a1, *a2]) == list(range(half))
        assert np.array_equal(p, a1 + half) and np.array_equal(n, a2 + half)
        assert (plan.labels[a1] == plan.labels[p]).all() and (plan.rows[a1] != plan.rows[p]).all()
        assert (plan.labels[a2] != plan.labels[n]).all()
        assert abs(len(a1) - len(a2)) <= 1
        total += half
    assert total <= max(per_epoch or drawn or 24, size)


@pytest.mark.parametrize("kind", ["pairs", "triplets"])
def test_what_was_drawn_once_stays(kind):
    plan = planner([row % 4 for row in range(40)], BatchPart(kind, 5, drawn=20))
    tuples = [
        {tuple(t) for batch in plan(epoch) for t in batch.rows.reshape(-1, 5).T.tolist()}
        for epoch in range(4)
    ]
    assert all(found == tuples[0] for found in tuples) and len(tuples[0]) > 15


def test_listed_pairs_are_used_and_balanced():
    pairs, same = [(0, 1), (2, 3), (4, 5), (0, 9), (8, 9)], [True, False, False, False, True]
    plans = planner([-1] * 10, BatchPart("pairs", 2), rows=range(8), pairs=pairs, same=same)(0)
    found = []
    for plan in plans:
        a1, p, a2, n = plan.chosen
        assert plan.rows[[*a1, *p]].tolist() in ([0, 1], [])
        found += [tuple(plan.rows[[a, b]].tolist()) for a, b in zip(a2, n, strict=True)]
    assert set(found) <= {(2, 3), (4, 5)} and found


def test_partners_of_a_list_that_only_goes_together_are_not_connected():
    pairs = [(0, 1), (1, 2), (3, 4), (6, 5), (5, 7), (7, 8)]
    chains = [{0, 1, 2}, {3, 4}, {5, 6, 7, 8}]
    part = BatchPart("pairs", 4, per_epoch=200)
    for plan in planner([-1] * 9, part, pairs=pairs, same=[True] * 6)(0):
        a1, p, a2, n = plan.chosen
        together = {tuple(plan.rows[[a, b]].tolist()) for a, b in zip(a1, p, strict=True)}
        assert together <= set(pairs)
        for a, b in plan.rows[np.column_stack([a2, n])].tolist():
            assert not any({a, b} <= chain for chain in chains)


def test_listed_triplets_are_used():
    triplets = [(0, 1, 2), (3, 4, 5), (1, 0, 5), (0, 1, 9)]
    plans = planner([-1] * 10, BatchPart("triplets", 3), rows=range(9), triplets=triplets)(0)
    rows = plans[0].rows[np.column_stack(plans[0].chosen)]
    assert {tuple(row) for row in rows.tolist()} == set(triplets[:3]) and len(plans) == 1


def test_views_stand_one_after_another_and_rows_are_the_labels():
    plans = planner([-1] * 9, BatchPart("views", 4, pictures=3))(0)
    assert len(plans) == 2
    for plan in plans:
        assert plan.rows.shape == (12,) and np.array_equal(plan.labels, plan.rows)
        assert np.array_equal(plan.rows[:4], plan.rows[4:8])
        assert plan.views.reshape(3, 4).tolist() == [[0] * 4, [1] * 4, [2] * 4]


@pytest.mark.parametrize(
    ("part", "labels", "listed", "error"),
    [
        (BatchPart("shuffled"), [], {}, InputError),
        (BatchPart("balanced"), [0, 0, -1], {}, InputError),
        (BatchPart("pairs"), [0, 1, 2], {}, InputError),
        (BatchPart("triplets"), [-1, -1], {}, InputError),
        (BatchPart("pairs"), [0, 0, 1], {"pairs": [(0, 1)], "same": [False]}, InputError),
        (BatchPart("views", pictures=1), [0, 1], {}, RecipeError),
        (BatchPart("balanced", classes=0), [0, 1], {}, RecipeError),
    ],
)
def test_what_cannot_be_planned_is_refused(part, labels, listed, error):
    with pytest.raises(error):
        planner(labels, part, **listed)(0)


def test_a_plain_plan_goes_through_all_in_order():
    data = labelled([0, 1, 2, 3, 4, 0])
    plans = plain_planner(data, np.array([5, 3, 1, 0, 2]), 2)(7)
    assert [plan.rows.tolist() for plan in plans] == [[5, 3], [1, 0], [2]]
    assert plans[0].labels.tolist() == [0, 3] and plain_planner(data, np.empty(0, int), 2)(0) == []


@given(batches=st.integers(0, 20), world=st.integers(1, 6), repeat=st.booleans())
def test_processes_share_the_batches_equally(batches, world, repeat):
    data = labelled([0] * max(batches, 1))
    rows = data.rows()[:batches]
    plans = EpochPlans(plain_planner(data, rows, 1), 0, repeat=repeat)
    shares = [[int(p.rows[0]) for p in plans.shard(rank, world)] for rank in range(world)]
    assert len({len(share) for share in shares}) == 1
    met = sorted(row for share in shares for row in share)
    if repeat:
        assert set(met) == set(range(batches)) and len(met) < batches + world
    else:
        assert len(set(met)) == len(met) > batches - world
