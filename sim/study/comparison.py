"""Strategies against the baseline, pair by pair.

Replication k of every strategy meets the same random numbers, so the difference within a pair says more
than two averages beside each other: what both have in common falls out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from sim.outcomes import Measure
from sim.study.statistics import mean_interval
from sim.study.summary import Outcomes, finished, values


@dataclass(frozen=True, slots=True)
class Difference:
    """One strategy's measure minus the baseline's.

    Attributes
    ----------
    runs
        Pairs.
    difference, low, high
        Mean of the paired differences and its 95 % t interval.
    better
        Share of the pairs in which the strategy does better than the baseline.
    correlation
        Between the two within the pairs; NaN where one of them never varies. At or below 0 the pairing gains
        nothing.
    restricted
        Some run of a pair was cut by the horizon and enters with what was seen of it.
    """

    strategy: str
    baseline: str
    measure: str
    unit: str
    runs: int
    difference: float
    low: float
    high: float
    better: float
    correlation: float
    restricted: bool


def compare(
    strategy: str, baseline: str, measures: Mapping[str, Measure], ours: Outcomes, theirs: Outcomes
) -> list[Difference]:
    """The differences of one strategy, over the replications both have."""
    mine, base = paired(ours, theirs)
    if not len(mine["replication"]):
        return []
    return [_difference(strategy, baseline, one, mine, base) for one in measures.values() if one.name in base]


def paired(*worlds: Outcomes) -> list[Outcomes]:
    """The outcomes of the replications that have one in every world, row beside row."""
    common = reduce(np.intersect1d, [world["replication"] for world in worlds])
    rows = [np.searchsorted(world["replication"], common) for world in worlds]
    return [
        {name: column[row] for name, column in world.items()} for world, row in zip(worlds, rows, strict=True)
    ]


def _difference(
    strategy: str, baseline: str, measure: Measure, ours: Outcomes, theirs: Outcomes
) -> Difference:
    mine, base = values(measure, ours), values(measure, theirs)
    gap = mean_interval(mine - base)
    better = mine < base if measure.bad == "high" else mine > base
    varies = len(mine) > 1 and np.ptp(mine) > 0.0 and np.ptp(base) > 0.0
    whole = finished(measure, ours) & finished(measure, theirs)
    return Difference(
        strategy=strategy,
        baseline=baseline,
        measure=measure.name,
        unit=measure.unit,
        runs=len(mine),
        difference=gap.value,
        low=gap.low,
        high=gap.high,
        better=float(better.mean()),
        correlation=float(np.corrcoef(mine, base)[0, 1]) if varies else float("nan"),
        restricted=not bool(whole.all()),
    )
