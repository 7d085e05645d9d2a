"""Who stays when everybody needs so many friends: taking away round by round.

In: `Ties`, how many friends each needs, who is there. Out: who is left. Nobody returns, so the end is the
same in whatever order people leave (the largest set in which all have enough), and rounds may be taken whole.
Each person leaves once and each tie is looked at once from either end: the work is O(people + ties).

Batagelj & Zaveršnik (2003, arXiv cs/0310049) peel one person at a time; a round here is what NumPy can do at
once. A long chain that unravels from its end is the worst case: a round for every two people.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.ties import People, Ties

Mask = NDArray[np.bool_]

_TOGETHER = 1 << 18
"""People whose friends are looked up at once: bounds the memory of a round."""


def k_core(ties: Ties, k: int, alive: Mask | None = None) -> Mask:
    """The k-core: the largest set of people who all have at least `k` friends in it.

    Parameters
    ----------
    alive
        Who is there at the beginning; everybody if left out. Shape (people,).

    References
    ----------
    Seidman 1983, Soc. Networks 5:269; of a social network that is left: Garcia, Mavrodiev & Schweitzer 2013,
    COSN '13, p. 39.

    Checked by: tests/theory/test_g1_k_core_small_graphs.py, tests/unit/test_network_core.py
    """
    return peel(ties, np.full(ties.people, k, dtype=np.int32), alive)


def peel(ties: Ties, need: NDArray[np.int32], alive: Mask | None = None) -> Mask:
    """Who is left once all who have fewer friends than they need (shape (people,)) have left, and so on.

    Checked by: tests/unit/test_network_core.py
    """
    stays = np.ones(ties.people, dtype=np.bool_) if alive is None else alive.copy()
    present = ties.degree
    for absent in _portions(np.flatnonzero(~stays)):
        np.subtract.at(present, ties.friends_of(absent), 1)
    leaving: People = np.flatnonzero(stays & (present < need))
    while leaving.size:
        stays[leaving] = False
        touched = []
        for portion in _portions(leaving):
            friends = ties.friends_of(portion)
            friends = friends[stays[friends]]
            np.subtract.at(present, friends, 1)
            touched.append(friends)
        seen = np.concatenate(touched)
        leaving = np.unique(seen[present[seen] < need[seen]])
    return stays


def _portions(people: People) -> list[People]:
    return [people[first : first + _TOGETHER] for first in range(0, people.size, _TOGETHER)]
