"""One measure along a sweep: lines with a band, a panel a strategy; a map for two fields; points for more.

In: a `Sweep` and a measure. Out: a `Picture`. Of a time that the horizon cuts the line is the median, else
the average; the band holds 9 runs in 10. Nothing is told by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.study.sweep.moves import centre, needs_median
from sim.views import style, wording
from sim.views.figures.picture import Picture
from sim.views.figures.sweep_axes import panels, scale_of, ticks_of, value_axis
from sim.views.sweep_sentences import of_measure, title
from sim.views.sweep_tables import measure_table
from sim.views.sweep_wording import axis_words, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.sweep import Sweep

MOST = 9
"""Strategies drawn; the table has all."""


def picture(found: Sweep, measure: str, source: str) -> Picture:
    """The picture of one measure."""
    from sim.views.figures import sweep_cloud, sweep_map

    if len(found.fields) == 2 and found.method == "grid":
        return sweep_map.picture(found, measure, source)
    if len(found.fields) > 1:
        return sweep_cloud.picture(found, measure, source)
    return _lines(found, measure, source)


def words_of(found: Sweep, measure: str) -> str:
    """The picture in words."""
    said = [one.text for strategy in found.strategies[:3] for one in of_measure(found, strategy, measure)]
    return " ".join(said)


def _lines(found: Sweep, measure: str, source: str) -> Picture:
    heading = title(found, measure)
    names = found.strategies[:MOST]
    median = needs_median(found, measure)
    truth = found.measures[measure].kind in {"flag", "text"}
    line, band = ("point", "bar") if found.fields[0].kind == "choice" else ("line", "band")
    what = f"{line}: {'half of the runs exceed it' if median else 'average'}, {band}: 9 runs in 10"
    if truth:
        what = f"{line}: share of the runs, {band}: 95 % interval"
    left_out = len(found.strategies) - len(names)
    more = f"; {wording.plural(str(left_out), 'strategy', 'strategies')} not drawn" if left_out else ""
    if any(row.unfinished > 0.05 for row in found.rows if row.measure == measure):
        what += ", cut at the top by the end of the simulation"
    subtitle = f"{wording.capital(what)}; {found.replications:,} runs at each point{more}"
    with style.look():
        drawn = panels(heading, subtitle, source, [label(found, name) for name in names], len(names) > 1)
        for axes, name in zip(drawn.axes, names, strict=True):
            _panel(axes, found, measure, name, median=median)
        _limits(drawn.axes, found, measure, names)
        for i, axes in enumerate(drawn.axes):
            ticks_of(axes, found, found.fields[0], wide=drawn.wide, said=i == 0)
            value_axis(axes, found, measure)  # the same lines in all panels
            if i % drawn.columns:
                axes.tick_params(axis="y", labelleft=False)
                axes.set_ylabel("")
        drawn.label_below(axis_words(found, found.fields[0]))
    table = measure_table(found, measure)
    name = f"sweep_{measure.replace('.', '_')}"
    return Picture(name, heading, words_of(found, measure), drawn.figure, table, source)


def _panel(axes: Axes, found: Sweep, measure: str, strategy: str, *, median: bool) -> None:
    """One strategy: its band and its line."""
    field, scale = found.fields[0], scale_of(found, measure)
    points = found.designed
    rows = [found.row(point.number, strategy, measure) for point in points]
    choice = field.kind == "choice"
    x = np.arange(len(points), dtype=float) if choice else np.array([p.values[0].number for p in points])
    truth = found.measures[measure].kind in {"flag", "text"}
    horizon = found.file.scenario(strategy).clock.horizon

    def column(name: str) -> list[float]:
        numbers = (math.nan if row is None else getattr(row, name) for row in rows)
        return [min(number, horizon) / scale if number == math.inf else number / scale for number in numbers]

    low, high = (column(name) for name in (("mean_low", "mean_high") if truth else ("p05", "p95")))
    middle = [min(centre(row, median=median), horizon if median else math.inf) / scale for row in rows]
    if choice:
        for at, bottom, top in zip(x, low, high, strict=True):
            axes.plot([at, at], [bottom, top], color=style.BAND_50, lw=9, solid_capstyle="butt", zorder=2)
        axes.plot(x, middle, "o", ms=6, mfc=style.PAPER, mec=style.BLUE, mew=1.6, zorder=4)
        return
    order = np.argsort(x)
    low, high, middle = ([column_[i] for i in order] for column_ in (low, high, middle))
    axes.fill_between(x[order], low, high, facecolor=style.BAND_90, edgecolor=style.BAND_50, lw=0.8, zorder=2)
    axes.plot(x[order], middle, "-o", color=style.BLUE, lw=2.0, ms=4, zorder=3)


def _limits(drawn: Sequence[Axes], found: Sweep, measure: str, names: Sequence[str]) -> None:
    """The same heights in all panels, from 0 where that wastes little room."""
    scale = scale_of(found, measure)
    truth = found.measures[measure].kind in {"flag", "text"}
    horizon = max(found.file.scenario(name).clock.horizon for name in names)
    marks = ("mean_low", "mean_high") if truth else ("p05", "p95", "median", "mean")
    numbers = [
        min(getattr(row, mark), horizon if getattr(row, mark) == math.inf else math.inf)
        for row in found.rows
        if row.measure == measure and row.strategy in names
        for mark in marks
        if not math.isnan(getattr(row, mark))
    ]
    low, high = (min(numbers) / scale, max(numbers) / scale) if numbers else (0.0, 1.0)
    low = 0.0 if 0.0 <= low < 0.6 * high else low
    room = 0.06 * ((high - low) or abs(high) or 1.0)
    for axes in drawn:
        axes.set_ylim(low if low == 0.0 else low - room, high + room)
