"""A study's tables for other programs: CSV with a table of units, or one workbook.

In: the folder of a finished study. Out: a new folder or file. Every instant stands beside its hours; what is
infinite (beyond the horizon) is written `inf`. Nothing is ever overwritten, and a target appears whole or not
at all.
"""

from __future__ import annotations

import csv
import math
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.errors import ArchiveError, UsageError
from sim.scenario.evidence import Evidence
from sim.study.columns import Column, columns_of
from sim.study.origin import INPUTS
from sim.study.parquet import name, quoted, tables
from sim.study.shelf import TABLES, read_strategies, readable
from sim.study.sql import CSV

if TYPE_CHECKING:
    from sim.study.arms import Arm

FOLDER = "export"
"""Of what was exported, in the folder of the study, unless another place was named."""

COLUMNS = "columns"
STUDY = "study"

WORKSHEET_ROWS = 1_048_576
"""Of a worksheet: "Excel specifications and limits", support.microsoft.com."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Signs that a workbook cannot hold."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table to write: its name, its columns, and the query that gives its rows.

    ``numbers`` are the columns that hold numbers although the query gives texts.
    """

    name: str
    columns: tuple[str, ...]
    query: str
    numbers: frozenset[str] = frozenset()


def export(folder: Path, to: str, output: Path | None = None) -> Path:
    """Write every table of a finished study; returns the folder (`csv`) or file (`xlsx`) written.

    Raises
    ------
    UsageError, ArchiveError
        If there is no such study, the target is there already or cannot be written, a table is longer than a
        worksheet, or the library for workbooks is not installed.
    """
    arms, manifest = read_strategies(folder)
    called = f"{manifest['name']}_{manifest['digest']}"
    target = output or folder / FOLDER / (called if to == "csv" else f"{called}.{to}")
    if target.exists():
        raise ArchiveError(f"{target} is there already and is not overwritten; name another with --output.")
    write = _write_csv if to == "csv" else _write_workbook
    with readable(folder), _beside(target) as part:
        found = _tables(folder, arms)
        measures = {one: measure for arm in arms for one, measure in arm.measures.items()}
        unit = arms[0].scenario.users.unit
        told = columns_of({table.name: table.columns for table in found}, measures, unit)
        write(part, found, told, [(key, _plain(value)) for key, value in manifest.items()])
    return target


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A place to write to; when the `with` ends well, what is there becomes the target."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent, prefix=".export-") as aside:
            part = Path(aside) / target.name
            yield part
            os.rename(part, target)
    except OSError as error:
        raise ArchiveError(f"{target} cannot be written: {error.strerror}") from error


def _tables(folder: Path, arms: Sequence[Arm]) -> list[Table]:
    """The tables there are; a table of an earlier or later version may be missing."""
    start = arms[0].scenario.clock.start
    return [_table(folder / file, start) for file in (*TABLES, INPUTS) if (folder / file).is_file()]


def _table(file: Path, start: datetime) -> Table:
    """One file as a table; hours since the start are followed by their instant."""
    source = (
        f"read_parquet({quoted(file)})"
        if file.suffix == ".parquet"
        else f"read_csv({quoted(file)}, header = true, all_varchar = true, delim = ',', quote = '\"')"
    )
    with tables() as connection:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    columns = [str(row[0]) for row in described]
    if file.suffix != ".parquet" or "time" not in columns:
        return Table(file.stem, tuple(columns), f"SELECT * FROM {source}", _numbers(file.stem))
    place = columns.index("time") + 1
    chosen = [name(column) for column in columns]
    chosen.insert(place, f"{_instant(start)} AS instant")
    columns.insert(place, "instant")
    return Table(file.stem, tuple(columns), f"SELECT {', '.join(chosen)} FROM {source}")


def _numbers(table: str) -> frozenset[str]:
    """The columns of a table kept as text that are numbers, by the record it was written from."""
    record = {**CSV, "inputs": Evidence}.get(table)
    told = fields(record) if record is not None else ()
    return frozenset(one.name for one in told if str(one.type).startswith(("int", "float")))


def _instant(start: datetime) -> str:
    """SQL for the instant of a column of hours, to the second; nothing where it is infinite."""
    micro = (start - _EPOCH) // timedelta(microseconds=1)
    moment = f"make_timestamp({micro} + CAST(round(time * 3600) AS BIGINT) * 1000000)"
    return f"CASE WHEN isfinite(time) THEN strftime({moment}, '%Y-%m-%dT%H:%M:%SZ') END"


def _write_csv(
    part: Path, found: Sequence[Table], told: Sequence[Column], said: Sequence[tuple[str, Any]]
) -> None:
    part.mkdir()
    with tables() as connection:
        for table in found:
            target = quoted(part / f"{table.name}.csv")
            connection.execute(f"COPY ({table.query}) TO {target} (FORMAT csv, HEADER true)")
    _write_rows(part / f"{COLUMNS}.csv", [[field.name for field in fields(Column)], *map(astuple, told)])
    _write_rows(part / f"{STUDY}.csv", [["key", "value"], *said])


def _write_rows(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _write_workbook(
    part: Path, found: Sequence[Table], told: Sequence[Column], said: Sequence[tuple[str, Any]]
) -> None:
    try:
        library = import_module("openpyxl")
    except ImportError:
        raise UsageError(
            "A workbook needs the library openpyxl: python -m pip install 'hostfall[xlsx]' (in a clone: "
            "-e '.[xlsx]'); --to csv needs nothing more."
        ) from None
    with tables() as connection:
        for table in found:
            counted = connection.execute(f"SELECT count(*) FROM ({table.query})").fetchone()
            rows = int(counted[0]) if counted else 0
            if rows >= WORKSHEET_ROWS:
                most = f"a worksheet holds {WORKSHEET_ROWS:,}; take --to csv"
                raise UsageError(f"{table.name} has {rows:,} rows, and {most}.")
        book = library.Workbook(write_only=True)
        _sheet(book, STUDY, ["key", "value"], said)
        _sheet(book, COLUMNS, [field.name for field in fields(Column)], map(astuple, told))
        for table in found:
            answer = connection.execute(table.query)
            _sheet(book, table.name, table.columns, iter(answer.fetchone, None), table.numbers)
    book.save(part)
    book.close()


def _sheet(
    book: Any, title: str, header: Sequence[str], rows: Any, numbers: frozenset[str] = frozenset()
) -> None:
    """One worksheet, its header always in sight."""
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append(list(header))
    for row in rows:
        cells = zip(header, row, strict=True)
        sheet.append([_cell(sheet, _read(value) if column in numbers else value) for column, value in cells])


def _read(text: Any) -> Any:
    """The number that a text says."""
    return float(text) if text else None


def _cell(sheet: Any, value: Any) -> Any:
    """A value as a workbook can hold it; a text that begins like a formula stays a text."""
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if not isinstance(value, str):
        return value
    text = _UNPRINTABLE.sub("?", value)
    if not text.startswith("="):
        return text
    cell = import_module("openpyxl.cell").WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _plain(value: Any) -> Any:
    """A manifest's entry as one cell."""
    if isinstance(value, dict):
        return "; ".join(f"{key} {_plain(item)}" for key, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else value
