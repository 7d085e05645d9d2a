"""What needs what, with the single points of failure marked: the picture of `structure`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.scenario.gates import leaves
from sim.views import style, wording
from sim.views.anatomy import Anatomy
from sim.views.figures.dependencies import arrow, certain, logic
from sim.views.figures.layers import Layout, layout
from sim.views.figures.picture import Picture
from sim.views.labels import ability, supplier
from sim.views.structure_sentences import single_losses
from sim.views.table import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from networkx import DiGraph

BOX_HEIGHT = 0.58
ROW = 0.72
"""Inches: room for a name on three lines and a line in brackets."""

LOOKS = {
    # how much its loss alone stops: face, edge, line style, width, hatch, words
    "headline": ("#f6cdb2", style.VERMILION, "-", 2.4, "xx", "its loss alone stops {headline}"),
    "other": ("#fde8bf", style.INK, "-.", 1.6, "", "its loss alone stops something else"),
    "none": ("#dfeef6", style.BLUE, "-", 1.1, "", "stops nothing alone"),
    "exposed": (style.PAPER, style.VERMILION, "-", 1.8, "", "one loss is enough to stop it"),
    "covered": (style.PAPER, style.GREEN, "--", 1.8, "", "no single loss stops it"),
}


def picture(found: Anatomy) -> Picture:
    """The dependency graph of one strategy."""
    graph = network(found)
    placed = layout(graph)
    title = single_losses(found)[0].text.rstrip(".")
    subtitle = (
        "Arrows go from what is needed to what needs it; square boxes are suppliers, round ones what people "
        "can do. In brackets: how many of these a loss alone stops, or how many single losses stop it"
    )
    with style.look():
        margins = style.Margins(left=0.12, right=0.12, below=0.55, above=0.05)
        figure, axes = style.canvas(
            title, subtitle, found.source, height=ROW * max(placed.rows, 2), margins=margins, rigid=True
        )
        _draw(axes, graph, placed, _words(found))
    return Picture("structure", title, alternative(found), figure, table(found, graph), found.source)


def network(found: Anatomy) -> DiGraph[Any]:
    """Suppliers, groups with a common cause, and capabilities; an edge for every name a gate stands on."""
    import networkx as nx

    graph: DiGraph[Any] = nx.DiGraph()
    scenario, function = found.scenario, found.function
    for event, each in function.events.items():
        if each.kind == "supplier":
            graph.add_node(event, label=supplier(scenario, event), supplier=True, **_mark(found, event))
        else:
            graph.add_node(event, label=found.event(event), supplier=True, **_mark(found, event))
            graph.add_edges_from(((event, role) for role in each.takes), choice=False)
    for role, gates in function.needs.items():
        for need in dict.fromkeys(name for gate in gates for name in leaves(gate)):
            graph.add_edge(need, role, choice=not any(need in certain(gate) for gate in gates))
    for name, cuts in found.cuts.items():
        gate, many = scenario.capabilities[name].gate, len(cuts.singles)
        look = "exposed" if many else "covered"
        graph.add_node(
            name, label=ability(scenario, name), supplier=False, look=look, many=many, logic=logic(gate)
        )
        for need in dict.fromkeys(leaves(gate)):
            graph.add_edge(need, name, choice=need not in certain(gate))
    return graph


def _mark(found: Anatomy, event: str) -> dict[str, Any]:
    """How an event looks, and how many capabilities it stops by itself."""
    stops = [name for name, cuts in found.cuts.items() if event in cuts.singles]
    look = "headline" if found.scenario.headline in stops else "other" if stops else "none"
    return {"look": look, "many": len(stops)}


def alternative(found: Anatomy) -> str:
    """The findings, and for every single point of failure what it stops."""
    said = [one.text for one in single_losses(found)]
    for event, names in found.singles.items():
        what = wording.listing([wording.small(ability(found.scenario, name)) for name in names])
        said.append(f"{wording.capital(found.lost(event))} alone stops: {what}.")
    return " ".join(said)


def table(found: Anatomy, graph: DiGraph[Any]) -> Table:
    """Every box with what the picture marks it with."""
    rows = []
    for _, box in graph.nodes(data=True):
        kind = "supplier" if box["supplier"] else "capability"
        rows.append((wording.capital(box["label"]), kind, str(box["many"])))
    header = ("What", "Kind", "Stops alone, or is stopped alone by")
    return Table("Single points of failure", header, tuple(rows))


def _words(found: Anatomy) -> dict[str, str]:
    headline = wording.small(ability(found.scenario, found.scenario.headline))
    return {look: parts[5].format(headline=f"“{headline}”") for look, parts in LOOKS.items()}


def _draw(axes: Axes, graph: DiGraph[Any], placed: Layout, words: dict[str, str]) -> None:
    """Boxes of one size in columns, arrows between them, a key below."""
    width = (style.sheet().wide - 0.24) * 72
    step = width / placed.columns
    box = min(step - 26, 108.0) if placed.columns > 1 else 108.0
    spread = (width - box) / max(placed.columns - 1, 1)
    left = box / 2 if placed.columns > 1 else width / 2

    def at(place: tuple[int, float]) -> tuple[float, float]:
        return left + spread * place[0], -place[1] * ROW * 72

    axes.set_xlim(-2, width + 2)
    axes.set_ylim(-max(placed.rows, 2) * ROW * 72, 0)
    axes.set_axis_off()
    for edge, route in placed.routes.items():
        marked = graph.nodes[edge[0]]["look"] == "headline"
        arrow(axes, [at(place) for place in route], box, graph.edges[edge]["choice"], marked)
    for name, place in placed.places.items():
        _box(axes, at(place), box, graph.nodes[name])
    _key(axes, graph, words)


def _box(axes: Axes, at: tuple[float, float], width: float, node: dict[str, Any]) -> None:
    from matplotlib.patches import FancyBboxPatch

    face, edge, line, thick, hatch, _ = LOOKS[node["look"]]
    tall = BOX_HEIGHT * 72
    corner = "square,pad=0" if node["supplier"] else "round,pad=0,rounding_size=10"
    low = (at[0] - width / 2, at[1] - tall / 2)
    layers = [(face, edge, "", line, thick)]
    if hatch:
        layers = [(face, "#e8a57c", hatch, "-", 0.0), ("none", edge, "", line, thick)]
    for depth, (fill, rim, pattern, dashes, weight) in enumerate(layers):
        looks: dict[str, Any] = {"fc": fill, "ec": rim, "hatch": pattern, "ls": dashes, "lw": weight}
        axes.add_patch(FancyBboxPatch(low, width, tall, boxstyle=corner, zorder=3 + depth / 10, **looks))
    bold = node["look"] == "headline"
    shown = style.wrap(wording.capital(node["label"]), width - 10, style.sheet().least, bold=bold, most=3)
    if node["many"]:
        stop = "stops" if node["many"] == 1 else "stop"
        shown.append(f"(stops {node['many']})" if node["supplier"] else f"({node['many']} {stop} it)")
    axes.text(
        *at,
        "\n".join(shown),
        size=style.sheet().least,
        ha="center",
        va="center",
        zorder=4,
        linespacing=1.15,
        bbox={"fc": face, "ec": "none", "pad": 0.8} if hatch else None,
        weight="bold" if bold else "normal",
    )


def _key(axes: Axes, graph: DiGraph[Any], words: dict[str, str]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    used = {node["look"] for _, node in graph.nodes(data=True)}
    handles: list[Any] = [
        Patch(facecolor=face, edgecolor=edge, ls=line, lw=thick, hatch=hatch, label=words[look])
        for look, (face, edge, line, thick, hatch, _) in LOOKS.items()
        if look in used
    ]
    if any(graph.edges[edge]["choice"] for edge in graph.edges):
        handles.append(
            Line2D([], [], color=style.SOFT, ls="--", lw=1.0, label="not needed while others serve")
        )
    figure = axes.get_figure(root=True)
    if figure is not None:
        figure.legend(
            handles=handles, loc="lower left", ncols=3, handlelength=1.6, columnspacing=1.4,
            bbox_to_anchor=(0.01, 0.22 / figure.get_figheight()),
        )  # fmt: skip
