"""A fading return hazard is a Poisson number of impulses.

Give every leaver K ~ Poisson(rho tau) impulses, each firing after an exponential time with mean tau. The
first firing has hazard rho exp(-a / tau) at absence age a, so
P(not returned by age a) = E[exp(-K a / tau)] = exp(-rho tau (1 - exp(-a / tau))) with all K counted:
the mixture over K of (exp(-a / tau))^K; K = 0 never returns.

Source: J. F. C. Kingman, Poisson Processes (1993), chapters 2 and 5 (colouring and marking).
Here rho tau = 1.5, tau = 30 days, a = 20 days.
"""

from __future__ import annotations

import math

import pytest

from tests.pipeline import whole
from tests.theory.one_outage import N, count, scenario

MEAN_IMPULSES, FADES = 1.5, 30.0
NOT_RETURNED_BY_20 = 0.48196955951883228822
NEVER_RETURNS = 0.22313016014842982893
TRUNCATED_AT_14 = 8.2397223675908074403e-11

USERS = "patience: 1 h, returns: {rate: 5 % per day, fades_over: 30 d}"
"""All leave when the clock shows one hour; the service is back an hour later, when all have been away 1 h."""


def poisson(k: int) -> float:
    return math.exp(-MEAN_IMPULSES) * MEAN_IMPULSES**k / math.factorial(k)


def fired(days: float) -> float:
    """Probability that one impulse has fired by this absence age."""
    return -math.expm1(-days / FADES)


def test_mixture_over_the_number_of_impulses_is_the_closed_form() -> None:
    mixture = math.fsum(poisson(k) * (1 - fired(20)) ** k for k in range(60))
    # E[(1 - q)^K] = exp(-m q)
    assert mixture == pytest.approx(math.exp(-MEAN_IMPULSES * fired(20)), rel=1e-12)
    assert mixture == pytest.approx(NOT_RETURNED_BY_20, rel=1e-9)
    assert poisson(0) == pytest.approx(NEVER_RETURNS, rel=1e-12)
    assert math.fsum(poisson(k) for k in range(15, 60)) == pytest.approx(TRUNCATED_AT_14, rel=1e-6)


def test_users_return_as_the_impulses_fire() -> None:
    history = whole(scenario(USERS, horizon="60 d", lasts="2 h", every="1 h")).history
    before = fired(1 / 24)
    away = count(history, "away", 1 + 1 / 24 + 20) / N
    # Impulses that fired in the hour before the service was back are wasted.
    assert away * math.exp(-MEAN_IMPULSES * before) == pytest.approx(NOT_RETURNED_BY_20, rel=1e-9)


def test_who_has_no_impulse_never_returns() -> None:
    history = whole(scenario(USERS, horizon="1200 d", lasts="2 h", every="12 d")).history
    away = count(history, "away", 1200) / N
    assert away * math.exp(-MEAN_IMPULSES * fired(1 / 24)) == pytest.approx(NEVER_RETURNS, rel=1e-9)
