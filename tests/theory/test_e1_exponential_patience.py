"""Exponential patience and an outage of known length.

Waiting users leave with a constant hazard lambda, so after an outage of length D each has left with
probability p = 1 - exp(-lambda D), independently: N p are lost, with standard deviation sqrt(N p (1 - p)).

Source: D. R. Cox and D. Oakes, Analysis of Survival Data (1984), section 2.2, and the binomial variance.
Here N = 15 million, lambda = 0.03 a day, D = 35 days.
"""

from __future__ import annotations

import math

import pytest

from tests.pipeline import whole
from tests.theory.one_outage import DAY, N, count, scenario, users_after

P_LEFT = 0.65006225088884464533
LOST = 9750933.7633326696799
SPREAD = 1847.2194815106843894

USERS = "patience: {mean: 33.333333333333333333 d}, returns: {rate: 0 per day}"


def test_share_that_left_is_one_minus_exp_of_hazard_times_length() -> None:
    history = whole(scenario(USERS, horizon="40 d")).history
    left = count(history, "away", 36) + count(history, "gone", 36)
    assert left / N == pytest.approx(P_LEFT, rel=1e-9)
    assert left == pytest.approx(LOST, rel=1e-9)
    assert math.sqrt(left * (1 - left / N)) == pytest.approx(SPREAD, rel=1e-9)


def test_everyone_who_still_waits_when_the_outage_ends_is_active_again() -> None:
    history = whole(scenario(USERS, horizon="40 d")).history
    assert count(history, "waiting", 36) == 0.0
    assert count(history, "active", 36) == pytest.approx(N - LOST, rel=1e-9)
    assert count(history, "active", 40) == pytest.approx(N - LOST, rel=1e-9)


def test_users_lost_are_those_who_left_and_did_not_return() -> None:
    result = whole(scenario(USERS, horizon="40 d"))
    assert result.column("users_lost")[0] == pytest.approx(LOST, rel=1e-9)
    assert result.column("users_not_returned")[0] == pytest.approx(LOST, rel=1e-9)
    assert result.column("users_not_joined")[0] == pytest.approx(0.0, abs=1e-6)


def test_timeline_made_by_hand_gives_the_same_users_as_the_simulated_one() -> None:
    platform = scenario(USERS, horizon="40 d")
    simulated = whole(platform).history
    by_hand = users_after(platform, down=(DAY, 36 * DAY))
    for day in (0, 1, 2, 20, 35, 36, 40):
        assert count(by_hand, "active", day) == count(simulated, "active", day)
        assert count(by_hand, "waiting", day) == count(simulated, "waiting", day)


def test_outage_cut_by_the_horizon_leaves_the_rest_waiting() -> None:
    history = whole(scenario(USERS, horizon="36 d")).history
    assert count(history, "active", 36) == pytest.approx(0.0, abs=1e-6)
    assert count(history, "waiting", 36) == pytest.approx(N - LOST, rel=1e-9)
