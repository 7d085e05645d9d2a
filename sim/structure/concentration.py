"""How much of the exposure lies with how few: the Herfindahl-Hirschman index.

In: a weight a supplier (users at risk). Out: the index in points and the number of equal suppliers that
would give the same.

The scale of 10,000 points is that of the merger guidelines of the U.S. Department of Justice and the Federal
Trade Commission (2023), which call a market above 1,800 highly concentrated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.model import Scenario

POINTS = 10_000.0
"""The index where one supplier has everything."""


@dataclass(frozen=True, slots=True)
class Concentration:
    """The shares, the index, and what it comes to.

    Attributes
    ----------
    shares
        Of the whole, in [0, 1], in the order given; empty if there is nothing to share.
    index
        Sum of the squares of the shares in percent: 10,000 for one supplier; NaN if there is nothing.
    effective_number
        How many equal suppliers have the same index.
    """

    shares: Mapping[str, float]
    index: float
    effective_number: float


def concentration(weights: Mapping[str, float]) -> Concentration:
    """The concentration of some weights, of which none is below 0.

    Checked by: tests/theory/test_d9_concentration.py
    """
    if any(not weight >= 0.0 or math.isinf(weight) for weight in weights.values()):
        raise ValueError("weights must be finite numbers from 0 up")
    whole = math.fsum(weights.values())
    if whole == 0.0:
        return Concentration({}, math.nan, math.nan)
    shares = {name: weight / whole for name, weight in weights.items()}
    square = math.fsum(share * share for share in shares.values())
    return Concentration(shares, POINTS * square, 1.0 / square)


def owners(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Who plays which roles at the start; a role without a `name` is its own owner."""
    found: dict[str, list[str]] = {}
    for role, supplier in scenario.suppliers.items():
        found.setdefault(supplier.name or role, []).append(role)
    return {owner: tuple(roles) for owner, roles in found.items()}
