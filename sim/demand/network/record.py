"""Keeps every move as it happens, and gives them back in order of time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.moves import Moves

_COLUMNS: tuple[tuple[str, type[np.generic]], ...] = (
    ("time", np.float64),
    ("person", np.int32),
    ("what", np.int8),
    ("place", np.int8),
    ("cause", np.int8),
    ("because", np.int32),
)


class Recorder:
    """Columns that grow by a piece whenever some people move."""

    __slots__ = ("_pieces",)

    def __init__(self) -> None:
        self._pieces: list[tuple[Any, ...]] = []

    def add(
        self,
        time: NDArray[np.float64],
        person: NDArray[np.int64],
        what: int,
        place: NDArray[Any] | int,
        cause: NDArray[Any] | int = 0,
        because: NDArray[Any] | int = -1,
    ) -> None:
        """One kind of move of some people."""
        if time.size:
            self._pieces.append((time, person, what, place, cause, because))

    def moves(self) -> Moves:
        """All of them, in order of time; moves at one instant in the order in which they were told."""
        columns = {}
        ends = np.cumsum([0, *(piece[0].size for piece in self._pieces)])
        for number, (name, kind) in enumerate(_COLUMNS):
            columns[name] = np.empty(ends[-1], dtype=kind)
            for piece, begin, end in zip(self._pieces, ends[:-1], ends[1:], strict=True):
                columns[name][begin:end] = piece[number]
        order = np.argsort(columns["time"], kind="stable")
        return Moves(**{name: column[order] for name, column in columns.items()})
