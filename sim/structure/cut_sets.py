"""Minimal cut sets: the smallest sets of events that take a capability down when they happen together.

In: a function of a `Diagram`. Out: `CutSets`, counted without being listed and listed the smallest first.
They are kept as a diagram of their own, a zero-suppressed one, in which a path through the high branch of a
node takes its event into the set: a million sets may stand in a hundred nodes.

References
----------
A. Rauzy, New algorithms for fault trees analysis, Reliability Engineering & System Safety 40(3), 1993,
203-211, doi 10.1016/0951-8320(93)90060-C: the decomposition used here.
S. Minato, Zero-suppressed BDDs for set manipulation in combinatorial problems, DAC 1993.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from sim.structure.diagram import ALWAYS, NEVER, Diagram, Node, refuse_if_too_many

_NONE, _EMPTY = NEVER, ALWAYS
"""No set at all; the one set without members."""

Cut = tuple[str, ...]


@dataclass(slots=True)
class _Families:
    """Families of sets, each node kept once; the same layout as in a `Diagram`."""

    last: int
    nodes: list[Node] = field(default_factory=list)
    known: dict[Node, int] = field(default_factory=dict)
    rest: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.nodes = [(self.last, _NONE, _NONE), (self.last, _NONE, _NONE)]

    def make(self, variable: int, without: int, within: int) -> int:
        """The sets of ``without``, and those of ``within`` with one member more."""
        if within == _NONE:
            return without
        key = (variable, without, within)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = len(self.nodes)
            refuse_if_too_many(found)
            self.nodes.append(key)
        return found

    def not_above(self, family: int, other: int) -> int:
        """The sets of a family that hold no set of another one."""
        if family == _NONE or other == _EMPTY:
            return _NONE
        if other == _NONE or family == _EMPTY:
            return family
        key = (family, other)
        found = self.rest.get(key)
        if found is None:
            found = self.rest[key] = self._not_above(family, other)
            refuse_if_too_many(len(self.rest))
        return found

    def _not_above(self, family: int, other: int) -> int:
        mine, without, within = self.nodes[family]
        theirs, beside, inside = self.nodes[other]
        if mine > theirs:  # sets of the other with that event can be in none of ours
            return self.not_above(family, beside)
        if mine < theirs:
            return self.make(mine, self.not_above(without, other), self.not_above(within, other))
        kept = self.not_above(self.not_above(within, inside), beside)
        return self.make(mine, self.not_above(without, beside), kept)


class CutSets:
    """The minimal cut sets of one function that never turns false again when more events happen.

    Checked by: tests/properties/test_structure.py, tests/theory/test_d4_cut_sets_and_importance.py
    """

    __slots__ = ("_counts", "_diagram", "_families", "_root", "function")

    def __init__(self, diagram: Diagram, function: int) -> None:
        self.function = function
        self._diagram = diagram
        self._families = _Families(len(diagram.names))
        self._counts: dict[int, tuple[int, ...]] = {}
        self._root = self._minimal(function, {})

    def _minimal(self, function: int, known: dict[int, int]) -> int:
        """Rauzy's decomposition on the first event x that a function asks for.

        Without x: the cut sets of the function where x has not happened. With x: x and the cut sets of the
        function where it has, but for those that are enough without x.
        """
        if function <= ALWAYS:
            return function
        if function not in known:
            variable, low, high = self._diagram.node(function)
            without = self._minimal(low, known)
            within = self._families.not_above(self._minimal(high, known), without)
            known[function] = self._families.make(variable, without, within)
        return known[function]

    @property
    def by_order(self) -> tuple[int, ...]:
        """How many there are of 0 events (1 if it is down anyway), of 1, of 2, and so on."""
        return self._count(self._root)

    def __len__(self) -> int:
        return sum(self.by_order)

    def _count(self, family: int) -> tuple[int, ...]:
        if family <= _EMPTY:
            return (1,) if family == _EMPTY else ()
        if family not in self._counts:
            _, without, within = self._families.nodes[family]
            one, other = self._count(without), (0, *self._count(within))
            size = max(len(one), len(other))
            one, other = (each + (0,) * (size - len(each)) for each in (one, other))
            self._counts[family] = tuple(a + b for a, b in zip(one, other, strict=True))
        return self._counts[family]

    @property
    def singles(self) -> Cut:
        """The events that suffice alone: the single points of failure."""
        return tuple(cut[0] for cut in self.of_order(1))

    def of_order(self, size: int) -> Iterator[Cut]:
        """Those of so many events, the events of each in the order of the diagram."""
        return self._walk(self._root, size)

    def _walk(self, family: int, size: int) -> Iterator[Cut]:
        counts = self._count(family)
        if size >= len(counts) or not counts[size]:
            return
        if family == _EMPTY:
            yield ()
            return
        variable, without, within = self._families.nodes[family]
        if size:
            name = self._diagram.names[variable]
            yield from ((name, *rest) for rest in self._walk(within, size - 1))
        yield from self._walk(without, size)

    def __iter__(self) -> Iterator[Cut]:
        """All of them, the smallest first."""
        for size in range(len(self.by_order)):
            yield from self.of_order(size)

    def first(self, most: int) -> tuple[Cut, ...]:
        """The smallest ones, at most so many."""
        return tuple(islice(self, most))

    def through(self, event: str) -> int:
        """The function that is true where all of at least one cut set with this event have happened."""
        known: dict[int, int] = {}
        return self._whole(self._with(self._root, self._diagram.place(event), {}), known)

    def _with(self, family: int, variable: int, known: dict[int, int]) -> int:
        """The sets of a family that have this event."""
        asked, without, within = self._families.nodes[family]
        if family <= _EMPTY or asked > variable:
            return _NONE
        if asked == variable:
            return self._families.make(asked, _NONE, within)
        if family not in known:
            parts = (self._with(each, variable, known) for each in (without, within))
            known[family] = self._families.make(asked, *parts)
        return known[family]

    def _whole(self, family: int, known: dict[int, int]) -> int:
        """The function that is true where some set of the family has happened as a whole."""
        if family <= _EMPTY:
            return family
        if family not in known:
            variable, without, within = self._families.nodes[family]
            beside = self._whole(without, known)
            high = self._diagram.either(beside, self._whole(within, known))
            known[family] = self._diagram.make(variable, beside, high)
        return known[family]
