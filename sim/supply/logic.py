"""All gates of a scenario over who serves, with what has been worked out so far.

In: the gates, and for every supplier as one capability sees it (a *view*) its number. Out: the capacity of
each capability for a pattern of views, and which of the views that are down matter. Every pattern is worked
out once by the plain recursion and then looked up: a thousand replications meet a few dozen patterns.

A pattern of views is an integer: bit v is set while view v has no capacity at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from sim.scenario.gates import Gate, leaves
from sim.supply.gates import capacity, course
from sim.supply.lines import FULL, Course

_TOO_MANY = 12
"""More suppliers down at once than this are not searched for those that matter: all of them count."""


class Logic:
    """The gates of all capabilities.

    Attributes
    ----------
    gates
        Capability to gate, in file order.
    views
        For each capability and each supplier that its gate names, the number of the view that it has of it.
    order
        The capabilities, each behind those it needs.
    reach
        The views that each capability depends on, directly or through others.
    used
        All views that any capability depends on.
    places
        The place of each capability in the file.
    """

    __slots__ = (
        "_count",
        "_cuts",
        "_known",
        "_pivotal",
        "gates",
        "order",
        "places",
        "reach",
        "used",
        "views",
    )

    def __init__(self, gates: Mapping[str, Gate], views: Mapping[str, Mapping[str, int]]) -> None:
        self.gates = gates
        self.views = views
        self.reach = _reach(gates, views)
        self.order = tuple(self.reach)
        self.used = frozenset().union(*self.reach.values())
        self.places = {name: place for place, name in enumerate(gates)}
        self._count = 1 + max(self.used)
        self._known: dict[int, tuple[float, ...]] = {}
        self._pivotal: dict[tuple[str, int], int] = {}
        self._cuts: dict[tuple[str, tuple[int, ...]], int] = {}

    def at(self, down: int) -> tuple[float, ...]:
        """Capacity of every capability while the views in `down` are down and the others full."""
        known = self._known.get(down)
        if known is None:
            known = self._known[down] = self._work_out(
                [float(not down >> view & 1) for view in range(self._count)]
            )
        return known

    def _work_out(self, values: Sequence[float]) -> tuple[float, ...]:
        """Capacity of every capability from that of every view."""
        found: dict[str, float] = {}
        for name in self.order:
            views = self.views[name]

            def of(leaf: str, views: Mapping[str, int] = views) -> float:
                return found[leaf] if leaf in found else values[views[leaf]]

            found[name] = capacity(self.gates[name], of)
        return tuple(found[name] for name in self.gates)

    def courses(self, seen: Mapping[int, Course], end: float) -> dict[str, Course]:
        """The capacity of every capability over [0, end), from that of the views that change."""
        found: dict[str, Course] = {}
        for name in self.order:
            views = self.views[name]

            def of(leaf: str, views: Mapping[str, int] = views) -> Course:
                known = found.get(leaf)
                return known if known is not None else seen.get(views[leaf], FULL)

            found[name] = course(self.gates[name], of, end)
        return {name: found[name] for name in self.gates}

    def is_down(self, capability: int, down: int) -> bool:
        """Whether the capability (its place in the file) has no capacity."""
        return self.at(down)[capability] == 0.0

    def pivotal(self, name: str, down: int) -> int:
        """Those of the views in `down` without which the capability cannot come back in some way: a pattern.

        They are the members of the minimal cut sets within `down`: a supplier whose loss is covered by
        another that serves is not among them.
        """
        key = (name, down)
        if key not in self._pivotal:
            self._pivotal[key] = self._find_pivotal(name, down)
        return self._pivotal[key]

    def _find_pivotal(self, name: str, down: int) -> int:
        capability = self.places[name]
        views = [v for v in self.reach[name] if down >> v & 1]
        if len(views) > _TOO_MANY:
            return sum(1 << v for v in views)
        found = 0
        for view in views:
            others = [v for v in views if v != view]
            for cut in _subsets(others):
                pattern = sum(1 << v for v in cut)
                if self.is_down(capability, pattern | 1 << view) and not self.is_down(capability, pattern):
                    found |= 1 << view
                    break
        return found

    def cut(self, name: str, fallen: tuple[int, ...]) -> int:
        """The minimal set of views that has kept the capability down the longest, as a pattern.

        ``fallen`` holds the views that are down, the earliest-fallen first; the latest are spared first.
        """
        key = (name, fallen)
        known = self._cuts.get(key)
        if known is None:
            known = sum(1 << v for v in fallen)
            for view in reversed(fallen):
                if self.is_down(self.places[name], known & ~(1 << view)):
                    known &= ~(1 << view)
            self._cuts[key] = known
        return known


def _reach(gates: Mapping[str, Gate], views: Mapping[str, Mapping[str, int]]) -> dict[str, frozenset[int]]:
    """The views each capability depends on; a capability stands behind those it needs."""
    reach: dict[str, frozenset[int]] = {}

    def visit(name: str) -> frozenset[int]:
        if name not in reach:
            found: set[int] = set()
            for leaf in leaves(gates[name]):
                found |= visit(leaf) if leaf in gates else {views[name][leaf]}
            reach[name] = frozenset(found)
        return reach[name]

    for name in gates:
        visit(name)
    return reach


def _subsets(views: Sequence[int]) -> list[tuple[int, ...]]:
    return [subset for size in range(len(views) + 1) for subset in combinations(views, size)]
