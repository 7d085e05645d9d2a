"""Whole sampled numbers of users, by the same moves as expected ones, each user moving by chance.

In: a crowd. Out: a `History`. One generator a block. There are eight steps a stride, twice as many as in the
finest walk of expected users, and shorter ones where users are reported. Nothing is extrapolated here: the
error of the mean that is left falls with the square of the step and is some 1e-5 of everyone, as much as
chance does to a count among two thousand million people.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.demand.climate import merged
from sim.demand.history import STATES, History
from sim.demand.sampled import whole
from sim.demand.stepping.absent_sampled import AbsentSampled
from sim.demand.stepping.conditions import Conditions, conditions
from sim.demand.stepping.counting import Sampled
from sim.demand.stepping.crowd import Crowd
from sim.demand.stepping.mesh import halved
from sim.demand.stepping.state import Columns
from sim.demand.stepping.walk import Walked, walk
from sim.scenario import Inputs
from sim.streams import generator

Array = NDArray[np.float64]


def sample(crowd: Crowd, inputs: Inputs, times: Array) -> History:
    """Sampled counts of every segment and replication of a block."""
    rng = generator(inputs.draws.seed, "users / steps", inputs.draws.block)
    counting = Sampled(rng)
    rows = crowd.start.shape[1]
    fine = halved(halved(halved(crowd.mesh)))
    mesh = merged([fine, np.broadcast_to(times, (rows, times.size))], crowd.horizon)
    given = conditions(crowd, mesh, 1)
    start = whole(crowd.start.T).T
    here = np.zeros((*crowd.marks, *start.shape))
    here[0, 0] = start
    if len(here) > 1:
        here[1, 0] = counting.take(start, crowd.unsettled)
        here[0, 0] -= here[1, 0]
    walked = walk(crowd, given, here, AbsentSampled(crowd, counting, rng), counting)
    seen, up = _reports(mesh, times, walked, given, crowd.horizon)
    return _history(crowd, mesh, times, walked, given, seen, up, start)


def _reports(
    mesh: Array, times: Array, walked: Walked, given: Conditions, horizon: float
) -> tuple[Array, NDArray[np.bool_]]:
    """Records at the report times, (rows, times, quantities), and whether the service is up."""
    last = (mesh[:, :-1] < mesh[:, -1:]).sum(axis=1) - 1
    place = np.stack([np.searchsorted(row, times + 1e-9 * horizon, side="right") - 1 for row in mesh])
    at_end = place > last[:, None]
    place = np.minimum(place, last[:, None])
    row = np.arange(len(mesh))[:, None]
    return walked.records[place, np.where(at_end, 1, 0), :, row], given.up[place, :, row]


def _states(crowd: Crowd, seen: Array, up: NDArray[np.bool_], start: Array) -> dict[str, Array]:
    """Users by state at the report times, (rows, segments, times)."""
    columns, shape = Columns.of(crowd), (*seen.shape[:2], -1, len(crowd.names))
    present = seen[..., columns.here].reshape(shape).sum(axis=2)
    active, waiting = np.where(up, present, 0.0), np.where(up, 0.0, present)
    if crowd.door is not None:
        waiting = waiting + seen[..., columns.door]
    away = seen[..., columns.places].reshape(shape).sum(axis=2)
    gone = start.T[:, None] + seen[..., columns.joined] - active - waiting - away
    if max(crowd.to) >= 0:
        gone = gone + seen[..., columns.moved]
    return {
        state: np.ascontiguousarray(value.transpose(0, 2, 1))
        for state, value in zip(STATES, (active, waiting, away, gone), strict=True)
    }


def _served(crowd: Crowd, mesh: Array, walked: Walked, given: Conditions) -> Array:
    """Integral of active users x capacity, (rows, segments)."""
    here = Columns.of(crowd).here
    hours = 0.5 * (walked.records[:, 0, here] + walked.records[:, 1, here])
    hours = hours.reshape(len(mesh[0]) - 1, crowd.marks[0], len(crowd.names), len(mesh)).sum(axis=1)
    hours = hours * np.where(given.up, 0.5 * (given.capacity + given.capacity_end), 0.0)
    return np.asarray((hours * np.diff(mesh, axis=1).T[:, None]).sum(axis=0).T)


def _history(
    crowd: Crowd,
    mesh: Array,
    times: Array,
    walked: Walked,
    given: Conditions,
    seen: Array,
    up: NDArray[np.bool_],
    start: Array,
) -> History:
    """Everything that is said of them."""
    columns, rows = Columns.of(crowd), len(mesh)
    states = _states(crowd, seen, up, start)
    places = seen[..., columns.places].reshape(rows, times.size, -1, len(crowd.names))
    door = seen[..., columns.door] if crowd.door is not None else None
    moved = seen[..., columns.moved] if max(crowd.to) >= 0 else None
    joined = seen[..., columns.joined]
    end = {state: values[:, :, -1] for state, values in states.items()}
    totals = {state: values.sum(axis=1) for state, values in states.items()}
    flows = {name: flow.T.copy() for name, flow in walked.flows.items()}
    flows["churned"] = end["gone"] - flows["gave_up"]
    if crowd.door is not None:
        standing = 0.5 * (walked.records[:, 0, columns.door] + walked.records[:, 1, columns.door])
        flows["door_hours"] = (standing * np.diff(mesh, axis=1).T[:, None]).sum(axis=0).T
    beside = None
    if crowd.tried:
        beside = np.zeros((rows, len(crowd.places) - 1, times.size))
        beside[:, list(crowd.tried)] = seen[..., columns.beside].transpose(0, 2, 1)
    return History(
        segments=crowd.names, times=times, states=states, end=end, start=start.T.copy(),
        joined=joined[:, -1], served_hours=_served(crowd, mesh, walked, given),
        grid=np.broadcast_to(times, (rows, times.size)).copy(), on_grid=totals,
        active_at=partial(_between, times, totals["active"]),
        given_up_at=partial(_between, times, totals["away"] + totals["gone"]),
        places=crowd.places,
        at_place=places.transpose(0, 3, 2, 1).copy() if len(crowd.places) > 1 else None,
        door=None if door is None else door.sum(axis=2),
        beside=beside,
        moved=None if moved is None else moved[:, -1].copy(),
        flows=flows,
    )  # fmt: skip


def _between(times: Array, counts: Array, when: Array) -> Array:
    rows = np.broadcast_to(when, (len(counts), when.shape[-1]))
    return np.stack([np.interp(row, times, total) for row, total in zip(rows, counts, strict=True)])
