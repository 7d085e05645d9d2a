"""The random inputs of one block as rows of plain numbers, one row a replication and attempt.

In: `Inputs`, which draws a whole block at once. Out: tuples of Python numbers, because a simulation that
reads one number at a time reads tuples five times as fast as arrays. Rows of later attempts are made when a
replication first gets that far.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario.inputs import Inputs
from sim.streams import BLOCK

Column = float | Callable[[Inputs, int], ArrayLike]
"""One number for all replications and attempts; or, for an attempt (0, 1, ...), one a replication.

It may also give several columns at once, as an array of shape (columns, replications).
"""


class Table:
    """Quantities that are read together: ``row(attempt, k)`` has one number a column."""

    __slots__ = ("_columns", "_inputs", "_rows")

    def __init__(self, columns: Sequence[Column], inputs: Inputs) -> None:
        self._columns = columns
        self._inputs = inputs
        self._rows: list[list[tuple[Any, ...]]] = []

    def row(self, attempt: int, k: int) -> tuple[Any, ...]:
        """The numbers of replication `k` (its place in the block) at the `attempt`-th time."""
        while attempt >= len(self._rows):
            self._rows.append(self._make(len(self._rows)))
        return self._rows[attempt][k]

    def _make(self, attempt: int) -> list[tuple[Any, ...]]:
        if not any(callable(column) for column in self._columns):
            return [tuple(self._columns)] * BLOCK
        made: list[list[Any]] = []
        for column in self._columns:
            if not callable(column):
                made.append([column] * BLOCK)
                continue
            values: NDArray[Any] = np.asarray(column(self._inputs, attempt))
            if values.ndim == 2:
                made.extend(values.tolist())
            else:
                made.append((values if values.ndim else np.full(BLOCK, values)).tolist())
        return list(zip(*made, strict=True))


def transfer_hours(volume: ArrayLike, bandwidth: ArrayLike, utilisation: ArrayLike) -> NDArray[np.float64]:
    """Hours to move a volume of data over a line of which only a part is used.

    ``hours = volume x 8 / (bandwidth x utilisation) / 3600``

    Parameters
    ----------
    volume
        Bytes.
    bandwidth
        Bit/s.
    utilisation
        Share of the bandwidth that useful data gets, in (0, 1].

    Checked by: tests/theory/test_a1_fixed_times.py
    """
    bits: NDArray[np.float64] = np.asarray(volume, dtype=float) * 8.0
    hours: NDArray[np.float64] = bits / (np.asarray(bandwidth) * np.asarray(utilisation)) / 3600.0
    return hours
