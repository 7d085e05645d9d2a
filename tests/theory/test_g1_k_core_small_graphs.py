"""The k-core of small graphs after somebody has left (case G1): exact, every number known by hand.

A user stays as long as at least k friends do; after all that follows the network is its k-core (Seidman 1983,
Soc. Networks 5:269; Garcia, Mavrodiev & Schweitzer 2013, COSN '13, p. 39).
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from sim.demand.network import k_core, ties_of


def left(graph: nx.Graph[int], k: int, removed: int) -> int:
    """How many stay once the first `removed` people have gone."""
    alive = np.arange(len(graph)) >= removed
    numbers = {node: place for place, node in enumerate(graph)}
    pairs = [(numbers[a], numbers[b]) for a, b in graph.edges]
    return int(k_core(ties_of(pairs, len(graph)), k, alive).sum())


@pytest.mark.parametrize(
    ("graph", "k", "removed", "stay"),
    [
        (nx.complete_graph(10), 5, 4, 6),  # everyone of six has five friends
        (nx.complete_graph(10), 5, 5, 0),
        (nx.cycle_graph(12), 2, 1, 0),  # a path unravels from both ends
        (nx.cycle_graph(12), 1, 1, 11),
        (nx.balanced_tree(3, 4), 2, 0, 0),  # a tree has leaves
        (nx.path_graph(50), 2, 0, 0),
        (nx.star_graph(7), 2, 0, 0),
        (nx.petersen_graph(), 3, 1, 0),  # connected and regular: whoever loses one friend has too few
        (nx.circulant_graph(11, [1, 2]), 4, 1, 0),
        (nx.grid_2d_graph(4, 4, periodic=True), 3, 1, 15),  # four friends have three left
    ],
    ids=[
        "K10, four leave", "K10, five leave", "ring, k = 2", "ring, k = 1", "tree", "path", "star",
        "Petersen", "4-regular", "torus",
    ],
)  # fmt: skip
def test_the_core_of_a_small_graph(graph: nx.Graph[int], k: int, removed: int, stay: int) -> None:
    assert left(graph, k, removed) == stay
