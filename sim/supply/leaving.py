"""Suppliers that decide to leave of themselves, the likelier the more others have left.

In: the moments at which suppliers leave. Out: the moments at which others follow: announcements and losses
that no event has set.
"""

from __future__ import annotations

from math import exp, expm1, inf
from typing import TYPE_CHECKING

from sim.supply.calendar import SUPPLIER, Act
from sim.supply.hazard import Clock
from sim.supply.plan import LeavingPlan

if TYPE_CHECKING:
    from sim.supply.role import Role


class Departures:
    """Who has left, and when, over all roles of one replication.

    Who has left stays on the list when it is reinstated or replaced: its example fades by itself. A supplier
    that leaves once more renews its example.
    """

    __slots__ = ("_followers", "_since")

    def __init__(self) -> None:
        self._since: dict[tuple[str, int], float] = {}
        self._followers: list[Leaving] = []

    @property
    def number(self) -> int:
        """How many suppliers have left; whoever came later to a role is another one."""
        return len(self._since)

    def follow(self, leaving: Leaving) -> None:
        """Somebody may leave because others have."""
        self._followers.append(leaving)

    def add(self, role: Role) -> None:
        """Whoever plays the role leaves now, by a decision."""
        now = role.run.calendar.now
        key = role.plan.name, role.player
        before = self._since.get(key, -inf)
        self._since[key] = now
        for leaving in self._followers:
            if leaving.role is not role:
                leaving.heard(now, before)

    def of_others(self, role: Role) -> list[float]:
        """When those who are gone from other roles left."""
        return [time for (name, _), time in self._since.items() if name != role.plan.name]

    def close(self) -> None:
        """Let go of the roles."""
        self._followers.clear()


class Leaving:
    """The leaving of whoever played one role at the start.

    ``hazard(t) = hazard + contagion x sum over the others that have left at u of exp(-(t - u) / fades_over)``
    from the time `since` on; after a reinstatement a constant hazard of its own. It comes when the integrated
    hazard reaches -log(1 - U), U the draw of the how-manieth time. Whoever comes later does not leave
    like this.

    Checked by: tests/theory/test_c8_contagion.py, tests/unit/test_supply_suppliers_leaving.py
    """

    __slots__ = ("_clock", "_due", "_number", "_plan", "_row", "role")

    def __init__(self, role: Role, plan: LeavingPlan) -> None:
        self.role = role
        self._plan = plan
        self._number = 0
        self._row = role.run.tables[plan.event.id].row(0, role.run.k)
        self._clock: Clock | None = None
        self._due: Act | None = None

    def begin(self) -> None:
        """The simulation begins: from some time on it may leave."""
        run = self.role.run
        run.departures.follow(self)
        since = self._row[self._plan.since]
        if since < run.timetable.horizon:
            Act(run.calendar, SUPPLIER, since, self._open, None)

    def _open(self, act: Act) -> None:
        """From now on it may leave, unless it is gone already."""
        role = self.role
        if role.decided or role.player or self._number:
            return
        now = role.run.calendar.now
        threshold, hazard, contagion, fades = self._row[:4]
        self._clock = Clock(now, threshold, hazard, fades)
        for time in role.run.departures.of_others(role):
            self._clock.push(now, contagion * exp((time - now) / fades))
        self._set()

    def heard(self, now: float, before: float) -> None:
        """Somebody else leaves, the last time at `before`: what is left of that is counted already."""
        if self._clock is None or self.role.player or self._number:
            return
        contagion, fades = self._row[2:4]
        self._clock.push(now, -contagion * expm1((before - now) / fades) if before > -inf else contagion)
        self._set()

    def _set(self) -> None:
        """The hazard has changed, and with it the time of leaving."""
        assert self._clock is not None
        run = self.role.run
        hours = self._clock.rings()
        self._due = None
        if run.calendar.now + hours < run.timetable.horizon:
            self._due = Act(run.calendar, SUPPLIER, hours, self._leave, self._plan.event)

    def stop(self) -> None:
        """It is gone."""
        self._clock = self._due = None

    def readmitted(self) -> None:
        """It is reinstated after it was gone, and may leave once more."""
        run = self.role.run
        if self.role.player:
            return
        self._number += 1
        self._row = run.tables[self._plan.event.id].row(self._number, run.k)
        self._clock = Clock(run.calendar.now, self._row[0], self._row[self._plan.again])
        self._set()

    def _leave(self, act: Act) -> None:
        if act is not self._due or self.role.player:
            return
        role, notice = self.role, self._row[self._plan.notice]
        self.stop()
        if notice > 0.0:
            Act(role.run.calendar, SUPPLIER, notice, role.strike, self._plan.event)
            role.announce(act)
        else:
            role.strike(act)
