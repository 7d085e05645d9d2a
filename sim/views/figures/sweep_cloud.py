"""Many fields: one measure against each of them, a panel a field, a mark a point and strategy.

On a grid lines join the averages over all values of the other fields; of a sample every point is drawn.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.study.sweep.moves import centre, levels, needs_median
from sim.views import style, wording
from sim.views.figures.picture import Picture
from sim.views.figures.sweep_axes import panels, scale_of, ticks_of, value_axis
from sim.views.sweep_sentences import title
from sim.views.sweep_tables import measure_table
from sim.views.sweep_wording import axis_words, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.sweep import Sweep

MARKS: tuple[tuple[str, str], ...] = (
    (style.BLUE, "o"), (style.VERMILION, "s"), (style.GREEN, "^"), (style.PURPLE, "D"), (style.ORANGE, "v"),
)  # fmt: skip

MOST = 6
"""Fields drawn; the table has all."""


def picture(found: Sweep, measure: str, source: str) -> Picture:
    """The picture of one measure."""
    from sim.views.figures.sweep import words_of

    heading = title(found, measure)
    fields = found.fields[:MOST]
    names = found.strategies[: len(MARKS)]
    median = needs_median(found, measure)
    what = "half of the runs exceed it" if median else "average of the runs"
    how = "averaged over the values of the other fields" if found.method == "grid" else "a mark a point"
    subtitle = f"{wording.capital(what)}, {how}; {found.replications:,} runs at each point"
    with style.look():
        columns = 2 if len(fields) > 1 else 1
        drawn = panels(
            heading, subtitle, source, [axis_words(found, field) for field in fields], True,
            columns=columns, below=0.55 if len(names) > 1 else 0.35, between=0.28,
        )  # fmt: skip
        for i, axes in enumerate(drawn.axes):
            _panel(axes, found, measure, i, names, median=median)
            ticks_of(axes, found, fields[i], wide=drawn.wide, said=i == 0)
        low = min(axes.get_ylim()[0] for axes in drawn.axes)
        high = max(axes.get_ylim()[1] for axes in drawn.axes)
        for i, axes in enumerate(drawn.axes):
            axes.set_ylim(low, high)
            value_axis(axes, found, measure)
            if i % drawn.columns:
                axes.tick_params(axis="y", labelleft=False)
                axes.set_ylabel("")
        if len(names) > 1:
            _key(drawn.figure, [label(found, name) for name in names])
    name = f"sweep_{measure.replace('.', '_')}"
    table = measure_table(found, measure)
    return Picture(name, heading, words_of(found, measure), drawn.figure, table, source)


def _panel(
    axes: Axes, found: Sweep, measure: str, place: int, names: tuple[str, ...], *, median: bool
) -> None:
    field, scale = found.fields[place], scale_of(found, measure)
    for (colour, mark), name in zip(MARKS, names, strict=False):
        if found.method == "grid":
            steps = [(value, number / scale) for value, number in levels(found, name, measure, place)]
            line = "-"
        else:
            steps = [
                (point.values[place], centre(found.row(point.number, name, measure), median=median) / scale)
                for point in found.designed
            ]
            line = ""
        x = [
            float(field.values.index(value)) if field.kind == "choice" else value.number for value, _ in steps
        ]
        y = [number if math.isfinite(number) else math.nan for _, number in steps]
        axes.plot(x, y, mark, ls=line, color=colour, mfc="none", mew=1.3, ms=5, lw=1.6)


def _key(figure: Any, names: list[str]) -> None:
    """Which mark is which strategy."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=colour, marker=mark, mfc="none", mew=1.3, lw=1.6, label=name)
        for (colour, mark), name in zip(MARKS, names, strict=False)
    ]
    place = (0.01, 0.24 / figure.get_figheight())
    figure.legend(handles=handles, loc="lower left", ncols=min(len(names), 3), bbox_to_anchor=place)
