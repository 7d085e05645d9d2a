"""One row a strategy and measure: what the runs say of it, and how sure a finite number of runs can be.

In: the outcomes of one strategy. Out: `Line` records, the rows of `summary.csv`. A length of time that the
horizon cut counts as longer than anything seen, so a quantile among the cut ones is infinite; its mean is
restricted (what was cut enters with the hours seen) and says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import Measure
from sim.study.statistics import (
    Array,
    Interval,
    mean_interval,
    quantile,
    quantile_interval,
    share_interval,
)
from sim.study.tails import tail_intervals

Outcomes = Mapping[str, NDArray[Any]]

UNTOLD = Interval(math.nan, math.nan, math.nan)
"""Of what there is no such number."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the runs say of one measure.

    Attributes
    ----------
    runs, failed
        Replications with an outcome, and without.
    median, p05, p95
        Order statistics, each with the interval that holds the true quantile in 95 % of all studies. Infinite
        where the horizon cut the run; NaN for a flag or a word.
    mean
        With its 95 % simulation interval; for a flag the share of runs in which it is true, for `data_lost`
        the share that lose any.
    restricted
        Some runs were cut, and enter the mean with what was seen of them.
    cvar, cvar_low, cvar_high
        Mean of the worse 5 % with its 95 % BCa interval, which has no ends with fewer than 20 runs; infinite
        if the horizon cut any of them, and NaN for a flag or a word.
    unfinished
        Share of runs that the horizon cut; NaN where nothing can be cut.
    """

    strategy: str
    measure: str
    unit: str
    runs: int
    median: float
    median_low: float
    median_high: float
    p05: float
    p05_low: float
    p05_high: float
    p95: float
    p95_low: float
    p95_high: float
    mean: float
    mean_low: float
    mean_high: float
    restricted: bool
    cvar: float
    cvar_low: float
    cvar_high: float
    unfinished: float
    failed: int


def summarise(
    strategy: str, measures: Mapping[str, Measure], outcomes: Outcomes, failed: int, *, seed: int = 0
) -> list[Line]:
    """The lines of one strategy, in the order of the measures.

    `seed` is that of the study; the resamples of the bootstrap are drawn from it by name.
    """
    tailed = [measure for measure in measures.values() if measure.kind not in {"flag", "text"}]
    found = tail_intervals([(latent(measure, outcomes), measure.bad) for measure in tailed], seed)
    tails = {measure.name: tail for measure, tail in zip(tailed, found, strict=True)}
    return [
        _line(strategy, measure, outcomes, failed, tails.get(measure.name, UNTOLD))
        for measure in measures.values()
    ]


def finished(measure: Measure, outcomes: Outcomes) -> NDArray[np.bool_]:
    """Which runs the horizon did not cut. Shape (runs,)."""
    if measure.censored_by is None:
        return np.ones(len(outcomes[measure.name]), dtype=np.bool_)
    return np.asarray(outcomes[measure.censored_by], dtype=np.bool_)


def values(measure: Measure, outcomes: Outcomes) -> Array:
    """A measure as numbers: a flag as 0 and 1, `data_lost` as whether any is, the rest as they are."""
    column = outcomes[measure.name]
    if measure.kind == "text":
        return np.asarray(column != "none", dtype=float)
    return np.asarray(column, dtype=float)


def latent(measure: Measure, outcomes: Outcomes) -> Array:
    """The same, infinite where the horizon cut an open-ended length of time."""
    found = values(measure, outcomes)
    return np.where(finished(measure, outcomes), found, math.inf) if measure.open_ended else found


def _line(strategy: str, measure: Measure, outcomes: Outcomes, failed: int, tail: Interval) -> Line:
    column, whole = values(measure, outcomes), finished(measure, outcomes)
    cut = 1.0 - float(whole.mean())
    truth = measure.kind in {"flag", "text"}
    mean = share_interval(int(column.sum()), len(column)) if truth else mean_interval(column)
    ordered = np.sort(latent(measure, outcomes))
    marks = {
        label: _mark(ordered, share, truth)
        for label, share in (("median", 0.5), ("p05", 0.05), ("p95", 0.95))
    }
    return Line(
        strategy=strategy,
        measure=measure.name,
        unit=measure.unit,
        runs=len(column),
        **{label: mark.value for label, mark in marks.items()},
        **{f"{label}_low": mark.low for label, mark in marks.items()},
        **{f"{label}_high": mark.high for label, mark in marks.items()},
        mean=mean.value,
        mean_low=mean.low,
        mean_high=mean.high,
        restricted=measure.censored_by is not None and cut > 0.0,
        cvar=tail.value,
        cvar_low=tail.low,
        cvar_high=tail.high,
        unfinished=math.nan if measure.censored_by is None else cut,
        failed=failed,
    )


def _mark(ordered: Array, share: float, truth: bool) -> Interval:
    if truth:
        return UNTOLD
    return Interval(quantile(ordered, share), *quantile_interval(ordered, share))
