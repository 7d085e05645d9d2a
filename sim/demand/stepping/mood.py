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
        self._growing = growing[self._who]
        self._users = np.where(self._growing, rivals.users[self._who], 1.0)
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
        return np.divide(numbers.away, everyone, out=np.zeros_like(everyone), where=everyone > 0.0)

    def attraction(self, numbers: Numbers) -> Array | None:
        """By what each rival's size multiplies its attraction, (rivals, rows); None: by 1."""
        if not self.grows:
            return None
        who, rivals = self._who, self.rivals
        # the first guess of a long step may be below nobody
        theirs = np.maximum(rivals.users[who] + numbers.with_rivals[who], 0.0) / self._users
        ours = np.maximum(numbers.present, 0.0) / self.at_start
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            factor = (theirs / ours) ** rivals.grows[who]
        most = rivals.at_most[who]
        result = np.ones_like(rivals.users)
        result[who] = np.where(self._growing, np.where(ours > 0.0, np.minimum(most, factor), most), 1.0)
        return result
