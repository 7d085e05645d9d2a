"""What is told of a replication when somebody asks: its records, happenings and causes.

In: a replication that is over, and its levels. Out: the three accounts, each made when first asked for: most
replications of a study are asked for their causes alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from sim.supply.critical_path import CriticalPath
from sim.supply.logic import Logic
from sim.supply.run import Run
from sim.supply.timeline import Cause, Happening, Level, Record
from sim.supply.unfinished import Unfinished
from sim.supply.work import records

_happening = partial(tuple.__new__, Happening)
"""`Happening` from a tuple of its fields: without the detour over its own __new__ a third of the time."""


class Account:
    """The accounts of one replication. Holds what they are made from, and nothing else of the run."""

    __slots__ = ("_gaps", "_happenings", "_horizon", "_levels", "_logic", "_unfinished", "_works")

    def __init__(self, logic: Logic, run: Run, levels: Mapping[str, Level]) -> None:
        self._logic = logic
        self._levels = levels
        self._works = run.works
        self._happenings = run.happenings
        self._gaps = run.gaps
        self._unfinished = Unfinished(run).of
        self._horizon = run.timetable.horizon

    def records(self) -> tuple[Record, ...]:
        """All works, waits and absences."""
        return records(self._works)

    def happenings(self) -> tuple[Happening, ...]:
        """What happened, in order."""
        return tuple(map(_happening, self._happenings))

    def causes(self) -> tuple[Cause, ...]:
        """What every hour of downtime was spent on."""
        path = CriticalPath(self._logic, self._gaps, self._unfinished, self._horizon)
        return path.causes(self._levels)
