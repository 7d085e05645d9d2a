"""Panels and axes that the pictures of a sweep share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.views import style, wording
from sim.views.sweep_wording import measure_words, scenario_of, value_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study.sweep import Field, Sweep

GAP = 0.3
"""Inches between two panels beside each other."""

NARROW = 4.0
"""Inches: in a panel less wide the numbers below are set smaller."""

ABOVE, LINE = 0.34, 0.12
"""Inches that the name of a panel takes in two lines, and a third line besides."""


@dataclass(frozen=True)
class Panels:
    """A figure with panels in rows; all have the same axes.

    Attributes
    ----------
    wide
        Inches that a panel is wide.
    """

    figure: Figure
    axes: list[Axes]
    columns: int
    wide: float
    middle: float

    def label_below(self, text: str) -> None:
        """One label for the x axes of all panels; only the lowest of each column have numbers."""
        count = len(self.axes)
        for i, axes in enumerate(self.axes):
            if i + self.columns < count:
                axes.tick_params(axis="x", labelbottom=False)
        lines = style.wrap(text, (style.sheet().wide - 1.4) * 72, style.sheet().body)
        total = self.figure.get_figheight()
        lowest = min(axes.get_position().y0 for axes in self.axes) * total
        self.figure.text(
            self.middle,
            (lowest - 0.3) / total,
            "\n".join(lines),
            ha="center",
            va="top",
            size=style.sheet().body,
        )


def panels(
    title: str, subtitle: str, source: str, names: Sequence[str], named: bool, *,
    left: float = 0.8, columns: int = 3, height: float = 0.0, below: float = 0.62, between: float = 0.0,
) -> Panels:  # fmt: skip
    """A figure with a panel for each name, at most so many beside each other.

    Parameters
    ----------
    left, below, between
        Inches for the labels of the axes; between two rows.
    height
        Inches of a panel; 0 chooses.
    """
    count = len(names)
    columns = min(columns, count) if count != 4 else 2
    rows = -(-count // columns)
    height = height or {1: 3.2, 2: 2.1}.get(rows, 1.7)
    width = style.sheet().wide - left - 0.25
    wide = (width - GAP * (columns - 1)) / columns
    most = 3 if style.sheet().narrow else 2
    heads = [style.wrap(name, wide * 72, style.sheet().small, bold=True, most=most) for name in names]
    above = ABOVE + LINE * max(0, max(map(len, heads)) - 2) if named else 0.08
    room = rows * (height + above) + between * (rows - 1)
    margins = style.Margins(left=left, right=0.25, below=below, above=0.0)
    figure, whole = style.canvas(title, subtitle, source, height=room, margins=margins)
    box = whole.get_position()
    whole.remove()
    total = figure.get_figheight()
    height = (box.height * total - between * (rows - 1)) / rows - above  # what a slide leaves of it
    found = []
    for i, head in enumerate(heads):
        row, column = divmod(i, columns)
        x = (left + column * (wide + GAP)) / style.sheet().wide
        y = box.y1 - ((row + 1) * (height + above) + row * between) / total
        axes = figure.add_axes((x, y, wide / style.sheet().wide, height / total))
        axes.yaxis.set_label_coords((0.22 - left) / wide, 0.5)
        if named:
            axes.set_title("\n".join(head), size=style.sheet().small, weight="bold", loc="left", pad=4)
        found.append(axes)
    return Panels(figure, found, columns, wide, (left + 0.5 * width) / style.sheet().wide)


def scale_of(found: Sweep, measure: str) -> float:
    """By what numbers of a measure are divided on an axis."""
    one = found.measures[measure]
    if one.kind == "time":
        largest = max(
            (row.p95 for row in found.rows if row.measure == measure and row.p95 == row.p95), default=0.0
        )
        return 24.0 if wording.in_days(largest) else 1.0
    return 0.01 if one.kind in {"share", "flag", "text"} else 1.0


def value_axis(axes: Axes, found: Sweep, measure: str) -> None:
    """The y axis of a measure: its unit, and round numbers."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    one, scale = found.measures[measure], scale_of(found, measure)
    name = measure_words(found, measure)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, min_n_ticks=3))
    if one.kind in {"count", "money"}:
        unit = scenario_of(found).currency if one.kind == "money" else one.unit
        style.count_axis(axes.yaxis, max(abs(end) for end in axes.get_ylim()), unit)
        text = axes.yaxis.get_label_text()
        axes.set_ylabel(
            f"{name}, {wording.small(text)}" if one.kind == "money" else f"{name} ({_after(text, unit)})"
        )
        return
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value, 4)))
    unit = {24.0: "days", 1.0: "hours"}.get(scale, "%") if one.kind == "time" else "% of runs"
    axes.set_ylabel(f"{name} ({'%' if one.kind == 'share' else unit})")


def _after(text: str, unit: str) -> str:
    """``thousands`` of ``Users (thousands)``; the unit where it is not scaled."""
    _, bracket, rest = text.rpartition("(")
    return rest.rstrip(")") if bracket else unit


def ticks_of(axes: Axes, found: Sweep, field: Field, *, wide: float, said: bool = True) -> None:
    """The x axis of a field: round numbers, or the values as typed."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

    if field.kind == "choice":
        texts = [
            "\n".join(
                style.wrap(
                    value_words(found, field, v), 72 * wide / len(field.values), style.sheet().least, most=3
                )
            )
            for v in field.values
        ]
        axes.set_xticks(range(len(texts)), texts, size=style.sheet().least)
        axes.set_xlim(-0.5, len(texts) - 0.5)
        return
    if field.log:
        axes.set_xscale("log")
        numbers = [value.number for value in field.values]
        subs = (1.0, 2.0, 5.0) if max(numbers) / min(numbers) < 30.0 else (1.0,)
        axes.xaxis.set_major_locator(LogLocator(subs=subs, numticks=max(3, int(1.6 * wide))))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_minor_formatter(NullFormatter())
    else:
        axes.xaxis.set_major_locator(
            MaxNLocator(nbins=max(3, int(1.6 * wide)), min_n_ticks=2, integer=field.kind == "whole")
        )
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _number(value)))
    axes.grid(visible=True, axis="both")
    if wide < NARROW:
        axes.tick_params(axis="x", labelsize=style.sheet().small)
    _given(axes, field, said=said)


def beside_axis(drawn: Panels, axes: Axes, left: float, text: str, room: float) -> None:
    """A label beside a y axis in as many lines as it takes, the last of them where one line would be."""
    lines = style.wrap(text, room * 72, style.sheet().small, most=3)
    axes.set_ylabel("\n".join(lines), size=style.sheet().small, linespacing=1.15)
    axes.yaxis.set_label_coords((0.2 + 0.15 * (len(lines) - 1) - left) / drawn.wide, 0.5)


def scaled(found: Sweep, measure: str, largest: float) -> tuple[float, str]:
    """By what numbers are divided where many stand together, and what they are then."""
    one = found.measures[measure]
    if one.kind == "time":
        return (24.0, "days") if wording.in_days(largest) else (1.0, "hours")
    if one.kind in {"share", "flag", "text"}:
        return 0.01, "% of runs" if one.kind != "share" else "%"
    for size, scale, word in ((1e9, 1e9, "billion "), (1e6, 1e6, "million "), (1e4, 1e3, "thousand ")):
        if largest >= size:
            return scale, f"{word}{one.unit}"
    return 1.0, one.unit


def _given(axes: Axes, field: Field, *, said: bool) -> None:
    """Where the file stands, if that is among the values."""
    numbers = [value.number for value in field.values]
    if not min(numbers) <= field.given <= max(numbers):
        return
    axes.axvline(field.given, color=style.SOFT, lw=1.0, ls=(0, (1.5, 1.5)), zorder=1.5)
    if not said:
        return
    right = field.scaled(field.given) > 0.5 * (field.scaled(min(numbers)) + field.scaled(max(numbers)))
    axes.annotate(
        "in the file", (field.given, 0.0), (-4 if right else 4, 4),
        xycoords=("data", "axes fraction"), textcoords="offset points", va="bottom",
        ha="right" if right else "left", size=style.sheet().least, color=style.SOFT, zorder=7,
        bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.6, "alpha": 0.75},
    )  # fmt: skip


def _number(value: float) -> str:
    return wording.count(value, 3) if abs(value) >= 1e6 else wording.number(value, 3)
