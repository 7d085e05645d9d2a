"""B minus A run by run, as far as the page shows it: what `compare` gives without its resamples.

In: outcomes of both sides. Out: `Gap` records. `sim.study.compare` also draws thousands of resamples of every
measure, for intervals that the page does not show; after a drag that would be most of the wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from sim.outcomes import Measure
from sim.study.comparison import paired
from sim.study.statistics import Interval, mean_interval
from sim.study.summary import finished, latent, values

Outcomes = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Gap:
    """One measure of B minus that of A.

    Attributes
    ----------
    difference
        Mean of the paired differences and its 95 % t interval, inside units.
    better
        Share of the pairs in which B does better; what the horizon cut is worse than what ended.
    verdict
        "better", "worse", "undecided", "same" where no pair differs, "cut" where the horizon keeps from
        saying.
    restricted
        Some run of a pair was cut by the horizon and enters with what was seen of it.
    runs
        Pairs.
    """

    measure: str
    difference: Interval
    better: float
    verdict: str
    restricted: bool
    runs: int


def gaps(measures: Mapping[str, Measure], ours: Outcomes, theirs: Outcomes) -> list[Gap]:
    """The gap of each measure, over the replications that both have an outcome of.

    Checked by: tests/unit/test_explorer_server.py::test_differences_are_those_of_compare
    """
    mine, base = paired(ours, theirs)
    return [_gap(measure, mine, base) for measure in measures.values()] if len(mine["replication"]) else []


def _gap(measure: Measure, mine: Outcomes, base: Outcomes) -> Gap:
    gap = values(measure, mine) - values(measure, base)
    one, other = latent(measure, mine), latent(measure, base)
    whole = bool((finished(measure, mine) & finished(measure, base)).all())
    better = one < other if measure.bad == "high" else one > other
    mean = mean_interval(gap)
    equal = bool((one == other).all()) and not gap.any()
    verdict = "same" if equal else _verdict(measure, mean, whole)
    return Gap(measure.name, mean, float(better.mean()), verdict, not whole, len(gap))


def _verdict(measure: Measure, mean: Interval, whole: bool) -> str:
    """What the interval tells of runs that are not all equal, cut ones or not."""
    if measure.open_ended and not whole:
        return "cut"
    if mean.low <= 0.0 <= mean.high:
        return "undecided"
    return "better" if (mean.high < 0.0) == (measure.bad == "high") else "worse"
