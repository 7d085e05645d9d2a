"""The tables of a sweep: `design.csv`, the tidy `sweep.csv`, and `break_even.csv`.

In: points, and the summaries of their studies. Out: `Row` records and the bytes of the files; an empty cell
where there is no number. A length of time that the horizon cut in some run has no mean.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes import Measure
from sim.study.statistics import Array, mean_interval, quantile
from sim.study.sweep.design import Point
from sim.study.sweep.fields import Field, Value

if TYPE_CHECKING:
    from sim.study.sweep.look import BreakEven

DESIGN = "design.csv"
TABLE = "sweep.csv"
EVEN = "break_even.csv"

STATISTICS = ("median", "p05", "p95", "mean", "mean_low", "mean_high", "unfinished")


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one strategy at one point.

    Attributes
    ----------
    runs, failed
        Replications with an outcome, and without.
    median, p05, p95
        Order statistics; infinite where the horizon cut the run, NaN for a flag or a word.
    mean, mean_low, mean_high
        With its 95 % simulation interval; NaN where it would be that of a time that was cut. For a flag the
        share of runs in which it is true, for a word the share in which it is not "none".
    unfinished
        Share of runs that the horizon cut; NaN where nothing can be cut.
    """

    point: int
    strategy: str
    measure: str
    unit: str
    runs: int
    failed: int
    median: float
    p05: float
    p95: float
    mean: float
    mean_low: float
    mean_high: float
    unfinished: float


def read_rows(
    summary: Path, point: int, strategies: Sequence[str], known: Mapping[str, Measure]
) -> list[Row]:
    """The rows of one point, from the `summary.csv` of its study."""
    found = []
    with summary.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            if line["strategy"] not in strategies:
                continue
            numbers = {name: float(line[name]) if line[name] else math.nan for name in STATISTICS}
            measure = known.get(line["measure"])
            if measure is not None and measure.open_ended and numbers["unfinished"] > 0.0:
                numbers |= dict.fromkeys(("mean", "mean_low", "mean_high"), math.nan)
            found.append(
                Row(
                    point, line["strategy"], line["measure"], line["unit"], int(line["runs"]),
                    int(line["failed"]), **numbers,
                )
            )  # fmt: skip
    return found


def row_of_year(point: int, strategy: str, measure: Measure, values: Array, failed: int) -> Row:
    """A measure of a year, which no study has by itself."""
    mean, ordered = mean_interval(values), np.sort(values)
    median, p05, p95 = (quantile(ordered, share) for share in (0.5, 0.05, 0.95))
    return Row(
        point, strategy, measure.name, measure.unit, len(values), failed, median, p05, p95,
        mean.value, mean.low, mean.high, math.nan,
    )  # fmt: skip


# -- files ----------------------------------------------------------------------------------------------


def written_design(fields: Sequence[Field], points: Iterable[Point]) -> bytes:
    """Every point: its number, why it is there, and its values."""
    header = ["point", "origin", *(field.column for field in fields)]
    rows = [
        [point.number, "break-even" if point.refined else "design", *_values(fields, point)]
        for point in points
    ]
    return _csv(header, rows)


def read_refined(content: bytes, fields: Sequence[Field]) -> dict[tuple[str, ...], int]:
    """Numbers of the points that were added for a break-even, by the texts of their values."""
    found = {}
    for line in csv.DictReader(io.StringIO(content.decode("utf-8"))):
        if line["origin"] == "break-even":
            texts = tuple(_text(field, line[field.column]) for field in fields)
            found[texts] = int(line["point"])
    return found


def _text(field: Field, cell: str) -> str:
    """The text of a value again, from its cell."""
    return cell if field.kind == "choice" else field.value(float(cell)).text


def value_again(field: Field, text: str) -> Value:
    """A value again from its text."""
    return Value(text, math.nan if field.kind == "choice" else float(text.partition(" ")[0]))


def written_table(fields: Sequence[Field], points: Sequence[Point], rows: Iterable[Row]) -> bytes:
    """Every row, with the values of its point."""
    at = {point.number: point for point in points}
    header = [
        "point", "origin", *(field.column for field in fields), "strategy", "measure", "unit", "runs",
        "failed", *STATISTICS,
    ]  # fmt: skip
    body = []
    for row in rows:
        point = at[row.point]
        origin = "break-even" if point.refined else "design"
        numbers = [_cell(getattr(row, name)) for name in STATISTICS]
        body.append(
            [row.point, origin, *_values(fields, point), row.strategy, row.measure, row.unit, row.runs,
             row.failed, *numbers]
        )  # fmt: skip
    return _csv(header, body)


def written_even(fields: Sequence[Field], found: Iterable[BreakEven]) -> bytes:
    """Every break-even: a row a crossing, one without numbers where there is none."""
    field = fields[0]
    header = [
        *(other.column for other in fields[1:]), "first", "second", "measure", "unit", "runs", "verdict",
        "field", "field_unit", "at", "low", "high", "better_below", "better_above",
    ]  # fmt: skip
    body: list[list[object]] = []
    for one in found:
        start: list[object] = [
            *(_value(each, value) for each, value in zip(fields[1:], one.beside, strict=True)),
            one.first, one.second, one.measure.name, one.measure.unit, one.runs, one.verdict, field.path,
            field.unit,
        ]  # fmt: skip
        for crossing in one.crossings:
            numbers = [_cell(number) for number in (crossing.at, crossing.low, crossing.high)]
            body.append([*start, *numbers, one.better_below(crossing), one.better_above(crossing)])
        if not one.crossings:
            better = one.better_at_the_low_end
            body.append([*start, "", "", "", better, better])
    return _csv(header, body)


def _values(fields: Sequence[Field], point: Point) -> list[object]:
    return [_value(field, value) for field, value in zip(fields, point.values, strict=True)]


def _value(field: Field, value: Value) -> object:
    if field.kind == "choice":
        return value.text
    return int(value.number) if field.kind == "whole" else _cell(value.number)


def _cell(number: float) -> str:
    return "" if math.isnan(number) else repr(number)


def _csv(header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
