"""Asking a supplier to come back: applications and reviews, until one is granted or there are no more.

In: a role whose supplier of the start has decided to leave, or has said that it will. Out: the supplier's
return, or nothing. Runs beside the search for a replacement; whichever comes first ends the other, as the
response's `if_supplier_returns` says.

The rules that words leave open. An appeal is about one loss; the next loss is another, with the next draws.
It needs no engineers, and who has taken over cannot be asked back. Granted before the loss takes effect, it
takes back the announcement. What it waits for need not be done if nobody replaces that role.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from sim.supply.calendar import OPERATOR, SUPPLIER, Act
from sim.supply.plan import AppealPlan
from sim.supply.work import Work

if TYPE_CHECKING:
    from sim.supply.role import Role


class Appeal:
    """One appeal. ``over`` once it is decided or not wanted any more; ``work`` is what is under way."""

    __slots__ = ("_after", "_made", "_plan", "_role", "_waits", "over", "work")

    def __init__(self, role: Role, plan: AppealPlan) -> None:
        self._role = role
        self._plan = plan
        self._made = 0
        self._after: tuple[Work, ...] = ()
        self._waits = len(plan.needs) + plan.outage
        self.over = False
        self.work: Work | None = None

    def begin(self) -> None:
        """Wait for what has to be done first, or apply at once."""
        run = self._role.run
        for role, item in self._plan.needs:
            if run.settled(role, item):
                self._waits -= 1
            else:
                run.watch(role, item, self, 0)
        if self._plan.outage and self._role.absence is not None:
            self._waits -= 1
        if not self._waits:
            self._apply()

    def hear(self, task: int, work: Work | None) -> None:
        """Something it waits for is done."""
        if work is not None:
            self._after = (*self._after, work)
        self._waits -= 1
        if not self._waits:
            self._apply()

    def fallen(self) -> None:
        """The loss that was announced has come."""
        if self._plan.outage and self.work is None and not self.over:
            self.hear(0, None)

    def _apply(self, act: Act | None = None) -> None:
        """An application is made; its answer takes as long as its draw says."""
        if self.over:
            return
        role, plan = self._role, self._plan
        run = role.run
        review, granted, pause = run.tables[plan.table].row(role.appeals, run.k)
        role.appeals += 1
        self._made += 1
        self.work = Work(plan.work, run.calendar.now, self._after)
        run.works.append(self.work)
        run.log((run.calendar.now, plan.work.role, "appealed", plan.work.cause))
        Act(run.calendar, SUPPLIER, review, self._decide, (granted, pause))

    def _decide(self, act: Act) -> None:
        if self.over:
            return
        granted, pause = act.about
        role, plan, work = self._role, self._plan, self.work
        assert work is not None
        run = role.run
        work.end = now = run.calendar.now
        if granted:
            self.over = True
            run.log((now, plan.work.role, "appeal granted", plan.work.cause))
            role.reinstated(plan.work.cause, work)
            return
        run.log((now, plan.work.role, "appeal refused", plan.work.cause))
        if self._made >= plan.at_most:
            self.over = True
            return
        self._after = (work,)
        if pause > 0.0:
            self.work = Work(plan.work, now, self._after)
            run.works.append(self.work)
            self._after = (self.work,)
        Act(run.calendar, OPERATOR, pause, self._again, None)

    def _again(self, act: Act) -> None:
        if self.over:
            return
        assert self.work is not None
        self.work.end = min(self.work.end, self._role.run.calendar.now)
        self._apply()

    def abandon(self) -> None:
        """Nobody wants the supplier back any more, or it is back for another reason."""
        self.over = True
        if self.work is not None and self.work.end == inf:
            self.work.end = self._role.run.calendar.now
