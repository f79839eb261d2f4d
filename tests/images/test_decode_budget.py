"""Several threads together stay within one budget, and none waits for ever."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pytest
import zoo
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.images.budget import DecodeBudget
from lookalike.images.decode import pixel_digest, read_picture
from lookalike.nouns.errors import InputError, UnreadableImage

TOTAL = 1000
PATIENCE_S = 30


class Meter:
    """Counts what is held at a time, apart from the budget's own count."""

    def __init__(self):
        self.held, self.most = 0, 0
        self.lock = threading.Lock()

    def add(self, cost):
        with self.lock:
            self.held += cost
            self.most = max(self.most, self.held)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, TOTAL), min_size=1, max_size=60), st.integers(2, 8))
def test_the_total_is_never_passed_and_everyone_gets_a_turn(costs, threads):
    budget, meter = DecodeBudget(TOTAL), Meter()

    def work(cost):
        with budget.hold(cost):
            meter.add(cost)
            meter.add(-cost)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, costs, timeout=PATIENCE_S))
    assert meter.most <= TOTAL
    assert meter.held == 0
    with budget.hold(TOTAL):  # all has been given back
        pass


def test_threads_do_hold_at_the_same_time():
    budget, both = DecodeBudget(TOTAL), threading.Barrier(2, timeout=PATIENCE_S)

    def work(cost):
        with budget.hold(cost):
            both.wait()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, [TOTAL // 2, TOTAL // 2]))


def until(true):
    """Lets other threads run until something has become so; fails instead of hanging."""
    for _ in range(10_000_000):
        if true():
            return
    pytest.fail("it never became so")


def test_whoever_came_first_gets_in_first():
    budget, order = DecodeBudget(TOTAL), []

    def work(name, cost):
        with budget.hold(cost):
            order.append(name)

    with ThreadPoolExecutor(2) as pool:
        with budget.hold(600):
            large = pool.submit(work, "large", 600)
            until(lambda: budget._queue or large.done())
            small = pool.submit(work, "small", 300)  # would fit beside the first at once
            until(lambda: len(budget._queue) == 2 or small.done())
            order.append("first")
        large.result(PATIENCE_S), small.result(PATIENCE_S)
    assert order == ["first", "large", "small"]


def test_what_an_error_held_is_given_back():
    budget = DecodeBudget(TOTAL)
    for _ in range(3):
        with pytest.raises(KeyError), budget.hold(TOTAL):
            raise KeyError
    with budget.hold(TOTAL):
        pass


@pytest.mark.parametrize("cost", [TOTAL + 1, -1])
def test_what_can_never_fit_is_refused_at_once(cost):
    with pytest.raises(InputError), DecodeBudget(TOTAL).hold(cost):
        pass
    with pytest.raises(InputError):
        DecodeBudget(0)


class Watched(DecodeBudget):
    """A budget that remembers what it was asked for."""

    def __init__(self, total_bytes):
        super().__init__(total_bytes)
        self.asked = []

    def hold(self, cost_bytes):
        self.asked.append(cost_bytes)
        return super().hold(cost_bytes)


def test_many_threads_decode_within_a_small_budget():
    pixels = zoo.slope(120, 100)
    files = [zoo.encoded(pixels, format) for format in ("PNG", "BMP", "TIFF", "PPM")] * 10
    with ThreadPoolExecutor(8) as pool:
        probe = Watched(10**9)
        read_picture(files[0], short_side_px=None, budget=probe)
        budget = Watched(max(probe.asked) * 2)
        pictures = pool.map(
            lambda data: read_picture(data, short_side_px=None, budget=budget), files
        )
        assert all(np.array_equal(picture.pixels, pixels) for picture in pictures)
    assert len(budget.asked) == len(files)
    assert min(budget.asked) >= pixels.nbytes * 2  # the decoded picture, and what is kept of it


def test_a_picture_above_the_whole_budget_is_refused_instead_of_waiting():
    data = zoo.encoded(zoo.slope(300, 200), "PNG")
    with pytest.raises(UnreadableImage, match="Too big"):
        read_picture(data, short_side_px=None, budget=DecodeBudget(100_000))


def test_a_refused_picture_gives_its_share_back():
    data = zoo.encoded(zoo.photo(), "PNG")
    budget = DecodeBudget(20_000_000)
    for _ in range(4):
        with pytest.raises(UnreadableImage):
            read_picture(data[: len(data) // 2], budget=budget)
    with budget.hold(budget.total_bytes):
        pass


def test_the_costs_grow_with_what_is_decoded():
    photo = zoo.photo()

    def cost(read, data, **options):
        budget = Watched(10**9)
        read(data, budget=budget, **options)
        return budget.asked[0]

    baseline, progressive = (
        zoo.encoded(photo, "JPEG", progressive=progressive) for progressive in (False, True)
    )
    scaled, full = (cost(read_picture, baseline, short_side_px=side) for side in (64, None))
    assert scaled * 4 < full
    # Coefficients of all 4:2:0 planes: two bytes each, one and a half planes.
    assert cost(read_picture, progressive, short_side_px=64) == scaled + photo.shape[0] ** 2 * 3
    assert cost(pixel_digest, baseline) == full - photo.nbytes


def test_a_jpeg_in_several_scans_costs_its_coefficients():
    data = zoo.encoded(zoo.photo(), "JPEG")
    at = data.index(b"\xff\xda")
    # The same head with one component in its first scan, as some scanners write.
    partly = data[:at] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + data[at + 14 :]
    whole, part = Watched(10**9), Watched(10**9)
    read_picture(data, short_side_px=64, budget=whole)
    with suppress(UnreadableImage):  # whatever comes of it, its share was asked for first
        read_picture(partly, short_side_px=64, budget=part)
    assert part.asked[0] == whole.asked[0] + zoo.photo().shape[0] ** 2 * 3


def test_a_tiff_costs_its_strips_and_its_turning():
    def cost(**options):
        budget = Watched(10**9)
        read_picture(zoo.encoded(zoo.photo(), "TIFF", **options), short_side_px=64, budget=budget)
        return budget.asked[0]

    decoded = zoo.photo().shape[0] ** 2 * 4
    upright, turned = cost(), cost(exif=zoo.exif(6))
    assert turned == upright + decoded
    assert cost(compression="tiff_lzw", tiffinfo={278: 512}) >= 2 * decoded
