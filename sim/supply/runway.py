"""How long the operator holds out: when the headline has been down for so long at a stretch, it gives up.

In: changes of what is seen of the suppliers, while a replication runs. Out: the end of all responses,
searches and appeals, once. Nobody responds any more after that; suppliers may still come back by themselves.

Looked at when all that happens at an instant has happened, so that whoever leaves at the very moment at which
another is back does not begin a new stretch. Only scenarios that say `runway` come here.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from sim.supply.calendar import OPERATOR, REPORT, Act
from sim.supply.timeline import GAVE_UP
from sim.supply.work import Work

if TYPE_CHECKING:
    from sim.supply.role import Role
    from sim.supply.run import Change, Run


class Noted(list["Change"]):
    """Changes that somebody looks at."""

    def __init__(self, runway: Runway) -> None:
        super().__init__()
        self._runway = runway

    def append(self, change: Change) -> None:
        """A change, to be looked at when the instant is over."""
        super().append(change)
        self._runway.changed()


class Runway:
    """The patience of one operator."""

    __slots__ = ("_due", "_hours", "_looks", "_run")

    def __init__(self, run: Run, hours: float) -> None:
        self._run: Run | None = run
        self._hours = hours
        self._looks = False
        self._due: Act | None = None

    def changed(self) -> None:
        """Something is seen otherwise than before."""
        if not self._looks and self._run is not None:
            self._looks = True
            Act(self._run.calendar, REPORT, 0.0, self._look, None)

    def close(self) -> None:
        """Let go of the run."""
        self._run = None

    def _look(self, act: Act) -> None:
        run = self._run
        assert run is not None
        self._looks = False
        down = sum(1 << view for role in run.roles.values() for view in role.gaps)
        if not run.timetable.logic.is_down(run.timetable.operator.headline, down):
            self._due = None
        elif self._due is None and not run.gave_up:
            self._due = Act(run.calendar, OPERATOR, self._hours, self._give_up, None)

    def _give_up(self, act: Act) -> None:
        run = self._run
        if act is not self._due or run is None:
            return
        run.gave_up = True
        run.watched.clear()
        run.log((run.calendar.now, "operator", GAVE_UP, run.timetable.operator.headline))
        for role in run.roles.values():
            _stop(role)


def _stop(role: Role) -> None:
    """Nothing more is done for a role; what was under way is what the giving up came after."""
    run, response = role.run, role.response
    now = run.calendar.now
    works: list[Work | None] = [role.detection, None if role.appeal is None else role.appeal.work]
    if response is not None:
        works += [response.failed, None if response.search is None else response.search.work]
        works += [*response.working.values(), *(wait for _, wait in response.waiting.values())]
    open_works = tuple(work for work in works if work is not None and work.end == inf)
    if role.detection is not None:
        role.detection.end = now
        role.detection = None
    role.end_appeal()
    if response is not None:
        role.response = None
        response.abandon()
    if role.absence is not None:
        role.gave_up = Work(role.plan.giving_up, now, open_works)
        run.works.append(role.gave_up)
