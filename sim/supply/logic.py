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
from sim.supply.gates import Circuit, capacity
from sim.supply.lines import Course

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
    """

    __slots__ = (
        "_circuit",
        "_count",
        "_courses",
        "_cuts",
        "_known",
        "_masks",
        "_pivotal",
        "gates",
        "order",
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
        self._count = 1 + max(self.used)
        self._circuit = Circuit({name: gates[name] for name in self.order}, views, self._count)
        self._courses = [(name, self._circuit.places[name]) for name in gates]
        self._masks = {name: sum(1 << view for view in views) for name, views in self.reach.items()}
        self._known: dict[tuple[str, int], float] = {}
        self._pivotal: dict[tuple[str, int], int] = {}
        self._cuts: dict[tuple[str, tuple[int, ...]], int] = {}

    def capacity(self, name: str, down: int) -> float:
        """Capacity of one capability while the views in `down` are down and the others full."""
        key = name, down & self._masks[name]
        known = self._known.get(key)
        if known is None:
            views = self.views[name]

            def of(leaf: str) -> float:
                return self.capacity(leaf, down) if leaf in self.gates else float(not down >> views[leaf] & 1)

            known = self._known[key] = capacity(self.gates[name], of)
        return known

    def courses(self, seen: Mapping[int, Course], end: float) -> dict[str, Course]:
        """The capacity of every capability over [0, end), from that of the views that change."""
        known = self._circuit.run(seen, end)
        return {name: known[place] for name, place in self._courses}

    def is_down(self, name: str, down: int) -> bool:
        """Whether the capability has no capacity."""
        return self.capacity(name, down) == 0.0

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
        views = [v for v in self.reach[name] if down >> v & 1]
        if len(views) > _TOO_MANY:
            return sum(1 << v for v in views)
        found = 0
        for view in views:
            others = [v for v in views if v != view]
            for cut in _subsets(others):
                pattern = sum(1 << v for v in cut)
                if self.is_down(name, pattern | 1 << view) and not self.is_down(name, pattern):
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
                if self.is_down(name, known & ~(1 << view)):
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
