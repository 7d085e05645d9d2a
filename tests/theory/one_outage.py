"""The smallest platform that can lose its users: one host, one capability, one outage, one segment."""

from __future__ import annotations

import numpy as np

from sim.demand import History
from sim.scenario import Scenario
from tests.pipeline import level as pieces
from tests.pipeline import lived, timeline, written

DAY = 24.0
N = 15_000_000


def scenario(
    users: str, *, horizon: str, lasts: str = "35 d", start: int = N, every: str = "1 d"
) -> Scenario:
    """An outage of the host from day 1 for ``lasts``; nobody joins or churns unless ``users`` says so."""
    base = "served_by: use, churn: 0 per day, joins: 0 per day, "
    said = {part.split(":")[0].strip() for part in users.split(", ")}
    kept = ", ".join(part for part in base.split(", ") if part.split(":")[0] not in said)
    text = f"""
name: one_outage
title: One outage of a known length
clock: {{start: 2025-01-01T00:00Z, horizon: {horizon}, report_every: {every}}}
suppliers:
  host: {{kind: cloud host}}
capabilities:
  use: {{needs: [host]}}
users: {{start: {start}, {kept}{users}}}
events:
  - {{outage: host, at: 2025-01-02T00:00Z, lasts: {lasts}}}
"""
    return written(text).scenario()


def users_after(scenario: Scenario, *, down: tuple[float, float] | None) -> History:
    """The users of one replication on a timeline with one down time (hours), made by hand."""
    horizon = scenario.clock.horizon
    steps = [(0.0, 1.0)]
    if down is not None:
        steps = [(0.0, 1.0), (down[0], 0.0), (down[1], 1.0)]
    level = pieces(*[step for step in steps if step[0] < horizon])
    return lived(scenario, timeline(horizon, {"use": level}))


def count(history: History, state: str, day: float, segment: int = 0) -> float:
    """Users in ``state`` on ``day``, which must be a report time."""
    (place,) = np.flatnonzero(np.abs(history.times - day * DAY) < 1e-9)
    return float(history.states[state][0, segment, place])
