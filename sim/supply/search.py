"""The search of one response: candidates are asked in order until one says yes.

In: who is asked, what each would answer, and after what time. Out: the item "found", or nothing for ever.
At any time so many enquiries are open; the first acceptance wins, what is open then is withdrawn and is not
a refusal.

The rules that words leave open. Those who stand by are asked together, and the next tier only when all of
one have answered. What publicity leaves of an acceptance is known when a candidate is asked. Between the yes
and "found" lies the candidate's lead. If it goes back on its word, all that rests on it is undone, and the
search goes on: first with those whose enquiry was withdrawn for its sake, who are asked anew, then with those
who have not been asked yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from sim.supply.calendar import OPERATOR, SUPPLIER, Act
from sim.supply.plan import SearchPlan
from sim.supply.undoing import undo
from sim.supply.work import Work

if TYPE_CHECKING:
    from sim.supply.response import Response


class Search:
    """One search. ``over`` once somebody accepted, nobody is left, or nobody wants to know any more.

    ``work`` is what is under way: the search, or the lead of who has accepted, who is ``accepted``.
    """

    __slots__ = (
        "_answers", "_asked", "_left", "_odds", "_open", "_order", "_plan", "_response", "_run", "accepted",
        "over", "work",
    )  # fmt: skip

    def __init__(self, response: Response, plan: SearchPlan, after: tuple[Work, ...]) -> None:
        self._plan = plan
        self._response = response
        self._run = run = response.run
        self._answers: Sequence[Any] = response.row[plan.answers :]
        self._order: Sequence[int] = range(len(plan.entities))
        self._asked = 0
        self._open: dict[int, Act] = {}
        self._left: list[int] = []
        self._odds: dict[int, float] = {}
        self.accepted: int | None = None
        self.over = False
        self.work = Work(plan.work, run.calendar.now, after)
        run.works.append(self.work)
        if response.role.again:
            self._renew(j for j in self._order if ~j in response.role.again)

    def ask(self, act: Act | None = None) -> None:
        """Ask as many as may be asked at once. Nobody left to ask and nobody to wait for: the end."""
        if self.over:
            return
        plan, run, waiting, order = self._plan, self._run, self._open, self._order
        now, entities, answers, publicity = run.calendar.now, plan.entities, self._answers, plan.publicity
        room = plan.at_once - len(waiting) if not plan.tiers else self._room()
        for place in range(self._asked, min(self._asked + room, len(order))):
            j = order[place]
            run.log((now, entities[j], "asked", plan.work.cause))
            waiting[j] = Act(run.calendar, SUPPLIER, answers[len(entities) + j], self._answer, j)
            self._asked += 1
            run.contacted += 1
            if publicity >= 0:
                self._odds[j] = (1.0 - self._response.row[publicity]) ** run.departures.number
        if not waiting:
            self._exhausted()

    def _room(self) -> int:
        """How many more may be asked now: all of one tier, and of a batch only when it begins."""
        plan, order, asked = self._plan, self._order, self._asked
        if asked == len(order) or (self._open and plan.batches):
            return 0
        end, at_once = next(tier for tier in plan.tiers if order[asked] < tier[0])
        begin = max((other for other, _ in plan.tiers if other < end), default=0)
        if any(j < begin for j in self._open):
            return 0
        room = max(at_once - len(self._open), 0)
        return sum(j < end for j in order[asked : asked + room])

    def _renew(self, some: Iterable[int]) -> None:
        """Those of some who are asked anew answer by their next draws."""
        response, at = self._response, self._plan.answers
        answers, behind = [*self._answers], len(self._plan.entities)
        for j in some:
            row = response.row_of(~j)
            answers[j], answers[behind + j] = row[at + j], row[at + behind + j]
        self._answers = answers

    def _answer(self, act: Act) -> None:
        j: int = act.about
        if self.over or self._open.get(j) is not act:
            return
        plan, run = self._plan, self._run
        del self._open[j]
        answer = self._answers[j]
        if answer if plan.publicity < 0 else answer < self._odds[j]:
            self._accepted(j)
            return
        run.refused += 1
        run.log((run.calendar.now, plan.entities[j], "refused", plan.work.cause))
        if plan.at_once == 1:
            self.ask()
        else:  # others may answer at this very instant, before the operator can ask the next
            Act(run.calendar, OPERATOR, 0.0, self.ask, None)

    # -- a yes -----------------------------------------------------------------------------------------------

    def _accepted(self, j: int) -> None:
        plan, response = self._plan, self._response
        self.work.end = now = self._run.calendar.now
        self._run.log((now, plan.entities[j], "accepted", plan.work.cause))
        self._withdraw(now)
        self.accepted = j
        if plan.special:
            self._engage(j)
            return
        response.search = None
        response.player, response.who = j, plan.names[j]
        response.item(response.plan.found, self.work)

    def _engage(self, j: int) -> None:
        """The time from the yes until work can begin, in which the candidate may already change its mind."""
        plan, run, row = self._plan, self._run, self._response.row_of(~j)
        if plan.withdraws >= 0 and row[plan.withdraws + j] < inf:
            Act(run.calendar, SUPPLIER, row[plan.withdraws + j], self._go_back, j)
        lead = row[plan.leads + j] if plan.leads >= 0 else 0.0
        if lead == 0.0:
            self._found(j)
            return
        self.work = Work(plan.lead, run.calendar.now, (self.work,))
        run.works.append(self.work)
        Act(run.calendar, OPERATOR, lead, self._led, self.work)

    def _led(self, act: Act) -> None:
        if self._response.over or self.work is not act.about or self.accepted is None:
            return
        self.work.end = self._run.calendar.now
        self._found(self.accepted)

    def _found(self, j: int) -> None:
        plan, response = self._plan, self._response
        if plan.withdraws < 0:
            response.search = None
        response.player, response.who = j, plan.names[j]
        response.engaged(plan, self.work)

    def _go_back(self, act: Act) -> None:
        """The candidate withdraws: all that rests on its yes is lost, and the search goes on."""
        response, run, plan, j = self._response, self._run, self._plan, self.accepted
        if response.over or j != act.about:
            return
        assert j is not None
        now = run.calendar.now
        run.withdrew += 1
        run.log((now, plan.entities[j], "withdrew", plan.work.cause))
        after = undo(response)
        if self.work.end == inf:
            self.work.end = now
            after = (self.work,)
        again = response.role.again
        for other in self._left:
            again[~other] = again.get(~other, 0) + 1
        self._renew(self._left)
        self._order = (*self._left, *self._order[self._asked :])
        self._asked = 0
        self._left = []
        self.accepted = response.player = None
        self.over = False
        self.work = Work(plan.work, now, after)
        run.works.append(self.work)
        self.ask()

    # -- ends ------------------------------------------------------------------------------------------------

    def _withdraw(self, now: float) -> None:
        self.over = True
        self._left = [*self._open]
        self._open = {}
        for j in self._left:
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

    def close(self) -> None:
        """Let go of whoever has still to answer when the run is over."""
        self._open.clear()

    def abandon(self) -> None:
        """Nobody wants to know any more; open enquiries are withdrawn."""
        now = self._run.calendar.now
        if self.work.end == inf:
            self.work.end = now
        if not self.over:
            self._withdraw(now)
