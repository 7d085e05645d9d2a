"""Elementary effects of functions for which they are known.

Statement. For a linear function every elementary effect is the slope: mu* = |slope|, mu = slope, sigma = 0.
For x1 x2 on the grid the effect of x1 is x2, and for (x - 1/2)^2 the effects over a step of 1/2 are
-1/4 and +1/4, as often the one as the other: mu = 0 but mu* = 1/4, which is why mu* was made.

Source. Morris 1991, Technometrics 33, 161-174, doi 10.1080/00401706.1991.10484804; Campolongo, Cariboni and
Saltelli 2007, Environmental Modelling & Software 22, 1509-1518, doi 10.1016/j.envsoft.2006.10.004.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.study.sensitivity import Effect, elementary_effects
from sim.study.sensitivity.design import LEVELS, STEP, screening_points
from sim.study.statistics import Array

ROWS = 4000


def function(x: Array) -> Array:
    """Slopes 3, -2 and 0; a product; a valley, which goes down as often as up."""
    return np.asarray(3.0 * x[:, 0] - 2.0 * x[:, 1] + x[:, 3] * x[:, 4] + (x[:, 5] - 0.5) ** 2)


@pytest.fixture(scope="module")
def effects() -> list[Effect]:
    design = screening_points(6, 3, ROWS)
    mixed = [np.where(np.arange(6) == i, design.b, design.a) for i in range(6)]
    values = np.array([function(each) for each in mixed])
    return elementary_effects(function(design.a), values, (design.b - design.a).T)


def test_points_are_on_the_grid_and_every_step_stays_on_it() -> None:
    design = screening_points(6, 3, ROWS)
    levels = (np.arange(LEVELS) + 0.5) / LEVELS
    assert set(np.unique(design.a)) == set(np.unique(design.b)) == set(levels)
    assert np.abs(design.b - design.a) == pytest.approx(STEP, rel=1e-12)


def test_the_effect_of_a_straight_input_is_its_slope(effects: list[Effect]) -> None:
    for effect, slope in zip(effects, (3.0, -2.0, 0.0), strict=False):
        assert effect.strength.value == pytest.approx(abs(slope), abs=1e-12)
        assert effect.mean == pytest.approx(slope, abs=1e-12)
        assert effect.spread == pytest.approx(0.0, abs=1e-12)


def test_the_effect_of_a_factor_is_the_other_one(effects: list[Effect]) -> None:
    """Its law is that of the grid: mean 1/2, variance 5/64. |z| <= 4 sees 4 % of the mean."""
    variance = 5.0 / 64.0
    for effect in effects[3:5]:
        assert abs(effect.strength.value - 0.5) <= 4.0 * math.sqrt(variance / ROWS)
        assert effect.spread == pytest.approx(math.sqrt(variance), rel=0.05)


def test_a_valley_is_seen_though_its_effects_cancel(effects: list[Effect]) -> None:
    """From 1/8 to 5/8 and 3/8 to 7/8, and back: effects -1/4 and +1/4, as often the one as the other."""
    assert effects[5].strength.value == pytest.approx(0.25, rel=1e-12)
    assert abs(effects[5].mean) <= 4.0 * 0.25 / math.sqrt(ROWS)
    assert effects[5].spread == pytest.approx(0.25, rel=0.01)


def test_an_input_without_a_direction_has_a_strength_only() -> None:
    design = screening_points(1, 3, 400)
    a, moved = 3.0 * design.a[:, 0], 3.0 * design.b[:, 0]
    (effect,) = elementary_effects(a, moved[None, :], np.full((1, 400), np.nan))
    assert effect.strength.value == pytest.approx(3.0, rel=1e-12)
    assert math.isnan(effect.mean)
    assert math.isnan(effect.spread)
