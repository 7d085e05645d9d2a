"""How many users are where, while the steps are taken.

In: a crowd. Out: `State`, mutable, which the moves change; and the rows of a record of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.demand.stepping.absent import Absent
from sim.demand.stepping.crowd import Crowd
from sim.demand.stepping.mood import Numbers

Array = NDArray[np.float64]

_add = np.add.reduce


@dataclass(slots=True)
class State:
    """Users by state. Kinds: settled, unsettled; uses: nothing beside, or one of the rivals that are tried.

    Attributes
    ----------
    here
        Present users who do not stand at the door: active where the service is up, waiting where it is down.
        (kinds, uses, segments, rows).
    door
        Those who stand at the door, likewise; None: there is no door.
    away
        Those who are away.
    moved
        Who has moved in from other segments, less who has moved out, (segments, rows).
    joined
        Newcomers so far, (segments, rows).
    flows
        Gross numbers of moves so far, by name, (segments, rows).
    left
        Those of them who have left for each place, (places, segments, rows).
    """

    here: Array
    door: Array | None
    away: Absent
    moved: Array
    joined: Array
    flows: dict[str, Array]
    left: Array

    @classmethod
    def begin(cls, crowd: Crowd, here: Array, away: Absent) -> State:
        """Everybody is there, nobody is away."""
        names = ["returned", "gave_up"]
        names += [f"tried.{crowd.rivals.names[r]}" for r in crowd.tried]
        names += ["abandoned"] if crowd.door is not None else []
        names += ["moved_in", "moved_out"] if max(crowd.to) >= 0 else []
        zero = np.zeros(crowd.start.shape)
        left = np.zeros((len(crowd.places), *zero.shape))
        flows = {f"left.{place}": left[k] for k, place in enumerate(crowd.places)}
        return cls(
            here=here,
            door=None if crowd.door is None else np.zeros_like(here),
            away=away,
            moved=zero.copy(),
            joined=zero.copy(),
            flows={**flows, **{name: zero.copy() for name in names}},
            left=left,
        )

    def numbers(self, tried: tuple[tuple[int, int], ...]) -> Numbers:
        """What others see of them; `tried` are the growing rivals used beside, with their use."""
        there = self.here if self.door is None else self.here + self.door
        held = _add(self.away.held, axis=(0, 2))
        with_rivals = held[1:].copy()
        for rival, use in tried:
            with_rivals[rival] += _add(there[:, use], axis=(0, 1))
        return Numbers(_add(there.reshape(-1, there.shape[-1]), axis=0), _add(held, axis=0), with_rivals)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a record what is found: slices of its quantities."""

    here: slice
    door: slice
    places: slice
    beside: slice
    moved: slice
    joined: slice
    size: int

    @classmethod
    def of(cls, crowd: Crowd) -> Columns:
        """The layout that a crowd needs."""
        segments = len(crowd.names)
        kinds, uses = crowd.marks
        sizes = [
            kinds * segments,
            0 if crowd.door is None else segments,
            len(crowd.places) * segments,
            uses - 1,
            segments if max(crowd.to) >= 0 else 0,
            segments,
        ]
        ends = np.cumsum([0, *sizes]).tolist()
        here, door, places, beside, moved, joined = (slice(a, b) for a, b in pairwise(ends))
        return cls(here, door, places, beside, moved, joined, ends[-1])

    def write(self, state: State, into: Array) -> None:
        """A record of the state: (quantities, rows)."""
        rows = into.shape[1]
        here = state.here
        into[self.here] = here.sum(axis=1).reshape(-1, rows)
        if state.door is not None:
            into[self.door] = state.door.sum(axis=(0, 1))
        into[self.places] = state.away.held.sum(axis=0).reshape(-1, rows)
        if self.beside.stop > self.beside.start:
            there = here if state.door is None else here + state.door
            into[self.beside] = there[:, 1:].sum(axis=(0, 2))
        if self.moved.stop > self.moved.start:
            into[self.moved] = state.moved
        into[self.joined] = state.joined
