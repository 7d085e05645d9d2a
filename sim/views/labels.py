"""What capabilities, suppliers, work and waits are called, in the same words wherever people read them.

In: a scenario and what the supply side recorded. Out: noun phrases without a capital letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.supply.timeline import GAVE_UP, none_left
from sim.views import wording

if TYPE_CHECKING:
    from sim.scenario.model import Scenario


def ability(scenario: Scenario, capability: str) -> str:
    """A capability on its own, as its label or name is written."""
    return scenario.capabilities[capability].label or wording.spoken(capability)


def cannot(scenario: Scenario, capability: str) -> str:
    """``nobody can sign in``, or ``“use” is down`` where no label gives a verb phrase."""
    label = scenario.capabilities[capability].label
    return f"nobody can {wording.small(label)}" if label else f"“{wording.spoken(capability)}” is down"


def can(scenario: Scenario, capability: str) -> str:
    """``people can sign in``, or ``“use” is up``."""
    label = scenario.capabilities[capability].label
    return f"people can {wording.small(label)}" if label else f"“{wording.spoken(capability)}” is up"


def supplier(scenario: Scenario, role: str) -> str:
    """The part a supplier plays, for people, whoever plays it: its label, else the role's name."""
    part = scenario.suppliers[role]
    return part.label or wording.capital(wording.spoken(role))


def company(scenario: Scenario, role: str) -> str:
    """Who plays the part at the start, as the subject of a sentence: the name, else ``the host``."""
    part = scenario.suppliers[role]
    return part.name or f"the {wording.small(part.label or wording.spoken(role))}"


def rival_name(scenario: Scenario, rival: str) -> str:
    """Another network that users turn to: its label, else its name as words."""
    record = scenario.users.rivals.get(rival)
    return (record.label if record is not None else None) or wording.capital(wording.spoken(rival))


def place(scenario: Scenario, name: str) -> str:
    """Where a user is: a state, ``at the door``, ``elsewhere``, or at a rival."""
    known = {
        "active": "active",
        "door": "at the door",
        "waiting": "waiting",
        "elsewhere": "elsewhere" if scenario.users.rivals else "away",
        "gone": "gone for good",
    }
    return known.get(name) or f"at {rival_name(scenario, name)}"


def segment_name(scenario: Scenario, segment: str) -> str:
    """A segment of the users: its label, else its name as words."""
    record = scenario.users.segments.get(segment)
    return (record.label if record is not None else None) or wording.spoken(segment)


def plain(scenario: Scenario, role: str) -> bool:
    """Whether a role is called by its own word: then it is ``the host``, else ``Google Play``."""
    if role not in scenario.suppliers:
        return True
    label = scenario.suppliers[role].label
    return label is None or label in {wording.spoken(role), wording.capital(wording.spoken(role))}


def role_name(scenario: Scenario, role: str) -> str:
    """A role on its own: ``host``, ``Google Play``."""
    return wording.spoken(role) if plain(scenario, role) else scenario.suppliers[role].label or role


def the(scenario: Scenario, role: str) -> str:
    """A role inside a sentence: ``the host``, ``Google Play``."""
    return f"the {wording.spoken(role)}" if plain(scenario, role) else role_name(scenario, role)


def replacement(scenario: Scenario, role: str) -> str:
    """Who comes after, without an article: ``new host``, ``replacement for Google Play``."""
    name = role_name(scenario, role)
    return f"new {name}" if plain(scenario, role) else f"replacement for {name}"


def nobody(scenario: Scenario, role: str) -> str:
    """That the search has ended without a yes: ``no host left``, ``nobody left to ask for Text messages``."""
    name = role_name(scenario, role)
    return none_left(name) if plain(scenario, role) else f"nobody left to ask for {name}"


def task_label(scenario: Scenario, role: str, name: str) -> str:
    """A task's own label, else its name as words."""
    plan = scenario.response.replace.get(role)
    task = plan.tasks.get(name) if plan is not None else None
    return task.label if task is not None and task.label else wording.spoken(name)


def work_label(scenario: Scenario, role: str, name: str, kind: str) -> str:
    """One kind of work, whoever did it and when: ``search for a new host``, ``adapt the software``."""
    own = _beside_tasks(scenario, role, name)
    if own is not None:
        return own
    if kind == "search":
        return f"search for a {replacement(scenario, role)}" if name == "search" else nobody(scenario, role)
    if kind == "supplier":
        return f"waiting for {the(scenario, role)} itself"
    if kind == "detection" or name == "detection":
        return f"noticing the loss of {the(scenario, role)}"
    if kind == "cut_over":
        return f"switching over to the {replacement(scenario, role)}"
    # Which role a task is for goes without saying where there is only one.
    of = f" ({role_name(scenario, role)})" if len(scenario.response.replace) > 1 else ""
    label = task_label(scenario, role, name) + of
    return f"waiting for engineers: {label}" if kind == "wait" else label


def _beside_tasks(scenario: Scenario, role: str, name: str) -> str | None:
    """Waits and ends that are no task, unless a task is called so."""
    plan = scenario.response.replace.get(role)
    if plan is not None and name in plan.tasks:
        return None
    said = {
        "lead": f"waiting until the {replacement(scenario, role)} is ready",
        "appeal": f"appeal to {company(scenario, role)}" if role in scenario.suppliers else "appeal",
        "gave_up": "after giving up",
    }
    return said.get(name)


def cause_label(scenario: Scenario, cause: str, kind: str) -> str:
    """A cause of downtime: ``host.adapt``, ``host.search``, ``host``, ``no host left``."""
    if cause == GAVE_UP:
        return "the operator has given up"
    role = _given_up(scenario, cause)
    if role is not None:
        return nobody(scenario, role)
    role, _, name = cause.partition(".")
    return work_label(scenario, role, name, kind)


def cause_kind(cause: str, kind: str) -> str:
    """The kind shown: that nobody is left to ask is no search, switching over and noticing are no tasks."""
    if kind == "search" and "." not in cause:
        return "none_left"
    last = cause.rpartition(".")[2]
    return last if last in {"detection", "cut_over"} and kind in {"wait", "cut_over"} else kind


def spent(scenario: Scenario, cause: str, kind: str) -> str:
    """Where time goes, after "pass": ``in the search for a new host``, ``in “adapt the software”``."""
    if cause == GAVE_UP:
        return "after the operator has given up"
    role = _given_up(scenario, cause)
    if role is not None:
        return f"after all candidates for {the(scenario, role)} have refused"
    label, shown = cause_label(scenario, cause, kind), cause_kind(cause, kind)
    if shown == "search":
        return f"in the {label}"
    return f"in “{label}”" if shown == "task" else f"in {label}"


def _given_up(scenario: Scenario, cause: str) -> str | None:
    """The role that nobody is left to fill, if that is the cause."""
    return next((role for role in scenario.suppliers if cause == none_left(role)), None)
