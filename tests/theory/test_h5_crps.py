"""The continuous ranked probability score of an exponential and of a normal forecast.

Statement. For a forecast F and an observation y it is E|X - y| - E|X - X'| / 2. Exponential of mean 14 at
y = 35: 35 - 14 + 2 x 14 exp(-35/14) - 14 / 2 = 16.298379961469166. Normal (30, 10) at 35, w = 0.5:
10 (w (2 Phi(w) - 1) + 2 phi(w) - 1 / sqrt(pi)) = 3.3140353125485577.

Source. Gneiting and Raftery 2007, JASA 102, 359-378, doi 10.1198/016214506000001437, equations 20 and 21;
Gneiting, Raftery, Westveld and Goldman 2005, Monthly Weather Review 133, 1098-1118, doi 10.1175/MWR2904.1.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri

from sim.streams import generator
from sim.study.scores import crps

EXPONENTIAL, NORMAL = 16.298379961469166265, 3.3140353125485577224


def test_the_closed_forms_are_those_numbers() -> None:
    cdf, density = 0.5 * (1.0 + math.erf(0.5 / math.sqrt(2.0))), math.exp(-0.125) / math.sqrt(2.0 * math.pi)
    normal = 10.0 * (0.5 * (2.0 * cdf - 1.0) + 2.0 * density - 1.0 / math.sqrt(math.pi))
    assert normal == pytest.approx(NORMAL, rel=1e-12)
    assert 35.0 - 14.0 + 28.0 * math.exp(-35.0 / 14.0) - 7.0 == pytest.approx(EXPONENTIAL, rel=1e-12)


def test_runs_of_the_law_score_as_the_law_does_on_average_however_few_they_are() -> None:
    """|z| <= 4 over 4,000 forecasts of 20 runs: sees an error of 0.2 (exponential) and 0.15 (normal)."""
    uniforms = generator(1, "crps").random((4000, 20))
    for values, observed, expected in (
        (-14.0 * np.log1p(-uniforms), 35.0, EXPONENTIAL),
        (30.0 + 10.0 * ndtri(uniforms), 35.0, NORMAL),
    ):
        scores = np.array([crps(row, observed) for row in values])
        assert abs(scores.mean() - expected) <= 4.0 * scores.std(ddof=1) / math.sqrt(len(scores))


def test_it_is_the_mean_over_all_pairs() -> None:
    values = generator(1, "pairs of forecasts").random(30)
    apart = np.abs(values[:, None] - values[None, :]).sum() / (30 * 29)
    assert crps(values, 0.4) == pytest.approx(np.abs(values - 0.4).mean() - 0.5 * apart, rel=1e-12)


def test_a_sure_forecast_scores_its_absolute_error() -> None:
    assert crps(np.array([3.0]), 5.0) == 2.0
    assert crps(np.full(7, 3.0), 5.0) == 2.0
