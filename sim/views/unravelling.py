"""One run followed person by person: who left when and because of whom, as views read it.

In: ties and moves of some individuals. Out: an `Unravelled`, the tree of who followed whom, and how many of
each kind left. It runs no model, so every view of it can be tested on people made by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.demand.network import Ties
from sim.demand.network.moves import CHURNED, FRIENDS, GAVE_UP, LEFT, RETURNED, TOO_FEW, Moves
from sim.demand.network.unravel import Unravelling

Array = NDArray[np.float64]
Index = NDArray[np.int64]

PRESENT, AWAY, GONE = range(3)


@dataclass(frozen=True)
class Unravelled:
    """Some people who stand for all, in one run.

    Attributes
    ----------
    title, start, horizon, source
        Of the scenario: its title, the instant hours count from, the hours simulated; where it comes from.
    told
        Who is friends with whom, every move, of which segment everybody is and when nothing served it.
    causes
        What drove those who moved of their own accord, in words, by the number of the cause.
    places
        Where those away can be, in words, by number.
    """

    title: str
    start: datetime
    horizon: float
    source: str
    told: Unravelling
    causes: tuple[str, ...]
    places: tuple[str, ...]

    @property
    def ties(self) -> Ties:
        """Who is friends with whom."""
        return self.told.ties

    @property
    def moves(self) -> Moves:
        """Every move, in order of time."""
        return self.told.moves

    @property
    def people(self) -> int:
        """How many people are followed."""
        return self.ties.people

    @cached_property
    def departures(self) -> Departures:
        """Everybody's leaving, and whom it followed."""
        return Departures.of(self.told)

    @cached_property
    def first_left(self) -> Array:
        """When each person first left; infinity for those who never did. Hours, shape (people,)."""
        return self.moves.first_left(self.people)

    def states(self, hours: float) -> NDArray[np.int8]:
        """Who is present, away or gone right after what happens at an instant. Shape (people,)."""
        found = np.full(self.people, PRESENT, dtype=np.int8)
        becomes = {LEFT: AWAY, RETURNED: PRESENT, GAVE_UP: GONE, CHURNED: GONE}
        until = int(np.searchsorted(self.moves.time, hours, side="right"))
        for who, what in zip(self.moves.person[:until], self.moves.what[:until], strict=True):
            found[who] = becomes[int(what)]
        return found

    def followers(self, hours: float) -> NDArray[np.bool_]:
        """Who last left because of friends. Shape (people,)."""
        found = np.zeros(self.people, dtype=np.bool_)
        made = self.departures
        until = int(np.searchsorted(made.time, hours, side="right"))
        found[made.person[:until]] = made.followed[:until]  # the last of several of one person holds
        return found

    def unserved(self, hours: float) -> NDArray[np.bool_]:
        """Whom nothing serves at an instant. Shape (people,)."""
        down = [any(start <= hours < end for start, end in some) for some in self.told.down]
        return np.array(down, dtype=np.bool_)[self.told.segment]

    def why(self, move: int) -> str:
        """Why one left, in words; nothing for other moves."""
        cause = int(self.moves.cause[move])
        if self.moves.what[move] != LEFT:
            return ""
        return {FRIENDS: "friends are away", TOO_FEW: "too few friends are there"}.get(
            cause, self.causes[cause] if cause >= 0 else ""
        )


@dataclass(frozen=True, slots=True)
class Departures:
    """Every time somebody left, in order of time. Arrays of shape (departures,).

    Attributes
    ----------
    move, time, person
        Its place among the moves, when, and who.
    followed
        Whether because of friends.
    parent
        The departure that it followed; -1 where it followed none, or the friend had left for good.
    depth
        How many departures it followed, one after the other; 0 of one's own accord.
    after
        How many departures followed it, directly or through others.
    """

    move: Index
    time: Array
    person: Index
    followed: NDArray[np.bool_]
    parent: Index
    depth: Index
    after: Index

    @classmethod
    def of(cls, told: Unravelling) -> Departures:
        """Read them off the tree."""
        tree, moves = told.cascade(), told.moves
        return cls(
            move=tree.move,
            time=moves.time[tree.move],
            person=moves.person[tree.move].astype(np.int64),
            followed=np.isin(moves.cause[tree.move], (FRIENDS, TOO_FEW)),
            parent=tree.parent,
            depth=tree.depth,
            after=tree.size,
        )

    def __len__(self) -> int:
        return len(self.move)

    def chain(self, number: int) -> list[int]:
        """A departure and those it followed, the first of them first."""
        found = [number]
        while self.parent[found[-1]] >= 0:
            found.append(int(self.parent[found[-1]]))
        return found[::-1]


@dataclass(frozen=True, slots=True)
class Class:
    """People alike: so many friends, or one community."""

    number: int
    people: int
    left: int
    """Who left at least once."""
    followed: int
    """Of these, who first left because of friends."""
    returned: int
    """Who returned at least once."""
    half_left: float
    """Hours until half of them had left at least once; infinity if fewer did."""
    present: int
    """Who is present when the simulation ends."""


def classes(found: Unravelled, of: NDArray[np.int32]) -> Iterator[Class]:
    """The people by a number that each has, such as how many friends. ``of`` of shape (people,)."""
    made = found.departures
    first_followed = np.zeros(found.people, dtype=np.bool_)
    first_followed[made.person[::-1]] = made.followed[::-1]  # the first of several of one person holds
    returned = np.zeros(found.people, dtype=np.bool_)
    returned[found.moves.person[found.moves.what == RETURNED]] = True
    present = found.states(found.horizon) == PRESENT
    left = np.isfinite(found.first_left)
    for number in np.unique(of):
        some = of == number
        ordered = np.sort(found.first_left[some])
        yield Class(
            int(number),
            int(some.sum()),
            int(left[some].sum()),
            int(first_followed[some].sum()),
            int(returned[some].sum()),
            float(ordered[(some.sum() + 1) // 2 - 1]),
            int(present[some].sum()),
        )
