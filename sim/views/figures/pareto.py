"""Cost against users lost, a point a strategy: which no other is at least as good as in both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.views import style, wording
from sim.views.compare_sentences import say
from sim.views.compare_tables import scaled
from sim.views.figures.picture import Picture
from sim.views.summary import shown
from sim.views.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.views.comparison import Comparison
    from sim.views.selecting import Place

Box = tuple[float, float, float, float]
"""Left, low, right and high end, points."""

HEIGHT = 3.9
"""Inches of the axes."""


def picture(found: Comparison) -> Picture:
    """A point a strategy with its intervals, and a line along the front."""
    base = found.arm(found.baseline)
    runs = found.places[0].runs
    subtitle = (
        f"If it happens: averages and 95 % intervals of each ({runs:,} runs, {found.band}); left and below "
        "is better. Filled: on the front, for no other is at least as good in both averages; hollow: in the "
        "grey, where some other is. The intervals are of each alone; differences, on the same draws, are "
        "mostly known better"
    )
    title = finding(found)
    with style.look():
        margins = style.Margins(left=style.inches(0.95), right=style.inches(0.3), below=0.55, above=0.15)
        figure, axes = style.canvas(
            title,
            subtitle,
            str(found.provenance),
            height=HEIGHT * (0.85 if style.sheet().narrow else 1.0),
            margins=margins,
        )
        lost, lost_word = scaled(
            end for each in found.places for end in (each.users_lost, each.users_lost_high)
        )
        cost, cost_word = scaled(end for each in found.places for end in (each.cost, each.cost_high))
        _draw(found, axes, lost, cost)
        axes.set_xlabel(
            wording.capital(f"{base.scenario.users.unit} lost") + (f" ({lost_word}s)" if lost_word else "")
        )
        axes.set_ylabel(f"Cost, {cost_word} {base.scenario.currency}".replace("  ", " "))
    return Picture("pareto", title, alternative(found), figure, table(found), str(found.provenance))


def finding(found: Comparison) -> str:
    """The title: who is on the front, as far as the runs tell."""
    ahead = [found.arm(each.strategy).label for each in found.places if each.front]
    names = wording.listing([f"“{label}”" for label in ahead])
    variant = "front_open" if any(each.open for each in found.places) else "front"
    if len(ahead) > 3:
        return say("figure", f"{variant}_many", count=len(ahead), all=len(found.places)).text
    are = "is" if len(ahead) == 1 else "are"
    return say("figure", variant, names=names, are=are).text


def alternative(found: Comparison) -> str:
    """The finding, and every strategy's two averages."""
    base = found.arm(found.baseline)
    told = [
        f"“{found.arm(each.strategy).label}” {shown(base.scenario, 'money', each.cost)} and "
        f"{wording.count(each.users_lost)}{'' if each.front else ' (off the front)'}"
        for each in found.places
    ]
    return f"{finding(found)}. Cost and users lost: {wording.listing(told)}."


def table(found: Comparison) -> Table:
    """The numbers under the figure."""
    scenario = found.arm(found.baseline).scenario
    rows = [
        (
            found.arm(each.strategy).label,
            shown(scenario, "money", each.cost),
            f"{shown(scenario, 'money', each.cost_low)} to {shown(scenario, 'money', each.cost_high)}",
            wording.count(each.users_lost),
            f"{wording.count(each.users_lost_low)} to {wording.count(each.users_lost_high)}",
            "yes" if each.front else "no",
            wording.percent(each.share, 2),
        )
        for each in found.places
    ]
    header = (
        "Strategy",
        "Cost",
        "95 % interval",
        "Users lost",
        "95 % interval",
        "On the front",
        "In so many resamples",
    )
    return Table("Cost against users lost", header, tuple(rows))


def _draw(found: Comparison, axes: Axes, lost: float, cost: float) -> None:
    """Points, intervals, the front and labels."""
    from matplotlib.ticker import FuncFormatter

    places = found.places
    wide = [each.users_lost_high for each in places] + [each.users_lost_low for each in places]
    tall = [each.cost_high for each in places] + [each.cost_low for each in places]
    ends = [(min(side), max(side)) for side in (wide, tall)]
    room = [0.08 * (high - low) or 0.1 * abs(high) or 1.0 for low, high in ends]
    axes.set_xlim((ends[0][0] - room[0]) / lost, (ends[0][1] + room[0]) / lost)
    axes.set_ylim((ends[1][0] - room[1]) / cost, (ends[1][1] + 1.6 * room[1]) / cost)
    axes.grid(visible=True, axis="x")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value, 4)))
    _front(axes, [each for each in places if each.front], lost, cost)
    for each in places:
        x, y = each.users_lost / lost, each.cost / cost
        colour = style.BLUE if each.front else style.SOFT
        axes.plot([each.users_lost_low / lost, each.users_lost_high / lost], [y, y], color=colour, lw=1.4)
        axes.plot([x, x], [each.cost_low / cost, each.cost_high / cost], color=colour, lw=1.4)
        axes.plot(x, y, "o", ms=7, mec=colour, mew=1.4, mfc=colour if each.front else style.PAPER, zorder=4)
    _labels(found, axes, lost, cost)


def _front(axes: Axes, ahead: list[Place], lost: float, cost: float) -> None:
    """A stair along the front: what lies above and right of it is matched by some strategy."""
    ordered = sorted(ahead, key=lambda each: (each.users_lost, -each.cost))
    right, top = axes.get_xlim()[1], axes.get_ylim()[1]
    x = [*(each.users_lost / lost for each in ordered), right]
    y = [*(each.cost / cost for each in ordered), ordered[-1].cost / cost]
    axes.fill_between(x, y, top, step="post", color=style.FAINT, alpha=0.35, lw=0, zorder=0)
    axes.step([x[0], *x], [top, *y], where="post", color=style.BLUE, lw=1.0, ls="--", zorder=1)


def _labels(found: Comparison, axes: Axes, lost: float, cost: float) -> None:
    """Names beside the points, where they cover neither each other nor a point."""
    box = axes.get_position()
    size = axes.figure.get_figure(root=True).get_size_inches() * 72
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    span = (box.width * size[0], box.height * size[1])
    points = {
        each.strategy: (
            (each.users_lost / lost - left) / (right - left) * span[0],
            (each.cost / cost - low) / (high - low) * span[1],
        )
        for each in found.places
    }
    labels: list[Box] = []
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in points.values()]
    for each in found.places:
        x, y = points[each.strategy]
        across = [(end / lost - left) * span[0] / (right - left) for end in _ends(each)[:2]]
        up = [(end / cost - low) * span[1] / (high - low) for end in _ends(each)[2:]]
        taken += [(across[0], y - 2, across[1], y + 2), (x - 2, up[0], x + 2, up[1])]
    taken += _stairs([points[each.strategy] for each in found.places if each.front], span)
    for each in sorted(found.places, key=lambda one: -one.cost):
        text = found.arm(each.strategy).label
        if each.open:
            text += f" (on the front in {wording.percent(each.share, 2)} of resamples)"
        lines = style.wrap(text, 85 if style.sheet().narrow else 150, style.sheet().small, most=3)
        wide = max(style.width_of(line, style.sheet().small) for line in lines)
        tall = 12.0 * len(lines)
        x, y = points[each.strategy]
        place = _free((x, y), (wide, tall), span, taken, labels)
        labels.append((place[0], place[1], place[0] + wide, place[1] + tall))
        taken.append(labels[-1])
        away = max(abs(place[0] - x), abs(place[1] + tall / 2 - y)) > wide + 25
        away = away or (style.sheet().narrow and abs(place[1] + tall / 2 - y) > 18)
        axes.annotate(
            "\n".join(lines), points_to_data(axes, (x, y), span), (place[0] - x, place[1] - y),
            textcoords="offset points", size=style.sheet().small, ha="left", va="bottom", linespacing=1.1,
            zorder=5, color=style.INK, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": style.SOFT, "lw": 0.6} if away else None,
        )  # fmt: skip


def _ends(each: Place) -> tuple[float, float, float, float]:
    """Of the intervals of users lost and of cost."""
    return each.users_lost_low, each.users_lost_high, each.cost_low, each.cost_high


def _stairs(ahead: list[tuple[float, float]], span: tuple[float, float]) -> list[Box]:
    """Where the line along the front is."""
    ordered = sorted(ahead, key=lambda point: (point[0], -point[1]))
    xs, ys = [*(x for x, _ in ordered), span[0]], [span[1], *(y for _, y in ordered)]
    upright = [(x - 2, low, x + 2, high) for x, high, low in zip(xs, ys, ys[1:], strict=False)]
    return upright + [(a, y - 2, b, y + 2) for a, b, y in zip(xs, xs[1:], ys[1:], strict=False)]


def points_to_data(axes: Axes, at: tuple[float, float], span: tuple[float, float]) -> tuple[float, float]:
    """Where so many points right of and above the corner of the axes are."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    return left + at[0] / span[0] * (right - left), low + at[1] / span[1] * (high - low)


def _free(
    point: tuple[float, float],
    size: tuple[float, float],
    span: tuple[float, float],
    taken: list[Box],
    labels: list[Box],
) -> tuple[float, float]:
    """The corner of a label that covers least: right, left, above and below its point, then further away."""
    (x, y), (wide, tall) = point, size
    best, least = (x + 9, y + 4), float("inf")
    for step in range(8):
        far = 9.0 + 13.0 * step
        right, left, above, below = x + 9, x - 9 - wide, y + far - 5, y - tall - far + 5
        amid = x - wide / 2
        corners = [(right, above), (left, above), (right, below), (left, below)]
        corners += [(amid, above + 4), (amid, below - 4)] if style.sheet().narrow else []
        for corner in corners:
            cost = _covered(corner, size, taken) + _outside(corner, size, span) + 2.0 * step
            cost += _crossed((corner[0] + wide / 2, corner[1] + tall / 2), point, labels)
            if cost < least:
                best, least = corner, cost
    return best


def _covered(corner: tuple[float, float], size: tuple[float, float], taken: list[Box]) -> float:
    """Area of a label that lies on what is there already."""
    found = 0.0
    for left, low, right, high in taken:
        across = min(right, corner[0] + size[0]) - max(left, corner[0])
        up = min(high, corner[1] + size[1]) - max(low, corner[1])
        found += max(across, 0.0) * max(up, 0.0)
    return found


def _crossed(start: tuple[float, float], end: tuple[float, float], labels: list[Box]) -> float:
    """How much of a line from a label to its point lies on other labels, dear."""
    found = 0.0
    for part in (0.1 * i for i in range(1, 10)):
        x, y = (a + part * (b - a) for a, b in zip(start, end, strict=True))
        found += sum(left < x < right and low < y < high for left, low, right, high in labels)
    return 60.0 * found


def _outside(corner: tuple[float, float], size: tuple[float, float], span: tuple[float, float]) -> float:
    """How far a label reaches out of the axes, dear."""
    over = [-corner[0], -corner[1], corner[0] + size[0] - span[0], corner[1] + size[1] - span[1]]
    return 1000.0 * sum(max(each, 0.0) for each in over)
