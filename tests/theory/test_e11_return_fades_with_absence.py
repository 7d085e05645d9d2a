"""Returning fades with each user's own absence, and is possible only while the service is up.

Users leave at 0.03 a day during an outage of 35 days; one who left at u returns, once the service is up,
with hazard 0.05 exp(-(t - u) / 30) a day. The ages at reopening differ from user to user, so the share that
has returned by day 60 after it is the integral over u of f(u) x (1 - exp(-integral of the hazard)); using the
mean age of those still away underestimates it, because the survivors' ages drift.

Source: the integral itself, evaluated to 20 digits; hazards of mixtures as in J. W. Vaupel, K. G. Manton and
E. Stallard, The impact of heterogeneity in individual frailty, Demography 16 (1979) 439. Bounds: move all
departures of a day to its start or to its end.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.demand import History
from sim.demand.brackets import applies, bracket
from sim.demand.course import Course
from sim.demand.simulate import courses_of
from sim.scenario import Inputs
from sim.streams import BLOCK, Draws
from sim.supply import simulate_supply
from tests.pipeline import whole
from tests.theory.one_outage import N, count, scenario

P_LEFT = 0.65006225088884464533
RETURNED_BY_60 = 0.31587863893675344344
EVER_RETURNS = 0.34759478906810737139
LOWER, UPPER = 0.31233392104677997056, 0.31947045008527499948
POOLED_MEAN_AGE = 0.31230032722764242555
RETURNED_USERS = 4738179.5840513016516

USERS = "patience: {mean: 33.333333333333333333 d}, returns: {rate: 5 % per day, fades_over: 30 d}"


def history(horizon: str, every: str = "1 d") -> History:
    return whole(scenario(USERS, horizon=horizon, every=every)).history


@pytest.mark.parametrize("every", ["1 h", "1 d", "12 d", "96 d"])
def test_share_returned_is_the_integral_over_departures_whatever_the_steps(every: str) -> None:
    users = history("96 d", every)
    returned = float(users.states["active"][0, 0, -1]) / N - (1 - P_LEFT)
    assert returned == pytest.approx(RETURNED_BY_60, rel=1e-9)
    assert returned * N == pytest.approx(RETURNED_USERS, rel=1e-9)


def test_share_that_ever_returns_leaves_the_rest_away_for_good() -> None:
    users = history("1236 d", every="12 d")
    assert count(users, "active", 1236) / N - (1 - P_LEFT) == pytest.approx(EVER_RETURNS, rel=1e-9)
    assert count(users, "away", 1236) / N == pytest.approx(P_LEFT - EVER_RETURNS, rel=1e-9)


def test_result_lies_between_the_bounds_and_is_not_the_pooled_mean_age() -> None:
    returned = count(history("96 d"), "active", 96) / N - (1 - P_LEFT)
    assert LOWER < returned < UPPER
    assert abs(returned - POOLED_MEAN_AGE) > 0.003


def test_nobody_returns_while_the_service_is_down() -> None:
    users = history("96 d")
    left = count(users, "away", 36)
    assert left / N == pytest.approx(P_LEFT, rel=1e-9)


def carried() -> Course:
    """The users of the outage, carried through their phases."""
    one = scenario(USERS, horizon="96 d")
    inputs = Inputs(one, Draws(one.seed, 0))
    return courses_of(one, simulate_supply(one, inputs, range(BLOCK)), inputs)[0]


def test_the_bounds_of_the_self_check_are_those_of_leaving_at_either_end_of_a_day() -> None:
    """The two bounds to 1e-8: what moving a departure by a microsecond of the horizon does."""
    course = carried()
    assert applies(course)
    found = bracket(course, 96 * 24.0)
    left = P_LEFT * N
    assert (left - found.most[0]) / N == pytest.approx(LOWER, abs=1e-8)
    assert (left - found.least[0]) / N == pytest.approx(UPPER, abs=1e-8)
    assert found.least[0] < found.counted[0] < found.most[0]
    assert found.outside(0.0).size == 0


def test_the_bounds_close_in_as_the_days_get_shorter_and_notice_a_wrong_count() -> None:
    """Halved days halve the width; a count that is 0.4 % of all users off is outside those of a day."""
    course = carried()
    wide, narrow = (bracket(course, 96 * 24.0, day) for day in (24.0, 12.0))
    ratio = (wide.most - wide.least) / (narrow.most - narrow.least)
    assert ratio[0] == pytest.approx(2.0, rel=0.01)
    wrong = replace(wide, counted=wide.counted + 0.004 * N)
    assert wrong.outside(0.0).size == wrong.counted.size
