"""The tables of a sweep, as text: a measure at every point, and where strategies swap.

In: a `Sweep`. Out: `Table` records. The CSV files hold every measure and every digit.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.study.sweep import Row
from sim.views import wording
from sim.views.break_even_sentences import does, interval, place
from sim.views.sweep_wording import cell, label, measure_words, named, unit_words, value_words
from sim.views.table import Table

if TYPE_CHECKING:
    from sim.outcomes import Measure
    from sim.study.sweep import BreakEven, Sweep


def measure_table(found: Sweep, measure: str) -> Table:
    """One measure, a row a point of the design and strategy."""
    several = len(found.strategies) > 1
    one = found.measures[measure]
    truth = one.kind in {"flag", "text"}
    header = [wording.capital(named(found, field)) for field in found.fields]
    header += ["Strategy"] if several else []
    header += [] if truth else ["Half of the runs exceed", "9 runs in 10 lie between"]
    header += ["Share of runs (95 % interval)" if truth else "Average ± simulation error"]
    header += ["Unfinished at the end"] if one.censored_by is not None else []
    rows = []
    for point in found.designed:
        start = [value_words(found, f, v) for f, v in zip(found.fields, point.values, strict=True)]
        for strategy in found.strategies:
            row = found.row(point.number, strategy, measure)
            cells = ["–"] * (len(header) - len(start) - several) if row is None else _cells(found, one, row)
            rows.append((*start, *([label(found, strategy)] if several else []), *cells))
    caption = f"{measure_words(found, measure)} at every point{unit_words(one)}"
    return Table(caption, tuple(header), tuple(rows))


def _cells(found: Sweep, measure: Measure, row: Row) -> list[str]:
    """What the runs of one strategy at one point say."""
    if measure.kind in {"flag", "text"}:
        share, least, most = map(wording.percent, (row.mean, row.mean_low, row.mean_high))
        return [f"{share} ({least} to {most})"]
    low, high = cell(found, measure, row.p05), cell(found, measure, row.p95)
    cut = row.unfinished > 0.0
    average = "–"
    if not math.isnan(row.mean) and not (measure.kind == "time" and cut):
        half = 0.5 * (row.mean_high - row.mean_low)
        error = f" ± {cell(found, measure, half)}" if math.isfinite(half) else ""
        average = f"{cell(found, measure, row.mean)}{error}"
    told = [cell(found, measure, row.median), low if low == high else f"{low} to {high}", average]
    if measure.censored_by is None:
        return told
    if math.isnan(row.unfinished):
        return [*told, "–"]
    unfinished = round(row.unfinished * row.runs)
    return [*told, {0: "none", row.runs: "all"}.get(unfinished, wording.out_of(unfinished, row.runs))]


def even_table(found: Sweep) -> Table:
    """Every break-even asked for, a row a crossing, or one that says there is none."""
    field = found.fields[0]
    header = (
        *(wording.capital(named(found, other)) for other in found.fields[1:]),
        "Strategies", f"{wording.capital(_noun(found))} below", "Break-even", "95 % interval",
        f"{wording.capital(_noun(found))} above",
    )  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for one in found.break_evens:
        start = tuple(
            value_words(found, each, value) for each, value in zip(found.fields[1:], one.beside, strict=True)
        )
        pair = f"{label(found, one.first)} and {label(found, one.second)}"
        for crossing in one.crossings:
            at = f"{'from ' if field.kind == 'whole' else ''}{place(found, field, crossing)}"
            below, above = (
                label(found, name) for name in (one.better_below(crossing), one.better_above(crossing))
            )
            within = interval(found, one, crossing).removeprefix("95 % interval ")
            rows.append((*start, pair, below, at, within, above))
        if not one.crossings:
            better = one.better_at_the_low_end
            name = label(found, better) if better else "the same"
            rows.append((*start, pair, name, "no crossing", "–", name))
    caption = (
        f"Where strategies swap in {wording.small(measure_words(found, found.break_evens[0].measure.name))}"
    )
    return Table(f"{caption}, along {named(found, field)}", header, tuple(rows))


def difference_table(found: Sweep, one: BreakEven) -> Table:
    """The difference of two strategies at every value that was looked at."""
    field = found.fields[0]
    first, second = label(found, one.first), label(found, one.second)
    rows = tuple(
        (
            value_words(found, field, number, 5),
            cell(found, one.measure, mean),
            f"{cell(found, one.measure, low)} to {cell(found, one.measure, high)}",
        )
        for number, mean, low, high in one.points
    )
    header = (
        wording.capital(named(found, field)),
        f"“{first}” minus “{second}”, on average",
        "95 % interval",
    )
    caption = f"{measure_words(found, one.measure.name)}, run by run{unit_words(one.measure)}"
    return Table(caption, header, rows)


def _noun(found: Sweep) -> str:
    """Who ``costs less a year``, as a heading."""
    return does(found, found.break_evens[0])
