"""What the users did: the result of `sim.demand`, all replications of a block at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STATES = ("active", "waiting", "away", "gone")
"""A user is active; waits (wants it, it is down); is away (left, can be won back); or gone for good."""


@dataclass(frozen=True, slots=True)
class History:
    """Users by state over time.

    ``R`` replications, ``S`` segments, ``T`` report times. Numbers are expected ones, or whole sampled ones.

    Attributes
    ----------
    segments
        Names, in file order.
    times
        Report times, hours from 0 to the horizon inclusive. Shape (T,).
    states
        Users by state at the report times, right after what happens then. Each of shape (R, S, T).
    end
        Users by state at the horizon. Each of shape (R, S).
    start, joined
        Users at the start, and newcomers by the horizon. Shape (R, S).
    served_hours
        Integral of active users x capacity of what serves them, user-hours. Shape (R, S).
    grid
        Hours at which what follows is looked at, the same whatever the report times: daily, and every
        instant at which something changes for a segment, and just before it. Shape (R, G), ascending;
        short rows repeat the horizon.
    on_grid
        Users by state on the grid, all segments together; with ``door``, those who stand at the door, where
        expected numbers are followed in steps. Each of shape (R, G).
    active_at
        Active users of all segments at given hours, (R, m) -> (R, m); interpolates when counts are sampled.
    given_up_at
        Users away or gone, likewise.
    places
        Where those away can be: "elsewhere", then the rivals in file order.
    at_place
        Those away by place at the report times, (R, S, P, T); None where only one place is known.
    door
        People who stand at the door, a part of those who wait, (R, T); None where there is no door.
    beside
        Present users who use each rival beside this network, (R, P - 1, T); None where nobody can.
    moved
        Users who moved in from other segments, less those who moved out, by the horizon, (R, S); None where
        nobody can move.
    flows
        Gross flows by the horizon, each of shape (R, S), by name: ``left.<place>``, ``tried.<rival>``,
        ``returned``, ``abandoned``, ``moved_in``, ``moved_out``, ``churned``, ``gave_up``; and
        ``door_hours``, the user-hours spent at the door. Empty in the closed form, where users who leave and
        return within a phase are not counted one by one.
    """

    segments: tuple[str, ...]
    times: Array
    states: Mapping[str, Array]
    end: Mapping[str, Array]
    start: Array
    joined: Array
    served_hours: Array
    grid: Array
    on_grid: Mapping[str, Array]
    active_at: Callable[[Array], Array]
    given_up_at: Callable[[Array], Array]
    places: tuple[str, ...] = ("elsewhere",)
    at_place: Array | None = None
    door: Array | None = None
    beside: Array | None = None
    moved: Array | None = None
    flows: Mapping[str, Array] = field(default_factory=dict)
