"""Where everybody is, and what everybody bears before the next move: flat arrays, an entry a person.

In: ties, kinds, seeds and what one needs of friends. Out: the state that `sim.demand.network.people` moves
on.

One bears an integrated hazard of leaving that is a unit exponential. With x the share of one's friends who
are away, piecewise constant, the hazard borne by t is B(t) + x P(t) less a constant, B and P the tables of
one's kind; so all that is kept is the `limit` that B(t) + x P(t) must reach, moved by (change of x) x P
whenever a friend's move changes x. Nothing is to be done for those whose friends stay where they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.draws import CHURN, NEXT, STAYING, Seeds, exponential
from sim.demand.network.hazards import Habits
from sim.demand.network.ties import Ties

Array = NDArray[np.float64]
Index = NDArray[np.int64]

PRESENT, AWAY, GONE = range(3)

KNOWN = 32
"""Bits by which the friends who are not gone are shifted; the friends who are away stand below them."""


def unpacked(friends: Index) -> tuple[Index, Index]:
    """Friends who are away, and friends who are not gone.

    Both stand in one number, so that a friend's move is one addition wherever that friend stands in memory.
    """
    return friends & ((1 << KNOWN) - 1), friends >> KNOWN


@dataclass(slots=True)
class Crowd:
    """The people. Arrays of shape (people,).

    Attributes
    ----------
    kind, streams
        The kind of each, and its own stream of random numbers at the next decision.
    state, shown
        Present, away or gone: now, and as friends know it (at the last edge).
    friends
        Friends who are away, and friends who are not gone, as one knows it: see `unpacked`.
    share
        away / known; 0 where nobody is known.
    limit
        What B(t) + share x P(t) must reach for one to leave; infinity for those who are not present.
    due
        When something is due whatever the friends do: one present leaves having too few of them, one away has
        an impulse to return, gives up, or sees the service return. Infinity: never. Hours.
    churn
        When ordinary churn comes. Hours.
    need
        How many present friends one needs to stay.
    since, place, app, awaits
        When one last moved, where one is, whether one kept the app, and whether one who is away awaits an
        impulse to return, giving up, or a reopening.
    last
        The friend who left last, -1 if none; empty if nobody asks.
    """

    kind: Index
    streams: Seeds
    state: NDArray[np.int8]
    shown: NDArray[np.int8]
    friends: Index
    share: NDArray[np.float32]
    limit: Array
    due: Array
    churn: Array
    need: NDArray[np.int32]
    since: Array
    place: NDArray[np.int8]
    app: NDArray[np.bool_]
    awaits: NDArray[np.int8]
    last: NDArray[np.int32]

    @classmethod
    def of(
        cls, ties: Ties, kind: NDArray[np.int32], habits: Habits, seeds: Seeds,
        need: NDArray[np.int32] | None, *, traced: bool,
    ) -> Crowd:  # fmt: skip
        """Everybody present at hour 0."""
        people = ties.people
        hazard = habits.churn[kind]
        churn = np.full(people, np.inf)
        some = np.flatnonzero(hazard > 0.0)
        churn[some] = exponential(seeds[some], CHURN) / hazard[some]
        return cls(
            kind=kind.astype(np.int64),
            streams=seeds + NEXT,
            state=np.full(people, PRESENT, dtype=np.int8),
            shown=np.full(people, PRESENT, dtype=np.int8),
            friends=np.diff(ties.start) << KNOWN,
            share=np.zeros(people, dtype=np.float32),
            limit=exponential(seeds, STAYING),
            due=np.full(people, np.inf),
            churn=churn,
            need=np.zeros(people, dtype=np.int32) if need is None else need,
            since=np.zeros(people),
            place=np.zeros(people, dtype=np.int8),
            app=np.ones(people, dtype=np.bool_),
            awaits=np.zeros(people, dtype=np.int8),
            last=np.full(people if traced else 0, -1, dtype=np.int32),
        )

    def draw(self, who: Index) -> Seeds:
        """The streams of some people at their next decision, which is taken by this."""
        streams = self.streams.take(who)
        self.streams[who] = streams + NEXT
        return streams

    def short_of_friends(self, who: Index) -> NDArray[np.bool_]:
        """Whether too few friends are there."""
        away, known = unpacked(self.friends.take(who))
        return np.asarray(known - away < self.need.take(who))
