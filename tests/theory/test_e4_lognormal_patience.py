"""Lognormal patience on the outage clock: S(t) = Phi((ln m - ln t) / sigma), an outage of 35 days.

The hazard rises, then falls: nobody leaves at first, most about the mode, and who has waited very long waits
on. It is phi(z) / (sigma t Phi(-z)), z = (ln t - ln m) / sigma.

Source: N. L. Johnson, S. Kotz and N. Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 14;
L. Brown et al., Statistical analysis of a telephone call center, JASA 100 (2005) 36, doi
10.1198/016214504000001808, for patience whose hazard is not constant. Here the median m is 45 days and 9 of
10 have lost patience after 110 days; the normal law is taken from the standard library.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from sim.scenario import Inputs, Law
from sim.streams import Draws
from tests.pipeline import whole
from tests.theory.one_outage import DAY, N, count, scenario

MEDIAN, P90 = 45.0, 110.0
SIGMA = math.log(P90 / MEDIAN) / NormalDist().inv_cdf(0.9)
USERS = "patience: {median: 45 d, p90: 110 d}, returns: {rate: 0 per day}"


def survival(days: float) -> float:
    return 0.5 * math.erfc(math.log(days / MEDIAN) / SIGMA / math.sqrt(2.0))


def hazard(days: float) -> float:
    return NormalDist(math.log(MEDIAN), SIGMA).pdf(math.log(days)) / days / survival(days)


def law() -> Law:
    platform = scenario(USERS, horizon="40 d")
    found, unknown = Inputs(platform, Draws(platform.seed, 0)).law("users.patience")
    assert unknown == {}
    return found


@pytest.mark.parametrize("every", ["1 h", "1 d", "36 d"])
def test_share_that_left_does_not_depend_on_the_steps(every: str) -> None:
    history = whole(scenario(USERS, horizon="36 d", every=every)).history
    left = float(history.states["away"][0, 0, -1])
    assert left / N == pytest.approx(1 - survival(35), rel=1e-9)
    assert 1 - survival(35) == pytest.approx(0.3593, abs=1e-4)


def test_who_waits_on_day_28_still_waits_on_day_35_with_the_conditional_survival() -> None:
    history = whole(scenario(USERS, horizon="40 d", lasts="38 d")).history
    kept = count(history, "waiting", 36) / count(history, "waiting", 29)
    assert kept == pytest.approx(survival(35) / survival(28), rel=1e-9)


def test_the_hazard_rises_and_then_falls() -> None:
    days = np.geomspace(0.1, 3000, 400)
    known = law().hazard(days * DAY) * DAY
    np.testing.assert_allclose(known, [hazard(float(t)) for t in days], rtol=1e-9)
    top = int(np.argmax(known))
    assert 0 < top < days.size - 1
    assert (np.diff(known[: top + 1]) > 0).all()
    assert (np.diff(known[top:]) < 0).all()
