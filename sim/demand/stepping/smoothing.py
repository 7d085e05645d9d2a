"""Records made smooth, so that a polynomial a stride says what is between them.

In: the records of the finest walk. Out: the same with those who wait divided by what patience leaves of them,
which is known exactly at every time, and with those gone added. Where an outage begins patience may be
singular; then those who wait and those who are away are not smooth, but their sum and those gone are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.stepping.conditions import Conditions
from sim.demand.stepping.crowd import Crowd
from sim.demand.stepping.state import Columns

Array = NDArray[np.float64]

_FAR = 4.0
"""Integrated hazard in one stride beyond which those who wait are left as they are: few are there."""

_BETWEEN = 0.01
"""Error between the records, as a share of their fourth difference: of exp(-x) at steps of 0.3."""


def smoothed(crowd: Crowd, given: Conditions, records: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Quantities with those gone as the last, (strides, 5, quantities + segments, rows), and where smooth.

    The second tells where those who wait were divided by what patience leaves: (strides, kinds, segments,
    rows).
    """
    columns, strides, cuts = Columns.of(crowd), len(given.up), given.cuts
    kinds, segments = crowd.marks[0], len(crowd.names)
    used = given.patience.sum(axis=1).reshape(strides, cuts, kinds, segments, -1)
    run = np.cumsum(used, axis=1)
    ends = np.isinf(run[:, -1])
    smooth = (run[:, -2] < _FAR) & (ends | (run[:, -1] < _FAR)) & (run[:, -1] > 0.0)
    result = np.concatenate([records, _gone(crowd, columns, records)], axis=2)
    here = result[:, :, columns.here].reshape(strides, cuts + 1, kinds, segments, -1)
    here[:, 0] = np.where(np.isinf(run[:, 0]), 0.0, here[:, 0])  # all leave at once
    here[:, 1:] *= np.exp(np.where(smooth[:, None] & np.isfinite(run), run, 0.0))
    if ends.any():  # where all leave at the end: what it was before, by the polynomial through the others
        before = 4.0 * (here[:, 3] + here[:, 1]) - 6.0 * here[:, 2] - here[:, 0]
        here[:, 4] = np.where(smooth & ends, before, here[:, 4])
    result[:, :, columns.here] = here.reshape(strides, cuts + 1, kinds * segments, -1)
    return result, smooth


def roughness(crowd: Crowd, values: Array) -> Array:
    """Estimated error between the records, people, (rows,); who is elsewhere follows from the others."""
    columns, segments = Columns.of(crowd), len(crowd.names)
    fourth = values[:, 0] - 4.0 * values[:, 1] + 6.0 * values[:, 2] - 4.0 * values[:, 3] + values[:, 4]
    fourth[:, columns.places.start : columns.places.start + segments] = 0.0
    return np.asarray(_BETWEEN * np.abs(fourth).max(axis=(0, 1)))


def _gone(crowd: Crowd, columns: Columns, records: Array) -> Array:
    """Those gone at the records, (strides, 5, segments, rows)."""
    gone = crowd.start + records[:, :, columns.joined]
    if columns.moved.stop > columns.moved.start:
        gone = gone + records[:, :, columns.moved]
    for counted in (columns.here, columns.door, columns.places):
        part = records[:, :, counted]
        if part.shape[2]:
            gone = gone - part.reshape(*gone.shape[:2], -1, *gone.shape[2:]).sum(axis=2)
    return gone
