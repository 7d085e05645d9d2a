"""A check of the numbers of users by bounds that are made another way; for one block of runs.

In: a scenario. Out: for each segment how many of the runs lie within their bounds, and how wide those are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.streams import BLOCK, Draws

if TYPE_CHECKING:
    from sim.scenario import Scenario

SLACK = 1e-9
"""Rounding that is let pass, as a share of the users at the start."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """One segment: runs within their bounds, of how many; the widest bounds, as a share of its users.

    ``why_not`` says why there are no bounds, in which case the other fields are 0.
    """

    segment: str
    within: int = 0
    runs: int = 0
    widest: float = 0.0
    why_not: str = ""


def self_check(scenario: Scenario, block: int = 0) -> list[Bounded]:
    """Bounds on those away at the horizon, for every segment and run: `sim.demand.brackets`."""
    from sim.demand.brackets import applies, bracket
    from sim.demand.resolution import steps_needed
    from sim.demand.simulate import courses_of
    from sim.scenario import Inputs
    from sim.supply import simulate_supply

    names = tuple(scenario.users.segments)
    if steps_needed(scenario):
        why = "its users act on each other, or hazards change with time"
        return [Bounded(name, why_not=why) for name in names]
    inputs = Inputs(scenario, Draws(scenario.seed, block))
    courses = courses_of(scenario, simulate_supply(scenario, inputs, range(BLOCK)), inputs)
    found = []
    for name, course in zip(names, courses, strict=True):
        if not applies(course):
            why = "its hazard of return never falls, or its users give up or lose the app"
            found.append(Bounded(name, why_not=why))
            continue
        start = float(course.traits.start.max())
        bounds = bracket(course, scenario.clock.horizon)
        wrong = bounds.outside(SLACK * start).size
        widest = float(np.max(bounds.most - bounds.least)) / start if start > 0.0 else 0.0
        found.append(Bounded(name, BLOCK - wrong, BLOCK, widest))
    return found
