"""The triangular law: fatter tails than beta-PERT at the same three points.

Statement. For Triangular(a, m, b): mean = (a + m + b) / 3, variance = ((b - a)^2 + (m - a)(m - b)) /
18; above the mode the u-quantile is b - sqrt((1 - u)(b - a)(b - m)), below it a + sqrt(u (b - a)(m -
a)). For (1, 2, 6): mean 3, variance 7/6, median 6 - sqrt(10) = 2.8377..., 90 % point 6 - sqrt(2) =
4.5857...

Source. Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), chapter 26; Kotz
and van Dorp, Beyond Beta (2004), chapter 1. The numbers follow by arithmetic.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.scenario import Inputs, Law, load_text
from sim.streams import Draws

SCENARIO = """
name: triangular
title: One task of three points, straight in between
clock: {start: 2025-01-01T00:00Z, horizon: 30 d}
suppliers: {host: {}}
capabilities: {use: {needs: [host]}}
users: {start: 1, served_by: use}
response: {replace: {host: {tasks: {adapt: {takes: {law: triangular, low: 1 d, likely: 2 d, high: 6 d}}}}}}
"""
PATH = "response.replace.host.tasks.adapt.takes"


@pytest.fixture(name="law")
def of_the_file() -> Law:
    """The law as the language reads it, in hours."""
    law = load_text(SCENARIO).scenario().response.replace["host"].tasks["adapt"].takes
    assert law is not None
    return law


def test_moments_and_quantiles_are_exact(law: Law) -> None:
    assert law.mean() / 24 == pytest.approx(3.0, rel=1e-12)
    assert law.variance() / 24**2 == pytest.approx(7 / 6, rel=1e-12)
    assert law.median() / 24 == pytest.approx(6 - math.sqrt(10), rel=1e-12)
    assert float(law.quantile(0.9)) / 24 == pytest.approx(6 - math.sqrt(2), rel=1e-12)
    assert float(law.quantile(0.2)) / 24 == pytest.approx(2.0, rel=1e-12)
    assert float(law.quantile(0.05)) / 24 == pytest.approx(1 + math.sqrt(0.05 * 5), rel=1e-12)


def test_survival_is_the_inverse_of_the_quantile(law: Law) -> None:
    u = np.linspace(0.0, 0.999, 400)
    np.testing.assert_allclose(law.survival(law.quantile(u)), 1 - u, rtol=1e-10)


def test_its_tail_is_fatter_than_that_of_beta_pert() -> None:
    three = {"low": 1.0, "likely": 2.0, "high": 6.0}
    assert Law.of("triangular", three).quantile(0.9) > Law.of("pert", three).quantile(0.9) + 0.6


def test_a_simulation_has_the_mean_and_the_tail() -> None:
    """4,000 durations drawn as a simulation draws them: |z| <= 4.

    Smallest detectable errors: 0.068 d in the mean (2 %), 0.019 in the share above the 90 % point.
    """
    scenario = load_text(SCENARIO).scenario()
    x = np.concatenate(
        [Inputs(scenario, Draws(20250102, block)).quantile(PATH, "host.adapt / takes") for block in range(20)]
    )
    x = x / 24
    assert abs(float(np.mean(x)) - 3.0) <= 4 * math.sqrt(7 / 6 / x.size)
    above = float(np.mean(x > 6 - math.sqrt(2)))
    assert abs(above - 0.1) <= 4 * math.sqrt(0.1 * 0.9 / x.size)
