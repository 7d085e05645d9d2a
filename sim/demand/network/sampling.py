"""Distinct whole numbers and distinct pairs of people, uniformly at random.

In: how many of how many. Out: arrays. Pairs are numbered around a circle: number k ties k mod n to the person
k // n + 1 places on. For all n this counts each of the n (n - 1) / 2 pairs once, and it needs no square root.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.ties import Pairs

Numbers = NDArray[np.int64]
Allowed = Callable[[Numbers], NDArray[np.bool_]]

_FEW = 3
"""From a third of all numbers on, all are written down and shuffled instead of being drawn one by one."""


def distinct(
    count: int, total: int, generator: np.random.Generator, allowed: Allowed | None = None
) -> Numbers:
    """`count` different numbers below `total` for which `allowed` holds, every such set equally likely.

    Exact: numbers are drawn one after the other and whatever has been drawn before is drawn again; never
    more at once than are missing, so none is thrown away for another reason. There must be so many.

    Returns
    -------
    Ascending. Shape (count,).
    """
    if _FEW * count > total:
        every = np.arange(total)
        if allowed is not None:
            every = every[allowed(every)]
        return np.sort(generator.permutation(every)[:count])
    found = np.zeros(0, dtype=np.int64)
    while found.size < count:
        more = generator.integers(total, size=count - found.size)
        if allowed is not None:
            more = more[allowed(more)]
        more.sort()
        more = more[_first_of_equals(more) & ~known_among(found, more)]
        found = np.concatenate([found, more]) if found.size else more
        found.sort(kind="stable")  # two ascending parts
    return found


def _first_of_equals(ascending: Numbers) -> NDArray[np.bool_]:
    """Which of the numbers do not stand before already."""
    first = np.ones(ascending.size, dtype=np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    return first


def pair_total(people: int) -> int:
    """How many pairs there are among some people."""
    return people * (people - 1) // 2


def pairs_of(numbers: Numbers, people: int) -> Pairs:
    """The pairs with these numbers. Shape (numbers, 2)."""
    pairs = np.empty((numbers.size, 2), dtype=np.int32)
    step = numbers // max(people, 1)
    np.subtract(numbers, step * people, out=pairs[:, 0], casting="same_kind")
    step += 1
    step += pairs[:, 0]
    np.subtract(step, people, out=step, where=step >= people)
    pairs[:, 1] = step
    return pairs


def key_of(one: NDArray[np.int32], other: NDArray[np.int32], people: int) -> Numbers:
    """One number for each unordered pair, another for every pair. Shape as given."""
    return np.minimum(one, other).astype(np.int64) * people + np.maximum(one, other)


def known_among(known: Numbers, keys: Numbers) -> NDArray[np.bool_]:
    """Which of the `keys` are among those known (ascending)."""
    if not known.size:
        return np.zeros(keys.shape, dtype=np.bool_)
    return np.asarray(known[np.minimum(np.searchsorted(known, keys), known.size - 1)] == keys)
