"""Where the downtime came from: days by task, wait, search and supplier, adding up to the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.views import style, wording
from sim.views.case import Case, Share
from sim.views.figures.picture import Picture
from sim.views.labels import cannot
from sim.views.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_BARS = 10

KEY = {"handle": 1.6, "apart": 1.4}
"""Length of a handle and space between columns, in the type of the key."""

LOOKS = {
    "task": (style.BLUE, style.BLUE, "", "task"),
    "search": (style.ORANGE, style.INK, "xx", "search"),
    "wait": (style.PAPER, style.SOFT, "|||", "wait"),
    "supplier": (style.VERMILION, style.INK, "", "waiting for the supplier"),
    "detection": (style.PURPLE, style.INK, "\\\\", "detection"),
    "cut_over": (style.GREEN, style.INK, "++", "switch-over"),
    "none_left": ("#6f6f6f", style.INK, "\\\\", "nobody left to ask"),
    "other": ("#bdbdbd", style.SOFT, "", "the rest"),
}


def picture(case: Case) -> Picture:
    """Bars of average downtime a run by cause, the largest first."""
    shares = shown(case)
    title = finding(case)
    subtitle = (
        f"Time on the path that decided when service was back, a run on average ({case.runs:,} runs, "
        f"{case.band}); "
        f"the bars add up to the downtime, {wording.duration(total(case))}"
    )
    with style.look():
        small, narrow = style.sheet().small, style.sheet().narrow
        room = (1.2 if narrow else 2.3) * 72
        names = [
            style.wrap(wording.capital(share.label), room, small, most=2 if narrow else 1) for share in shares
        ]
        widest = max((style.width_of(line, small) for lines in names for line in lines), default=40.0)
        left, key = style.inches(0.3) + widest / 72, style.key_room(_words(shares), 6, **KEY)
        margins = style.Margins(left=left, right=0.3, below=0.85 + key, above=0.05)
        figure, axes = style.canvas(
            title, subtitle, str(case.provenance), height=max(0.3 * len(shares), 0.6), margins=margins
        )
        _bars(case, axes, shares, ["\n".join(lines) for lines in names])
    return Picture("attribution", title, alternative(case), figure, table(case), str(case.provenance))


def total(case: Case) -> float:
    """Average headline downtime a run, hours."""
    return sum(share.hours for share in case.shares)


def finding(case: Case) -> str:
    """The title: what the largest part of the downtime goes into."""
    whole = total(case)
    if whole <= 0:
        return f"There is no time when {cannot(case.scenario, case.scenario.headline)}"
    first = max(case.shares, key=lambda share: share.hours)
    unit = "days" if wording.in_days(whole) else "hours"
    if wording.hundred(first.hours / whole) == "100":
        return f"All of the downtime passes {first.spent}"
    return f"Of 100 {unit} down, {wording.hundred(first.hours / whole)} pass {first.spent}"


def alternative(case: Case) -> str:
    """The finding and the next causes."""
    whole = total(case)
    if whole <= 0:
        return f"{finding(case)}."
    rest = sorted(case.shares, key=lambda share: -share.hours)[1:4]
    others = wording.listing([f"{share.label} {wording.hundred(share.hours / whole)}" for share in rest])
    return f"{finding(case)}." + (f" Then come {others}." if rest else "")


def table(case: Case) -> Table:
    """Every cause, with the share of runs in which it took any time."""
    whole = total(case)
    rows = [
        (
            wording.capital(s.label),
            LOOKS.get(s.kind, LOOKS["other"])[3],
            wording.short_duration(s.hours),
            wording.percent(s.hours / whole, 2),
            wording.percent(s.runs, 2),
            _signed(s.variance),
        )
        for s in sorted(case.shares, key=lambda share: -share.hours)
    ]
    if whole > 0:
        varies = "100 %" if any(share.variance for share in case.shares) else "0 %"
        rows.append(("All", "", wording.short_duration(whole), "100 %", "", varies))
    header = ("Cause", "Kind", "A run on average", "Of the downtime", "Runs with it", "Of its variance")
    return Table("Where the downtime came from", header, tuple(rows))


def _signed(share: float) -> str:
    return f"−{wording.percent(-share, 2)}" if share < 0 else wording.percent(share, 2)


def shown(case: Case) -> list[Share]:
    """The largest causes, the others as one."""
    ordered = sorted((share for share in case.shares if share.hours > 0), key=lambda share: -share.hours)
    if len(ordered) <= MOST_BARS:
        return ordered
    rest = ordered[MOST_BARS - 1 :]
    others = Share(
        "other",
        "other",
        f"{len(rest)} others",
        sum(s.hours for s in rest),
        max(s.runs for s in rest),
        "in other things",
        sum(s.variance for s in rest),
    )
    return [*ordered[: MOST_BARS - 1], others]


def _bars(case: Case, axes: Axes, shares: list[Share], names: list[str]) -> None:
    from matplotlib.ticker import FuncFormatter

    whole = total(case)
    scale, unit = (24.0, "days") if wording.in_days(whole) else (1.0, "hours")
    for y, share in enumerate(shares):
        face, edge, hatch, _ = LOOKS.get(share.kind, LOOKS["other"])
        axes.barh(y, share.hours / scale, height=0.66, facecolor=face, edgecolor=edge, hatch=hatch, lw=0.7)
        text = (
            f"{wording.number(share.hours / scale, 2)} {unit[0]}, {wording.percent(share.hours / whole, 2)}"
        )
        axes.annotate(
            text,
            (share.hours / scale, y),
            (5, 0),
            textcoords="offset points",
            va="center",
            size=style.sheet().small,
            bbox=style.ground(),
        )
    if not shares:
        axes.text(
            0.5, 0.5, "no downtime", transform=axes.transAxes, ha="center", va="center", color=style.SOFT
        )
    axes.set_xlim(
        0,
        (1.62 if style.sheet().narrow else 1.28)
        * max((share.hours for share in shares), default=1.0)
        / scale,
    )
    axes.set_ylim(max(len(shares), 1) - 0.5, -0.5)
    axes.set_yticks(range(len(shares)), names, size=style.sheet().small)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value, 4)))
    axes.set_xlabel(f"Downtime a run on average ({unit})")
    _legend(axes, shares)


def _kinds(shares: list[Share]) -> list[str]:
    return list(dict.fromkeys(share.kind if share.kind in LOOKS else "other" for share in shares))


def _words(shares: list[Share]) -> list[str]:
    return [LOOKS[kind][3] for kind in _kinds(shares)]


def _legend(axes: Axes, shares: list[Share]) -> None:
    from matplotlib.patches import Patch

    patches = [
        Patch(facecolor=f, edgecolor=e, hatch=h, lw=0.7, label=w)
        for f, e, h, w in map(LOOKS.__getitem__, _kinds(shares))
    ]
    figure = axes.get_figure(root=True)
    if patches and figure is not None:
        style.key(figure, patches, 6, 0.22, handlelength=KEY["handle"], columnspacing=KEY["apart"])
