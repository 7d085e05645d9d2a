"""A replication's time cut into phases in which nothing that a segment's users feel changes.

In: the capacity of the capability that serves them and of the one through which they join, and the
instants at which a surge begins. Out: a table with a column a replication; every replication has its own
phases, padded at the end with phases of no length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.supply.timeline import Level, Timeline

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Phases:
    """Phases of one segment. All arrays have shape (phases, replications).

    ``capacity + slope * s`` is the served share ``s`` hours into a phase; ``clock`` is the time on the
    patience clock at its start (hours, meaningful while down).
    """

    start: Array
    length: Array
    up: Flags
    joinable: Flags
    capacity: Array
    slope: Array
    clock: Array
    count: NDArray[np.int64]
    """Phases of non-zero length of each replication, shape (replications,)."""

    def find(self, times: Array) -> NDArray[np.int64]:
        """The phase of each of `times`, hours, (replications, m). The horizon belongs to the last phase."""
        found = np.zeros(times.shape, dtype=np.int64)
        for row in self.start[1:]:
            found += row[:, None] <= times
        return np.minimum(found, self.count[:, None] - 1)


def cut(
    timelines: Sequence[Timeline],
    served_by: str,
    join_by: str | None,
    instants: Sequence[float],
    forgotten_after: Array,
) -> Phases:
    """The phases of one segment in each timeline.

    Parameters
    ----------
    instants
        Hours at which a surge of newcomers begins.
    forgotten_after
        Hours of service after which the next outage starts a new patience clock. Shape (replications,).
    """
    horizon = timelines[0].horizon
    served = _Steps.of([timeline.levels[served_by] for timeline in timelines])
    join = None if join_by is None else _Steps.of([timeline.levels[join_by] for timeline in timelines])
    start = _edges(horizon, served, join, [instant for instant in instants if 0.0 < instant < horizon])
    length = np.diff(start, axis=1, append=horizon)
    capacity, slope = served.at(start)
    up = (capacity > 0.0) | (slope > 0.0)
    joinable = np.ones_like(up)
    if join is not None:
        value, rise = join.at(start)
        joinable = (value > 0.0) | (rise > 0.0)
    count = (length > 0.0).sum(axis=1)
    start, length, capacity, slope = (
        np.ascontiguousarray(part.T) for part in (start, length, capacity, slope)
    )
    up, joinable = np.ascontiguousarray(up.T), np.ascontiguousarray(joinable.T)
    clock = _clock(start, length, up, forgotten_after)
    return Phases(start, length, up, joinable, capacity, slope, clock, count)


@dataclass(frozen=True, slots=True)
class _Steps:
    """The capacity of one capability in each replication: pieces padded with starts beyond every time."""

    times: Array
    values: Array
    slopes: Array

    @classmethod
    def of(cls, levels: Sequence[Level]) -> _Steps:
        most = max(len(level.times) for level in levels)
        table = np.zeros((3, len(levels), most))
        table[0] = np.inf
        for row, level in enumerate(levels):
            table[:, row, : len(level.times)] = (level.times, level.values, level.slopes)
        return cls(*table)

    def at(self, times: Array) -> tuple[Array, Array]:
        """Capacity right after `times`, and its change an hour. Shape (replications, m)."""
        piece = (self.times[:, None, :] <= times[:, :, None]).sum(axis=2) - 1
        begun, value, slope = (
            np.take_along_axis(part, piece, axis=1) for part in (self.times, self.values, self.slopes)
        )
        return value + slope * (times - begun), slope


def _edges(horizon: float, served: _Steps, join: _Steps | None, instants: Sequence[float]) -> Array:
    """Starts of the phases, ascending, each once, (replications, phases); short rows repeat the horizon."""
    parts = [
        served.times,
        np.broadcast_to(np.asarray(instants, dtype=float), (len(served.times), len(instants))),
    ]
    if join is not None:
        parts.append(join.times)
    edges = np.sort(np.minimum(np.concatenate(parts, axis=1), horizon), axis=1)
    edges[:, 1:][edges[:, 1:] == edges[:, :-1]] = horizon
    edges = np.sort(edges, axis=1)
    return edges[:, : max(int((edges < horizon).sum(axis=1).max()), 1)]


def _clock(start: Array, length: Array, up: Flags, forgotten_after: Array) -> Array:
    """The patience clock at the start of each phase. Shape (phases, replications)."""
    clock = np.zeros_like(start)
    reading, last_end = np.zeros(start.shape[1]), np.full(start.shape[1], -np.inf)
    for p in range(len(start)):
        down = ~up[p] & (length[p] > 0.0)
        fresh = (start[p] > last_end) & (start[p] - last_end >= forgotten_after)
        reading = np.where(down & fresh, 0.0, reading)
        clock[p] = reading
        reading = np.where(down, reading + length[p], reading)
        last_end = np.where(down, start[p] + length[p], last_end)
    return clock
