"""Who moved, when, where to and because of whom: what following individuals finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEFT, RETURNED, GAVE_UP, CHURNED = range(4)
"""What a move is: present to away, away to present, away to gone, any to gone."""
MOVES: Final = ("left", "returned", "gave up", "churned")

FRIENDS, TOO_FEW = -1, -2
"""Causes of leaving beside those of `Hazards.own`: that friends are away, that too few are there."""
NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Moves:
    """Every move, in order of time. Arrays of shape (moves,).

    Attributes
    ----------
    time
        Hours.
    person
        Who.
    what
        One of `LEFT`, `RETURNED`, `GAVE_UP`, `CHURNED`.
    place
        Where the person went (who left), is (who gave up or churned from away) or was (who returned); -1 for
        one who churned while present.
    cause
        Why one left: the number of a cause of `Hazards.own`, `FRIENDS` or `TOO_FEW`; 0 for other moves.
    because
        The friend whose leaving last raised the hazard or made the friends too few; -1 where one moved of
        oneself or nobody asked.
    """

    time: Array
    person: NDArray[np.int32]
    what: NDArray[np.int8]
    place: NDArray[np.int8]
    cause: NDArray[np.int8]
    because: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.time)

    def chosen(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> Moves:
        """A selection."""
        return Moves(
            self.time[index], self.person[index], self.what[index],
            self.place[index], self.cause[index], self.because[index],
        )  # fmt: skip

    def first_left(self, people: int) -> Array:
        """When each person first left, infinity for those who never did. Shape (people,), hours."""
        found = np.full(people, np.inf)
        left = self.what == LEFT
        np.minimum.at(found, self.person[left], self.time[left])
        return found
