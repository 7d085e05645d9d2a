"""Preferential attachment: the bits of a plain loop, and the law of the numbers of friends."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from sim.demand.network import preferential
from sim.demand.network.preferential import preferential_pairs
from sim.streams import generator
from tests.unit.network_samples import drawn, gaps, graph_of


def plain(people: int, friends: int, rng: np.random.Generator) -> list[list[int]]:
    """The slow and obvious twin: one person after the other, one list of all ends."""
    own = friends // 2
    ends = [end for leaf in range(1, own + 1) for end in (0, leaf)]
    for first in range(own + 1, people, preferential.TOGETHER):
        last = min(first + preferential.TOGETHER, people)
        known = 2 * own * np.arange(first - own, last - own)
        draws = rng.integers(known[:, None], size=(last - first, own)).tolist()
        for person, places in enumerate(draws, start=first):
            before, chosen = len(ends), []
            for place in places:
                target = ends[place]
                while target in chosen:
                    target = ends[int(rng.integers(before))]
                chosen.append(target)
            ends += [end for target in chosen for end in (target, person)]
    return np.array(ends).reshape(-1, 2).tolist()


@pytest.mark.parametrize(("people", "friends"), [(3, 2), (6, 4), (30, 28), (1000, 10), (9000, 6)])
def test_drawing_many_people_at_once_gives_the_bits_of_the_loop(people: int, friends: int) -> None:
    for seed in range(3):
        ours = preferential_pairs(people, friends, generator(seed, "loop"))
        assert ours.tolist() == plain(people, friends, generator(seed, "loop"))


def test_networks_are_those_of_networkx() -> None:
    """Degree variance, triangles, squares and the most friends, 4 standard errors at 150 networks each."""
    z = gaps(
        lambda k: graph_of(drawn(replication=k, people=80, kind="preferential", friends=6)),
        lambda k: nx.barabasi_albert_graph(80, 3, seed=k),
        150,
    )
    assert max(map(abs, z)) < 4


@pytest.mark.parametrize("people", [25_000, 100_000])
def test_shares_of_numbers_of_friends_are_those_of_the_limit(people: int) -> None:
    """P(k) = 2m(m+1) / (k(k+1)(k+2)) for k >= m (Dorogovtsev, Mendes & Samukhin 2000, Phys. Rev.
    Lett. 85:4633; proof: Bollobás et al. 2001, Random Struct. Algorithms 18:279); in 4 standard errors of
    independent people and 10 / people for the beginning.
    """
    m = 4
    degree = drawn(people=people, kind="preferential", friends=2 * m).degree
    assert degree.min() >= 1
    for k in range(m, 25):
        share = 2 * m * (m + 1) / (k * (k + 1) * (k + 2))
        error = 4 * (share * (1 - share) / people) ** 0.5 + 10 / people
        assert abs((degree == k).mean() - share) < error
