"""Many scenarios that differ in a few fields: how a result moves with them, and where two strategies swap.

In: a scenario file, and fields by path with the values they take. Out: a `Sweep`: every measure of every
strategy at every point, and `BreakEven` records.

Why this way: a point is an ordinary study, so it is resumed, extended and read as every other one, and meets
the same draws as its neighbours; what is the same at two points is simulated once. A break-even is looked for
on differences within a replication, by adding points where they cross. Rejected: a response surface fitted to
a few points, which gives an answer between them that no run stands behind.
"""

from __future__ import annotations

from sim.study.sweep.break_even import Crossing, Turning, turning
from sim.study.sweep.design import METHODS, Point
from sim.study.sweep.fields import Field, Value
from sim.study.sweep.look import BreakEven, Sweep, along
from sim.study.sweep.measures import COST_A_YEAR, LOST_A_YEAR, YEARLY
from sim.study.sweep.order import Asking, Order, order_of
from sim.study.sweep.run import carry_out, run_sweep
from sim.study.sweep.table import Row

__all__ = [
    "COST_A_YEAR",
    "LOST_A_YEAR",
    "METHODS",
    "YEARLY",
    "Asking",
    "BreakEven",
    "Crossing",
    "Field",
    "Order",
    "Point",
    "Row",
    "Sweep",
    "Turning",
    "Value",
    "along",
    "carry_out",
    "order_of",
    "run_sweep",
    "turning",
]
