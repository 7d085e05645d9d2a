"""A replication of the real case (270 days, nine segments, counterfactual included) against Y: at most 1.

One block is computed as a study computes it, without writing files; its cost is shared by its replications.
"""

from __future__ import annotations

from benchmarks.cases import case
from benchmarks.timing import Ratio, compare
from benchmarks.yardstick import yardsticks
from sim.streams import BLOCK
from sim.study.simulate import simulate

YARDSTICKS = 100


def measure() -> list[Ratio]:
    """Replication / Y."""
    scenario = case("parler_2021").scenario()
    return [
        compare(
            "a replication of parler_2021, counterfactual included / Y",
            lambda: simulate(scenario, 0),
            lambda: yardsticks(YARDSTICKS),
            units=(BLOCK, YARDSTICKS),
            at_most=1.0,
        )
    ]
