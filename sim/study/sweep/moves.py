"""How far each field moves a measure, over its range.

In: a `Sweep`, a strategy and a measure. Out: a `Move` a field. On a grid it is read off the averages over all
values of the other fields; of a sample it is the slope of a straight-line fit, with the share it explains.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.study.statistics import Array, Interval, mean_interval
from sim.study.sweep.fields import Field, Value
from sim.study.sweep.look import Sweep
from sim.study.sweep.table import Row


@dataclass(frozen=True, slots=True)
class Move:
    """What one field does to one measure of one strategy.

    Attributes
    ----------
    first, last
        The measure where the field is lowest and highest; of a sample by the fit.
    least, most
        The smallest and the largest of the measure, and where; the same as the ends for a sample.
    """

    field: Field
    first: tuple[Value, float]
    last: tuple[Value, float]
    least: tuple[Value, float]
    most: tuple[Value, float]

    @property
    def size(self) -> float:
        """By how much the measure differs over the range."""
        return self.most[1] - self.least[1]


def centre(row: Row | None, *, median: bool) -> float:
    """The number that stands for the runs of one point: the median, or the mean."""
    if row is None:
        return math.nan
    return row.median if median else row.mean


def needs_median(found: Sweep, measure: str) -> bool:
    """Whether a measure is told by medians: a time that the horizon cuts in some run somewhere."""
    if found.measures[measure].kind != "time":
        return False
    rows = [row for row in found.rows if row.measure == measure]
    return any(row.unfinished > 0.0 or math.isnan(row.mean) for row in rows)


def levels(found: Sweep, strategy: str, measure: str, place: int) -> list[tuple[Value, float]]:
    """On a grid: the measure at every value of a field, averaged over the values of the others."""
    median = needs_median(found, measure)
    groups: dict[Value, list[float]] = {}
    for point in found.designed:
        number = centre(found.row(point.number, strategy, measure), median=median)
        groups.setdefault(point.values[place], []).append(number)
    return [(value, float(np.mean(numbers))) for value, numbers in groups.items()]


def moves(found: Sweep, strategy: str, measure: str) -> tuple[list[Move], float]:
    """Every field, and the share of the variance between points that a straight line explains, at least 0.

    The latter is NaN on a grid, where nothing is fitted; see `explained`.
    """
    if found.method != "grid":
        return _fitted(found, strategy, measure)
    told = []
    for place, field in enumerate(found.fields):
        steps = levels(found, strategy, measure, place)
        least, most = min(steps, key=lambda step: step[1]), max(steps, key=lambda step: step[1])
        told.append(Move(field, steps[0], steps[-1], least, most))
    return told, math.nan


def _fitted(found: Sweep, strategy: str, measure: str) -> tuple[list[Move], float]:
    """Least squares in all fields that are quantities, each from 0 at its low end to 1 at its high end."""
    median = needs_median(found, measure)
    numbers = np.array(
        [centre(found.row(point.number, strategy, measure), median=median) for point in found.designed]
    )
    usable = [place for place, field in enumerate(found.fields) if field.kind != "choice"]
    design = np.column_stack([np.ones(len(numbers)), *(_shares(found, place) for place in usable)])
    if not np.isfinite(numbers).all() or len(numbers) <= design.shape[1]:
        return [], math.nan
    solved, *_ = np.linalg.lstsq(design, numbers, rcond=None)
    rest = numbers - design @ solved
    share_of_line = max(explained(numbers, rest, len(usable)), 0.0)
    middle, told = float(numbers.mean()), []
    for place, slope in zip(usable, solved[1:].tolist(), strict=True):
        field = found.fields[place]
        share = float(_shares(found, place).mean())
        low, high = middle - share * slope, middle + (1.0 - share) * slope
        ends = sorted(field.values, key=lambda value: value.number)
        first, last = (ends[0], low), (ends[-1], high)
        ordered = sorted((first, last), key=lambda end: end[1])
        told.append(Move(field, first, last, ordered[0], ordered[1]))
    return told, share_of_line


def explained(numbers: Array, rest: Array, slopes: int) -> float:
    """The share of the variance that a line of so many slopes explains, less what it would explain of noise.

    The adjusted coefficient of determination, 1 - (1 - R**2) (n - 1) / (n - slopes - 1): of noise alone it is
    0 on average, where R**2 is slopes / (n - 1). NaN where all numbers are equal.

    Source: M. Ezekiel, Methods of Correlation Analysis (Wiley, 1930).
    """
    variance = float(np.var(numbers, ddof=1))
    if variance == 0.0:
        return math.nan
    return 1.0 - float(rest @ rest) / (len(numbers) - slopes - 1) / variance


def _shares(found: Sweep, place: int) -> Array:
    """How far along its range a field is at every point, from 0 to 1. Shape (points,)."""
    field = found.fields[place]
    ends = [field.scaled(value.number) for value in field.values]
    low, high = min(ends), max(ends)
    numbers = [field.scaled(point.values[place].number) for point in found.designed]
    return (np.array(numbers) - low) / (high - low)


def between_ends(found: Sweep, strategy: str, measure: str) -> Interval | None:
    """Of one field: the mean at its last value less that at its first, run by run; None without such runs."""
    ends = [found.samples.get((point.number, strategy)) for point in (found.designed[0], found.designed[-1])]
    first, last = ends
    if first is None or last is None or measure not in first or measure not in last:
        return None
    common = np.intersect1d(first["replication"], last["replication"])
    if not common.size:
        return None
    rows = [one[measure][np.searchsorted(one["replication"], common)] for one in (first, last)]
    return mean_interval(rows[1] - rows[0])
