from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.datasets.leaks import class_leaks
from lookalike.datasets.split import split
from lookalike.nouns.errors import InputError
from lookalike.nouns.labelled import Labelled

TRAIN, VALIDATION, TEST = 1, 2, 3


def made(labels, *, groups=None, parts=None, classes=None, **more) -> Labelled:
    labels = np.array(labels, np.int64)
    n = len(labels)
    count = classes if classes is not None else int(labels.max(initial=-1)) + 1
    return Labelled(
        name="set",
        root=Path("set"),
        paths=tuple(f"{row}.jpg" for row in range(n)),
        labels=labels,
        classes=tuple(f"{place:02d}" for place in range(count)),
        parts=np.zeros(n, np.int64) if parts is None else np.array(parts, np.int64),
        groups=np.full(n, -1) if groups is None else np.array(groups, np.int64),
        **more,
    )


@st.composite
def sets(draw):
    n = draw(st.integers(30, 80))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    groups = rng.integers(-1, draw(st.integers(8, 20)), n)
    return made(rng.integers(-1, 4, n), groups=groups, classes=4)


SHARES = st.sampled_from([0.0, 0.1, 0.2, 0.4])


@settings(deadline=None)
@given(sets(), SHARES, SHARES, st.sampled_from([0.0, 0.25, 0.5]), st.integers(0, 2))
def test_whatever_is_asked_groups_stay_whole_and_unseen_classes_are_not_trained_on(
    data, validation, test, unseen, seed
):
    options = {"validation": validation, "test": test, "unseen_classes": unseen, "seed": seed}
    found = split(data, **options)
    assert found.parts.tolist() == split(data, **options).parts.tolist()
    for group in set(data.groups.tolist()) - {-1}:
        assert len(set(found.parts[data.groups == group].tolist()) - {0}) == 1 or (
            # Nothing is left of a group whose classes are all unseen and that was to train.
            not (set(found.parts[data.groups == group].tolist()) - {0})
        )
    assert len(found.unseen) == round(4 * unseen)
    assert set(found.unseen) == set(range(4 - round(4 * unseen), 4))
    class_leaks(found)
    left = found.parts == 0
    assert np.isin(data.labels[left], found.unseen).all()
    assert ((found.parts == VALIDATION).any()) == bool(validation)
    if not unseen:
        assert ((found.parts == TEST).any()) == bool(test)


@given(st.integers(0, 20), SHARES, SHARES)
def test_without_groups_each_class_gives_its_share(seed, validation, test):
    data = made(np.repeat(np.arange(5), [10, 20, 30, 40, 100]))
    found = split(data, validation=validation, test=test, seed=seed)
    for label, n in enumerate([10, 20, 30, 40, 100]):
        counts = np.bincount(found.parts[data.labels == label], minlength=4)
        assert abs(counts[TEST] - n * test) < 1
        assert abs(counts[VALIDATION] - (n - counts[TEST]) * validation) < 1
        assert counts[0] == 0


def test_the_whole_share_is_right_where_classes_have_one_picture_each():
    found = split(made(np.arange(1000)), validation=0.25, test=0.2)
    assert np.bincount(found.parts, minlength=4).tolist() == [0, 600, 200, 200]


def test_groups_of_all_sizes_reach_the_share_of_each_class_and_both_sides():
    rng = np.random.default_rng(0)
    sizes = rng.geometric(0.15, 300)
    groups = np.repeat(np.arange(300), sizes)
    data = made(rng.integers(0, 6, len(groups)), groups=groups)
    found = split(data, validation=0.0, test=0.2, seed=1)
    for label in range(6):
        share = (found.parts[data.labels == label] == TEST).mean()
        assert abs(share - 0.2) < 0.02
    tested = np.unique(groups[found.parts == TEST])
    # Neither side gets the big ones only.
    assert abs(sizes[tested].mean() - sizes.mean()) < 1.5


@pytest.mark.parametrize("seed", range(20))
def test_a_group_much_bigger_than_the_share_is_never_cut_off(seed):
    groups = np.concatenate([np.zeros(60, int), np.arange(1, 41)])
    found = split(made([0, 1] * 50, groups=groups), validation=0.0, test=0.2, seed=seed)
    assert (found.parts[:60] == TRAIN).all()
    assert abs(int((found.parts == TEST).sum()) - 20) <= 1


def test_other_seeds_choose_others():
    data = made(np.repeat(np.arange(4), 30))
    assert (split(data, seed=1).parts != split(data, seed=2).parts).any()


def test_parts_of_the_source_are_respected():
    parts = [TRAIN] * 20 + [TEST] * 10 + [0] * 3
    data = made([i % 2 for i in range(33)], parts=parts)
    found = split(data, validation=0.2, test=0.5, seed=3)
    assert (found.parts[20:] == data.parts[20:]).all()
    assert np.bincount(found.parts[:20], minlength=4).tolist() == [0, 16, 4, 0]
    both = made([i % 2 for i in range(30)], parts=[TRAIN] * 20 + [VALIDATION] * 10)
    found = split(both, validation=0.2, test=0.25, seed=3)
    assert (found.parts[20:] == VALIDATION).all()
    assert np.bincount(found.parts[:20], minlength=4).tolist() == [0, 15, 0, 5]
    only_test = made([0, 1] * 5, parts=[TEST] * 10)
    assert (split(only_test).parts == TEST).all()


def test_unseen_classes_with_parts_leave_training_and_stay_in_the_test():
    labels = np.tile(np.arange(10), 12)
    parts = np.repeat([TRAIN, TEST], 60)
    found = split(made(labels, parts=parts), unseen_classes=0.2, validation=0.2)
    assert found.unseen == (8, 9)
    hidden = labels >= 8
    assert set(found.parts[hidden & (parts == TRAIN)].tolist()) == {0}
    assert set(found.parts[hidden & (parts == TEST)].tolist()) == {TEST}
    assert set(found.parts[~hidden & (parts == TRAIN)].tolist()) == {TRAIN, VALIDATION}


def test_unseen_classes_without_parts_are_tested_whole_unless_their_group_trains():
    labels = np.repeat(np.arange(5), 20)
    groups = np.full(100, -1)
    groups[[0, 20, 99]] = 7  # one sender of three classes, the last of them unseen
    found = [split(made(labels, groups=groups), unseen_classes=0.1, seed=s) for s in range(20)]
    for one in found:
        assert one.unseen == (4,)
        assert (one.parts[80:99] == TEST).all()
        assert one.parts[99] == (TEST if one.parts[0] == TEST else 0)
        assert abs(int((one.parts[:80] == TEST).sum()) - 16) <= 1
    assert {int(one.parts[99]) for one in found} == {0, TEST}


def test_classes_that_the_source_only_tests_stay_unseen():
    labels = [0, 1] * 10 + [2] * 5
    data = made(labels, parts=[TRAIN] * 20 + [TEST] * 5, unseen=(2,))
    assert split(data).unseen == (2,)
    with pytest.raises(InputError, match="All classes would be unseen"):
        split(data, unseen_classes=0.99)


@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_so_many_of_each_class_and_part(limit):
    data = made(np.repeat(np.arange(4), [5, 20, 50, 100]))
    whole, found = (split(data, per_class=n, seed=4) for n in (0, limit))
    for label in range(4):
        for part in (TRAIN, VALIDATION, TEST):
            of = (data.labels == label) & (whole.parts == part)
            assert (found.parts[of] == part).sum() == min(limit, of.sum())
            assert set(found.parts[of].tolist()) <= {0, part}


def test_what_is_listed_together_stays_together():
    pairs = np.array([[2 * i, 2 * i + 1] for i in range(50)])
    data = made([-1] * 100, pairs=pairs, same=np.ones(50, bool), classes=0)
    found = split(data, validation=0.2, test=0.2)
    assert (found.parts[pairs[:, 0]] == found.parts[pairs[:, 1]]).all()
    assert np.bincount(found.parts, minlength=4).tolist() == [0, 64, 16, 20]


def test_triplets_that_all_hang_together_are_split_by_picture():
    rng = np.random.default_rng(0)
    triplets = np.array([rng.choice(100, 3, replace=False) for _ in range(500)])
    found = split(made([-1] * 100, triplets=triplets, classes=0), test=0.2, validation=0.25)
    assert np.bincount(found.parts, minlength=4).tolist() == [0, 60, 20, 20]
    assert len(found.take(found.rows("train")).triplets) > 50


def test_a_group_that_the_source_tears_apart_is_named():
    data = made([0, 1, 0, 1], groups=[5, 6, 5, -1], parts=[TRAIN, TRAIN, TEST, TEST])
    with pytest.raises(InputError, match=r"One group has 0\.jpg in train and 2\.jpg in test"):
        split(data)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"test": 1.0}, "test share is 1.0"),
        ({"validation": -0.1}, "validation share"),
        ({"unseen_classes": 2}, "unseen share"),
        ({"per_class": -1}, "per_class is -1"),
    ],
)
def test_shares_out_of_range_are_told(options, what):
    with pytest.raises(InputError, match=what):
        split(made([0, 1] * 10), **options)


def test_a_part_that_would_be_empty_is_told():
    with pytest.raises(InputError, match="'test' would have no picture"):
        split(made([0, 1] * 10, groups=[3] * 20))
    with pytest.raises(InputError, match="'train' would have no picture"):
        split(made([0], classes=2), test=0.5)
