"""What each strategy costs a year against how likely it is, and where the order turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.views import style, wording
from sim.views.compare_sentences import cheapest, say
from sim.views.compare_tables import yearly
from sim.views.figures.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.yearly import Account
    from sim.views.comparison import Comparison

USUAL = 0.2
"""The axis ends here, or a little beyond the chance that is given and the first at which the order turns."""


def picture(found: Comparison) -> Picture:
    """A line a strategy: standing cost at a chance of 0, rising by the loss; crossings marked."""
    account = found.accounts[0]
    title = finding(found, account)
    subtitle = (
        f"{account.unit} a year on average: standing cost, and the cost if it happens times its chance "
        f"({found.arm(found.baseline).runs:,} runs, {found.band}); bars: where the runs do not tell which "
        "costs less"
    )
    with style.look():
        small, handles = style.sheet().small, _handles(found, account)
        names = {arm.strategy: style.wrap(arm.label, 1.35 * 72, small, most=2) for arm in found.arms}
        widest = max(style.width_of(line, small) for lines in names.values() for line in lines) / 72
        margins, told = style.Margins(left=0.8, right=0.25 + widest, below=0.5, above=0.12), names
        if style.sheet().narrow:  # the names in a key below
            key = style.key_rows([str(one.get_label()) for one in handles], 2, handle=2.6, apart=1.2)
            margins, told = style.Margins(style.inches(0.8), style.inches(0.35), 0.55 + key, 0.12), {}
        figure, axes = style.canvas(title, subtitle, str(found.provenance), height=3.2, margins=margins)
        _lines(account, axes, {name: "\n".join(lines) for name, lines in told.items()}, _end(found))
        _crossings(found, account, axes, _end(found))
        if not told:
            style.key(figure, handles, 2, 0.2, handlelength=2.6, columnspacing=1.2)
    alternative = f"{title}. {cheapest(found, account).text}"
    return Picture("yearly", title, alternative, figure, yearly(found, account), str(found.provenance))


def finding(found: Comparison, account: Account) -> str:
    """The title: what is cheapest at the given chance, if the runs tell, else where the order turns."""
    from sim.study.simultaneous import joint_interval

    given = set(account.given.values())
    chance = given.pop() if len(given) == 1 else None
    if chance is not None:
        years = {name: account.a_year(name, chance) for name in account.loss}
        best = min(years, key=lambda name: float(years[name].mean()))
        rest = [name for name in years if name != best]
        sure = all(joint_interval(years[name] - years[best], len(rest)).low > 0.0 for name in rest)
        fields = {"chance": wording.percent(chance), "strategy": found.arm(best).label}
        return say("figure", "cheapest" if sure else "cheapest_open", **fields).text
    if len(_steps(found)) < 2:
        return cheapest(found, account).text.removesuffix(".")
    return say("figure", "depends").text


def _steps(found: Comparison) -> list[float]:
    """The chances at which another strategy becomes the cheapest."""
    from sim.study.yearly import cheapest as envelope

    return [chance for chance, _ in envelope(found.accounts[0])[1:]]


def _end(found: Comparison) -> float:
    """Where the axis of chances ends."""
    given = [chance for chance in found.accounts[0].given.values() if chance is not None]
    return min(1.0, max([USUAL, *(1.25 * chance for chance in (*given, *_steps(found)[:1]))]))


def _handles(found: Comparison, account: Account) -> list[Any]:
    """A piece of every line with its strategy's name."""
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], color=colour, ls=dashes, lw=2.0, label=found.arm(name).label)
        for name, (colour, dashes) in ((name, style.curve(i)) for i, name in enumerate(account.loss))
    ]


def _lines(account: Account, axes: Axes, labels: dict[str, str], end: float) -> None:
    from matplotlib.ticker import FuncFormatter

    chances = np.array([0.0, end])
    means = {
        name: float(account.standing[name].mean()) + chances * float(account.loss[name].mean())
        for name in account.loss
    }
    lowest = min(float(values.min()) for values in means.values())
    largest = max(float(values.max()) for values in means.values())
    span = (largest - lowest) or largest or 1.0
    for i, values in enumerate(means.values()):
        colour, dashes = style.curve(i)
        axes.plot(100 * chances, values, lw=2.0, color=colour, ls=dashes)
    axes.set_xlim(0, 100 * end)
    axes.set_ylim(max(lowest - 0.15 * span, 0.0), largest + 0.06 * span)
    tall = {name: (0.07 + 0.05 * label.count("\n")) * span for name, label in labels.items()}
    placed = _apart({name: float(means[name][-1]) for name in labels}, tall, largest + 0.06 * span)
    for name, y in placed.items():
        colour, _ = style.curve(list(means).index(name))
        axes.annotate(
            labels[name], (100 * end, y), (6, 0), textcoords="offset points", va="center",
            size=style.sheet().small, color=colour, annotation_clip=False, linespacing=1.1,
        )  # fmt: skip
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{wording.number(value)} %"))
    axes.set_xlabel("Chance a year that it happens")
    style.count_axis(axes.yaxis, largest, account.unit)


def _apart(ends: dict[str, float], tall: dict[str, float], top: float) -> dict[str, float]:
    """Heights of labels: those that would touch are spread around their middle, none stands above `top`."""
    groups: list[list[str]] = []
    middles: list[float] = []

    def height(group: list[str]) -> float:
        return sum(tall[name] for name in group)

    for name in sorted(ends, key=lambda name: ends[name]):
        groups.append([name])
        middles.append(ends[name])
        while len(groups) > 1 and middles[-1] - middles[-2] < 0.5 * height(groups[-1] + groups[-2]):
            groups[-2:] = [groups[-2] + groups[-1]]
            middles[-2:] = [float(np.mean([ends[name] for name in groups[-1]]))]
    placed: dict[str, float] = {}
    for group, middle in zip(reversed(groups), reversed(middles), strict=True):
        upper = min(middle + 0.5 * height(group), top)
        for name in reversed(group):
            placed[name] = upper - 0.5 * tall[name]
            upper -= tall[name]
        top = upper
    return placed


def _crossings(found: Comparison, account: Account, axes: Axes, end: float) -> None:
    """Where another strategy becomes the cheapest, with a number; the other crossings without."""
    steps = _steps(found)
    for point in found.turning:
        if point.verdict != "turns" or point.chance > end:
            continue
        y = float(account.a_year(point.first, point.chance).mean())
        if not any(abs(point.chance - step) < 1e-12 for step in steps):
            axes.plot(100 * point.chance, y, "o", ms=3.5, mfc=style.FAINT, mec=style.INK, mew=0.8, zorder=3)
            continue
        low, high = 100 * point.low, 100 * min(point.high, end)
        axes.plot([low, high], [y, y], color=style.INK, lw=1.4, solid_capstyle="butt")
        axes.plot(100 * point.chance, y, "o", ms=6, mfc=style.PAPER, mec=style.INK, mew=1.2, zorder=3)
        near = [step - point.chance for step in steps if 1e-9 < abs(step - point.chance) < 0.08 * end]
        side = "center" if not near else "right" if min(near) > 0.0 else "left"
        side = "right" if point.chance > 0.93 * end else side  # or it would stand among the names
        axes.annotate(
            wording.percent(point.chance, 2), (100 * point.chance, y), (0, -9), va="top", ha=side,
            textcoords="offset points", size=style.sheet().small, weight="bold",
        )  # fmt: skip
    given = sorted({chance for chance in account.given.values() if chance is not None})
    for chance in given:
        axes.axvline(100 * chance, color=style.SOFT, lw=1.0, ls=(0, (1.5, 1.5)))
        axes.annotate(
            f"given: {wording.percent(chance)}", (100 * chance, 0.0), (4, 4), size=style.sheet().small,
            xycoords=("data", "axes fraction"), textcoords="offset points", color=style.SOFT,
            bbox=style.ground(),
        )  # fmt: skip
