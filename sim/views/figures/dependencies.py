"""What needs what: suppliers and capabilities, coloured by their state at one moment of the typical run.

A supplier whose loss alone stops the headline capability, a single point of failure, has a black side.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sim.scenario.gates import All, AtLeast, Gate, Leaf, Shares, leaves
from sim.scenario.gates import Any as AnyOf
from sim.views import style, wording
from sim.views.case import Case
from sim.views.figures.layers import Layout, layout
from sim.views.figures.picture import Picture
from sim.views.labels import ability, supplier
from sim.views.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from networkx import DiGraph

    from sim.scenario.model import Scenario

BOX_HEIGHT = 0.46
ROW = 0.6
"""Inches."""

LOOKS = {
    # state: face, edge, line style, width, hatch, words
    "up": ("#dfeef6", style.BLUE, "-", 1.1, "", "up"),
    "replaced": ("#bfe3d6", style.GREEN, "-", 1.6, "", "up: replaced"),
    "notice": ("#fbf7c8", style.INK, "--", 1.4, "", "under notice"),
    "partly": ("#fde8bf", style.INK, "-.", 1.4, "", "partly up"),
    "down": ("#f6cdb2", style.VERMILION, "-", 2.4, "xx", "down"),
}


def picture(case: Case, at: float | None = None) -> Picture:
    """The graph at ``at`` hours (default: the first moment at which the most is down).

    In one column of a journal no name could be read in its box: it is drawn as wide as two there.
    """
    at = moment(case) if at is None else at
    graph = network(case, at)
    placed = layout(graph)
    title = finding(case, graph, at)
    subtitle = (
        f"The typical run, number {case.typical.replication:,}, on "
        f"{wording.stamp_with_year(case.start, at)}. Arrows go from what is needed to what needs it; square "
        "boxes are suppliers, round ones what people can do"
    )
    with style.two_columns(), style.look():
        margins = style.Margins(left=0.12, right=0.12, below=0.6, above=0.05)
        figure, axes = style.canvas(
            title,
            subtitle,
            str(case.provenance),
            height=ROW * max(placed.rows, 2),
            margins=margins,
            rigid=True,
        )
        _draw(axes, graph, placed)
        _key(axes, graph, ability(case.scenario, case.scenario.headline))
    return Picture(
        "dependencies", title, alternative(case, graph, at), figure, table(case, graph), str(case.provenance)
    )


def moment(case: Case) -> float:
    """The middle of the first stretch in which more capabilities are down than ever before or after."""
    levels = case.typical.timeline.levels.values()
    times = sorted({t for level in levels for t in level.times} | {case.horizon})
    best, at = 0, 0.0
    for start, end in pairwise(times):
        middle = (start + end) / 2
        down = sum(level.at(middle) == 0 for level in levels)
        if down > best:
            best, at = down, middle
    return at


def network(case: Case, at: float) -> DiGraph[Any]:
    """Suppliers and capabilities with label, kind and state; an edge for every name a gate stands on."""
    import networkx as nx

    graph: DiGraph[Any] = nx.DiGraph()
    line, scenario = case.typical.timeline, case.scenario
    alone = single_points(scenario)
    for role in scenario.suppliers:
        graph.add_node(
            role,
            label=supplier(scenario, role),
            supplier=True,
            single=role in alone,
            state=supplier_state(line.suppliers.get(role, ()), at),
        )
    for name in scenario.capabilities:
        level = line.levels[name].at(at)
        state = "down" if level == 0 else "up" if level >= 1 else "partly"
        gate = scenario.capabilities[name].gate
        named = {"label": ability(scenario, name), "supplier": False, "single": False}
        graph.add_node(name, **named, state=state, logic=logic(gate))
        for need in dict.fromkeys(leaves(gate)):
            graph.add_edge(need, name, choice=need not in certain(gate))
    return graph


def single_points(scenario: Scenario) -> set[str]:
    """Suppliers whose loss alone takes the headline capability down."""
    from sim.structure import structure_function

    return set(structure_function(scenario).cut_sets(scenario.headline).singles)


def supplier_state(changes: Any, at: float) -> str:
    """A supplier's last state not after ``at``, ``suspended`` told as down."""
    state = "up"
    for time, new in changes:
        if time <= at:
            state = new
    return "down" if state not in {"up", "notice", "replaced"} else state


def certain(gate: Gate) -> set[str]:
    """The names without which a gate cannot hold, read off its all-of part."""
    if isinstance(gate, Leaf):
        return {gate.name}
    if isinstance(gate, All):
        return {name for item in gate.of for name in certain(item)}
    if isinstance(gate, AtLeast) and gate.count == len(gate.of):
        return {name for item in gate.of for name in certain(item)}
    return certain(gate.of[0]) if isinstance(gate, AnyOf) and len(gate.of) == 1 else set()


def logic(gate: Gate) -> str:
    """How a gate is met, for the table and where it is not simply all of them."""
    if isinstance(gate, Leaf):
        return ""
    if isinstance(gate, Shares):
        return " + ".join(f"{wording.percent(share)} {''.join(leaves(item))}" for share, item in gate.of)
    parts = [f"({logic(item)})" if logic(item) else "".join(leaves(item)) for item in gate.of]
    if isinstance(gate, AtLeast):
        return f"{gate.count} of {', '.join(parts)}"
    return (" and " if isinstance(gate, All) else " or ").join(parts)


def finding(case: Case, graph: DiGraph[Any], at: float) -> str:
    """The title: how many suppliers are gone, and how much cannot be used."""
    gone = [n for n, d in graph.nodes(data=True) if d["supplier"] and d["state"] == "down"]
    down = [n for n, d in graph.nodes(data=True) if not d["supplier"] and d["state"] == "down"]
    total = len(case.scenario.capabilities)
    when = wording.date(case.start, at)
    if not gone and not down:
        return f"On {when} every supplier serves and everything can be used"
    who = wording.plural(str(len(gone)), "supplier") + (" is" if len(gone) == 1 else " are")
    lost = f"{len(down)} of {total} capabilities {'is' if len(down) == 1 else 'are'} down"
    return f"On {when} no supplier is gone, but {lost}" if not gone else f"On {when} {who} gone, and {lost}"


def alternative(case: Case, graph: DiGraph[Any], at: float) -> str:
    """The finding with names."""
    nodes = graph.nodes(data=True)
    gone = [d["label"] for _, d in nodes if d["supplier"] and d["state"] == "down"]
    still = [d["label"] for _, d in nodes if not d["supplier"] and d["state"] != "down"]
    words = [finding(case, graph, at) + "."]
    if gone:
        words.append(f"Gone: {wording.listing(gone)}.")
        words.append(f"Still possible: {wording.listing(still) if still else 'nothing'}.")
    single = [d["label"] for _, d in nodes if d["single"]]
    if single:
        words.append(f"Single points of failure: {wording.listing(single)}.")
    return " ".join(words)


def table(case: Case, graph: DiGraph[Any]) -> Table:
    """Every box with its state and what it needs."""
    rows = []
    for name, box in graph.nodes(data=True):
        needs = "–" if box["supplier"] else box["logic"] or ", ".join(graph.predecessors(name))
        for need in sorted(graph.predecessors(name), key=len, reverse=True):
            needs = _named(needs, need, graph.nodes[need]["label"])
        kind = "supplier" if box["supplier"] else "capability"
        single = "yes" if box["single"] else "no" if box["supplier"] else "–"
        rows.append((wording.capital(box["label"]), kind, LOOKS[box["state"]][5], needs, single))
    headline = wording.small(ability(case.scenario, case.scenario.headline))
    header = ("What", "Kind", "State", "Needs", f"Alone stops “{headline}”")
    return Table("Suppliers and capabilities", header, tuple(rows))


def _named(text: str, name: str, label: str) -> str:
    import re

    return re.sub(rf"(?<![\w“]){re.escape(name)}(?![\w”])", f"“{label}”", text)


def _draw(axes: Axes, graph: DiGraph[Any], placed: Layout) -> None:
    """Boxes of one size in columns, arrows between them, a key below."""
    width = (style.sheet().wide - 0.24) * 72
    step = width / placed.columns
    box = min(step - 26, 108.0) if placed.columns > 1 else 108.0
    left = (step - box) / 2
    spread = (width - box) / max(placed.columns - 1, 1)
    points = {
        place: (box / 2 + spread * place[0] if placed.columns > 1 else left + box / 2, -place[1] * ROW * 72)
        for route in [*placed.routes.values(), tuple(placed.places.values())]
        for place in route
    }
    axes.set_xlim(-2, width + 2)
    axes.set_ylim(-max(placed.rows, 2) * ROW * 72, 0)
    axes.set_axis_off()
    for edge, route in placed.routes.items():
        arrow(
            axes,
            [points[p] for p in route],
            box,
            graph.edges[edge]["choice"],
            graph.nodes[edge[0]]["state"] == "down",
        )
    for name, place in placed.places.items():
        _box(axes, points[place], box, graph.nodes[name])


def _box(axes: Axes, at: tuple[float, float], width: float, node: dict[str, Any]) -> None:
    from matplotlib.patches import FancyBboxPatch

    face, edge, line, thick, hatch, words = LOOKS[node["state"]]
    tall = BOX_HEIGHT * 72
    corner = "square,pad=0" if node["supplier"] else "round,pad=0,rounding_size=10"
    low = (at[0] - width / 2, at[1] - tall / 2)
    if hatch:
        shade: dict[str, Any] = {"fc": face, "ec": "#e8a57c", "hatch": hatch, "lw": 0, "zorder": 3}
        axes.add_patch(FancyBboxPatch(low, width, tall, boxstyle=corner, **shade))
    rim: dict[str, Any] = {"ec": edge, "ls": line, "lw": thick, "zorder": 3.1}
    fill = "none" if hatch else face
    axes.add_patch(FancyBboxPatch(low, width, tall, boxstyle=corner, fc=fill, **rim))
    if node["single"]:
        _mark(axes, low, tall)
    shown = style.wrap(
        wording.capital(node["label"]), width - 8 - 6 * node["single"], style.sheet().least, most=3
    )
    if node["state"] != "up" and len(shown) < 3:
        shown.append(f"({words.removeprefix('up: ')})")
    backing = {"fc": face, "ec": "none", "pad": 0.8} if hatch else None
    axes.text(
        *at,
        "\n".join(shown),
        size=style.sheet().least,
        ha="center",
        va="center",
        zorder=4,
        linespacing=1.15,
        bbox=backing,
        weight="bold" if node["state"] == "down" else "normal",
    )


def _mark(axes: Axes, low: tuple[float, float], tall: float) -> None:
    """The black side of a single point of failure."""
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle(low, 5.0, tall, fc=style.INK, ec="none", zorder=3.5))


def arrow(axes: Axes, points: list[tuple[float, float]], box: float, choice: bool, down: bool) -> None:
    """A smooth line from the right of one box to the left of another, level where it passes a layer."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    half = box / 2
    stops = [(points[0][0] + half, points[0][1])]
    for x, y in points[1:-1]:
        stops += [(x - half, y), (x + half, y)]
    stops.append((points[-1][0] - half - 2, points[-1][1]))
    vertices, codes = [stops[0]], [Path.MOVETO]
    for i, ((x0, y0), (x1, y1)) in enumerate(pairwise(stops)):
        if i % 2:
            vertices.append((x1, y1))
            codes.append(Path.LINETO)
        else:
            middle = (x0 + x1) / 2
            vertices += [(middle, y0), (middle, y1), (x1, y1)]
            codes += [Path.CURVE4] * 3
    axes.add_patch(
        FancyArrowPatch(
            path=Path(vertices, codes),
            arrowstyle="-|>",
            mutation_scale=8,
            fc="none",
            lw=1.0,
            color=style.VERMILION if down else style.SOFT,
            ls="--" if choice else "-",
            zorder=2,
        )
    )


def _key(axes: Axes, graph: DiGraph[Any], headline: str) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    used = {node["state"] for _, node in graph.nodes(data=True)}
    handles: list[Any] = [
        Patch(facecolor=face, edgecolor=edge, ls=line, lw=thick, hatch=hatch, label=words)
        for state, (face, edge, line, thick, hatch, words) in LOOKS.items()
        if state in used
    ]
    if any(graph.edges[edge]["choice"] for edge in graph.edges):
        handles.append(Line2D([], [], color=style.SOFT, ls="--", lw=1.0, label="one of several will do"))
    if any(node["single"] for _, node in graph.nodes(data=True)):
        words = f"alone stops “{wording.small(headline)}”"
        handles.append(Line2D([], [], color=style.INK, marker="s", ms=6, ls="", label=words))
    figure = axes.get_figure(root=True)
    if figure is not None:
        style.key(figure, handles, 4, 0.22, handlelength=1.6, columnspacing=1.4)
