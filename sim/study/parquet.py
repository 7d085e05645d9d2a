"""Parquet and SQL: columns of arrays in, files out, and back.

DuckDB reads and writes the files; it runs in memory, on one thread, so that the order of rows is the order
in which they were given and two runs write the same rows.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Columns = Mapping[str, NDArray[Any]]


@cache
def _database() -> DuckDBPyConnection:
    """The process's database, empty and in memory: opening one costs 25 ms, a cursor on it 1 ms."""
    import duckdb

    atexit.register(_close)
    return duckdb.connect(":memory:", config={"threads": 1})


def _close() -> None:
    """Let go of the database before Python ends: DuckDB complains on the terminal of what is left over."""
    _database().close()
    _database.cache_clear()


@contextmanager
def tables(**given: Columns) -> Iterator[DuckDBPyConnection]:
    """A connection that sees the given columns as tables of these names, and nothing of anybody else's."""
    with closing(_database().cursor()) as cursor, interruptible():
        for name, columns in given.items():
            cursor.register(name, dict(columns))
        yield cursor


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C during a query is Ctrl-C; DuckDB has a word of its own for it."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from None
        raise


def words(values: Sequence[str | None]) -> NDArray[np.object_]:
    """A column of words."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def quoted(text: str | Path) -> str:
    """A text as an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"


def name(column: str) -> str:
    """A column's name as an SQL identifier."""
    return '"' + column.replace('"', '""') + '"'


def source(files: Sequence[Path], *, alike: bool = False) -> str:
    """The rows of some files, in this order, as an SQL table; a column that a file lacks is NULL there.

    To look for what files lack keeps 0.2 MB of each in memory [measured]: not done if they are `alike`, when
    every column that is used must be in all of them, and in the first if it is to be known.
    """
    found = ", ".join(quoted(file) for file in files)
    return f"read_parquet([{found}])" if alike else f"read_parquet([{found}], union_by_name = true)"


def copy(
    connection: DuckDBPyConnection,
    query: str,
    target: Path,
    *,
    repetitive: bool = True,
    said: Mapping[str, str] | None = None,
) -> None:
    """Write what a query finds to a Parquet file, with what is to be said of it as the file's metadata.

    Version 2 of the format splits floats by byte, which halves smooth curves; snappy is quick; and to look
    for repetitions takes a third of the time, in vain where hardly a number comes twice.
    """
    options = "FORMAT parquet, COMPRESSION snappy, PARQUET_VERSION v2"
    if not repetitive:
        options += ", DICTIONARY_SIZE_LIMIT 1"
    if said:
        pairs = ", ".join(f"{name(key)}: {quoted(text)}" for key, text in said.items())
        options += f", KV_METADATA {{{pairs}}}"
    connection.execute(f"COPY ({query}) TO {quoted(target)} ({options})")


def fetch(query: str) -> dict[str, NDArray[Any]]:
    """What a query finds, as columns; NULL numbers are NaN, other NULLs are masked."""
    with tables() as connection:
        found: dict[str, NDArray[Any]] = connection.execute(query).fetchnumpy()
    return {column: _plain(values) for column, values in found.items()}


def _plain(values: NDArray[Any]) -> NDArray[Any]:
    if isinstance(values, np.ma.MaskedArray):
        if not np.ma.is_masked(values):
            return np.asarray(values.data)
        if values.dtype.kind == "f":
            return np.asarray(values.filled(np.nan))
    return values
