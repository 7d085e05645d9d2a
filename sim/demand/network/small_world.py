"""A small world: a ring of neighbours, some of whose ties lead anywhere.

In: people, friends (even), the share of ties rewired. Out: pairs. The law of Watts & Strogatz (1998, Nature
393:440): everybody is tied to `friends / 2` people on either side; each tie keeps its first end and is,
with chance `rewired`, given another second end, uniformly among those that make no loop and no double tie.

Exact: the ring, who is rewired, the numbers of ties. They take the ties one after the other; here all are
drawn at once, those that found no free place again and again, and a tie stands in its place on the ring
until it has found another. So what is free at the moment of a draw differs in a share of order
friends / people of the draws.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.sampling import key_of, known_among
from sim.demand.network.ties import Pairs

_ROUNDS = 200
"""Draws after which a tie stays where it is: only where nearly everybody is tied to nearly everybody."""


def small_world_pairs(people: int, friends: int, rewired: float, generator: np.random.Generator) -> Pairs:
    """The ring, and its ties rewired with chance `rewired`.

    Checked by: tests/unit/test_network_small_world.py
    """
    half = friends // 2
    first = np.repeat(np.arange(people, dtype=np.int32), half)
    second = (first + np.tile(np.arange(1, half + 1, dtype=np.int32), people)) % np.int32(people)
    moves = np.flatnonzero(generator.random(people * half) < rewired)
    left = np.zeros(people * half, dtype=np.bool_)  # places of the ring whose tie has gone elsewhere
    taken = np.zeros(0, dtype=np.int64)  # pairs tied anew, ascending
    for _ in range(_ROUNDS):
        if not moves.size:
            break
        other = generator.integers(people, size=moves.size, dtype=np.int32)
        key = key_of(first[moves], other, people)
        free = (first[moves] != other) & ~known_among(taken, key) & ~_stands(first[moves], other, left, half)
        chosen = np.flatnonzero(free)
        _, once = np.unique(key[chosen], return_index=True)  # of equal proposals the first is taken
        chosen = chosen[once]
        second[moves[chosen]] = other[chosen]
        left[moves[chosen]] = True
        taken = np.sort(np.concatenate([taken, key[chosen]]))
        moves = np.delete(moves, chosen)
    return np.stack([first, second], axis=1)


def _stands(
    one: NDArray[np.int32], other: NDArray[np.int32], left: NDArray[np.bool_], half: int
) -> NDArray[np.bool_]:
    """Which pairs are tied by a tie that is still in its place on the ring."""
    people = left.size // half
    ahead = (other.astype(np.int64) - one) % people
    behind = (people - ahead) % people
    base = np.where(ahead <= half, one, other)
    step = np.minimum(ahead, behind)
    near = (step >= 1) & (step <= half)
    return np.asarray(near & ~left[np.where(near, base * np.int64(half) + step - 1, 0)])
