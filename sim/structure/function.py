"""The structure function: whether a capability is down, or short of something, as a function of who failed.

In: gates of capabilities, what suppliers need themselves, and the basic events. Out: functions of one
`Diagram`, a supplier that is needed in several places being one and the same there.

A capability is *short of* t when its capacity is 0 or less than t: short of 0 is down, short of
`recovered_at` is not recovered. All is short if one of its parts is, any if all are, k of n if more than
n - k are; shares add up capacities, so every capacity their parts may have is looked at.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.scenario.gates import All, AtLeast, Gate, Leaf, Shares, leaves
from sim.structure.cut_sets import CutSets
from sim.structure.diagram import ALWAYS, NEVER, Diagram
from sim.structure.failures import BasicEvent, events_of

if TYPE_CHECKING:
    from sim.scenario.model import Scenario

SLACK = 1e-9
"""By how much a capacity may miss a threshold: shares of 0.6 and 0.4 need not add up to 1 in floats."""

MOST_CAPACITIES = 4096
"""Of one capability; shares of shares of shares could have any number of them."""


class StructureFunction:
    """Who must have failed for which capability to be down.

    Parameters
    ----------
    gates
        What each capability needs.
    events
        What can fail by itself.
    needs
        What a supplier needs to be up, beside not having failed itself.

    Attributes
    ----------
    diagram
        Where the functions live; asks for the events in the order in which the gates name them.
    events
        The basic events by name, in that order; those that nothing needs are last.

    Checked by: tests/properties/test_structure.py
    """

    def __init__(
        self,
        gates: Mapping[str, Gate],
        events: Sequence[BasicEvent],
        needs: Mapping[str, Sequence[Gate]] | None = None,
    ) -> None:
        self.gates = dict(gates)
        self.needs = {name: tuple(each) for name, each in (needs or {}).items() if each}
        self._takes: dict[str, list[str]] = {}
        for event in events:
            for name in event.takes:
                self._takes.setdefault(name, []).append(event.name)
        by_name = {event.name: event for event in events}
        self.events = {name: by_name[name] for name in self._order(by_name)}
        self.diagram = Diagram(tuple(self.events))
        self._short: dict[tuple[Gate, float], int] = {}
        self._capacities: dict[Gate, tuple[float, ...]] = {}
        self._cuts: dict[tuple[str, float], CutSets] = {}

    def _order(self, events: Mapping[str, BasicEvent]) -> list[str]:
        """The events as one meets them going down from the capabilities, what is near standing near."""
        met: dict[str, None] = {}
        seen: set[str] = set()

        def visit(name: str) -> None:
            if name in seen:
                return
            seen.add(name)
            met.update(dict.fromkeys(self._takes.get(name, ())))
            below = [self.gates[name]] if name in self.gates else self.needs.get(name, ())
            for gate in below:
                for leaf in leaves(gate):
                    visit(leaf)

        for name in self.gates:
            visit(name)
        return [*met, *(name for name in events if name not in met)]

    # -- functions ---------------------------------------------------------------------------------------

    def down(self, name: str) -> int:
        """Where a capability (or a supplier) has no capacity at all."""
        return self.short(name, 0.0)

    def short(self, name: str, threshold: float) -> int:
        """Where it has no capacity, or less than the threshold."""
        return self.short_of(Leaf(name), threshold)

    def cut_sets(self, name: str, threshold: float = 0.0) -> CutSets:
        """The minimal sets of events that make it short of the threshold (0: take it down)."""
        key = (name, threshold)
        if key not in self._cuts:
            self._cuts[key] = CutSets(self.diagram, self.short(name, threshold))
        return self._cuts[key]

    def short_of(self, gate: Gate, threshold: float) -> int:
        """The same of a gate."""
        key = (gate, threshold)
        if key not in self._short:
            self._short[key] = self._work_out(gate, threshold)
        return self._short[key]

    def _work_out(self, gate: Gate, threshold: float) -> int:
        if isinstance(gate, Leaf):
            if gate.name in self.gates:
                return self.short_of(self.gates[gate.name], threshold)
            own = self.diagram.any_of(self.diagram.event(name) for name in self._takes.get(gate.name, ()))
            below = (self.short_of(each, threshold) for each in self.needs.get(gate.name, ()))
            return self.diagram.either(own, self.diagram.any_of(below))
        if isinstance(gate, Shares):
            return self._short_shares(gate, threshold)
        parts = [self.short_of(each, threshold) for each in gate.of]
        if isinstance(gate, All):
            return self.diagram.any_of(parts)
        if isinstance(gate, AtLeast):
            return self.diagram.at_least(len(parts) - gate.count + 1, parts)
        return self.diagram.all_of(parts)

    def _short_shares(self, gate: Shares, threshold: float) -> int:
        """Where the shares do not add up; in file order, which is that of the diagram's events."""
        items = [(share, each) for share, each in gate.of if share > 0.0]
        if threshold <= 0.0:
            return self.diagram.all_of(self.short_of(each, 0.0) for _, each in items)
        return _Sums(self, items, threshold - SLACK).short(0, 0.0)[0]

    # -- capacities --------------------------------------------------------------------------------------

    def capacities(self, gate: Gate) -> tuple[float, ...]:
        """Every capacity a gate may have, 0 first."""
        if gate not in self._capacities:
            found = {0.0, *self._possible(gate)}
            if len(found) > MOST_CAPACITIES:
                message = f"shares of shares have more than {MOST_CAPACITIES:,} different capacities"
                raise UsageError(message)
            self._capacities[gate] = tuple(sorted(found))
        return self._capacities[gate]

    def _possible(self, gate: Gate) -> set[float]:
        if isinstance(gate, Leaf):
            if gate.name in self.gates:
                return set(self.capacities(self.gates[gate.name]))
            return {1.0}.union(*(self.capacities(each) for each in self.needs.get(gate.name, ())))
        if not isinstance(gate, Shares):
            return set().union(*(self.capacities(each) for each in gate.of))
        sums = {0.0}
        for share, each in gate.of:
            values = self.capacities(each)
            sums = {min(1.0, round(so_far + share * value, 12)) for so_far in sums for value in values}
            if len(sums) > MOST_CAPACITIES:
                break
        return sums


class _Sums:
    """Where a sum of share x capacity misses a threshold.

    Whatever has been added up so far, within an interval, leads to the same function; that interval is kept
    beside it, so that the work is that of the finished diagram and not of all subsets (I. Abio et al., A new
    look at BDDs for pseudo-Boolean constraints, Journal of Artificial Intelligence Research 45, 2012).
    """

    def __init__(
        self, owner: StructureFunction, items: Sequence[tuple[float, Gate]], threshold: float
    ) -> None:
        self._owner = owner
        self._items = [(share, owner.capacities(each), each) for share, each in items]
        self._threshold = threshold
        self._most = [0.0]
        for share, values, _ in reversed(self._items):
            self._most.append(self._most[-1] + share * values[-1])
        self._most.reverse()
        self._known: list[list[tuple[float, float, int]]] = [[] for _ in self._items]

    def short(self, i: int, so_far: float) -> tuple[int, float, float]:
        """The function of items i and later, and the sums so far, [from, to), for which it is the same."""
        if so_far >= self._threshold:
            return NEVER, self._threshold, inf
        if so_far + self._most[i] < self._threshold:
            return ALWAYS, -inf, self._threshold - self._most[i]
        place = bisect_right(self._known[i], (so_far, inf, 0)) - 1
        if place >= 0 and so_far < self._known[i][place][1]:
            low, high, found = self._known[i][place]
            return found, low, high
        share, values, each = self._items[i]
        found, low, high = self._shifted(i, so_far, share * values[-1])
        for less, value in zip(values[-2::-1], values[:0:-1], strict=True):
            other, start, end = self._shifted(i, so_far, share * less)
            low, high = max(low, start), min(high, end)
            found = self._owner.diagram.choose(self._owner.short_of(each, value), other, found)
        insort(self._known[i], (low, high, found))
        return found, low, high

    def _shifted(self, i: int, so_far: float, more: float) -> tuple[int, float, float]:
        found, low, high = self.short(i + 1, so_far + more)
        return found, low - more, high - more


def structure_function(scenario: Scenario) -> StructureFunction:
    """The structure function of a scenario under its strategy."""
    needs = {name: tuple(getattr(each, "needs", ()) or ()) for name, each in scenario.suppliers.items()}
    gates = {name: capability.gate for name, capability in scenario.capabilities.items()}
    return StructureFunction(gates, events_of(scenario), needs)
