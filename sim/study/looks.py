"""Looks at a world at the report times: users by state and segment, capacity by capability.

In: a `World`. Out: arrays a quantity, named `<state>.<segment>` and `capability.<name>`; and, where the
scenario has them, `place.<place>` (those away there), `beside.<rival>` (those who use it beside this network)
and `door.queue` (those who stand at the door), all segments together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.pieces import Pieces
from sim.study.world import World

STATES = ("active", "waiting", "away", "gone")

CAPABILITY = "capability"
PLACE, BESIDE, DOOR = "place", "beside", "door.queue"

Array = NDArray[np.float64]
Rows = NDArray[np.int64] | slice
"""Places in the block; a slice where it is all of them, which saves a copy."""


def quantities(world: World) -> list[str]:
    """The names of all that is looked at, in a fixed order."""
    history = world.history
    users = [f"{state}.{segment}" for state in STATES for segment in history.segments]
    if history.at_place is not None:
        users += [f"{PLACE}.{place}" for place in history.places]
    if history.beside is not None:
        users += [f"{BESIDE}.{rival}" for rival in history.places[1:]]
    if history.door is not None:
        users.append(DOOR)
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
    if kind == PLACE and history.at_place is not None:
        return np.asarray(history.at_place[rows, :, history.places.index(entity), :].sum(axis=1))
    if kind == BESIDE and history.beside is not None:
        return history.beside[rows, history.places.index(entity) - 1, :]
    if quantity == DOOR and history.door is not None:
        return history.door[rows]
    return history.states[kind][rows, history.segments.index(entity), :]


def means(world: World, rows: Rows) -> dict[str, Array]:
    """The mean of every quantity over some replications. Each of shape (times,)."""
    chosen = slice(0, 1) if world.once else rows
    return {quantity: look(world, quantity, chosen).mean(axis=0) for quantity in quantities(world)}
