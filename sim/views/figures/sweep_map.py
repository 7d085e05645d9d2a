"""Two fields at once: a map of one measure, a panel a strategy, every cell with its number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.study.sweep.moves import centre, needs_median
from sim.views import style, wording
from sim.views.figures.picture import Picture
from sim.views.figures.sweep_axes import beside_axis, panels, scaled
from sim.views.sweep_sentences import title
from sim.views.sweep_tables import measure_table
from sim.views.sweep_wording import axis_words, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.sweep import Sweep, Value

PALE, DARK = (0.93, 0.96, 0.985), (0.03, 0.19, 0.36)
"""Colours of the smallest and the largest number: light to dark, so a grey print has the same order."""

LIGHT = 0.6
"""From this share on white letters stand out more than black ones."""

MOST = 6
"""Strategies drawn; the table has all."""


def picture(found: Sweep, measure: str, source: str) -> Picture:
    """The map of one measure."""
    from sim.views.figures.sweep import words_of

    heading, names = title(found, measure), found.strategies[:MOST]
    median = needs_median(found, measure)
    numbers = [
        centre(found.row(point.number, name, measure), median=median)
        for point in found.designed
        for name in names
    ]
    finite = [number for number in numbers if math.isfinite(number)] or [0.0]
    ends = (min(finite), max(finite))
    scale, unit = scaled(found, measure, max(map(abs, ends)))
    what = "Half of the runs exceed the number in the cell" if median else "Average of the runs"
    subtitle = f"{what}, in {unit}; darker is more; {found.replications:,} runs at each point"
    across, up = found.fields
    with style.look():
        left = (
            0.95
            + max(style.width_of(_short(found, 1, v), style.sheet().least) for v in _levels(found, 1)) / 72
        )
        height = max(1.7, 0.3 * len(_levels(found, 1)) + 0.1)
        drawn = panels(
            heading, subtitle, source, [label(found, name) for name in names], len(names) > 1,
            left=left, columns=1 if len(_levels(found, 0)) > 10 else 2, height=height,
        )  # fmt: skip
        for i, (axes, name) in enumerate(zip(drawn.axes, names, strict=True)):
            _panel(axes, found, measure, name, ends, scale, median=median)
            if i % drawn.columns:
                axes.tick_params(axis="y", labelleft=False)
            else:
                beside_axis(drawn, axes, left, axis_words(found, up), height)
        drawn.label_below(axis_words(found, across))
    name = f"sweep_{measure.replace('.', '_')}"
    table = measure_table(found, measure)
    return Picture(name, heading, words_of(found, measure), drawn.figure, table, source)


def _levels(found: Sweep, place: int) -> list[Value]:
    """The values of a field, as the design has them."""
    return list(dict.fromkeys(point.values[place] for point in found.designed))


def _panel(
    axes: Axes,
    found: Sweep,
    measure: str,
    strategy: str,
    ends: tuple[float, float],
    scale: float,
    *,
    median: bool,
) -> None:
    from matplotlib.patches import Rectangle

    across, up = _levels(found, 0), _levels(found, 1)
    room = 72 * axes.get_position().width * style.sheet().wide / len(across) - 3.0
    for point in found.designed:
        x, y = across.index(point.values[0]), up.index(point.values[1])
        number = centre(found.row(point.number, strategy, measure), median=median)
        share = 1.0 if number == math.inf else (number - ends[0]) / ((ends[1] - ends[0]) or 1.0)
        known = not math.isnan(number)
        colour = tuple(p + share * (d - p) for p, d in zip(PALE, DARK, strict=True)) if known else style.PAPER
        axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor=style.PAPER, lw=1.0))
        text = "never" if number == math.inf else wording.number(number / scale)
        least = style.sheet().least
        size = min(least, least * room / max(style.width_of(text, least), 1.0))
        ink = style.PAPER if known and share > LIGHT else style.INK
        axes.text(x, y, text, ha="center", va="center", size=size, color=ink)
    axes.set_xlim(-0.5, len(across) - 0.5)
    axes.set_ylim(-0.5, len(up) - 0.5)
    axes.set_xticks(
        range(len(across)), [_short(found, 0, value) for value in across], size=style.sheet().least
    )
    axes.set_yticks(range(len(up)), [_short(found, 1, value) for value in up], size=style.sheet().least)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _short(found: Sweep, place: int, value: Value) -> str:
    """A value without its unit, which stands beside the axis."""
    field = found.fields[place]
    if field.kind == "choice":
        return value.text
    return wording.count(value.number) if value.number >= 1e6 else wording.number(value.number)
