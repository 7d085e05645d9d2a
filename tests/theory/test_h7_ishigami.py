"""Sobol indices of the Ishigami function, which has an input that acts only together with another.

Statement. For sin x1 + a sin^2 x2 + b x3^4 sin x1 with a = 7, b = 0.1 and x uniform on (-pi, pi):
V1 = (1 + b pi^4 / 5)^2 / 2, V2 = a^2 / 8, V13 = 8 b^2 pi^8 / 225, all others 0.

Source. Ishigami and Homma 1990, "An importance quantification technique in uncertainty analysis for computer
models", Proceedings of ISUMA '90, 398-403, doi 10.1109/ISUMA.1990.151285.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.study.sensitivity import Index, sobol_indices
from sim.study.sensitivity.design import Design, sobol_points
from sim.study.statistics import Array

FIRST = (0.31390519114781145221, 0.4424111447900408148, 0.0)
TOTAL = (0.5575888552099591852, 0.4424111447900408148, 0.24368366406214773298)


def ishigami(points: Array) -> Array:
    """Of uniforms in [0, 1). Shape (rows, 3) to (rows,)."""
    x = math.pi * (2.0 * points - 1.0)
    value = np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return np.asarray(value, dtype=np.float64)


def mixed(design: Design) -> Array:
    return np.array([ishigami(np.where(np.arange(3) == i, design.b, design.a)) for i in range(3)])


def indices(seed: int, rows: int = 4096) -> list[Index]:
    design = sobol_points(3, seed, rows)
    return sobol_indices(ishigami(design.a), ishigami(design.b), mixed(design), seed, resamples=500)


def test_the_closed_form_is_that_of_the_statement() -> None:
    v1, v2 = (1 + 0.1 * math.pi**4 / 5) ** 2 / 2, 49 / 8
    v13 = 8 * 0.01 * math.pi**8 / 225
    v = v1 + v2 + v13
    assert (v1 / v, v2 / v) == pytest.approx(FIRST[:2], rel=1e-12)
    assert ((v1 + v13) / v, v2 / v, v13 / v) == pytest.approx(TOTAL, rel=1e-12)


def test_the_estimators_meet_the_closed_form() -> None:
    """Mean of 16 independent scramblings, |t| <= 4: sees an error of 0.01 in any index."""
    found = [indices(seed) for seed in range(16)]
    for i in range(3):
        for values, expected in (
            (np.array([each[i].first.value for each in found]), FIRST[i]),
            (np.array([each[i].total.value for each in found]), TOTAL[i]),
        ):
            error = float(values.std(ddof=1)) / math.sqrt(len(values))
            assert abs(values.mean() - expected) <= 4.0 * error
            assert 4.0 * error <= 0.01


def test_the_intervals_hold_the_truth_and_are_not_for_ever_wide() -> None:
    """Of 16 x 6 intervals of 95 %, at least 85: three standard deviations below the 91 expected."""
    held, widths = 0, []
    for seed in range(16):
        for index, first, total in zip(indices(seed, 1024), FIRST, TOTAL, strict=True):
            held += (index.first.low <= first <= index.first.high) + (
                index.total.low <= total <= index.total.high
            )
            widths += [index.first.high - index.first.low, index.total.high - index.total.low]
    assert held >= 85
    assert max(widths) <= 0.3


def test_they_are_those_of_scipy_on_the_same_points() -> None:
    """Both use Saltelli's and Jansen's estimators; scipy is given the values."""
    design = sobol_points(3, 5, 1024)
    a, b, both = ishigami(design.a), ishigami(design.b), mixed(design)
    theirs = stats.sobol_indices(
        func={"f_A": a[None, :], "f_B": b[None, :], "f_AB": both[:, None, :]}, n=1024
    )
    ours = sobol_indices(a, b, both, 5, resamples=10)
    assert [each.first.value for each in ours] == pytest.approx(np.ravel(theirs.first_order), abs=1e-9)
    assert [each.total.value for each in ours] == pytest.approx(np.ravel(theirs.total_order), abs=1e-9)
