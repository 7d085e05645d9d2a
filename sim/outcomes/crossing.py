"""Where a function crosses zero between two points, for a whole block of replications at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NARROW = 1e-5
"""Hours (0.04 s): a bracket no wider than this is settled; the grid brackets jumps that tightly."""

_MOST_STEPS = 100


def crossing(function: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """A point at most `NARROW` hours after the crossing in (low, high]. All of shape (rows,).

    The function is negative at `low` and not at `high`. False position, the value at an end that stays
    halved (the Illinois rule); an end that has stayed three times means a bend, and then the middle is taken.
    Steps never come nearer to an end than a quarter of `NARROW`, so that the far end closes in as well.

    References
    ----------
    Dowell and Jarratt 1971, "A modified regula falsi method for computing the root of an equation",
    BIT 11, 168-174, doi 10.1007/BF01934364.

    Checked by: tests/unit/test_outcomes_users.py
    """
    low, high = low.copy(), high.copy()
    if not (high - low > NARROW).any():
        return high
    at_low, at_high = np.minimum(function(low), 0.0), np.maximum(function(high), 0.0)
    stayed = np.zeros(len(low), dtype=np.int64)  # how often the low end (negative) or the high end has stayed
    for _ in range(_MOST_STEPS):
        width = high - low
        if not (width > NARROW).any():
            break
        middle = low + _share(at_low, at_high, width, stayed) * width
        value = function(middle)
        over = value >= 0.0
        low_again, high_again = (
            np.where(over & (stayed < 0), 0.5, 1.0),
            np.where(~over & (stayed > 0), 0.5, 1.0),
        )
        at_low, at_high = (
            np.where(over, at_low * low_again, value),
            np.where(over, value, at_high * high_again),
        )
        low, high = np.where(over, low, middle), np.where(over, middle, high)
        stayed = np.where(over, np.minimum(stayed, 0) - 1, np.maximum(stayed, 0) + 1)
    return high


def _share(at_low: Array, at_high: Array, width: Array, stayed: NDArray[np.int64]) -> Array:
    """Where to look next, as a share of the bracket."""
    spread = at_high - at_low
    straight = np.where(spread > 0.0, -at_low / np.where(spread > 0.0, spread, 1.0), 0.5)
    margin = np.minimum(0.25 * NARROW / np.maximum(width, NARROW), 0.5)
    return np.where(np.abs(stayed) >= 3, 0.5, np.clip(straight, margin, 1.0 - margin))
