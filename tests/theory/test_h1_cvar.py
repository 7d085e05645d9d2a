"""Conditional value at risk of four laws at 95 %.

Statement. With VaR = inf{x: F(x) >= 0.95}, CVaR = min over c of c + E[(X - c)+] / 0.05 is, for a continuous
law, the mean beyond VaR: exponential of mean 14: VaR 41.9402518297559, CVaR = VaR + 14 = 55.9402518297559;
normal (100, 20): 141.254256150149; lognormal (mu 2, sigma 0.8): 40.51877889812; uniform (0, 1): 0.975.

Source. Rockafellar and Uryasev 2000, "Optimization of conditional value-at-risk", Journal of Risk 2, 21-41,
doi 10.21314/JOR.2000.038; 2002, Journal of Banking & Finance 26, 1443-1471,
doi 10.1016/S0378-4266(02)00271-6. The standard error is that of the mean beyond the quantile,
SE^2 = [Var(X | X > VaR) + 0.95 (CVaR - VaR)^2] / (0.05 n).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.streams import generator
from sim.study.statistics import quantile, tail_mean

Array = NDArray[np.float64]
RUNS = 200_000

CASES: dict[str, tuple[Callable[[Array], Array], float]] = {
    "exponential": (lambda u: -14.0 * np.log1p(-u), 55.940251829755873908),
    "normal": (lambda u: 100.0 + 20.0 * ndtri(u), 141.25425615014852039),
    "lognormal": (lambda u: np.exp(2.0 + 0.8 * ndtri(u)), 40.518778898119989443),
    "uniform": (lambda u: u, 0.975),
}


@pytest.mark.parametrize("law", CASES)
def test_the_tail_mean_of_a_sample_is_the_cvar_of_its_law(law: str) -> None:
    """|z| <= 4 over 200,000 draws: sees an error of 2.0 % (lognormal), 1.1 % (exponential), 0.2 %, 0.02 %."""
    inverse, expected = CASES[law]
    sample: Array = inverse(generator(1, f"cvar of {law}").random(RUNS))
    ordered = np.sort(sample)
    edge = quantile(ordered, 0.95)
    tail = ordered[ordered > edge]
    error = math.sqrt((tail.var(ddof=1) + 0.95 * (tail.mean() - edge) ** 2) / (0.05 * RUNS))
    assert abs(tail_mean(sample) - expected) <= 4.0 * error


def test_the_value_at_risk_of_the_exponential() -> None:
    """|z| <= 4 with SE = sqrt(0.95 0.05 / n) / f(VaR): sees an error of 0.7 %."""
    sample: Array = -14.0 * np.log1p(-generator(1, "value at risk").random(RUNS))
    error = math.sqrt(0.95 * 0.05 / RUNS) / (0.05 / 14.0)
    assert abs(quantile(np.sort(sample), 0.95) - 41.940251829755873908) <= 4.0 * error


@pytest.mark.parametrize("law", CASES)
def test_on_a_fine_even_grid_it_is_exact_up_to_the_grid(law: str) -> None:
    """Midpoints of a million equal slices of probability: the error is that of the last slices, < 3e-5."""
    inverse, expected = CASES[law]
    sample = inverse((np.arange(1_000_000) + 0.5) / 1_000_000)
    assert tail_mean(sample) == pytest.approx(expected, rel=3e-5)


@pytest.mark.parametrize("runs", [1, 2, 19, 20, 21, 40, 57, 1000])
def test_it_is_the_minimum_of_the_rockafellar_uryasev_function(runs: int) -> None:
    """Exact for any number of runs: the function is piecewise linear and bends at the sample itself."""
    sample = generator(1, "any number of runs", runs).random(runs)
    lowest = min(c + float(np.maximum(sample - c, 0.0).mean()) / 0.05 for c in sample)
    assert tail_mean(sample) == pytest.approx(lowest, rel=1e-12)


def test_where_less_is_worse_the_tail_is_the_other_one() -> None:
    sample = generator(1, "either tail").random(1000)
    assert tail_mean(sample, worse="low") == pytest.approx(-tail_mean(-sample), rel=1e-12)
    assert tail_mean(sample, worse="low") == pytest.approx(float(np.sort(sample)[:50].mean()), rel=1e-12)


def test_a_run_that_the_horizon_cut_makes_its_tail_infinite() -> None:
    assert math.isinf(tail_mean(np.append(np.zeros(999), np.inf)))
