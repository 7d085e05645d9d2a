"""The success logic of capabilities: their capacity, given the capacity of all they stand on.

In: the scenario's gates, and capacities. Out: the capacity of one gate at one instant, by the plain
recursion; or that of all gates as courses over time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import itemgetter

from sim.scenario.gates import All, Any, AtLeast, Gate, Leaf, Shares
from sim.supply import lines
from sim.supply.lines import FULL, Course


def capacity(gate: Gate, of: Callable[[str], float]) -> float:
    """Capacity of a gate, from the capacity of what it stands on.

    All = min, any = max, at least k = k-th largest, shares = min(1, sum of share x capacity).

    Checked by: tests/theory/test_d3_k_of_n.py, tests/properties/test_supply_gates.py
    """
    if isinstance(gate, Leaf):
        return of(gate.name)
    if isinstance(gate, Shares):
        return min(1.0, sum(share * capacity(item, of) for share, item in gate.of))
    values = [capacity(item, of) for item in gate.of]
    if isinstance(gate, All):
        return min(values)
    return sorted(values, reverse=True)[gate.count - 1 if isinstance(gate, AtLeast) else 0]


class Circuit:
    """The same over [0, end), for all capabilities: every gate is a step, put in order once.

    ``places`` says where in the list of all courses that of a capability stands. The views come first.

    Checked by: tests/properties/test_supply_gates.py
    """

    __slots__ = ("_size", "_steps", "places")

    def __init__(
        self, gates: Mapping[str, Gate], views: Mapping[str, Mapping[str, int]], number: int
    ) -> None:
        """`gates` in an order in which each stands behind those it needs; there are `number` views."""
        self.places: dict[str, int] = {}
        self._steps: list[tuple[int, _Read, _Combine]] = []
        self._size = number
        for name, gate in gates.items():
            self.places[name] = self._place(gate, views[name])

    def _place(self, gate: Gate, views: Mapping[str, int]) -> int:
        """Where the course of a gate stands; what it is made of stands before it."""
        if isinstance(gate, Leaf):
            return self.places[gate.name] if gate.name in self.places else views[gate.name]
        items = [item for _, item in gate.of] if isinstance(gate, Shares) else gate.of
        places = [self._place(item, views) for item in items]
        self._steps.append((self._size, _reader(places), _combine(gate)))
        self._size += 1
        return self._size - 1

    def run(self, seen: Mapping[int, Course], end: float) -> list[Course]:
        """The courses at all places, from those of the views that change."""
        known = [FULL] * self._size
        for view, course in seen.items():
            known[view] = course
        for place, read, combine in self._steps:
            known[place] = combine(read(known), end)
        return known


_Read = Callable[[Sequence[Course]], Sequence[Course]]
_Combine = Callable[[Sequence[Course], float], Course]


def _reader(places: Sequence[int]) -> _Read:
    """From all courses to those at some places."""
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))


def _combine(gate: All | Any | AtLeast | Shares) -> _Combine:
    """What a gate makes of the courses of what it stands on."""
    if isinstance(gate, All):
        return lines.smallest
    if isinstance(gate, AtLeast):
        return partial(_ranked, gate.count)
    if isinstance(gate, Shares):
        return partial(_summed, [share for share, _ in gate.of])
    return lines.largest


def _ranked(place: int, courses: Sequence[Course], end: float) -> Course:
    return lines.ranked(courses, place, end)


def _summed(shares: Sequence[float], courses: Sequence[Course], end: float) -> Course:
    return lines.summed(courses, shares, end)
