"""Which strategy is ahead, and how firmly: on average, and on one day, measure by measure.

Two bars a strategy: dark, in how many resamples of the runs its average is the best (how sure the runs are);
hatched, in how many of the runs it does best itself (how often it would have been the right one, which more
runs do not change). Who is ruled out says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.views import style, wording
from sim.views.figures.panels import plan
from sim.views.figures.picture import Picture
from sim.views.selecting import table
from sim.views.summary import measure_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.views.comparison import Comparison
    from sim.views.selecting import Lead

MOST_TOLD = 3
"""Strategies in the words for who cannot see the picture."""

ROW, ROW_IN_COLUMN = 0.42, 0.28
"""Inches a strategy takes."""

GAP = 0.3
"""Inches between two measures."""

KEY = ("of resamples, on average", "of runs, by itself")

MEAN: dict[str, Any] = {"facecolor": "#12486b", "edgecolor": style.INK, "lw": 0.6}
RUN: dict[str, Any] = {"facecolor": "#dce9f3", "edgecolor": style.BLUE, "hatch": "////", "lw": 0.9}


def picture(found: Comparison) -> Picture:
    """A panel a main measure, a row a strategy, baseline first."""
    title = finding(found)
    runs = found.leads[0].best.runs
    subtitle = (
        f"In how many resamples of the {runs:,} runs the average is the best, and in how many of the runs "
        f"each does best itself ({found.band}); equals share. Ruled out: by an interval of 95 %"
    )
    arms = [found.arm(found.baseline), *found.others]
    with style.look():
        narrow = style.sheet().narrow
        row = ROW_IN_COLUMN if narrow else ROW
        stand = plan([arm.label for arm in arms], len(found.leads), row=row, right=0.3, gap=GAP)
        source, key = str(found.provenance), style.key_room(KEY, 2, handle=1.8)
        below = 0.1 if narrow else 0.8
        figure, panels = stand.drawn((title, subtitle, source), below, key=key + 0.8 - below)
        for i, (axes, lead) in enumerate(zip(panels, found.leads, strict=True)):
            _panel(axes, lead)
            axes.set_title(measure_name(arms[0].scenario, lead.measure), size=style.sheet().body, loc="left")
            stand.label(axes, i)
            if narrow and axes is not panels[-1]:  # the axis of the last is that of all
                axes.tick_params(axis="x", length=0, labelbottom=False)
                axes.set_xlabel("")
        _key(figure)
    return Picture("best", title, alternative(found), figure, table(found), source)


def finding(found: Comparison) -> str:
    """The title: who is ahead in users lost (or the first measure there is), as far as the runs tell."""
    lead = next((one for one in found.leads if one.measure == "users_lost"), found.leads[0])
    name = wording.small(measure_name(found.arm(found.baseline).scenario, lead.measure))
    if len(lead.best.alike) == len(lead.best.contenders):
        return f"All strategies come to the same {name} in every run"
    if not lead.decided:
        return (
            f"Who has the least {name} on average is not yet distinguishable: {_names(found, lead.possible)}"
        )
    labels = _names(found, lead.best.alike)
    own = sum(one.best_run for one in lead.best.contenders if one.strategy in lead.best.alike)
    have, do = ("has", "does") if len(lead.best.alike) == 1 else ("have", "do")
    share = wording.hundred(own)
    return f"{labels} {have} the least {name} on average, and {do} best in {share} of 100 runs"


def _names(found: Comparison, names: tuple[str, ...]) -> str:
    told = [f"“{found.arm(name).label}”" for name in names]
    return wording.listing(told if len(told) < 4 else [*told[:3], f"{len(told) - 3} more"])


def alternative(found: Comparison) -> str:
    """The finding, and who is ahead in most runs in each measure; the table has all."""
    scenario, said = found.arm(found.baseline).scenario, []
    for lead in found.leads:
        nearest = sorted(lead.best.contenders, key=lambda one: -one.best_run)[:MOST_TOLD]
        each = [
            f"“{found.arm(one.strategy).label}” in {wording.percent(one.best_run, 2)} of runs and "
            f"{wording.percent(one.best_mean, 2)} of resamples"
            for one in nearest
            if one.best_run > 0.0
        ]
        said.append(f"{measure_name(scenario, lead.measure)}: {wording.listing(each)}.")
    return " ".join([f"{finding(found)}.", *said])


def _panel(axes: Axes, lead: Lead) -> None:
    from matplotlib.ticker import FuncFormatter

    beside: dict[str, Any] = {"textcoords": "offset points", "va": "center", "size": style.sheet().least}
    beside["bbox"] = style.ground()
    for y, one in enumerate(lead.best.contenders):
        out = one.strategy not in lead.possible
        for share, look, up in ((one.best_mean, MEAN, -0.17), (one.best_run, RUN, 0.17)):
            if share > 0.0:  # and not NaN, as of a mean of what the horizon cut
                axes.barh(y + up, 100 * share, 0.32, **look)
                axes.annotate(
                    wording.percent(share, 2),
                    (100 * share, y + up),
                    (4, -up * (3.0 if style.sheet().narrow else 7.5)),
                    **beside,
                )
        if out and one.best_mean == 0.0:
            axes.annotate(
                "ruled out",
                (0, y - 0.17),
                (4, 0.5 if style.sheet().narrow else 1.3),
                color=style.SOFT,
                **beside,
            )
    axes.set_xlim(0, 128)
    axes.set_xticks([0, 50, 100])
    axes.set_ylim(len(lead.best.contenders) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{wording.number(value)} %"))
    axes.set_xlabel("Share in which it is best", size=style.sheet().small)


def _key(figure: Any) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(**look, label=words) for look, words in zip((MEAN, RUN), KEY, strict=True)]
    style.key(figure, handles, 2, 0.24, handlelength=1.8)
