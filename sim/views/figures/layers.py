"""Where the boxes of a dependency graph stand: in layers, each right of what it needs, with few crossings.

In: a directed graph without cycles. Out: a column and a height for every node, and for every edge the
points it passes. Long edges pass through empty places between the boxes of the layers they cross
(Sugiyama, Tagawa & Toda 1981, doi 10.1109/TSMC.1981.4308636: dummy nodes, then barycentres).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from networkx import DiGraph

SWEEPS = 12

PASSING = 0.35
"""Room of an edge that passes between two boxes, in rows."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Column (0, 1, ...) and height (0 at the top, in rows) of each node; the points of each edge."""

    places: dict[Any, tuple[int, float]]
    routes: dict[tuple[Any, Any], tuple[tuple[int, float], ...]]
    columns: int
    rows: float


def layout(graph: DiGraph[Any]) -> Layout:
    """Place a graph's nodes from left to right."""
    column = columns(graph)
    order, pieces = _with_dummies(graph, column)
    for sweep in range(SWEEPS):
        _reorder(order, pieces, forwards=sweep % 2 == 0)
    heights = _heights(order, pieces, set(graph.nodes))
    place = {name: (depth, heights[name]) for depth, names in enumerate(order) for name in names}
    routes = {
        edge: tuple(
            place[step]
            for step in [edge[0], *((edge, d) for d in range(column[edge[0]] + 1, column[edge[1]])), edge[1]]
        )
        for edge in graph.edges
    }
    rows = max(heights.values(), default=0.5) + 0.5
    return Layout({name: place[name] for name in graph.nodes}, routes, len(order), rows)


def columns(graph: DiGraph[Any]) -> dict[Any, int]:
    """Each node's layer: one right of the rightmost thing it needs."""
    import networkx as nx

    depth: dict[Any, int] = {}
    for node in nx.topological_sort(graph):
        depth[node] = max((depth[need] + 1 for need in graph.predecessors(node)), default=0)
    return depth


def _with_dummies(
    graph: DiGraph[Any], column: dict[Any, int]
) -> tuple[list[list[Any]], list[tuple[Any, Any]]]:
    """The nodes of each layer with a place for every edge that passes, and edges from layer to layer."""
    order: list[list[Any]] = [[] for _ in range(max(column.values(), default=0) + 1)]
    for node in graph.nodes:
        order[column[node]].append(node)
    pieces: list[tuple[Any, Any]] = []
    for edge in graph.edges:
        path = [edge[0]]
        for depth in range(column[edge[0]] + 1, column[edge[1]]):
            path.append((edge, depth))
            order[depth].append((edge, depth))
        path.append(edge[1])
        pieces += list(pairwise(path))
    return order, pieces


def _reorder(order: list[list[Any]], pieces: list[tuple[Any, Any]], *, forwards: bool) -> None:
    """Sort each layer by the mean place of its neighbours in the layer before (or after)."""
    near: dict[Any, list[Any]] = {}
    for left, right in pieces:
        near.setdefault(right if forwards else left, []).append(left if forwards else right)
    layers = order if forwards else order[::-1]
    for before, layer in pairwise(layers):
        place = {name: (i + 0.5) / len(before) for i, name in enumerate(before)}
        own = {name: (i + 0.5) / len(layer) for i, name in enumerate(layer)}

        def middle(name: Any, place: dict[Any, float] = place, own: dict[Any, float] = own) -> float:
            beside = [place[other] for other in near.get(name, []) if other in place]
            return sum(beside) / len(beside) if beside else own[name]

        layer.sort(key=middle)


def _heights(order: list[list[Any]], pieces: list[tuple[Any, Any]], boxes: set[Any]) -> dict[Any, float]:
    """How far down each place is, in rows: near its neighbours, apart from those above and below it."""
    beside: dict[Any, list[Any]] = {}
    for left, right in pieces:
        beside.setdefault(left, []).append(right)
        beside.setdefault(right, []).append(left)
    room = {name: 1.0 if name in boxes else PASSING for names in order for name in names}
    tallest = max((sum(room[name] for name in names) for names in order), default=1.0)
    heights: dict[Any, float] = {}
    for names in order:
        at = (tallest - sum(room[name] for name in names)) / 2
        for name in names:
            heights[name] = at + room[name] / 2
            at += room[name]
    for _ in range(SWEEPS):
        for names in order:
            wanted = {
                n: sum(heights[o] for o in beside[n]) / len(beside[n]) if n in beside else heights[n]
                for n in names
            }
            _settle(names, wanted, room, tallest, heights)
    return heights


def _settle(
    names: list[Any],
    wanted: dict[Any, float],
    room: dict[Any, float],
    tallest: float,
    heights: dict[Any, float],
) -> None:
    """Put one layer where it wants to be, in its order, without touching and within the picture."""
    low = 0.0
    for name in names:
        heights[name] = max(wanted[name], low + room[name] / 2)
        low = heights[name] + room[name] / 2
    high = tallest
    for name in reversed(names):
        heights[name] = min(heights[name], high - room[name] / 2)
        high = heights[name] - room[name] / 2
