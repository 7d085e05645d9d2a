"""Ties at random: the law G(n, p), by counting all graphs, by the numbers of friends, and by networkx."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pytest
from scipy.stats import binom, chi2

from sim.demand.network.sampling import distinct, pair_total, pairs_of
from sim.demand.network.uniform import uniform_pairs
from sim.streams import generator
from tests.unit.network_samples import drawn, gaps, graph_of


@pytest.mark.parametrize("people", range(2, 12))
def test_every_pair_has_one_number(people: int) -> None:
    pairs = pairs_of(np.arange(pair_total(people)), people)
    assert {tuple(sorted(pair)) for pair in pairs.tolist()} == set(combinations(range(people), 2))


def test_pairs_of_many_people_have_numbers_too() -> None:
    people = 10_000_000
    last = pairs_of(np.array([0, pair_total(people) - 1]), people)
    assert last.tolist() == [[0, 1], [people // 2 - 1, people - 1]]


@pytest.mark.parametrize(("count", "total"), [(2, 7), (2, 5), (4, 5)])
def test_every_set_of_numbers_is_equally_likely(count: int, total: int) -> None:
    """Chi-squared at 1 in 10,000, by draws one by one and by shuffling; without multiples of 3 as well."""
    rng, many = generator(1, "sets"), 5000
    seen = Counter(tuple(distinct(count, total, rng).tolist()) for _ in range(many))
    assert _fits(seen, [tuple(each) for each in combinations(range(total), count)], many)
    kept = [k for k in range(2 * total) if k % 3]
    seen = Counter(tuple(distinct(count, 2 * total, rng, lambda k: k % 3 > 0).tolist()) for _ in range(many))
    assert _fits(seen, [tuple(each) for each in combinations(kept, count)], many)


def test_every_network_of_four_people_has_its_chance() -> None:
    """64 networks, chi-squared at 1 in 10,000."""
    rng, many, p = generator(2, "networks"), 10_000, 0.5
    seen = Counter(
        frozenset(frozenset(pair) for pair in uniform_pairs(4, p * 3, rng).tolist()) for _ in range(many)
    )
    every = [frozenset(frozenset(c) for c in each) for k in range(7) for each in combinations(PAIRS, k)]
    assert len(every) == 64
    assert _fits(seen, every, many)


PAIRS = list(combinations(range(4), 2))


def _fits(seen: Counter[Any], wanted: list[Any], many: int) -> bool:
    assert set(seen) <= set(wanted)
    counts = np.array([seen[each] for each in wanted])
    statistic = ((counts - many / len(wanted)) ** 2).sum() / (many / len(wanted))
    return bool(statistic < chi2.ppf(1 - 1e-4, len(wanted) - 1))


@pytest.mark.parametrize("people", [10_000, 40_000])
def test_numbers_of_friends_are_binomial(people: int) -> None:
    """Each share of people in 4.5 standard errors; smallest error seen: 2 percentage points at 10,000."""
    degree = drawn(people=people, kind="random", friends=4.0).degree
    law = binom(people - 1, 4.0 / (people - 1))
    for k in range(12):
        share = law.pmf(k)
        assert abs((degree == k).mean() - share) < 4.5 * (share * (1 - share) / people) ** 0.5


def test_networks_are_those_of_networkx() -> None:
    """Degree variance, triangles, squares and the most friends, 4 standard errors at 150 networks each."""
    z = gaps(
        lambda k: graph_of(drawn(replication=k, people=60, kind="random", friends=6.0)),
        lambda k: nx.gnp_random_graph(60, 6 / 59, seed=k),
        150,
    )
    assert max(map(abs, z)) < 4
