"""How many individuals are where at any time, as the numbers of users they stand for.

In: a `Situation` and the `Moves` of its people. Out: users by state, segment and place at given hours,
user-hours served, and gross flows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.demand.history import STATES
from sim.demand.network.moves import CHURNED, GAVE_UP, LEFT, RETURNED, Moves
from sim.demand.network.situation import Situation
from sim.demand.phases import Phases

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Looks:
    """The moves of each kind in order of time, and how many users one individual stands for.

    Attributes
    ----------
    weight
        Users an individual stands for. Shape (R, S).
    counts
        Individuals at the start. Shape (R, S).
    moves
        Sorted by kind, and by time within a kind.
    begins
        Where the moves of each kind begin, and where the last end. Shape (R x S + 1,).
    phases
        Of each segment.
    places
        How many places there are to be away at.
    """

    weight: Array
    counts: Index
    moves: Moves
    begins: Index
    phases: tuple[Phases, ...]
    places: int

    @classmethod
    def of(cls, situation: Situation, moves: Moves) -> Looks:
        """Sort the moves."""
        kind = situation.kind[moves.person]
        order = np.argsort(kind, kind="stable")
        start = situation.crowd.start.T
        counts = situation.counts
        return cls(
            weight=np.divide(start, counts, out=np.zeros_like(start), where=counts > 0),
            counts=counts,
            moves=moves.chosen(order),
            begins=np.searchsorted(kind[order], np.arange(counts.size + 1)),
            phases=tuple(climate.phases for climate in situation.crowd.climates),
            places=len(situation.crowd.places),
        )

    def at(self, times: Array) -> tuple[dict[str, Array], Array]:
        """Users by state, each (R, S, n), and those away by place, (R, S, P, n), at `times` (R, n), hours."""
        rows, segments = self.weight.shape
        away = np.zeros((rows, segments, self.places, times.shape[1]))
        gone = np.zeros((rows, segments, times.shape[1]))
        what, place = self.moves.what, self.moves.place
        into = (what == LEFT).astype(float) - (
            ((what == RETURNED) | (what == GAVE_UP) | (what == CHURNED)) & (place >= 0)
        )
        lost = (what == GAVE_UP) | (what == CHURNED)
        for kind, (begin, end) in enumerate(pairwise(self.begins.tolist())):
            row, segment = divmod(kind, segments)
            seen = np.searchsorted(self.moves.time[begin:end], times[row], side="right")
            gone[row, segment] = _summed(lost[begin:end])[seen]
            for p in range(self.places):
                away[row, segment, p] = _summed(np.where(place[begin:end] == p, into[begin:end], 0.0))[seen]
        away *= self.weight[:, :, None, None]
        gone *= self.weight[:, :, None]
        present = (self.counts * self.weight)[:, :, None] - away.sum(axis=2) - gone
        row = np.arange(rows)[:, None]
        up = np.stack([phases.up[phases.find(times), row] for phases in self.phases], axis=1)
        parts = np.where(up, present, 0.0), np.where(up, 0.0, present), away.sum(axis=2), gone
        return dict(zip(STATES, parts, strict=True)), away

    def served_hours(self, horizon: float) -> Array:
        """Integral of active users x capacity, (R, S)."""
        rows, segments = self.weight.shape
        hours = np.zeros((rows, segments))
        what, place = self.moves.what, self.moves.place
        comes = (what == RETURNED).astype(float) - ((what == LEFT) | ((what == CHURNED) & (place < 0)))
        for kind, (begin, end) in enumerate(pairwise(self.begins.tolist())):
            row, segment = divmod(kind, segments)
            points = np.append(self.moves.time[begin:end], [0.0, horizon])
            served = _integral(self.phases[segment], row, points)
            left = served[-1] - served[:-2]
            hours[row, segment] = self.counts[row, segment] * served[-1] + comes[begin:end] @ left
        return hours * self.weight

    def flows(self, places: tuple[str, ...], horizon: float) -> dict[str, Array]:
        """Gross flows by the horizon, each (R, S)."""
        kind = np.repeat(np.arange(self.begins.size - 1), np.diff(self.begins))
        within = self.moves.time <= horizon

        def counted(some: NDArray[np.bool_]) -> Array:
            number = np.bincount(kind[some & within], minlength=self.begins.size - 1)
            return np.asarray(number.reshape(self.weight.shape) * self.weight)

        what, place = self.moves.what, self.moves.place
        found = {f"left.{name}": counted((what == LEFT) & (place == p)) for p, name in enumerate(places)}
        for name, number in (("returned", RETURNED), ("churned", CHURNED), ("gave_up", GAVE_UP)):
            found[name] = counted(what == number)
        return found


def _summed(values: NDArray[np.generic]) -> Array:
    """Sums of the first 0, 1, 2 ... values."""
    return np.concatenate([[0.0], np.cumsum(values, dtype=float)])


def _integral(phases: Phases, row: int, times: Array) -> Array:
    """Capacity hours from 0 to each of `times`, hours."""
    many = int(phases.count[row])
    start, length = phases.start[:many, row], phases.length[:many, row]
    capacity, slope = phases.capacity[:many, row], phases.slope[:many, row]
    before = np.concatenate([[0.0], np.cumsum(length * (capacity + 0.5 * slope * length))])
    phase = np.clip(np.searchsorted(start, times, side="right") - 1, 0, many - 1)
    since = np.clip(times - start[phase], 0.0, length[phase])
    return np.asarray(before[phase] + since * (capacity[phase] + 0.5 * slope[phase] * since))
