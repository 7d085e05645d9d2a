"""Preferential attachment: those who have many friends get more.

In: people, friends on average (twice the ties a newcomer brings). Out: pairs. Exact, the law of Barabási &
Albert (1999, Science 286:509) with a star at the beginning: one person after the other comes and is tied to
`friends / 2` different people, drawn one by one with chances in proportion to their number of friends before
he came; whoever is drawn twice is drawn again. Somebody with k friends stands k times in the list of all ends
of ties, so a uniform place of that list is such a draw.

Four thousand people are drawn at once. A place may hold the end of a tie that is itself a draw of this batch:
such references are followed to their root (Batagelj & Brandes 2005, Phys. Rev. E 71:036113). Draws that stood
twice are drawn again person by person, in the order in which they came, and what referred to them follows; so
the bits are those of a plain loop over people, which the tests hold against it.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.ties import Pairs

TOGETHER = 4096
"""People whose draws are made at once. Another number, other bits."""


def preferential_pairs(people: int, friends: int, generator: np.random.Generator) -> Pairs:
    """Everybody after the first `friends / 2 + 1` comes with `friends / 2` ties.

    Checked by: tests/unit/test_network_preferential.py
    """
    own = friends // 2
    pairs: Pairs = np.zeros((own * (people - own), 2), dtype=np.int32)
    pairs[:own, 1] = np.arange(1, own + 1)
    newcomers = np.arange(own + 1, people, dtype=np.int32)
    pairs[own:, 1] = np.repeat(newcomers, own)
    ends = pairs.reshape(-1)  # one end and the other in turn, tie by tie; the same memory
    for first in range(own + 1, people, TOGETHER):
        last = min(first + TOGETHER, people)
        known = 2 * own * np.arange(first - own, last - own)
        places = generator.integers(known[:, None], size=(last - first, own)).ravel()
        _attach(ends, int(known[0]), places, own, generator)
    return pairs


def _attach(
    ends: NDArray[np.int32], base: int, places: NDArray[np.int64], own: int, generator: np.random.Generator
) -> None:
    """Fill in the first ends of a batch's ties, which begin at `base`, from the places drawn."""
    targets = ends[base : base + 2 * places.size : 2]
    parent = np.where((places >= base) & (places % 2 == 0), (places - base) // 2, -1)
    root = np.where(parent >= 0, parent, np.arange(parent.size))
    while not np.array_equal(further := root[root], root):
        root = further
    targets[:] = ends[places[root]]
    rows = np.sort(targets.reshape(-1, own), axis=1)
    again = np.flatnonzero((rows[:, 1:] == rows[:, :-1]).any(axis=1)).tolist()
    heapify(again)
    while again:
        row = heappop(again)
        for changed in _redrawn(ends, base, row, own, generator):
            for pick in _followers(parent, changed):
                targets[pick] = targets[changed]
                heappush(again, pick // own)


def _redrawn(
    ends: NDArray[np.int32], base: int, row: int, own: int, generator: np.random.Generator
) -> list[int]:
    """Draw again whoever stands twice in a row of targets. Returns the picks that changed."""
    start = base + 2 * own * row
    chosen: dict[int, None] = {}
    changed = []
    for pick in range(own):
        target = int(ends[start + 2 * pick])
        if target in chosen:
            while target in chosen:
                target = int(ends[generator.integers(start)])
            ends[start + 2 * pick] = target
            changed.append(own * row + pick)
        chosen[target] = None
    return changed


def _followers(parent: NDArray[np.int64], pick: int) -> list[int]:
    """All picks that refer to one, directly or through others."""
    found: list[int] = []
    front = [pick]
    while front:
        front = [int(each) for one in front for each in np.flatnonzero(parent[one + 1 :] == one) + one + 1]
        found += front
    return found
