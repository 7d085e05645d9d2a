"""E6: several causes of leaving compete, so a cause takes less than it would alone.

With constant hazards r_j and R their sum, the share that has left for cause j after t is r_j / R (1 -
exp(-R t)), the integral of r_j exp(-R s): the cumulative incidence (Andersen, Borgan, Gill and Keiding
1993, II.6). It is never 1 - exp(-r_j t), which leaves out that most have been taken by another cause
before. Counts by cause are multinomial, so those of two causes are negatively correlated: covariance -N p_a
p_b.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.demand import stepping
from sim.demand.simulate import report_times
from sim.scenario import Inputs
from sim.streams import BLOCK, Draws
from tests.unit.stepping_cases import START, days, followed, outages, users

RATES = {"a": 0.02, "b": 0.01, "elsewhere": 0.005, "churned": 0.001}
DAYS = 35.0
SAID = """patience: {mean: 200 d}
churn: 0.1 % per day
returns: {rate: 0 per day, fades_over: 30 d}
rivals: {a: {pull: 2 % per day}, b: {pull: 1 % per day}}
"""
TOTAL = sum(RATES.values())
INCIDENCE = {cause: rate / TOTAL * (1.0 - math.exp(-TOTAL * DAYS)) for cause, rate in RATES.items()}


def test_cumulative_incidences_are_those_of_the_published_case() -> None:
    assert math.exp(-TOTAL * DAYS) == pytest.approx(0.28365402649977037418, rel=1e-14)
    assert INCIDENCE["a"] == pytest.approx(0.39796998527790534768, rel=1e-14)
    assert INCIDENCE["b"] == pytest.approx(0.19898499263895267384, rel=1e-14)
    assert INCIDENCE["elsewhere"] == pytest.approx(0.09949249631947633692, rel=1e-14)


def test_flows_by_cause_are_the_cumulative_incidences() -> None:
    """Leavers by the end of the outage, to 1e-6 of everyone; churn takes from all alike, away or not."""
    scenario = users(SAID, horizon=DAYS, every=35)
    history = followed(scenario, days(scenario, outages((0, 40))))
    for cause in ("a", "b", "elsewhere"):
        assert history.flows[f"left.{cause}"][0, 0] / START == pytest.approx(INCIDENCE[cause], abs=1e-6)
    assert history.end["waiting"][0, 0] / START == pytest.approx(math.exp(-TOTAL * DAYS), abs=1e-6)
    assert history.flows["churned"][0, 0] / START == pytest.approx(1.0 - math.exp(-0.001 * DAYS), abs=1e-6)


def test_each_cause_for_itself_would_be_wrong_by_a_tenth_of_everyone() -> None:
    scenario = users(SAID, horizon=DAYS, every=35)
    history = followed(scenario, days(scenario, outages((0, 40))))
    naive = 1.0 - math.exp(-RATES["a"] * DAYS)
    assert naive == pytest.approx(0.5034146962085904853, rel=1e-14)
    assert naive - history.flows["left.a"][0, 0] / START > 0.1


def test_sampled_counts_of_two_causes_are_negatively_correlated_as_the_multinomial_says() -> None:
    """200 replications of a million; the covariance's standard error is 8 %, so 0 is 14 of them away."""
    scenario = users(SAID, horizon=DAYS, every=35)
    inputs = Inputs(scenario, Draws(5, 0))
    times = report_times(scenario.clock.horizon, scenario.clock.report_every)
    history = stepping.simulate(
        scenario, [days(scenario, outages((0, 40)))] * BLOCK, inputs, times, sampled=True
    )
    a, b = (history.flows[f"left.{cause}"][:, 0] for cause in ("a", "b"))
    p, q = INCIDENCE["a"], INCIDENCE["b"]
    found = float(np.cov(a, b)[0, 1]) / START
    error = math.sqrt((p * (1 - p) * q * (1 - q) + (p * q) ** 2) / (BLOCK - 1))
    assert -p * q == pytest.approx(-0.079190054591048099586, rel=1e-12)
    assert abs(found + p * q) <= 4.0 * error
    for count, share in ((a, p), (b, q)):
        spread = math.sqrt(START * share * (1 - share))
        assert abs(count.mean() - START * share) <= 4.0 * spread / math.sqrt(BLOCK)
        assert abs(count.std(ddof=1) / spread - 1.0) <= 4.0 / math.sqrt(2 * BLOCK)
