"""From timelines to what users do who act on each other: the entry of the stepping engine.

In: what `sim.demand.simulate_demand` is given. Out: a `History`. Expected users are looked at wherever one
likes; sampled ones are whole at the report times, which are edges of their mesh.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.demand.history import STATES, History
from sim.demand.simulate import report_times
from sim.demand.stepping.crowd import Crowd
from sim.demand.stepping.curves import Curves
from sim.demand.stepping.solve import solve
from sim.scenario import Inputs, Scenario
from sim.supply.timeline import Timeline

Array = NDArray[np.float64]

_MESH = 24.0
_BEFORE = 1e-9
"""How long before an instant of change "just before it" is, as a share of the horizon."""


def simulate(
    scenario: Scenario,
    timelines: Sequence[Timeline],
    inputs: Inputs,
    times: Array,
    *,
    sampled: bool = False,
) -> History:
    """Expected (or sampled) users by state at `times`, hours from 0 to the horizon.

    Parameters
    ----------
    timelines
        One a replication of the block `inputs` was made for, in order.
    """
    crowd = Crowd.of(scenario, timelines, inputs)
    if sampled:
        from sim.demand.stepping.sampled import sample

        return sample(crowd, inputs, times)
    return expected(crowd, times)


def expected(crowd: Crowd, times: Array) -> History:
    """Expected users of a crowd."""
    groups = [Curves.of(solved) for solved in solve(crowd)]
    rows = crowd.start.shape[1]
    edges = crowd.edges
    moments = np.concatenate([edges, np.maximum(edges - _BEFORE * crowd.horizon, 0.0)], axis=1)
    daily = report_times(crowd.horizon, _MESH)
    reports = _Look.at(crowd, groups, np.broadcast_to(times, (rows, times.size)))
    by_day = reports
    if not np.array_equal(times, daily):
        by_day = _Look.at(crowd, groups, np.broadcast_to(daily, (rows, daily.size)))
    changes = _Look.at(crowd, groups, np.sort(moments, axis=1))
    grid, on_grid = _merged(by_day, changes)
    served, flows = _whole(crowd, groups)
    end = {state: values[:, :, -1].copy() for state, values in reports.states.items()}
    flows["churned"] = end["gone"] - flows["gave_up"]
    look = partial(_Look.at, crowd, groups)
    return History(
        segments=crowd.names,
        times=times,
        states=reports.states,
        end=end,
        start=crowd.start.T.copy(),
        joined=reports.joined[:, :, -1].copy(),
        served_hours=served,
        grid=grid,
        on_grid=on_grid,
        active_at=lambda hours: look(_wide(hours, rows)).states["active"].sum(axis=1),
        given_up_at=lambda hours: _given_up(look(_wide(hours, rows))),
        places=crowd.places,
        at_place=reports.at_place if len(crowd.places) > 1 else None,
        door=reports.door,
        beside=reports.beside,
        moved=None if reports.moved is None else reports.moved[:, :, -1].copy(),
        flows=flows,
    )


def _merged(one: _Look, other: _Look) -> tuple[Array, dict[str, Array]]:
    """The times of two looks in order, and users by state then, all segments together."""
    grid = np.concatenate([one.times, other.times], axis=1)
    order = np.argsort(grid, axis=1, kind="stable")
    totals = {
        state: np.concatenate([one.states[state].sum(axis=1), other.states[state].sum(axis=1)], axis=1)
        for state in STATES
    }
    if one.door is not None and other.door is not None:
        totals["door"] = np.concatenate([one.door, other.door], axis=1)
    on_grid = {name: np.take_along_axis(total, order, axis=1) for name, total in totals.items()}
    return np.take_along_axis(grid, order, axis=1), on_grid


def _wide(hours: Array, rows: int) -> Array:
    return np.broadcast_to(hours, (rows, hours.shape[-1]))


def _given_up(seen: _Look) -> Array:
    return np.asarray((seen.states["away"] + seen.states["gone"]).sum(axis=1))


def _whole(crowd: Crowd, groups: Sequence[Curves]) -> tuple[Array, dict[str, Array]]:
    """User-hours served and gross flows of all rows, (rows, segments)."""
    shape = crowd.start.T.shape
    served = np.empty(shape)
    flows = {name: np.empty(shape) for name in groups[0].solved.flows}
    if crowd.door is not None:
        flows["door_hours"] = np.empty(shape)
    for group in groups:
        index = group.solved.index
        served[index] = group.served_hours()
        if crowd.door is not None:
            flows["door_hours"][index] = group.door_hours()
        for name, flow in group.solved.flows.items():
            flows[name][index] = flow.T
    return served, flows


class _Look:
    """Users by state at times (rows, n): each of shape (rows, segments, n)."""

    def __init__(self, crowd: Crowd, groups: Sequence[Curves], times: Array) -> None:
        rows, n = times.shape
        segments, places = len(crowd.names), len(crowd.places)
        columns = groups[0].columns
        self.times = times
        self.states = {state: np.empty((rows, segments, n)) for state in STATES}
        self.joined = np.empty((rows, segments, n))
        self.at_place = np.empty((rows, segments, places, n))
        self.door = None if crowd.door is None else np.empty((rows, n))
        besides = columns.beside.stop - columns.beside.start
        self.beside = np.zeros((rows, places - 1, n)) if besides else None
        self.moved = np.empty((rows, segments, n)) if columns.moved.stop > columns.moved.start else None
        for group in groups:
            index = group.solved.index
            self._fill(crowd, group, slice(None) if len(index) == rows else index, times[index])

    @classmethod
    def at(cls, crowd: Crowd, groups: Sequence[Curves], times: Array) -> _Look:
        """What is seen then."""
        return cls(crowd, groups, times)

    def _fill(self, crowd: Crowd, group: Curves, index: NDArray[np.int64] | slice, times: Array) -> None:
        columns, values = group.columns, group.at(times)
        segments = len(crowd.names)
        shape = (-1, segments, *times.shape)
        here = values[columns.here].reshape(shape).sum(axis=0)
        places = values[columns.places].reshape(shape)
        up = group.up(times)
        active, waiting = np.where(up, here, 0.0), np.where(up, 0.0, here)
        joined, gone = values[columns.joined], values[columns.size :]
        if self.door is not None:
            door = values[columns.door]
            waiting = waiting + door
            self.door[index] = door.sum(axis=0)
        if self.moved is not None:
            self.moved[index] = values[columns.moved].transpose(1, 0, 2)
        if self.beside is not None:
            for rival, value in zip(crowd.tried, values[columns.beside], strict=True):
                self.beside[index, rival] = value
        away = places.sum(axis=0)
        for state, value in zip(STATES, (active, waiting, away, gone), strict=True):
            self.states[state][index] = value.transpose(1, 0, 2)
        self.joined[index] = joined.transpose(1, 0, 2)
        self.at_place[index] = places.transpose(2, 1, 0, 3)
