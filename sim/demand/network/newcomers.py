"""Those who join: people without ties, counted beside the individuals.

In: a scenario, timelines and inputs. Out: the `History` of newcomers alone, in expected numbers, from the
stepping engine with next to nobody at the start and without friends. Nobody knows whom they befriend.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.demand import stepping
from sim.demand.history import History
from sim.scenario import Inputs, Scenario
from sim.scenario.crowd import Friends
from sim.supply.timeline import Timeline

Array = NDArray[np.float64]

_NEXT_TO_NOBODY = 1e-9
"""Users at the start, who cannot be none in the equations: a millionth of a thousandth of one."""


def newcomers_of(
    scenario: Scenario, timelines: Sequence[Timeline], inputs: Inputs, times: Array
) -> History | None:
    """What newcomers do; None where nobody joins."""
    if not np.any(inputs.number("users.joins")):
        return None
    alone = _alone(scenario)
    return stepping.simulate(alone, timelines, Inputs(alone, inputs.draws), times)


def _alone(scenario: Scenario) -> Scenario:
    """The scenario with next to nobody at the start, and nobody whom the others' leaving concerns."""
    users = scenario.users
    segments = {name: one.model_copy(update={"friends": Friends()}) for name, one in users.segments.items()}
    update = {"segments": segments, "friends": Friends(), "start": _NEXT_TO_NOBODY}
    unknowns = {
        path: law
        for path, law in scenario.unknowns.items()
        if path != "users.start" and ".friends" not in path
    }
    return scenario.model_copy(update={"users": users.model_copy(update=update), "unknowns": unknowns})
