"""Where users are over time: active, at the door, waiting, elsewhere, at each rival, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.views import style, wording
from sim.views.case import Case, Floats, Layer
from sim.views.figures.picture import Picture
from sim.views.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_RIVALS = 4
"""Rivals with a layer of their own; where there are more the smallest stand together."""

SEEN = 0.004
"""A layer thinner than this share of everybody is not named: nobody would find it."""
PASSING = 0.25
"""A layer that ends with less than this part of what it once was is named where it was thickest."""

LOOKS = {
    "active": (style.BLUE, ""),
    "door": (style.YELLOW, "xxx"),
    "waiting": (style.SKY, "///"),
    "elsewhere": ("#e4e4e4", ""),
    "gone": ("#2b2b2b", ""),
}
RIVALS = (
    (style.ORANGE, "..."), (style.PURPLE, "\\\\\\"), (style.GREEN, "+++"), (style.VERMILION, "ooo"),
    ("#fbe3d3", "|||"),
)  # fmt: skip
"""Face and pattern. Neighbours differ in lightness or pattern, so that a grey print tells them apart."""


def picture(case: Case) -> Picture:
    """Stacked areas of everybody who is or was there, a run on average."""
    shown = layers(case)
    title = finding(case, shown)
    subtitle = (
        f"{wording.capital(case.scenario.users.unit)}: all who were there at the start or have joined since, "
        f"a run on average ({case.runs:,} runs, {case.band}); dashed: active without these events"
    )
    with style.look():
        if style.sheet().narrow:
            figure = _narrow(case, shown, title, subtitle)
        else:
            figure = _wide(case, shown, title, subtitle)
    return Picture(
        "places", title, alternative(case, shown), figure, table(case, shown), str(case.provenance)
    )


def _wide(case: Case, shown: tuple[Layer, ...], title: str, subtitle: str) -> Figure:
    """The layers named beside the areas."""
    names = {layer.name: style.wrap(layer.label, 1.25 * 72, style.sheet().small) for layer in shown}
    right = max(style.width_of(line, style.sheet().small) for lines in names.values() for line in lines)
    above = 0.28 if any(map(_passes, shown)) else 0.1
    margins = style.Margins(left=0.8, right=0.45 + right / 72, below=0.5, above=above)
    figure, axes = style.canvas(title, subtitle, str(case.provenance), height=3.3, margins=margins)
    _stack(case, axes, shown)
    _names(axes, shown, names)
    _passing(axes, shown, _dates(case))
    return figure


def _narrow(case: Case, shown: tuple[Layer, ...], title: str, subtitle: str) -> Figure:
    """The layers named in a key below, the uppermost first."""
    from matplotlib.patches import Patch

    seen = [
        Patch(facecolor=face, edgecolor=style.INK, hatch=hatch, lw=0.35, label=wording.capital(layer.label))
        for layer, (face, hatch) in zip(shown, looks(shown), strict=True)
        if (layer.mean >= SEEN * _edges(shown)[-1]).any()
    ][::-1]
    below = 0.55 + style.key_rows([str(one.get_label()) for one in seen], 2, apart=1.2)
    margins = style.Margins(left=style.inches(0.8), right=style.inches(0.35), below=below)
    figure, axes = style.canvas(title, subtitle, str(case.provenance), height=2.5, margins=margins)
    _stack(case, axes, shown)
    style.key(figure, seen, 2, 0.2, columnspacing=1.2, handleheight=0.9)
    return figure


def layers(case: Case) -> tuple[Layer, ...]:
    """The layers that are drawn, from the lowest: of many rivals the smallest as one."""
    rivals = [layer for layer in case.layers if layer.name in case.scenario.users.rivals]
    if len(rivals) <= MOST_RIVALS:
        return case.layers
    ordered = sorted(rivals, key=lambda layer: -float(layer.mean.sum()))
    rest = {layer.name: layer for layer in ordered[MOST_RIVALS - 1 :]}
    one = Layer(
        "others",
        f"at {len(rest)} other rivals",
        np.sum([layer.mean for layer in rest.values()], axis=0),
        np.sum([layer.counterfactual for layer in rest.values()], axis=0),
    )
    kept = [layer for layer in case.layers if layer.name not in rest]
    return (*kept[:-1], one, kept[-1])


def finding(case: Case, shown: tuple[Layer, ...]) -> str:
    """The title: of a hundred, how many are where at the end."""
    parts = wording.of_hundred([float(layer.mean[-1]) for layer in shown])
    told = [
        f"{part} {layer.label}" for part, layer in zip(parts, shown, strict=True) if part or layer is shown[0]
    ]
    told[0] = told[0].replace(" ", " is " if parts[0] == 1 else " are ", 1)
    return f"On {wording.date(case.start, case.horizon)}, of 100 who were ever there {wording.listing(told)}"


def alternative(case: Case, shown: tuple[Layer, ...]) -> str:
    """The finding, and when the most wait, stand at the door or are away."""
    most = []
    for layer in shown:
        peak = int(np.argmax(layer.mean))
        if layer.name in {"active", "gone"} or layer.mean[peak] < 0.5:
            continue
        when = wording.date(case.start, float(case.active.times[peak]))
        most.append(f"{layer.label} {wording.count(float(layer.mean[peak]))} on {when}")
    return f"{finding(case, shown)}." + (f" The most at one time: {'; '.join(most)}." if most else "")


def table(case: Case, shown: tuple[Layer, ...]) -> Table:
    """Every layer at nine dates."""
    rows = [
        (
            wording.date(case.start, float(t)),
            *(wording.count(float(np.interp(t, case.active.times, layer.mean))) for layer in shown),
        )
        for t in np.linspace(0.0, case.horizon, 9)
    ]
    header = ("Date", *(wording.capital(layer.label) for layer in shown))
    return Table("Where users are, on average", header, tuple(rows))


def looks(shown: tuple[Layer, ...]) -> list[tuple[str, str]]:
    """Face and pattern of each layer."""
    rivals = iter(RIVALS)
    return [LOOKS[layer.name] if layer.name in LOOKS else next(rivals) for layer in shown]


def _dates(case: Case) -> Floats:
    return np.array([style.date_number(case.start, float(t)) for t in case.active.times])


def _edges(shown: tuple[Layer, ...]) -> Floats:
    """Lower edge of every layer, and the upper one of the last. Shape (layers + 1, T)."""
    thick = np.maximum(np.array([layer.mean for layer in shown]), 0.0)
    return np.concatenate([np.zeros((1, thick.shape[1])), np.cumsum(thick, axis=0)])


def _stack(case: Case, axes: Axes, shown: tuple[Layer, ...]) -> None:
    x, edges = _dates(case), _edges(shown)
    for layer, low, high, (face, hatch) in zip(shown, edges, edges[1:], looks(shown), strict=False):
        axes.fill_between(
            x, low, high, facecolor=face, edgecolor=style.INK, hatch=hatch, lw=0.35, label=layer.name
        )
    axes.plot(x, case.active.counterfactual, color=style.PAPER, lw=3.2, solid_capstyle="butt")
    axes.plot(x, case.active.counterfactual, color=style.INK, lw=1.5, ls=(0, (5, 2.5)))
    largest = float(max(edges[-1].max(), case.active.counterfactual.max(), 1.0))
    axes.set_ylim(0, 1.02 * largest)
    axes.grid(visible=False)
    style.count_axis(axes.yaxis, largest, case.scenario.users.unit)
    style.date_axis(axes, case.start, 0.0, case.horizon)


def _names(axes: Axes, shown: tuple[Layer, ...], names: dict[str, list[str]]) -> None:
    """The layers named at their right ends, with a line to each, moved apart where names would touch."""
    edges, top = _edges(shown), axes.get_ylim()[1]
    height = axes.get_position().height * _inches(axes)
    thick, everybody = edges[1:, -1] - edges[:-1, -1], edges[-1, -1]
    seen = [i for i, layer in enumerate(shown) if thick[i] >= SEEN * everybody and not _passes(layer)]
    room = [0.15 * len(names[shown[i].name]) * top / height for i in seen]
    middle = [(edges[i, -1] + edges[i + 1, -1]) / 2 for i in seen]
    for i, own, at in zip(seen, middle, apart(middle, room, top), strict=True):
        axes.annotate(
            "\n".join(names[shown[i].name]),
            (1, own),
            (1 + 0.24 / (axes.get_position().width * style.sheet().wide), at),
            xycoords=("axes fraction", "data"),
            textcoords=("axes fraction", "data"),
            va="center",
            size=style.sheet().small,
            linespacing=1.1,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": style.SOFT, "lw": 0.7, "shrinkA": 1, "shrinkB": 0},
        )


def apart(wanted: list[float], room: list[float], top: float) -> list[float]:
    """Heights in the order given, near those wanted, so far apart that nothing touches, below the top."""
    found = list(wanted)
    for i, (want, half) in enumerate(zip(wanted, room, strict=True)):
        floor = half / 2 if i == 0 else found[i - 1] + (room[i - 1] + half) / 2
        found[i] = max(want, floor)
    ceiling = top
    for i in reversed(range(len(found))):
        found[i] = min(found[i], ceiling - room[i] / 2)
        ceiling = found[i] - room[i] / 2
    return found


def _inches(axes: Axes) -> float:
    figure = axes.get_figure(root=True)
    return 1.0 if figure is None else float(figure.get_figheight())


def _middle(thick: Floats) -> int:
    """Amid the times at which a layer is about as thick as it ever is."""
    peak = int(np.argmax(thick))
    thin = np.flatnonzero(thick < 0.8 * thick[peak])
    before, after = thin[thin < peak], thin[thin > peak]
    first = before[-1] + 1 if before.size else 0
    last = after[0] - 1 if after.size else thick.size - 1
    return int((first + last) // 2)


def _passes(layer: Layer) -> bool:
    """Whether there is far less of it at the end than there once was."""
    return float(layer.mean[-1]) < PASSING * float(layer.mean.max())


def _passing(axes: Axes, shown: tuple[Layer, ...], x: Floats) -> None:
    """Layers that have all but gone by the end, named above the picture where they were thickest."""
    edges = _edges(shown)
    thick = np.diff(edges, axis=0)
    wide = axes.get_position().width * style.sheet().wide * 72
    taken = 0.0
    passing = [
        (_middle(thick[i]), i)
        for i in range(len(shown))
        if _passes(shown[i]) and (thick[i] >= SEEN * edges[-1]).any()
    ]
    for peak, i in sorted(passing):
        length = style.width_of(shown[i].label, style.sheet().small)
        at = (x[peak] - x[0]) / (x[-1] - x[0])
        left = min(max(at * wide - length / 2, taken), wide - length)
        taken = left + length + 12
        point = (x[peak], edges[i, peak] + 0.6 * thick[i, peak])
        for colour, width in ((style.PAPER, 2.4), (style.INK, 0.9)):  # seen on light layers and on dark ones
            axes.annotate(
                shown[i].label,
                point,
                ((left + length / 2) / wide, 1.03),
                textcoords="axes fraction",
                ha="center",
                va="bottom",
                size=style.sheet().small,
                annotation_clip=False,
                arrowprops={"arrowstyle": "-", "color": colour, "lw": width, "shrinkA": 0, "shrinkB": 0},
            )
        axes.plot(*point, "o", ms=5, mfc=style.INK, mec=style.PAPER, mew=1.2)
