"""Break-even: where along a field two strategies have the same mean of a measure.

In: paired differences at some places, a row a place, a column a replication. Out: a `Turning`: every place
at which the mean difference changes sign, each with an interval; or that there is none.

The curve of means is straight between places, and places are added where it crosses until that moves the
crossing no more. Replications meet the same draws at every place, so they are resampled as a whole: a
replication that is drawn twice counts twice at every place, and what ties the places together stays tied.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from sim.study.bootstrap import ready, resampled
from sim.study.statistics import CONFIDENCE, Array, mean_interval

Verdict = Literal["same", "never", "turns", "several"]

ENOUGH = 0.05
"""A place is added until it moves the crossing by less than this share of its interval."""

FINEST = 5e-4
"""Or by less than this share of the whole range."""

STRAIGHT = 0.05
"""Slopes on both sides of a crossing that differ by less than this share leave its interval as it is."""

MOST = 8
"""Places that are added for one crossing, at most. Assumption: a curve that needs more is no curve."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where the mean difference changes its sign.

    Attributes
    ----------
    at
        The place.
    low, high
        Its 95 % interval; infinite where the runs allow the crossing to lie beyond that end of the range.
    rising
        The difference is below 0 to its left.
    """

    at: float
    low: float
    high: float
    rising: bool


@dataclass(frozen=True, slots=True)
class Turning:
    """What became of the difference along the field.

    Attributes
    ----------
    verdict
        "same": no difference in any run at any place; "never": one sign everywhere; "turns"; "several".
    sign
        Of the mean difference at the low end (-1, 0, 1); where that is 0, of the first that is not.
    crossings
        From the low end to the high one.
    open
        Places at which the 95 % interval of the mean difference holds 0 although some run differs.
    runs
        Replications that have an outcome at every place.
    """

    verdict: Verdict
    sign: int
    crossings: tuple[Crossing, ...]
    open: tuple[float, ...]
    runs: int


def turning(places: Sequence[float], gaps: Array, seed: int) -> Turning:
    """Where two strategies break even.

    Parameters
    ----------
    places
        Ascending, on the scale on which the curve is taken to be straight.
    gaps
        Differences, shape (places, runs); column k is the same replication everywhere.
    seed
        Of the scenario; resamples are drawn from it by name.

    References
    ----------
    Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13 (percentile intervals),
    doi 10.1007/978-1-4899-4541-5.

    Checked by: tests/theory/test_break_even.py
    """
    means = gaps.mean(axis=1)
    signs = _signs(gaps, means)
    found = crossings(places, signs, means)
    beside = [mean_interval(row) for row in gaps]
    open_ = tuple(
        place
        for place, one, row in zip(places, beside, gaps, strict=True)
        if one.low <= 0.0 <= one.high and row.any()
    )
    sign = next((int(one) for one in signs if one), 0)
    verdict: Verdict = "several" if len(found) > 1 else "turns" if found else "never" if sign else "same"
    return Turning(verdict, sign, _with_intervals(places, gaps, found, seed), open_, gaps.shape[1])


def _signs(gaps: Array, means: Array) -> list[int]:
    """Sign of the mean at every place; 0 where no run differs, or only by rounding."""
    size = float(np.abs(gaps).max(initial=0.0))
    return [0 if abs(mean) <= 1e-12 * size else int(np.sign(mean)) for mean in means]


def crossings(
    places: Sequence[float], signs: Sequence[int], means: Array
) -> list[tuple[float, float, float, bool]]:
    """Every change of sign: where, from and to which place there is no difference, and whether it rises."""
    found = []
    known = [i for i, sign in enumerate(signs) if sign]
    for i, j in pairwise(known):
        if signs[i] == signs[j]:
            continue
        if j == i + 1:
            at = places[i] - means[i] * (places[j] - places[i]) / (means[j] - means[i])
            found.append((float(at), float(at), float(at), signs[i] < 0))
        else:  # equal from one place to another: anything between is the break-even
            first, last = places[i + 1], places[j - 1]
            found.append((0.5 * (first + last), first, last, signs[i] < 0))
    return found


def _with_intervals(
    places: Sequence[float],
    gaps: Array,
    found: Sequence[tuple[float, float, float, bool]],
    seed: int,
) -> tuple[Crossing, ...]:
    """The crossings, each with percentiles of those of the resamples nearest to it."""
    if not found:
        return ()
    if gaps.shape[1] < 2:
        return tuple(Crossing(at, -math.inf, math.inf, rising) for at, _, _, rising in found)
    columns = [ready(np.ascontiguousarray(row)) for row in gaps]
    curves = gaps.mean(axis=1)[:, None] + resampled(columns, seed)
    told = []
    for at, first, last, rising in found:
        roots = np.sort(nearest_roots(np.asarray(places, dtype=np.float64), curves, at, rising=rising))
        tail = 0.5 * (1.0 - CONFIDENCE) * (len(roots) - 1)
        low, high = float(roots[math.floor(tail)]), float(roots[math.ceil(len(roots) - 1 - tail)])
        told.append(Crossing(at, min(low, first), max(high, last), rising))
    return tuple(told)


def nearest_roots(places: Array, curves: Array, at: float, *, rising: bool) -> Array:
    """Where each curve crosses 0 in one direction, nearest to a place. Shape (curves,).

    A curve that does not is beyond the end on the side that its sign there tells: minus or plus infinity.

    Parameters
    ----------
    curves
        Shape (places, curves).
    """
    curves = curves if rising else -curves
    found = np.full(curves.shape[1], math.inf)
    for i in range(len(places) - 1):
        before, after = curves[i], curves[i + 1]
        crosses = (before < 0.0) & (after >= 0.0)
        step = np.divide(-before, after - before, out=np.zeros_like(before), where=crosses)
        root = places[i] + step * (places[i + 1] - places[i])
        closer = crosses & (np.abs(root - at) < np.abs(found - at))
        found = np.where(closer, root, found)
    here = np.array([np.interp(at, places, curve) for curve in curves.T[np.isinf(found)]])
    found[np.isinf(found)] = np.where(here > 0.0, -math.inf, math.inf)
    return found


def next_places(
    places: Sequence[float], means: Array, found: Turning, before: Sequence[float]
) -> list[float]:
    """Where to look next: at crossings not yet known closely enough, then beside those where the curve bends.

    Parameters
    ----------
    means
        Of the differences, shape (places,).
    before
        The crossings before the last places were added.
    """
    span = places[-1] - places[0]
    wanted: list[float] = []
    for one in found.crossings:
        moved = min((abs(one.at - other) for other in before), default=math.inf)
        width = one.high - one.low if math.isfinite(one.high - one.low) else 0.0
        if moved > max(ENOUGH * width, FINEST * span):
            wanted.append(one.at)
        elif not _is_straight(places, means, one.at):
            # the interval is read off the curve beside the crossing, so that has to be known as well
            reach = max(0.5 * width, 0.01 * span)
            for side in (-1.0, 1.0):
                near = (side * (place - one.at) for place in places)
                if not any(0.5 * reach <= apart <= 2.0 * reach for apart in near):
                    wanted.append(one.at + side * reach)
    inside = [place for place in wanted if places[0] < place < places[-1]]
    return [place for place in inside if _apart(place, places) > 1e-6 * span]


def _is_straight(places: Sequence[float], means: Array, at: float) -> bool:
    """Whether the curve goes on as it comes at the place nearest to a crossing."""
    i = min(range(len(places)), key=lambda k: abs(places[k] - at))
    if not 0 < i < len(places) - 1:
        return True
    before, after = ((means[k + 1] - means[k]) / (places[k + 1] - places[k]) for k in (i - 1, i))
    return bool(abs(after - before) <= STRAIGHT * max(abs(after), abs(before)))


def _apart(place: float, places: Sequence[float]) -> float:
    """How far the nearest of the places is."""
    return min(abs(place - other) for other in places)
