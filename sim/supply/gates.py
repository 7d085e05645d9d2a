"""The success logic of one capability: its capacity, given the capacity of all it stands on.

In: the scenario's gates, and capacities by name. Out: the capacity of the gate by the plain recursion, at
one instant or as a course over time.
"""

from __future__ import annotations

from collections.abc import Callable

from sim.scenario.gates import All, AtLeast, Gate, Leaf, Shares
from sim.supply import lines
from sim.supply.lines import Course


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


def course(gate: Gate, of: Callable[[str], Course], end: float) -> Course:
    """The same over [0, end).

    Checked by: tests/properties/test_supply_gates.py
    """
    if isinstance(gate, Leaf):
        return of(gate.name)
    if isinstance(gate, Shares):
        shares = [share for share, _ in gate.of]
        return lines.summed([course(item, of, end) for _, item in gate.of], shares, end)
    courses = [course(item, of, end) for item in gate.of]
    if isinstance(gate, All):
        return lines.smallest(courses, end)
    return (
        lines.ranked(courses, gate.count, end) if isinstance(gate, AtLeast) else lines.largest(courses, end)
    )
