"""How many events the suppliers of the shipped scenarios take: counted, so the same on every machine.

A change that makes the supply side do more work for the same answer shows here, however fast the machine.
"""

from __future__ import annotations

from benchmarks.cases import case
from benchmarks.timing import Ratio
from sim.scenario import Inputs
from sim.streams import BLOCK, Draws
from sim.supply import simulate_supply

SCENARIOS = ("host_suspended", "parler_2021", "region_outage", "stores_delist")


def measure() -> list[Ratio]:
    """Events of the first block of the baseline of each."""
    found = []
    for name in SCENARIOS:
        scenario = case(name).scenario()
        timelines = simulate_supply(scenario, Inputs(scenario, Draws(scenario.seed, 0)), range(BLOCK))
        count = sum(timeline.event_count for timeline in timelines)
        found.append(Ratio(f"events of {BLOCK} runs of {name}", float(count), (0.0, 0.0), exact=True))
    return found
