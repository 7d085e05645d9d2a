"""Active users over time: with the events and without them, and how far runs differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.views import style, wording
from sim.views.case import Case, Observed
from sim.views.figures.picture import Picture
from sim.views.happenings import Mark, marks
from sim.views.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEGEND = ("half of the runs exceed", "5 runs in 10 lie here", "9 in 10")


def picture(case: Case) -> Picture:
    """The fan chart of active users with the counterfactual, events and observed values marked."""
    title = finding(case)
    found = marks(case.scenario, 0.0, case.horizon)
    with style.look():
        figure, axes = _frame(case, title, found)
        _fan(case, axes)
        _events(case, axes, found)
        _observed(case, axes)
        _names(case, axes)
        _legend(axes)
    return Picture("users", title, alternative(case), figure, table(case), str(case.provenance))


def finding(case: Case) -> str:
    """The title: how many fewer there are at the end than there would have been."""
    unit = case.scenario.users.unit
    fan = case.active
    lost, would = float(fan.counterfactual[-1] - fan.mean[-1]), float(fan.counterfactual[-1])
    when = wording.date(case.start, case.horizon)
    if abs(lost) < 0.005 * max(would, 1.0):
        return f"On {when} about as many {unit} as there would have been without these events"
    if float(fan.mean[-1]) < 0.005 * would:
        there = f"{wording.count(would)} {unit}"
        return f"On {when} nobody is active any more; without these events there would be {there}"
    size = wording.percent(abs(lost) / would, 2) if would > 0 else wording.count(abs(lost))
    return f"On {when} on average {size} {'fewer' if lost > 0 else 'more'} {unit} than without these events"


def alternative(case: Case) -> str:
    """The finding with its numbers, for who cannot see the picture."""
    fan, unit = case.active, case.scenario.users.unit
    low = int(np.argmin(fan.mean))
    least, most = wording.count(float(fan.p05[-1])), wording.count(float(fan.p95[-1]))
    spread = f"; 9 runs in 10 end between {least} and {most}" if least != most else ""
    with_them, without = wording.count(float(fan.mean[-1])), wording.count(float(fan.counterfactual[-1]))
    lowest, when = wording.count(float(fan.mean[low])), wording.date(case.start, float(fan.times[low]))
    return (
        f"{finding(case)}. {with_them} against {without}{spread}. "
        f"The lowest average is {lowest} {unit} on {when}."
    )


def table(case: Case) -> Table:
    """The curve at nine dates."""
    fan = case.active
    times = np.linspace(0.0, case.horizon, 9)
    rows = []
    for t in times:
        rows.append(
            (
                wording.date(case.start, float(t)),
                wording.count(fan.at(t, "counterfactual")),
                wording.count(fan.at(t, "mean")),
                wording.count(fan.at(t, "p50")),
                f"{wording.count(fan.at(t, 'p25'))} to {wording.count(fan.at(t, 'p75'))}",
                f"{wording.count(fan.at(t, 'p05'))} to {wording.count(fan.at(t, 'p95'))}",
            )
        )
    header = (
        "Date",
        "Without these events",
        "On average",
        "Half of the runs exceed",
        "Half of the runs lie between",
        "9 runs in 10 lie between",
    )
    return Table(f"{wording.capital(case.scenario.users.unit)} over time", header, tuple(rows))


def _frame(case: Case, title: str, found: tuple[Mark, ...]) -> tuple[Figure, Axes]:
    """The empty figure, with the key to the letters under it."""
    key = [line for mark in found for line in _key(mark)]
    shown = key if len(key) <= 9 else [*key[:8], f"and {len(key) - 8} more, in the table of events"]
    narrow, legend = style.sheet().narrow, style.key_room(LEGEND, 3, handle=1.2, apart=1.2)
    room = style.inches(0.17) * len(shown) + legend
    subtitle = (
        f"{wording.capital(case.scenario.users.unit)} in {case.runs:,} runs, average and bands "
        f"({case.band}); dashed: the same draws without these events"
    )
    margins = style.Margins(
        left=style.inches(0.8), right=0.87 if narrow else 1.25, below=0.82 + room, above=0.22
    )
    figure, axes = style.canvas(title, subtitle, str(case.provenance), height=3.0, margins=margins)
    axes.annotate(
        "\n".join(shown),
        (0, 0),
        (72 * (style.sheet().edge + 0.03 - margins.left), -72 * (0.8 + legend)),
        xycoords="axes fraction",
        textcoords="offset points",
        va="top",
        size=style.sheet().small,
        linespacing=1.35,
        annotation_clip=False,
    )
    return figure, axes


def _key(mark: Mark) -> list[str]:
    """What one letter stands for, in lines that fit."""
    room = (style.sheet().wide - (0.45 if style.sheet().narrow else 0.7)) * 72
    first, *rest = style.wrap(f"{mark.letter}  {'; '.join(mark.texts)}", room, style.sheet().small)
    return [first, *(f"     {line}" for line in rest)]


def _fan(case: Case, axes: Axes) -> None:
    fan = case.active
    x = [style.date_number(case.start, float(t)) for t in fan.times]
    axes.fill_between(x, fan.p05, fan.p95, color=style.BAND_90, lw=0)
    axes.fill_between(x, fan.p25, fan.p75, color=style.BAND_50, lw=0)
    axes.plot(x, fan.counterfactual, color=style.INK, lw=1.5, ls=(0, (5, 2.5)))
    axes.plot(x, fan.p50, color=style.INK, lw=1.0)
    axes.plot(x, fan.mean, color=style.BLUE, lw=2.2)
    largest = float(max(fan.p95.max(), fan.counterfactual.max(), *(o.high * o.of for o in _shown(case)), 1.0))
    axes.set_ylim(0, 1.06 * largest)
    style.count_axis(axes.yaxis, largest, case.scenario.users.unit)
    style.date_axis(axes, case.start, 0.0, case.horizon)


def _events(case: Case, axes: Axes, found: tuple[Mark, ...]) -> None:
    for mark in found:
        x = style.date_number(case.start, mark.hours)
        axes.axvline(x, color=style.SOFT, lw=0.9, ls=(0, (1.5, 1.5)), zorder=1.5)
        axes.annotate(
            mark.letter,
            (x, 1.0),
            (0, 2),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=style.sheet().small,
            weight="bold",
        )


def _shown(case: Case) -> list[Observed]:
    return [o for o in case.observed if o.at is not None and o.at <= case.horizon and o.state == "active"]


def _observed(case: Case, axes: Axes) -> None:
    """What was really seen, as a diamond with its range."""
    for number, seen in enumerate(_shown(case)):
        x = style.date_number(case.start, seen.at or 0.0)
        below, above = seen.value - seen.low, seen.high - seen.value
        axes.errorbar(
            [x],
            [seen.value * seen.of],
            yerr=[[below * seen.of], [above * seen.of]],
            fmt="D",
            ms=6.5,
            mfc=style.ORANGE,
            mec=style.INK,
            mew=1.1,
            ecolor=style.INK,
            capsize=3,
            zorder=5,
        )
        if number == 0:
            axes.annotate(
                "what happened",
                (x, seen.value * seen.of),
                (-8, 9),
                textcoords="offset points",
                ha="right",
                size=style.sheet().small,
                bbox={"fc": style.PAPER, "ec": "none", "alpha": 0.8, "pad": 1},
            )


def _names(case: Case, axes: Axes) -> None:
    """The lines named at their right ends, moved apart where they would touch."""
    fan, top = case.active, axes.get_ylim()[1]
    without, average = float(fan.counterfactual[-1]), float(fan.mean[-1])
    apart = 0.13 * top
    if abs(without - average) < apart:
        middle, sign = (without + average) / 2, 1 if without >= average else -1
        middle = max(middle, apart / 2)
        without, average = middle + sign * apart / 2, middle - sign * apart / 2
    for y, text, colour in (
        (without, "without\nthese events", style.INK),
        (average, "with them,\naverage", style.BLUE),
    ):
        axes.annotate(
            text,
            (1, y),
            (5, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            size=style.sheet().small,
            color=colour,
            weight="bold",
            linespacing=1.1,
        )


def _legend(axes: Axes) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = [
        Line2D([], [], color=style.INK, lw=1.0, label=LEGEND[0]),
        Patch(color=style.BAND_50, label=LEGEND[1]),
        Patch(color=style.BAND_90, label=LEGEND[2]),
    ]
    # Below the axis, where neither a line nor a letter can be, however tall the axes are.
    from matplotlib.transforms import ScaledTranslation, blended_transform_factory

    figure = axes.get_figure(root=True)
    assert figure is not None
    place = axes.transAxes + ScaledTranslation(0.0, -0.57, figure.dpi_scale_trans)
    narrow = style.sheet().narrow
    if narrow:
        place = blended_transform_factory(figure.transFigure, place)
    axes.legend(
        handles=handles,
        loc="upper left" if narrow else "upper right",
        ncols=style.key_columns(LEGEND, 3, handle=1.2, apart=1.2),
        handlelength=1.2,
        columnspacing=1.2,
        borderaxespad=0,
        bbox_to_anchor=(style.sheet().edge / style.sheet().wide if narrow else 1.22, 0.0),
        bbox_transform=place,
    )
