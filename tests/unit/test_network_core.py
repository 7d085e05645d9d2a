"""Who stays: peeling by rounds against networkx and against taking people away one by one."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.demand.network import Ties, k_core, needed, peel, side_by_side, stay_above, stay_with, ties_of
from sim.demand.network import core as peeling
from tests.unit.test_network_ties import Simple, simple_graphs


def one_by_one(ties: Ties, need: list[int], alive: list[bool]) -> list[bool]:
    """The slow and obvious twin: the last in line who has too few leaves, until nobody has."""
    stays = list(alive)
    while True:
        present = ties.count_friends(np.array(stays))
        leaving = [who for who in range(ties.people) if stays[who] and present[who] < need[who]]
        if not leaving:
            return stays
        stays[leaving[-1]] = False


@given(simple_graphs(), st.integers(0, 5), st.data())
def test_the_core_is_that_of_networkx(graph: Simple, k: int, data: st.DataObject) -> None:
    people, pairs = graph
    alive = np.array(data.draw(st.lists(st.booleans(), min_size=people, max_size=people)))
    oracle = nx.Graph(pairs)
    oracle.add_nodes_from(range(people))
    before = alive.copy()
    everybody, some = k_core(ties_of(pairs, people), k), k_core(ties_of(pairs, people), k, alive)
    assert set(np.flatnonzero(everybody).tolist()) == set(nx.k_core(oracle, k))
    left = oracle.subgraph(np.flatnonzero(alive).tolist()).copy()
    assert set(np.flatnonzero(some).tolist()) == (set(nx.k_core(left, k)) if left else set())
    assert (alive == before).all()


@pytest.mark.parametrize("k", [2, 3, 4, 5, 6])
def test_the_core_of_a_larger_graph_is_that_of_networkx(k: int) -> None:
    oracle = nx.gnm_random_graph(2000, 6000, seed=k)
    mask = k_core(ties_of(list(oracle.edges), 2000), k)
    assert set(np.flatnonzero(mask).tolist()) == set(nx.k_core(oracle, k))


@given(simple_graphs(), st.data())
def test_rounds_leave_those_whom_single_steps_leave(graph: Simple, data: st.DataObject) -> None:
    """The end does not depend on the order of leaving, whatever everybody needs."""
    people, pairs = graph
    alive = data.draw(st.lists(st.booleans(), min_size=people, max_size=people))
    need = data.draw(st.lists(st.integers(0, 6), min_size=people, max_size=people))
    ties = ties_of(pairs, people)
    assert peel(ties, np.array(need, dtype=np.int32), np.array(alive)).tolist() == one_by_one(
        ties, need, alive
    )


@given(simple_graphs(), st.data())
def test_shares_and_numbers_are_what_they_say(graph: Simple, data: st.DataObject) -> None:
    people, pairs = graph
    share = data.draw(st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.7, 1.0]), min_size=people, max_size=people))
    number = data.draw(st.integers(0, 4))
    ties = ties_of(pairs, people)
    degree = ties.degree
    by_share, by_number = stay_above(ties, np.array(share)), stay_with(ties, number)
    present = ties.count_friends(by_share)
    assert all(not degree[i] or present[i] / degree[i] >= share[i] for i in np.flatnonzero(by_share))
    assert (ties.count_friends(by_number)[by_number] >= number).all()
    assert set(np.flatnonzero(by_number)) == set(np.flatnonzero(k_core(ties, number)))


def test_who_stands_exactly_at_the_threshold_stays() -> None:
    degree = np.array([100, 10, 3, 0], dtype=np.int32)
    assert needed(degree, 0.07).tolist() == [7, 1, 1, 0]
    assert needed(degree, 0.0701).tolist() == [8, 1, 1, 0]
    assert needed(degree, 1.0, 5).tolist() == [100, 10, 5, 5]
    assert needed(degree, np.array([0.1, 0.3, 2 / 3, 1.0])).tolist() == [10, 3, 2, 0]


def test_one_who_has_no_friends_stays_by_share_and_leaves_by_number() -> None:
    alone = ties_of([], 1)
    assert stay_above(alone, 1.0).all()
    assert not stay_with(alone, 1).any()


def test_people_taken_in_portions_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    oracle = nx.gnm_random_graph(500, 2000, seed=1)
    ties = ties_of(list(oracle.edges), 500)
    alive = np.arange(500) % 5 > 0
    whole = k_core(ties, 4, alive)
    monkeypatch.setattr(peeling, "_TOGETHER", 7)
    assert (k_core(ties, 4, alive) == whole).all()
    assert 0 < whole.sum() < alive.sum()


def test_networks_side_by_side_are_peeled_as_each_alone() -> None:
    graphs = [ties_of(list(nx.gnm_random_graph(200, 550, seed=s).edges), 200) for s in range(3)]
    assert (k_core(side_by_side(graphs), 4) == np.concatenate([k_core(each, 4) for each in graphs])).all()
