"""Supply: who can serve the platform, hour by hour.

In: a scenario and the draws of one block. Out: a `Timeline` a replication: the capacity of every
capability, what was done and waited for, and which of it each hour of downtime was spent on.

Why this way: suppliers and the operator act at instants, so the run is a discrete-event simulation on a
SimPy calendar; what the platform can do at any time is a function of who serves, so it is worked out
after the run from the record of who served when. What does not differ between the replications of a
block is compiled once (`SupplyPlan`). Nothing here depends on the users.

Suppliers act because an event of the file says so, or of themselves (`nature`): they fail and are repaired
(`failing`), are lost with what they stand on (`upstream`), or decide to leave, the likelier the more others
have left (`leaving`, `hazard`). A role that none of it concerns has no nature and costs nothing. What becomes
of a role is settled in one place (`role`): it is down while anything that took its supplier away lasts.

Rejected: one "up" bit for the platform (a delisting stops installs while reading still works); evaluating
gates inside the simulation (most instants change nothing that a capability sees); SimPy processes that are
interrupted when a response is abandoned (an interrupt reaches a process only at its next yield; plain events
that find themselves out of date are ignored instead).

`SupplyPlan` and `simulate_supply` are found on first use: who only reads timelines does not load SimPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.supply.timeline import Cause, Happening, Level, Record, Timeline, none_left

if TYPE_CHECKING:
    from sim.supply.simulate import SupplyPlan, simulate_supply

__all__ = ["Cause", "Happening", "Level", "Record", "SupplyPlan", "Timeline", "none_left", "simulate_supply"]


def __getattr__(name: str) -> Any:
    if name in {"SupplyPlan", "simulate_supply"}:
        from sim.supply import simulate

        return getattr(simulate, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
