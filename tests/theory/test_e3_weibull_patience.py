"""Weibull patience on the outage clock: S(t) = exp(-(t / 60 d)^0.7), an outage of 35 days.

The impatient leave first: the hazard falls with the clock, and who still waits on day 28 survives to day 35
with the conditional probability S(35) / S(28), whatever the steps in between.

Source: W. Weibull, A statistical distribution function of wide applicability, J. Appl. Mech. 18 (1951) 293;
Cox and Oakes, Analysis of Survival Data (1984), section 2.3.
"""

from __future__ import annotations

import pytest

from sim.scenario import Inputs
from sim.streams import Draws
from tests.pipeline import whole
from tests.theory.one_outage import DAY, N, count, scenario

P_LEFT = 0.49626855975076393318
LOST = 7444028.3962614589977
SURVIVE_28_TO_35 = 0.90559562321996341142
HAZARD_ON_DAY_35 = 0.013714240191553320187
MEAN_DAYS = 75.949410363436996642

USERS = "patience: {law: weibull, shape: 0.7, scale: 60 d}, returns: {rate: 0 per day}"


@pytest.mark.parametrize("every", ["1 h", "1 d", "5 d", "36 d"])
def test_share_that_left_does_not_depend_on_the_steps(every: str) -> None:
    history = whole(scenario(USERS, horizon="36 d", every=every)).history
    left = float(history.states["away"][0, 0, -1] + history.states["gone"][0, 0, -1])
    assert left / N == pytest.approx(P_LEFT, rel=1e-9)
    assert left == pytest.approx(LOST, rel=1e-9)


def test_who_waits_on_day_28_still_waits_on_day_35_with_the_conditional_survival() -> None:
    history = whole(scenario(USERS, horizon="40 d")).history
    shortly_before = whole(scenario(USERS, horizon="40 d", lasts="36 d")).history
    assert count(shortly_before, "waiting", 36) / count(history, "waiting", 29) == pytest.approx(
        SURVIVE_28_TO_35, rel=1e-9
    )


def test_hazard_and_mean_of_the_law_are_the_textbook_ones() -> None:
    platform = scenario(USERS, horizon="40 d")
    law, unknown = Inputs(platform, Draws(platform.seed, 0)).law("users.patience")
    assert unknown == {}
    clock = 35 * DAY
    hazard = float(law.density(clock)) / float(law.survival(clock)) * DAY
    assert hazard == pytest.approx(HAZARD_ON_DAY_35, rel=1e-9)
    assert law.mean() / DAY == pytest.approx(MEAN_DAYS, rel=1e-9)
