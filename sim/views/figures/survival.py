"""How long it takes to recover: the share of the runs that have not, and how many are still followed.

The curve is Kaplan and Meier's, so runs that the end of the simulation cut count for as long as they were
seen and no longer: they are marked, the curve stops above nothing, and under the axis stands how many runs
each part of it rests on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.survival_curve import Curve, curve
from sim.views import style, wording
from sim.views.case import Case
from sim.views.figures.picture import Picture
from sim.views.labels import ability
from sim.views.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.views.comparison import Comparison

MEASURE = "time_to_recover"

HEIGHT = 2.6
"""Inches of the axes."""

ROW = 0.2
"""Inches a row of numbers under the axis takes."""

AXIS = 0.62
"""Inches that the numbers and the name of the axis take."""

BESIDE = 0.62
"""Inches between a name and the axes, where a piece of its curve stands."""

LOOKS = (7.0, 30.0, 90.0)
"""Days at which the table looks, where so much is simulated."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One strategy's curve, or that of several which are the same."""

    label: str
    found: Curve


def picture(case: Case) -> Picture:
    """The curve of one strategy with its 95 % band."""
    waits = [Wait(case.label, curve(case.column(MEASURE), ~case.cut(MEASURE)))]
    title = finding(waits[0].found)
    subtitle = _subtitle(ability(case.scenario, case.scenario.headline), waits, case.band)
    figure_of = _drawn(title, subtitle, str(case.provenance), waits)
    alternative = f"{title}.{_cut_words(waits[0].found)} {_looked(waits[0].found)}"
    return Picture("survival", title, alternative, figure_of, table(waits), str(case.provenance))


def compared(found: Comparison) -> Picture:
    """A curve a strategy; those that are the same in every run share one."""
    waits = waits_of(found)
    base = found.arm(found.baseline)
    title = finding_of(waits)
    subtitle = _subtitle(ability(base.scenario, base.scenario.headline), waits, found.band)
    source = str(found.provenance)
    return Picture(
        "waiting", title, f"{title}. {_beside(waits)}", _drawn(title, subtitle, source, waits),
        table(waits), source,
    )  # fmt: skip


def waits_of(found: Comparison) -> list[Wait]:
    """The curves of a comparison, baseline first."""
    from sim.study.summary import finished, values

    made: dict[bytes, tuple[list[str], Curve]] = {}
    for arm in [found.arm(found.baseline), *found.others]:
        measure = arm.measures[MEASURE]
        hours, ended = values(measure, arm.outcomes), finished(measure, arm.outcomes)
        key = hours.tobytes() + ended.tobytes()
        made.setdefault(key, ([], curve(hours, ended)))[0].append(arm.label)
    if len(made) == 1 and found.others:
        return [Wait("All strategies", one) for _, one in made.values()]
    return [Wait(", ".join(labels), one) for labels, one in made.values()]


# -- words ----------------------------------------------------------------------------------------------


def finding(found: Curve) -> str:
    """The title: when half of the runs have recovered, and how many have not at the end."""
    half, rest = found.half(), wording.out_of(found.unended, found.runs)
    if not found.hours.any():
        return "In no run is there anything to recover from"
    if found.unended == found.runs:
        return "In no run has it recovered when the simulation ends"
    if math.isinf(half):
        return f"In {rest} runs it has not recovered when the simulation ends"
    if found.hours[0] == found.hours[-1]:
        return f"In every run it has recovered after {wording.duration(half)}"
    start = f"Half of the runs have recovered within {wording.duration(half)}"
    if half == 0.0:
        start = "In half of the runs or more there is nothing to recover from"
    return start + (
        f"; {rest} have not when the simulation ends" if found.unended else "; all have in the end"
    )


def finding_of(waits: Sequence[Wait]) -> str:
    """The title: who waits least after a week (or half of what is simulated), if the intervals tell."""
    at = min(7 * 24.0, 0.5 * max(one.found.end for one in waits))
    first, *rest = waits
    if not rest:
        return finding(first.found)
    least = min(rest, key=lambda one: one.found.at(at))
    mine, theirs = (one.found.at(at) for one in (first, least))
    when = wording.duration(at)
    if _apart(least.found, first.found, at):
        return (
            f"After {when} {wording.hundred(mine)} of 100 runs have not recovered with “{first.label}”, "
            f"{wording.hundred(theirs)} with “{least.label}”"
        )
    most = max(one.found.at(at) for one in waits)
    return (
        f"After {when} {_between(min(mine, theirs), most)} of 100 runs have not recovered, "
        f"and no strategy is shown to recover sooner than “{first.label}”"
    )


def _between(low: float, high: float) -> str:
    ends = wording.hundred(low), wording.hundred(high)
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _apart(lower: Curve, upper: Curve, at: float) -> bool:
    """Whether a curve is below another by more than chance: their intervals do not touch."""
    from sim.study.statistics import share_interval

    ends = []
    for one in (lower, upper):
        low, high = one.interval(at)
        if math.isnan(low):
            whole = share_interval(round(one.at(at) * one.runs), one.runs)
            low, high = whole.low, whole.high
        ends.append((low, high))
    return ends[0][1] < ends[1][0]


def _subtitle(what: str, waits: Sequence[Wait], band: str) -> str:
    cut = any(one.found.unended for one in waits)
    runs = max(one.found.runs for one in waits)
    shade = ", shaded: its 95 % interval" if len(waits) == 1 else ""
    marks = "; | and open ends: runs that the end of the simulation cut" if cut else ""
    return (
        f"Share of {runs:,} runs ({band}) in which “{what}” has not recovered after so many days, by Kaplan "
        f"and Meier{shade}{marks}. Below: runs still followed"
    )


def _cut_words(found: Curve) -> str:
    if not found.unended:
        return ""
    return f" {wording.out_of(found.unended, found.runs)} runs are cut by the end of the simulation."


def _looked(found: Curve, most: int | None = None) -> str:
    """The curve at a few times, in words."""
    times = [24.0 * days for days in LOOKS if 24.0 * days < found.end][:most] or [0.5 * found.end]
    told = [f"{wording.hundred(found.at(at))} after {wording.duration(at)}" for at in times]
    return f"Of 100 runs {wording.listing(told)} have not recovered."


def _beside(waits: Sequence[Wait]) -> str:
    """All strategies at one time, in words."""
    end = max(one.found.end for one in waits)
    at = next((24.0 * days for days in (30.0, 7.0) if 24.0 * days < end), 0.5 * end)
    told = [f"{wording.hundred(one.found.at(at))} with “{one.label}”" for one in waits if one.found.end >= at]
    return f"Of 100 runs have not recovered after {wording.duration(at)}: {wording.listing(told)}."


def table(waits: Sequence[Wait]) -> Table:
    """Every strategy at the times at which the axis has numbers: the share, its interval, runs followed."""
    rows = []
    for one in waits:
        for at in ticks(waits):
            share, (low, high) = one.found.at(at), one.found.interval(at)
            told = "not known" if math.isnan(share) else wording.percent(share, 2)
            interval = f"{wording.percent(low, 2)} to {wording.percent(high, 2)}"
            interval = "–" if math.isnan(share) or math.isnan(low) else interval
            after = wording.short_duration(at)
            rows.append((after, one.label, told, interval, f"{one.found.followed(at):,}"))
        rows.append(("Cut by the end", one.label, f"{one.found.unended:,} runs", "–", "–"))
    header = ("After", "Strategy", "Have not recovered", "95 % interval", "Runs still followed")
    return Table("Share of the runs that have not recovered", header, tuple(rows))


# -- the drawing ----------------------------------------------------------------------------------------


def ticks(waits: Sequence[Wait], most: int = 6) -> list[float]:
    """Hours at which the table has rows and the axis numbers, the first 0, then at most so many."""
    from matplotlib.ticker import MaxNLocator

    unit = _unit(waits)[0]
    end = max(one.found.end for one in waits) / unit or 1.0
    found = MaxNLocator(nbins=most, steps=[1, 2, 3, 5, 10]).tick_values(0.0, end)
    return [float(value) * unit for value in found if 0.0 <= value <= end * (1 + 1e-9)]


def _shown(waits: Sequence[Wait]) -> list[float]:
    """Those of them that the sheet has room for."""
    return ticks(waits, 4) if style.sheet().narrow else ticks(waits)


def _unit(waits: Sequence[Wait]) -> tuple[float, str]:
    return (24.0, "days") if max(one.found.end for one in waits) >= 96.0 else (1.0, "hours")


def _drawn(title: str, subtitle: str, source: str, waits: Sequence[Wait]) -> Figure:
    with style.look():
        names, small = _names(waits), style.sheet().small
        widest = max(style.width_of(line, small) for lines in names for line in lines) / 72
        left = style.inches(0.8) if _above(waits) else max(0.25 + BESIDE + widest, 0.95)
        rows = sum(map(len, names)) + _above(waits) * len(names)
        below = AXIS + style.inches(ROW) * (rows + 0.4)
        margins = style.Margins(left=left, right=style.inches(0.35), below=below, above=0.1)
        figure, axes = style.canvas(title, subtitle, source, height=HEIGHT, margins=margins)
        _curves(axes, waits)
        _axes(axes, waits)
        _followed(axes, waits, names)
    return figure


def _above(waits: Sequence[Wait]) -> bool:
    """Whether a strategy's name stands above its numbers: in a column there is no room beside them."""
    return style.sheet().narrow and len(waits) > 1


def _names(waits: Sequence[Wait]) -> list[list[str]]:
    """Lines of the name of every curve."""
    if len(waits) == 1:
        return [["Runs"]]
    room = style.sheet().wide - 0.7 if _above(waits) else 1.5
    return [style.wrap(one.label, room * 72, style.sheet().small, most=2) for one in waits]


def _curves(axes: Axes, waits: Sequence[Wait]) -> None:
    unit = _unit(waits)[0]
    for i, one in enumerate(waits):
        found, (colour, dash) = one.found, style.curve(i)
        x = np.concatenate([found.times, [found.end]]) / unit
        share = np.concatenate([found.share, found.share[-1:]])
        if len(waits) == 1:
            low, high = (np.concatenate([each, each[-1:]]) for each in (found.low, found.high))
            axes.fill_between(x, 100 * low, 100 * high, step="post", color=style.BAND_90, lw=0)
        # what is drawn at 0 lasts no time: the curve begins at all of the runs
        axes.step(np.concatenate([[0.0], x]), 100 * np.concatenate([[1.0], share]), where="post",
                  color=colour, ls=dash, lw=2.0, zorder=3)  # fmt: skip
        if found.unended:
            at = [100 * found.at(hours) for hours in found.cut]
            marks = _thinned(found.cut)
            axes.plot(
                found.cut[marks] / unit, np.array(at)[marks], "|", color=colour, ms=9, mew=1.4, zorder=4
            )
            last: dict[str, Any] = {
                "ms": 6,
                "mfc": style.PAPER,
                "mec": colour,
                "mew": 1.4,
                "zorder": 5,
                "clip_on": False,
            }
            axes.plot(found.end / unit, 100 * found.share[-1], "o", **last)


def _thinned(cut: Any, most: int = 60) -> Any:
    """Places of not more than so many marks: thousands would be a bar."""
    return np.unique(np.linspace(0, len(cut) - 1, min(len(cut), most)).astype(int))


def _axes(axes: Axes, waits: Sequence[Wait]) -> None:
    from matplotlib.ticker import FuncFormatter

    unit, word = _unit(waits)
    axes.set_xlim(0.0, max(one.found.end for one in waits) / unit * 1.01 or 1.0)
    axes.set_ylim(0.0, 103.0)
    axes.set_xticks([at / unit for at in _shown(waits)])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value, 4)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{wording.number(value)} %"))
    axes.set_xlabel(f"Since the first outage began ({word})")
    axes.set_ylabel("Not recovered")
    box = axes.get_position()
    inches = axes.figure.get_figure(root=True).get_figwidth()
    axes.yaxis.set_label_coords(-style.inches(0.58) / (box.width * inches), 0.5)


def _followed(axes: Axes, waits: Sequence[Wait], names: Sequence[Sequence[str]]) -> None:
    """How many runs are still followed, a row a strategy, with the line that stands for it."""
    from matplotlib.transforms import ScaledTranslation

    figure = axes.get_figure(root=True)
    assert figure is not None
    unit, down, row, above = _unit(waits)[0], AXIS, style.inches(ROW), _above(waits)
    look: dict[str, Any] = {"size": style.sheet().small, "va": "center", "linespacing": 1.1}
    for i, (one, lines) in enumerate(zip(waits, names, strict=True)):
        down += row * len(lines)
        move = ScaledTranslation(0.0, row * (0.5 * len(lines) - 0.1) - down, figure.dpi_scale_trans)
        aside = axes.transAxes + move
        named = -BESIDE
        if above:
            named = 0.62 - axes.get_position().x0 * figure.get_figwidth()
            down += row
            move = ScaledTranslation(0.0, 0.4 * row - down, figure.dpi_scale_trans)
        for at in _shown(waits):
            number, place = f"{one.found.followed(at):,}", axes.get_xaxis_transform() + move
            axes.text(at / unit, 0.0, number, transform=place, ha="center", **look)
        beside = aside + ScaledTranslation(named, 0.0, figure.dpi_scale_trans)
        axes.text(0.0, 0.0, "\n".join(lines), transform=beside, ha="left" if above else "right", **look)
        piece = (named - 0.55, named - 0.06) if above else (0.06 - BESIDE, -0.26)
        ends = [aside + ScaledTranslation(x, 0.0, figure.dpi_scale_trans) for x in piece]
        points = [figure.transFigure.inverted().transform(end.transform((0.0, 0.0))) for end in ends]
        _sample(figure, points, *style.curve(i))


def _sample(figure: Figure, points: Sequence[Any], colour: str, dash: Any) -> None:
    """A piece of a curve beside its name."""
    from matplotlib.lines import Line2D

    across, up = ([float(point[i]) for point in points] for i in (0, 1))
    figure.add_artist(Line2D(across, up, color=colour, ls=dash, lw=2.0))
