"""Every strategy beside the baseline: paired differences with their intervals, a row a strategy."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.views import style, wording
from sim.views.compare_sentences import MAIN, say
from sim.views.compare_tables import scaled, strategies
from sim.views.figures.panels import plan
from sim.views.figures.picture import Picture
from sim.views.summary import measure_name, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.views.comparison import Comparison

ROW, ROW_IN_COLUMN = 0.42, 0.26
"""Inches a strategy takes."""

GAP = 0.35
"""Inches between two measures."""


def picture(found: Comparison) -> Picture:
    """A panel a main measure, a row a strategy; left of the line is better than the baseline."""
    base = found.arm(found.baseline)
    measures = [one for one in MAIN if not found.is_idle(one)]
    title = finding(found)
    subtitle = (
        f"Difference from “{base.label}”, run by run on the same draws: average and 95 % "
        f"interval{_together(found)} ({base.runs:,} runs, {found.band}); left of the line is better"
    )
    if any(each.verdict == "undecided" for each in found.differences if each.measure in measures):
        subtitle += ", hollow points are not yet distinguishable from it"
    with style.look():
        row = ROW_IN_COLUMN if style.sheet().narrow else ROW
        stand = plan([arm.label for arm in found.others], len(measures), row=row, right=0.25, gap=GAP)
        small = style.sheet().small
        units = [style.wrap(_scale(found, one)[1], stand.wide * 72, small, most=3) for one in measures]
        below = style.inches(0.4) + style.inches(0.15) * max(map(len, units))
        figure, panels = stand.drawn((title, subtitle, str(found.provenance)), below)
        for i, (axes, measure, unit) in enumerate(zip(panels, measures, units, strict=True)):
            _panel(found, axes, measure)
            axes.set_xlabel("\n".join(unit), size=small)
            stand.label(axes, i)
    return Picture("comparison", title, alternative(found), figure, strategies(found), str(found.provenance))


def _together(found: Comparison) -> str:
    """What the intervals allow for."""
    return f", wide enough for all {len(found.others)} to hold together" if len(found.others) > 1 else ""


def finding(found: Comparison) -> str:
    """The title: which strategy loses fewest users, if the runs tell."""
    base = found.arm(found.baseline)
    rows = [each for each in found.differences if each.measure == "users_lost"]
    best = min(rows, key=lambda each: each.difference)
    fields = {"baseline": base.label, "unit": base.scenario.users.unit}
    if best.verdict != "better":
        return say("figure", "users_most", **fields).text
    size = wording.count(-best.difference)
    return say("figure", "users_fewest", strategy=found.arm(best.strategy).label, size=size, **fields).text


def alternative(found: Comparison) -> str:
    """The finding, and every strategy's difference in users lost."""
    rows = [each for each in found.differences if each.measure == "users_lost"]
    told = [
        f"“{found.arm(each.strategy).label}” {wording.count(each.difference)} "
        f"({wording.count(each.joint_low)} to {wording.count(each.joint_high)})"
        for each in rows
    ]
    return f"{finding(found)}. Difference in users lost: {wording.listing(told)}."


def _panel(found: Comparison, axes: Axes, measure: str) -> None:
    base = found.arm(found.baseline)
    kind = base.measures[measure].kind
    rows = [each for each in found.differences if each.measure == measure]
    scale, _ = _scale(found, measure)
    for y, each in enumerate(rows):
        sure = each.verdict in {"better", "worse"}
        ends = [each.joint_low / scale, each.joint_high / scale]
        axes.plot(ends, [y, y], color=style.INK, lw=1.6, solid_capstyle="butt")
        axes.plot(
            each.difference / scale,
            y,
            "o",
            ms=6,
            mec=style.INK,
            mew=1.0,
            mfc=style.BLUE if sure else style.PAPER,
        )
    ends = [0.0, *(end / scale for each in rows for end in (each.joint_low, each.joint_high))]
    _axis(axes, ends)
    for y, each in enumerate(rows):
        told = partial(shown, base.scenario, "count" if kind == "money" else kind)
        _number(axes, each.difference / scale, y, told(each.difference), max(ends) - min(ends))
    axes.set_ylim(len(rows) - 0.4, -0.75)
    axes.set_title(measure_name(base.scenario, measure), size=style.sheet().body, loc="left")


def _number(axes: Axes, x: float, y: int, words: str, span: float) -> None:
    """A difference above its point, beside the line at nothing where it would stand across it."""
    close = 0.0 < abs(x) < 0.25 * span
    side = "center" if not close else "right" if x < 0.0 else "left"
    right = {"right": 4, "left": -4}.get(side, 0)
    axes.annotate(  # nearer to its own point than to the row above
        words, (x, y), (right, 3.5), textcoords="offset points", ha=side, va="bottom",
        size=style.sheet().least, zorder=4, bbox=style.ground(),
    )  # fmt: skip


def _axis(axes: Axes, ends: list[float]) -> None:
    """Room for the numbers at both ends, and a line at nothing."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    beside = 0.25 * (max(ends) - min(ends)) or 1.0
    axes.set_xlim(min(ends) - beside, max(ends) + beside)
    axes.axvline(0.0, color=style.INK, lw=1.0)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=3, min_n_ticks=2))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value, 4)))
    axes.spines["left"].set_visible(False)


def _scale(found: Comparison, measure: str) -> tuple[float, str]:
    """By what numbers on the axis are divided, and what they are."""
    base = found.arm(found.baseline)
    kind, scenario = base.measures[measure].kind, base.scenario
    rows = [each for each in found.differences if each.measure == measure]
    largest = max(abs(end) for each in rows for end in (each.joint_low, each.joint_high))
    if kind == "time":
        return (24.0, "days") if wording.in_days(largest) else (1.0, "hours")
    scale, word = scaled([largest])
    return scale, f"{word} {scenario.currency if kind == 'money' else scenario.users.unit}".strip()
