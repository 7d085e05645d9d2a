"""Stochastic dominance: whether one strategy's runs are better whatever one's taste for risk.

In: two arrays, a value a replication, and which way is bad. Out: `Dominance`. First order: at every level the
one has at most as many runs that are worse, so whoever prefers less loss prefers it. Second order: the mean
of its worst k runs is no worse for any k, so whoever also dislikes risk prefers it.

It is said of the runs, not of the laws behind them. Two laws of which neither dominates may have runs that
do, and one run in the tail may hide what holds; `holds` says how much it hangs on single runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.study.bootstrap import counts
from sim.study.rounding import gap, slack
from sim.study.statistics import Array

Order = Literal["first", "second", "none", "same"]
By = Literal["ours", "theirs", ""]

_STREAM = "dominance"


@dataclass(frozen=True, slots=True)
class Dominance:
    """Which dominates, and in which order: "same" if the ordered runs are equal, "none" if neither does."""

    order: Order
    by: By = ""


def dominance(ours: Array, theirs: Array, bad: str = "high") -> Dominance:
    """Dominance of the runs of two strategies, as many of each.

    Parameters
    ----------
    ours, theirs
        Shape (runs,). Infinite values (cut by the horizon) are worse than all others; with them only the
        first order can be told.
    bad
        Which way is worse.

    References
    ----------
    Levy 2016, Stochastic Dominance, 3rd ed., sections 3.3 and 3.4, doi 10.1007/978-3-319-21708-6.

    Checked by: tests/unit/test_study_dominance.py
    """
    return dominance_of_ordered(np.sort(ours), np.sort(theirs), bad)


def dominance_of_ordered(ours: Array, theirs: Array, bad: str = "high") -> Dominance:
    """The same of runs that are in ascending order already."""
    if bad == "high":
        return _of_losses(ours, theirs)
    return _of_losses(-ours[::-1], -theirs[::-1])


def holds(ours: Array, theirs: Array, bad: str = "high", *, seed: int, resamples: int = 200) -> float:
    """Share of resamples of the runs, drawn pair by pair, in which what dominates still does.

    1 where the runs are far from touching anywhere; near a half where it hangs on a few runs. It is no
    confidence that the laws behind the runs are so ordered. NaN where neither dominates.
    """
    sign = 1.0 if bad == "high" else -1.0
    sides = [(sign * each, np.argsort(sign * each, kind="stable")) for each in (ours, theirs)]
    ordered = [(side[order], order) for side, order in sides]
    found = _of_losses(ordered[0][0], ordered[1][0])
    if not found.by:
        return float("nan")
    kept = 0
    for drawn in counts(len(ours), seed, resamples, _STREAM):
        for times in drawn.astype(np.int64):
            again = _of_losses(*(np.repeat(side, times[order]) for side, order in ordered))
            kept += again.by == found.by and (found.order == "second" or again.order == "first")
    return kept / resamples


def _of_losses(one: Array, other: Array) -> Dominance:
    """Of losses in ascending order."""
    apart = gap(one, other)
    if not apart.any():
        return Dominance("same")
    first = _by(apart)
    if first or not (np.isfinite(one) & np.isfinite(other)).all():
        return Dominance("first", first) if first else Dominance("none")
    worst = np.cumsum(apart[::-1])
    worst[np.abs(worst) <= slack(one, other) * np.arange(1, len(worst) + 1)] = 0.0
    second = _by(worst)
    return Dominance("second", second) if second else Dominance("none")


def _by(apart: Array) -> By:
    """Who is nowhere worse."""
    if bool((apart <= 0.0).all()):
        return "ours"
    return "theirs" if bool((apart >= 0.0).all()) else ""
