"""The same supply model written for SimulSI, and the same users for Mesa, beside ours in one run.

A host goes, candidates are asked one after the other, and when one has accepted two tasks run side by side:
that is a process with two children in SimulSI (0.9). 10,000 users who wait through one outage and leave at a
constant hazard are agents of Mesa that take a step an hour. Before anything is timed the two are compared:
what is not the same model would be no comparison. What is not installed is left out and said so. Told only.
"""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Callable, Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.timing import Ratio, compare
from sim.demand import simulate_demand
from sim.scenario import Inputs, Scenario, load_text
from sim.streams import BLOCK, Draws
from sim.supply import simulate_supply

Array = NDArray[np.float64]

LIBRARIES = ("simulsi", "mesa")

ACCEPTANCE, REPLY = 0.3, 36.0
MOVE, ADAPT = 48.0, (24.0, 240.0)
"""Mean hours of an exponential law, and the ends of a uniform one."""

HORIZON_DAYS, SUSPENDED_DAY = 365, 10
SUPPLY = f"""
name: peers
title: One host, one search, two tasks
clock: {{start: 2025-01-01T00:00Z, horizon: {HORIZON_DAYS} d, report_every: 30 d}}
suppliers: {{host: {{}}}}
capabilities: {{use: {{needs: [host]}}}}
users: {{start: 1000, served_by: use, join_by: use}}
events: [{{suspend: host, at: {SUSPENDED_DAY} d}}]
response:
  detection: 0 h
  replace:
    host:
      search: {{candidates: 200, acceptance: {ACCEPTANCE:.0%}, reply: {{mean: {REPLY} h}}}}
      tasks:
        move: {{after: [host_found], takes: {{law: exponential, mean: {MOVE} h}}}}
        adapt: {{after: [host_found], takes: {{law: uniform, low: {ADAPT[0]} h, high: {ADAPT[1]} h}}}}
"""

PEOPLE, DAYS, DOWN_FROM, DOWN_DAYS, PATIENCE_DAYS = 10_000, 30, 5, 10, 20
USERS = f"""
name: peers_users
title: Users who wait
clock: {{start: 2025-01-01T00:00Z, horizon: {DAYS} d, report_every: 1 d}}
suppliers: {{host: {{}}}}
capabilities: {{use: {{needs: [host]}}}}
users: {{start: {PEOPLE}, served_by: use, join_by: use, patience: {{mean: {PATIENCE_DAYS} d}},
  churn: 0 % per day, returns: {{rate: 0 % per day}}}}
events: [{{outage: host, at: {DOWN_FROM} d, lasts: {DOWN_DAYS} d}}]
"""

SAME = 5.0
"""Standard errors within which two means of one model lie."""


def supply_here(scenario: Scenario) -> Array:
    """Hours down in each replication of a block."""
    timelines = simulate_supply(scenario, Inputs(scenario, Draws(scenario.seed, 0)), range(BLOCK))
    return np.array([sum(end - start for start, end in one.levels["use"].down()) for one in timelines])


def supply_by_simulsi(replications: int) -> Array:
    """The same by SimulSI, a simulation each."""
    from simulsi import Simulation  # type: ignore[import-not-found, unused-ignore]
    from simulsi.randomness import (  # type: ignore[import-not-found, unused-ignore]
        Exponential,
        Uniform,
    )

    reply, move, adapt = Exponential(mean=REPLY), Exponential(mean=MOVE), Uniform(*ADAPT)

    def one(seed: int) -> float:
        sim, down = Simulation(seed=seed), list[float]()
        asked, accepts, work = sim.stream("reply"), sim.stream("accepts"), sim.stream("work")

        def task(hours: float) -> Generator[float, None, None]:
            yield hours

        def respond() -> Generator[Any, Any, None]:
            yield SUSPENDED_DAY * 24.0
            begun = sim.now
            while True:
                yield reply.sample(asked)
                if accepts.generator.random() < ACCEPTANCE:
                    break
            tasks = [sim.process(task(law.sample(work))) for law in (move, adapt)]
            yield sim.all_of(tasks)
            down.append(sim.now - begun)

        sim.process(respond())
        sim.run(until=HORIZON_DAYS * 24.0)
        return down[0] if down else (HORIZON_DAYS - SUSPENDED_DAY) * 24.0

    return np.array([one(seed) for seed in range(replications)])


def users_here(scenario: Scenario) -> float:
    """How many of everyone are still active or waiting at the end, in each replication the same."""
    inputs = Inputs(scenario, Draws(scenario.seed, 0))
    history = simulate_demand(scenario, simulate_supply(scenario, inputs, range(BLOCK)), inputs)
    return float(history.end["active"][0].sum() + history.end["waiting"][0].sum())


def users_by_mesa() -> float:
    """The same by agents of Mesa."""
    import mesa  # type: ignore[import-not-found, unused-ignore]

    down = range(24 * DOWN_FROM, 24 * (DOWN_FROM + DOWN_DAYS))
    chance = -math.expm1(-1.0 / (24.0 * PATIENCE_DAYS))

    class User(mesa.Agent):  # type: ignore[misc, unused-ignore]
        """Waits, and may leave in an hour in which the service is down."""

        here = True

        def step(self, hour: int) -> None:
            if self.here and hour in down and self.random.random() < chance:
                self.here = False

    model = mesa.Model(seed=1)
    for _ in range(PEOPLE):
        User(model)
    for hour in range(24 * DAYS):
        model.agents.do("step", hour)
    return float(sum(user.here for user in model.agents))


def measure() -> list[Ratio]:
    """SimulSI / ours for the suppliers, Mesa / ours for the users; of what is installed."""
    beside = {"simulsi": _simulsi, "mesa": _mesa}
    found = []
    for library in LIBRARIES:
        if importlib.util.find_spec(library) is None:
            print(f"peers: {library} is not installed; no comparison with it", file=sys.stderr)
            found.append(Ratio(f"{library} / ours", math.nan, (0.0, 0.0)))
        else:
            found.append(beside[library]())
    return found


def _simulsi() -> Ratio:
    scenario, runs = load_text(SUPPLY).scenario(), BLOCK
    ours, theirs = supply_here(scenario), supply_by_simulsi(runs)
    error = math.sqrt(ours.var() / len(ours) + theirs.var() / len(theirs))
    _agree("SimulSI", float(ours.mean()), float(theirs.mean()), error)
    name = "SimulSI / ours, the suppliers: a search and two tasks, a replication"
    return _told(name, lambda: supply_by_simulsi(runs), lambda: supply_here(scenario), (runs, BLOCK))


def _mesa() -> Ratio:
    scenario = load_text(USERS).scenario()
    kept = math.exp(-DOWN_DAYS / PATIENCE_DAYS)
    _agree("Mesa", users_here(scenario), users_by_mesa(), math.sqrt(PEOPLE * kept * (1.0 - kept)))
    name = f"Mesa / ours, {PEOPLE:,} users who wait, a replication ({DAYS} d)"
    return _told(name, users_by_mesa, lambda: users_here(scenario), (1, BLOCK))


def _told(
    name: str, theirs: Callable[[], object], ours: Callable[[], object], units: tuple[int, int]
) -> Ratio:
    return compare(name, theirs, ours, units=units, rounds=3)


def _agree(library: str, ours: float, theirs: float, error: float) -> None:
    """Refuse to time two models that are not the same."""
    if abs(ours - theirs) > SAME * error:
        raise AssertionError(f"{library} gives {theirs:g}, we {ours:g} +- {error:g}: not the same model")
