"""Short ways from a scenario's text to timelines, for tests of the supply side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Any

from sim.scenario import Inputs, Scenario
from sim.streams import BLOCK, Draws
from sim.supply import SupplyPlan
from sim.supply.timeline import Record, Timeline
from tests.pipeline import written

DAY = 24.0

Parts = Mapping[str, Any]


def platform(
    *,
    suppliers: Sequence[str] | Parts = ("host",),
    capabilities: Parts | None = None,
    events: Sequence[Parts] = (),
    response: Parts | None = None,
    horizon: str = "400 d",
    seed: int = 1,
    **more: Any,
) -> Scenario:
    """A scenario from the parts that matter to suppliers; what people do is left out. JSON is YAML."""
    roles = (
        {name: {"kind": "supplier"} for name in suppliers}
        if not isinstance(suppliers, Mapping)
        else suppliers
    )
    parts = {
        "name": "parts",
        "title": "A platform made of the parts that a test names",
        "seed": seed,
        "clock": {"start": "2025-01-01T00:00Z", "horizon": horizon},
        "suppliers": roles,
        "capabilities": capabilities or {"use": {"needs": list(roles)}},
        "events": list(events),
        "response": response or {},
        **more,
    }
    parts["users"] = {"start": 1000, "served_by": next(iter(parts["capabilities"]))}
    return written(json.dumps(parts)).scenario()


def plan_of(scenario: Scenario, block: int = 0) -> SupplyPlan:
    """The supply side of one block."""
    return SupplyPlan(scenario, Inputs(scenario, Draws(scenario.seed, block)))


def played(scenario: Scenario, replication: int = 0, block: int = 0) -> Timeline:
    """One timeline."""
    return plan_of(scenario, block).run(replication)


def many(scenario: Scenario, blocks: int) -> Iterator[Timeline]:
    """All timelines of some blocks."""
    for block in range(blocks):
        plan = plan_of(scenario, block)
        yield from (plan.run(k) for k in range(BLOCK))


def downtime(timeline: Timeline, capability: str = "use") -> float:
    """Hours without any capacity."""
    return sum(end - start for start, end in timeline.levels[capability].down())


def causes(timeline: Timeline, capability: str = "use") -> list[tuple[str, str, float]]:
    """Cause, kind and hours of a capability's downtime, in order of time."""
    return [(c.cause, c.kind, c.hours) for c in timeline.causes if c.capability == capability]


def record(timeline: Timeline, role: str, name: str, kind: str = "task") -> Record:
    """The only record of that name and kind."""
    (found,) = [r for r in timeline.records if (r.role, r.name, r.kind) == (role, name, kind)]
    return found


def told(timeline: Timeline, *events: str) -> list[tuple[float, str, str]]:
    """Time, entity and event of the happenings, of some events only if any are named."""
    return [(h.time, h.entity, h.event) for h in timeline.happenings if not events or h.event in events]


def z_score(values: Sequence[float], mean: float) -> float:
    """How many standard errors the average of the values is from the mean."""
    n = len(values)
    average = sum(values) / n
    variance = sum((value - average) ** 2 for value in values) / (n - 1)
    return (average - mean) / sqrt(variance / n)


def share_z(hits: int, n: int, probability: float) -> float:
    """How many standard errors a share is from its probability."""
    return (hits / n - probability) / sqrt(probability * (1 - probability) / n)
