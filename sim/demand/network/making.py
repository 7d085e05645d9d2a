"""The network a scenario asks for.

In: `sim.scenario.crowd.Network`, a generator. Out: `Ties`. The same generator gives the same bits; nothing is
drawn for ties that a file gives.
"""

from __future__ import annotations

import numpy as np

from sim.demand.network.communities import community_pairs
from sim.demand.network.preferential import preferential_pairs
from sim.demand.network.regular import regular_pairs
from sim.demand.network.small_world import small_world_pairs
from sim.demand.network.ties import Pairs, Ties, ties_of
from sim.demand.network.uniform import uniform_pairs
from sim.errors import Problem, ScenarioError
from sim.scenario.crowd import Network

MOST_PEOPLE = 10_000_000
"""As many as a scenario may ask for."""


def make_ties(network: Network, generator: np.random.Generator) -> Ties:
    """Draw who is friends with whom.

    Raises
    ------
    ScenarioError
        If the ties given are no simple network, or the groups are too small for the friends asked for.

    Checked by: tests/unit/test_network_making.py
    """
    if network.kind == "edges":
        return _given(network)
    if network.kind == "communities":
        return _in_communities(network, generator)
    return ties_of(_drawn(network, generator), network.people)


def _drawn(network: Network, generator: np.random.Generator) -> Pairs:
    people, friends = network.people, int(network.friends)
    if network.kind == "regular":
        return regular_pairs(people, friends, generator)
    if network.kind == "preferential":
        return preferential_pairs(people, friends, generator)
    if network.kind == "small_world":
        return small_world_pairs(people, friends, network.rewired, generator)
    return uniform_pairs(people, network.friends, generator)


def _in_communities(network: Network, generator: np.random.Generator) -> Ties:
    try:
        pairs, group = community_pairs(
            network.people, network.friends, network.groups, network.inside, generator
        )
    except ValueError as wrong:
        fix = "; take fewer groups, more people or fewer friends"
        raise ScenarioError([Problem("users.network.groups", f"{wrong}{fix}")]) from None
    return ties_of(pairs, network.people, group)


def _given(network: Network) -> Ties:
    """The ties of the file; people are as many as the largest number says."""
    pairs = np.array(network.ties, dtype=np.int64).reshape(-1, 2)
    try:
        if not pairs.size:
            raise ValueError("there are no ties; the file has to be read first")
        people = int(pairs.max()) + 1
        if people > MOST_PEOPLE:
            raise ValueError(f"names person {people - 1}; number people from 0, at most {MOST_PEOPLE:,}")
        return ties_of(pairs, people)
    except ValueError as wrong:
        raise ScenarioError([Problem("users.network.ties", str(wrong))]) from None
