"""Short ways to a structure function for tests, and the slow, obvious twin of everything read off one.

The twin goes through all 2^n states of the events, one at a time: capacities by the plain recursion, sets and
probabilities by their definitions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from sim.scenario.gates import All, AtLeast, Gate, Leaf, Shares, parse_items
from sim.scenario.gates import Any as AnyOf
from sim.structure import BasicEvent, StructureFunction, basic_events

State = frozenset[str]


def gate_of(needs: object) -> Gate:
    """A gate as a file writes it: a list is all of them."""
    gates = parse_items(needs)
    return gates[0] if len(gates) == 1 else All(gates)


def function_of(suppliers: Sequence[str], capabilities: Mapping[str, Any], **more: Any) -> StructureFunction:
    """A structure function of suppliers that fail one by one."""
    gates = {name: gate_of(needs) for name, needs in capabilities.items()}
    return StructureFunction(gates, basic_events(dict.fromkeys(suppliers)), **more)


def down(up: Mapping[str, float]) -> dict[str, float]:
    """Unavailabilities from availabilities."""
    return {name: 1.0 - p for name, p in up.items()}


# -- the twin ----------------------------------------------------------------------------------------------


def capacity(
    name: str,
    happened: State,
    gates: Mapping[str, Gate],
    events: Sequence[BasicEvent],
    needs: Mapping[str, Sequence[Gate]],
) -> float:
    """Capacity of a capability or supplier in one state, worked out anew."""

    def of(leaf: str) -> float:
        return capacity(leaf, happened, gates, events, needs)

    if name in gates:
        return plain(gates[name], of)
    if any(event.name in happened and name in event.takes for event in events):
        return 0.0
    return min([1.0, *(plain(gate, of) for gate in needs.get(name, ()))])


def plain(gate: Gate, of: Callable[[str], float]) -> float:
    """All = min, any = max, at least k = k-th largest, shares = min(1, sum of share x capacity)."""
    if isinstance(gate, Leaf):
        return of(gate.name)
    if isinstance(gate, Shares):
        return min(1.0, sum(share * plain(item, of) for share, item in gate.of))
    values = [plain(item, of) for item in gate.of]
    if isinstance(gate, All):
        return min(values)
    if isinstance(gate, AnyOf):
        return max(values)
    assert isinstance(gate, AtLeast)
    return sorted(values)[-gate.count]


def states(names: Sequence[str]) -> Iterator[State]:
    """Every set of events."""
    for size in range(len(names) + 1):
        for some in combinations(names, size):
            yield frozenset(some)


def probability(state: State, q: Mapping[str, float]) -> float:
    """That exactly these events have happened."""
    return math.prod(q[name] if name in state else 1.0 - q[name] for name in q)


def total(true: set[State], q: Mapping[str, float]) -> float:
    """That one of these states is there."""
    return math.fsum(probability(state, q) for state in true)


def minimal(true: set[State]) -> set[State]:
    """The states of which no part is among them too."""
    return {state for state in true if not any(other < state for other in true)}
