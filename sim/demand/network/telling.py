"""What friends learn at the end of a step: who left and who returned, and what they bear from then on.

In: those who moved. Out: their friends' shares of friends away, and the limits of what they can bear, moved
so that each friend's move counts from its own hour on. Only friends of those who moved are touched.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.calendar import Calendar
from sim.demand.network.crowd import AWAY, GONE, KNOWN, PRESENT, Crowd, unpacked
from sim.demand.network.leaving import Leaving
from sim.demand.network.steps import Clock, Index, Step
from sim.demand.network.ties import Ties

_PORTION = 1 << 21
"""Ties that are followed at once: bounds the memory of a step in which very many leave."""
_SCANNED = 1 << 16
"""People who are looked at together: what is worked out for them stays in the processor's cache."""

_NOBODY = np.zeros(0, dtype=np.int64)


class Telling:
    """How moves become known."""

    __slots__ = ("_clock", "_crowd", "_leaving", "_ties", "behind")

    def __init__(self, ties: Ties, crowd: Crowd, clock: Clock, leaving: Leaving) -> None:
        self._ties, self._crowd, self._clock, self._leaving = ties, crowd, clock, leaving
        self.behind = False
        """Whether shares and limits are to be worked out anew before anybody can leave again."""

    def tell(self, moved: Index, churners: Index, step: Step, calendar: Calendar) -> list[Index]:
        """Friends learn who moved; returns those who may leave for it by the calendar's end."""
        crowd = self._crowd
        who, was = [], []
        for part in (moved, churners):  # one who moved and churned is told once
            shown = crowd.shown.take(part)
            differs = shown != crowd.state.take(part)
            changed = part[differs]
            crowd.shown[changed] = crowd.state.take(changed)
            who.append(changed)
            was.append(shown[differs])
        people, old = np.concatenate(who), np.concatenate(was)
        if not people.size:
            return []
        if crowd.last.size:
            order = np.argsort(crowd.since.take(people), kind="stable")
            people, old = people[order], old[order]
        many = self._ties.start.take(people + 1) - self._ties.start.take(people)
        ends = np.cumsum(many)
        if ends[-1] <= _PORTION:
            return [self._touch(people, old, many, step, calendar)]
        cuts = np.searchsorted(ends, np.arange(_PORTION, ends[-1], _PORTION)).tolist()
        return [
            self._touch(people[begin:end], old[begin:end], many[begin:end], step, calendar)
            for begin, end in pairwise([0, *cuts, people.size])
        ]

    def _touch(
        self, people: Index, old: NDArray[np.int8], many: Index, step: Step, calendar: Calendar
    ) -> Index:
        """The friends of some who moved."""
        crowd = self._crowd
        new = crowd.state.take(people)
        friend = self._friends(people, many)
        went = (new == AWAY).astype(np.int64) - (old == AWAY)
        lost = (new == GONE).astype(np.int64)
        np.add.at(crowd.friends, friend, np.repeat(went - (lost << KNOWN), many))
        if crowd.last.size:
            left = np.repeat((old == PRESENT) & (new != PRESENT), many)
            crowd.last[friend[left]] = np.repeat(people, many)[left]
        if calendar.rises:
            may = self._bear(friend, people, many, went, lost, step, calendar)
        else:
            self.behind = True
            if not self._leaving.thresholds:
                return _NOBODY
            may = np.zeros(friend.size, dtype=np.bool_)
        if self._leaving.thresholds:
            present = crowd.state.take(friend) == PRESENT
            self._leaving.watch(friend[present], np.repeat(crowd.since.take(people), many)[present])
            may |= crowd.due.take(friend) <= calendar.end
        return friend[may]

    def _friends(self, people: Index, many: Index) -> Index:
        """Everybody's friends, one person's after the other's."""
        places = np.repeat(self._ties.start.take(people) - np.cumsum(many) + many, many)
        places += np.arange(places.size)
        return self._ties.friend.take(places).astype(np.int64)

    def _bear(
        self, friend: Index, people: Index, many: Index, went: Index, lost: Index, step: Step,
        calendar: Calendar,
    ) -> NDArray[np.bool_]:  # fmt: skip
        """What friends will have to bear from now on; returns who may leave for it.

        One who is a friend of several stands here several times: each time the same value is worked out and
        written; what differs between those who moved, the hour, is added up.
        """
        crowd = self._crowd
        kind = crowd.kind.take(friend)
        away, known = unpacked(crowd.friends.take(friend))
        np.maximum(known, 1, out=known)
        was = crowd.share.take(friend)
        share = (away / known).astype(np.float32)
        crowd.share[friend] = share
        if step.presses:
            early = 1.0 - np.clip(step.part(crowd.since.take(people)), -1.0, 1.0)
            weight = np.repeat(went * early, many)
            if lost.any():
                weight += np.repeat(lost * early, many) * was
            weight *= (step.pull[1] - step.pull[0]).take(kind)
            weight /= known
            np.subtract.at(crowd.limit, friend, weight)
        limit = crowd.limit.take(friend)
        limit += (share.astype(np.float64) - was) * step.pull[1].take(kind)
        crowd.limit[friend] = limit
        return calendar.may(kind, share, limit)

    def catch_up(self, edge: int) -> None:
        """Everybody's share and limit, as if they had been kept up to date while nothing was to be borne."""
        crowd, pull = self._crowd, self._clock.pull[edge]
        for start in range(0, self._ties.people, _SCANNED):
            part = slice(start, start + _SCANNED)
            away, known = unpacked(crowd.friends[part])
            share = (away / np.maximum(known, 1)).astype(np.float32)
            change = share.astype(np.float64) - crowd.share[part]
            crowd.limit[part] += change * pull.take(crowd.kind[part])
            crowd.share[part] = share
        self.behind = False
