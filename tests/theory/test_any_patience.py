"""Leaving and returning are exact for any law of patience, broad or narrow, and however long the outage.

A user who leaves at patience clock u, in an outage of length D, is away for D - u when the service is back,
and has returned s days later with probability 1 - exp(-rho tau exp(-(D - u) / tau) (1 - exp(-s / tau))); over
all users this is integrated against the density of patience. Leaving leads to away: where nobody churns or
gives up, nobody is ever gone. Shares of users agree to 1e-9.

Source: the integral itself, by adaptive quadrature (QUADPACK, R. Piessens et al. 1983) of textbook densities
in `scipy.stats`, between the law's own quantiles.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.demand import STATES, History
from sim.errors import ScenarioError
from tests.pipeline import level, lived, timeline
from tests.theory.one_outage import DAY, N, count, scenario

RATE, FADES = 0.05, 30.0
AFTER = 60.0


def textbook(law: str, *numbers: float) -> Any:
    """The frozen `scipy.stats` law, times in days."""
    from scipy import stats

    if law == "lognormal":
        median, p90 = numbers
        return stats.lognorm(math.log(p90 / median) / stats.norm.ppf(0.9), scale=median)
    if law == "weibull":
        shape, scale = numbers
        return stats.weibull_min(shape, scale=scale)
    if law == "gamma":
        mean, cv = numbers
        return stats.gamma(1 / cv**2, scale=mean * cv**2)
    if law == "pert":
        low, likely, high = numbers
        width = high - low
        return stats.beta(1 + 4 * (likely - low) / width, 1 + 4 * (high - likely) / width, low, width)
    low, high = numbers
    return stats.uniform(low, high - low)


LAWS: dict[str, tuple[str, tuple[float, ...]]] = {
    "{median: 20 d, p90: 60 d}": ("lognormal", (20, 60)),
    "{median: 20 d, p90: 24 d}": ("lognormal", (20, 24)),
    "{median: 10 d, p90: 10.1 d}": ("lognormal", (10, 10.1)),
    "{law: weibull, shape: 0.3, scale: 20 d}": ("weibull", (0.3, 20)),
    "{law: weibull, shape: 0.8, scale: 45 d}": ("weibull", (0.8, 45)),
    "{law: weibull, shape: 2, scale: 20 d}": ("weibull", (2, 20)),
    "{law: weibull, shape: 20, scale: 20 d}": ("weibull", (20, 20)),
    "{law: gamma, mean: 20 d, cv: 0.05}": ("gamma", (20, 0.05)),
    "{law: gamma, mean: 20 d, cv: 1.5}": ("gamma", (20, 1.5)),
    "{law: gamma, mean: 20 d, cv: 3}": ("gamma", (20, 3)),
    "{low: 5 d, likely: 10 d, high: 30 d}": ("pert", (5, 10, 30)),
    "{low: 9 d, high: 10 d}": ("uniform", (9, 10)),
}


def integral(law: Any, function: Callable[[float], float], length: float) -> float:
    """Mean of `function` of the patience, where it is below `length`; between quantiles, in probability."""
    from scipy.integrate import quad

    most = float(law.cdf(length))
    edges = [0.0, *(e for e in (1e-9, 1e-6, 1e-4, 0.01, 0.1, 0.5, 0.9, 0.99, 0.9999) if e < most), most]
    parts = [
        quad(lambda p: function(float(law.ppf(p))), a, b, epsabs=1e-14, epsrel=1e-12, limit=200)[0]
        for a, b in itertools.pairwise(edges)
    ]
    return math.fsum(parts)


def after_outage(patience: str, length: float) -> History:
    users = f"patience: {patience}, returns: {{rate: 5 % per day, fades_over: 30 d}}"
    platform = scenario(users, horizon=f"{1 + length + AFTER} d")
    use = level((0.0, 1.0), (DAY, 0.0), ((1 + length) * DAY, 1.0))
    return lived(platform, timeline(platform.clock.horizon, {"use": use}))


def back_after(age: float) -> float:
    """Chance to be back `AFTER` days after reopening for one who was away for `age` days then."""
    return -math.expm1(-RATE * FADES * math.exp(-age / FADES) * -math.expm1(-AFTER / FADES))


@pytest.mark.parametrize("length", [12, 35, 100, 250])
@pytest.mark.parametrize("patience", LAWS)
def test_users_return_as_the_integral_over_their_own_absence_says(patience: str, length: float) -> None:
    law = textbook(LAWS[patience][0], *LAWS[patience][1])
    history = after_outage(patience, length)
    left = float(law.cdf(length))
    returned = integral(law, lambda u: back_after(length - u), length)
    active, away = (count(history, state, 1 + length + AFTER) / N for state in ("active", "away"))
    assert active == pytest.approx(1 - left + returned, abs=1e-9)
    assert away == pytest.approx(left - returned, abs=1e-9)


@pytest.mark.parametrize("patience", LAWS)
def test_nobody_is_gone_where_nobody_churns_or_gives_up(patience: str) -> None:
    history = after_outage(patience, 100)
    assert np.abs(history.states["gone"]).max() <= 1e-9 * N


TWO_OUTAGES = ((1.0, 41.0), (43.0, 46.0))
"""Days; the second begins before the first is forgotten, with 40 days on the patience clock."""


@pytest.mark.parametrize(
    "patience",
    [
        "5 d",
        "{values: [1 d, 3 d, 5 d]}",
        "{low: 1 d, high: 5 d}",
        "{low: 1 d, likely: 3 d, high: 5 d}",
        "{median: 1 h, p90: 1.1 h}",
    ],
)
def test_who_has_run_out_of_patience_leaves_the_next_outage_at_once_and_is_away(patience: str) -> None:
    """Whoever the second outage finds active has long run out of patience: leaves, and can be won back."""
    platform = scenario(
        f"patience: {patience}, returns: {{rate: 50 % per day, fades_over: 300 d}}", horizon="60 d"
    )
    pieces = [(0.0, 1.0)]
    for start, end in TWO_OUTAGES:
        pieces += [(start * DAY, 0.0), (end * DAY, 1.0)]
    history = lived(platform, timeline(60 * DAY, {"use": level(*pieces)}))
    assert count(history, "active", 42) / N > 0.3
    assert np.abs(history.states["gone"]).max() <= 1e-9 * N
    everyone = np.sum([history.states[state] for state in ("active", "waiting", "away")], axis=0)
    np.testing.assert_allclose(everyone, N, rtol=1e-9)
    assert count(history, "waiting", 44) <= 1e-9 * N
    assert count(history, "away", 44) / N == pytest.approx(1, rel=1e-9)
    # All that left again at day 43 return like the others, from the hazard at their own absence age.
    again = 1 - count(history, "away", 43) / N
    held = count(history, "away", 60) / N
    gone_long = math.exp(-0.5 * 300 * (math.exp(-3 / 300) - math.exp(-17 / 300)))
    assert held >= again * gone_long * (1 - 1e-9)


def hardly_fading(rate: str, fades: str) -> str:
    return f"patience: 1 h, returns: {{rate: {rate}, fades_over: {fades}}}"


@pytest.mark.parametrize(
    ("rate", "fades", "hazard"),
    [("5 % per day", 4000, 0.05), ("5 % per day", 9000, 0.05), ("20 % per h", 90, 4.8)],
)
def test_a_return_that_hardly_fades_is_exact_too(rate: str, fades: int, hazard: float) -> None:
    """All left at once, an hour before the service was back; each returns with hazard r exp(-a / tau)."""
    days = 8
    platform = scenario(hardly_fading(rate, f"{fades} d"), horizon=f"{days} d")
    use = level((0.0, 1.0), (DAY, 0.0), (DAY + 2.0, 1.0))
    history = lived(platform, timeline(days * DAY, {"use": use}))
    for day in range(2, days + 1):
        age = day - 1 - 1 / 24
        away = math.exp(-hazard * fades * (math.exp(-1 / 24 / fades) - math.exp(-age / fades)))
        assert count(history, "active", day) / N == pytest.approx(1 - away, rel=1e-9)


@pytest.mark.parametrize("rate", ["60 % per h", "5 % per day"])
def test_a_return_that_fades_over_ages_is_refused_with_the_fix(rate: str) -> None:
    """Its impulses are too many to count exactly; it used to be counted wrongly (nearly nobody returned)."""
    with pytest.raises(ScenarioError, match="leave it out"):
        scenario(hardly_fading(rate, "20000 d"), horizon="8 d")


@pytest.mark.parametrize("patience", LAWS)
def test_states_add_up_at_every_look(patience: str) -> None:
    history = after_outage(patience, 35)
    total = sum(history.states[state] for state in STATES)
    np.testing.assert_allclose(total, N, rtol=1e-12)
