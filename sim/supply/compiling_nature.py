"""What befalls suppliers by itself, compiled: the second half of `compiling`.

In: a scenario. Out: the plans of suppliers' natures and of groups, and the tables of their random quantities,
each under the name that the plans know it by.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from sim.scenario.gates import All, Gate, leaves
from sim.scenario.happenings import DECISIONS
from sim.scenario.model import Scenario
from sim.supply.columns import unknown
from sim.supply.columns_nature import (
    common_columns,
    failure_columns,
    failure_name,
    group_columns,
    leaving_columns,
    leaving_name,
)
from sim.supply.plan import EventPlan, GroupPlan, LeavingPlan, NaturePlan
from sim.supply.quantities import Column

Chances = dict[str, tuple[Column, ...]]


def natures(scenario: Scenario, chances: Chances) -> Mapping[str, NaturePlan]:
    """The natures of those suppliers that have one; their tables are added to `chances`."""
    found: dict[str, NaturePlan] = {}
    known = {*scenario.suppliers, *scenario.groups}
    decided = (event.at for event in scenario.events if event.verb in DECISIONS and event.of in known)
    begins = min(decided, default=inf)
    needs = {role: _gate(one.needs) for role, one in scenario.suppliers.items() if one.needs}
    later = {role: _gate(one.needs) for role, one in scenario.response.replace.items() if one.needs}
    for role, supplier in scenario.suppliers.items():
        fails = ""
        if supplier.fails is not None:
            fails = failure_name(role)
            chances[fails] = failure_columns(scenario, role, supplier.fails)
        standing = [*needs.items(), *later.items()]
        below = tuple(dict.fromkeys(name for name, gate in standing if role in leaves(gate)))
        leaving = _leaving(scenario, role, begins, chances)
        plan = NaturePlan(fails, needs.get(role), below, leaving, later.get(role))
        if plan != NaturePlan():
            found[role] = plan
    return found


def _leaving(scenario: Scenario, role: str, begins: float, chances: Chances) -> LeavingPlan | None:
    """How a supplier may leave of itself, if it may."""
    supplier = scenario.suppliers[role]
    again = supplier.leaves_again > 0.0 or unknown(scenario, f"suppliers.{role}.leaves_again")
    if supplier.leaves is None and not again:
        return None
    name = leaving_name(role)
    chances[name] = leaving_columns(scenario, role, begins)
    return LeavingPlan(EventPlan(name, "leaves", role))


def _gate(needs: tuple[Gate, ...]) -> Gate:
    return needs[0] if len(needs) == 1 else All(needs)


def groups(scenario: Scenario, chances: Chances) -> tuple[GroupPlan, ...]:
    """What takes the members of each group down together: its own failures, and those they have in common."""
    found: list[GroupPlan] = []
    for name, group in scenario.groups.items():
        if group.fails is not None:
            fails = failure_name(name)
            chances[fails] = group_columns(scenario, name, group.fails)
            found.append(GroupPlan(name, fails, group.members, whoever=False))
        if group.common is not None:
            fails = failure_name(f"{name}.common")
            chances[fails] = common_columns(scenario, name, group)
            found.append(GroupPlan(name, fails, group.members, whoever=True))
    return tuple(found)
