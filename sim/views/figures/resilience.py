"""The curve of one typical run: how far it falls, where the bottom is, when it is back, and what is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.views import style, wording
from sim.views.case import Case
from sim.views.figures.picture import Picture
from sim.views.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Side = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What the picture points at, in hours and users."""

    fall: float
    """When active users first part from the counterfactual; NaN if they never do."""
    drop: float
    """Users missing at the deepest point of the first ``BOTTOM_WITHIN`` hours."""
    bottom: float
    at_bottom: float
    back: float
    """When they are within 5 % of the counterfactual for good; infinite if not within the horizon."""
    area: float
    """User-hours between the two curves."""


def shape(case: Case) -> Shape:
    """Read drop and bottom off the typical run's curves; recovery and area are its measures."""
    run = case.typical
    gap = run.counterfactual - run.active
    apart = np.flatnonzero(np.abs(gap) > 1e-6 * np.maximum(run.counterfactual, 1.0))
    if apart.size == 0:
        return Shape(np.nan, 0.0, np.nan, float(run.active.min()), 0.0, 0.0)
    deepest = int(np.argmax(gap))
    hours, back = run.outcome["time_to_recover_users"], bool(run.outcome["recovered_users"])
    fall = case.horizon - hours if not back else _first_loss(case, float(run.times[apart[0]]))
    return Shape(
        fall,
        float(gap[deepest]),
        float(run.times[deepest]),
        float(run.active[deepest]),
        fall + hours if back else np.inf,
        float(run.outcome["user_hours_lost"]),
    )


def _first_loss(case: Case, otherwise: float) -> float:
    """When the headline capability first falls below what counts as recovered."""
    level = case.typical.timeline.levels[case.scenario.headline]
    enough = case.scenario.capabilities[case.scenario.headline].recovered_at
    below = [t for t, value in zip(level.times, level.values, strict=True) if value < enough]
    return min(below, default=otherwise)


def picture(case: Case) -> Picture:
    """One typical run, annotated."""
    read = shape(case)
    title = finding(case, read)
    unit, number = wording.capital(case.scenario.users.unit), f"{case.typical.replication:,}"
    subtitle = (
        f"{unit} in one typical run, number {number}: its downtime and users lost rank nearest "
        "the middle of all runs"
    )
    with style.look():
        margins = style.Margins(left=style.inches(0.8), right=style.inches(0.35), below=0.6, above=0.12)
        figure, axes = style.canvas(title, subtitle, str(case.provenance), height=3.3, margins=margins)
        _curves(case, axes)
        if not np.isnan(read.fall):
            _pointers(case, axes, read)
    return Picture(
        "resilience", title, alternative(case, read), figure, table(case, read), str(case.provenance)
    )


def finding(case: Case, read: Shape) -> str:
    """The title: how deep, and how long until users are back."""
    if np.isnan(read.fall):
        return "A typical run is the same with and without these events"
    would = case.typical.at("counterfactual", read.bottom)
    deep = wording.percent(read.drop / would, 2) if would > 0 else wording.count(read.drop)
    if read.drop < 0.05 * would:
        return f"A typical run never misses more than {deep} of its users"
    does = (
        "stops serving everybody" if read.at_bottom < 0.005 * would else f"misses up to {deep} of its users"
    )
    if np.isinf(read.back):
        seen = wording.duration(case.horizon - read.fall)
        return f"A typical run {does} and is not back to 95 % of them within {seen}"
    return f"A typical run {does} and is back to 95 % of them after {wording.duration(read.back - read.fall)}"


def alternative(case: Case, read: Shape) -> str:
    """The finding with its numbers."""
    if np.isnan(read.fall):
        return f"{finding(case, read)}: the two curves lie on each other."
    when = wording.date(case.start, read.bottom)
    return (
        f"{finding(case, read)}. The most are missing on {when}: {wording.count(read.drop)}; "
        f"{wording.count(read.at_bottom)} are active then. The area between the curves is "
        f"{wording.count(read.area)} user-hours."
    )


def table(case: Case, read: Shape) -> Table:
    """What the picture points at, as numbers."""
    start, run = case.start, case.typical
    if np.isnan(read.fall):
        rows = [("Loss", "none")]
    else:
        within = (
            wording.duration(read.back - read.fall)
            if np.isfinite(read.back)
            else (
                f"more than {wording.duration(case.horizon - read.fall)}: not back when the simulation ends"
            )
        )
        rows = [
            ("Falls from", wording.date(start, read.fall)),
            ("Most missing (drop)", f"{wording.count(read.drop)} on {wording.date(start, read.bottom)}"),
            ("Active then (bottom)", wording.count(read.at_bottom)),
            ("Until 95 % of the users are back", within),
            ("Lost (area)", f"{wording.count(read.area)} user-hours"),
            ("Active at the end", wording.count(float(run.active[-1]))),
            ("Without these events", wording.count(float(run.counterfactual[-1]))),
        ]
    return Table(f"The typical run, number {run.replication:,}", ("What", "Value"), tuple(rows))


def _curves(case: Case, axes: Axes) -> None:
    run = case.typical
    x = [style.date_number(case.start, float(t)) for t in run.times]
    axes.fill_between(
        x,
        run.active,
        run.counterfactual,
        facecolor="#fbe3d3",
        edgecolor=style.VERMILION,
        hatch="///",
        lw=0,
        alpha=0.9,
    )
    axes.plot(x, run.counterfactual, color=style.INK, lw=1.5, ls=(0, (5, 2.5)))
    axes.plot(x, run.active, color=style.BLUE, lw=2.2)
    largest = float(max(run.active.max(), run.counterfactual.max(), 1.0))
    axes.set_ylim(0, 1.22 * largest)
    style.count_axis(axes.yaxis, largest, case.scenario.users.unit)
    style.date_axis(axes, case.start, 0.0, case.horizon)


def _pointers(case: Case, axes: Axes, read: Shape) -> None:
    """Drop, bottom, time to recover and area, each with its number beside it."""
    run = case.typical
    at = style.date_number(case.start, read.bottom)
    both_ways = {"arrowstyle": "<->", "color": style.INK, "lw": 1.2}
    axes.annotate("", (at, read.at_bottom), (at, read.at_bottom + read.drop), arrowprops=both_ways)
    right = read.bottom < 0.6 * case.horizon
    side: Side = "left" if right else "right"
    sign = 1 if right else -1
    # A deep fall leaves room beside it, under the returning curve; a shallow one under itself.
    deep = read.at_bottom < 0.2 * axes.get_ylim()[1]
    narrow = style.sheet().narrow
    far = 42 if narrow else 70
    drop = f"drop: {wording.count(read.drop)}"
    half = (at, read.at_bottom + (0.8 if not deep else 0.3 if narrow else 0.42) * read.drop)
    _note(axes, drop, half, (far * sign, 0) if deep else (6 * sign, 0), side, "bold", arrow=deep)
    lowest = f"bottom: {wording.count(read.at_bottom)} on {wording.short_date(case.start, read.bottom)}"
    _note(
        axes, lowest, (at, read.at_bottom), (far * sign, 14) if deep else (14 * sign, -20), side, arrow=True
    )
    _recovery(case, axes, read)
    end = min(read.back, case.horizon)
    later = end - read.bottom > read.bottom - read.fall
    middle = read.bottom + 0.45 * (end - read.bottom) if later else (read.fall + read.bottom) / 2
    height = (run.at("active", middle) + run.at("counterfactual", middle)) / 2
    lost = f"lost: {wording.count(read.area)} user-hours"
    inside = (style.date_number(case.start, middle), height)
    if (
        end - read.fall < 0.25 * case.horizon
    ):  # too narrow to hold the words: they stand above those of the drop
        inside = (inside[0], read.at_bottom + 0.62 * read.drop)
        _note(axes, lost, inside, (far * sign, 10), side, "bold", arrow=True)
    else:
        _note(axes, lost, inside, (0, 0), "center", "bold")


def _note(
    axes: Axes,
    text: str,
    at: tuple[float, float],
    away: tuple[float, float],
    side: Side,
    weight: str = "normal",
    *,
    arrow: bool = False,
) -> None:
    """Words on a white ground, beside a point, with a line to it if they stand apart."""
    axes.annotate(
        text,
        at,
        away,
        textcoords="offset points",
        ha=side,
        va="baseline" if arrow else "center",
        size=style.sheet().small,
        weight=weight,
        bbox={"fc": style.PAPER, "ec": "none", "alpha": 0.9, "pad": 1.5},
        arrowprops={"arrowstyle": "-", "color": style.INK, "lw": 0.8} if arrow else None,
    )


def _recovery(case: Case, axes: Axes, read: Shape) -> None:
    """The time until users are back, as a measured line above the curves."""
    run = case.typical
    open_end = np.isinf(read.back)
    end = case.horizon if open_end else read.back
    y = 1.1 * float(max(run.active.max(), run.counterfactual.max()))
    left, right = (style.date_number(case.start, t) for t in (read.fall, end))
    if right <= left:
        return
    axes.annotate(
        "",
        (right, y),
        (left, y),
        arrowprops={
            "arrowstyle": "|-|,widthA=0.25,widthB=0.25" if not open_end else "|-|,widthA=0.25,widthB=0",
            "color": style.INK,
            "lw": 1.2,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )
    length = f"{'> ' if open_end else ''}{wording.short_duration(end - read.fall)}"
    text = f"time to recover 95 % of the users: {length}"
    narrow = end - read.fall < 0.45 * case.horizon
    axes.annotate(
        text,
        (left if narrow else (left + right) / 2, y),
        (0, 4),
        textcoords="offset points",
        ha="left" if narrow else "center",
        size=style.sheet().small,
    )
