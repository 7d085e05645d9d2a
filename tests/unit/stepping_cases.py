"""Short ways to users followed in steps: one replication on a timeline made by hand, or some of a block."""

from __future__ import annotations

import numpy as np

from sim.demand import History
from sim.demand.simulate import report_times
from sim.demand.stepping.crowd import Crowd
from sim.demand.stepping.simulate import expected
from sim.scenario import Inputs, Scenario
from sim.streams import BLOCK, Draws
from sim.supply.timeline import Level, Timeline
from tests.pipeline import level, timeline, written

DAY = 24.0
START = 1_000_000


def users(
    said: str, *, events: str = "", horizon: float = 90, every: float = 5, segments: str = ""
) -> Scenario:
    """A scenario with one host, one store and these users; nobody churns or joins unless it is said."""
    defaults = {"churn": "0 per day", "joins": "0 per day", "served_by": "use"}
    given = {part.split(":")[0].strip() for part in said.split("\n")}
    base = "\n".join(f"  {name}: {value}" for name, value in defaults.items() if name not in given)
    text = "\n".join(f"  {line}" for line in said.strip("\n").split("\n"))
    return written(f"""
name: steps
title: Users who act on each other
clock: {{start: 2025-01-01T00:00Z, horizon: {horizon:g} d, report_every: {every:g} d}}
suppliers: {{host: {{kind: cloud host}}, store: {{kind: app store}}}}
capabilities: {{use: {{needs: [host]}}, install: {{needs: [store]}}}}
users:
  start: {START}
{base}
{text}
{segments}
events: [{events}]
""").scenario()


def outages(*spans: tuple[float, float]) -> Level:
    """Full capacity but for these spans, days."""
    pieces = [(0.0, 1.0)] if not spans or spans[0][0] > 0 else []
    for start, end in spans:
        pieces += [(start * DAY, 0.0), (end * DAY, 1.0)]
    return level(*pieces)


def days(scenario: Scenario, use: Level, install: Level | None = None) -> Timeline:
    """A timeline of what can be used and installed."""
    horizon = scenario.clock.horizon
    levels = {"use": use, "install": install or level((0.0, 1.0))}
    kept = {}
    for name, one in levels.items():
        n = sum(t < horizon for t in one.times)
        kept[name] = Level(one.times[:n], one.values[:n], one.slopes[:n])
    return timeline(horizon, kept)


def crowd(scenario: Scenario, fixed: Timeline, rows: int = 1) -> Crowd:
    """The first rows of a block that all live through the same timeline."""
    inputs = Inputs(scenario, Draws(scenario.seed, 0))
    return Crowd.of(scenario, [fixed] * BLOCK, inputs).rows(np.arange(rows))


def followed(scenario: Scenario, fixed: Timeline) -> History:
    """Expected users of one replication, by steps."""
    clock = scenario.clock
    return expected(crowd(scenario, fixed), report_times(clock.horizon, clock.report_every))


def at(history: History, state: str, day: float, segment: int = 0) -> float:
    """Users in a state as a share of all at the start, on a day that is a report time."""
    (place,) = np.flatnonzero(np.abs(history.times - day * DAY) < 1e-9)
    return float(history.states[state][0, segment, place] / history.start[0].sum())
