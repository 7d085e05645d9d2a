"""Communities: people are tied more often within their own group than to others.

In: people, friends on average, number of groups, share of friends inside. Out: pairs, and everybody's group.
Exact, the planted partition (Condon & Karp 2001, Random Struct. Algorithms 18:116): two people of one group
are tied with one chance, two people of different groups with another, all pairs independently. The chances
are set so that the averages over all people are as asked. Groups are equal in size, or differ by one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.sampling import Numbers, distinct, pair_total, pairs_of
from sim.demand.network.ties import Pairs


def community_pairs(
    people: int, friends: float, groups: int, inside: float, generator: np.random.Generator
) -> tuple[Pairs, NDArray[np.int32]]:
    """Ties within groups and between them; `inside` is the share of friends within one's own.

    Raises
    ------
    ValueError
        If the groups are too small for so many friends inside, or the rest for those outside.

    Checked by: tests/unit/test_network_communities.py
    """
    size, larger = divmod(people, groups)
    small = pair_total(size)
    within = larger * pair_total(size + 1) + (groups - larger) * small
    between = pair_total(people) - within
    near, far = people * friends * inside / 2, people * friends * (1.0 - inside) / 2
    if near > within or far > between:
        raise ValueError(f"{friends:g} friends, {inside:.0%} inside, do not fit {groups} groups of {size}")
    sizes = np.full(groups, size)
    sizes[:larger] += 1
    group = np.repeat(np.arange(groups, dtype=np.int32), sizes)
    ours = distinct(_many(near, within, generator), within, generator)
    others = distinct(
        _many(far, between, generator), pair_total(people), generator, lambda k: _apart(k, people, group)
    )
    return np.concatenate([_inside(ours, size, larger), pairs_of(others, people)]), group


def _many(mean: float, total: int, generator: np.random.Generator) -> int:
    return int(generator.binomial(total, mean / total)) if total else 0


def _apart(numbers: Numbers, people: int, group: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether the pairs with these numbers are of different groups."""
    pairs = pairs_of(numbers, people)
    return np.asarray(group[pairs[:, 0]] != group[pairs[:, 1]])


def _inside(numbers: Numbers, size: int, larger: int) -> Pairs:
    """Pairs within groups, numbered group by group; the first `larger` groups have one person more."""
    found = []
    in_larger = larger * pair_total(size + 1)
    halves = (
        (numbers[numbers < in_larger], size + 1, 0),
        (numbers[numbers >= in_larger] - in_larger, size, larger * (size + 1)),
    )
    for part, many, first in halves:
        which, pair = np.divmod(part, max(pair_total(many), 1))
        found.append(pairs_of(pair, many) + (first + which * many).astype(np.int32)[:, None])
    return np.concatenate(found)
