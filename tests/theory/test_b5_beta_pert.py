"""Beta-PERT: the exact variance is (mean - low)(high - mean) / 7, not the textbook ((high - low) / 6)^2.

Statement. With lambda = 4, PERT(low, likely, high) is low + (high - low) B, where B is Beta(a, b) with
a = 1 + 4 (likely - low) / (high - low) and b = 1 + 4 (high - likely) / (high - low). Hence a + b = 6,
mean = (low + 4 likely + high) / 6 and variance = (mean - low)(high - mean) / (a + b + 1), which is
(mean - low)(high - mean) / 7. For (1, 2, 6): a = 1.8, b = 4.2, mean 2.5, variance 0.75; the rule of
thumb ((high - low) / 6)^2 gives 0.694, 7 % less.

Sources. Malcolm, Roseboom, Clark and Fazar, "Application of a technique for research and development
program evaluation", Operations Research 7 (1959) 646-669, doi 10.1287/opre.7.5.646, for the three
points and the mean; Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995),
chapter 25, for the moments of the beta law. The numbers above follow by arithmetic.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.scenario import Inputs, Law, load_text
from sim.streams import BLOCK, Draws

SCENARIO = """
name: pert
title: One task of three points
clock: {start: 2025-01-01T00:00Z, horizon: 30 d}
suppliers: {host: {}}
capabilities: {use: {needs: [host]}}
users: {start: 1, served_by: use}
response: {replace: {host: {tasks: {adapt: {takes: {low: 1 d, likely: 2 d, high: 6 d}}}}}}
"""
PATH = "response.replace.host.tasks.adapt.takes"


@pytest.fixture(name="law")
def of_the_file() -> Law:
    """The law as the language reads it, in hours."""
    law = load_text(SCENARIO).scenario().response.replace["host"].tasks["adapt"].takes
    assert law is not None
    return law


def test_mean_and_variance_are_exact(law: Law) -> None:
    assert law.kind == "pert"
    assert law.mean() / 24 == pytest.approx(2.5, rel=1e-12)
    assert law.variance() / 24**2 == pytest.approx(0.75, rel=1e-12)
    assert law.variance() / 24**2 != pytest.approx((5 / 6) ** 2, rel=0.05)


def test_the_shapes_are_1_8_and_4_2_by_the_density(law: Law) -> None:
    x = np.array([0.1, 0.3, 0.6, 0.9])
    constant = math.gamma(6.0) / (math.gamma(1.8) * math.gamma(4.2))
    expected = constant * x**0.8 * (1 - x) ** 3.2 / (5 * 24)
    np.testing.assert_allclose(law.density(24 * (1 + 5 * x)), expected, rtol=1e-12)


def test_moments_of_the_quantile_function_are_those_of_the_law(law: Law) -> None:
    """Gauss-Legendre over u after u = (1 - cos(pi v)) / 2, which flattens the ends; exact to 1e-9."""
    nodes, weights = np.polynomial.legendre.leggauss(400)
    v = (nodes + 1) / 2
    u, mass = (1 - np.cos(np.pi * v)) / 2, weights / 2 * np.pi / 2 * np.sin(np.pi * v)
    x = law.quantile(u) / 24
    mean = float(mass @ x)
    assert mean == pytest.approx(2.5, rel=1e-9)
    assert float(mass @ (x - mean) ** 2) == pytest.approx(0.75, rel=1e-8)


def test_a_simulation_has_the_exact_variance_and_not_the_textbook_one() -> None:
    """8,000 durations drawn as a simulation draws them: |z| <= 4 against 0.75.

    The kurtosis of Beta(1.8, 4.2) is 25/9, so the standard error of the variance is 0.0112: an error of
    0.045, 6 % of the variance, is detectable; the textbook rule (7 % less) lies 5 standard errors away.
    """
    scenario = load_text(SCENARIO).scenario()
    x = np.concatenate(
        [Inputs(scenario, Draws(20250101, block)).quantile(PATH, "host.adapt / takes") for block in range(40)]
    )
    x = x / 24
    assert x.shape == (40 * BLOCK,)
    error = math.sqrt((25 / 9 - 1) * 0.75**2 / x.size)
    assert abs(float(np.mean((x - 2.5) ** 2)) - 0.75) <= 4 * error
    assert abs(float(np.mean(x)) - 2.5) <= 4 * math.sqrt(0.75 / x.size)
