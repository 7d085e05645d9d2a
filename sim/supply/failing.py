"""Failures at random, each repaired by the supplier itself: alternating renewal processes.

In: tables of hours to the next failure and of hours that it lasts, a row a failure. Out: causes that take
roles down and end. Nobody is warned, and the supplier comes back by itself, so to the operator a failure is
like an outage that was not announced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.supply.calendar import RESTORE, SUPPLIER, Act

if TYPE_CHECKING:
    from sim.supply.plan import GroupPlan
    from sim.supply.role import Role
    from sim.supply.run import Run


class Failing:
    """The failures of whoever plays one role.

    The next failure comes so long after the start, or after the end of an absence of whatever cause: who is
    not there cannot fail. A failure that was due meanwhile is overtaken, and its draws are used up.

    Checked by: tests/theory/test_d1_by_simulation.py, tests/unit/test_supply_suppliers_failing.py
    """

    __slots__ = ("_due", "_fails", "_number", "_role")

    def __init__(self, role: Role, fails: str) -> None:
        self._role = role
        self._fails = fails
        self._number = 0
        self._due: Act | None = None

    def begin(self) -> None:
        """The supplier is there: its next failure is due some time from now."""
        run = self._role.run
        after, lasts = run.tables[self._fails].row(self._number, run.k)
        self._number += 1
        self._due = Act(run.calendar, SUPPLIER, after, self._fail, lasts)

    def stop(self) -> None:
        """The supplier is gone or down; what was due is out of date."""
        self._due = None

    def _fail(self, act: Act) -> None:
        if act is not self._due:
            return
        role, lasts = self._role, act.about
        calendar = role.run.calendar
        if calendar.now + lasts <= calendar.now:  # too short to be seen
            self.begin()
            return
        cause = (self._fails, self._number)
        Act(calendar, RESTORE, lasts, self._repaired, cause)
        role.hit(cause, "failed", self._fails)

    def _repaired(self, act: Act) -> None:
        self._role.free(act.about, "repaired", self._fails)


class GroupFailing:
    """Failures that take all members of a group down at once, and end for all of them at once.

    The next one comes so long after the start, or after the end of the last, whoever is there by then.

    Checked by: tests/theory/test_d5_by_simulation.py, tests/unit/test_supply_suppliers_groups.py
    """

    __slots__ = ("_members", "_number", "_plan", "_run")

    def __init__(self, run: Run, plan: GroupPlan) -> None:
        self._run = run
        self._plan = plan
        self._members = [run.roles[name] for name in plan.members]
        self._number = 0

    def begin(self) -> None:
        """The next failure is due some time from now."""
        run = self._run
        after, lasts = run.tables[self._plan.fails].row(self._number, run.k)
        self._number += 1
        Act(run.calendar, SUPPLIER, after, self._fail, lasts)

    def _fail(self, act: Act) -> None:
        lasts, calendar, plan = act.about, self._run.calendar, self._plan
        if calendar.now + lasts <= calendar.now:
            self.begin()
            return
        cause = (plan.fails, self._number)
        Act(calendar, RESTORE, lasts, self._repaired, cause)
        for role in self._members:
            if plan.whoever or role.player == 0:
                role.hit(cause, "failed", plan.fails)

    def _repaired(self, act: Act) -> None:
        for role in self._members:
            role.free(act.about, "repaired", self._plan.fails)
        self.begin()
