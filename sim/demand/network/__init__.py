"""Individuals and their ties: who is friends with whom, and who still has enough friends to stay.

In: a `sim.scenario.crowd.Network`, and a generator. Out: `Ties`, the friends of everybody as two flat arrays;
masks of the people who stay when whoever has too few friends leaves; and, of a scenario and its timelines, a
`History` of everybody followed alone (`simulate_people`), or the account of one replication (`unravel`).

Why this way: a million people with ten million ties are some 90 MB as two arrays of whole numbers (each tie
twice, the friends of one person side by side), and what is asked of them, "one friend fewer for everyone tied
to these people", is a few passes of NumPy over a part of it. Where leaving is settled by how many friends are
there and nobody returns, the end does not depend on the order of leaving: so people are taken away round by
round, and each tie is looked at once in all.

Every kind of network is drawn from its law as the literature defines it; each module says what of it is
exact.

Rejected: networkx (a dictionary a person and one a tie; it is the oracle of the tests), a matrix of SciPy (a
number beside every tie that is always 1, and ties given twice added up without a word), sets of friends (many
times the memory), one process a person (nothing happens to most people most of the time).
"""

from sim.demand.network.core import k_core, peel
from sim.demand.network.making import make_ties
from sim.demand.network.refused import refused
from sim.demand.network.simulate import simulate_people
from sim.demand.network.threshold import needed, stay_above, stay_with
from sim.demand.network.ties import Ties, adjacency, side_by_side, ties_of
from sim.demand.network.unravel import unravel

__all__ = [
    "Ties",
    "adjacency",
    "k_core",
    "make_ties",
    "needed",
    "peel",
    "refused",
    "side_by_side",
    "simulate_people",
    "stay_above",
    "stay_with",
    "ties_of",
    "unravel",
]
