"""Where the boxes of a dependency graph stand."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.views.figures.layers import columns, layout

EDGES = st.sets(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda edge: edge[0] < edge[1]), max_size=25
)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(EDGES)
def test_every_box_stands_right_of_what_it_needs_and_none_on_another(edges: set[tuple[int, int]]) -> None:
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(10))
    graph.add_edges_from(sorted(edges))
    placed = layout(graph)
    for need, box in graph.edges:
        assert placed.places[need][0] < placed.places[box][0]
    for column in range(placed.columns):
        heights = sorted(height for at, height in placed.places.values() if at == column)
        assert all(below - above >= 1 - 1e-9 for above, below in pairwise(heights))
        assert not heights or (heights[0] >= 0.5 - 1e-9 and heights[-1] <= placed.rows)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(EDGES)
def test_an_edge_goes_from_column_to_column(edges: set[tuple[int, int]]) -> None:
    graph: nx.DiGraph[int] = nx.DiGraph(sorted(edges))
    placed = layout(graph)
    for (need, box), route in placed.routes.items():
        assert route[0] == placed.places[need]
        assert route[-1] == placed.places[box]
        assert [at for at, _ in route] == list(range(route[0][0], route[-1][0] + 1))


def test_a_box_stands_directly_right_of_the_last_thing_it_needs() -> None:
    graph = nx.DiGraph(
        [("host", "read"), ("read", "post"), ("host", "post"), ("store", "install"), ("post", "install")]
    )
    assert columns(graph) == {"host": 0, "store": 0, "read": 1, "post": 2, "install": 3}
