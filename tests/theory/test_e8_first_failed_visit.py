"""Patience that begins with the first failed visit: G = Exp(v) * F, a convolution.

A user comes by at rate v and does not know of the outage before: the hours until one leaves are an
exponential wait for the first visit and then the patience. With exponential patience of rate l this is the
hypoexponential law, S(t) = (v exp(-l t) - l exp(-v t)) / (v - l), at v = l the gamma law of shape 2;
a set value c moves the exponential law by c. In an outage much shorter than 1 / v hardly anybody leaves,
about v l t^2 / 2 instead of l t.

Source: N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate Distributions 1 (1994), section
19.9; for other laws the integral itself, by adaptive quadrature (QUADPACK, R. Piessens et al. 1983) of laws
in `scipy.stats`. Shares of users agree to 1e-9.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from sim.demand import History
from sim.scenario import Inputs, Scenario
from sim.streams import BLOCK, Draws
from tests.pipeline import level, lived, timeline, whole, written
from tests.theory.one_outage import DAY, N, count, scenario

RATE = 0.03
PATIENCE = f"{{mean: {1 / RATE!r} d}}"
BACK, FADES, AFTER = 0.05, 30.0, 60.0


def platform(patience: str, visits: str, length: float, returns: str = "{rate: 0 per day}") -> Scenario:
    users = f"patience: {patience}, visits: {visits}, returns: {returns}"
    return scenario(users, horizon=f"{1 + length + AFTER} d")


def after_outage(patience: str, visits: str, length: float, returns: str = "{rate: 0 per day}") -> History:
    fixed = platform(patience, visits, length, returns)
    use = level((0.0, 1.0), (DAY, 0.0), ((1 + length) * DAY, 1.0))
    return lived(fixed, timeline(fixed.clock.horizon, {"use": use}))


def hypoexponential(visits: float, days: float) -> float:
    if visits == RATE:
        return (1 + RATE * days) * math.exp(-RATE * days)
    return (visits * math.exp(-RATE * days) - RATE * math.exp(-visits * days)) / (visits - RATE)


@pytest.mark.parametrize("visits", [0.01, RATE, 0.5, 24.0])
@pytest.mark.parametrize("length", [0.25, 2.0, 35.0])
def test_with_exponential_patience_it_is_the_hypoexponential_law(visits: float, length: float) -> None:
    history = after_outage(PATIENCE, f"{visits!r} per day", length)
    left = count(history, "away", 1 + length + AFTER) / N
    assert left == pytest.approx(1 - hypoexponential(visits, length), abs=1e-11)
    users = f"patience: {PATIENCE}, visits: {visits!r} per day, returns: {{rate: 0 per day}}"
    by_simulation = whole(scenario(users, horizon="40 d", lasts=f"{length!r} d")).history
    assert count(by_simulation, "away", 40) / N == pytest.approx(left, abs=1e-11)


def test_a_short_outage_costs_by_its_square_and_not_by_its_length() -> None:
    hours, visits = 1.0, 0.5
    noticed = count(after_outage(PATIENCE, f"{visits!r} per day", hours / DAY), "away", 1) / N
    assert noticed == 0.0
    history = after_outage(PATIENCE, f"{visits!r} per day", hours / DAY)
    left = float(history.states["away"][0, 0, -1]) / N
    straight = visits * RATE * (hours / DAY) ** 2 / 2
    assert left == pytest.approx(straight, rel=0.01)
    assert left < -math.expm1(-RATE * hours / DAY) / 50


def test_a_set_value_moves_the_wait_for_the_first_visit() -> None:
    for length in (3.0, 6.0, 40.0):
        history = after_outage("5 d", "0.5 per day", length)
        left = count(history, "away", 1 + length + AFTER) / N
        assert left == pytest.approx(-math.expm1(-0.5 * max(length - 5, 0)), abs=1e-11)


def test_who_never_comes_by_never_leaves() -> None:
    history = after_outage("1 h", "0 per day", 35)
    assert count(history, "away", 30) == 0.0


LAWS: dict[str, Any] = {
    "{law: weibull, shape: 0.3, scale: 20 d}": stats.weibull_min(0.3, scale=20),
    "{law: weibull, shape: 0.8, scale: 45 d}": stats.weibull_min(0.8, scale=45),
    "{law: weibull, shape: 20, scale: 20 d}": stats.weibull_min(20, scale=20),
    "{median: 20 d, p90: 60 d}": stats.lognorm(math.log(3) / stats.norm.ppf(0.9), scale=20),
    "{median: 10 d, p90: 10.1 d}": stats.lognorm(math.log(1.01) / stats.norm.ppf(0.9), scale=10),
    "{law: gamma, mean: 20 d, cv: 3}": stats.gamma(1 / 9, scale=180),
    "{low: 9 d, high: 10 d}": stats.uniform(9, 1),
    "{low: 5 d, likely: 10 d, high: 30 d}": stats.beta(1.8, 4.2, 5, 25),
    "{law: frailty, of: {mean: 20 d}, variance: 2}": stats.lomax(0.5, scale=10),
}


def integral(law: Any, function: Any, visits: float, length: float) -> float:
    """The mean of `function` of the time of leaving, where it is below `length`; over patience first."""

    def of_patience(p: float) -> float:
        patience = float(law.ppf(p))
        rest = length - patience
        if rest <= 0.0:
            return 0.0
        edges = [0.0, *(e for e in (1 / visits, 4 / visits, 12 / visits) if e < rest), min(rest, 45 / visits)]
        return math.fsum(
            quad(lambda w: visits * math.exp(-visits * w) * function(patience + w), a, b, epsabs=1e-13)[0]
            for a, b in pairwise(edges)
            if b > a
        )

    most = float(law.cdf(length))
    inner = (1e-6, 1e-4, 0.01, 0.1, 0.5, 0.9, 0.99, 0.9999)
    near = float(law.cdf(length - 12 / visits)) if length > 12 / visits else 0.0
    edges = sorted({0.0, *(e for e in (*inner, near) if e < most), most})
    return math.fsum(
        quad(of_patience, a, b, epsabs=1e-12, epsrel=1e-11, limit=100)[0] for a, b in pairwise(edges)
    )


def left_by(law: Any, visits: float, length: float) -> float:
    """P(sum <= length), over the patience: quadrature of F(p)'s own quantiles."""
    return integral(law, lambda _: 1.0, visits, length)


@pytest.mark.parametrize("visits", [0.1, 2.0])
@pytest.mark.parametrize("patience", LAWS)
def test_share_that_left_is_the_convolution(patience: str, visits: float) -> None:
    law = LAWS[patience]
    history = after_outage(patience, f"{visits!r} per day", 35)
    for day in (3, 10, 25, 35):
        expected = left_by(law, visits, day)
        assert count(history, "away", 1 + day) / N == pytest.approx(expected, abs=1e-9), day


@pytest.mark.parametrize("patience", [*LAWS, "5 d", "{values: [2 d, 8 d, 8 d]}"])
def test_who_left_later_returns_likelier(patience: str) -> None:
    """Return hazard fades with one's own absence, so the whole density of leaving is seen."""
    visits, length = 0.5, 35.0
    history = after_outage(patience, f"{visits!r} per day", length, "{rate: 5 % per day, fades_over: 30 d}")
    values = {"5 d": (5.0,), "{values: [2 d, 8 d, 8 d]}": (2.0, 8.0, 8.0)}.get(patience)

    def back(left_at: float) -> float:
        age = length - left_at
        return -math.expm1(-BACK * FADES * math.exp(-age / FADES) * -math.expm1(-AFTER / FADES))

    if values is None:
        left, returned = (
            left_by(LAWS[patience], visits, length),
            integral(LAWS[patience], back, visits, length),
        )
    else:
        left = float(np.mean([-math.expm1(-visits * (length - value)) for value in values]))
        flows = [
            quad(
                lambda w, c=value: visits * math.exp(-visits * w) * back(c + w),
                0,
                length - value,
                epsabs=1e-13,
            )
            for value in values
        ]
        returned = float(np.mean([flow[0] for flow in flows]))
    end = 1 + length + AFTER
    assert count(history, "away", end) / N == pytest.approx(left - returned, abs=1e-9)
    assert count(history, "active", end) / N == pytest.approx(1 - left + returned, abs=1e-9)


def test_where_visits_are_unknown_each_replication_has_its_own() -> None:
    text = """
name: visits
title: Nobody knows how often they come by
clock: {start: 2025-01-01T00:00Z, horizon: 40 d}
suppliers: {host: {kind: cloud host}}
capabilities: {use: {needs: [host]}}
users: {start: 1000, served_by: use, churn: 0 per day, joins: 0 per day, visits: 1 per day,
  patience: {mean: 30 d}, returns: {rate: 0 per day}}
unknowns: {users.visits: {low: 0.2 per day, high: 2 per day}, users.patience.mean: {low: 10 d, high: 40 d}}
"""
    loaded = written(text).scenario()
    inputs = Inputs(loaded, Draws(loaded.seed, 0))
    visits, mean = np.asarray(inputs.number("users.visits")), inputs.law("users.patience")[1]["mean"]
    use = level((0.0, 1.0), (DAY, 0.0), (31 * DAY, 1.0))
    history = lived(loaded, timeline(40 * DAY, {"use": use}))
    rate, span = 1 / np.asarray(mean), 30 * DAY
    kept = (visits * np.exp(-rate * span) - rate * np.exp(-visits * span)) / (visits - rate)
    assert np.unique(visits).size == BLOCK
    np.testing.assert_allclose(history.states["away"][:, 0, -1] / 1000, 1 - kept, atol=1e-11)
