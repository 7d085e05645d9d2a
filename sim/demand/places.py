"""Where the times at which one looks lie in a table of phases.

In: `Phases`, and times that ascend for each replication. Out: `Places`, which spread what is known of every
phase over the times that lie in it. Since the times ascend, all that lie in one phase are neighbours, so a
value is repeated rather than looked up; half the cost of a look is saved that way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.phases import Phases

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Places:
    """Times in a table of phases; segments that share the table share this. ``m`` times a replication.

    Attributes
    ----------
    hours
        Hours into the phase. Shape (replications, m).
    down
        Flat positions at which the service is down.
    counts
        How many of the times lie in each phase, replication by replication. Shape (replications x phases,).
    """

    hours: Array
    down: Index
    counts: Index
    _left: dict[bytes, Array] = field(default_factory=dict)

    @classmethod
    def of(cls, phases: Phases, times: Array) -> Places:
        """Find `times` (hours, shape (replications, m), ascending in each row) in the phases.

        A time at which a phase starts belongs to it; the horizon belongs to the last phase.
        """
        total, replications = phases.start.shape
        before = np.empty((replications, total + 1), dtype=np.int64)
        for p in range(total):
            before[:, p] = (times < phases.start[p][:, None]).sum(axis=1)
        before[:, 0], before[:, total] = 0, times.shape[1]
        before[np.arange(total + 1) >= phases.count[:, None]] = times.shape[1]
        counts: Index = np.diff(before, axis=1).ravel()

        def spread(table: NDArray[Any]) -> NDArray[Any]:
            return np.repeat(table.T.ravel(), counts).reshape(times.shape)

        hours = np.clip(times - spread(phases.start), 0.0, spread(phases.length))
        return cls(hours, np.flatnonzero(~spread(phases.up)), counts)

    @property
    def where(self) -> Index:
        """Row phase x replication of the table, of each time. Shape (replications, m)."""
        replications = len(self.hours)
        total = self.counts.size // replications
        rows = np.arange(total) * replications + np.arange(replications)[:, None]
        return np.repeat(rows.ravel(), self.counts).reshape(self.hours.shape)

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values of shape (replications, phases), at each of the times. Shape (replications, m)."""
        return np.repeat(values.ravel(), self.counts).reshape(self.hours.shape)

    def left(self, rate: Array) -> Array:
        """exp(-rate x hours), read-only; rates of shape (replications,), per hour.

        Segments share many of their rates, and this is most of the work of a look.
        """
        key = rate.tobytes()
        if key not in self._left:
            self._left[key] = np.exp(-rate[:, None] * self.hours)
            self._left[key].flags.writeable = False
        return self._left[key]
