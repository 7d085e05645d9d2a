"""In which step of the next day somebody may move.

In: the people, the tables of hazards. Out: for each step the people who may move in it. Everybody is looked
up once a window (a day); whoever's friends move in between is looked up again, and noted once more. An entry
that does not come true (a friend came back in between) is found out when its step comes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.crowd import Crowd
from sim.demand.network.steps import Array, Clock, Index

_TOGETHER = 1 << 15
"""People whose steps are worked out at once: bounds the memory."""


class Calendar:
    """The steps from `first` to `last` (not included). ``rises``: whether there is anything to bear."""

    __slots__ = ("_edges", "_notes", "_own", "_pull", "end", "first", "last", "rises")

    def __init__(self, clock: Clock, first: int, last: int) -> None:
        self.first, self.last = first, last
        part = slice(first + 1, last + 1)
        self._edges, self._own, self._pull = clock.edges[part], clock.own[part], clock.pull[part]
        self.end = float(self._edges[-1])
        before = max(first - 1, 0)  # what friends did in the last step may have been felt in it already
        rises = (self._own[-1] > clock.own[before]).any() or (self._pull[-1] > clock.pull[before]).any()
        self.rises = bool(rises)
        self._notes: list[list[Index]] = [[] for _ in range(last - first)]

    def look_up(self, crowd: Crowd) -> None:
        """Note everybody who may move."""
        found = [np.flatnonzero(crowd.due <= self.end)]
        if self.rises:
            for start in range(0, crowd.kind.size, _TOGETHER):
                part = slice(start, start + _TOGETHER)
                may = self.may(crowd.kind[part], crowd.share[part], crowd.limit[part])
                found.append(np.flatnonzero(may) + start)
        self.note(crowd, np.concatenate(found), self.first)

    def may(self, kind: Index, share: NDArray[np.float32], limit: Array) -> NDArray[np.bool_]:
        """Who has borne enough by the last edge if the friends stay where they are."""
        borne = share * self._pull[-1].take(kind)
        borne += self._own[-1].take(kind)
        return np.asarray(borne >= limit)

    def note(self, crowd: Crowd, who: Index, number: int) -> None:
        """Note those of some people who may move within the window, in the step `number` or later."""
        for begin in range(0, who.size, _TOGETHER):
            self._note(crowd, who[begin : begin + _TOGETHER], number - self.first)

    def note_moved(self, crowd: Crowd, who: Index, number: int) -> None:
        """The same for people of whom few may."""
        may = crowd.due.take(who) <= self.end
        if self.rises:
            may |= self.may(crowd.kind.take(who), crowd.share.take(who), crowd.limit.take(who))
        self.note(crowd, who[may], number)

    def _note(self, crowd: Crowd, who: Index, earliest: int) -> None:
        if not who.size or earliest == len(self._notes):
            return
        steps = np.searchsorted(self._edges, crowd.due.take(who))
        if self.rises:
            kind = crowd.kind.take(who)
            borne = self._pull.take(kind, axis=1)
            borne *= crowd.share.take(who)
            borne += self._own.take(kind, axis=1)
            np.minimum(steps, (borne < crowd.limit.take(who)).sum(axis=0), out=steps)
        np.clip(steps, earliest, len(self._notes) - 1, out=steps)
        order = np.argsort(steps, kind="stable")
        who, steps = who[order], steps[order]
        cuts = np.flatnonzero(steps[1:] != steps[:-1]) + 1
        begins = [0, *cuts.tolist()]
        for step, begin, end in zip(steps[begins].tolist(), begins, [*begins[1:], who.size], strict=True):
            self._notes[step].append(who[begin:end])

    def noted(self, number: int) -> Index:
        """Who may move in a step, each once, ascending."""
        notes = self._notes[number - self.first]
        if not notes:
            return np.zeros(0, dtype=np.int64)
        who = np.sort(np.concatenate(notes))
        return np.asarray(who[np.concatenate([[True], who[1:] != who[:-1]])])
