"""The outcomes of one strategy, read from the finished table when they are asked for.

In: `outcomes.parquet`. Out: columns by name. A million runs of sixty measures are half a gigabyte a strategy,
of which hardly anybody wants more than three columns at a time; those of a small study are read all at once,
because a query costs more than its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from sim.study.archive import Archive
from sim.study.parquet import fetch, name, quoted

_TOGETHER = 4_000_000
"""Most numbers that are read and kept together (32 MB); of larger tables the last column is kept."""


class Stored(Mapping[str, NDArray[Any]]):
    """Columns of the replications that did not fail, ascending, each of shape (runs,); read only."""

    def __init__(
        self, archive: Archive, table: str, strategy: str, columns: Sequence[str], replications: int
    ) -> None:
        self._archive = archive  # a temporary folder lasts as long as its archive
        self._columns = tuple(columns)
        self._rows = (
            f"FROM read_parquet({quoted(archive.folder / table)}) WHERE strategy = {quoted(strategy)} "
            f"AND failed_stage IS NULL AND replication < {replications}"
        )
        self._kept: dict[str, NDArray[Any]] = {}

    def __getitem__(self, column: str) -> NDArray[Any]:
        """One column."""
        if column not in self._columns:
            raise KeyError(column)
        if column not in self._kept:
            wanted = self._columns if self.runs * len(self._columns) <= _TOGETHER else (column,)
            self._kept = fetch(f"SELECT {', '.join(map(name, wanted))} {self._rows}")
        return self._kept[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @cached_property
    def runs(self) -> int:
        """How many did not fail."""
        return int(fetch(f"SELECT count(*) AS runs {self._rows}")["runs"][0])
