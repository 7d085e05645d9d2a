"""Sobol indices of a sum of stages, and of the users who survive it.

Statement. With independent exponential stages of mean 2, 1 and 3 and D their sum, each stage's first-order
and total index of D is its share of the variance: 4/14, 1/14, 9/14. For Y = exp(-0.03 D) = product of
exp(-0.03 X_i), with r_i = E[e_i^2] / E[e_i]^2 for e_i = exp(-0.03 X_i): (1 + 0.03 m)^2 / (1 + 0.06 m),
S_i = (r_i - 1) / (R - 1) and T_i = (r_i - 1) R / r_i / (R - 1), R the product of all r.

Source. Sobol 2001, "Global sensitivity indices for nonlinear mathematical models", Mathematics and Computers
in Simulation 55, 271-280, doi 10.1016/S0378-4754(00)00270-6 (definition of both indices); the rest by hand.

The same numbers must come out of a scenario: three tasks after one another whose durations nobody knows, and
users whose patience is exponential. Where a stage is left to chance, chance has its share.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.scenario import ScenarioFile
from sim.study.sensitivity import Index, Sensitivity, run_sensitivity, sobol_indices
from sim.study.sensitivity.design import sobol_points
from sim.study.statistics import Array
from tests.pipeline import written

MEANS = np.array([2.0, 1.0, 3.0])
DECAY = 0.03

DOWN = (0.28571428571428571429, 0.071428571428571428571, 0.64285714285714285714)
FIRST = (0.29331734836642744317, 0.077480054285471400082, 0.62640654057915013287)
TOTAL = (0.29558155052545277354, 0.078262661459703727106, 0.62895355431646928439)

STAGES = """
name: three_stages
title: Three stages after one another
clock: {start: 2025-01-01T00:00Z, horizon: 200 d}
suppliers: {host: {kind: cloud host}}
capabilities: {use: {needs: [host], stable_for: 0 h}}
users:
  start: 1000000
  served_by: use
  churn: 0 per day
  joins: 0 per day
  patience: {law: exponential, mean: 33.333333333333336 d}
  returns: {rate: 0 per day}
events:
  - {suspend: host, at: 2025-01-02T00:00Z}
response:
  detection: 0 h
  replace:
    host:
      tasks:
        one: {takes: 2 d}
        two: {after: [one], takes: 1 d}
        three: {after: [two], takes: 3 d}
unknowns:
"""
TASK = "response.replace.host.tasks"
DAYS = {"one": 2, "two": 1, "three": 3}


def evaluated(points: Array) -> Array:
    """Stages from uniforms. Shape (rows, 3)."""
    return np.asarray(-MEANS * np.log1p(-points))


def indices(survival: bool, seed: int, rows: int = 4096) -> list[Index]:
    design = sobol_points(3, seed, rows)

    def f(points: Array) -> Array:
        days = evaluated(points).sum(axis=1)
        return np.asarray(np.exp(-DECAY * days) if survival else days)

    mixed = [np.where(np.arange(3) == i, design.b, design.a) for i in range(3)]
    values = np.array([f(each) for each in mixed])
    return sobol_indices(f(design.a), f(design.b), values, seed, resamples=500)


def test_the_closed_forms_are_those_of_the_statement() -> None:
    ratios = (1 + DECAY * MEANS) ** 2 / (1 + 2 * DECAY * MEANS)
    whole = float(np.prod(ratios))
    assert (ratios - 1) / (whole - 1) == pytest.approx(FIRST, rel=1e-9)
    assert (ratios - 1) * whole / ratios / (whole - 1) == pytest.approx(TOTAL, rel=1e-9)
    assert MEANS**2 / (MEANS**2).sum() == pytest.approx(DOWN, rel=1e-12)


@pytest.mark.parametrize(("survival", "first", "total"), [(False, DOWN, DOWN), (True, FIRST, TOTAL)])
def test_the_estimators_meet_the_closed_form(
    survival: bool, first: tuple[float, ...], total: tuple[float, ...]
) -> None:
    """Mean of 16 independent scramblings, |t| <= 4: sees an error of 2.5 % of the largest index."""
    found = [indices(survival, seed) for seed in range(16)]
    for i in range(3):
        for values, expected in (
            (np.array([each[i].first.value for each in found]), first[i]),
            (np.array([each[i].total.value for each in found]), total[i]),
        ):
            error = float(values.std(ddof=1)) / math.sqrt(len(values))
            assert abs(values.mean() - expected) <= 4.0 * error
            assert 4.0 * error <= 0.025 * max(first)


def test_the_intervals_hold_the_truth() -> None:
    """Of 16 x 6 intervals of 95 %, at least 85: three standard deviations below the 91 expected."""
    held = sum(
        one.low <= expected <= one.high
        for seed in range(16)
        for index, first, total in zip(indices(True, seed, 512), FIRST, TOTAL, strict=True)
        for one, expected in ((index.first, first), (index.total, total))
    )
    assert held >= 85


def three_stages(unknown: int) -> ScenarioFile:
    """The first stages are unknown, the others drawn: chance."""
    text = STAGES
    for i, (name, days) in enumerate(DAYS.items()):
        law = f"{{mean: {days} d}}"
        if i < unknown:
            text += f"  {TASK}.{name}.takes: {law}\n"
        else:
            text = text.replace(f"takes: {days} d", f"takes: {law}")
    return written(text)


@pytest.fixture(scope="module")
def unknown() -> Sensitivity:
    """All three stages unknown."""
    return run_sensitivity(three_stages(3), measures=["downtime", "users_end"], base=512)


def test_a_scenario_of_unknown_stages_is_the_sum_of_them_to_the_last_digit(unknown: Sensitivity) -> None:
    """Mean and standard deviation of the downtime are those of the very points that were evaluated."""
    seed = unknown.scenario.seed
    design = sobol_points(3, seed, 600)
    hours = 24.0 * evaluated(np.concatenate([design.a[:512], design.b[:512]])).sum(axis=1)
    down, users = unknown.spreads
    assert down.mean == pytest.approx(hours.mean(), rel=1e-9)
    assert down.deviation == pytest.approx(hours.std(ddof=1), rel=1e-9)
    left = 1e6 * np.exp(-hours * DECAY / 24.0)
    assert users.mean == pytest.approx(left.mean(), rel=1e-9)
    assert users.deviation == pytest.approx(left.std(ddof=1), rel=1e-6)


def test_a_scenario_has_the_indices_of_its_formula(unknown: Sensitivity) -> None:
    """Exactly those of the function at the same points, and the closed form inside every interval."""
    for spread, survival, first, total in zip(
        unknown.spreads, (False, True), (DOWN, FIRST), (DOWN, TOTAL), strict=True
    ):
        direct = indices(survival, unknown.scenario.seed, 512)
        for i in range(3):
            index = spread.indices[i]
            assert index.first.value == pytest.approx(direct[i].first.value, rel=1e-6)
            assert index.total.value == pytest.approx(direct[i].total.value, rel=1e-6)
            assert index.first.low <= first[i] <= index.first.high
            assert index.total.low <= total[i] <= index.total.high
        assert spread.indices[3].first.value == 0.0  # nothing is left to chance
        assert spread.indices[3].total.value == 0.0


def test_a_stage_left_to_chance_is_chances_share() -> None:
    """The third stage is drawn; intervals are within 0.2, so a share that is 0 or doubled is seen."""
    found = run_sensitivity(three_stages(2), measures=["downtime"], base=512)
    assert [one.name for one in found.inputs] == [f"{TASK}.one.takes", f"{TASK}.two.takes", "chance"]
    for index, expected in zip(found.spreads[0].indices, DOWN, strict=True):
        for one in (index.first, index.total):
            assert one.low <= expected <= one.high
            assert one.high - one.low <= 0.4


def test_a_group_has_the_share_of_its_members_together() -> None:
    found = run_sensitivity(
        three_stages(3), measures=["downtime"], base=512, groups={"work": [f"{TASK}.one", f"{TASK}.two"]}
    )
    assert [one.name for one in found.inputs] == ["work", f"{TASK}.three.takes", "chance"]
    index = found.spreads[0].indices[0]
    assert index.first.low <= 5 / 14 <= index.first.high
    assert index.total.low <= 5 / 14 <= index.total.high
    assert index.total.low > DOWN[0]  # more than either member alone has
