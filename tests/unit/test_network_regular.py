"""Everybody the same number of friends: exact numbers, and a law near enough to uniform."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from sim.demand.network import ties_of
from sim.demand.network.regular import _wrong, regular_pairs
from sim.streams import generator
from tests.unit.network_samples import drawn, gaps, graph_of


@given(st.integers(2, 30), st.integers(0, 29), st.integers(0, 3))
def test_everybody_has_exactly_so_many_friends(people: int, friends: int, seed: int) -> None:
    friends %= people
    friends -= friends * people % 2
    ties = ties_of(regular_pairs(people, friends, generator(seed, "regular")), people)
    assert (ties.degree == friends).all()


@pytest.mark.parametrize("friends", [2, 10, 60])
def test_a_large_network_is_regular(friends: int) -> None:
    assert (drawn(people=20_000, kind="regular", friends=friends).degree == friends).all()


def test_loops_and_repeated_ties_are_found() -> None:
    pairs = np.array([[0, 1], [2, 2], [1, 0], [3, 4], [0, 1], [2, 2]], dtype=np.int32)
    assert _wrong(pairs, 5)[0].tolist() == [1, 2, 4, 5]


def test_networks_are_those_of_networkx() -> None:
    """Triangles and squares, 4 standard errors at 150 networks each: 8 % of the triangles."""
    z = gaps(
        lambda k: graph_of(drawn(replication=k, people=40, kind="regular", friends=5)),
        lambda k: nx.random_regular_graph(5, 40, seed=k),
        150,
    )
    assert max(map(abs, z)) < 4


@pytest.mark.parametrize("friends", [2, 3])
def test_every_network_of_six_people_is_equally_likely(friends: int) -> None:
    """70 networks with two friends each (60 rings, 10 pairs of triangles), or with three; at 1 in 10,000."""
    rng, many = generator(3, "six"), 2100
    seen = Counter(
        frozenset(frozenset(pair) for pair in regular_pairs(6, friends, rng).tolist()) for _ in range(many)
    )
    assert len(seen) == 70
    assert sum((count - many / 70) ** 2 for count in seen.values()) / (many / 70) < chi2.ppf(1 - 1e-4, 69)
