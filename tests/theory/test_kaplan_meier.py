"""Kaplan and Meier's estimator and its interval where both are known, and how often the interval holds.

Statement. With d_i ends among n_i still followed at time t_i, S(t) is the product of 1 - d_i / n_i over
t_i <= t; Greenwood's variance of log S is the sum of d_i / (n_i (n_i - d_i)), and on the complementary
log-log scale the interval is S ** exp(-/+ z sqrt(sum) / log S).

Source. Kaplan and Meier 1958, JASA 53, 457-481, doi 10.1080/01621459.1958.10501452. The data are the
remission times, in weeks, of the 21 patients given 6-mercaptopurine in Freireich et al. 1963, Blood 21,
699-716, as in Kalbfleisch and Prentice 2002, The Statistical Analysis of Failure Time Data, 2nd ed.,
doi 10.1002/9781118032985.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri

from sim.streams import generator
from sim.study.statistics import share_interval
from sim.study.survival import survival

ENDED = (6, 6, 6, 7, 10, 13, 16, 22, 23)
CUT = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
HOURS = np.array([*ENDED, *CUT], dtype=float)
WHOLE = np.array([True] * len(ENDED) + [False] * len(CUT))
STEPS = {6: (3, 21), 7: (1, 17), 10: (1, 15), 13: (1, 12), 16: (1, 11), 22: (1, 7), 23: (1, 6)}
"""Time to (ends, still followed), counted from the data."""


def plainly(at: float) -> tuple[float, float, float]:
    """The estimator as the statement says it."""
    steps = [counts for time, counts in STEPS.items() if time <= at]
    share = math.prod(1 - ends / followed for ends, followed in steps)
    greenwood = sum(ends / (followed * (followed - ends)) for ends, followed in steps)
    half = float(ndtri(0.975)) * math.sqrt(greenwood) / math.log(share)
    return share, share ** math.exp(-half), share ** math.exp(half)


@pytest.mark.parametrize("at", [6, 7, 9.5, 10, 13, 16, 22, 23, 34])
def test_remission_times_come_out_as_by_hand(at: float) -> None:
    found = survival(HOURS, WHOLE, at)
    assert (found.value, found.low, found.high) == pytest.approx(plainly(at), rel=1e-12)


def test_without_a_cut_it_is_the_share_that_lasts_longer() -> None:
    hours = np.arange(1.0, 11.0)
    every = np.ones(10, dtype=np.bool_)
    assert [survival(hours, every, at).value for at in (3.0, 3.5, 9.0)] == pytest.approx([0.7, 0.7, 0.1])


def test_where_none_or_all_have_ended_the_interval_is_that_of_a_share() -> None:
    every = np.ones(10, dtype=np.bool_)
    hours = np.arange(1.0, 11.0)
    assert survival(hours, every, 0.5) == share_interval(10, 10)
    assert survival(hours, every, 10.0) == share_interval(0, 10)
    assert survival(np.full(5, 9.0), np.zeros(5, dtype=np.bool_), 9.0) == share_interval(5, 5)


def test_beyond_the_last_run_that_was_followed_nothing_is_known() -> None:
    assert survival(HOURS, WHOLE, 35.0).value == pytest.approx(plainly(35.0)[0])
    assert math.isnan(survival(HOURS, WHOLE, 35.1).value)
    assert survival(HOURS[WHOLE], WHOLE[WHOLE], 99.0).value == 0.0


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """500 studies of 80 exponential times cut at uniform times: z <= 4 sees a coverage wrong by 3.9 %."""
    studies, runs, at = 500, 80, 0.7
    uniforms = generator(3, "survival").random((studies, 2, runs))
    times, cuts = -np.log1p(-uniforms[:, 0]), 3.0 * uniforms[:, 1]
    held = 0
    for time, cut in zip(times, cuts, strict=True):
        found = survival(np.minimum(time, cut), time <= cut, at)
        held += found.low <= math.exp(-at) <= found.high
    assert abs(held / studies - 0.95) <= 4.0 * math.sqrt(0.95 * 0.05 / studies)
