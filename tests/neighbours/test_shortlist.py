"""The shortlist equals a plain count of better pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.neighbours.shortlist import best_partners
from lookalike.nouns.errors import InputError

PAIRS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(7, 12), st.integers(0, 3)),
    max_size=30,
    unique_by=lambda pair: pair[:2],
)


@given(PAIRS, st.integers(1, 4))
def test_a_pair_stays_if_fewer_than_k_better_ones_share_an_end(pairs, k):
    first, second, scores = (np.array([p[i] for p in pairs], np.int64) for i in range(3))
    kept = best_partners(first, second, scores.astype(np.float32), k=k)
    for i, (a, b, score) in enumerate(pairs):
        better = [
            (other[0] == a, other[1] == b)
            for j, other in enumerate(pairs)
            if (other[2], -j) > (score, -i)
        ]
        assert kept[i] == (min(sum(x for x, _ in better), sum(y for _, y in better)) < k)


@given(PAIRS)
def test_a_larger_k_keeps_no_less(pairs):
    first, second, scores = (np.array([p[i] for p in pairs], np.int64) for i in range(3))
    masks = [best_partners(first, second, scores.astype(np.float32), k=k) for k in (1, 2, 40)]
    assert (masks[0] <= masks[1]).all()
    assert masks[2].all()


def test_what_makes_no_sense_is_refused():
    none = np.zeros(0, np.int64)
    with pytest.raises(InputError, match="at least 1"):
        best_partners(none, none, np.zeros(0, np.float32), k=0)
    with pytest.raises(InputError, match="as many"):
        best_partners(none, none, np.zeros(1, np.float32), k=1)
