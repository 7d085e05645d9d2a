"""The supply side against a bare SimPy loop of the very number of events it processed: at most 4.

What is above 1 is what the model adds to SimPy: gates, work, searches, and the record of causes.
"""

from __future__ import annotations

from benchmarks.cases import case
from benchmarks.timing import Ratio, compare
from benchmarks.yardstick import bare_loop
from sim.scenario import Inputs
from sim.streams import BLOCK, Draws
from sim.supply import simulate_supply


def measure() -> list[Ratio]:
    """Supply side of a block / bare loops of its event counts."""
    scenario = case("parler_2021").scenario()

    def block() -> list[int]:
        inputs = Inputs(scenario, Draws(scenario.seed, 0))
        return [timeline.event_count for timeline in simulate_supply(scenario, inputs, range(BLOCK))]

    events = block()

    def loops() -> None:
        for count in events:
            bare_loop(count)

    mean = sum(events) / len(events)
    name = f"supply side of parler_2021 / a bare loop of its {mean:.0f} events"
    return [compare(name, block, loops, units=(BLOCK, BLOCK), at_most=4.0)]
