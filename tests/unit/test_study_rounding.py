"""Runs that differ by rounding alone are equal: nobody is better by a last bit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.outcomes import MEASURES
from sim.streams import generator
from sim.study.comparison import compare
from sim.study.pareto import front
from sim.study.rounding import ROUNDING, gap, slack
from sim.study.selection import best
from sim.study.yearly import Account, turning_points

RUNS = 300
LOSSES = generator(1, "losses").exponential(5e5, RUNS)
ANOTHER_WAY = LOSSES * (1.0 + 2e-16)
"""The same numbers added in another order: last bits differ, all to the same side."""


def test_last_bits_are_no_difference_and_what_is_above_them_is() -> None:
    assert (ANOTHER_WAY != LOSSES).sum() > RUNS // 4
    assert not gap(LOSSES, ANOTHER_WAY).any()
    assert slack(LOSSES, -2.0 * LOSSES) == ROUNDING * 2.0 * LOSSES.max()
    above = 1.01 * slack(LOSSES, LOSSES)
    assert gap(LOSSES + above, LOSSES) == pytest.approx(np.full(RUNS, above), rel=1e-6)


def test_what_the_horizon_cut_on_both_sides_is_equal_and_on_one_is_worse() -> None:
    ours, theirs = np.array([math.inf, math.inf, 1.0]), np.array([math.inf, 1.0, math.inf])
    assert gap(ours, theirs).tolist() == [0.0, math.inf, -math.inf]


def test_of_two_that_differ_by_last_bits_no_pair_is_better_and_nothing_is_significant() -> None:
    columns = ({"replication": np.arange(RUNS), "users_lost": each} for each in (ANOTHER_WAY, LOSSES))
    (row,) = compare("ours", "theirs", {"users_lost": MEASURES["users_lost"]}, *columns)
    assert (row.better, row.equal, row.verdict, row.dominance) == (0.0, 1.0, "same", "same")
    assert (row.difference, row.bca_low, row.joint_high, row.p_value, row.cvar) == (0.0, 0.0, 0.0, 1.0, 0.0)


def test_a_pair_that_differs_by_a_last_bit_counts_as_equal_beside_others_that_differ() -> None:
    ours = np.where(np.arange(RUNS) < 100, LOSSES - 1e3, ANOTHER_WAY)
    columns = ({"replication": np.arange(RUNS), "users_lost": each} for each in (ours, LOSSES))
    (row,) = compare("ours", "theirs", {"users_lost": MEASURES["users_lost"]}, *columns)
    assert (row.better, row.equal) == (100 / RUNS, 200 / RUNS)


def test_equals_but_for_rounding_share_being_the_best_and_are_alike() -> None:
    found = best({"a": ANOTHER_WAY, "b": LOSSES, "c": LOSSES + 1e6}, 1)
    assert [each.best_run for each in found.contenders] == [0.5, 0.5, 0.0]
    assert [each.best_mean for each in found.contenders] == [0.5, 0.5, 0.0]
    assert found.alike == found.possible == ("a", "b")
    assert found.decided


def test_a_last_bit_beats_nobody_off_the_front() -> None:
    cost = np.full(RUNS, 7.0)
    found = front({"a": cost, "b": cost}, {"a": ANOTHER_WAY, "b": LOSSES}, 1)
    assert [(each.front, each.share) for each in found] == [(True, 1.0), (True, 1.0)]


def test_bills_that_round_to_the_same_have_no_break_even() -> None:
    standing = {"a": LOSSES, "b": ANOTHER_WAY}
    loss = {"a": ANOTHER_WAY, "b": LOSSES}
    (found,) = turning_points(Account("money", "USD", standing, loss, {"a": None, "b": None}))
    assert found.verdict == "same"
    assert math.isnan(found.chance)
