"""The search for break-evens: points are added along the first field until the crossings are known.

In: an order, and the sweep that can look at more points. Out: `BreakEven` records, one a pair of strategies
and combination of the other fields' values. The same request adds the same points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.study.statistics import Array, mean_interval
from sim.study.sweep.break_even import MOST, Turning, next_places, turning
from sim.study.sweep.design import Point
from sim.study.sweep.fields import Value
from sim.study.sweep.look import BreakEven, along

if TYPE_CHECKING:
    from sim.study.sweep.order import Order


class Looking(Protocol):
    """What can look at one more point."""

    samples: dict[tuple[int, str], dict[str, Array]]

    def add(self, values: tuple[Value, ...], strategies: Sequence[str]) -> Point:
        """Look at these values with these strategies."""


class Search:
    """Break-evens of one order."""

    def __init__(self, order: Order, looking: Looking) -> None:
        self.order = order
        self.looking = looking

    def all(self) -> list[BreakEven]:
        """Every pair, at every combination of the other fields."""
        measure = self.order.break_even
        if measure is None:
            return []
        return [self._one(pair, points) for pair in self.order.pairs for points in along(self.order.points)]

    def _one(self, pair: tuple[str, str], points: list[Point]) -> BreakEven:
        """One pair along one line of points."""
        before: list[float] = []
        for _ in range(2 * MOST):
            found, gaps = self._turning(pair, points)
            wanted = self._wanted(points, gaps, found, before)
            before = [one.at for one in found.crossings]
            more = [self.looking.add((value, *points[0].values[1:]), pair) for value in wanted]
            new = [point for point in more if point not in points]
            if not new:
                break
            points = sorted([*points, *new], key=lambda point: point.values[0].number)
        return self._told(pair, points)

    def _wanted(
        self, points: Sequence[Point], gaps: Array, found: Turning, before: Sequence[float]
    ) -> list[Value]:
        """Values to look at next."""
        field = self.order.fields[0]
        known = {point.values[0].number for point in points}
        if field.kind == "whole":
            numbers = [
                end(field.unscaled(one.at)) for one in found.crossings for end in (math.floor, math.ceil)
            ]
            return [field.value(number) for number in dict.fromkeys(numbers) if number not in known]
        places = next_places(
            [field.scaled(number) for number in sorted(known)], gaps.mean(axis=1), found, before
        )
        values = dict.fromkeys(field.value(field.unscaled(place)) for place in places)
        return [value for value in values if value.number not in known]

    def _turning(self, pair: tuple[str, str], points: Sequence[Point]) -> tuple[Turning, Array]:
        """Where the pair turns along these points, and the differences at them."""
        field, measure = self.order.fields[0], self.order.break_even
        assert measure is not None
        sides = [[self.looking.samples[point.number, name] for point in points] for name in pair]
        common = reduce(np.intersect1d, [one["replication"] for side in sides for one in side])
        first, second = (np.array([_rows(one, common, measure.name) for one in side]) for side in sides)
        gaps = first - second
        places = [field.scaled(point.values[0].number) for point in points]
        return turning(places, gaps, self.order.file.scenario().seed), gaps

    def _told(self, pair: tuple[str, str], points: Sequence[Point]) -> BreakEven:
        field, measure = self.order.fields[0], self.order.break_even
        assert measure is not None
        found, gaps = self._turning(pair, points)
        numbers = [point.values[0].number for point in points]
        beside = [mean_interval(row) for row in gaps]
        crossings = [
            replace(
                one,
                at=field.unscaled(one.at),
                low=field.unscaled(one.low) if math.isfinite(one.low) else one.low,
                high=field.unscaled(one.high) if math.isfinite(one.high) else one.high,
            )
            for one in found.crossings
        ]
        open_ = {field.scaled(number): number for number in numbers}
        return BreakEven(
            first=pair[0],
            second=pair[1],
            measure=measure,
            beside=points[0].values[1:],
            runs=found.runs,
            verdict=found.verdict,
            sign=found.sign,
            crossings=tuple(crossings),
            open=tuple(open_[place] for place in found.open),
            ends=(numbers[0], numbers[-1]),
            points=tuple(
                (number, one.value, one.low, one.high) for number, one in zip(numbers, beside, strict=True)
            ),
        )


def _rows(one: dict[str, Array], common: Array, measure: str) -> Array:
    """A measure of the replications that all have."""
    return one[measure][np.searchsorted(one["replication"], common)]
