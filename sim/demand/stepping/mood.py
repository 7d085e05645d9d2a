"""What people feel of the others: how many have left, and how large the rivals have grown.

In: how many are present, away, and with each rival. Out: the share of people who are away, and by what the
size of each rival multiplies its attraction. These few numbers are all that ties users to each other, apart
from the queue at the door.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.stepping.crowd import Crowd

Array = NDArray[np.float64]

_TINY = 1e-300
"""What is divided by where there is nobody."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """People by what others see of them. Shape (rows,), rivals (rivals, rows).

    ``with_rivals`` counts ours who are away at each rival, and who use it beside.
    """

    present: Array
    away: Array
    with_rivals: Array


class Mood:
    """Which of it a crowd feels at all, and its sizes at the start."""

    def __init__(self, crowd: Crowd) -> None:
        rivals = crowd.rivals
        self.rivals = rivals
        self.at_start = crowd.start.sum(axis=0)
        growing = (rivals.grows > 0.0) & (rivals.users > 0.0)
        self._who = np.flatnonzero(growing.any(axis=1))
        growing = growing[self._who]
        self._users = np.where(growing, rivals.users[self._who], 1.0)
        # where one does not grow: its size to the power of 0, and at most 1
        self._power = np.where(growing, rivals.grows[self._who], 0.0)
        self._most = np.where(growing, rivals.at_most[self._who], 1.0)
        self.growing = tuple(self._who.tolist())
        self.tried = tuple((r, use) for use, r in enumerate(crowd.tried, start=1) if r in self.growing)
        self.lures = bool(self.tried)
        self.follows = bool(crowd.friends_waiting.any() or crowd.friends_active.any())
        self.doubts = bool(crowd.friends_returning.any())
        self.grows = bool(self._who.size)

    @property
    def needed(self) -> bool:
        """Whether anybody's leaving depends on what the others do."""
        return self.follows or self.grows

    def share_away(self, numbers: Numbers) -> Array:
        """Of everybody who is present or away, those who are away; 0 where there is nobody. Shape (rows,)."""
        everyone = numbers.present + numbers.away
        return np.asarray(numbers.away / np.maximum(everyone, _TINY))

    def attraction(self, numbers: Numbers) -> Array | None:
        """By what each rival's size multiplies its attraction, (rivals, rows); None: by 1."""
        if not self.grows:
            return None
        who = self._who
        # the first guess of a long step may be below nobody
        theirs = np.maximum(numbers.with_rivals.take(who, axis=0) / self._users + 1.0, 0.0)
        ours = np.maximum(numbers.present / self.at_start, 0.0)
        factor = np.exp(self._power * np.log(theirs / ours))
        result = np.ones(self.rivals.users.shape)
        result[who] = np.fmin(self._most, factor)  # where nobody is left with us: the most
        return result
