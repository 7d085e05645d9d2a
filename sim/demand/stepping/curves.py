"""What is seen at any time, from what is known at the ends and quarters of each stride.

In: `Solved`. Out: users by state at times of one's own choice: a polynomial of degree four through the five
records of a stride. Nothing here depends on how often one looks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.stepping.conditions import NUDGE
from sim.demand.stepping.solve import Solved
from sim.demand.stepping.state import Columns

Array = NDArray[np.float64]
Index = NDArray[np.int64]

_POINTS = np.linspace(0.0, 1.0, 5)
_BOOLE = np.array([7.0, 32.0, 12.0, 32.0, 7.0]) / 90.0


@dataclass(frozen=True, slots=True)
class Curves:
    """Five values a stride of every quantity, as (quantities, 5, rows, strides).

    ``smooth`` tells where those who wait were divided by what patience leaves: (kinds, segments, rows,
    strides).
    """

    solved: Solved
    columns: Columns
    values: Array
    smooth: NDArray[np.bool_]

    @classmethod
    def of(cls, solved: Solved) -> Curves:
        """From the records of the finest walk, extrapolated."""
        return cls(
            solved,
            Columns.of(solved.crowd),
            np.ascontiguousarray(solved.values.transpose(2, 1, 3, 0)),
            np.ascontiguousarray(solved.smooth.transpose(1, 2, 3, 0)),
        )

    def _stride(self, times: Array) -> Index:
        """The stride in which each time lies; the horizon lies in the last."""
        mesh = self.solved.given.mesh
        used = (mesh[:, :-1] < mesh[:, -1:]).sum(axis=1)
        found = [np.searchsorted(row, when, side="right") - 1 for row, when in zip(mesh, times, strict=True)]
        return np.asarray(np.clip(np.stack(found), 0, used[:, None] - 1))

    def up(self, times: Array) -> NDArray[np.bool_]:
        """Whether the service of each segment is up, (segments, rows, n)."""
        stride, row = self._stride(times), np.arange(len(times))[:, None]
        return np.asarray(self.solved.given.up[stride, :, row].transpose(2, 0, 1))

    def at(self, times: Array) -> Array:
        """All quantities, then those gone; times (rows, n) -> (quantities, rows, n).

        Who is gone is smooth where an outage begins, who is away is not: those elsewhere are the rest.
        """
        mesh = self.solved.given.mesh
        rows, strides = len(mesh), mesh.shape[1] - 1
        stride = self._stride(times)
        row = np.arange(rows)[:, None]
        since = times - mesh[row, stride]
        share = np.clip(since / (mesh[row, stride + 1] - mesh[row, stride]), 0.0, 1.0)
        flat = stride + row * strides
        result = np.zeros((len(self.values), *times.shape))
        for point, weight in enumerate(_lagrange(share)):
            for quantity, values in zip(result, self.values[:, point], strict=True):
                quantity += weight * values.take(flat)
        self._wait(result, stride, since, flat)
        self._let_in(result)
        result[self._elsewhere] = self._rest(result)
        return result

    def _let_in(self, seen: Array) -> None:
        """Put right a queue that is shorter than nobody: a polynomial undershoots where it becomes empty.

        It does so by less than the tolerance; those it is short of are not inside yet.
        """
        door, here = seen[self.columns.door], seen[self.columns.here]
        if len(door):
            missing = np.minimum(door, 0.0)
            door -= missing
            here[: len(door)] += missing

    @property
    def _elsewhere(self) -> slice:
        first = self.columns.places.start
        return slice(first, first + len(self.solved.crowd.names))

    def _rest(self, seen: Array) -> Array:
        """Everyone but those who are elsewhere accounted for, (segments, rows, n)."""
        columns = self.columns
        joined, gone = seen[columns.joined], seen[columns.size :]
        rest = self.solved.crowd.start[:, :, None] + joined - gone
        if columns.moved.stop > columns.moved.start:
            rest = rest + seen[columns.moved]
        for counted in (columns.here, columns.door, slice(self._elsewhere.stop, columns.places.stop)):
            part = seen[counted]
            if len(part):
                rest = rest - part.reshape(-1, *rest.shape).sum(axis=0)
        return rest

    def _wait(self, result: Array, stride: Index, since: Array, flat: Index) -> None:
        """Take from those who wait what patience takes from them until each time."""
        given, crowd = self.solved.given, self.solved.crowd
        kinds, segments = crowd.marks[0], len(crowd.names)
        here = result[self.columns.here].reshape(kinds, segments, *stride.shape)
        for s, climate in enumerate(crowd.climates):
            smooth = self.smooth[0, s].take(flat)
            there = np.flatnonzero(smooth)
            if not there.size:
                continue
            row, which = there // stride.shape[1], stride.take(there)
            clock = given.clock[which, s, row]
            overrides = {name: value[row] for name, value in climate.traits.overrides.items()}
            law = climate.traits.patience
            with np.errstate(divide="ignore"):
                fall = law.log_survival(clock * NUDGE, **overrides) - law.log_survival(
                    (clock + since.take(there)) * NUDGE, **overrides
                )
            used = given.pressed[which, s, row] * fall
            for kind in range(kinds):
                more = used * crowd.leaving[s, row] if kind else used
                more = np.where(self.smooth[kind, s].take(flat.take(there)), more, 0.0)
                here[kind, s].ravel()[there] *= np.exp(-more)

    def served_hours(self) -> Array:
        """Integral of active users x capacity, (rows, segments)."""
        given, crowd = self.solved.given, self.solved.crowd
        kinds, segments = crowd.marks[0], len(crowd.names)
        strides = len(given.up)
        lengths = np.diff(given.mesh, axis=1).T[:, None, None]
        active = self.solved.records[:, :, self.columns.here]
        active = active.reshape(strides, 5, kinds, segments, -1).sum(axis=2)
        share = _POINTS[:, None, None]
        capacity = given.capacity[:, None] + share * (given.capacity_end - given.capacity)[:, None]
        hours = np.einsum("mpsr,mpsr,p->msr", active, capacity * given.up[:, None], _BOOLE)
        return np.asarray((hours * lengths[:, 0]).sum(axis=0).T)

    def door_hours(self) -> Array:
        """Integral of those who stand at the door, (rows, segments)."""
        lengths = np.diff(self.solved.given.mesh, axis=1).T[:, None]
        standing = self.solved.records[:, :, self.columns.door]
        return np.asarray((np.einsum("mpsr,p->msr", standing, _BOOLE) * lengths).sum(axis=0).T)


def _lagrange(share: Array) -> list[Array]:
    """Weights of the five points at a share of the stride."""
    found = []
    for i, point in enumerate(_POINTS):
        others = np.delete(_POINTS, i)
        weight = np.ones_like(share)
        for other in others:
            weight = weight * ((share - other) / (point - other))
        found.append(weight)
    return found
