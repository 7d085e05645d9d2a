"""Where two strategies swap: their difference along a field, its interval, and the crossing.

Of one line of points the difference, run by run, against the field; of several lines (there are other fields)
the break-even against the first of those. What is left out of a line has no crossing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from sim.views import style, wording
from sim.views.break_even_sentences import does, place, sentence, title
from sim.views.figures.picture import Picture
from sim.views.figures.sweep_axes import beside_axis, panels, ticks_of
from sim.views.sweep_tables import difference_table, even_table
from sim.views.sweep_wording import axis_words, label, measure_words, scenario_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.sweep import BreakEven, Crossing, Sweep


def picture(found: Sweep, ones: Sequence[BreakEven], source: str) -> Picture:
    """The picture of one pair of strategies: all its break-evens."""
    one = ones[0]
    name = f"break_even_{one.first}_{one.second}"
    heading = title(found, ones)
    said = " ".join(sentence(found, each).text for each in ones)
    if len(ones) > 1:
        return _frontier(found, ones, source, name, heading, said)
    subtitle = (
        f"{measure_words(found, one.measure.name)} of “{label(found, one.first)}” minus that of "
        f"“{label(found, one.second)}”, run by run on the same draws: average and 95 % interval "
        f"({one.runs:,} runs at each point); hollow points were added to find the crossing"
    )
    if one.ends[0] <= found.fields[0].given <= one.ends[1]:
        subtitle += "; dotted: in the file"
    with style.look():
        drawn = panels(heading, subtitle, source, [""], False, left=0.85)
        axes = drawn.axes[0]
        _difference(axes, found, one)
        field = found.fields[0]
        ticks_of(axes, found, field, wide=drawn.wide, said=False)
        drawn.label_below(axis_words(found, field))
    return Picture(name, heading, said, drawn.figure, difference_table(found, one), source)


def _difference(axes: Axes, found: Sweep, one: BreakEven) -> None:
    """The difference at every point, the line at nothing, and the crossings."""
    scale, unit = _scale(found, one)
    numbers = [number for number, *_ in one.points]
    means, lows, highs = ([row[i] / scale for row in one.points] for i in (1, 2, 3))
    finite = all(map(math.isfinite, [*lows, *highs]))
    if finite:
        axes.fill_between(
            numbers, lows, highs, facecolor=style.BAND_90, edgecolor=style.BAND_50, lw=0.8, zorder=2
        )
    axes.plot(numbers, means, color=style.BLUE, lw=2.0, zorder=3)
    designed = {point.values[0].number for point in found.designed}
    for number, mean in zip(numbers, means, strict=True):
        fill = style.BLUE if number in designed else style.PAPER
        axes.plot(number, mean, "o", ms=4.5, mfc=fill, mec=style.BLUE, mew=1.2, zorder=4)
    axes.axhline(0.0, color=style.INK, lw=1.0, zorder=2.5)
    ends = [0.0, *means, *(lows if finite else []), *(highs if finite else [])]
    room = 0.1 * ((max(ends) - min(ends)) or 1.0)
    axes.set_ylim(min(ends) - room, max(ends) + room)
    axes.margins(x=0.03)
    _sides(axes, found, one)
    for crossing in one.crossings:
        _mark(axes, found, one, crossing)
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, min_n_ticks=3))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value, 4)))
    axes.set_ylabel(f"Difference ({unit})")


def _mark(axes: Axes, found: Sweep, one: BreakEven, crossing: Crossing) -> None:
    """A crossing with its interval, and where it is."""
    low, high = max(crossing.low, one.ends[0]), min(crossing.high, one.ends[1])
    axes.axvspan(low, high, facecolor=style.YELLOW, alpha=0.35, zorder=1, lw=0)
    axes.plot([low, high], [0.0, 0.0], color=style.INK, lw=3.2, solid_capstyle="butt", zorder=5)
    axes.plot(crossing.at, 0.0, "o", ms=7, mfc=style.PAPER, mec=style.INK, mew=1.4, zorder=6)
    side = -8 if crossing.rising else 8  # where the curve is not
    axes.annotate(
        place(found, found.fields[0], crossing), (crossing.at, 0.0), (side, 9), textcoords="offset points",
        ha="right" if side < 0 else "left", va="bottom", size=style.sheet().body, weight="bold", zorder=7,
        bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.85},
    )  # fmt: skip


def _sides(axes: Axes, found: Sweep, one: BreakEven) -> None:
    """Who does better above and below the line at nothing."""
    box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.8}
    write = partial(
        axes.annotate, xycoords="axes fraction", textcoords="offset points", size=style.sheet().small,
        color=style.SOFT, zorder=7, bbox=box,
    )  # fmt: skip
    what = does(found, one)
    left = one.points[0][1] <= one.points[-1][1]  # the free corners are above left and below right
    above, below = one.better(below_zero=False), one.better(below_zero=True)
    bottom, top = axes.get_ylim()
    if top > 0.08 * (top - bottom):
        write(
            f"“{label(found, above)}” {what}", (0.0 if left else 1.0, 1.0), (6 if left else -6, -6),
            ha="left" if left else "right", va="top",
        )  # fmt: skip
    if bottom < -0.08 * (top - bottom):
        write(
            f"“{label(found, below)}” {what}", (1.0 if left else 0.0, 0.0), (-6 if left else 6, 6),
            ha="right" if left else "left", va="bottom",
        )  # fmt: skip


def _scale(found: Sweep, one: BreakEven) -> tuple[float, str]:
    """By what differences are divided on the axis, and what they are."""
    largest = max(abs(number) for row in one.points for number in row[1:] if math.isfinite(number))
    kind = one.measure.kind
    if kind == "time":
        return (24.0, "days") if wording.in_days(largest) else (1.0, "hours")
    if kind in {"share", "flag", "text"}:
        return 0.01, "percentage points"
    unit = scenario_of(found).currency if kind == "money" else one.measure.unit
    for size, word in ((1e9, "billion"), (1e6, "million"), (1e4, "thousand")):
        if largest >= size:
            return (1e3 if size == 1e4 else size), f"{word} {unit}"
    return 1.0, unit


def _frontier(
    found: Sweep, ones: Sequence[BreakEven], source: str, name: str, heading: str, said: str
) -> Picture:
    """The break-even against the second field; where there are more fields a mark for each."""
    other = found.fields[1]
    without = sum(not one.crossings for one in ones)
    more = f"; crosses: no crossing there ({without} of {len(ones)} lines)" if without else ""
    subtitle = f"Where the two swap, with its 95 % interval ({ones[0].runs:,} runs at each point){more}"
    with style.look():
        left = 1.1
        drawn = panels(heading, subtitle, source, [""], False, left=left)
        axes = drawn.axes[0]
        line: list[tuple[float, float]] = []
        for one in ones:
            value = one.beside[0]
            x = float(other.values.index(value)) if other.kind == "choice" else value.number
            if not one.crossings:
                axes.plot(x, 0.0, "x", ms=7, mew=1.8, color=style.VERMILION, zorder=5, clip_on=False,
                          transform=axes.get_xaxis_transform())  # fmt: skip
            for crossing in one.crossings:
                low, high = max(crossing.low, one.ends[0]), min(crossing.high, one.ends[1])
                axes.plot([x, x], [low, high], color=style.INK, lw=1.6, solid_capstyle="butt")
                axes.plot(x, crossing.at, "o", ms=6, mfc=style.PAPER, mec=style.BLUE, mew=1.6, zorder=3)
                line.append((x, crossing.at))
        if len(found.fields) == 2 and all(len(one.crossings) < 2 for one in ones) and other.kind != "choice":
            line.sort()
            axes.plot([x for x, _ in line], [y for _, y in line], color=style.BLUE, lw=1.6, zorder=2)
        axes.set_ylim(ones[0].ends)
        ticks_of(axes, found, other, wide=drawn.wide)
        beside_axis(drawn, axes, left, axis_words(found, found.fields[0]), 3.0)
        drawn.label_below(axis_words(found, other))
    return Picture(name, heading, said, drawn.figure, even_table(found), source)
