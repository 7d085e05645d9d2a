"""Sampled users go by the same moves: whole numbers, nobody lost, the right mean and spread."""

from __future__ import annotations

import numpy as np
import pytest

from sim.demand import History, stepping
from sim.demand.simulate import report_times
from sim.scenario import Inputs
from sim.streams import BLOCK, Draws
from tests.unit.stepping_cases import START, days, followed, outages, users
from tests.unit.test_stepping_reference import BASE, CROWD, EVENTS, SEGMENTS

DOOR = "reopening: {admits: 4000 per hour, abandons: 10 % per day}\n"
LINEAR = """join_by: install
churn: 0.3 % per day
uninstalls: 30 %
patience: {law: weibull, shape: 0.7, scale: 30 d}
returns: {rate: 4 % per day, fades_over: 15 d}
stigma: {leaving: 1.5}
rivals: {big: {pull: 2 % per day, stickiness: 50 %}}
"""


def sampled(said: str, events: str = "", segments: str = "", every: float = 30) -> tuple[History, History]:
    """200 replications of one timeline, and what is expected."""
    scenario = users(said, events=events, segments=segments, every=every)
    fixed = days(scenario, outages((10, 25), (30, 36)), outages((20, 70)))
    inputs = Inputs(scenario, Draws(7, 0))
    times = report_times(scenario.clock.horizon, scenario.clock.report_every)
    return stepping.simulate(scenario, [fixed] * BLOCK, inputs, times, sampled=True), followed(
        scenario, fixed
    )


@pytest.mark.slow
def test_everything_at_once_gives_whole_numbers_and_loses_nobody() -> None:
    """Also close to what is expected: of a million people chance moves a share by a thousandth at most."""
    found, mean = sampled(BASE + CROWD + DOOR, EVENTS, SEGMENTS)
    for state, values in found.states.items():
        assert (values == np.rint(values)).all()
        assert values.min() >= 0.0
        assert np.abs(values.mean(axis=0) - mean.states[state][0]).max() < 1e-3 * START
    assert found.moved is not None
    total = np.sum([values[:, :, -1] for values in found.states.values()], axis=0)
    assert np.array_equal(total, found.start + found.joined + found.moved)
    assert np.ptp(found.states["away"][:, 0, -1]) > 0.0


def test_mean_and_spread_are_binomial_where_nobody_acts_on_another() -> None:
    """Given the timeline each state holds a binomial number; |z| <= 4 sees 0.3 per thousand of the mean."""
    found, mean = sampled(LINEAR)
    for state, values in found.states.items():
        for time in range(1, values.shape[2]):
            share = float(mean.states[state][0, 0, time]) / START
            spread = np.sqrt(START * share * (1.0 - share))
            if spread < 1.0:
                continue
            assert abs(values[:, 0, time].mean() - START * share) <= 4.0 * spread / np.sqrt(BLOCK)
            assert abs(values[:, 0, time].std(ddof=1) / spread - 1.0) <= 4.0 / np.sqrt(2.0 * BLOCK)
