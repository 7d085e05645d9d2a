"""The random inputs of one block as rows of plain numbers, one row a replication and attempt.

In: `Inputs`, which draws a whole block at once. Out: tuples of Python numbers, because a simulation that
reads one number at a time reads tuples five times as fast as arrays. Rows of later attempts are made when a
replication first gets that far.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario.inputs import Inputs
from sim.scenario.laws import Law
from sim.streams import BLOCK

Column = float | Callable[[Inputs, int], ArrayLike]
"""One number for all replications and attempts; or, for an attempt (0, 1, ...), one a replication.

It may also give several columns at once, as an array of shape (columns, replications).
"""


def evaluated(column: Column, inputs: Inputs, attempt: int) -> NDArray[np.float64]:
    """What a column gives for an attempt, as an array that numbers can be multiplied with."""
    return np.asarray(column(inputs, attempt) if callable(column) else column, dtype=float)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A law at the draws of a name: a column."""

    law: Law
    name: str

    def __call__(self, inputs: Inputs, attempt: int) -> NDArray[np.float64]:
        """One value a replication."""
        return self.law.quantile(inputs.draws.column(self.name, attempt))


@dataclass(frozen=True, slots=True)
class Transfer:
    """Hours to move data, from the columns of its volume, bandwidth and utilisation: a column."""

    parts: tuple[Column, Column, Column]

    def __call__(self, inputs: Inputs, attempt: int) -> ArrayLike:
        """One value a replication."""
        return transfer_hours(*(part(inputs, attempt) if callable(part) else part for part in self.parts))


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
        for column in together(self._columns, self._inputs, attempt):
            found = column(self._inputs, attempt) if callable(column) else column
            values: NDArray[Any] = np.asarray(found)
            if values.ndim == 2:
                made.extend(values.tolist())
            else:
                made.append(values.tolist() if values.ndim else [values.item()] * BLOCK)
        return list(zip(*made, strict=True))


def together(columns: Sequence[Column], inputs: Inputs, attempt: int) -> list[Column | NDArray[np.float64]]:
    """The columns, with all that follow a PERT law drawn in one go, which takes a tenth of the time.

    Checked by: tests/unit/test_supply_block.py
    """
    parts = [part for one in columns for part in (one.parts if isinstance(one, Transfer) else (one,))]
    drawn = [part for part in parts if isinstance(part, Drawn) and part.law.kind == "pert"]
    if not drawn:
        return [*columns]
    shares = np.stack([inputs.draws.column(one.name, attempt) for one in drawn])
    laws = [dict(one.law.parameters) for one in drawn]
    parameters = {name: np.array([law[name] for law in laws])[:, np.newaxis] for name in laws[0]}
    found = dict(zip(drawn, drawn[0].law.quantile(shares, **parameters), strict=True))

    def replaced(column: Column) -> Column | NDArray[np.float64]:
        if isinstance(column, Transfer):
            return transfer_hours(*map(value, column.parts))
        return found.get(column, column) if isinstance(column, Drawn) else column

    def value(part: Column) -> ArrayLike:
        one = replaced(part)
        return one(inputs, attempt) if callable(one) else one

    return [replaced(column) for column in columns]


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
