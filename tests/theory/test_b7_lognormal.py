"""The lognormal law by its mean and coefficient of variation.

Statement. If log X is normal with mean mu and standard deviation sigma, then E X = exp(mu + sigma^2 /
2) and CV^2 = exp(sigma^2) - 1; so sigma^2 = log(1 + CV^2), mu = log(mean) - sigma^2 / 2, and the median
is mean / sqrt(1 + CV^2). For mean 5 d and CV 0.8: mu = 1.36208979..., sigma = 0.70334645..., median
3.90434404... d and 95 % point 12.41607204... d. Written by median and 90 % point it is the same law.

Source. Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 14; Crow
and Shimizu, Lognormal Distributions (1988), chapter 1. The numbers follow by arithmetic (50 digits,
rounded).
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from sim.scenario import Inputs, Law, load_text
from sim.streams import Draws

SCENARIO = """
name: lognormal
title: One task by mean and CV
clock: {start: 2025-01-01T00:00Z, horizon: 30 d}
suppliers: {host: {}}
capabilities: {use: {needs: [host]}}
users: {start: 1, served_by: use}
response: {replace: {host: {tasks: {adapt: {takes: {law: lognormal, mean: 5 d, cv: 0.8}}}}}}
"""
PATH = "response.replace.host.tasks.adapt.takes"
MU, SIGMA = 1.3620897915160468473, 0.7033464593186682522
MEDIAN, P95 = 3.9043440472151516381, 12.416072046395305582


@pytest.fixture(name="law")
def of_the_file() -> Law:
    """The law as the language reads it, in hours."""
    law = load_text(SCENARIO).scenario().response.replace["host"].tasks["adapt"].takes
    assert law is not None
    return law


def test_the_numbers_of_the_statement_agree_with_each_other() -> None:
    assert math.exp(MU) == pytest.approx(MEDIAN, rel=1e-14)
    assert math.exp(MU + SIGMA * NormalDist().inv_cdf(0.95)) == pytest.approx(P95, rel=1e-12)
    assert math.exp(MU + SIGMA**2 / 2) == pytest.approx(5.0, rel=1e-14)


def test_median_p95_mean_and_cv_are_exact(law: Law) -> None:
    assert law.median() / 24 == pytest.approx(MEDIAN, rel=1e-12)
    assert float(law.quantile(0.5)) / 24 == pytest.approx(MEDIAN, rel=1e-12)
    assert float(law.quantile(0.95)) / 24 == pytest.approx(P95, rel=1e-12)
    assert law.mean() / 24 == pytest.approx(5.0, rel=1e-12)
    assert math.sqrt(law.variance()) / law.mean() == pytest.approx(0.8, rel=1e-12)


def test_by_median_and_p90_it_is_the_same_law(law: Law) -> None:
    p90 = float(law.quantile(0.9))
    twin = Law.of("lognormal", median=MEDIAN * 24, p90=p90)
    u = np.linspace(0.001, 0.999, 99)
    np.testing.assert_allclose(twin.quantile(u), law.quantile(u), rtol=1e-11)
    assert twin.mean() == pytest.approx(law.mean(), rel=1e-11)
    assert twin.variance() == pytest.approx(law.variance(), rel=1e-10)


def test_a_simulation_has_the_moments_of_the_logarithm() -> None:
    """4,000 durations drawn as a simulation draws them: |z| <= 4 for mean and variance of log X.

    Smallest detectable errors: 0.044 in mu (4.5 % of the median), 0.044 in sigma^2 (9 %).
    """
    scenario = load_text(SCENARIO).scenario()
    x = np.concatenate(
        [Inputs(scenario, Draws(20250103, block)).quantile(PATH, "host.adapt / takes") for block in range(20)]
    )
    y = np.log(x / 24)
    assert abs(float(np.mean(y)) - MU) <= 4 * SIGMA / math.sqrt(y.size)
    spread = float(np.mean((y - MU) ** 2))
    assert abs(spread - SIGMA**2) <= 4 * SIGMA**2 * math.sqrt(2 / y.size)
