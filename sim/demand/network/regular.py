"""Everybody has the same number of friends, and nothing else is settled.

In: people, friends. Out: pairs. The pairing model (Bollobás 1980, Eur. J. Comb. 1:311): everybody holds out
so many hands and all hands are joined at random. Of the ties so made, about (friends² - 1) / 4 whatever the
number of people lead to oneself or stand twice; each of these is taken apart together with another tie, drawn
at random, and the four hands are joined crosswise, if that makes two new ties.

Exact: everybody's number of friends; no loops, no double ties. Not exact: given that, not every network is
equally likely, for the ties repaired are drawn from what the others leave free; they are a share of order
friends / people of all ties. Up to three friends nothing is repaired: hands are joined anew until no tie is
wrong, and every network is equally likely; with more that chance, exp(-(friends² - 1) / 4), is too small.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.sampling import Numbers, key_of, known_among, pair_total, pairs_of
from sim.demand.network.ties import Pairs

_UNIFORM = 3
"""Up to so many friends all hands are joined anew where a tie is wrong: 7 times on average for three."""
_ROUNDS = 100
"""Rounds of repair after which hands are joined anew: only very small networks need it."""


def regular_pairs(people: int, friends: int, generator: np.random.Generator) -> Pairs:
    """Everybody has exactly `friends` friends; people x friends is even, friends < people.

    Checked by: tests/unit/test_network_regular.py
    """
    if 2 * friends > people - 1:  # draw who is *not* tied
        others = regular_pairs(people, people - 1 - friends, generator)
        every = pairs_of(np.arange(pair_total(people)), people)
        apart = np.sort(key_of(others[:, 0], others[:, 1], people))
        return every[~known_among(apart, key_of(every[:, 0], every[:, 1], people))]
    while True:
        hands = np.repeat(np.arange(people, dtype=np.int32), friends)
        generator.shuffle(hands)
        pairs: Pairs = hands.reshape(-1, 2)
        wrong, known = _wrong(pairs, people)
        if friends > _UNIFORM:
            wrong = _repaired(pairs, wrong, known, people, generator)
        if not wrong.size:
            return pairs


def _repaired(
    pairs: Pairs, wrong: NDArray[np.int64], known: Numbers, people: int, generator: np.random.Generator
) -> NDArray[np.int64]:
    """Take loops and double ties apart, in place. Returns those for which no place was found."""
    fresh = np.zeros(0, dtype=np.int64)  # keys of the ties made here, ascending
    for _ in range(_ROUNDS):
        if not wrong.size:
            break
        partner = generator.integers(len(pairs), size=wrong.size)
        side = generator.integers(2, size=wrong.size)
        one = np.stack([pairs[wrong, 0], pairs[partner, side]], axis=1)
        two = np.stack([pairs[wrong, 1], pairs[partner, 1 - side]], axis=1)
        keys = np.stack([key_of(each[:, 0], each[:, 1], people) for each in (one, two)])
        fits = (one[:, 0] != one[:, 1]) & (two[:, 0] != two[:, 1]) & ~np.isin(partner, wrong)
        fits &= ~(known_among(known, keys) | known_among(fresh, keys)).any(axis=0)
        chosen = np.flatnonzero(fits)
        chosen = chosen[_alone(partner[chosen]) & _alone(keys[:, chosen].ravel()).reshape(2, -1).all(axis=0)]
        pairs[wrong[chosen]], pairs[partner[chosen]] = one[chosen], two[chosen]
        fresh = np.sort(np.concatenate([fresh, keys[:, chosen].ravel()]))
        wrong = np.delete(wrong, chosen)
    return wrong


def _wrong(pairs: Pairs, people: int) -> tuple[NDArray[np.int64], Numbers]:
    """Where loops stand, and every tie that stood before; and the keys of all ties, ascending."""
    keys = key_of(pairs[:, 0], pairs[:, 1], people)
    known = np.sort(keys)
    twice = np.unique(known[1:][known[1:] == known[:-1]])
    again = np.flatnonzero(known_among(twice, keys))
    _, first = np.unique(keys[again], return_index=True)
    loops = np.flatnonzero(pairs[:, 0] == pairs[:, 1])
    return np.union1d(loops, np.delete(again, first)), known


def _alone(values: Numbers) -> NDArray[np.bool_]:
    """Which values stand only once."""
    _, back, many = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray(many[back] == 1)
