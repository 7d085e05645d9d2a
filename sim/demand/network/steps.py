"""One step of time, and the tables of hazards at both its ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.hazards import Hazards

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Step:
    """A step. Rows of the tables have shape (K,).

    Attributes
    ----------
    number
        Of the edge at which it begins.
    begin, end
        Hours.
    own, pull
        The integrals at its begin and end: of what acts on one whatever one's friends do, and of what is to
        be multiplied by the share of them who are away.
    presses
        Whether the latter grows in this step for anybody.
    """

    number: int
    begin: float
    end: float
    own: tuple[Array, Array]
    pull: tuple[Array, Array]
    presses: bool

    def part(self, time: Array) -> Array:
        """How far into the step an hour is: 0 at its begin, 1 at its end."""
        return (time - self.begin) / (self.end - self.begin)

    def borne(self, kind: Index, share: NDArray[np.float32], end: int) -> Array:
        """What people of some kinds have borne at the begin (0) or the end (1)."""
        total = share * self.pull[end].take(kind)
        total += self.own[end].take(kind)
        return total


class Clock:
    """The steps, one after the other.

    Attributes
    ----------
    edges, own, pull
        As in `Hazards`, all causes that do not depend on friends together.
    """

    __slots__ = ("_presses", "edges", "own", "pull")

    def __init__(self, hazards: Hazards) -> None:
        self.edges, self.own, self.pull = hazards.edges, hazards.total(), hazards.pull
        self._presses: list[bool] = np.any(np.diff(hazards.pull, axis=0) > 0.0, axis=1).tolist()

    @property
    def steps(self) -> int:
        """How many there are."""
        return self.edges.size - 1

    def step(self, number: int) -> Step:
        """One of them."""
        own, pull, edges = self.own, self.pull, self.edges
        return Step(
            number, float(edges[number]), float(edges[number + 1]), (own[number], own[number + 1]),
            (pull[number], pull[number + 1]), self._presses[number],
        )  # fmt: skip
