"""Work in the making: what becomes a `Record` when the replication is over.

In: what the replication does. Out: records in the order of the file, then of time, with their
predecessors' places in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import inf

from sim.supply.plan import Job
from sim.supply.timeline import Record


class Work:
    """One piece of work, wait or absence; ``end`` is infinite until then, ``after`` is what it waited for."""

    __slots__ = ("after", "end", "job", "start")

    def __init__(self, job: Job, start: float, after: tuple[Work, ...] = ()) -> None:
        self.job = job
        self.start = start
        self.end = inf
        self.after = after

    @property
    def place(self) -> tuple[float, int]:
        """Order of time, then of the file."""
        return self.start, self.job.order


class Gap:
    """A view without any capacity, from the fall of its role; ``restorer`` is the work whose end ended it."""

    __slots__ = ("absence", "end", "restorer", "start", "view")

    def __init__(self, view: int, absence: Work) -> None:
        self.view = view
        self.start = absence.start
        self.end = inf
        self.absence = absence
        self.restorer: Work | None = None


def last_finished(works: Sequence[Work]) -> Work | None:
    """The one that finished last; ties follow the file."""
    if len(works) < 2:
        return works[0] if works else None
    best: Work | None = None
    for work in works:
        if best is None or work.end > best.end or (work.end == best.end and work.job.order < best.job.order):
            best = work
    return best


_record = partial(tuple.__new__, Record)
"""`Record` from a tuple of its fields: without the detour over its own __new__ a third of the time."""


def records(works: list[Work]) -> tuple[Record, ...]:
    """All works as records."""
    works = sorted(works, key=_file_order)
    places = {work: place for place, work in enumerate(works)}
    made = []
    for work, place in places.items():
        job = work.job
        after = tuple([places[before] for before in work.after])
        made.append(_record((place, job.role, job.name, job.kind, work.start, work.end, after, job.label)))
    return tuple(made)


def _file_order(work: Work) -> tuple[int, float]:
    return work.job.order, work.start
