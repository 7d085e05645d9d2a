"""Looks at a world at the report times: users by state and segment, capacity by capability.

In: a `World`. Out: arrays a quantity, named `<state>.<segment>` and `capability.<name>`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.pieces import Pieces
from sim.study.world import World

STATES = ("active", "waiting", "away", "gone")

CAPABILITY = "capability"

Array = NDArray[np.float64]
Rows = NDArray[np.int64] | slice
"""Places in the block; a slice where it is all of them, which saves a copy."""


def quantities(world: World) -> list[str]:
    """The names of all that is looked at, in a fixed order."""
    users = [f"{state}.{segment}" for state in STATES for segment in world.history.segments]
    return [*users, *(f"{CAPABILITY}.{name}" for name in world.timelines[0].levels)]


def look(world: World, quantity: str, rows: Rows) -> Array:
    """One quantity of some replications. Shape (rows, times)."""
    kind, _, entity = quantity.partition(".")
    history = world.history
    if kind == CAPABILITY:
        timelines = (
            world.timelines[rows] if isinstance(rows, slice) else [world.timelines[row] for row in rows]
        )
        levels = [timeline.levels[entity] for timeline in timelines]
        return Pieces.of(levels, float(history.times[-1])).at(history.times)
    return history.states[kind][rows, history.segments.index(entity), :]


def means(world: World, rows: Rows) -> dict[str, Array]:
    """The mean of every quantity over some replications. Each of shape (times,)."""
    chosen = slice(0, 1) if world.once else rows
    return {quantity: look(world, quantity, chosen).mean(axis=0) for quantity in quantities(world)}
