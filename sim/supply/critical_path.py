"""What every hour of downtime was spent on: the realised critical path of each down interval.

In: the levels of one replication, its gaps with the works behind them, and what is unfinished. Out: the
causes of every interval, in order of time; their hours add up to its length.

From the record whose end made the capability up, go back to whatever finished last of what it had to wait
for, and so on to the start of the interval; ties follow the file. Where that ends inside the interval
because nothing came before (a second supplier fell later, and its response starts there), go on with the
earliest-fallen supplier that still kept the capability down then. An interval that the horizon cuts starts
from the unfinished record that began first among those still needed.

"Kept down" and "still needed" mean: a member of a minimal cut set within what is down. A supplier that has
been gone for a year, but whose part another plays, is nobody's cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from math import inf
from operator import attrgetter

from sim.errors import ModelInvariantError
from sim.supply.logic import Logic
from sim.supply.timeline import Cause, Level
from sim.supply.work import Gap, Work, last_finished

_cause = partial(tuple.__new__, Cause)
"""`Cause` from a tuple of its fields: without the detour over its own __new__ a third of the time."""


class CriticalPath:
    """The causes of one replication's downtime."""

    __slots__ = ("_ends", "_gaps", "_horizon", "_logic", "_unfinished")

    def __init__(
        self, logic: Logic, gaps: Sequence[Gap], unfinished: Mapping[int, Sequence[Work]], horizon: float
    ) -> None:
        self._logic = logic
        self._horizon = horizon
        self._gaps = [gap for gap in gaps if gap.end > gap.start]
        self._unfinished = unfinished
        self._ends: dict[float, list[Gap]] = {}
        for gap in self._gaps:
            self._ends.setdefault(gap.end, []).append(gap)

    def causes(self, levels: Mapping[str, Level]) -> tuple[Cause, ...]:
        """The causes of all down intervals of all capabilities."""
        found: list[Cause] = []
        for name, level in levels.items():
            for outage, (start, end) in enumerate(level.down()):
                found += self._explain(name, outage, start, end)
        return tuple(found)

    def _explain(self, name: str, outage: int, start: float, end: float) -> list[Cause]:
        """The parts of one down interval, earliest first."""
        cut = end >= self._horizon
        work = self._unmade(name) if cut else self._made_up(name, end)
        found: list[Cause] = []
        time = end
        while True:
            while work is not None:
                low = work.start
                if low < start:
                    low = start
                if low < time:
                    job = work.job
                    censored = cut and time == end and work.end == inf
                    found.append(_cause((name, outage, job.cause, job.booked, time - low, censored)))
                    time = low
                    if time == start:
                        found.reverse()
                        return found
                work = _before(work)
            work = self._go_on(name, time)

    def _go_on(self, name: str, time: float) -> Work:
        """A walk has ended at `time`, inside the interval: the work from which it goes on.

        That is what brought the earliest-fallen supplier back; or, where nothing was being done about it yet,
        the absence of the supplier itself.
        """
        gap = self._earliest(name, time)
        if gap is None:
            raise ModelInvariantError(f"{name} is down at {time} h although no supplier it needs is")
        work = gap.restorer if gap.end < inf else min(self._unfinished[gap.view], key=attrgetter("place"))
        seen = work
        while seen is not None:
            if seen.start < time:
                return work if work is not None else gap.absence
            seen = _before(seen)
        return gap.absence

    def _made_up(self, name: str, time: float) -> Work | None:
        """The work whose end made a capability up."""
        reach = self._logic.reach[name]
        made: Work | None = None
        for gap in self._ends.get(time, ()):
            work = gap.restorer
            if gap.view in reach and work is not None and (made is None or work.job.order < made.job.order):
                made = work
        return made

    def _unmade(self, name: str) -> Work | None:
        """The unfinished work that began first among what a capability still needs at the horizon."""
        reach = self._logic.reach[name]
        still = [gap for gap in self._ends.get(inf, ()) if gap.view in reach]
        needed = self._logic.pivotal(name, sum(1 << gap.view for gap in still))
        works = [work for gap in still if needed >> gap.view & 1 for work in self._unfinished[gap.view]]
        return min(works, key=attrgetter("place"), default=None)

    def _earliest(self, name: str, time: float) -> Gap | None:
        """Of the smallest set that keeps a capability down just before `time`, the earliest-fallen."""
        reach = self._logic.reach[name]
        fallen = [gap for gap in self._gaps if gap.start < time <= gap.end and gap.view in reach]
        fallen.sort(key=lambda gap: gap.absence.place)
        kept = self._logic.cut(name, tuple([gap.view for gap in fallen]))
        return next((gap for gap in fallen if kept >> gap.view & 1), None)


def _before(work: Work) -> Work | None:
    """What finished last of what a work had to wait for, unless it was something else it waited for."""
    after = work.after
    if not after:
        return None
    before = after[0] if len(after) == 1 else last_finished(after)
    return before if before is not None and before.end >= work.start else None
