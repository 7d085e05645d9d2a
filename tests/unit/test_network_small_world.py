"""Small worlds: the ring as it was, and the shortcuts of Watts and Strogatz."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_array

from tests.unit.network_samples import drawn, gaps, graph_of


def test_nothing_rewired_is_the_ring() -> None:
    ties = drawn(people=50, kind="small_world", friends=6, rewired=0.0)
    assert nx.utils.graphs_equal(graph_of(ties), nx.watts_strogatz_graph(50, 6, 0.0))


@pytest.mark.parametrize("rewired", [0.1, 0.5, 1.0])
def test_networks_are_those_of_networkx(rewired: float) -> None:
    """Degree variance, triangles, squares and the most friends, 4 standard errors at 120 networks each."""
    z = gaps(
        lambda k: graph_of(drawn(replication=k, people=60, kind="small_world", friends=6, rewired=rewired)),
        lambda k: nx.watts_strogatz_graph(60, 6, rewired, seed=k),
        120,
    )
    assert max(map(abs, z)) < 4


@pytest.mark.parametrize("people", [5_000, 20_000])
def test_clustering_and_variance_follow_the_formulas(people: int) -> None:
    """C = C(0)(1-p)^3 with C(0) = 3(K-2)/4(K-1), up to O(1/n); variance of friends = K/2 p(2-p) + O(1/n)
    (Barrat & Weigt 2000, Eur. Phys. J. B 13:547, with C as triangles over connected triples); in 4 standard
    errors of three networks, and 2 / people for what is left out.
    """
    friends, p = 10, 0.2
    measured = []
    for k in range(3):
        ties = drawn(replication=k, people=people, kind="small_world", friends=friends, rewired=p)
        degree = ties.degree.astype(float)
        own = friends / 2
        kept, came = (
            own * p * (1 - p),
            own * p,
        )  # binomial of one's own ring ties from behind, Poisson of shortcuts
        assert abs(degree.var() / (kept + came) - 1) < 4 * (3 / people) ** 0.5
        matrix = csr_array((np.ones(ties.friend.size), ties.friend, ties.start))
        triangles = (matrix @ matrix).multiply(matrix).sum() / 6
        measured.append(3 * triangles / (people * friends * (friends - 1) / 2))
    wanted = 3 * (friends - 2) / (4 * (friends - 1)) * (1 - p) ** 3
    error = np.std(measured, ddof=1) / 3**0.5
    assert abs(np.mean(measured) - wanted) < 10 * error + friends**2 / people
