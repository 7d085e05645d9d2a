"""Where the steps of each replication lie: a mesh of time that depends on that replication alone.

In: the instants at which anything changes. Out: the starts of *strides*: after each change first short, then
longer, since what a change sets going is quick at first. A stride is cut into equal steps, the finer the more
exact; nothing ever changes abruptly inside one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FIRST = 10.0
"""Hours of the first stride after a change; shorter where patience runs out faster, see `strides`."""
SHORTEST = 1e-3
"""Hours of the shortest first stride."""
USED = 0.01
"""Share of those who wait that may leave in the first stride of an outage: a law may be singular there."""
GROWS = 0.9
"""Length of a later stride, as a share of the time since the change."""
LONGEST = 10.0 * 24.0
"""Hours of the longest stride."""


def strides(edges: Array, first: Array | None = None) -> Array:
    """Edges of the strides, (rows, n + 1), ascending; short rows repeat the horizon.

    Parameters
    ----------
    edges
        Instants of change with the horizon, ascending, (rows, E); short rows repeat it. Hours.
    first
        Hours of the first stride after each change but the horizon, (rows, E - 1); left out, `FIRST`.
    """
    lengths = np.diff(edges, axis=1)
    start = np.full_like(lengths, FIRST) if first is None else first
    wanted = _count(lengths, start)
    number = np.ceil(wanted - 1e-9).astype(np.int64)
    number = np.where(lengths > 0.0, np.maximum(number, 1), 0)
    total = number.sum(axis=1)
    most = int(total.max())
    result = np.repeat(edges[:, -1:], most + 1, axis=1)
    row = np.repeat(np.arange(len(edges)), total)
    flat = number.ravel()
    interval = np.repeat(np.arange(flat.size), flat)
    within = np.arange(flat.sum()) - np.repeat(np.cumsum(flat) - flat, flat)
    place = np.arange(row.size) - np.repeat(np.cumsum(total) - total, total)
    at = _inverse(wanted.ravel()[interval] * within / flat[interval], start.ravel()[interval])
    result[row, place] = edges[:, :-1].ravel()[interval] + at
    return result


def halved(mesh: Array) -> Array:
    """The same with every stride cut in two."""
    finer = np.empty((len(mesh), 2 * mesh.shape[1] - 1))
    finer[:, ::2] = mesh
    finer[:, 1::2] = 0.5 * (mesh[:, :-1] + mesh[:, 1:])
    return finer


def _count(hours: Array, start: Array) -> Array:
    """How many strides fit into the hours after a change: the integral of 1 / length."""
    turn, far = start / GROWS, LONGEST / GROWS
    middle = np.log(np.clip(hours, turn, far) / turn) / GROWS
    return np.asarray(np.minimum(hours, turn) / start + middle + np.maximum(hours - far, 0.0) / LONGEST)


def _inverse(count: Array, start: Array) -> Array:
    """The hours after a change at which that many strides have passed."""
    turn, far = start / GROWS, LONGEST / GROWS
    first = 1.0 / GROWS
    last = first + np.log(far / turn) / GROWS
    middle = turn * np.exp(GROWS * (np.clip(count, first, last) - first))
    return np.where(count <= first, count * start, middle + np.maximum(count - last, 0.0) * LONGEST)
