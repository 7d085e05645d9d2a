"""Every state of a few suppliers, played hour by hour through the simulator.

In hour h of the timeline exactly those suppliers are out whose bit is set in h, by announced-to-nobody
outages at set instants; the level in the middle of the hour is the structure function of that state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from tests.supplies import platform, played

States = Mapping[frozenset[str], float]
"""Who is down to what capacity is left."""


def states(roles: Sequence[str], capability: Any) -> States:
    """The structure function of a capability over the states of some suppliers."""
    hours = 1 << len(roles)
    events = []
    for i, role in enumerate(roles):
        length = 1 << i
        events += [
            {"outage": role, "at": f"{start} h", "lasts": f"{length} h"}
            for start in range(length, hours, 2 * length)
        ]
    timeline = played(
        platform(suppliers=roles, capabilities={"use": capability}, events=events, horizon=f"{hours} h")
    )
    level = timeline.levels["use"]
    return {
        frozenset(role for i, role in enumerate(roles) if hour >> i & 1): level.at(hour + 0.5)
        for hour in range(hours)
    }


def availability(works: States, up: Mapping[str, float]) -> float:
    """P(it works), for independent suppliers that are up with these probabilities."""
    return sum(
        value * prod(1 - p if role in down else p for role, p in up.items()) for down, value in works.items()
    )


def importance(works: States, up: Mapping[str, float], role: str) -> float:
    """Birnbaum's importance: availability with the supplier surely up less that with it surely down."""
    return availability(works, {**up, role: 1.0}) - availability(works, {**up, role: 0.0})


def minimal_cut_sets(works: States) -> set[frozenset[str]]:
    """The smallest sets of suppliers whose loss alone takes it down."""
    cuts = [down for down, value in works.items() if value == 0.0]
    return {cut for cut in cuts if not any(other < cut for other in cuts)}
