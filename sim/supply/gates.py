"""The success logic of capabilities: what the platform can do, given who serves.

In: the scenario's gates and, for every supplier as one capability sees it (a *view*), whether it serves.
Out: the capacity of each capability. Every pattern of views is worked out once a block, by the plain
recursion `capacity`, and then looked up: a thousand replications meet a few dozen patterns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from sim.scenario.gates import All, AtLeast, Gate, Leaf, Shares, leaves
from sim.scenario.gates import Any as AnyOf
from sim.supply import lines
from sim.supply.lines import Pieces

_TOO_MANY = 12
"""More suppliers down at once than this are not searched for those that matter: all of them count."""


def capacity(gate: Gate, of: Callable[[str], float]) -> float:
    """Capacity of a gate, from the capacity of what it stands on.

    All = min, any = max, at least k = k-th largest, shares = min(1, sum of share x capacity).

    Checked by: tests/theory/test_k_of_n.py, tests/properties/test_supply_gates.py
    """
    if isinstance(gate, Leaf):
        return of(gate.name)
    if isinstance(gate, Shares):
        return min(1.0, sum(share * capacity(item, of) for share, item in gate.of))
    return sorted([capacity(item, of) for item in gate.of], reverse=True)[_place(gate)]


def pieces(gate: Gate, of: Callable[[str], Pieces], end: float) -> Pieces:
    """The same for capacities that change along straight lines on [0, end)."""
    if isinstance(gate, Leaf):
        return of(gate.name)
    if isinstance(gate, Shares):
        return lines.summed([lines.scaled(pieces(item, of, end), share) for share, item in gate.of], end)
    return lines.ranked([pieces(item, of, end) for item in gate.of], _place(gate), end)


def _place(gate: All | AnyOf | AtLeast) -> int:
    """Which of its capacities a gate takes, the largest first."""
    return -1 if isinstance(gate, All) else 0 if isinstance(gate, AnyOf) else gate.count - 1


Source = float | int
"""Where a capacity comes from: a float is a capacity, an int is the view whose capacity it is."""


def _adds(gate: Gate) -> bool:
    if isinstance(gate, Leaf):
        return False
    return isinstance(gate, Shares) or any(_adds(item) for item in gate.of)


@dataclass(slots=True)
class Logic:
    """All gates of a scenario over its views, with what has been worked out so far.

    A pattern of views is an integer: bit v is set while view v has no capacity at all.

    Attributes
    ----------
    gates
        Capability to gate, in file order.
    views
        For each capability and each supplier, the number of the view that the capability has of it.
    order, reach, used, places, seen_by, count, adds
        Found out from these: capabilities behind what they need, the views each depends on, all of those, the
        place of each capability in the file, the places of those that depend on each view, how many views
        there are, and whether any gate adds capacities up.
    """

    gates: Mapping[str, Gate]
    views: Mapping[str, Mapping[str, int]]
    order: tuple[str, ...] = ()
    count: int = 0
    used: frozenset[int] = frozenset()
    places: Mapping[str, int] = field(default_factory=dict)
    seen_by: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    adds: bool = False
    reach: Mapping[str, frozenset[int]] = field(default_factory=dict)
    _known: dict[int, tuple[float, ...]] = field(default_factory=dict)
    _ordered: dict[tuple[int, tuple[int, ...]], tuple[Source, ...]] = field(default_factory=dict)
    _pivotal: dict[tuple[str, int], int] = field(default_factory=dict)
    _cuts: dict[tuple[str, tuple[int, ...]], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Put every capability behind those it needs, and find the views each depends on."""
        reach: dict[str, frozenset[int]] = {}

        def visit(name: str) -> frozenset[int]:
            if name not in reach:
                found: set[int] = set()
                for leaf in leaves(self.gates[name]):
                    found |= visit(leaf) if leaf in self.gates else {self.views[name][leaf]}
                reach[name] = frozenset(found)
            return reach[name]

        for name in self.gates:
            visit(name)
        self.order = tuple(reach)
        self.reach = reach
        self.used = frozenset().union(*reach.values())
        self.places = {name: place for place, name in enumerate(self.gates)}
        self.seen_by = {v: tuple(p for name, p in self.places.items() if v in reach[name]) for v in self.used}
        self.count = 1 + max(view for views in self.views.values() for view in views.values())
        self.adds = any(_adds(gate) for gate in self.gates.values())

    def at(self, down: int) -> tuple[float, ...]:
        """Capacity of every capability, in file order, while the views in `down` are down and the others full."""
        known = self._known.get(down)
        if known is None:
            known = self._known[down] = self._work_out([float(not down >> view & 1) for view in range(self.count)])
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

    def along(self, down: int, moving: Mapping[int, Pieces], end: float) -> tuple[Pieces, ...]:
        """Capacities on [0, end) while the views in `moving` change along lines."""
        found: dict[str, Pieces] = {}
        for name in self.order:
            views = self.views[name]

            def of(leaf: str, views: Mapping[str, int] = views) -> Pieces:
                if leaf in found:
                    return found[leaf]
                view = views[leaf]
                return moving.get(view) or lines.constant(float(not down >> view & 1))

            found[name] = pieces(self.gates[name], of, end)
        return tuple(found[name] for name in self.gates)

    def ordered(self, down: int, moving: tuple[int, ...]) -> tuple[Source, ...]:
        """Where each capacity comes from while the views in `moving` grow, the lowest first, and do not cross.

        A number is that capacity; a view means: the capacity of that view. Without shares a gate only ever
        picks one of its capacities, and which one depends on their order alone, so it is settled by any
        numbers in that order.
        """
        key = (down, moving)
        known = self._ordered.get(key)
        if known is None:
            stand_ins = {view: (i + 1.0) / (len(moving) + 1.0) for i, view in enumerate(moving)}
            back = {value: view for view, value in stand_ins.items()}
            values = [float(not down >> view & 1) for view in range(self.count)]
            for view, value in stand_ins.items():
                values[view] = value
            known = tuple([back.get(value, value) for value in self._work_out(values)])
            self._ordered[key] = known
        return known

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


def _subsets(views: Sequence[int]) -> list[tuple[int, ...]]:
    return [subset for size in range(len(views) + 1) for subset in combinations(views, size)]
