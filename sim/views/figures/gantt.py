"""Who was up when in the typical run: suppliers, capabilities, and what the operator did about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.views import style, wording
from sim.views.case import Case
from sim.views.figures.picture import Picture
from sim.views.labels import ability, cannot, supplier, work_label
from sim.views.narration import essential
from sim.views.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.supply.timeline import Level, Record

ROW = 0.24
"""Inches a row."""

ROW_OF_TWO = 0.27
"""Inches a row whose name may take two lines."""

MOST_ROWS = 45

MOST_OFF_PAPER = 15
"""Rows that can be read from the back of a room, or stand in a column; the longest work is kept, and what
never changes is not."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch of one row."""

    start: float
    end: float
    state: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the picture."""

    group: str
    label: str
    bars: tuple[Bar, ...]


LOOKS: dict[str, tuple[str, str, str, str]] = {
    # state: face, edge, hatch, words for the key
    "up": ("#dfeef6", style.SKY, "", "up"),
    "partly": ("#a9d3ea", style.BLUE, "--", "partly up"),
    "notice": (style.YELLOW, style.INK, "//", "under notice"),
    "suspended": (style.VERMILION, style.INK, "", "gone or down"),
    "replaced": ("#a8d8c6", style.GREEN, "\\\\\\\\", "replaced"),
    "task": (style.BLUE, style.BLUE, "", "task"),
    "search": (style.ORANGE, style.INK, "xx", "search"),
    "wait": (style.PAPER, style.SOFT, "|||", "wait"),
    "detection": (style.PURPLE, style.INK, "+", "detection"),
    "cut_over": (style.GREEN, style.INK, "++", "switch-over"),
}


def picture(case: Case) -> Picture:
    """The Gantt chart of the typical run."""
    low, high = window(case)
    found = rows(case) if style.current_form() == "paper" else for_few(case, rows(case))
    title = finding(case)
    subtitle = f"The typical run, number {case.typical.replication:,}; times in UTC"
    if any(bar.end > high for row in found for bar in row.bars if bar.state not in {"up", "replaced"}):
        subtitle += ". Arrowheads: it goes on; the table says until when"
    with style.look():
        small = style.sheet().small
        widest = max((style.width_of(line, small) for row in found for line in _name(row)), default=0.0)
        left = style.inches(0.3) + widest / 72
        height = (ROW_OF_TWO if style.sheet().narrow else ROW) * (
            len(found) + _lead() * len({row.group for row in found})
        )
        margins = style.Margins(
            left=min(left, 2.8),
            right=0.3,
            below=1.0 + style.key_room(_words(found), 5, handle=1.6, apart=1.4),
            above=0.12,
        )
        figure, axes = style.canvas(title, subtitle, str(case.provenance), height=height, margins=margins)
        _draw(case, axes, found, low, high)
        _key(axes, found)
    return Picture("gantt", title, alternative(case), figure, table(case), str(case.provenance))


def finding(case: Case) -> str:
    """The title: how long the service is down in this run, and for how long a host is searched."""
    what = cannot(case.scenario, case.scenario.headline)
    down = sum(end - start for start, end in case.typical.timeline.levels[case.scenario.headline].down())
    if down == 0:
        return f"In a typical run there is no time when {what}"
    return f"In a typical run {what} for {wording.duration(down)}"


def alternative(case: Case) -> str:
    """The finding and the longest work behind it."""
    records = [r for r in case.typical.timeline.records if r.kind != "supplier"]
    work = sorted(records, key=lambda r: min(r.end, case.horizon) - r.start, reverse=True)[:3]
    longest = wording.listing(
        [f"{_work(case, r)} ({wording.duration(min(r.end, case.horizon) - r.start)})" for r in work]
    )
    return f"{finding(case)}. " + (
        f"The longest work: {longest}." if work else "The operator has nothing to do."
    )


def table(case: Case) -> Table:
    """Every stretch of work with its dates, then when each capability was down."""
    start, found = case.start, []
    for record in sorted(case.typical.timeline.records, key=lambda r: (r.start, r.id)):
        found.append(
            (
                wording.capital(_work(case, record)),
                LOOKS.get(record.kind, ("", "", "", record.kind))[3],
                wording.stamp(start, record.start),
                wording.stamp(start, record.end) if record.end <= case.horizon else "unfinished",
                wording.short_duration(min(record.end, case.horizon) - record.start),
            )
        )
    for name, level in case.typical.timeline.levels.items():
        for begin, end in level.down():
            over = wording.stamp(start, end) if end < case.horizon else "still down"
            found.append(
                (
                    ability(case.scenario, name),
                    "down",
                    wording.stamp(start, begin),
                    over,
                    wording.short_duration(end - begin),
                )
            )
    return Table(
        "Work and absences in the typical run", ("What", "Kind", "From", "To", "Length"), tuple(found)
    )


def window(case: Case) -> tuple[float, float]:
    """The part of the horizon to show: all changes; if the headline is settled long before, until then.

    A branch that goes on for half a year (an app store) would squeeze the days that decide into a hair.
    """
    line, needed = case.typical.timeline, essential(case.scenario)
    moments = [(t, name in needed) for name, level in line.levels.items() for t in level.times if t > 0]
    moments += [(t, role in needed) for role, changes in line.suppliers.items() for t, _ in changes if t > 0]
    moments += [
        (t, r.role in needed)
        for r in line.records
        if r.kind != "supplier"
        for t in (r.start, min(r.end, case.horizon))
    ]
    moments += [
        (case.horizon, True) for n in needed & line.levels.keys() if line.levels[n].at(case.horizon) == 0
    ]
    if not moments:
        return 0.0, case.horizon
    low, high = min(t for t, _ in moments), max(t for t, _ in moments)
    settled = max((t for t, decides in moments if decides), default=high)
    if settled - low < 0.5 * (high - low):
        high = low + 1.25 * (settled - low)
    air = max(0.06 * (high - low), 12.0)
    return max(0.0, low - air), min(case.horizon, high + air)


def rows(case: Case) -> list[Row]:
    """Suppliers, capabilities, then the work, in the order of the file and of time."""
    line, scenario = case.typical.timeline, case.scenario
    found = []
    for role, changes in line.suppliers.items():
        ends = [t for t, _ in changes[1:]] + [case.horizon]
        bars = tuple(Bar(t, end, state) for (t, state), end in zip(changes, ends, strict=True) if end > t)
        found.append(Row("Suppliers", supplier(scenario, role), bars))
    found += [
        Row("What people can do", ability(scenario, name), stretches(level, case.horizon))
        for name, level in line.levels.items()
    ]
    work: dict[str, list[Bar]] = {}
    low, high = window(case)
    for record in sorted(line.records, key=lambda r: (r.start, r.id)):
        seen = min(record.end, high) - record.start
        # An hour of noticing would be a row with a hair in it; the table has it.
        if record.kind != "supplier" and seen > (0.02 if record.kind == "detection" else 0.0) * (high - low):
            # A wait for engineers stands in the row of the task that waits.
            kind = "task" if record.kind == "wait" else record.kind
            label = wording.capital(work_label(scenario, record.role, record.name, kind))
            bar = Bar(record.start, min(record.end, case.horizon), record.kind)
            work.setdefault(label, []).append(bar)
    found += [Row("What the operator does", label, tuple(bars)) for label, bars in work.items()]
    return found[:MOST_ROWS]


def for_few(case: Case, found: list[Row]) -> list[Row]:
    """What a slide or a column has room for, in order: who goes, what cannot be done, the longest work."""
    headline = ability(case.scenario, case.scenario.headline)

    def weight(row: Row) -> tuple[bool, float]:
        gone = {"suspended", "notice", "partly", "task", "search", "wait", "cut_over", "detection"}
        lasts = sum(bar.end - bar.start for bar in row.bars if bar.state in gone)
        return row.group != "Suppliers" and row.label == headline, lasts

    kept: list[Row] = []
    for group in dict.fromkeys(row.group for row in found):
        told = [row for row in found if row.group == group and weight(row)[1] > 0.0]
        kept += sorted(told, key=weight, reverse=True)[: MOST_OFF_PAPER // 3]
    return [row for row in found if row in kept]


def stretches(level: Level, horizon: float) -> tuple[Bar, ...]:
    """Up, partly up and down, side by side."""
    bars: list[Bar] = []
    ends = (*level.times[1:], horizon)
    for start, end, value, slope in zip(level.times, ends, level.values, level.slopes, strict=True):
        state = "suspended" if value == 0 and slope == 0 else "up" if value >= 1 and slope == 0 else "partly"
        if bars and bars[-1].state == state:
            bars[-1] = Bar(bars[-1].start, end, state)
        else:
            bars.append(Bar(start, end, state))
    return tuple(bars)


def _work(case: Case, record: Record) -> str:
    return work_label(case.scenario, record.role, record.name, record.kind)


def _name(row: Row) -> list[str]:
    room, most = (1.3, 2) if style.sheet().narrow else (2.4, 1)
    return style.wrap(wording.capital(row.label), room * 72, style.sheet().small, most=most)


def _lead() -> float:
    """Rows that the heading of a group takes."""
    return 1.0 if style.sheet().narrow else 0.75


def _draw(case: Case, axes: Axes, found: list[Row], low: float, high: float) -> None:
    """The bars from top to bottom, a heading over each group."""
    from matplotlib.transforms import blended_transform_factory

    heading = blended_transform_factory(axes.figure.transFigure, axes.transData)
    y, group, ticks, lead = 0.0, "", [], _lead()
    for row in found:
        if row.group != group:
            group = row.group
            y += lead
            axes.text(
                style.sheet().edge / style.sheet().wide,
                y - lead + 0.13,
                group,
                size=style.sheet().small,
                weight="bold",
                va="center",
                transform=heading,
            )
        for bar in row.bars:
            _bar(case, axes, bar, y, low, high)
        ticks.append(y)
        y += 1
    axes.set_ylim(y - 0.4, -0.1)
    axes.set_yticks(ticks, ["\n".join(_name(row)) for row in found], size=style.sheet().small)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    style.date_axis(axes, case.start, low, high)


def _bar(case: Case, axes: Axes, bar: Bar, y: float, low: float, high: float) -> None:
    start, end = max(bar.start, low), min(bar.end, high)
    if end <= start:
        return
    face, edge, hatch, _ = LOOKS.get(bar.state, LOOKS["task"])
    thin = bar.state in {"up", "replaced"}
    # What lasts an hour in a picture of a year is still shown, as a hair.
    width = max(end - start, 0.003 * (high - low)) / wording.HOURS_A_DAY
    axes.barh(
        y,
        width,
        left=style.date_number(case.start, start),
        height=0.34 if thin else 0.66,
        color=face,
        edgecolor=edge,
        hatch=hatch,
        lw=0.6,
    )
    if bar.end > high and not thin:
        axes.annotate(
            "",
            (1.022, y),
            (1.0, y),
            xycoords=("axes fraction", "data"),
            textcoords=("axes fraction", "data"),
            arrowprops={"arrowstyle": "-|>", "color": style.INK, "lw": 1.0, "shrinkA": 0, "shrinkB": 0},
        )


def _key(axes: Axes, found: list[Row]) -> None:
    """Only the looks that are on the picture."""
    from matplotlib.patches import Patch

    patches = [
        Patch(facecolor=face, edgecolor=edge, hatch=hatch, lw=0.6, label=words)
        for face, edge, hatch, words in _looks(found)
    ]
    figure = axes.get_figure(root=True)
    if figure is not None:
        style.key(figure, patches, 5, 0.28, handlelength=1.6, handleheight=0.9, columnspacing=1.4)


def _looks(found: list[Row]) -> list[tuple[str, str, str, str]]:
    used = {bar.state for row in found for bar in row.bars}
    return [look for state, look in LOOKS.items() if state in used]


def _words(found: list[Row]) -> list[str]:
    return [words for *_, words in _looks(found)]
