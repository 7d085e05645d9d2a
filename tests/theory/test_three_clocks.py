"""The three clocks, each against its formula: since the outage began, since reopening, since this user left.

* Patience: who waits through outages of lengths D1 and D2 has survived S(D1 + D2) if the second began before
  the first was forgotten, S(D1) S(D2) if after; the clock stands still in between.
* Absence: the age runs always; the hazard of return acts only while what this user needs is up. Over open
  spans (a, b) of the age a fading hazard integrates to rho tau (exp(-a / tau) - exp(-b / tau)).
* Ordinary churn acts on everyone alike, so exp(-mu t) of the first users are not gone whatever happens.

Source: competing risks and time-varying hazards, J. D. Kalbfleisch and R. L. Prentice, The Statistical
Analysis of Failure Time Data (2002), chapter 8; integrals by adaptive quadrature (QUADPACK, 1983). Shares of
users agree to 1e-9.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from sim.demand import History
from tests.pipeline import level, lived, timeline, written
from tests.theory.one_outage import DAY, N, count

Spans = tuple[tuple[float, float], ...]

TEXT = """
name: clocks
title: A host and a store
clock: {{start: 2025-01-01T00:00Z, horizon: {horizon} d, report_every: 1 d}}
suppliers: {{host: {{kind: cloud host}}, store: {{kind: app store}}}}
capabilities: {{use: {{needs: [host]}}, install: {{needs: [store]}}}}
users:
  start: 15000000
  served_by: use
  join_by: install
  joins: 0 per day
  forgotten_after: 7 d
{users}
"""


def history(horizon: float, *users: str, down: Spans = (), shut: Spans = ()) -> History:
    """Users on a timeline with these down times of the service and of the store, in days."""
    text = TEXT.format(horizon=horizon, users="\n".join(f"  {line}" for line in users))

    def steps(spans: Spans) -> list[tuple[float, float]]:
        pieces = [piece for start, end in spans for piece in ((start * DAY, 0.0), (end * DAY, 1.0))]
        return [(0.0, 1.0), *(piece for piece in pieces if piece[0] < horizon * DAY)]

    levels = {"use": level(*steps(down)), "install": level(*steps(shut))}
    return lived(written(text).scenario(), timeline(horizon * DAY, levels))


def share(users: History, state: str, day: float) -> float:
    return count(users, state, day) / N


def weibull(days: float) -> float:
    return math.exp(-((days / 20) ** 0.7))


PATIENT = "patience: {law: weibull, shape: 0.7, scale: 20 d}"
NEVER_BACK = "returns: {rate: 0 per day}"


@pytest.mark.parametrize(
    ("gap", "survives"),
    [
        (1, weibull(9 + 14)),
        (6, weibull(9 + 14)),
        (7, weibull(9) * weibull(14)),  # up for exactly as long as it takes to forget: forgotten
        (8, weibull(9) * weibull(14)),
    ],
)
def test_patience_goes_on_where_it_stood_unless_the_outage_was_forgotten(gap: int, survives: float) -> None:
    second = (10.0 + gap, 24.0 + gap)
    users = history(40, "churn: 0 per day", PATIENT, NEVER_BACK, down=((1.0, 10.0), second))
    assert share(users, "active", 40) == pytest.approx(survives, abs=1e-9)
    assert share(users, "away", 40) == pytest.approx(1 - survives, abs=1e-9)


def test_a_third_outage_goes_on_from_the_two_before() -> None:
    down = ((1.0, 4.0), (6.0, 11.0), (17.0, 19.0), (29.0, 33.0))
    users = history(40, "churn: 0 per day", PATIENT, NEVER_BACK, down=down)
    assert share(users, "active", 25) == pytest.approx(weibull(3 + 5 + 2), abs=1e-9)
    assert share(users, "active", 40) == pytest.approx(weibull(10) * weibull(4), abs=1e-9)


@pytest.mark.parametrize("returns", ["{rate: 4 % per day}", "{rate: 6 % per day, fades_over: 15 d}"])
def test_churn_takes_the_same_share_of_everyone_whatever_happens(returns: str) -> None:
    users = history(
        80, "churn: 1 % per day", "uninstalls: 40 %", "app_decay: 2 % per day", PATIENT,
        f"returns: {returns}",
        down=((3.0, 20.0), (24.0, 31.0), (60.0, 90.0)), shut=((10.0, 28.0), (40.0, 50.0)),
    )  # fmt: skip
    present = np.sum([users.states[state] for state in ("active", "waiting", "away")], axis=0)[0, 0]
    np.testing.assert_allclose(present, N * np.exp(-0.01 * users.times / DAY), rtol=1e-9)


RATE, TAU = 0.05, 30.0
FADING = "returns: {rate: 5 % per day, fades_over: 30 d}"


def hazard(open_from: float, open_to: float) -> float:
    """Integral of the return hazard over an open span of the absence age, days."""
    return RATE * TAU * (math.exp(-open_from / TAU) - math.exp(-open_to / TAU))


HOUR = 1 / 24
HALF = "patience: {values: [1 h, 10000 d]}"
"""Half of those who wait leave after an hour of an outage, the others never."""


@pytest.mark.parametrize("gives_up", [0.0, 0.02])
def test_absence_goes_on_through_a_second_outage_and_the_way_back_does_not(gives_up: float) -> None:
    """Giving up goes on too: those away lose exp(-g t) of their number, up or down."""
    from scipy.integrate import quad

    down = ((1.0, 1.0 + 2 * HOUR), (11.0, 16.0))
    users = history(30, "churn: 0 per day", f"gives_up: {gives_up} per day", HALF, FADING, down=down)
    left = 1.0 + HOUR

    def flow(age: float) -> float:
        return RATE * math.exp(-age / TAU - hazard(HOUR, age) - gives_up * age)

    returned = quad(flow, HOUR, 11.0 - left, epsabs=1e-13)[0]
    first = math.exp(-hazard(HOUR, 11.0 - left))
    both = first * math.exp(-hazard(16.0 - left, 30.0 - left) - gives_up * (30.0 - left))
    again = 0.5 * math.exp(-hazard(5.0 - HOUR, 19.0 - HOUR) - gives_up * (19.0 - HOUR))
    assert share(users, "away", 11) == pytest.approx(
        0.5 * first * math.exp(-gives_up * (11 - left)), abs=1e-9
    )
    assert share(users, "waiting", 12) == pytest.approx(0.5 * (0.5 + 0.5 * returned), abs=1e-9)
    assert share(users, "away", 30) == pytest.approx(0.5 * both + (0.5 + 0.5 * returned) * again, abs=1e-9)


def test_who_deleted_the_app_waits_for_the_store_and_fades_meanwhile() -> None:
    """60 % of the leavers need the store, which is shut for 20 days more than the service is down."""
    users = history(
        60, "churn: 0 per day", "uninstalls: 60 %", HALF, FADING,
        down=((1.0, 1.0 + 2 * HOUR),), shut=((0.5, 21.0),),
    )  # fmt: skip
    left = 1.0 + HOUR
    kept = 0.4 * math.exp(-hazard(HOUR, 60.0 - left))
    deleted = 0.6 * math.exp(-hazard(21.0 - left, 60.0 - left))
    assert share(users, "away", 21) == pytest.approx(
        0.5 * (0.6 + 0.4 * math.exp(-hazard(HOUR, 21 - left))), abs=1e-9
    )
    assert share(users, "away", 60) == pytest.approx(0.5 * (kept + deleted), abs=1e-9)


@pytest.mark.parametrize(("gives_up", "length"), [(0.0, 20), (0.02, 20), (0.02, 150), (0.0, 250)])
def test_apps_that_decay_while_the_store_is_shut_bring_their_users_back_by_their_own_absence(
    gives_up: float, length: int
) -> None:
    """Decay at 3 % a day while the store is shut; then 30 days of return against giving up."""
    from scipy.integrate import quad

    decay, after = 0.03, 30
    users = history(
        5 + length + after, "churn: 0 per day", "app_decay: 3 % per day", "patience: 1 d", FADING,
        f"gives_up: {gives_up} per day", shut=((5.0, 5.0 + length),),
    )  # fmt: skip

    def back(age: float) -> float:
        """Chance to be back `after` days after the store reopened, for one away for `age` days then."""
        whole = hazard(age, math.inf)

        def flow(v: float) -> float:
            rate = RATE * math.exp(-(age + v) / TAU)
            return rate * math.exp(-whole * -math.expm1(-v / TAU) - gives_up * (age + v))

        return float(quad(flow, 0.0, after, epsabs=1e-13, epsrel=1e-12)[0])

    def away(age: float) -> float:
        return math.exp(-hazard(age, age + after) - gives_up * (age + after))

    def over_leavers(of: Callable[[float], float]) -> float:
        """Mean over those whose app decayed `u` days into the shut."""

        def flow(u: float) -> float:
            return decay * math.exp(-decay * u) * of(length - u)

        return float(quad(flow, 0.0, length, epsabs=1e-12, epsrel=1e-11)[0])

    stayed, returned, held = math.exp(-decay * length), over_leavers(back), over_leavers(away)
    end = 5 + length + after
    assert share(users, "active", end) == pytest.approx(stayed + returned, abs=1e-9)
    assert share(users, "away", end) == pytest.approx(held, abs=1e-9)
    assert share(users, "gone", end) == pytest.approx(1 - stayed - returned - held, abs=1e-9)


def test_who_returns_while_the_store_is_shut_may_lose_the_app_and_leave_again() -> None:
    """At constant rates shares follow a linear equation: active -> without app, with app -> active."""
    from scipy.linalg import expm

    decay, back, gives_up, churn = 0.08, 0.05, 0.02, 0.01
    users = history(
        40, "churn: 1 % per day", "gives_up: 2 % per day", "uninstalls: 30 %", "app_decay: 8 % per day", HALF,
        "returns: {rate: 5 % per day}", down=((1.0, 1.0 + 2 * HOUR),), shut=((1.0, 40.0),),
    )  # fmt: skip
    left = 0.5 * math.exp(-churn * (1 + HOUR))
    ages = math.exp(-(gives_up + churn) * HOUR)
    state = np.array([left * math.exp(-churn * HOUR), 0.7 * left * ages, 0.3 * left * ages])
    rates = np.array(
        [
            [-decay - churn, back, 0.0],
            [0.0, -back - gives_up - churn, 0.0],
            [decay, 0.0, -gives_up - churn],
        ]
    )
    for day in (2, 10, 39):
        active, with_app, without_app = expm(rates * (day - 1 - 2 * HOUR)) @ state
        assert share(users, "active", day) == pytest.approx(active, abs=1e-9)
        assert share(users, "away", day) == pytest.approx(with_app + without_app, abs=1e-9)
