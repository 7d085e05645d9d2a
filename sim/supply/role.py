"""One role while a replication runs: who plays it, whether it is served, and what is done if not.

In: the set events and what suppliers do of themselves, as acts of the calendar. Out: changes of how the role
is seen, its absences, and the responses they set off.

The rules that words leave open. An announced event aims at who plays the role when it is announced: if that
one has been replaced by the time it takes effect, it has no effect. A role is fallen while anything that
took its supplier away lasts; an outage's end ends only that outage, `restore` all of it, except that what the
supplier stands on may still be down and that an account that is terminated stays so. A supplier that returns
ends the response, unless it is to be continued or another announced loss of the same supplier is still to
come.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from sim.supply import replacing
from sim.supply.appeal import Appeal
from sim.supply.calendar import OPERATOR, Act
from sim.supply.degrading import Degraded
from sim.supply.nature import Nature
from sim.supply.plan import EventPlan, RolePlan
from sim.supply.response import Response
from sim.supply.returning import EVERYTHING, NOTHING, Pieces, complete
from sim.supply.upstream import LOST
from sim.supply.work import Gap, Work

if TYPE_CHECKING:
    from sim.supply.run import Run

_WORDS = {
    "suspend": "suspended",
    "terminate": "terminated",
    "delist": "delisted",
    "outage": "outage",
    "leaves": "left",
}

_REVOCABLE = frozenset({"suspend", "delist", "leaves"})
"""Decisions that an appeal can take back."""


class Role:
    """A role that an event concerns.

    ``absence`` is open while it is fallen, ``detection`` while nobody knows, ``response`` is what is under
    way; ``gaps`` holds the open gap of each view that is down, ``states`` when it got into which state.
    ``players`` says who serves from when on, ``whole`` how much who serves now can carry, ``again`` how often
    a task was done or a candidate asked more than once in a response (see `Response.row_of`).
    ``decided`` says whether it is gone by a decision. ``player`` counts who has played it: 0 is who did at
    the start. ``nature`` is what befalls it by itself, ``degraded`` what is left of its capacity, ``forms``
    are the shapes of those views that came back otherwise than at once.
    """

    __slots__ = (
        "_attempts", "_causes", "_ended", "_fresh", "_pending", "_warned", "absence", "again", "appeal",
        "appeals", "decided", "degraded", "detection", "forms", "gaps", "gave_up", "nature", "plan",
        "player", "players", "response", "run", "states", "whole",
    )  # fmt: skip

    def __init__(self, run: Run, plan: RolePlan) -> None:
        self.run = run
        self.plan = plan
        self.absence: Work | None = None
        self.detection: Work | None = None
        self.response: Response | None = None
        self.gaps: dict[int, Gap] = {}
        self.states: list[tuple[float, str]] = [(0.0, "up")]
        self.player = 0
        self._causes: set[Hashable] = set()
        self._pending: dict[str, int] = {}
        self.players: list[tuple[float, str | None]] = [(0.0, "")]
        self.whole: Pieces = EVERYTHING
        self.again: dict[int, int] = {}
        self.decided = False
        self.appeal: Appeal | None = None
        self.appeals = 0
        self.gave_up: Work | None = None
        self._attempts = 0
        self._warned = False
        self._fresh: dict[int, tuple[float, Pieces]] = {}
        self.forms: dict[int, tuple[float, Pieces]] = {}
        self._ended = -1
        self.degraded = Degraded(self) if plan.degrades else None
        self.nature = None if plan.nature is None else Nature(self, plan.nature)

    # -- what suppliers do ---------------------------------------------------------------------------------

    def announce(self, act: Act) -> None:
        """An event is announced: the operator starts at once."""
        event: EventPlan = act.about
        now = self.run.calendar.now
        self._pending[event.id] = self.player
        self.run.log((now, self.plan.name, "announced", event.id))
        if self.absence is None:
            self._show(now, "notice")
        if self.run.timetable.operator.waits or self.run.gave_up:
            return
        if self.plan.response is not None and self.response is None:
            self._respond(now)
        if self.plan.appeal is not None and event.verb in _REVOCABLE:
            self._appeal()

    def strike(self, act: Act) -> None:
        """An event takes the supplier away."""
        event: EventPlan = act.about
        now = self.run.calendar.now
        announced = event.id in self._pending
        if announced and self._pending.pop(event.id) != self.player:
            self.run.log((now, self.plan.name, "without effect", event.id))
            self._uncover(now)
            return
        if event.verb == "terminate":
            self._ended = self.player
        self.hit(event.id, _WORDS[event.verb], event.id, announced=announced)
        if event.verb != "outage":
            self.leave(self.run.extra(event) if event.extra else 0.0)

    def leave(self, grace: float = 0.0) -> None:
        """Whoever played the role has decided to go: it counts as one that has left, and its data are lost.

        They can be copied out for the hours of `grace`.
        """
        if not self.decided:
            self.decided = True
            self.run.departures.add(self)
            if self.nature is not None:
                self.nature.gone()
        if self.plan.holds_data:
            self.lose_data(grace)
        if self.plan.appeal is not None:
            if self._ended == self.player or self.run.gave_up:
                self.end_appeal()
            elif self.detection is None:  # else once somebody has noticed
                self._appeal()

    def _appeal(self) -> None:
        """Ask the supplier of the start to come back, if it is that one and this is not under way."""
        assert self.plan.appeal is not None
        if self.appeal is not None:
            self.appeal.fallen()
        elif self.player == 0:
            self.appeal = Appeal(self, self.plan.appeal)
            self.appeal.begin()

    def reinstated(self, cause: str, work: Work) -> None:
        """An appeal is granted: the supplier is back, or stays."""
        if self.absence is not None:
            self._readmit(cause, work)
            return
        now, self.appeal = self.run.calendar.now, None
        kept = {event.id for event in self.run.timetable.events if event.verb not in _REVOCABLE}
        for event in {*self._pending} - kept:
            self._pending[event] = -1  # whoever plays the role, it is not who this was announced to
        if self.player not in self._pending.values():
            self._show(now, "up")
            if self.response is not None and not self.response.plan.goes_on:
                response, self.response = self.response, None
                response.abandon()
                self.run.release(self.plan.name, work)

    def end_appeal(self) -> None:
        """Nobody wants the supplier of the start back any more, or it is back."""
        if self.appeal is not None:
            self.appeal.abandon()
            self.appeal = None

    def hit(self, cause: Hashable, word: str, why: str, *, announced: bool = False) -> None:
        """Something takes whoever plays the role away, until that very cause is over.

        Without a word for it nothing is told of it: who is down already does not fall.
        """
        now = self.run.calendar.now
        self._causes.add(cause)
        if word:
            self.run.log((now, self.plan.name, word, why))
        if self.absence is None:
            self._warned = announced
            self._fall(now)

    def recover(self, act: Act) -> None:
        """An outage ends."""
        event: EventPlan = act.about
        self.free(event.id, "outage over", event.id)

    def free(self, cause: Hashable, word: str, why: str, by: Work | None = None) -> None:
        """One cause is over, if it still lasts; with the last one the supplier serves again."""
        if cause in self._causes:
            self._causes.remove(cause)
            if not self._causes:
                self._rise(word, why, by)

    def suffers(self, cause: Hashable, *, only: bool = False) -> bool:
        """Whether this cause keeps the role down, or nothing else does."""
        return cause in self._causes and not (only and len(self._causes) > 1)

    def lift(self, act: Act) -> None:
        """The supplier is reinstated, whatever took it away."""
        if self.absence is not None and self._ended == self.player:
            self.run.log((self.run.calendar.now, self.plan.name, "account gone", act.about.id))
            return
        if self.degraded:
            if self.absence is None:
                self.run.log((self.run.calendar.now, self.plan.name, "restored", act.about.id))
            self.degraded.clear()
        if self.absence is not None:
            self._readmit(act.about.id)

    def _readmit(self, why: str, by: Work | None = None) -> None:
        """Whatever took the supplier away is over; what it stands on may still be down."""
        self._causes.intersection_update((LOST,))
        had_left = self.decided
        if not self._causes:
            self._rise("restored", why, by)
        else:
            assert self.nature is not None
            assert self.nature.upstream is not None
            above = self.nature.upstream.missing()[0].plan.name
            self.run.log((self.run.calendar.now, self.plan.name, "upstream down", above))
            self.decided = False
            self.end_appeal()
        if had_left and self.nature is not None:
            self.nature.readmitted()

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
            elif not complete(*head, now):
                run.changes.append((now, view, head[1], head[0]))
        self._show(now, "suspended")
        self.players.append((now, None))
        if response is not None:
            response.item(response.plan.outage, None)
        elif plan.response is not None and not run.gave_up:
            if self._warned and run.timetable.operator.waits:
                self._respond(now)  # it was told, and has waited for this
            else:
                self._notice_it(now)
        if self.nature is not None:
            self.nature.fallen()

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
            if self.plan.appeal is not None and self.decided and self._ended != self.player:
                self._appeal()

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

    def _rise(self, word: str, cause: str, by: Work | None = None) -> None:
        """The supplier itself serves again, fully and at once; `by` is the work that has led to it."""
        run, now, absence = self.run, self.run.calendar.now, self.absence
        assert absence is not None
        absence.end = now
        self.absence = None
        run.log((now, self.plan.name, word, cause))
        for gap in self.gaps.values():
            gap.end, gap.restorer = now, by or absence
        self.gaps = {}
        self.decided = False
        if self.appeal is not None:
            self.end_appeal()
        if self.gave_up is not None:
            self.gave_up.end = now
            self.gave_up = None
        if run.data is not None:
            run.data.open(self.plan.name)
        self.players.append((now, self.players[-2][1]))
        self.forms = {}
        form = self.degraded.seen(self.whole) if self.degraded else self.whole
        for view in self.plan.used:
            run.changes.append((now, view, form, now))
        if self.detection is not None:
            self.detection.end = now
            self.detection = None
        more_to_come = self.player in self._pending.values()
        self._show(now, "notice" if more_to_come else "up" if self.player == 0 else "replaced")
        response = self.response
        if response is not None and (response.failed or not (more_to_come or response.plan.goes_on)):
            self.response = None
            response.abandon()
        if self.response is None:
            run.release(self.plan.name, by or absence)
        if self.nature is not None:
            self.nature.back(by or absence)

    def replaced(self, staged: dict[int, tuple[float, Pieces]]) -> None:
        """The response is finished: somebody else plays the role."""
        now = self.run.calendar.now
        self.player += 1
        assert self.response is not None
        by = self.response.restorer(-1) if self.nature is not None else None
        self.players.append((now, self.response.who))
        self.whole = EVERYTHING
        if self.response.plan.special:
            replacing.take_over(self, self.response)
        if self.appeal is not None:
            self.end_appeal()
        self.decided = False
        self._causes.clear()
        self.response = None
        fallen = self.absence is not None
        if self.absence is None:
            self._fresh = staged
        else:
            self.forms = staged
            if self.plan.holds_data:
                self.lose_data()
            self.absence.end = now
            self.absence = None
        if self.run.data is not None:
            self.run.data.open(self.plan.name)
        self.run.log((now, self.plan.name, "replaced", self.plan.name))
        self._show(now, "replaced")
        if self.degraded is not None:
            self.degraded.clear()
        if self.nature is not None:
            if fallen:
                self.nature.back(by)
            self.nature.taken_over()

    def _uncover(self, now: float) -> None:
        """The old supplier stops: who was replaced a moment before still has its ramp to go."""
        if self.absence is None:
            self.forms = self._fresh
            for view, (since, form) in self._fresh.items():
                left = self.degraded.seen(form) if self.degraded else form
                if not complete(since, left, now):
                    self.run.changes.append((now, view, left, since))

    # -- books ---------------------------------------------------------------------------------------------

    def lose_data(self, grace: float | None = None) -> None:
        """Whoever plays the role and held the data has left, or is left."""
        assert self.absence is not None
        run, warned = self.run, self._warned and not self.run.timetable.operator.waits
        if run.data is None:
            run.lose_data(self.absence.start, warned)
        else:
            run.data.lost(self, grace, warned=warned)

    def hit_by(self, names: frozenset[str]) -> bool:
        """Whether one of these random causes keeps the role down."""
        return any(isinstance(cause, tuple) and cause[0] in names for cause in self._causes)

    def _show(self, now: float, state: str) -> None:
        states = self.states
        if states[-1][0] == now:
            states.pop()
        if not states or states[-1][1] != state:
            states.append((now, state))
