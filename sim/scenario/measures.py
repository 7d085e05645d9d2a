"""The names of what is measured, in one place: claims and observations name them, outcomes compute them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Literal

from sim.scenario.units import COUNT, DURATION, MONEY, SHARE, Dimension

Kind = Literal["time", "count", "share", "money", "flag", "text"]

KINDS: Mapping[str, Kind] = {
    "downtime": "time",
    "first_service": "time",
    "time_to_recover": "time",
    "recovered": "flag",
    "time_to_recover_users": "time",
    "recovered_users": "flag",
    "availability": "share",
    "user_hours_lost": "count",
    "users_start": "count",
    "users_end": "count",
    "users_end_counterfactual": "count",
    "users_lost": "count",
    "users_not_joined": "count",
    "users_waiting_end": "count",
    "users_not_returned": "count",
    "users_given_up_peak": "count",
    "users_at_door_peak": "count",
    "door_hours": "count",
    "resilience_loss": "time",
    "data_lost": "text",
    "data_loss_window": "time",
    "hosts_contacted": "count",
    "hosts_refused": "count",
    "hosts_withdrew": "count",
    "cost_standing": "money",
    "cost_standing_counterfactual": "money",
    "cost_emergency": "money",
    "revenue_lost": "money",
    "cost": "money",
}
"""What kind of quantity each measure is."""

PER_CAPABILITY = ("downtime", "time_to_recover")
"""Measures that also exist as ``<measure>.<capability>``."""

PER_RIVAL = ("left_for", "users_at")
"""Counts that exist as ``<measure>.<rival>`` only."""

OF_DOOR = ("users_at_door_peak", "door_hours")
"""Measures that exist only where there is a queue at the door."""

DIMENSION: Mapping[Kind, Dimension] = {"time": DURATION, "count": COUNT, "share": SHARE, "money": MONEY}


def measure_kind(name: str) -> Kind | None:
    """The kind of a measure, ``None`` if there is none of that name (what it is of is not looked up)."""
    head, _, of = name.partition(".")
    if of and head in PER_RIVAL:
        return "count"
    if of and head not in PER_CAPABILITY:
        return None
    return KINDS.get(head)


def unknown_measure(name: str, capabilities: Iterable[str] = (), rivals: Iterable[str] = ()) -> str:
    """The message about a measure that does not exist."""
    names = [
        *KINDS,
        *(f"{measure}.{capability}" for measure in PER_CAPABILITY for capability in capabilities),
        *(f"{measure}.{rival}" for measure in PER_RIVAL for rival in rivals),
    ]
    near = get_close_matches(name, names, n=1)
    fix = f"did you mean `{near[0]}`?" if near else "allowed: " + ", ".join(names)
    return f"`{name}` is not a measure; {fix}"
