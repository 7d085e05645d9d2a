"""The search of one response: candidates are asked in order until one says yes.

In: who is asked, what each would answer, and after what time. Out: the item "found", or nothing for ever.
At any time so many enquiries are open; the first acceptance wins, what is open then is withdrawn and is not
a refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.supply.calendar import OPERATOR, SUPPLIER, Act
from sim.supply.plan import SearchPlan
from sim.supply.work import Work

if TYPE_CHECKING:
    from sim.supply.response import Response


class Search:
    """One search. ``over`` once somebody accepted, nobody is left, or nobody wants to know any more."""

    __slots__ = ("_answers", "_asked", "_open", "_plan", "_response", "_run", "over", "work")

    def __init__(self, response: Response, plan: SearchPlan, after: tuple[Work, ...]) -> None:
        self._plan = plan
        self._response = response
        self._run = run = response.run
        self._answers = response.row[plan.answers :]
        self._asked = 0
        self._open: list[int] = []
        self.over = False
        self.work = Work(plan.work, run.calendar.now, after)
        run.works.append(self.work)

    def ask(self, act: Act | None = None) -> None:
        """Ask as many as may be asked at once. Nobody left to ask and nobody to wait for: the end."""
        if self.over:
            return
        plan, run, waiting, asked = self._plan, self._run, self._open, self._asked
        now, entities = run.calendar.now, plan.entities
        for j in range(asked, min(asked + plan.at_once - len(waiting), len(entities))):
            waiting.append(j)
            run.log((now, entities[j], "asked", plan.work.cause))
            Act(run.calendar, SUPPLIER, self._answers[len(entities) + j], self._answer, j)
            self._asked += 1
            run.contacted += 1
        if not waiting:
            self._exhausted()

    def _answer(self, act: Act) -> None:
        if self.over:
            return
        j: int = act.about
        plan, run = self._plan, self._run
        self._open.remove(j)
        if self._answers[j]:
            self._accepted(j)
            return
        run.refused += 1
        run.log((run.calendar.now, plan.entities[j], "refused", plan.work.cause))
        if plan.at_once == 1:
            self.ask()
        else:  # others may answer at this very instant, before the operator can ask the next
            Act(run.calendar, OPERATOR, 0.0, self.ask, None)

    def _accepted(self, j: int) -> None:
        self.work.end = now = self._run.calendar.now
        self._run.log((now, self._plan.entities[j], "accepted", self._plan.work.cause))
        self._withdraw(now)
        self._response.search = None
        self._response.item(self._response.plan.found, self.work)

    def _withdraw(self, now: float) -> None:
        self.over = True
        for j in self._open:
            self._run.log((now, self._plan.entities[j], "withdrawn", self._plan.work.cause))

    def _exhausted(self) -> None:
        self.over = True
        run, nobody = self._run, self._plan.nobody
        now = run.calendar.now
        self.work.end = now
        after = (self.work,) if now > self.work.start else self.work.after
        end = Work(nobody, now, after)
        run.works.append(end)
        run.log((now, nobody.role, nobody.cause, self._plan.work.cause))
        self._response.failed = end
        self._response.search = None

    def abandon(self) -> None:
        """Nobody wants to know any more; open enquiries are withdrawn."""
        if not self.over:
            self.work.end = self._run.calendar.now
            self._withdraw(self.work.end)
