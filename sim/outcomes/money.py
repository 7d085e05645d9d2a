"""What it cost, in the scenario's one currency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.clock import HOURS_IN_MONTH

if TYPE_CHECKING:
    from sim.scenario import Inputs, Scenario

Array = NDArray[np.float64]

_MONTH = float(HOURS_IN_MONTH)


def costs(
    scenario: Scenario, spent: Array, user_hours_lost: Array, inputs: Inputs | None
) -> dict[str, Array]:
    """Standing cost, emergency cost, revenue lost, and their sum. Each of shape (rows,).

    Parameters
    ----------
    spent
        What the response cost, (rows,).
    user_hours_lost
        (rows,); each loses the revenue of an active user and month / 730.5 h.
    inputs
        Where amounts that nobody knows are looked up; None takes the scenario's own.
    """
    rows = len(spent)

    def amount(path: str, written: float) -> Array:
        value = written if inputs is None else inputs.number(path)
        return np.broadcast_to(np.asarray(value, dtype=float), (rows,))

    months = scenario.clock.horizon / _MONTH
    standing = np.zeros(rows)
    for role, supplier in scenario.suppliers.items():
        standing = standing + months * amount(f"suppliers.{role}.monthly_cost", supplier.monthly_cost)
    revenue = amount("users.revenue", scenario.users.revenue) / _MONTH * user_hours_lost
    return {
        "cost_standing": standing,
        "cost_emergency": spent,
        "revenue_lost": revenue,
        "cost": standing + spent + revenue,
    }
