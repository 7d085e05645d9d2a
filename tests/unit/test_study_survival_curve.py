"""The curve of waiting against counts by hand, and against the same estimator at one instant."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.study.survival import survival
from sim.study.survival_curve import curve

HOURS = np.array([0.0, 2.0, 2.0, 5.0, 8.0, 8.0])
ENDED = np.array([True, True, False, True, False, False])
MADE = curve(HOURS, ENDED)


def test_the_curve_is_the_product_of_what_goes_on_at_each_end() -> None:
    """6 runs: one ends at 0, one of 5 at 2 (and one is cut there), one of 3 at 5; two are cut at 8."""
    after = {0.0: 5 / 6, 2.0: 5 / 6 * 4 / 5, 5.0: 5 / 6 * 4 / 5 * 2 / 3, 8.0: 5 / 6 * 4 / 5 * 2 / 3}
    for hours, share in after.items():
        assert MADE.at(hours) == pytest.approx(share)
    assert MADE.at(1.0) == pytest.approx(5 / 6)


def test_numbers_at_risk_count_who_has_neither_ended_nor_been_cut() -> None:
    assert [MADE.followed(hours) for hours in (0.0, 1.0, 2.0, 3.0, 8.0, 9.0)] == [6, 5, 5, 3, 2, 0]


def test_after_the_end_nothing_is_said_while_some_have_not_ended() -> None:
    assert math.isnan(MADE.at(9.0))
    whole = curve(np.array([1.0, 2.0]), np.array([True, True]))
    assert whole.at(9.0) == 0.0


def test_half_is_when_half_have_ended_and_never_before() -> None:
    assert MADE.half() == 5.0
    assert curve(np.array([1.0, 9.0, 9.0]), np.array([True, False, False])).half() == math.inf


def test_it_is_the_same_as_the_estimator_at_one_instant() -> None:
    rng = np.random.default_rng(3)
    hours = np.minimum(rng.exponential(100.0, 300), 150.0)
    ended = hours < 150.0
    made = curve(hours, ended)
    for at in (1.0, 20.0, 77.0, 149.0):
        one = survival(hours, ended, at)
        assert made.at(at) == pytest.approx(one.value)
        assert made.interval(at) == pytest.approx((one.low, one.high))


def test_a_curve_of_no_end_stays_at_all_of_the_runs() -> None:
    none = curve(np.full(4, 10.0), np.zeros(4, dtype=bool))
    assert none.at(5.0) == 1.0
    assert none.unended == 4
    assert math.isinf(none.half())
