"""Who is friends with whom: a simple undirected network as two flat arrays.

In: pairs of people. Out: `Ties`. Each tie stands twice, once with either end; the friends of one person stand
side by side in ascending order, so that the same ties always give the same bits, whatever their order was.
The pairs are sorted as one whole number each, and what stands twice or ties somebody to himself is found on
the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

People = NDArray[np.integer[Any]]
Pairs = NDArray[np.int32]

_HIGH = 32
"""Bits by which the first of a pair is shifted: both numbers of a pair are below 2**31."""


@dataclass(frozen=True, slots=True)
class Ties:
    """The friends of everybody; people are numbered from 0. No loops, no double ties.

    Attributes
    ----------
    start
        Where the friends of each person begin in `friend`; the last entry is its length. Shape (people + 1,).
    friend
        Friends, person by person, ascending. Shape (2 x ties,).
    group
        The community of each person, from 0; all 0 where there are none. Shape (people,).
    """

    start: NDArray[np.int64]
    friend: NDArray[np.int32]
    group: NDArray[np.int32]

    @property
    def people(self) -> int:
        """How many people there are."""
        return self.start.size - 1

    @property
    def count(self) -> int:
        """How many ties there are."""
        return self.friend.size // 2

    @property
    def degree(self) -> NDArray[np.int32]:
        """How many friends everybody has. Shape (people,)."""
        return np.diff(self.start).astype(np.int32)

    def friends_of(self, people: People) -> NDArray[np.int32]:
        """The friends of some people, one person's after the other's. Shape (sum of their degrees,)."""
        return self.friend[self.places_of(people)]

    def places_of(self, people: People) -> NDArray[np.int64]:
        """Where the friends of some people stand in `friend`. Shape (sum of their degrees,)."""
        begin = self.start[people]
        many = self.start[np.asarray(people, dtype=np.int64) + 1] - begin
        end = np.cumsum(many)
        places = np.arange(end[-1] if end.size else 0)
        places += np.repeat(begin - end + many, many)
        return places

    def count_friends(self, mask: NDArray[np.bool_]) -> NDArray[np.int32]:
        """How many of everybody's friends are in `mask` (shape (people,)). Shape (people,)."""
        many = np.zeros(self.people, dtype=np.int32)
        has = np.flatnonzero(np.diff(self.start))  # an empty row would be given its neighbour's first friend
        if has.size:
            many[has] = np.add.reduceat(mask[self.friend], self.start[has], dtype=np.int32)
        return many

    def pairs(self) -> Pairs:
        """Every tie once, the smaller number first, ascending. Shape (ties, 2)."""
        owner = np.repeat(np.arange(self.people, dtype=np.int32), self.degree)
        once = owner < self.friend
        return np.stack([owner[once], self.friend[once]], axis=1)


def ties_of(pairs: ArrayLike, people: int, group: NDArray[np.int32] | None = None) -> Ties:
    """The network of some ties.

    Parameters
    ----------
    pairs
        Two people a row, each tie once in either order, people numbered from 0. Shape (ties, 2).
    people
        How many people there are.
    group
        The community of each; 0 if left out.

    Raises
    ------
    ValueError
        If a tie leads to itself, stands twice, or names somebody who is not there.

    Checked by: tests/unit/test_network_ties.py
    """
    start, friend = adjacency(pairs, people)
    return Ties(start, friend, np.zeros(people, dtype=np.int32) if group is None else group)


def adjacency(pairs: ArrayLike, people: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Pairs (each tie once, shape (ties, 2)) as `Ties.start` and `Ties.friend`.

    Raises
    ------
    ValueError
        If a tie leads to itself, stands twice, or names somebody who is not there.
    """
    ends = np.asarray(pairs).reshape(-1, 2)
    if not (count := len(ends)):
        return np.zeros(people + 1, dtype=np.int64), np.zeros(0, dtype=np.int32)
    if ends.min() < 0 or ends.max() >= people:
        raise ValueError(f"people are numbered from 0 to {people - 1}, a tie names another")
    keys = np.empty(2 * count, dtype=np.int64)
    for part, one, other in ((keys[:count], 0, 1), (keys[count:], 1, 0)):
        part[:] = ends[:, one]
        part <<= _HIGH
        part |= ends[:, other]
    keys.sort()
    twice = np.flatnonzero(keys[1:] == keys[:-1])  # a loop stands twice as well, once with either end
    if twice.size:
        one, other = divmod(int(keys[twice[0]]), 1 << _HIGH)
        wrong = f"the tie of {one} and {other} stands twice" if one != other else f"{one} is tied to himself"
        raise ValueError(wrong)
    start = np.searchsorted(keys, np.arange(people + 1) << _HIGH)
    keys &= (1 << _HIGH) - 1
    return start, keys.astype(np.int32)


def side_by_side(networks: Sequence[Ties]) -> Ties:
    """Several networks as one without ties between them; people are numbered on, communities too.

    Checked by: tests/unit/test_network_ties.py
    """
    before = np.cumsum([0, *(ties.people for ties in networks)])
    groups = np.cumsum([0, *(int(ties.group.max(initial=-1)) + 1 for ties in networks)])
    lengths = np.cumsum([0, *(ties.friend.size for ties in networks)])
    start = [ties.start[:-1] + offset for ties, offset in zip(networks, lengths, strict=False)]
    friend = np.empty(lengths[-1], dtype=np.int32)
    for ties, offset, begin, end in zip(networks, before, lengths[:-1], lengths[1:], strict=False):
        np.add(ties.friend, offset, out=friend[begin:end], casting="same_kind")
    group = [ties.group + offset for ties, offset in zip(networks, groups, strict=False)]
    return Ties(
        np.concatenate([*start, lengths[-1:]]),
        friend,
        np.concatenate(group).astype(np.int32) if group else np.zeros(0, dtype=np.int32),
    )
