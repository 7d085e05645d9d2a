"""One role while a replication runs: who plays it, whether it is served, and what is done if not.

In: the set events, as acts of the calendar. Out: changes of how the role is seen, its absences, and the
responses they set off.

The rules that words leave open. An announced event aims at who plays the role when it is announced: if that
one has been replaced by the time it takes effect, it has no effect. A role is fallen while anything that
took its supplier away lasts; `restore` ends all of it, an outage's end only that outage. A supplier that
returns ends the response, unless it is to be continued or another announced loss of the same supplier is
still to come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.supply.calendar import OPERATOR, Act
from sim.supply.plan import EventPlan, RolePlan
from sim.supply.response import Response
from sim.supply.returning import EVERYTHING, NOTHING, Pieces
from sim.supply.work import Gap, Work

if TYPE_CHECKING:
    from sim.supply.run import Run

_WORDS = {"suspend": "suspended", "delist": "delisted", "outage": "outage"}


class Role:
    """A role that an event concerns.

    ``absence`` is open while it is fallen, ``detection`` while nobody knows, ``response`` is what is under
    way; ``gaps`` holds the open gap of each view that is down, ``states`` when it got into which state.
    """

    __slots__ = (
        "_attempts", "_causes", "_fresh", "_pending", "_player", "_warned", "absence", "detection", "gaps",
        "plan", "response", "run", "states",
    )  # fmt: skip

    def __init__(self, run: Run, plan: RolePlan) -> None:
        self.run = run
        self.plan = plan
        self.absence: Work | None = None
        self.detection: Work | None = None
        self.response: Response | None = None
        self.gaps: dict[int, Gap] = {}
        self.states: list[tuple[float, str]] = [(0.0, "up")]
        self._player = 0
        self._causes: set[str] = set()
        self._pending: dict[str, int] = {}
        self._attempts = 0
        self._warned = False
        self._fresh: dict[int, tuple[float, Pieces]] = {}

    # -- what suppliers do ---------------------------------------------------------------------------------

    def announce(self, act: Act) -> None:
        """An event is announced: the operator starts at once."""
        event: EventPlan = act.about
        now = self.run.calendar.now
        self._pending[event.id] = self._player
        self.run.log((now, self.plan.name, "announced", event.id))
        if self.absence is None:
            self._show(now, "notice")
        if self.plan.response is not None and self.response is None:
            self._respond(now)

    def strike(self, act: Act) -> None:
        """An event takes the supplier away."""
        event: EventPlan = act.about
        now = self.run.calendar.now
        announced = event.id in self._pending
        if announced and self._pending.pop(event.id) != self._player:
            self.run.log((now, self.plan.name, "without effect", event.id))
            self._uncover(now)
            return
        self._causes.add(event.id)
        self.run.log((now, self.plan.name, _WORDS[event.verb], event.id))
        if self.absence is None:
            self._warned = announced
            self._fall(now)
        if self.plan.holds_data and event.verb != "outage":
            self._lose_data()

    def recover(self, act: Act) -> None:
        """An outage ends."""
        event: EventPlan = act.about
        if event.id in self._causes:
            self._causes.remove(event.id)
            if not self._causes:
                self._rise("outage over", event.id)

    def lift(self, act: Act) -> None:
        """The supplier is reinstated, whatever took it away."""
        if self.absence is not None:
            self._causes.clear()
            self._rise("restored", act.about.id)

    # -- down and up ---------------------------------------------------------------------------------------

    def _fall(self, now: float) -> None:
        run, plan, response = self.run, self.plan, self.response
        self.absence = absence = Work(plan.absence, now)
        run.works.append(absence)
        for view in plan.used:
            head = None if response is None else response.staged.get(view)
            if head is None:
                self.gaps[view] = gap = Gap(view, absence)
                run.gaps.append(gap)
                run.changes.append((now, view, NOTHING, now))
            elif head[0] + head[1][-1][0] > now:
                run.changes.append((now, view, head[1], head[0]))
        self._show(now, "suspended")
        if response is not None:
            response.item(response.plan.outage, None)
        elif plan.response is not None:
            self._notice_it(now)

    def _notice_it(self, now: float) -> None:
        """Nobody was told: it takes a while until the operator sees it."""
        plan = self.plan.response
        assert plan is not None
        hours = self.run.tables[plan.role].row(self._attempts, self.run.k)[plan.times]
        self._attempts += 1
        self.detection = detection = Work(plan.detecting, now)
        if hours > 0.0:
            self.run.works.append(detection)
        Act(self.run.calendar, OPERATOR, hours, self._detected, detection)

    def _detected(self, act: Act) -> None:
        if self.detection is act.about:
            now = self.run.calendar.now
            self.run.log((now, self.plan.name, "detected", self.plan.name))
            self._respond(now)

    def _respond(self, now: float) -> None:
        plan, detection = self.plan.response, self.detection
        assert plan is not None
        after: tuple[Work, ...] = ()
        if detection is None:
            self._attempts += 1
        else:
            self.detection = None
            detection.end = now
            if now > detection.start:
                after = (detection,)
        self.response = Response(self, plan, self._attempts - 1, after)
        self.response.start()

    def _rise(self, word: str, cause: str) -> None:
        """The supplier itself serves again, fully and at once."""
        run, now, absence = self.run, self.run.calendar.now, self.absence
        assert absence is not None
        absence.end = now
        self.absence = None
        run.log((now, self.plan.name, word, cause))
        for gap in self.gaps.values():
            gap.end, gap.restorer = now, absence
        self.gaps = {}
        for view in self.plan.used:
            run.changes.append((now, view, EVERYTHING, now))
        if self.detection is not None:
            self.detection.end = now
            self.detection = None
        more_to_come = self._player in self._pending.values()
        self._show(now, "notice" if more_to_come else "up" if self._player == 0 else "replaced")
        response = self.response
        if response is not None and (response.failed or not (more_to_come or response.plan.goes_on)):
            self.response = None
            response.abandon()
        if self.response is None:
            run.release(self.plan.name, absence)

    def replaced(self, staged: dict[int, tuple[float, Pieces]]) -> None:
        """The response is finished: somebody else plays the role."""
        now = self.run.calendar.now
        self._player += 1
        self._causes.clear()
        self.response = None
        if self.absence is None:
            self._fresh = staged
        else:
            if self.plan.holds_data:
                self._lose_data()
            self.absence.end = now
            self.absence = None
        self.run.log((now, self.plan.name, "replaced", self.plan.name))
        self._show(now, "replaced")

    def _uncover(self, now: float) -> None:
        """The old supplier stops: who was replaced a moment before still has its ramp to go."""
        if self.absence is None:
            for view, (since, form) in self._fresh.items():
                if since + form[-1][0] > now:
                    self.run.changes.append((now, view, form, since))

    # -- books ---------------------------------------------------------------------------------------------

    def _lose_data(self) -> None:
        assert self.absence is not None
        self.run.lose_data(self.absence.start, self._warned)

    def _show(self, now: float, state: str) -> None:
        states = self.states
        if states[-1][0] == now:
            states.pop()
        if not states or states[-1][1] != state:
            states.append((now, state))
