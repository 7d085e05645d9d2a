"""15 million users against 15 thousand: at most 1.1; with sampled whole counts at most 1.2.

Expected counts on the real case. Sampled counts on the smallest case, looked at monthly: they are drawn
epoch by epoch and replication by replication, and seven rounds of the real case would take an hour.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.cases import case
from benchmarks.timing import Ratio, compare
from sim.scenario import Scenario
from sim.scenario.resolution import Resolution
from sim.streams import BLOCK
from sim.study.simulate import simulate

FEW, MANY = 15_000, 15_000_000


def real(number: int) -> Scenario:
    """The real case with another number of users; joins in proportion."""
    return case("parler_2021", f"users.start={number}", f"users.joins={number / 767:g} per day").scenario()


def small(number: int) -> Scenario:
    """The smallest case with another number of users."""
    return case("host_suspended", f"users.start={number}", "clock.report_every=30 d").scenario()


def measure() -> list[Ratio]:
    """Many users / few users, expected and sampled counts."""
    ratios: list[Ratio] = []
    details: list[tuple[str, Callable[[int], Scenario], Resolution, float]] = [
        ("expected counts, parler_2021", real, "expected", 1.1),
        ("sampled counts, host_suspended", small, "sampled", 1.2),
    ]
    for label, scenario, users, limit in details:
        many, few = scenario(MANY), scenario(FEW)
        ratios.append(
            compare(
                f"{MANY:,} users / {FEW:,}, {label}",
                lambda: simulate(many, 0, users=users),  # noqa: B023 - called at once
                lambda: simulate(few, 0, users=users),  # noqa: B023 - called at once
                units=(BLOCK, BLOCK),
                at_most=limit,
            )
        )
    return ratios
