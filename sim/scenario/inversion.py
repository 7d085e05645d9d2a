"""Where a cumulative hazard comes to a given height, by Newton's method between two bounds.

In: heights, bounds, the cumulative hazard and its slope. Out: the values, to 1e-14 relative where the hazard
is known that well. Newton's method works on the logarithms of both, between which laws are nearly straight;
a step that leaves the bounds, and every fourth in any case, goes to their geometric middle. Rejected:
`scipy.optimize.brentq`, one value at a time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.scenario.family import Floats

Where = NDArray[np.int64]
Curve = Callable[[Floats, Where], Floats]
"""A function of values and of the places in the flat arrays that they are for."""

_MOST = 200
_CLOSE = 1e-14
_HALVING = 4
_LEAST = 1e-300
"""The lowest positive bound: a law may begin at 0, where there is no logarithm."""


def inverse(h: Floats, low: Floats, high: Floats, cumulative: Curve, hazard: Curve) -> Floats:
    """The values at which ``cumulative`` comes to ``h``; all are known to lie from ``low`` to ``high``.

    All three have the same shape.
    """
    found = np.where(np.isfinite(high), low, high).ravel()
    where = np.flatnonzero((low < high) & np.isfinite(high) & (h > 0.0))
    goal = h.ravel()[where]
    bottom, top = np.maximum(low.ravel()[where], _LEAST), high.ravel()[where]
    t = np.sqrt(bottom) * np.sqrt(top)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for turn in range(_MOST):
            reached = cumulative(t, where)
            below = reached < goal
            bottom, top = np.where(below, t, bottom), np.where(below, top, t)
            new = t * np.exp(np.log(goal / reached) * reached / (t * hazard(t, where)))
            straight = (new >= bottom) & (new <= top)
            close = straight & (np.abs(new - t) <= _CLOSE * t)
            if turn % _HALVING == _HALVING - 1:
                straight &= close
            t = np.where(straight, new, np.sqrt(bottom) * np.sqrt(top))
            found[where] = t
            more = ~(close | (top <= bottom * (1.0 + _CLOSE)))
            if not more.any():
                break
            where, goal, bottom, top, t = (part[more] for part in (where, goal, bottom, top, t))
    return np.asarray(np.clip(np.reshape(found, h.shape), low, high))
