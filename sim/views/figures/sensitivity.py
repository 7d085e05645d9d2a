"""What moves one measure: a row an input, the strongest first, chance set apart below.

Of shares of the variance two bars: dark what the input explains by itself, hatched what has to do with it.
Of a screening one bar. Lines are 95 % intervals. Nothing is told by colour alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.study.statistics import Interval
from sim.views import style, wording
from sim.views.figures.picture import Picture
from sim.views.sensitivity_sentences import input_name, of_measure, ranked, share, size, title
from sim.views.summary import measure_name, shown
from sim.views.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study.sensitivity import Sensitivity, Spread

ROW, ROW_IN_COLUMN = 0.46, 0.66
"""Inches an input takes; in a column its name stands above it."""

APART = 0.35
"""Rows between the unknowns and chance."""

FEWEST, MOST = 3, 15
"""Unknowns that are drawn even if nothing depends on them; rows drawn at most. The table has all."""

IDLE = 0.005
"""Of an unknown whose share is surely less than this nothing would be seen."""

TOTAL: dict[str, Any] = {"facecolor": "#dce9f3", "edgecolor": style.BLUE, "hatch": "////", "lw": 0.9}
FIRST: dict[str, Any] = {"facecolor": "#12486b", "edgecolor": style.INK, "lw": 0.6}


def picture(found: Sensitivity, spread: Spread, source: str) -> Picture:
    """The picture of one measure."""
    heading = title(found, spread)
    rows = _rows(found, spread)
    with style.look():
        figure = _figure(found, spread, rows, (heading, _subtitle(found, spread, len(rows)), source))
    name = f"sensitivity_{spread.measure.name.replace('.', '_')}"
    said = " ".join(each.text for each in of_measure(found, spread))
    return Picture(name, heading, said, figure, table(found, spread), source)


def _figure(found: Sensitivity, spread: Spread, rows: list[int], words: tuple[str, str, str]) -> Figure:
    """The rows with their names beside them; in a column above them."""
    small, narrow = style.sheet().small, style.sheet().narrow
    room = style.sheet().wide - 0.4 if narrow else 2.2
    labels = [
        style.wrap(wording.capital(input_name(found.scenario, found.inputs[i])), room * 72, small, most=2)
        for i in rows
    ]
    widest = 0.0 if narrow else max(style.width_of(line, small) for lines in labels for line in lines) / 72
    left, right = (0.15, 0.6) if narrow else (0.35, 0.8)
    below = 0.5 if found.screen else 0.85
    margins = style.Margins(left=left + widest, right=right, below=below, above=0.05)
    height = (ROW_IN_COLUMN if narrow else ROW) * (len(rows) + APART) + 0.1
    figure, axes = style.canvas(*words, height=height, margins=margins)
    places = [float(y) for y in range(len(rows) - 1)] + [len(rows) - 1 + APART]
    _draw(axes, found, spread, rows, places)
    names = ["\n".join(lines) for lines in labels]
    axes.set_yticks(places, [""] * len(rows) if narrow else names, size=small)
    axes.set_ylim(places[-1] + 0.6, -0.6)
    if narrow:
        axes.set_ylim(places[-1] + 0.45, -0.75)
        style.above_rows(axes, places, names)
    return figure


def table(found: Sensitivity, spread: Spread) -> Table:
    """Every input with its numbers, the strongest first."""
    header: tuple[str, ...]
    rows = [
        (wording.capital(input_name(found.scenario, found.inputs[i])), *_numbers(found, spread, i))
        for i in ranked(found, spread)
    ]
    measure = wording.small(measure_name(found.scenario, spread.measure.name))
    if found.screen:
        unit = f", in {spread.measure.unit}" if spread.measure.kind in {"count", "money"} else ""
        header = ("Input", "Moves it by (95 % interval)", "Mean, with its sign", "Standard deviation")
        return Table(f"Elementary effects on {measure}{unit}", header, tuple(rows))
    header = ("Input", "By itself (95 % interval)", "With others (95 % interval)")
    return Table(f"Shares of the variance of {measure}", header, tuple(rows))


def _numbers(found: Sensitivity, spread: Spread, place: int) -> tuple[str, ...]:
    """The cells of one input."""
    if not found.screen:
        index = spread.indices[place]
        return _told(index.first), _told(index.total)
    effect, kind = spread.effects[place], spread.measure.kind
    one = effect.strength
    numbers = (one.value, max(one.low, 0.0), one.high, effect.mean, effect.spread)
    most, low, high, mean, deviation = (shown(found.scenario, kind, value) for value in numbers)
    return f"{most} ({low} to {high})", mean, deviation


def _told(one: Interval) -> str:
    return f"{share(one.value)} ({share(one.low)} to {share(one.high)})" if one.value == one.value else "–"


def _rows(found: Sensitivity, spread: Spread) -> list[int]:
    """Places of the unknowns that are drawn, the strongest first, then of chance.

    Those that nothing depends on are left out, but for the first few.
    """
    chance = len(found.inputs) - 1
    order = [i for i in ranked(found, spread) if i != chance]
    ends = [(spread.effects[i].strength if found.screen else spread.indices[i].total).high for i in order]
    least = 0.0 if found.screen else IDLE
    seen = sum(not end <= least for end in ends)  # one without a number is drawn, empty
    return [*order[: min(max(seen, FEWEST), MOST - 1)], chance]


def _subtitle(found: Sensitivity, spread: Spread, rows: int) -> str:
    left_out = len(found.inputs) - rows
    more = f"; {wording.plural(str(left_out), 'weaker input')} not drawn" if left_out else ""
    runs = f"{found.evaluations:,} runs"
    if found.screen:
        return f"How far one input alone moves it, from end to end; lines are 95 % intervals ({runs}){more}"
    mean, deviation = (size(found, spread, value) for value in (spread.mean, spread.deviation))
    return (
        "Shares of the variance, with 95 % intervals; what inputs do together counts for each of them. "
        f"Mean {mean}, standard deviation {deviation} ({runs}){more}"
    )


def _draw(axes: Axes, found: Sensitivity, spread: Spread, rows: list[int], places: list[float]) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    scale, unit = _scale(found, spread)
    axes.set_xlim(0.0, (1.04 * _bars(axes, found, spread, rows, places, scale)) or 1.0)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, min_n_ticks=3))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value, 3)))
    axes.set_xlabel(unit)
    if len(rows) > 1:
        between = 0.5 * (places[-1] + places[-2])
        axes.axhline(
            between - (0.14 if style.sheet().narrow else 0.0), color=style.SOFT, lw=0.8, ls=(0, (4, 3))
        )
    if not found.screen:
        _key(axes)


def _bars(
    axes: Axes, found: Sensitivity, spread: Spread, rows: list[int], places: list[float], scale: float
) -> float:
    """Bars and intervals, with numbers beside them; where the longest ends."""
    part = ROW / (ROW_IN_COLUMN if style.sheet().narrow else ROW)  # of a row, where a name stands above it
    bars: list[tuple[float, Interval, dict[str, Any]]] = []
    for i, y in zip(rows, places, strict=True):
        if found.screen:
            bars.append((y, spread.effects[i].strength, TOTAL))
        else:
            up, index = 0.18 * part, spread.indices[i]
            bars += [(y + up, index.total, TOTAL), (y - up, index.first, FIRST)]
    thick = part * (0.5 if found.screen else 0.34)
    ends = [0.0]
    for y, one, look in bars:
        if one.value != one.value:  # nothing to explain
            continue
        # an estimate may leave what a share can be; the file has it as it came out
        most = math.inf if found.screen else 1.0
        value, low, high = (min(max(end, 0.0), most) / scale for end in (one.value, one.low, one.high))
        axes.barh(y, value, thick, **look)
        axes.plot(
            [low, high], [y, y], color=style.PAPER, lw=3.4, solid_capstyle="butt", zorder=3
        )  # seen on dark
        axes.plot([low, high], [y, y], color=style.INK, lw=1.3, solid_capstyle="butt", zorder=4)
        axes.plot([low, high], [y, y], "|", color=style.INK, ms=5, mew=1.3, zorder=4)
        words = shown(found.scenario, spread.measure.kind, one.value) if found.screen else share(one.value)
        axes.annotate(
            words, (high, y), (5, 0), textcoords="offset points", va="center", size=style.sheet().least
        )
        ends.append(high)
    return max(ends)


def _scale(found: Sensitivity, spread: Spread) -> tuple[float, str]:
    """By what numbers are divided on the axis, and what they are."""
    if not found.screen:
        return 0.01, "Share of the variance (%)"
    largest = max(effect.strength.high for effect in spread.effects)
    kind, unit = spread.measure.kind, spread.measure.unit
    if kind == "time":
        return (24.0, "Days") if wording.in_days(largest) else (1.0, "Hours")
    if kind in {"flag", "text", "share"}:
        return 0.01, wording.capital(unit if kind == "share" else "share of runs") + " (%)"
    scale, word = (1e6, "millions") if largest >= 1e6 else (1e3, "thousands") if largest >= 1e5 else (1.0, "")
    return scale, wording.capital(f"{unit} ({word})" if word else unit)


def _key(axes: Axes) -> None:
    from matplotlib.patches import Patch

    figure = axes.get_figure(root=True)
    if figure is not None:
        handles = [Patch(**FIRST, label="by itself"), Patch(**TOTAL, label="with others")]
        place = (0.01, 0.24 / figure.get_figheight())
        figure.legend(handles=handles, loc="lower left", ncols=2, bbox_to_anchor=place, handlelength=1.8)
