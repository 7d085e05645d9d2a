"""SQL over the tables of many studies at once, and over nothing else.

In: a query and the studies on a shelf. Out: an `Answer`: column names and rows. The tables are copied into a
database in memory, then that database is shut off from files, networks and settings, so a query can read
nothing but results and write nothing at all. Rejected: views over the files, with these as the only allowed
paths (DuckDB lets a query write to an allowed path as well as read it).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.study.comparison import Difference
from sim.study.criticality import Critical
from sim.study.parquet import interruptible, name, quoted
from sim.study.shelf import Shelved
from sim.study.summary import Line

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PARQUET = ("outcomes", "segments", "attribution", "events", "trajectories")
CSV: Mapping[str, type] = {"summary": Line, "criticality": Critical, "comparison": Difference}
"""Tables kept as text, and the records that say what type their columns have."""

VIEWS = (*PARQUET, *CSV)

_SQL_TYPE = {"str": "VARCHAR", "int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN"}

_SHUT = (
    "SET python_enable_replacements = false",  # else a table's name may be a variable of this program
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query found."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    skipped: tuple[str, ...]
    """Tables that could not be read, and studies left out, as sentences."""


def ask(query: str, studies: Sequence[Shelved]) -> Answer:
    """One `SELECT` over the tables of all studies, each row led by its scenario and digest.

    Raises
    ------
    UsageError
        If there is no finished study, or the query is no single `SELECT`, or not valid; in one line.
    """
    chosen, skipped = _chosen(studies)
    if not chosen:
        raise UsageError("There are no finished studies here to query; `results list` says what there is.")
    with _database() as connection:
        for view in _named(query):
            skipped += _load(connection, view, chosen)
        for setting in _SHUT:
            connection.execute(setting)
        columns, rows = _select(connection, query)
    return Answer(columns, rows, tuple(skipped))


@contextmanager
def _database() -> Iterator[DuckDBPyConnection]:
    """A database of its own: what is shut off here must not be shut off for the rest of the program."""
    import duckdb

    never = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    connection = duckdb.connect(":memory:", config={"threads": "1", "temp_directory": "", **never})
    with closing(connection), interruptible():
        yield connection


def _chosen(studies: Sequence[Shelved]) -> tuple[list[Shelved], list[str]]:
    """The finished studies, each once: of two copies the one with more runs, for no run may count twice."""
    best: dict[str, Shelved] = {}
    skipped = []
    for study in studies:
        if study.state != "finished":
            continue
        other = best.get(study.digest)
        if other is None:
            best[study.digest] = study
            continue
        kept, left = (study, other) if _runs(study) > _runs(other) else (other, study)
        best[study.digest] = kept
        skipped.append(f"{left.folder} holds the same study as {kept.folder} and is left out")
    return list(best.values()), skipped


def _runs(study: Shelved) -> int:
    return sum(headline.runs for headline in study.headlines)


def _named(query: str) -> list[str]:
    """The views a query speaks of; all, if none, for then it may ask what there is."""
    words = set(re.findall(r"\w+", query.lower()))
    return [view for view in VIEWS if view in words] or list(VIEWS)


def _load(connection: DuckDBPyConnection, view: str, studies: Sequence[Shelved]) -> list[str]:
    """Copy one table of every study; returns what could not be read."""
    import duckdb

    parts, skipped = [], []
    for number, study in enumerate(studies):
        file = study.folder / (f"{view}.parquet" if view in PARQUET else f"{view}.csv")
        led = f"{quoted(study.scenario)} AS scenario, {quoted(study.digest)} AS digest"
        part = f"{view}_{number}"
        try:
            rows = _rows(connection, view, file)
            connection.execute(f"CREATE TEMP TABLE {part} AS SELECT {led}, {rows}")
        except (duckdb.Error, UsageError):
            what = "cannot be read" if file.exists() else "is not there"
            skipped.append(f"{file} {what} and is left out")
        else:
            parts.append(part)
    if parts:
        union = " UNION ALL BY NAME ".join(f"SELECT * FROM {part}" for part in parts)
        connection.execute(f"CREATE TABLE {view} AS {union}")
    for part in parts:
        connection.execute(f"DROP TABLE {part}")
    return skipped


def _rows(connection: DuckDBPyConnection, view: str, file: Path) -> str:
    """What to select of one file, and from where; a column that an older study has not is empty."""
    if view in PARQUET:
        return f"* FROM read_parquet({quoted(file)})"
    table = f"read_csv({quoted(file)}, header = true, all_varchar = true, delim = ',', quote = '\"')"
    there = {str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()}
    if not there & {field.name for field in fields(CSV[view])}:
        raise UsageError(f"{file} has none of its columns")
    typed = ", ".join(
        f"TRY_CAST({name(field.name) if field.name in there else 'NULL'} AS {_SQL_TYPE[str(field.type)]}) "
        f"AS {name(field.name)}"
        for field in fields(CSV[view])
    )
    return f"{typed} FROM {table}"


def _select(
    connection: DuckDBPyConnection, query: str
) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    import duckdb

    try:
        statements = connection.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError("A query is one SELECT; nothing here can be changed or written.")
        found = connection.execute(statements[0])
        columns = tuple(str(column[0]) for column in found.description or ())
        return columns, tuple(found.fetchall())
    except duckdb.Error as error:
        raise UsageError(f"SQL: {_one_line(error)}") from None


def _one_line(error: Exception) -> str:
    """What DuckDB says, without its drawing of the query and with its candidates."""
    said = str(error).split("\n\nLINE ")[0].split("\nLINE ")[0]
    return " ".join(said.split())
