"""What one replication shares while it runs: the calendar, the pool of engineers, and the books.

In: the timetable and the replication's place in the block. Out, after `play`: works, happenings, changes of
what is seen of the suppliers, and counts, from which `SupplyPlan` makes a `Timeline`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import floor, inf
from operator import itemgetter
from typing import TYPE_CHECKING

from sim.supply.calendar import ASSIGN, RESTORE, SUPPLIER, Act, Calendar, Engineers
from sim.supply.data import Data
from sim.supply.failing import GroupFailing
from sim.supply.leaving import Departures
from sim.supply.plan import EventPlan, Timetable
from sim.supply.quantities import Table
from sim.supply.returning import Pieces
from sim.supply.role import Role
from sim.supply.runway import Noted, Runway
from sim.supply.work import Gap, Work

if TYPE_CHECKING:
    from sim.supply.appeal import Appeal
    from sim.supply.response import Response


Change = tuple[float, int, Pieces, float]
"""From a time on a view has this shape, counted from an origin (earlier than the time for a head start)."""


class Run:
    """One replication in progress. Used once."""

    __slots__ = (
        "_data_known", "_due", "_ready", "_times", "calendar", "changes", "contacted", "data",
        "data_loss_window", "data_lost", "departures", "engineers", "event_count", "gaps", "gave_up",
        "happenings", "k", "log", "refused", "roles", "runway", "spent", "tables", "timetable", "watched",
        "withdrew", "works",
    )  # fmt: skip

    def __init__(self, timetable: Timetable, times: Table, tables: Mapping[str, Table], k: int) -> None:
        self.timetable = timetable
        self.tables = tables
        self.k = k
        self._times = times.row(0, k)
        self.calendar = calendar = Calendar()
        self.engineers = None if timetable.engineers is None else Engineers(calendar, timetable.engineers)
        self.roles: dict[str, Role] = {}
        self.works: list[Work] = []
        self.happenings: list[tuple[float, str, str, str]] = []
        self.log = self.happenings.append
        self.changes: list[Change] = []
        self.gaps: list[Gap] = []
        self.contacted = self.refused = self.withdrew = 0
        self.gave_up = False
        self.runway: Runway | None = None
        if timetable.operator.runway:
            self.runway = Runway(self, tables[timetable.operator.runway].row(0, k)[0])
            self.changes = Noted(self.runway)
        self.data = Data(self) if timetable.operator.exports or timetable.operator.kept_at else None
        self.departures = Departures()
        self.spent = 0.0
        self.event_count = 0
        self.data_lost = "none"
        self.data_loss_window = 0.0
        self._data_known = self._due = False
        self._ready: list[tuple[int, Response, int]] = []
        self.watched: dict[tuple[str, int], list[tuple[Response | Appeal, int]]] = {}

    def play(self) -> None:
        """Everything that happens before the horizon."""
        for place, event in enumerate(self.timetable.events):
            self._schedule(event, *self._times[3 * place : 3 * place + 3])
        if self.timetable.lively:
            self._enliven()
        self.calendar.play(self.timetable.horizon)
        self.event_count = self.calendar.processed

    def _enliven(self) -> None:
        """Start the clocks of what befalls suppliers by itself."""
        plans = self.timetable.roles
        for name in self.timetable.lively:
            role = self.roles.get(name)
            if role is None:
                role = self.roles[name] = Role(self, plans[name])
            if role.nature is not None:
                role.nature.begin()
        for group in self.timetable.groups:
            GroupFailing(self, group).begin()

    def close(self) -> None:
        """Let go of what refers to each other, so that it is freed now and not when the collector comes."""
        self.calendar.clear()
        self.watched.clear()
        self.departures.close()
        for role in self.roles.values():
            if role.response is not None:
                if role.response.search is not None:
                    role.response.search.close()
                    role.response.search = None
                role.response = None
            if role.nature is not None:
                role.nature.close()
            role.nature = role.appeal = role.degraded = None
        self.data = None
        if self.runway is not None:
            self.runway.close()
        self.roles.clear()

    def _schedule(self, event: EventPlan, at: float, notice: float, lasts: float) -> None:
        """Put an event's instants on the calendar, each from the table and not by adding up."""
        calendar = self.calendar
        role = self.roles.get(event.role)
        if role is None:
            role = self.roles[event.role] = Role(self, self.timetable.roles[event.role])
        at = max(at, 0.0)
        if event.verb == "degrade":
            if at + lasts > at:
                assert role.degraded is not None
                Act(calendar, RESTORE, at + lasts, role.degraded.end, event)
                Act(calendar, SUPPLIER, at, role.degraded.begin, event)
            return
        if event.verb == "restore":
            Act(calendar, RESTORE, at, role.lift, event)
            return
        if lasts < inf:
            if at + lasts <= at:
                return  # too short to be seen
            Act(calendar, RESTORE, at + lasts, role.recover, event)
        if notice > 0.0:
            Act(calendar, SUPPLIER, max(at - notice, 0.0), role.announce, event)
        Act(calendar, SUPPLIER, at, role.strike, event)

    def extra(self, event: EventPlan) -> float:
        """The share that a degradation leaves, or the hours of grace after another event; 0 if not given."""
        found: float = self._times[event.extra] if event.extra else 0.0
        return found

    # -- engineers ---------------------------------------------------------------------------------------

    def queue(self, order: int, response: Response, task: int) -> None:
        """A task is ready: it stands in line once all that is ready at this instant is known."""
        self._ready.append((order, response, task))
        if not self._due:
            self._due = True
            Act(self.calendar, ASSIGN, 0.0, self._assign, None)

    def _assign(self, act: Act) -> None:
        self._due = False
        ready, self._ready = self._ready, []
        if len(ready) > 1:
            ready.sort(key=itemgetter(0))
        assert self.engineers is not None
        for _, response, task in ready:
            if response.over or (response.disturbed and not response.wants(task)):
                continue
            request = self.engineers.take(response.plan.tasks[task].engineers)
            if request.triggered:
                response.begin(task, response.before(task))
            else:
                response.wait(task, request)
                assert request.callbacks is not None
                request.callbacks.append(partial(response.granted, task))

    # -- what other roles' responses wait for --------------------------------------------------------------

    def settled(self, role: str, item: int) -> bool:
        """Whether another role's item need not be waited for: it is done, or nobody replaces the role."""
        other = self.roles.get(role)
        if other is None or (other.response is None and other.absence is None):
            return True
        return other.response is not None and other.response.ticked[item]

    def watch(self, role: str, item: int, response: Response | Appeal, task: int) -> None:
        """Tell `response` when the item is done."""
        self.watched.setdefault((role, item), []).append((response, task))

    def tell(self, role: str, item: int, work: Work | None) -> None:
        """An item of a role is done."""
        if self.watched:
            for response, task in self.watched.pop((role, item), ()):
                if not response.over:
                    response.hear(task, work)

    def release(self, role: str, absence: Work) -> None:
        """The supplier of a role is back: nobody waits for its replacement any more."""
        for key in [key for key in self.watched if key[0] == role]:
            self.tell(*key, absence)

    # -- data ----------------------------------------------------------------------------------------------

    def lose_data(self, at: float, warned: bool) -> None:
        """A supplier that held data has left; the first to do so settles what is lost.

        That is what is younger than the last backup. After a notice nothing is lost: there was time to copy.
        Without any backups everything is, and the window is the time since the start.
        """
        if self._data_known:
            return
        self._data_known = True
        if warned:
            return
        every = self._times[-1]
        if every == 0.0:
            self.data_lost, self.data_loss_window = "all", at
            return
        last = floor(at / every + 1e-9) * every  # 1e-9: a backup due at this very instant has been made
        self.data_loss_window = max(at - last, 0.0)
        self.data_lost = "part" if self.data_loss_window > 0.0 else "none"
