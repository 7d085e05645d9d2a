"""One mechanism at a time, each against what is known of it without any steps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from sim.demand import History
from sim.demand.stepping.solve import TOLERANCE
from tests.unit.stepping_cases import START, at, days, followed, outages, users

CLOSE = 2e-6
"""Of everyone: twice the tolerance of the steps."""
NOBODY_RETURNS = "returns: {rate: 0 per day, fades_over: 10 d}"


def after(
    said: str, *spans: tuple[float, float], events: str = "", segments: str = "", horizon: float = 60
) -> History:
    scenario = users(said, events=events, segments=segments, horizon=horizon, every=1)
    return followed(scenario, days(scenario, outages(*spans)))


def test_stigma_and_earlier_outages_multiply_the_hazard_of_leaving() -> None:
    """The factor is 3 in the first outage, 3 x 2 in the second, 3 again once the first two are forgotten."""
    said = (
        f"{NOBODY_RETURNS}\npatience: {{mean: 50 d}}\nagain: 2\nstigma: {{leaving: 3}}\nforgotten_after: 7 d"
    )
    history = after(said, (5, 10), (12, 15), (30, 34))
    hazard = [3 * 5, 6 * 3, 3 * 4]
    for day, used in ((10, hazard[0]), (15, sum(hazard[:2])), (34, sum(hazard))):
        assert at(history, "active", day) == pytest.approx(math.exp(-used / 50), abs=CLOSE)


def test_patience_of_any_law_is_raised_to_the_power_of_the_multiplier() -> None:
    """S(t)**m on a clock that goes on: a Weibull law, which is singular at the start of the first outage."""
    said = f"{NOBODY_RETURNS}\npatience: {{law: weibull, shape: 0.6, scale: 20 d}}"
    said += "\nagain: 1.5\nstigma: {leaving: 2}"
    history = after(said, (5, 10), (12, 15.5))
    first = 2 * (5 / 20) ** 0.6
    second = 3 * ((8.5 / 20) ** 0.6 - (5 / 20) ** 0.6)
    assert at(history, "active", 11) == pytest.approx(math.exp(-first), abs=CLOSE)
    assert at(history, "active", 16) == pytest.approx(math.exp(-first - second), abs=CLOSE)


def test_an_announcement_holds_people_until_its_time_and_loses_them_afterwards() -> None:
    """From day 8 to the return on day 20; the promise ends on day 12; a later outage feels nothing."""
    said = f"{NOBODY_RETURNS}\npatience: {{mean: 50 d}}\nforgotten_after: 0 d"
    events = "{announce: users, at: 2025-01-09T00:00Z, back_within: 4 d, holds: 0.25, missed: 2}"
    history = after(said, (5, 20), (25, 30), events=events)
    used = {8: 3, 12: 3 + 1, 20: 3 + 1 + 16, 30: 20 + 5}
    for day, hazard in used.items():
        share = at(history, "active", day) + at(history, "waiting", day)
        assert share == pytest.approx(math.exp(-hazard / 50), abs=CLOSE)


def test_the_next_announcement_takes_the_place_of_the_last() -> None:
    said = f"{NOBODY_RETURNS}\npatience: {{mean: 50 d}}"
    events = (
        "{announce: users, at: 2025-01-07T00:00Z, back_within: 2 d, holds: 0.5, missed: 3}, "
        "{announce: everyone, at: 2025-01-09T00:00Z, back_within: 9 d, holds: 0.1, missed: 9}"
    )
    history = after(said, (5, 15), events=events, segments="  segments: {everyone: {share: 100 %}}")
    assert at(history, "active", 15) == pytest.approx(math.exp(-(1 + 2 * 0.5 + 7 * 0.1) / 50), abs=CLOSE)


def test_newcomers_stay_by_the_curve_of_two_hazards() -> None:
    """There t after joining: e^-ct (e^-at + s / a (1 - e^-at)), a = settling + their own churn.

    Of those there at the start, and of those who join at a constant rate.
    """
    own, settles, churn = 0.10, 0.08, 0.004
    said = (f"{NOBODY_RETURNS}\nchurn: 0.4 % per day\njoins: 3000 per day\n"
            "newcomers: {churn: 10 % per day, settle_over: 12.5 d, at_start: 40 %}")  # fmt: skip
    history = after(said)
    a = own + settles

    def stays(t: float) -> float:
        return math.exp(-churn * t) * (math.exp(-a * t) + settles / a * (1 - math.exp(-a * t)))

    def joined(t: float) -> float:
        ever = settles / a
        part = (1 - math.exp(-(churn + a) * t)) / (churn + a)
        return (1 - ever) * part + ever * (1 - math.exp(-churn * t)) / churn

    for day in (1, 10, 60):
        there = 0.6 * math.exp(-churn * day) + 0.4 * stays(day) + 0.003 * joined(day)
        assert at(history, "active", day) == pytest.approx(there, abs=CLOSE)


def test_the_unsettled_leave_faster_while_the_service_is_down() -> None:
    said = f"{NOBODY_RETURNS}\npatience: {{mean: 50 d}}\n"
    said += "newcomers: {churn: 0 per day, settle_over: 20 d, leaving: 4, at_start: 100 %}"
    history = after(said, (0, 10))
    slow, fast, settles = 1 / 50, 4 / 50, 1 / 20
    unsettled = math.exp(-(fast + settles) * 10)
    settled = settles * (math.exp(-slow * 10) - unsettled) / (fast + settles - slow)
    assert at(history, "active", 10) == pytest.approx(unsettled + settled, abs=CLOSE)


def test_rivals_take_their_share_of_leavers_and_hold_them() -> None:
    """Competing hazards; those at the rival return less by its stickiness."""
    said = ("patience: {mean: 50 d}\nreturns: {rate: 4 % per day}\ndrawn: 0.5\n"
            "rivals: {big: {pull: 3 % per day, stickiness: 60 %}}")  # fmt: skip
    history = after(said, (0, 20))
    total = 1 / 50 + 0.015
    left = 1 - math.exp(-total * 20)
    elsewhere, there = left / 50 / total, left * 0.015 / total
    assert history.flows["left.big"][0, 0] / START == pytest.approx(there, abs=CLOSE)
    assert history.at_place is not None
    assert history.at_place[0, 0, 0, -1] / START == pytest.approx(elsewhere * math.exp(-0.04 * 40), abs=CLOSE)
    assert history.at_place[0, 0, 1, -1] / START == pytest.approx(there * math.exp(-0.016 * 40), abs=CLOSE)


def test_a_rival_that_must_be_tried_takes_those_who_have_tried_it() -> None:
    """Nothing, then beside, then away: a chain of two hazards; the mark outlives the outage."""
    said = f"{NOBODY_RETURNS}\npatience: {{mean: 1000000 d}}\n"
    said += "rivals: {big: {pull: 10 % per day, tries: 4 % per day}}"
    history = after(said, (0, 20))
    none = math.exp(-0.04 * 20)
    beside = 0.04 * (none - math.exp(-0.1 * 20)) / (0.1 - 0.04)
    assert history.beside is not None
    assert history.beside[0, 0, -1] / START == pytest.approx(beside, abs=2e-5)
    assert history.flows["tried.big"][0, 0] / START == pytest.approx(1 - none, abs=2e-5)
    assert history.flows["left.big"][0, 0] / START == pytest.approx(1 - none - beside, abs=2e-5)


def test_a_rival_pulls_nobody_before_it_opens() -> None:
    said = f"{NOBODY_RETURNS}\npatience: {{mean: 50 d}}\nrivals: {{late: {{pull: 5 % per day}}}}"
    history = after(said, (2, 20), events="{open: late, at: 2025-01-13T00:00Z}")
    assert at(history, "waiting", 12) == pytest.approx(math.exp(-10 / 50), abs=CLOSE)
    assert at(history, "active", 20) == pytest.approx(math.exp(-18 / 50 - 0.05 * 8), abs=CLOSE)


def test_a_rival_grows_by_those_it_takes() -> None:
    """With w' = -p w a - w / 50, a = ((1 + (taken / 0.5)) / w)**0.8, up to 3; scipy's solution.

    Reaching 3 is a kink inside a stride: no closer than the tolerance of the engine.
    """
    said = (f"{NOBODY_RETURNS}\npatience: {{mean: 50 d}}\n"
            "rivals: {big: {users: 500000, pull: 2 % per day, grows: 0.8, at_most: 3}}")  # fmt: skip
    history = after(said, (0, 40))

    def flow(_: float, y: np.ndarray) -> list[float]:
        factor = min(3.0, ((1 + y[1] / 0.5) / y[0]) ** 0.8)
        return [-0.02 * factor * y[0] - y[0] / 50, 0.02 * factor * y[0]]

    end = solve_ivp(flow, (0, 40), [1.0, 0.0], rtol=1e-10, atol=1e-12, max_step=0.05).y[:, -1]
    assert at(history, "active", 40) == pytest.approx(end[0], abs=TOLERANCE)
    assert history.flows["left.big"][0, 0] / START == pytest.approx(end[1], abs=TOLERANCE)


def test_some_come_back_at_the_very_moment_the_service_does() -> None:
    """Less of them the longer it was away, and none of those who have left since."""
    said = ("patience: {mean: 20 d}\n"
            "returns: {rate: 0 per day, fades_over: 10 d, on_reopening: 50 %, outage_fades: 8 d}\n"
            "stigma: {returning: 80 %}")  # fmt: skip
    history = after(said, (5, 9), (20, 30))
    first = 1 - math.exp(-4 / 20)
    present = 1 - first * (1 - 0.4 * math.exp(-4 / 8))
    assert at(history, "active", 9) == pytest.approx(present, abs=CLOSE)
    waiting = present * math.exp(-10 / 20)
    assert at(history, "active", 30) == pytest.approx(
        waiting + (1 - waiting) * 0.4 * math.exp(-10 / 8), abs=CLOSE
    )


SEGMENTS = """  segments:
    app: {share: 60 %, join_by: install, moves: {to: web, share: 25 %}, app_decay: 2 % per day}
    web: {share: 40 %}
"""


def test_those_whose_way_in_is_closed_move_to_another_segment_or_are_away() -> None:
    """Decay from day 5 to 25, and newcomers who take the web instead."""
    scenario = users(f"{NOBODY_RETURNS}\njoins: 1000 per day", segments=SEGMENTS, horizon=40, every=1)
    history = followed(scenario, days(scenario, outages(), outages((5, 25))))
    before = 0.6 + 0.0006 * 5
    lost = before * (1 - math.exp(-0.02 * 20))
    assert history.moved is not None
    assert history.moved[0] / START == pytest.approx([-lost / 4, lost / 4], abs=CLOSE)
    assert at(history, "away", 40, 0) == pytest.approx(lost * 3 / 4, abs=CLOSE)
    assert history.joined[0] / START == pytest.approx([0.0006 * 20, 0.0004 * 40 + 0.00015 * 20], rel=1e-9)
    assert at(history, "active", 40, 1) == pytest.approx(0.4 + 0.016 + 0.003 + lost / 4, abs=CLOSE)


def test_a_version_that_is_required_cuts_off_those_who_cannot_update() -> None:
    """Half of the apps on day 10, the store being closed; on day 30, when it is open, nobody."""
    segments = SEGMENTS.replace("2 %", "0 %")
    events = ("{require: users, at: 2025-01-11T00:00Z, affects: 50 %}, "
              "{require: users, at: 2025-01-31T00:00Z, affects: 50 %}")  # fmt: skip
    said = "returns: {rate: 0 per day, fades_over: 10 d}"
    scenario = users(said, segments=segments, events=events, horizon=40, every=1)
    history = followed(scenario, days(scenario, outages((9, 12)), outages((5, 25))))
    assert at(history, "away", 10, 0) == pytest.approx(at(history, "away", 9, 0) + 0.3 * 0.75, abs=2e-2)
    assert history.moved is not None
    waited = math.exp(-((1 / 45) ** 0.8))
    assert history.moved[0, 1] / START == pytest.approx(0.3 * waited * 0.25, rel=0.5)
    assert at(history, "active", 29, 0) == pytest.approx(at(history, "active", 31, 0), abs=CLOSE)


def test_friends_who_are_away_keep_others_from_returning() -> None:
    """Memoryless: x' = -r x (1 - f x) while up, for the share away x: Bernoulli's equation."""
    said = "patience: {mean: 20 d}\nreturns: {rate: 6 % per day}\nfriends: {returning: 70 %}"
    history = after(said, (0, 20))
    x0, r, f = 1 - math.exp(-1), 0.06, 0.7
    x = 1 / (f + (1 / x0 - f) * math.exp(r * 40))
    assert at(history, "away", 60) == pytest.approx(x, abs=CLOSE)


def test_impulses_that_fail_are_wasted_and_memoryless_returns_are_not() -> None:
    """Fading: with all friends away at first, fewer return than when failing costs nothing."""
    said = "patience: {mean: 20 d}\nfriends: {returning: 70 %}\n"
    wasted = after(said + "returns: {rate: 6 % per day, fades_over: 10 d}", (0, 20))

    def flow(_: float, y: np.ndarray) -> np.ndarray:
        k = np.arange(y.size)
        fired = k * y / 10
        back = fired * (1 - 0.7 * y.sum())
        change = -fired
        change[:-1] += (fired - back)[1:]
        return np.asarray(change)

    size = 12
    start = np.zeros(size)
    nodes, weights = np.polynomial.legendre.leggauss(40)
    for node, weight in zip(10 * (nodes + 1), 10 * weights, strict=True):
        mean = 0.6 * math.exp(-(20 - node) / 10)
        density = math.exp(-node / 20) / 20
        start += (
            weight * density * np.array([math.exp(-mean) * mean**k / math.factorial(k) for k in range(size)])
        )
    end = solve_ivp(flow, (0, 40), start, rtol=1e-11, atol=1e-13).y[:, -1].sum()
    assert at(wasted, "away", 60) == pytest.approx(end, abs=CLOSE)


def test_friends_of_the_active_pull_people_away_by_bass() -> None:
    """No return: x' = f x (1 - x) while up, from the share lost in an outage; the logistic curve."""
    said = f"{NOBODY_RETURNS}\npatience: {{mean: 20 d}}\nfriends: {{active: 8 % per day}}"
    history = after(said, (0, 5))
    x0 = 1 - math.exp(-5 / 20)
    odds = x0 / (1 - x0) * math.exp(0.08 * 55)
    assert at(history, "away", 60) == pytest.approx(odds / (1 + odds), abs=CLOSE)
