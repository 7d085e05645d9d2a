"""What came out of a sweep.

In: an order and the runs at every point. Out: a `Sweep`, what views read; `BreakEven` records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sim.outcomes import Measure
from sim.study.statistics import Array
from sim.study.sweep.break_even import Crossing, Verdict
from sim.study.sweep.design import Method, Point
from sim.study.sweep.fields import Field, Value
from sim.study.sweep.table import Row

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile

Samples = Mapping[tuple[int, str], Mapping[str, Array]]
"""Columns of the runs by point and strategy: the measures that are shown, and `replication`."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where two strategies swap along the first field.

    Attributes
    ----------
    beside
        Values of the other fields.
    verdict, sign, crossings, open
        See `break_even.Turning`; places are numbers in the field's unit.
    ends
        The lowest and the highest value looked at.
    points
        The points along the field, ascending, with the mean difference (first minus second) and its 95 % t
        interval: (number, mean, low, high).
    """

    first: str
    second: str
    measure: Measure
    beside: tuple[Value, ...]
    runs: int
    verdict: Verdict
    sign: int
    crossings: tuple[Crossing, ...]
    open: tuple[float, ...]
    ends: tuple[float, float]
    points: tuple[tuple[float, float, float, float], ...]

    def better(self, *, below_zero: bool) -> str:
        """Who does better where the difference has this sign."""
        return self.first if below_zero == (self.measure.bad == "high") else self.second

    def better_below(self, crossing: Crossing) -> str:
        """Who does better left of a crossing."""
        return self.better(below_zero=crossing.rising)

    def better_above(self, crossing: Crossing) -> str:
        """Who does better right of it."""
        return self.better(below_zero=not crossing.rising)

    @property
    def better_at_the_low_end(self) -> str:
        """Who does better at the low end; nobody where no run differs."""
        return self.better(below_zero=self.sign < 0) if self.sign else ""


@dataclass(frozen=True)
class Sweep:
    """What came out.

    Attributes
    ----------
    points
        Those of the design, then those added for the break-evens asked for.
    measures
        Those shown, by name.
    rows
        Every measure of every strategy at every point.
    samples
        Runs of the measures shown.
    replications, runs
        Of every point and strategy; in all.
    copied
        Runs that were the same at another point, and were not simulated again.
    failed, reason
        Runs without an outcome, and why the first has none.
    folder, already_done
        `folder` is None where nothing was kept.
    """

    file: ScenarioFile
    fields: tuple[Field, ...]
    method: Method
    points: tuple[Point, ...]
    strategies: tuple[str, ...]
    measures: Mapping[str, Measure]
    rows: tuple[Row, ...]
    samples: Samples
    break_evens: tuple[BreakEven, ...]
    replications: int
    runs: int
    copied: int
    failed: int
    reason: str
    digest: str
    folder: Path | None
    already_done: bool

    @property
    def designed(self) -> tuple[Point, ...]:
        """The points of the design."""
        return tuple(point for point in self.points if not point.refined)

    def row(self, point: int, strategy: str, measure: str) -> Row | None:
        """One row; None where all runs failed or there is no such measure."""
        return self._by_key.get((point, strategy, measure))

    @cached_property
    def _by_key(self) -> dict[tuple[int, str, str], Row]:
        return {(row.point, row.strategy, row.measure): row for row in self.rows}


def along(points: Sequence[Point]) -> list[list[Point]]:
    """Points that differ in the first field only, ascending in it, one list for all values of the others."""
    groups: dict[tuple[Value, ...], list[Point]] = {}
    for point in points:
        groups.setdefault(point.values[1:], []).append(point)
    return [sorted(group, key=lambda point: point.values[0].number) for group in groups.values()]
