"""The interval for the difference of two means whose variances differ.

Statement. With s_i^2 the variances and n_i the sizes of independent samples, the difference of the means is
within t sqrt(s_1^2/n_1 + s_2^2/n_2), t at Satterthwaite's degrees of freedom
(s_1^2/n_1 + s_2^2/n_2)^2 / ((s_1^2/n_1)^2/(n_1 - 1) + (s_2^2/n_2)^2/(n_2 - 1)).

Source. Welch 1947, Biometrika 34, 28-35, doi 10.1093/biomet/34.1-2.28.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri, stdtrit

from sim.streams import generator
from sim.study.apart import welch


def test_it_is_the_formula() -> None:
    first, second = np.array([3.0, 5.0, 4.0, 9.0, 1.0]), np.array([30.0, 2.0, 17.0])
    parts = [float(sample.var(ddof=1)) / len(sample) for sample in (first, second)]
    degrees = sum(parts) ** 2 / (parts[0] ** 2 / 4 + parts[1] ** 2 / 2)
    half = float(stdtrit(degrees, 0.975)) * math.sqrt(sum(parts))
    found = welch(first, second)
    gap = float(first.mean() - second.mean())
    assert (found.value, found.low, found.high) == pytest.approx((gap, gap - half, gap + half), rel=1e-12)


def test_two_constants_differ_by_exactly_that_and_single_runs_by_nobody_knows_what() -> None:
    same = welch(np.full(4, 2.0), np.full(9, 5.0))
    assert (same.value, same.low, same.high) == (-3.0, -3.0, -3.0)
    one = welch(np.array([1.0]), np.array([4.0, 5.0]))
    assert (one.low, one.high) == (-math.inf, math.inf)


def test_the_interval_holds_the_difference_as_often_as_it_says() -> None:
    """1,000 studies of 12 and 40 normal values, one three times as wide: z <= 4 sees a coverage of 92.2 %."""
    studies = 1_000
    normal = ndtri(generator(5, "welch").random((studies, 52)))
    held = 0
    for sample in normal:
        found = welch(2.0 + 3.0 * sample[:12], sample[12:])
        held += found.low <= 2.0 <= found.high
    assert abs(held / studies - 0.95) <= 4.0 * math.sqrt(0.95 * 0.05 / studies)
