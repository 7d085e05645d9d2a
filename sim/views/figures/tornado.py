"""What would change the answer: a result where each unknown is lowest and where it is highest.

A row an unknown that is shown to move the result, the widest first: from the average over the runs with the
lowest fifth of its draws (open end) to that over the highest (filled end), with 95 % intervals, about the
average of all runs. It is read off the draws that the study made anyway; nothing is simulated for it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sim.views import movers, style, wording
from sim.views.compare_tables import scaled
from sim.views.figures.picture import Picture
from sim.views.summary import measure_name, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study.drawn import Moved, Mover
    from sim.views.case import Case

ROW, ROW_IN_COLUMN = 0.46, 0.62
"""Inches an unknown takes; in a column with its name above it."""

KEY = ("where the unknown is lowest", "where it is highest")

MOST = 10
"""Rows; the table has all."""


def picture(case: Case, measure: str = "users_lost") -> Picture | None:
    """The tornado of one measure of one strategy; None where no unknown is shown to move it."""
    found = movers.of_case(case, measure)
    if found is None or not movers.told(found):
        return None
    rows = drawn(found)
    title = finding(case, measure, found)
    name = wording.small(measure_name(case.scenario, measure))
    subtitle = (
        f"Average {name} in the runs with the lowest and the highest fifth of each unknown, with 95 % "
        f"intervals ({found.runs:,} runs); the line is the average of all. Values: the middle of each fifth"
    )
    source = str(case.provenance)
    with style.look():
        figure = _figure(case, measure, rows, (title, subtitle, source))
    told = partial(_told, case, measure)
    said = [
        f"{movers.name(case.scenario, one.path)}: {told(one.low.value)} where it is lowest, "
        f"{told(one.high.value)} where it is highest."
        for one in rows
    ]
    head = measure_name(case.scenario, measure)
    made = movers.table(
        lambda _: case.scenario, found, told, f"{head}: what moves it", what=wording.capital(head)
    )
    return Picture("tornado", title, " ".join([f"{title}.", *said]), figure, made, source)


def _figure(case: Case, measure: str, rows: list[Mover], words: tuple[str, str, str]) -> Figure:
    """The rows with their names beside them; in a column above them."""
    small, narrow = style.sheet().small, style.sheet().narrow
    room = style.sheet().wide - 0.4 if narrow else 2.2
    labels = [style.wrap(movers.name(case.scenario, one.path), room * 72, small, most=2) for one in rows]
    widest = 0.0 if narrow else max(style.width_of(line, small) for lines in labels for line in lines) / 72
    left, right = (0.15, 0.15) if narrow else (0.35, 0.45)
    below = 0.9 + style.key_room(KEY, 2)
    margins = style.Margins(left=left + widest, right=right, below=below, above=0.05)
    height = (ROW_IN_COLUMN if narrow else ROW) * len(rows) + 0.1
    figure, axes = style.canvas(*words, height=height, margins=margins)
    _draw(axes, case, measure, rows, float(case.column(measure).mean()))
    names = ["\n".join(lines) for lines in labels]
    axes.set_yticks(range(len(rows)), [""] * len(rows) if narrow else names, size=small)
    if narrow:
        axes.set_ylim(len(rows) - 0.6, -0.75)
        style.above_rows(axes, range(len(rows)), names)
    return figure


def finding(case: Case, measure: str, found: Moved) -> str:
    """The title: which unknown moves it most, if its bar does not touch the next."""
    name = wording.small(measure_name(case.scenario, measure))
    rows = drawn(found)
    first = wording.small(movers.name(case.scenario, rows[0].path))
    ends = [_told(case, measure, one.value) for one in (rows[0].low, rows[0].high)]
    if len(rows) > 1 and not _wider(rows[0], rows[1]):
        second = wording.small(movers.name(case.scenario, rows[1].path))
        return f"“{wording.capital(first)}” and “{second}” are among what moves {name} most"
    span = f"{ends[0]} where it is lowest, {ends[1]} where highest"
    return f"“{wording.capital(first)}” moves {name} most: {span}"


def drawn(found: Moved) -> list[Mover]:
    """The rows, the widest first."""
    told = [one for one in found.movers if one.told]
    return sorted(told, key=lambda one: -abs(one.high.value - one.low.value))[:MOST]


def _wider(one: Mover, other: Mover) -> bool:
    """Whether the first span is wider than the second by more than chance."""
    spans = [abs(each.high.value - each.low.value) for each in (one, other)]
    halves = [0.5 * (end.high - end.low) for each in (one, other) for end in (each.low, each.high)]
    return bool(spans[0] - spans[1] > sum(half * half for half in halves) ** 0.5)


def _told(case: Case, measure: str, value: float) -> str:
    return shown(case.scenario, case.line(measure).kind, value)


def _draw(axes: Axes, case: Case, measure: str, rows: list[Mover], middle: float) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    scale, unit = _scale(case, measure, rows)
    bar: dict[str, Any] = {"facecolor": style.BAND_90, "edgecolor": style.BLUE, "lw": 0.9}
    for y, one in enumerate(rows):
        low, high = one.low.value / scale, one.high.value / scale
        axes.barh(
            y,
            high - low,
            0.44 * ROW / (ROW_IN_COLUMN if style.sheet().narrow else ROW),
            left=low,
            zorder=2,
            **bar,
        )
        for end, face in ((one.low, style.PAPER), (one.high, style.BLUE)):
            axes.plot([end.low / scale, end.high / scale], [y, y], color=style.INK, lw=1.3, zorder=3)
            axes.plot(end.value / scale, y, "o", ms=6, mfc=face, mec=style.INK, mew=1.1, zorder=4)
        _values(axes, y, (low, high), _ends(case, one))
    axes.axvline(middle / scale, color=style.INK, lw=1.0, zorder=1)
    ends = [end / scale for one in rows for each in (one.low, one.high) for end in (each.low, each.high)]
    beside = (0.55 if style.sheet().narrow else 0.34) * ((max(ends) - min(ends)) or 1.0)
    axes.set_xlim(min(ends) - beside, max(ends) + beside)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, min_n_ticks=3))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value, 4)))
    axes.set_xlabel(unit)
    _key(axes)


def _ends(case: Case, one: Mover) -> tuple[str, str]:
    """The unknown in the middle of its lowest and of its highest fifth."""
    return tuple(movers.value_at(case.scenario, one.path, at) for at in (0.1, 0.9))  # type: ignore[return-value]


def _values(axes: Axes, y: float, ends: tuple[float, float], words: tuple[str, str]) -> None:
    """The values of the unknown outside its two ends."""
    for i in (0, 1):
        left = (ends[i] < ends[1 - i]) or (ends[0] == ends[1] and i == 0)
        look: dict[str, Any] = {
            "ha": "right" if left else "left",
            "va": "center",
            "size": style.sheet().least,
            "bbox": style.ground(),
        }
        axes.annotate(
            words[i],
            (ends[i], y),
            (-9 if left else 9, 7.5 if style.sheet().narrow else 9),
            textcoords="offset points",
            **look,
        )


def _scale(case: Case, measure: str, rows: list[Mover]) -> tuple[float, str]:
    """By what numbers on the axis are divided, and what they are."""
    line, name = case.line(measure), measure_name(case.scenario, measure)
    largest = max(abs(end.value) for one in rows for end in (one.low, one.high))
    if line.kind == "time":
        return (24.0, f"{name} (days)") if wording.in_days(largest) else (1.0, f"{name} (hours)")
    if line.kind == "share":
        return 0.01, f"{name} (%)"
    scale, word = scaled([largest])
    unit = case.scenario.currency if line.kind == "money" else case.scenario.users.unit
    return scale, f"{name} ({f'{word} {unit}'.strip()})"


def _key(axes: Axes) -> None:
    from matplotlib.lines import Line2D

    figure = axes.get_figure(root=True)
    if figure is not None:
        look: dict[str, Any] = {"ls": "", "marker": "o", "ms": 6, "mec": style.INK}
        handles = [
            Line2D([], [], mfc=face, label=words, **look)
            for face, words in zip((style.PAPER, style.BLUE), KEY, strict=True)
        ]
        style.key(figure, handles, 2, 0.24)
