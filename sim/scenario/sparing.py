"""The counterfactual world: the same scenario without anything that takes a supplier away.

In: a scenario. Out: the scenario without the set events that do, what they cause, failures at random,
leaving, and candidates who drop the platform; what is said of these by `unknowns` goes with them. The
suppliers that suppliers need stay: nothing falls, so nothing follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.scenario.happenings import removed

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.scenario.response import Candidate, Replacement

OF_SUPPLIERS = ("fails", "leaves", "leaves_again")
OF_GROUPS = ("fails", "common")
"""Fields that let suppliers go without a set event."""


def spare(scenario: Scenario) -> Scenario:
    """The scenario without what takes suppliers away; itself if nothing does."""
    gone = removed(scenario.events)
    changes: dict[str, Any] = {
        **_unless_same("suppliers", scenario.suppliers, _without(scenario.suppliers, OF_SUPPLIERS)),
        **_unless_same("groups", scenario.groups, _without(scenario.groups, OF_GROUPS)),
        **_unless_same("unknowns", scenario.unknowns, _known(scenario)),
    }
    kept = {role: _faithful(one) for role, one in scenario.response.replace.items()}
    if kept != scenario.response.replace:
        changes["response"] = scenario.response.model_copy(update={"replace": kept})
    if gone:
        changes["events"] = tuple(event for event in scenario.events if event.id not in gone)
    return scenario.model_copy(update=changes) if changes else scenario


def _unless_same(name: str, before: object, after: object) -> dict[str, Any]:
    return {} if after == before else {name: after}


def _without(records: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    """The records with some fields as they are when left out."""
    found = {}
    for name, record in records.items():
        unset = {field: type(record).model_fields[field].default for field in fields}
        said = any(getattr(record, field) != value for field, value in unset.items())
        found[name] = record.model_copy(update=unset) if said else record
    return found


def _known(scenario: Scenario) -> dict[str, Any]:
    """The unknowns less those of what is taken out; those of events are never asked for."""

    def about(path: str) -> bool:
        section, *steps = path.split(".")
        if section == "suppliers":
            return len(steps) > 1 and steps[1] in OF_SUPPLIERS
        if section == "groups":
            return len(steps) > 1 and steps[1] in OF_GROUPS
        return section == "response" and "search" in steps and steps[-1] == "drops"

    return {path: law for path, law in scenario.unknowns.items() if not about(path)}


def _faithful(replacement: Replacement) -> Replacement:
    """The same, and nobody who has taken over a role drops it."""
    search = replacement.search
    if search is None:
        return replacement
    listed = search.candidates if isinstance(search.candidates, tuple) else ()
    if not search.drops and not any(one.drops for one in (*listed, *search.standby, *search.fallback)):
        return replacement

    def stays(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        return tuple(one.model_copy(update={"drops": 0.0}) for one in candidates)

    candidates = stays(search.candidates) if isinstance(search.candidates, tuple) else search.candidates
    changes = {
        "drops": 0.0,
        "candidates": candidates,
        "standby": stays(search.standby),
        "fallback": stays(search.fallback),
    }
    return replacement.model_copy(update={"search": search.model_copy(update=changes)})
