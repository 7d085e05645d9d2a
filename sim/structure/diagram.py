"""Reduced ordered binary decision diagrams: Boolean functions of named events, each with one picture.

In: names in a fixed order. Out: functions as whole numbers. Two functions are the same exactly if their
numbers are; 0 is "never" and 1 "always". A variable is true when its event has happened.

References
----------
R. E. Bryant, Graph-based algorithms for Boolean function manipulation, IEEE Transactions on Computers
C-35(8), 1986, 677-691, doi 10.1109/TC.1986.1676819.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence

from sim.errors import UsageError

NEVER, ALWAYS = 0, 1

MOST_NODES = 500_000
"""Or remembered steps: some seconds, some hundred megabytes. A platform of 30 suppliers takes hundreds."""

Node = tuple[int, int, int]
"""Variable, the function where its event has not happened, the function where it has."""


class Diagram:
    """All functions of some events, each node of them kept once.

    Attributes
    ----------
    names
        The events, in the order in which functions ask for them.
    """

    __slots__ = ("_chosen", "_known", "_nodes", "_place", "names")

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._place = {name: place for place, name in enumerate(self.names)}
        last = len(self.names)
        self._nodes: list[Node] = [(last, NEVER, NEVER), (last, ALWAYS, ALWAYS)]
        self._known: dict[Node, int] = {}
        self._chosen: dict[Node, int] = {}

    def __len__(self) -> int:
        """How many nodes have been made, the two constants among them."""
        return len(self._nodes)

    def node(self, function: int) -> Node:
        """The variable a function asks for first, and what it is without and with that event.

        The constants have the number of all events for a variable: they stand behind every other.
        """
        return self._nodes[function]

    def place(self, name: str) -> int:
        """The variable of an event."""
        return self._place[name]

    def event(self, name: str) -> int:
        """The function that is true when this event has happened."""
        return self.make(self._place[name], NEVER, ALWAYS)

    def make(self, variable: int, low: int, high: int) -> int:
        """The node that asks for a variable; no node where the answer makes no difference."""
        if low == high:
            return low
        key = (variable, low, high)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self._nodes)
            refuse_if_too_many(found)
            self._nodes.append(key)
        return found

    def choose(self, condition: int, then: int, otherwise: int) -> int:
        """``then`` where the condition is true, ``otherwise`` elsewhere."""
        if condition == ALWAYS or then == otherwise:
            return then
        if condition == NEVER:
            return otherwise
        if then == ALWAYS and otherwise == NEVER:
            return condition
        key = (condition, then, otherwise)
        found = self._chosen.get(key)
        if found is None:
            first = min(self._nodes[each][0] for each in key)
            low, high = (
                self.choose(*(self._branch(each, first, side) for each in key)) for side in (False, True)
            )
            found = self._chosen[key] = self.make(first, low, high)
            refuse_if_too_many(len(self._chosen))
        return found

    def _branch(self, function: int, variable: int, happened: bool) -> int:
        asked, low, high = self._nodes[function]
        return function if asked != variable else high if happened else low

    def both(self, one: int, other: int) -> int:
        """Where both are true."""
        return self.choose(one, other, NEVER)

    def either(self, one: int, other: int) -> int:
        """Where at least one is true."""
        return self.choose(one, ALWAYS, other)

    def all_of(self, functions: Iterable[int]) -> int:
        """Where all are true; always, for none."""
        found = ALWAYS
        for each in functions:
            found = self.both(found, each)
        return found

    def any_of(self, functions: Iterable[int]) -> int:
        """Where at least one is true; never, for none."""
        found = NEVER
        for each in functions:
            found = self.either(found, each)
        return found

    def at_least(self, count: int, functions: Sequence[int]) -> int:
        """Where ``count`` or more of them are true, each counted as often as it is there."""
        if count <= 0:
            return ALWAYS
        # row[k]: at least k of those seen so far, the last first, are true
        row = [ALWAYS] + [NEVER] * count
        for each in reversed(functions):
            row = [
                ALWAYS,
                *(self.choose(each, fewer, same) for fewer, same in itertools.pairwise(row)),
            ]
        return row[count]

    def holds(self, function: int, happened: Collection[str]) -> bool:
        """Whether it is true when exactly these events have happened."""
        while function > ALWAYS:
            variable, low, high = self._nodes[function]
            function = high if self.names[variable] in happened else low
        return function == ALWAYS

    def events(self, function: int) -> tuple[str, ...]:
        """The events it depends on, in order."""
        return tuple(
            self.names[variable] for variable in sorted({self.node(n)[0] for n in self.below(function)})
        )

    def below(self, function: int) -> list[int]:
        """The nodes a function is made of, without the constants, each behind those that lead to it."""
        found: set[int] = set()
        waiting = [function]
        while waiting:
            each = waiting.pop()
            if each > ALWAYS and each not in found:
                found.add(each)
                waiting += self._nodes[each][1:]
        return sorted(found, key=lambda each: self._nodes[each][0])


def refuse_if_too_many(nodes: int) -> None:
    """Stop before the memory does.

    Raises
    ------
    UsageError
        If there are more nodes than `MOST_NODES`.
    """
    if nodes >= MOST_NODES:
        message = "who depends on whom is too entangled to be worked out exactly; leave some suppliers out"
        raise UsageError(message)
