"""The error of the steps falls as the theory of the splitting says it does."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sim.demand.stepping.conditions import conditions
from sim.demand.stepping.mesh import halved
from sim.demand.stepping.solve import expected, solve
from sim.demand.stepping.state import Columns
from tests.unit.stepping_cases import crowd, days, outages, users

SAID = {
    "alone": "",
    "friends of those who wait": "friends: {waiting: 6 % per day}",
    "friends of the active": "friends: {active: 3 % per day}",
    "friends of those away": "friends: {returning: 60 %}",
    "rivals that are tried": "rivals: {big: {pull: 2 % per day, tries: 5 % per day, stickiness: 40 %}}",
    "rivals that grow": "rivals: {big: {users: 500000, pull: 2 % per day, grows: 0.5, tries: 5 % per day}}",
    "newcomers": "newcomers: {churn: 5 % per day, settle_over: 10 d, leaving: 2, at_start: 20 %}",
}
BASE = """join_by: install
joins: 3000 per day
churn: 0.5 % per day
gives_up: 1 % per day
uninstalls: 30 %
patience: {law: weibull, shape: 1.5, scale: 30 d}
returns: {rate: 4 % per day, fades_over: 30 d, on_reopening: 20 %}
"""
SEGMENTS = """  segments:
    app: {share: 60 %, app_decay: 1 % per day, moves: {to: web, share: 40 %}}
    web: {share: 40 %, join_by: none, uninstalls: 0 %, returns: {rate: 3 % per day}}
"""


def ends(name: str, levels: int) -> list[np.ndarray]:
    """What is recorded at the ends of the strides, with 1, 2, 4 ... steps each; shares of everyone."""
    scenario = users(BASE + SAID[name], segments=SEGMENTS)
    people = crowd(scenario, days(scenario, outages((10, 30)), outages((5, 15), (50, 70))))
    mesh = people.mesh
    found = []
    for k in range(levels):
        given = conditions(people, mesh, 1)
        found.append(expected(people, given).records[2**k - 1 :: 2**k, 1] / 1e6)
        mesh = halved(mesh)
    return found


COUPLED = {"friends of those who wait", "friends of the active", "rivals that grow"}
"""Where leavers change the hazard of leaving; half a step of that is solved by an explicit midpoint."""


@pytest.mark.parametrize("name", SAID)
def test_error_falls_by_four_with_half_the_step_and_by_sixteen_when_extrapolated(name: str) -> None:
    """Ratios of successive differences: 4 of the plain walk (5 %), 16 of what is left after extrapolation.

    With a ratio of 2, one part of the list of moves would be right to first order only. An explicit midpoint
    is not the same read backwards, so what is left may fall by 8 only where users act on each other at once.
    """
    walks = ends(name, 5)
    plain = [float(np.abs(b - a).max()) for a, b in pairwise(walks)]
    better = [b + (b - a) / 3.0 for a, b in pairwise(walks)]
    left = [float(np.abs(b - a).max()) for a, b in pairwise(better)]
    assert plain[2] / plain[3] == pytest.approx(4.0, rel=0.05)
    assert (6.0 if name in COUPLED else 12.0) < left[0] / left[1] < 20.0
    assert plain[0] > 1e-5


def test_rows_above_the_tolerance_are_done_again_with_half_the_stride() -> None:
    scenario = users("friends: {waiting: 50 % per day}\npatience: {mean: 20 d}")
    people = crowd(scenario, days(scenario, outages((10, 30))))
    loose, tight = solve(people, 1e-4)[0], solve(people, 1e-7)[0]
    columns = Columns.of(people)
    assert len(tight.given.up) > len(loose.given.up)
    assert float(tight.error.max()) <= 1e-7
    gap = loose.records[-1, 4, columns.here] - tight.records[-1, 4, columns.here]
    assert np.abs(gap).max() < 1e-4 * 1e6
