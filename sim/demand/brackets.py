"""Bounds on those who are away, from the day on which they left: the counts checked in another way.

In: a course carried in closed form. Out: a `Bracket`: at the horizon at least, counted, and at most so many
away. The hazard of return falls with absence, so whoever is taken to have left at the end of the day on which
they left returns sooner than they did, and whoever is taken to have left at its beginning later. All that
enters is how many wait at the ends of days; the impulses of which the counts are made do not. The width falls
with the length of the day.

Where it does not apply (`applies` is false): a hazard that never falls, users who give up or lose the app,
and users who act on each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.demand.course import Course
from sim.demand.look import look
from sim.demand.places import Places

Array = NDArray[np.float64]

DAY = 24.0
_BEFORE = 1e-9
"""How long before the end of an outage one looks, as a share of the horizon."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """Users away at the horizon, each of shape (replications,)."""

    least: Array
    counted: Array
    most: Array

    def outside(self, slack: float) -> NDArray[np.int64]:
        """Replications whose count lies outside its bounds by more than `slack` users."""
        wrong = (self.counted < self.least - slack) | (self.counted > self.most + slack)
        return np.flatnonzero(wrong)


def applies(course: Course) -> bool:
    """Whether the bounds hold for these users."""
    traits = course.traits
    changes = traits.gives_up.any() or traits.uninstalls.any() or traits.decay.any()
    return not (changes or traits.impulses.memoryless)


def bracket(course: Course, horizon: float, day: float = DAY) -> Bracket:
    """Bounds of every replication, leavers put together by `day` hours.

    References
    ----------
    A cohort whose hazard of return decreases with its age: the survival of return is monotone in the instant
    of leaving, so its mean over the day lies between the values at the two ends.

    Checked by: tests/theory/test_e11_return_fades_with_absence.py
    """
    spans = [_outages(course, row) for row in range(len(course.traits.start))]
    edges = [_edges(down, day, horizon) for down in spans]
    longest = max(len(one) for one in edges)
    times = np.full((len(edges), longest + 1), horizon)
    for row, one in enumerate(edges):
        times[row, : len(one)] = one
    seen = look(course, Places.of(course.phases, times))
    least, most = np.zeros(len(edges)), np.zeros(len(edges))
    for row, one in enumerate(edges):
        bounds = _bounds(course, row, one, seen.waiting[row, : len(one)], spans[row], horizon)
        least[row], most[row] = bounds
    return Bracket(least, seen.away[:, -1], most)


def _outages(course: Course, row: int) -> list[tuple[float, float]]:
    """Spans in which the service is down, ascending; neighbours are one."""
    phases = course.phases
    found: list[tuple[float, float]] = []
    for p in range(int(phases.count[row])):
        start, end = float(phases.start[p, row]), float(phases.start[p, row] + phases.length[p, row])
        if phases.up[p, row]:
            continue
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _edges(outages: list[tuple[float, float]], day: float, horizon: float) -> Array:
    """The ends of the days of every outage; the last one just before it ends, while people still wait."""
    parts = []
    for start, end in outages:
        stops = end - _BEFORE * horizon if end < horizon else end
        parts += [np.arange(start, stops, day), np.array([stops])]
    return np.concatenate(parts) if parts else np.zeros(0)


def _bounds(
    course: Course, row: int, edges: Array, waiting: Array, outages: list[tuple[float, float]], horizon: float
) -> tuple[float, float]:
    """At least and at most so many away at the horizon."""
    traits = course.traits
    churn = float(traits.churn[row])
    least = most = 0.0
    for start, end in outages:
        inside = np.flatnonzero((edges >= start) & (edges <= end))
        for a, b in pairwise(inside.tolist()):
            begins, ends = float(edges[a]), float(edges[b])
            left = float(waiting[a]) * np.exp(-churn * (ends - begins)) - float(waiting[b])
            kept = max(left, 0.0) * np.exp(-churn * (horizon - ends))
            most += kept * _still_away(course, row, begins, outages, horizon)
            least += kept * _still_away(course, row, ends, outages, horizon)
    return least, most


def _still_away(
    course: Course, row: int, since: float, outages: list[tuple[float, float]], horizon: float
) -> float:
    """Chance that who left at an instant has not returned by the horizon."""
    impulses = course.traits.impulses
    fade = float(impulses.fire[row])
    at, open_for = since, 0.0
    for start, end in [*outages, (horizon, horizon)]:
        if end <= at and start < horizon:
            continue
        if start > at:
            open_for += np.exp(-fade * (at - since)) - np.exp(-fade * (start - since))
        at = max(at, end)
    return float(np.exp(-float(impulses.fresh[row]) * open_for))
