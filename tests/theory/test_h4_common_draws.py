"""What common random numbers gain: durations of two strategies from the same uniforms.

Statement. X = -14 log(1 - U) and Y = -10 log(1 - U) from the same U differ by an exponential of mean 4, whose
variance is 16; drawn apart the variance of the difference is 14^2 + 10^2 = 296, 18.5 times as much. The
correlation is 1 with common draws and 0 without.

Source. Law and Kelton 2000, Simulation Modeling and Analysis, 3rd ed., section 11.2 (common random numbers).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.outcomes import MEASURES
from sim.streams import generator
from sim.study.comparison import Difference, compare, not_in_step

Array = NDArray[np.float64]
RUNS = 40_000
MEASURE = {"users_lost": MEASURES["users_lost"]}


def compared(ours: Array, theirs: Array) -> Difference:
    """The row of a measure that is so."""
    number = np.arange(len(ours))
    first, second = ({"replication": number, "users_lost": each} for each in (ours, theirs))
    return compare("ours", "theirs", MEASURE, first, second)[0]


def variance(found: Difference) -> float:
    """Of the paired difference, from the width of its t interval."""
    half = 0.5 * (found.high - found.low)
    return found.runs * (half / float(stdtrit(found.runs - 1, 0.975))) ** 2


@pytest.fixture(scope="module")
def uniforms() -> Array:
    return generator(1, "common draws").random((2, RUNS))


def test_with_common_draws_the_variance_is_16(uniforms: Array) -> None:
    """The kurtosis of an exponential is 9, so 4 SE = 4 sqrt(8 / n) sees an error of 5.7 %."""
    found = compared(-14.0 * np.log1p(-uniforms[0]), -10.0 * np.log1p(-uniforms[0]))
    assert abs(variance(found) / 16.0 - 1.0) <= 4.0 * math.sqrt(8.0 / RUNS)
    assert abs(found.difference - 4.0) <= 4.0 * 4.0 / math.sqrt(RUNS)
    assert found.correlation == pytest.approx(1.0, rel=1e-9)
    assert found.low < 4.0 < found.high
    half = 0.5 * (found.high - found.low)
    assert (found.bca_low, found.bca_high) == pytest.approx((found.low, found.high), abs=0.1 * half)
    assert not not_in_step([found])


def test_drawn_apart_it_is_296(uniforms: Array) -> None:
    """Kurtosis (6 (14^4 + 10^4)) / 296^2 + 3 = 6.32, so 4 SE sees an error of 4.6 %."""
    found = compared(-14.0 * np.log1p(-uniforms[0]), -10.0 * np.log1p(-uniforms[1]))
    assert abs(variance(found) / 296.0 - 1.0) <= 4.0 * math.sqrt(5.32 / RUNS)
    assert abs(found.correlation) <= 4.0 / math.sqrt(RUNS)


def test_draws_that_pull_apart_are_told(uniforms: Array) -> None:
    found = compared(-14.0 * np.log1p(-uniforms[0]), -10.0 * np.log(uniforms[0]))
    assert found.correlation < -0.5
    assert not_in_step([found]) == [found]


def test_p_better_is_the_share_of_pairs(uniforms: Array) -> None:
    """Drawn apart P(X < Y) = 10 / 24; with common draws Y is always less."""
    x = -14.0 * np.log1p(-uniforms[0])
    apart = compared(x, -10.0 * np.log1p(-uniforms[1]))
    assert abs(apart.better - 10 / 24) <= 4.0 * math.sqrt(10 / 24 * 14 / 24 / RUNS)
    assert apart.better_low < 10 / 24 < apart.better_high
    together = compared(-10.0 * np.log1p(-uniforms[0]), x)
    assert together.better + together.equal == 1.0


def test_the_tail_of_the_difference_is_that_of_the_tails(uniforms: Array) -> None:
    """CVaR at 95 % is mean (1 + log 20): 55.94 and 39.96, and with common draws their difference has an SE of
    4 sqrt(1.95 / 0.05 / n).
    """
    found = compared(-14.0 * np.log1p(-uniforms[0]), -10.0 * np.log1p(-uniforms[0]))
    expected, error = 4.0 * (1.0 + math.log(20.0)), 4.0 * math.sqrt(1.95 / 0.05 / RUNS)
    assert abs(found.cvar - expected) <= 4.0 * error
    assert found.cvar_low < expected < found.cvar_high
    assert found.cvar_high - found.cvar_low == pytest.approx(2.0 * 1.96 * error, rel=0.1)
