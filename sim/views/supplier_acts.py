"""What suppliers do of themselves, told: failing, being down with others, serving less, leaving for good.

In: a scenario and one happening. Out: the variant of a sentence and what fills it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.views import wording
from sim.views.labels import company, the

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.supply.timeline import Happening

_SAID = {
    "repaired": "restored_supplier",
    "upstream down": "upstream_down",
    "upstream back": "restored_supplier",
    "degradation over": "serves_in_full",
    "account gone": "account_gone",
}


def group_name(scenario: Scenario, name: str) -> str:
    """A group of suppliers for people: its label, else its name as words."""
    group = scenario.groups.get(name)
    return (group.label if group is not None else None) or f"the {wording.spoken(name)}"


def at_random(scenario: Scenario) -> tuple[str, ...]:
    """What may take suppliers away without being set, as phrases: the world without events is without it."""
    suppliers = scenario.suppliers
    fails = [the(scenario, role) for role, one in suppliers.items() if one.fails is not None]
    fails += [group_name(scenario, name) for name, one in scenario.groups.items() if one.fails is not None]
    leaves = [
        company(scenario, role)
        for role, one in suppliers.items()
        if one.leaves is not None or one.leaves_again > 0.0
    ]
    found = []
    if fails:
        found.append(f"at random: failures of {wording.listing(fails)}")
    if leaves:
        found.append(f"at random: leaving of {wording.listing(leaves)}")
    return tuple(found)


def supplier_act(scenario: Scenario, one: Happening) -> tuple[str, dict[str, str]] | None:
    """The sentence about an act of a supplier itself; None if it is no such act."""
    role, cause = one.entity, one.cause.partition(" / ")[0]
    words = {"the": the(scenario, role)} if role in scenario.suppliers else {}
    if one.event == "failed":
        group = cause.removesuffix(".common")
        if group in scenario.groups:
            return "failed_together", {**words, "group": group_name(scenario, group)}
        return "failed", words
    if one.event in {"announced", "left"} and one.cause == f"{role} / leaves":
        variant = "leaves" if one.event == "left" else "will_leave"
        return variant, {"who": company(scenario, role)}
    if one.event == "upstream down":
        return "upstream_down", {**words, "upstream": the(scenario, cause)}
    return (_SAID[one.event], words) if one.event in _SAID else None
