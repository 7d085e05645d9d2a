"""How capacity grows after a role is filled anew: caches that still point to the old address, and a ramp.

In: hours until the last cache has forgotten, and a ramp. Out: a *shape*, the seen capacity as straight
pieces over the hours since the return. Shapes say nothing of a supplier that comes back itself: it is
fully there at once.
"""

from __future__ import annotations

Piece = tuple[float, float, float]
"""Hours since the return, capacity from then on, and its change an hour."""
Pieces = tuple[Piece, ...]

NOTHING: Pieces = ((0.0, 0.0, 0.0),)
"""The shape of an absence."""
EVERYTHING: Pieces = ((0.0, 1.0, 0.0),)
"""The shape of who is there."""


def shape(ttl: float, first: float, takes: float) -> Pieces:
    """Capacity s hours after the return: ``min(1, s / ttl)`` and ``min(1, first + (1 - first) s / takes)``.

    Parameters
    ----------
    ttl
        Hours that caches keep the old address. The share of stationary caches that still do after s hours is
        ``max(0, 1 - s / ttl)``, so the mean user waits ttl / 2. 0 = no caches.
    first
        Share of the capacity that is there at once.
    takes
        Hours until all of it is. 0 = no ramp.

    Returns
    -------
    Pieces from 0; the last is constant 1.

    Checked by: tests/theory/test_a2_cut_over_capacity.py, tests/properties/test_supply_gates.py
    """
    if first >= 1.0:
        takes = 0.0
    if takes == 0.0:
        return EVERYTHING if ttl == 0.0 else ((0.0, 0.0, 1.0 / ttl), (ttl, 1.0, 0.0))
    ramp = (0.0, first, (1.0 - first) / takes)
    if ttl == 0.0 or (first == 0.0 and ttl <= takes):
        return (ramp, (takes, 1.0, 0.0))
    caches = (0.0, 0.0, 1.0 / ttl)
    meet = first / (caches[2] - ramp[2]) if caches[2] > ramp[2] else ttl
    if meet >= ttl:  # the last cache forgets when the ramp is already higher
        return (caches, (ttl, 1.0, 0.0))
    return (caches, (meet, first + ramp[2] * meet, ramp[2]), (takes, 1.0, 0.0))


def scaled(form: Pieces, capacity: float) -> Pieces:
    """The shape of who carries only a share of the load.

    Parameters
    ----------
    capacity
        The share, in (0, 1].
    """
    if capacity == 1.0:
        return form
    return tuple([(start, capacity * value, capacity * slope) for start, value, slope in form])


def complete(since: float, form: Pieces, now: float) -> bool:
    """Whether all is there now of a shape that began at some time."""
    return since + form[-1][0] <= now and form[-1][1] == 1.0
