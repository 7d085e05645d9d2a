"""Communities: equal groups, friends inside and outside as asked, each pair with its chance."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from tests.unit.network_samples import drawn, gaps, graph_of


@pytest.mark.parametrize("people", [1003, 4012])
def test_friends_are_inside_and_outside_as_asked(people: int) -> None:
    """In 4 standard errors of binomial counts; smallest error seen: 6 % at a thousand people."""
    ties = drawn(people=people, kind="communities", friends=8, groups=7, inside=0.6)
    sizes = np.bincount(ties.group)
    assert sizes.size == 7
    assert sizes.max() - sizes.min() <= 1
    pairs = ties.pairs()
    same = int((ties.group[pairs[:, 0]] == ties.group[pairs[:, 1]]).sum())
    for count, share in ((same, 0.6), (ties.count - same, 0.4)):
        wanted = people * 8 * share / 2
        assert abs(count - wanted) < 4 * wanted**0.5


def test_every_pair_has_the_chance_of_its_kind() -> None:
    """Ten people in three groups of 4, 3 and 3, 1500 networks: each pair in 4.5 standard errors."""
    many, people = 1500, 10
    seen = np.zeros((people, people))
    for k in range(many):
        ties = drawn(replication=k, people=people, kind="communities", friends=3, groups=3, inside=0.4)
        seen[tuple(ties.pairs().T)] += 1
    group = ties.group
    assert group.tolist() == [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]
    within, between = 6 + 3 + 3, 45 - 12
    for a in range(people):
        for b in range(a + 1, people):
            p = 10 * 3 * 0.4 / 2 / within if group[a] == group[b] else 10 * 3 * 0.6 / 2 / between
            assert abs(seen[a, b] / many - p) < 4.5 * (p * (1 - p) / many) ** 0.5


@pytest.mark.parametrize(("inside", "groups"), [(1.0, 4), (0.0, 3), (0.5, 12)])
def test_all_friends_may_be_inside_or_outside(inside: float, groups: int) -> None:
    ties = drawn(people=24, kind="communities", friends=2, groups=groups, inside=inside)
    pairs = ties.pairs()
    same = ties.group[pairs[:, 0]] == ties.group[pairs[:, 1]]
    assert ties.count > 0
    if inside in (0.0, 1.0):
        assert (same == bool(inside)).all()


def test_networks_are_those_of_networkx() -> None:
    """Degree variance, triangles, squares and the most friends, 4 standard errors at 150 networks each."""
    z = gaps(
        lambda k: graph_of(
            drawn(replication=k, people=60, kind="communities", friends=6, groups=4, inside=0.75)
        ),
        lambda k: nx.planted_partition_graph(4, 15, 4.5 / 14, 1.5 / 45, seed=k),
        150,
    )
    assert max(map(abs, z)) < 4
