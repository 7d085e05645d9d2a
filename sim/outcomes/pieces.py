"""One capability's capacity in every replication of a block, as flat arrays.

In: the `Level` of each replication (piecewise linear, right-continuous). Out: hours up and down, and the
intervals at or above a threshold. A level has a handful of pieces, so a loop in Python would cost more than
all the arithmetic; here all pieces of all replications stand in one array, those of a replication together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.supply.timeline import Level

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Mask = NDArray[np.bool_]

CLOSE = 1e-12
"""A capacity this much under a threshold counts as at it: (1 - x) + x need not be 1 in floats."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Maximal intervals [begin, end) with a property, by replication and time. Shape (intervals,)."""

    row: Index
    begin: Array
    end: Array

    def first(self, rows: int, chosen: Mask) -> Index:
        """Position of each row's first chosen interval, the number of intervals if it has none. (rows,)."""
        found = np.full(rows, len(self.row), dtype=np.int64)
        index = np.flatnonzero(chosen)[::-1]
        found[self.row[index]] = index
        return found


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces [start, end) of capacity value + slope (t - start). Shape (pieces,); `first` is (rows + 1,)."""

    horizon: float
    first: Index
    row: Index
    start: Array
    end: Array
    value: Array
    slope: Array

    @classmethod
    def of(cls, levels: Sequence[Level], horizon: float) -> Pieces:
        """Pieces of one level a replication, up to the horizon (hours)."""
        counts = np.fromiter((len(one.times) for one in levels), np.int64, len(levels))
        first = np.concatenate([[0], np.cumsum(counts)])
        start, value, slope = (
            np.fromiter(chain.from_iterable(part), np.float64, int(first[-1]))
            for part in ((x.times for x in levels), (x.values for x in levels), (x.slopes for x in levels))
        )
        end = np.append(start[1:], horizon)
        end[first[1:] - 1] = horizon
        return cls(horizon, first, np.repeat(np.arange(len(levels)), counts), start, end, value, slope)

    @property
    def rows(self) -> int:
        """Replications."""
        return len(self.first) - 1

    @property
    def is_down(self) -> Mask:
        """Which pieces have no capacity at all; one that starts at 0 and rises is not down."""
        return (self.value <= 0.0) & (self.slope <= 0.0)

    def hours(self, chosen: Mask) -> Array:
        """Hours in the chosen pieces, (rows,)."""
        lengths = np.where(chosen, self.end - self.start, 0.0)
        return np.asarray(np.bincount(self.row, lengths, self.rows), dtype=np.float64)

    def down(self) -> Runs:
        """Maximal intervals without capacity."""
        return self._runs(self.is_down, self.start, self.end)

    def at_least(self, threshold: Array) -> Runs:
        """Maximal intervals in which the capacity is at or above a threshold of shape (rows,)."""
        wanted = threshold[self.row]
        low, high = self.start.copy(), self.end.copy()
        good = self.value >= wanted - CLOSE
        sloped = np.flatnonzero(self.slope)
        if sloped.size:
            begin, end, rises = self.start[sloped], self.end[sloped], self.slope[sloped] > 0.0
            crossing = begin + (wanted[sloped] - self.value[sloped]) / self.slope[sloped]
            crossing = np.clip(crossing, begin, end)
            low[sloped] = np.where(rises, crossing, begin)
            high[sloped] = np.where(rises, end, crossing)
            good[sloped] = low[sloped] < high[sloped]
        return self._runs(good, low, high)

    def at(self, times: Array) -> Array:
        """Capacity at ascending times (m,), hours from 0 to the horizon; (rows, m)."""
        begins = np.searchsorted(times, self.start)
        ends = np.append(begins[1:], times.size)
        ends[self.first[1:] - 1] = times.size
        piece = np.repeat(np.arange(len(self.start)), ends - begins).reshape(self.rows, times.size)
        values = self.value[piece]
        if self.slope.any():
            values = values + self.slope[piece] * (times[None, :] - self.start[piece])
        return np.clip(values, 0.0, 1.0)

    def _runs(self, chosen: Mask, low: Array, high: Array) -> Runs:
        """Merge the parts [low, high) of chosen pieces that touch within a row."""
        index = np.flatnonzero(chosen)
        if not index.size:
            return Runs(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
        row, begin, end = self.row[index], low[index], high[index]
        apart = (row[1:] != row[:-1]) | (begin[1:] > end[:-1])
        opens, closes = np.append(True, apart), np.append(apart, True)
        return Runs(row[opens], begin[opens], end[closes])
