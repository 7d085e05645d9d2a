"""Two networks that need each other break down at once (case G6), one alone does not.

Everybody stands in two Poisson graphs with k friends on average in each, and is there only as long as he
belongs to the largest connected part of both. If a share p survives a shock, P of all stay with
P = p (1 - exp(-k P))^2; with f = exp((f - 1) / (2 f)) the least p with P > 0 is
p_c = 1 / (2 f (1 - f) k) = 2.4554 / k, where P jumps to (1 - f) / (2 f k) = 1.2564 / k; one network alone
breaks down at 1 / k, without a jump (Buldyrev et al. 2010, Nature 464:1025). The networks are ours, the
connected parts those of SciPy.
"""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from sim.demand.network import Ties, make_ties
from sim.scenario.crowd import Network
from sim.streams import generator
from tests.theory.shock import survivors

PEOPLE = 200_000
FRIENDS = 4.0


def mutual(p: float, k: float = FRIENDS) -> float:
    """The fixed point reached from P = p."""
    share, before = p, 2.0
    while before - share > 1e-15:
        share, before = p * (1 - exp(-k * share)) ** 2, share
    return share


def largest(ties: Ties, there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest connected part of those who are there."""
    owner = np.repeat(np.arange(ties.people), ties.degree)
    both = there[owner] & there[ties.friend]
    graph = csr_array(
        (np.ones(both.sum(), dtype=np.int8), (owner[both], ties.friend[both])),
        shape=(ties.people, ties.people),
    )
    part = connected_components(graph, directed=False)[1]
    found: NDArray[np.bool_] = there & (part == np.bincount(part[there]).argmax())
    return found


def measured(networks: list[Ties], p: float) -> float:
    there = survivors(networks[0].people, p)
    before = -1
    while there.any() and there.sum() != before:
        before = int(there.sum())
        for ties in networks:
            there = largest(ties, there)
    return float(there.mean())


def drawn(people: int) -> list[Ties]:
    network = Network(people=people, kind="random", friends=FRIENDS)
    return [make_ties(network, generator(1, "network", k)) for k in range(2)]


@pytest.fixture(scope="module")
def networks() -> list[Ties]:
    return drawn(PEOPLE)


def test_the_equations_have_the_numbers_of_the_case() -> None:
    f = brentq(lambda f: f - exp((f - 1) / (2 * f)), 0.1, 0.9, xtol=1e-15)
    critical = 1 / (2 * f * (1 - f))
    assert f == pytest.approx(0.28466813704083846168, rel=1e-12)
    assert critical == pytest.approx(2.4554074822841279494, rel=1e-12)
    assert (1 - f) / (2 * f) == pytest.approx(1.256431208626169677, rel=1e-12)
    assert mutual(0.9) == pytest.approx(0.83810272351699729987, rel=1e-12)
    assert mutual(critical / FRIENDS + 1e-9) == pytest.approx(0.31410780215654241925, abs=1e-4)
    assert mutual(critical / FRIENDS - 1e-3) < 1e-9


@pytest.mark.parametrize("p", [0.9, 0.7])
def test_as_many_stay_as_the_theory_says(networks: list[Ties], p: float) -> None:
    assert abs(measured(networks, p) - mutual(p)) < 3e-3


def test_the_threshold_lies_where_it_should_from_both_sides(networks: list[Ties]) -> None:
    """p_c = 0.6139: at 0.63 some 40 % stay, at 0.60 nobody."""
    assert abs(measured(networks, 0.63) - mutual(0.63)) < 1e-2  # near the threshold it moves most with p
    assert measured(networks, 0.60) < 3e-3


def test_one_network_alone_holds_where_two_have_broken_down(networks: list[Ties]) -> None:
    """P = p (1 - exp(-k P)); at p = 0.5 that is 0.5 x 0.7968."""
    alone = brentq(lambda share: share - 0.5 * (1 - exp(-FRIENDS * share)), 0.1, 0.5)
    assert abs(measured(networks[:1], 0.5) - alone) < 3e-3
    assert measured(networks, 0.5) < 1e-3


def test_a_quarter_of_the_people_see_the_same() -> None:
    assert abs(measured(drawn(PEOPLE // 4), 0.9) - mutual(0.9)) < 8e-3
