"""How long a capability was lost, and how long until it was recovered.

In: its capacity in every replication. Out: one value a replication, with the flag that says whether the
horizon cut it. A value that was cut is the hours seen so far; nothing here is ever infinite.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.pieces import Array, Mask, Pieces

SLACK = 1e-9
"""Hours by which an interval may fall short of `stable_for`: instants are rounded floats."""


@dataclass(frozen=True, slots=True)
class Service:
    """One capability in every replication. Hours, shape (rows,).

    Attributes
    ----------
    downtime, up_at_end
        Hours without any capacity, and whether there is some at the end.
    first_service, served_again
        Length of the first interval without any capacity (0 and true if there is none).
    lost_at
        The first loss: the first instant below the threshold; infinity if there is none.
    time_to_recover, recovered
        From that instant until the capacity is at the threshold and stays there (0 and true if none).
    """

    downtime: Array
    up_at_end: Mask
    first_service: Array
    served_again: Mask
    lost_at: Array
    time_to_recover: Array
    recovered: Mask


def service(pieces: Pieces, recovered_at: float, stable_for: float, normal: Array) -> Service:
    """Downtime, first service and recovery of one capability.

    Parameters
    ----------
    pieces
        Its capacity.
    recovered_at
        Capacity from which it counts as recovered.
    stable_for
        Hours it must stay there; an interval that the horizon cuts shorter has not been shown to be stable.
    normal
        Capacity at the start of the counterfactual, (rows,) or (1,): a capability that never had
        `recovered_at` is not lost because of that.
    """
    down = pieces.down()
    spell = down.first(pieces.rows, np.ones(len(down.row), dtype=np.bool_))
    begin, end = (np.append(part, 0.0)[spell] for part in (down.begin, down.end))
    cut = (end >= pieces.horizon) & (end > begin)
    lost_at, back_at = _recovery(pieces, _threshold(recovered_at, normal, pieces.rows), stable_for)
    lost = np.isfinite(lost_at)
    recovered = ~lost | np.isfinite(back_at)
    until = np.where(np.isfinite(back_at), back_at, pieces.horizon)
    return Service(
        downtime=pieces.hours(pieces.is_down),
        up_at_end=~pieces.is_down[pieces.first[1:] - 1],
        first_service=end - begin,
        served_again=~cut,
        lost_at=lost_at,
        time_to_recover=np.where(lost, until, 0.0) - np.where(lost, lost_at, 0.0),
        recovered=recovered,
    )


def _threshold(recovered_at: float, normal: Array, rows: int) -> Array:
    """`recovered_at`, or what there normally is where that is less (but never nothing)."""
    usual = np.where(normal > 0.0, np.minimum(normal, recovered_at), recovered_at)
    return np.broadcast_to(usual, (rows,))


def _recovery(pieces: Pieces, threshold: Array, stable_for: float) -> tuple[Array, Array]:
    """First instant below the threshold, and the first from which it stays at it; infinity if none."""
    good = pieces.at_least(threshold)
    missing = len(good.row)
    begin, end = np.append(good.begin, np.inf), np.append(good.end, np.inf)
    from_start = good.first(pieces.rows, good.begin <= 0.0)
    lost_at = np.where(from_start < missing, end[from_start], 0.0)
    lost_at = np.where(lost_at >= pieces.horizon, np.inf, lost_at)
    later = good.begin >= lost_at[good.row] if missing else np.zeros(0, dtype=np.bool_)
    stable: NDArray[np.bool_] = later & (good.end - good.begin >= stable_for - SLACK)
    return lost_at, begin[good.first(pieces.rows, stable)]
