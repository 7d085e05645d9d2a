"""What befalls one supplier without being set: it fails, what it stands on is lost, or it decides to leave.

In: what becomes of its role. Out: clocks that start and stop with it. A role that
nothing befalls by itself has no nature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.supply.failing import Failing
from sim.supply.leaving import Leaving
from sim.supply.plan import NaturePlan
from sim.supply.upstream import Upstream
from sim.supply.work import Work

if TYPE_CHECKING:
    from sim.supply.role import Role


class Nature:
    """The clocks of one role."""

    __slots__ = ("_below", "_failing", "_leaving", "_role", "upstream")

    def __init__(self, role: Role, plan: NaturePlan) -> None:
        self._role = role
        self._below = plan.below
        stands = plan.needs is not None or plan.later is not None
        self.upstream = Upstream(role, plan.needs, plan.later) if stands else None
        self._failing = Failing(role, plan.fails) if plan.fails else None

        self._leaving = None if plan.leaves is None else Leaving(role, plan.leaves)

    def begin(self) -> None:
        """The simulation begins, and the supplier is there."""
        if self._leaving is not None:
            self._leaving.begin()
        if self._failing is not None:
            self._failing.begin()

    def fallen(self) -> None:
        """The role has fallen, whatever the cause."""
        if self._failing is not None:
            self._failing.stop()
        self._tell_below(None)

    def back(self, by: Work | None) -> None:
        """The role is played again, whoever plays it; `by` is the work that brought that about."""
        if self._failing is not None:
            self._failing.begin()
        self._tell_below(by)

    def taken_over(self) -> None:
        """Somebody else plays the role, who may stand on what is down already."""
        if self.upstream is not None and not self.upstream.holds:
            self.upstream.look(self.upstream.missing()[0].plan.name, None)

    def gone(self) -> None:
        """Whoever plays the role has decided to leave."""
        if self._leaving is not None:
            self._leaving.stop()

    def readmitted(self) -> None:
        """Who had decided to leave serves again."""
        if self._leaving is not None:
            self._leaving.readmitted()

    def close(self) -> None:
        """The replication is over: let go of what was still to come."""
        for clock in (self._failing, self._leaving):
            if clock is not None:
                clock.stop()

    def _tell_below(self, by: Work | None) -> None:
        """Whoever stands on this role looks whether it still can."""
        for name in self._below:
            nature = self._role.run.roles[name].nature
            if nature is not None and nature.upstream is not None:
                nature.upstream.look(self._role.plan.name, by)
