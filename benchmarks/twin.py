"""The demand side with one SimPy process a user against ours, on the same 10,000 users: over 1,000.

Both live through the same fixed timeline (a long outage inside a longer delisting). Ours is a replication
in its block; the whole block, as if one replication were wanted alone, is told beside it.
"""

from __future__ import annotations

import numpy as np

from benchmarks.timing import Ratio, compare
from sim.demand import simulate_demand
from sim.scenario import Inputs
from sim.streams import BLOCK, Draws
from tests.pipeline import written
from tests.theory.twin_cases import CASES, REPORT_EVERY, REPORTS, SHARES
from tests.twin.people import lives

USERS = 10_000
CASE = CASES["a long outage inside a longer delisting, with a surge before"]


def twin() -> None:
    """Every one of the users lives a life."""
    reports = tuple(REPORT_EVERY * number for number in range(1, REPORTS + 1))
    rng = np.random.default_rng(1)
    for segment, share in SHARES.items():
        lives(CASE.people[segment], CASE.doors(segment), [0.0] * round(USERS * share), reports, rng)


def measure() -> list[Ratio]:
    """Twin / ours, a replication and a whole block."""
    scenario = written(CASE.text(joins=False), [f"users.start={USERS}"]).scenario()
    timelines = [CASE.timeline()] * BLOCK

    def ours() -> None:
        simulate_demand(scenario, timelines, Inputs(scenario, Draws(scenario.seed, 0)))

    name = f"one process a user / ours, {USERS:,} users"
    per_replication = compare(f"{name}, a replication", twin, ours, units=(1, BLOCK), rounds=5, at_least=1000)
    seconds = (per_replication.seconds[0], per_replication.seconds[1] * BLOCK)
    block = Ratio(f"{name}, a block for one replication", per_replication.value / BLOCK, seconds)
    return [per_replication, block]
