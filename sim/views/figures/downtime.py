"""How long runs are down: the distribution, what is unfinished, and where what happened falls in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.views import style, wording
from sim.views.case import Case, Observed
from sim.views.figures.picture import Picture
from sim.views.labels import cannot
from sim.views.quantiles import quantile
from sim.views.sentences import downtime_variant
from sim.views.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BINS, FEW_BINS = 36, 24
"""Bars on paper, and in a column."""


def picture(case: Case) -> Picture:
    """The histogram of the headline downtime."""
    title = finding(case)
    what = cannot(case.scenario, case.scenario.headline)
    span = wording.duration(case.horizon)
    subtitle = f"Time within the {span} simulated in which {what}, {case.runs:,} runs ({case.band})"
    with style.look():
        margins = style.Margins(left=style.inches(0.75), right=style.inches(0.3), below=0.75, above=0.12)
        figure, axes = style.canvas(title, subtitle, str(case.provenance), height=2.9, margins=margins)
        scale = _bars(case, axes)
        _lines(case, axes, scale)
    return Picture("downtime", title, alternative(case), figure, table(case), str(case.provenance))


def still_down(case: Case) -> NDArray[np.bool_]:
    """Runs in which the headline capability cannot be used when the simulation ends, (R,)."""
    return case.cut("downtime")


def finding(case: Case) -> str:
    """The title: the median, and the share of runs with no end."""
    hours, cut = case.column("downtime"), still_down(case)
    what = cannot(case.scenario, case.scenario.headline)
    variant = downtime_variant(hours, int(cut.sum()))
    half = wording.duration(quantile(hours, 0.5))
    if variant == "never":
        return f"In no run is there a time when {what}"
    if variant in {"certain", "single", "single_unfinished"}:
        return f"In every run {what} for {half}"
    if variant == "nobody_back":
        return f"In every run {what} when the simulation ends"
    if variant == "mostly_unfinished":
        return f"In {wording.out_of(int(cut.sum()), case.runs)} runs {what} when the simulation ends"
    if quantile(hours, 0.5) == 0:
        return f"In {wording.out_of(int((hours > 0).sum()), case.runs)} runs there is a time when {what}"
    return f"In half of the runs {what} for more than {half}"


def alternative(case: Case) -> str:
    """The finding, the spread, the unfinished runs and what really happened."""
    hours, cut = case.column("downtime"), still_down(case)
    low, high = quantile(hours, 0.05), quantile(hours, 0.95)
    words = [finding(case) + "."]
    if high > low:
        words.append(f"9 runs in 10 lie between {wording.duration(low)} and {wording.duration(high)}.")
    if cut.any() and not cut.all():
        words.append(f"In {wording.out_of(int(cut.sum()), case.runs)} runs it is still down at the end.")
    words += [f"What happened ({seen.label}): {_seen(seen)}." for seen in _shown(case)]
    return " ".join(words)


def table(case: Case) -> Table:
    """The distribution in quantiles, with the runs that never go down or never come back."""
    hours, cut = case.column("downtime"), still_down(case)
    rows = [("Never down", wording.out_of(int((hours == 0).sum()), case.runs) + " runs")]
    for share, words in (
        (0.05, "1 run in 20 is shorter than"),
        (0.25, "1 run in 4 is shorter than"),
        (0.5, "Half of the runs exceed"),
        (0.75, "1 run in 4 exceeds"),
        (0.9, "1 run in 10 exceeds"),
        (0.95, "1 run in 20 exceeds"),
    ):
        rows.append((words, wording.duration(quantile(hours, share))))
    rows.append(("Still down at the end", wording.out_of(int(cut.sum()), case.runs) + " runs"))
    rows += [(f"What happened: {seen.label}", _seen(seen)) for seen in _shown(case)]
    return Table("Downtime", ("What", "Value"), tuple(rows))


def _seen(seen: Observed) -> str:
    exact = seen.low == seen.high
    return wording.duration(seen.value) + (
        "" if exact else f" ({_hours(seen.low)} to {_hours(seen.high)} hours)"
    )


def _hours(value: float) -> str:
    return wording.number(value, 4)


def _shown(case: Case) -> list[Observed]:
    return [
        seen for seen in case.observed if seen.measure in {"downtime", f"downtime.{case.scenario.headline}"}
    ]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days or hours, and where the numbered part of the axis ends; runs beyond have a bar of their own."""

    hours: float
    unit: str
    top: float

    @property
    def wide(self) -> float:
        """The width of a bar."""
        return self.top / _bins()


def _scale(case: Case) -> _Scale:
    hours, cut = case.column("downtime"), still_down(case)
    finished = hours[~cut & (hours > 0)]
    far = float(np.quantile(finished, 0.98)) if finished.size else float(hours.max())
    far = max([far, *(1.15 * seen.high for seen in _shown(case)), 1.0])
    hours_a_unit, unit = (24.0, "days") if far > 4 * 24 else (1.0, "hours")
    air = 1.6 if finished.size and np.ptp(finished) == 0 else 1.02
    return _Scale(hours_a_unit, unit, air * far / hours_a_unit)


def _bins() -> int:
    return FEW_BINS if style.sheet().narrow else BINS


def _bars(case: Case, axes: Axes) -> _Scale:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    hours, cut, scale = case.column("downtime"), still_down(case), _scale(case)
    values, wide = hours / scale.hours, scale.wide
    done = ~cut & (hours > 0) & (values <= scale.top)
    edges = np.linspace(0, scale.top, _bins() + 1)
    base, _ = np.histogram(values[done], edges, weights=np.full(int(done.sum()), 1 / hours.size))
    axes.bar(edges[:-1], base, wide, align="edge", color=style.BLUE, edgecolor=style.PAPER, lw=0.6)
    beside = _beside(case, scale)
    for left, share, _, face, hatch in beside:
        look: dict[str, Any] = {"facecolor": face, "edgecolor": style.INK, "hatch": hatch, "lw": 0.7}
        axes.bar([left], [share], 1.6 * wide, align="edge", **look)
        axes.annotate(
            _share(share, hours.size),
            (left + 0.8 * wide, share),
            (0, 3),
            textcoords="offset points",
            ha="center",
            size=style.sheet().small,
            weight="bold",
        )
    _ticks(axes, scale, [(left + 0.8 * wide, words) for left, _, words, _, _ in beside])
    axes.set_ylim(0, 1.12 * max([float(base.max()), *(share for _, share, *_ in beside), 1e-9]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.percent(value)))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.set_ylabel("Share of the runs")
    return scale


def _beside(case: Case, scale: _Scale) -> list[tuple[float, float, str, str, str]]:
    """Bars beside the distribution: left end, share, words, face and pattern."""
    hours, cut, narrow = case.column("downtime"), still_down(case), style.sheet().narrow
    later = float((~cut & (hours / scale.hours > scale.top)).mean())
    left = (-4.4, 3.4, 8.6) if narrow else (-2.6, 2.4, 6.4)  # in bars: the words need room
    down = "still\ndown" if narrow else "still down\nat the end"
    bars = [
        (left[0] * scale.wide, float((hours == 0).mean()), "never\ndown", style.SKY, "||"),
        (scale.top + left[1] * scale.wide, later, "back\nlater", style.BLUE, ""),
        (scale.top + left[2] * scale.wide, float(cut.mean()), down, "#fbe3d3", "////"),
    ]
    return [bar for bar in bars if bar[1] > 0]


def _share(share: float, runs: int) -> str:
    return wording.percent(share, 2) if share * runs >= 1 else ""


def _ticks(axes: Axes, scale: _Scale, beside: list[tuple[float, str]]) -> None:
    """Numbers under the distribution, words under the bars beside it, and a line where the scale stops."""
    from matplotlib.ticker import MaxNLocator

    numbers = [float(v) for v in MaxNLocator(nbins=6).tick_values(0, scale.top) if 0 <= v <= scale.top]
    axes.set_xticks(
        numbers + [x for x, _ in beside], [wording.number(v, 4) for v in numbers] + [w for _, w in beside]
    )
    left = min([0.0, *(x - 1.4 * scale.wide for x, _ in beside)])
    right = max([scale.top, *(x + 3.2 * scale.wide for x, _ in beside)])
    axes.set_xlim(left, right)
    axes.spines["bottom"].set_bounds(0, scale.top)
    for tick, label in zip(axes.xaxis.get_major_ticks(), axes.get_xticklabels(), strict=True):
        if label.get_text() and not label.get_text()[0].isdigit():
            tick.tick1line.set_visible(False)
            label.set_fontsize(style.sheet().small)
    axes.set_xlabel(f"Down for ({scale.unit})", x=(scale.top / 2 - left) / (right - left))


def _outside(axes: Axes, x: float, text: str) -> bool:
    """Whether words right of a line would leave the axes."""
    left, right = axes.get_xlim()
    room = 72 * axes.get_position().width * style.sheet().wide * (right - x) / (right - left)
    return style.width_of(text, style.sheet().small, bold=True) + 8 > room


def _lines(case: Case, axes: Axes, scale: _Scale) -> None:
    """The median, the target and what really happened, named beside their lines, each a step lower."""
    hours, marks = case.column("downtime"), []
    half = quantile(hours, 0.5)
    if half > 0 and still_down(case).mean() < 0.5:
        marks.append((half, f"half exceed {wording.short_duration(half)}", style.INK, "-"))
    target = case.scenario.targets.rto
    if target is not None:
        marks.append((target, f"target {wording.short_duration(target)}", style.SOFT, ":"))
    marks += [
        (seen.value, f"what happened: {wording.short_duration(seen.value)}", style.VERMILION, "--")
        for seen in _shown(case)
    ]
    shown = sorted(mark for mark in marks if mark[0] / scale.hours <= scale.top)
    if style.sheet().narrow:  # there the words reach over the bars: they stand above them
        axes.set_ylim(0, (1.0 + 0.13 * len(shown)) * axes.get_ylim()[1])
    for step, (value, text, colour, line) in enumerate(shown):
        x = value / scale.hours
        axes.axvline(x, color=colour, lw=1.6, ls=line)
        outside = _outside(axes, x, text) if style.sheet().narrow else x > 0.7 * scale.top
        axes.annotate(
            text,
            (x, 0.96 - 0.095 * step),
            (-5 if outside else 5, 0),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="right" if outside else "left",
            va="center",
            size=style.sheet().small,
            weight="bold",
            bbox={"fc": style.PAPER, "ec": "none", "alpha": 0.9, "pad": 1},
        )
