"""E17: a share of those away returns at the moment of reopening, the less the longer it took.

P(return | D) = on_reopening x exp(-D / outage_fades). With exponential patience of rate a and an outage of
length D, present after reopening are exp(-a D) + (1 - exp(-a D)) p exp(-D / T). For D exponential with mean
d, the mean over outages has a closed form by integrals of exponentials, each 1 / (1 + rate x d):

    E = 1 / (1 + a d) + p (1 / (1 + d / T) - 1 / (1 + a d + d / T)).
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.demand.simulate import report_times
from sim.demand.stepping.crowd import Crowd
from sim.demand.stepping.simulate import expected
from sim.scenario import Inputs
from sim.streams import BLOCK, Draws
from tests.unit.stepping_cases import START, days, followed, outages, users

PATIENCE, SHARE, FADES, MEAN = 20.0, 0.6, 8.0, 10.0
SAID = (
    f"patience: {{mean: {PATIENCE:g} d}}\n"
    f"returns: {{rate: 0 per day, fades_over: 10 d, on_reopening: 60 %, outage_fades: {FADES:g} d}}"
)


def exact(length: float) -> float:
    left = 1.0 - math.exp(-length / PATIENCE)
    return 1.0 - left + left * SHARE * math.exp(-length / FADES)


@pytest.mark.parametrize("length", [0.25, 2.0, 8.0, 30.0, 90.0])
def test_present_after_reopening_for_an_outage_of_a_known_length(length: float) -> None:
    """To 1e-6 of everyone, at the very moment and after it: nobody returns later."""
    scenario = users(SAID, horizon=5 + length + 5, every=5 + length)
    history = followed(scenario, days(scenario, outages((5, 5 + length))))
    assert history.states["active"][0, 0, 1] / START == pytest.approx(exact(length), abs=1e-6)
    assert history.end["active"][0, 0] / START == pytest.approx(exact(length), abs=1e-6)


def test_mean_over_exponential_outages_is_the_closed_form() -> None:
    """200 outages at the mid-ranks of the law: quadrature with an error below 0.1 % of everyone."""
    scenario = users(SAID, horizon=200, every=200)
    ranks = (np.arange(BLOCK) + 0.5) / BLOCK
    lengths = -MEAN * np.log1p(-ranks)
    timelines = [days(scenario, outages((5, 5 + float(length)))) for length in lengths]
    crowd = Crowd.of(scenario, timelines, Inputs(scenario, Draws(1, 0)))
    history = expected(crowd, report_times(scenario.clock.horizon, scenario.clock.report_every))
    mean = float(history.end["active"][:, 0].mean()) / START
    a, f = MEAN / PATIENCE, MEAN / FADES
    theory = 1 / (1 + a) + SHARE * (1 / (1 + f) - 1 / (1 + a + f))
    assert mean == pytest.approx(theory, abs=1e-3)
    assert abs(theory - exact(MEAN)) > 0.02


def test_each_outage_counts_for_itself_in_a_series_of_them() -> None:
    """The share is that of the outage just ended, and acts on all who are still away from earlier ones."""
    scenario = users(SAID, horizon=80, every=80)
    history = followed(scenario, days(scenario, outages((5, 15), (40, 44))))
    present = exact(10.0)
    left = 1.0 - present * math.exp(-4.0 / PATIENCE)
    again = 1.0 - left + left * SHARE * math.exp(-4.0 / FADES)
    assert history.end["active"][0, 0] / START == pytest.approx(again, abs=1e-6)
