"""A supplier that can do less: it serves a share of what it would.

In: events that degrade a role and their ends. Out: changes of how the role is seen. It is not down, so nobody
responds. Two degradations at once leave the product of their shares.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from sim.supply.calendar import Act
from sim.supply.plan import EventPlan
from sim.supply.returning import Pieces, scaled

if TYPE_CHECKING:
    from sim.supply.role import Role


class Degraded:
    """What is left of one role's capacity: the shares of the degradations that last, by event.

    They hit whoever plays the role then, and are over when the role is restored or filled anew. While the
    role is down they wait for the supplier's return.

    Checked by: tests/unit/test_supply_suppliers_degrading.py
    """

    __slots__ = ("_role", "_shares")

    def __init__(self, role: Role) -> None:
        self._role = role
        self._shares: dict[str, float] = {}

    def __bool__(self) -> bool:
        return bool(self._shares)

    def begin(self, act: Act) -> None:
        """An event degrades the role."""
        event: EventPlan = act.about
        run = self._role.run
        self._shares[event.id] = run.extra(event)
        run.log((run.calendar.now, self._role.plan.name, "degraded", event.id))
        self._refresh()

    def end(self, act: Act) -> None:
        """A degradation is over, if it still lasts."""
        event: EventPlan = act.about
        if self._shares.pop(event.id, None) is not None:
            run = self._role.run
            run.log((run.calendar.now, self._role.plan.name, "degradation over", event.id))
            self._refresh()

    def clear(self) -> None:
        """All of them are over: the role is restored, or somebody else plays it."""
        if self._shares:
            self._shares.clear()
            self._refresh()

    def seen(self, form: Pieces) -> Pieces:
        """What is left of a shape."""
        return scaled(form, prod(self._shares.values())) if self._shares else form

    def _refresh(self) -> None:
        """Show every view of the role as it is now, unless the role is down."""
        role = self._role
        if role.absence is not None:
            return
        now = role.run.calendar.now
        for view in role.plan.used:
            since, form = role.forms.get(view, (now, role.whole))
            role.run.changes.append((now, view, self.seen(form), since))
