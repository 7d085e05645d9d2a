"""A network of individuals day by day: who is there, who left of their own accord, who followed friends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.moves import LEFT, RETURNED
from sim.views import style, wording
from sim.views.figures.picture import Picture
from sim.views.table import Table
from sim.views.unravelling import GONE, PRESENT, Unravelled, classes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = 8
COLUMNS = 3
SIDE = 2.18
"""Inches of one network."""
HEADING = 0.24
"""Inches above each for its date."""
DAY = 24.0

MOST_DRAWN = 2000
"""People beyond whom nobody could tell one from another; then there is no picture."""

Array = NDArray[np.float64]

LOOKS: Final[dict[str, tuple[str, str, str, float, str]]] = {
    # marker, face, edge, size against a circle, words
    "present": ("o", style.BLUE, style.INK, 1.0, "there"),
    "waiting": ("o", style.SKY, style.INK, 1.0, "there, but it is down"),
    "own": ("^", style.YELLOW, style.INK, 1.35, "left of their own accord"),
    "followed": ("s", style.VERMILION, style.INK, 1.05, "left because of friends"),
    "gone": ("x", style.SOFT, style.SOFT, 0.9, "gone for good"),
}
"""Every state has a shape or a lightness of its own."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One small network: the hour, and how everybody looks then."""

    hours: float
    looks: tuple[str, ...]

    def count(self, *names: str) -> int:
        """How many look like one of these."""
        return sum(look in names for look in self.looks)


def picture(found: Unravelled) -> Picture:
    """Small multiples of one network, each at the end of a day, chosen where most happens."""
    panels = [panel(found, hours) for hours in instants(found)]
    title = finding(found)
    subtitle = (
        f"{found.people:,} individuals in one run, each of them for about "
        f"{wording.count(float(found.told.users.mean()))} users, at the same place in each picture; a line "
        "is a tie between friends, faint where not both are there"
    )
    rows = -(-(len(panels) + 1) // COLUMNS)
    with style.look():
        margins = style.Margins(left=0.15, right=0.15, below=0.02, above=0.0)
        figure, axes = style.canvas(
            title, subtitle, found.source, height=rows * (SIDE + HEADING), margins=margins, rigid=True
        )
        axes.set_axis_off()
        where = places(found)
        boxes = _boxes(figure, axes, rows, len(panels) + 1)
        for number, one in enumerate(panels):
            _network(found, boxes[number], one, where)
        _legend(boxes[-1], panels)
    return Picture("unravel", title, alternative(found, panels), figure, table(found, panels), found.source)


def finding(found: Unravelled) -> str:
    """The title: how many left, and how many of them because of friends."""
    alike = next(classes(found, np.zeros(found.people, dtype=np.int32)))
    if not alike.left:
        return f"None of {found.people:,} people left"
    if not alike.followed:
        return f"{alike.left:,} of {found.people:,} people left, all of their own accord"
    return f"{alike.left:,} of {found.people:,} people left, {alike.followed:,} of them following friends"


def alternative(found: Unravelled, panels: list[Panel]) -> str:
    """The title and the counts of every picture."""
    told = [
        f"{wording.date(found.start, one.hours)}: {one.count('present', 'waiting'):,} there, "
        f"{one.count('own'):,} away of their own accord, {one.count('followed'):,} because of friends, "
        f"{one.count('gone'):,} gone for good"
        for one in panels
    ]
    return f"{finding(found)}. {'; '.join(told)}."


def table(found: Unravelled, panels: list[Panel]) -> Table:
    """The counts of every picture."""
    rows = tuple(
        (
            wording.stamp_with_year(found.start, one.hours),
            *(f"{one.count(name):,}" for name in LOOKS),
        )
        for one in panels
    )
    header = ("When", *(wording.capital(look[4]) for look in LOOKS.values()))
    return Table("People in each picture", header, rows)


def panel(found: Unravelled, hours: float) -> Panel:
    """How everybody looks at an hour."""
    states, followed = found.states(hours), found.followers(hours)
    away = np.where(followed, "followed", "own")
    here = np.where(found.unserved(hours), "waiting", "present")
    told = np.select([states == PRESENT, states == GONE], [here, np.full(found.people, "gone")], away)
    return Panel(hours, tuple(told.tolist()))


def instants(found: Unravelled) -> list[float]:
    """At most `PANELS` midnights: before anything happens, at the end, and between these where most happens.

    Again and again the stretch with the most moves is cut where half of them are done.
    """
    stirred = found.moves.time[np.isin(found.moves.what, (LEFT, RETURNED))]
    begins = min([*stirred, *(start for some in found.told.down for start, _ in some)], default=0.0)
    first = max(np.ceil(begins / DAY) - 1.0, 0.0)
    last = max(np.floor(found.horizon / DAY), first)
    days = [int(first), int(last)] if last > first else [int(first)]
    done = np.searchsorted(np.sort(stirred), np.arange(int(last) + 1) * DAY, side="right")
    while len(days) < PANELS:
        cut = _cut(days, done)
        if cut is None:
            break
        days = sorted([*days, cut])
    return [day * DAY for day in days]


def _cut(days: list[int], done: NDArray[np.int64]) -> int | None:
    """The day at which half of the moves in the busiest stretch are done; None if no stretch can be cut."""
    stretches = [
        (int(done[end] - done[begin]), begin, end) for begin, end in pairwise(days) if end - begin > 1
    ]
    moves, begin, end = max(stretches, default=(0, 0, 0), key=lambda one: (one[0], -one[1]))
    if not moves:
        return None
    half = (done[begin] + done[end]) / 2
    return int(np.clip(np.searchsorted(done[begin : end + 1], half) + begin, begin + 1, end - 1))


def places(found: Unravelled) -> Array:
    """Where everybody stands, in a square of side 1; the same whenever it is asked. Shape (people, 2)."""
    import networkx as nx

    graph: Any = nx.Graph()
    graph.add_nodes_from(range(found.people))
    graph.add_edges_from(found.ties.pairs().tolist())
    alone = [person for person, degree in graph.degree() if degree == 0]
    graph.remove_nodes_from(alone)
    where = np.zeros((found.people, 2))
    if graph.number_of_nodes():
        begin = _begin(found, list(graph.nodes))
        spread = 1.6 / np.sqrt(graph.number_of_nodes())
        for person, at in nx.spring_layout(graph, k=spread, pos=begin, iterations=120, seed=1).items():
            where[person] = at
    tied = np.setdiff1d(np.arange(found.people), alone)
    if tied.size:
        where[tied] = _spread(where[tied])
    for number, person in enumerate(alone):  # on a ring of their own: no tie says where they belong
        angle = 2.0 * np.pi * number / len(alone)
        where[person] = 1.12 * np.array([np.cos(angle), np.sin(angle)])
    low, high = where.min(axis=0), where.max(axis=0)
    return np.asarray((where - low) / np.maximum(high - low, 1e-12))


def _begin(found: Unravelled, people: list[int]) -> dict[int, Array]:
    """Where the layout starts from: communities on a ring, or people on a spiral that fills a disc."""
    number = np.arange(found.people)
    angle = number * np.pi * (3.0 - np.sqrt(5.0))  # the golden angle: no two in one direction
    where = np.sqrt((number + 0.5) / found.people) * np.stack([np.cos(angle), np.sin(angle)])
    groups = int(found.ties.group.max()) + 1
    if groups > 1:
        around = 2.0 * np.pi * found.ties.group / groups
        where = 0.3 * where + np.stack([np.cos(around), np.sin(around)])
    return {person: where[:, person] for person in people}


def _spread(where: Array) -> Array:
    """The same picture in a disc of radius 1, the crowded middle let out: half of the way to equal room."""
    centred = where - where.mean(axis=0)
    radius = np.hypot(*centred.T)
    rank = (np.argsort(np.argsort(radius)) + 1) / radius.size
    wanted = 0.5 * np.sqrt(rank) + 0.5 * radius / max(float(radius.max()), 1e-12)
    return np.asarray(centred * (wanted / np.maximum(radius, 1e-12))[:, None])


def _boxes(figure: Figure, axes: Axes, rows: int, number: int) -> list[Axes]:
    """Axes for the networks, row by row, one more for the key."""
    area, (wide, high) = axes.get_position(), figure.get_size_inches()
    step = (area.width * wide - COLUMNS * SIDE) / (COLUMNS - 1)
    found = []
    for place in range(number):
        row, column = divmod(place, COLUMNS)
        left = area.x0 * wide + column * (SIDE + step)
        bottom = area.y1 * high - (row + 1) * (SIDE + HEADING)
        found.append(figure.add_axes((left / wide, bottom / high, SIDE / wide, SIDE / high)))
    for one in found:
        one.set_axis_off()
        one.set_xlim(-0.03, 1.03)
        one.set_ylim(-0.03, 1.03)
    return found


def _network(found: Unravelled, axes: Axes, shown: Panel, where: Array) -> None:
    from matplotlib.collections import LineCollection

    pairs = found.ties.pairs()
    here = np.isin(np.array(shown.looks), ("present", "waiting"))
    both = here[pairs].all(axis=1) if len(pairs) else np.zeros(0, dtype=bool)
    thin = float(np.clip(600.0 / max(len(pairs), 1), 0.2, 0.8))
    for some, colour, opacity in ((~both, "#e2e2e2", 0.5), (both, "#5e5e5e", 0.6)):
        lines = list(where[pairs[some]])
        axes.add_collection(LineCollection(lines, colors=colour, alpha=opacity, linewidths=thin, zorder=1))
    size = float(np.clip(2400.0 / found.people, 2.0, 30.0))
    for rank, (name, (marker, face, edge, scale, _)) in enumerate(LOOKS.items()):
        some = np.array([look == name for look in shown.looks])
        if some.any():
            x, y = where[some].T
            lined = marker == "x"
            axes.scatter(
                x, y, s=size * scale, marker=marker, facecolor=face, edgecolor=None if lined else edge,
                linewidths=0.9 if lined else 0.4, zorder=2 + rank, clip_on=False, label=name,
            )  # fmt: skip
    there = shown.count("present", "waiting")
    axes.annotate(
        f"{wording.short_date(found.start, shown.hours)}: {there:,} there",
        (0.5, 1.0),
        (0, 2),
        textcoords="offset points",
        xycoords="axes fraction",
        ha="center",
        va="bottom",
        size=style.sheet().small,
        weight="bold",
        annotation_clip=False,
    )


def _legend(axes: Axes, panels: list[Panel]) -> None:
    """What the shapes mean; only those that are seen."""
    from matplotlib.lines import Line2D

    seen = {look for one in panels for look in one.looks}
    handles = [
        Line2D(
            [], [], ls="", marker=marker, ms=7.5 * scale**0.5, mfc=face, mec=edge,
            mew=1.4 if marker == "x" else 0.7, label=words,
        )
        for name, (marker, face, edge, scale, words) in LOOKS.items()
        if name in seen
    ]  # fmt: skip
    axes.legend(
        handles=handles, loc="center left", bbox_to_anchor=(0.0, 0.5), labelspacing=1.1, borderaxespad=0
    )
