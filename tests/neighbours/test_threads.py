from threading import Event, Thread

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from lookalike.neighbours.threads import count_of, in_order, one_blas_thread
from lookalike.nouns.errors import InputError


def blas_threads():
    """Of numpy's own BLAS; a library that is loaded later may bring another one."""
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    own = [pool for pool in pools if "numpy" in pool["filepath"]]
    return [pool["num_threads"] for pool in own or pools]


def test_results_keep_the_order_of_items():
    assert list(in_order(lambda x: x * x, range(100), threads=4)) == [x * x for x in range(100)]


def test_blas_is_limited_inside_and_as_before_outside():
    np.ones((2, 2)) @ np.ones((2, 2))
    before = blas_threads()
    with one_blas_thread():
        with one_blas_thread():
            assert set(blas_threads()) <= {1}
        assert set(blas_threads()) <= {1}
    assert blas_threads() == before


def test_blas_is_limited_by_whichever_thread_enters_and_freed_by_whichever_leaves():
    before = blas_threads()
    inside = []

    def limited(entered, leave):
        with one_blas_thread():
            inside.append(blas_threads())
            entered.set()
            leave.wait(10)

    for _ in range(2):
        entered, leave = Event(), Event()
        other = Thread(target=limited, args=(entered, leave))
        with one_blas_thread():
            other.start()
            assert entered.wait(10)
        assert set(blas_threads()) <= {1}  # the other is still inside
        leave.set()
        other.join()
        assert blas_threads() == before
    alone = Thread(target=limited, args=(Event(), leave))
    alone.start()
    alone.join()
    assert all(set(seen) <= {1} for seen in inside)
    assert (len(inside), blas_threads()) == (3, before)


def test_an_error_in_a_task_reaches_the_reader_and_frees_blas():
    before = blas_threads()

    def task(x):
        if x == 3:
            raise InputError("three")
        return x

    with pytest.raises(InputError, match="three"):
        list(in_order(task, range(50), threads=2))
    assert blas_threads() == before


def test_a_reader_that_stops_early_stops_the_work():
    begun = []
    release = Event()

    def task(x):
        begun.append(x)
        release.wait(10)
        return x

    results = in_order(task, range(1000), threads=2)
    release.set()
    assert next(results) == 0
    results.close()
    assert len(begun) < 20


def test_thread_counts():
    assert count_of(None) >= 1
    with pytest.raises(InputError):
        count_of(0)
