"""Users who differ in patience: the mean rate overstates the loss, 62 % instead of 43 %.

One user in five leaves at 0.1 a day, the others at 0.01: the mean rate is 0.028. After 35 days the mean rate
would have lost 1 - exp(-0.98) = 62 %; in truth 0.2 (1 - exp(-3.5)) + 0.8 (1 - exp(-0.35)) = 43 % are lost,
for the impatient leave first and the hazard of those left falls (Jensen's inequality). If everyone's rate is
the mean one, r, times a gamma factor of mean 1 and variance v, survival is that of Lomax,
(1 + v r t)^(-1 / v); here v is the variance of the two rates over the square of their mean.

Source: J. W. Vaupel, K. G. Manton and E. Stallard, The impact of heterogeneity in individual frailty on the
dynamics of mortality, Demography 16 (1979) 439, doi 10.2307/2061224; K. S. Lomax, Business failures, JASA 49
(1954) 847, doi 10.1080/01621459.1954.10501239.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.scenario import Inputs, Law
from sim.streams import Draws
from tests.pipeline import whole
from tests.theory.one_outage import DAY, N, count, scenario

SHARES, RATES = (0.2, 0.8), (0.1, 0.01)
MEAN_RATE = 0.028
VARIANCE = 0.2 * 0.8 * 0.09**2 / MEAN_RATE**2
MIXED = "{law: mixture, of: [{mean: 10 d}, {mean: 100 d}], shares: [20 %, 80 %]}"
LOMAX = f"{{law: frailty, of: {{mean: {1 / MEAN_RATE!r} d}}, variance: {VARIANCE!r}}}"


def users(patience: str, returns: str = "{rate: 0 per day}") -> str:
    return f"patience: {patience}, returns: {returns}"


def left_of(patience: str, day: float = 36) -> float:
    return count(whole(scenario(users(patience), horizon="40 d")).history, "away", day) / N


def mixture(days: float) -> float:
    return math.fsum(share * math.exp(-rate * days) for share, rate in zip(SHARES, RATES, strict=True))


def lomax(days: float) -> float:
    return float(stats.lomax(1 / VARIANCE, scale=1 / (VARIANCE * MEAN_RATE)).sf(days))


def test_the_mean_rate_overstates_what_is_lost() -> None:
    with_mean, mixed = left_of(f"{{mean: {1 / MEAN_RATE!r} d}}"), left_of(MIXED)
    assert with_mean == pytest.approx(1 - math.exp(-0.98), rel=1e-9)
    assert mixed == pytest.approx(1 - mixture(35), rel=1e-9)
    assert (round(with_mean, 2), round(mixed, 2)) == (0.62, 0.43)


def test_a_gamma_frailty_of_exponential_patience_is_lomax() -> None:
    assert left_of(LOMAX) == pytest.approx(1 - lomax(35), rel=1e-9)
    assert left_of(LOMAX, day=11) == pytest.approx(1 - lomax(10), rel=1e-9)


def test_no_frailty_is_the_law_itself() -> None:
    assert left_of("{law: frailty, of: {mean: 40 d}, variance: 0}") == left_of("{mean: 40 d}")


def test_the_mixture_is_two_segments_taken_together() -> None:
    """Also after they return, when who left when matters."""
    returns = "{rate: 5 % per day, fades_over: 30 d}"
    together = whole(scenario(users(MIXED, returns), horizon="96 d")).history
    parts = [whole(scenario(users(f"{{mean: {d} d}}", returns), horizon="96 d")).history for d in (10, 100)]
    for day in (20, 36, 60, 96):
        for state in ("active", "waiting", "away"):
            apart = math.fsum(
                share * count(part, state, day) for share, part in zip(SHARES, parts, strict=True)
            )
            assert count(together, state, day) / N == pytest.approx(apart / N, abs=1e-9)


def test_the_hazard_of_a_mixture_falls_from_the_mean_rate_to_the_lowest() -> None:
    platform = scenario(users(MIXED), horizon="40 d")
    law, _ = Inputs(platform, Draws(platform.seed, 0)).law("users.patience")
    days = np.array([0.0, 10.0, 35.0, 100.0, 5000.0])
    known = law.hazard(days * DAY) * DAY
    of_those_left = [
        math.fsum(s * r * math.exp(-r * t) for s, r in zip(SHARES, RATES, strict=True)) / mixture(t)
        for t in days
    ]
    np.testing.assert_allclose(known, of_those_left, rtol=1e-9)
    assert known[0] == pytest.approx(MEAN_RATE, rel=1e-12)
    assert known[-1] == pytest.approx(0.01, rel=1e-12)


def test_unknown_numbers_of_the_parts_reach_the_users() -> None:
    """Where nobody knows the slower mean or the variance, each replication has its own."""
    for patience, path in ((MIXED, "of.2.mean"), (LOMAX, "variance")):
        text = users(patience)
        platform = scenario(text, horizon="40 d")
        law = Law.of("uniform", low=1.0, high=2.0)
        unknown = platform.model_copy(update={"unknowns": {f"users.patience.{path}": law}})
        found, overrides = Inputs(unknown, Draws(unknown.seed, 0)).law("users.patience")
        assert list(overrides) == [path]
        t = np.full(200, 3.0)
        values = found.survival(t, **overrides)
        drawn = np.asarray(overrides[path])
        slow = np.exp(-3.0 / drawn)
        expected = 0.2 * math.exp(-3 / 240) + 0.8 * slow
        if path == "variance":
            expected = (1 + drawn * MEAN_RATE / DAY * 3.0) ** (-1 / drawn)
        np.testing.assert_allclose(values, expected, rtol=1e-12)
