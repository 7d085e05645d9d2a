"""What suppliers stand on: the suppliers of suppliers.

In: roles that fall and come back. Out: roles that are lost with them and come back with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.gates import Gate, leaves
from sim.supply.gates import capacity
from sim.supply.work import Work

if TYPE_CHECKING:
    from sim.supply.role import Role

LOST = ("upstream",)
"""The cause of an absence that is due to what the supplier stands on; nothing else is called so."""


class Upstream:
    """What whoever plays one role stands on: one gate at the start, another once it has been filled anew.

    Its role is down while the gate over the suppliers above is: a supplier counts as there or not, however
    much of it can be served. None stands on nothing.

    Checked by: tests/unit/test_supply_suppliers_upstream.py
    """

    __slots__ = ("_first", "_later", "_role")

    def __init__(self, role: Role, first: Gate | None, later: Gate | None) -> None:
        self._role = role
        self._first = first
        self._later = later

    @property
    def _gate(self) -> Gate | None:
        return self._later if self._role.player else self._first

    @property
    def holds(self) -> bool:
        """Whether what the supplier stands on is there."""
        return self._gate is None or capacity(self._gate, self._there) > 0.0

    def _there(self, name: str) -> float:
        other = self._role.run.roles.get(name)
        return float(other is None or other.absence is None)

    def missing(self) -> list[Role]:
        """The roles above that are down."""
        names = () if self._gate is None else leaves(self._gate)
        return [self._role.run.roles[name] for name in names if not self._there(name)]

    def look(self, changed: str, by: Work | None) -> None:
        """A role above has fallen or is back, by which work; or the role itself has been filled anew."""
        role = self._role
        if self.holds:
            role.free(LOST, "upstream back", changed, by)
        elif not role.suffers(LOST):
            role.hit(LOST, "upstream down" if role.absence is None else "", changed)
