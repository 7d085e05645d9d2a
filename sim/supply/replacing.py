"""Who plays a role once a response is finished, and how long they stay.

In: a role and its finished response. Out: how much of the load the role can carry from then on, and on the
calendar the moment at which the replacement leaves again, if it ever does.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from sim.supply.calendar import SUPPLIER, Act
from sim.supply.returning import EVERYTHING, scaled

if TYPE_CHECKING:
    from sim.supply.response import Response
    from sim.supply.role import Role


def take_over(role: Role, response: Response) -> None:
    """Whoever the response found plays the role from now on, with its capacity and for its time."""
    search, j = response.plan.search, response.player
    role.whole = scaled(EVERYTHING, response.capacity)
    if search is not None and j is not None and search.drops >= 0:
        hours = response.row_of(~j)[search.drops + j]
        if hours < inf:
            about = role, role.player, search.entities[j]
            Act(role.run.calendar, SUPPLIER, hours, _drop, about)


def _drop(act: Act) -> None:
    """A replacement leaves as unannounced as if it had been there from the start."""
    role: Role
    role, player, entity = act.about
    if role.player == player and not role.decided:
        role.hit(("drops", player), "dropped", entity)
        role.leave()
