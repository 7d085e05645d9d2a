"""Networks of a kind drawn many times, by us and by networkx, and what is measured on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np

from sim.demand.network import Ties, make_ties
from sim.scenario.crowd import Network
from sim.streams import generator


def drawn(seed: int = 1, replication: int = 0, **asked: Any) -> Ties:
    return make_ties(Network.model_validate(asked), generator(seed, "network", replication))


def graph_of(ties: Ties) -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.Graph(ties.pairs().tolist())
    graph.add_nodes_from(range(ties.people))
    return graph


def features(graph: nx.Graph[int]) -> list[float]:
    """Variance of the numbers of friends, triangles, squares, the largest number of friends."""
    degree = np.array([d for _, d in graph.degree()], dtype=float)
    matrix = nx.to_numpy_array(graph)
    square = matrix @ matrix
    squares = (square * (square - 1)).sum() - (degree * (degree - 1)).sum()
    return [float(degree.var()), float((square * matrix).sum() / 6), float(squares / 8), float(degree.max())]


def gaps(
    ours: Callable[[int], nx.Graph[int]], theirs: Callable[[int], nx.Graph[int]], many: int
) -> list[float]:
    """Differences of the means of all features, in standard errors; 0 for a feature that never varies."""
    one = np.array([features(ours(k)) for k in range(many)])
    two = np.array([features(theirs(k)) for k in range(many)])
    error = np.sqrt((one.var(axis=0, ddof=1) + two.var(axis=0, ddof=1)) / many)
    gap = one.mean(axis=0) - two.mean(axis=0)
    assert not gap[error == 0.0].any()
    found: list[float] = np.divide(gap, error, out=np.zeros_like(gap), where=error > 0.0).tolist()
    return found
