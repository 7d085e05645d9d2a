"""Means, shares and ranks of replications."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import rankdata, ttest_1samp

from sim.streams import generator
from sim.study.statistics import mean_interval, mid_ranks, rank, share_interval


def test_the_mean_interval_is_student_s() -> None:
    sample = generator(1, "student").normal(3.0, 2.0, 37)
    expected = ttest_1samp(sample, 0.0).confidence_interval(0.95)
    found = mean_interval(sample)
    assert found.value == pytest.approx(sample.mean(), rel=1e-12)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-9)


def test_a_constant_has_no_simulation_error() -> None:
    found = mean_interval(np.full(50, 7.5))
    assert (found.value, found.low, found.high) == (7.5, 7.5, 7.5)


def test_one_run_says_nothing_of_the_error() -> None:
    found = mean_interval(np.array([5.0]))
    assert found.value == 5.0
    assert math.isinf(found.low)
    assert math.isinf(found.high)


def test_wilson_s_interval_of_10_in_20() -> None:
    """Its centre is 0.5 and its half-width z / (n + z^2) sqrt(n / 4 + z^2 / 4)."""
    found = share_interval(10, 20)
    z = 1.959963984540054
    half = z / (20 + z * z) * math.sqrt(20 / 4 + z * z / 4)
    assert found.value == 0.5
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half), rel=1e-12)


@pytest.mark.parametrize("runs", [1, 10, 1000])
def test_none_and_all_stay_within_0_and_1(runs: int) -> None:
    none, every = share_interval(0, runs), share_interval(runs, runs)
    assert none.low == 0.0
    assert 0.0 < none.high < 1.0
    assert every.high == 1.0
    assert every.low == pytest.approx(1.0 - none.high, rel=1e-12)


def test_equal_values_share_the_mean_of_their_ranks() -> None:
    values = generator(1, "ties").integers(0, 7, 60).astype(float)
    assert np.array_equal(mid_ranks(values), rankdata(values))


def test_the_rank_of_a_share_is_the_first_that_reaches_it() -> None:
    assert [rank(n, 0.95) for n in (1, 19, 20, 100, 101)] == [1, 19, 19, 95, 96]
    assert rank(10, 0.0) == 1
    assert rank(1000, 0.07) == 70
