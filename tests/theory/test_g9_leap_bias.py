"""G9: what it costs to freeze the contagion of G7 over a step; and that these steps do not pay it.

x += (1 - x)(1 - exp(-h (a + b x))): hazards of the beginning of the step (Euler) err by O(h), those of its
middle by O(h**2). With a step of a day Euler loses 2 points of everyone: 296,000 of 15 million people.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.demand.stepping.conditions import conditions
from sim.demand.stepping.solve import expected, solve
from sim.demand.stepping.state import Columns
from tests.theory.test_g7_contagious_leaving import DAYS, SAID, A, B, fluid
from tests.unit.stepping_cases import DAY, START, crowd, days, outages, users


def frozen(h: float, *, middle: bool) -> float:
    """The share that has left after 35 days, by steps of h days with a hazard that is constant in each."""
    x = 0.0
    for _ in range(round(DAYS / h)):
        at = x + (1.0 - x) * -math.expm1(-(A + B * x) * h / 2) if middle else x
        x += (1.0 - x) * -math.expm1(-(A + B * at) * h)
    return x


def test_frozen_hazards_are_as_wrong_as_published() -> None:
    assert frozen(1.0, middle=False) == pytest.approx(0.78726453677842060068, rel=1e-12)
    assert frozen(0.5, middle=False) == pytest.approx(0.79723359884669036252, rel=1e-12)
    assert frozen(0.1, middle=False) == pytest.approx(0.80505957574124594811, rel=1e-12)
    assert frozen(1.0, middle=True) == pytest.approx(0.80660239064102729711, rel=1e-12)


def walked(step: float) -> float:
    """The same by the list of moves, on a plain mesh, without extrapolation."""
    scenario = users(SAID, horizon=DAYS, every=35)
    people = crowd(scenario, days(scenario, outages((0, 40))))
    mesh = np.linspace(0.0, DAYS * DAY, round(DAYS / step) + 1)[None]
    records = expected(people, conditions(people, mesh, 1)).records
    return float(records[-1, 1, Columns.of(people).places].sum()) / START


def test_steps_of_a_day_are_closer_than_the_midpoint_and_a_hundred_times_as_close_as_euler() -> None:
    """Leaving is taken in halves, each with a midpoint of its own: a fourth of the midpoint's error."""
    error = abs(walked(1.0) - fluid())
    assert error < 0.5 * abs(frozen(1.0, middle=True) - fluid())
    assert error < 0.01 * abs(frozen(1.0, middle=False) - fluid())


def test_error_of_the_steps_falls_with_their_square() -> None:
    errors = [walked(step) - fluid() for step in (1.0, 0.5, 0.25)]
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.15)
    assert errors[1] / errors[2] == pytest.approx(4.0, rel=0.1)


def test_what_is_reported_does_not_depend_on_the_tolerance_asked_for() -> None:
    """Meshes from tens to hundreds of steps: all within what was asked for."""
    scenario = users(SAID, horizon=DAYS, every=35)
    people = crowd(scenario, days(scenario, outages((0, 40))))
    places = Columns.of(people).places
    found, sizes = [], []
    asked = (1e-5, 1e-6, 1e-7, 1e-8)
    for tolerance in asked:
        solved = solve(people, tolerance, rounds=8)[0]
        found.append(float(solved.records[-1, 4, places].sum()) / START)
        sizes.append(len(solved.given.up))
    assert all(abs(x - fluid()) <= tolerance for x, tolerance in zip(found, asked, strict=True))
    assert sizes[-1] > sizes[0]
