"""A spreadsheet's list of suppliers, row by row: what can be used, and what is wrong with the rest.

In: a CSV file with the columns of `COLUMNS` (only `supplier` is required; `,` or `;` between columns; a
decimal comma where `;` separates). Out: the rows as records, and a sentence for every row left out. A row
with any cell that cannot be read is left out whole: half a supplier would be a number that nobody gave.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path

from sim.errors import UsageError
from sim.scenario.units import DURATION, MONEY, Dimension, Wrong, parse_quantity, write_quantity
from sim.views.places import did_you_mean, nearest

COLUMNS = ("supplier", "kind", "needed_for", "notice", "alternatives", "time_to_replace", "monthly_cost")
LARGEST = 1_000_000
"""Bytes; a list of suppliers is a page, not a database."""
_RANGE = re.compile(r"(?P<low>[\d.]+)\s*(?P<unit>[A-Za-z]*)\s*(?:-|–|to|bis)\s*(?P<high>[\d.]+\s*[A-Za-z]+)")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d+),(\d+)(?![\d.,])")


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """One usable row; texts are as a scenario file writes them, None where the cell is empty."""

    role: str
    name: str
    kind: str
    needed_for: tuple[str, ...]
    notice: str | None
    alternatives: int | None
    time_to_replace: tuple[str, str] | None
    """Shortest and longest; the same twice for a single value."""
    monthly_cost: str | None


def identifier(text: str) -> str:
    """A name as a scenario file may use it: ``Google Play`` -> ``google_play``."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return plain if plain[:1].isalpha() else f"s_{plain}".rstrip("_")


def read_suppliers(path: Path) -> tuple[list[SupplierRow], list[str]]:
    """Return the usable rows of a table and what is wrong with the others."""
    text = _text(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = ";" if first.count(";") > first.count(",") else ","
    numbered = enumerate(csv.reader(text.splitlines(), delimiter=separator), start=1)
    lines = [(number, line) for number, line in numbered if any(map(str.strip, line))]
    if not lines:
        raise UsageError(f"{path}: nothing in it; the first line names the columns: {', '.join(COLUMNS)}.")
    header = [identifier(cell) for cell in lines[0][1]]
    if "supplier" not in header:
        near = did_you_mean(nearest("supplier", header, most=1))
        raise UsageError(f"{path}: no column is called `supplier`.{near} Columns: {', '.join(COLUMNS)}.")
    complaints = [f"Column `{name}` is not used." for name in header if name not in COLUMNS]
    rows: list[SupplierRow] = []
    for number, line in lines[1:]:
        cells = dict(zip(header, (cell.strip() for cell in line), strict=False))
        try:
            row = _row(cells, decimal_comma=separator == ";")
            if row.name.casefold() in {other.name.casefold() for other in rows}:
                raise Wrong.here("it is there twice; the first is used")
            row = _with_a_role_of_its_own(row, {other.role for other in rows})
        except Wrong as wrong:
            complaints.append(f"Row {number} ({cells.get('supplier') or 'no name'}) is not used: {wrong}.")
        else:
            rows.append(row)
    return rows, complaints


def _text(path: Path) -> str:
    """The file as text: UTF-8 with or without mark, else what older spreadsheets write."""
    if path.stat().st_size > LARGEST:
        raise UsageError(f"{path}: more than {LARGEST // 10**6} MB; this is not a list of suppliers.")
    raw = path.read_bytes()
    if b"\0" in raw:
        raise UsageError(f"{path}: not a text file; save the sheet as CSV.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _row(cells: dict[str, str], *, decimal_comma: bool) -> SupplierRow:
    name = cells.get("supplier", "")
    if not name or identifier(name) == "s":
        raise Wrong.here("it names no supplier")
    if decimal_comma:
        cells = {key: _DECIMAL_COMMA.sub(r"\1.\2", cell) for key, cell in cells.items()}
    alternatives = cells.get("alternatives", "")
    uses = re.split(r"[,;/|+&]", cells.get("needed_for", ""))
    return SupplierRow(
        role=identifier(name),
        name=name,
        kind=cells.get("kind") or "supplier",
        needed_for=tuple(identifier(use) for use in uses if use.strip()),
        notice=_quantity("notice", cells, DURATION),
        alternatives=_how_many(alternatives) if alternatives else None,
        time_to_replace=_span(cells.get("time_to_replace", "")),
        monthly_cost=_quantity("monthly_cost", cells, MONEY),
    )


def _with_a_role_of_its_own(row: SupplierRow, taken: set[str]) -> SupplierRow:
    """Names that differ may shorten to one identifier ("Pay+", "Pay!"): the second is numbered."""
    role, number = row.role, 1
    while role in taken:
        number += 1
        role = f"{row.role}_{number}"
    return replace(row, role=role)


def _quantity(column: str, cells: dict[str, str], dimension: Dimension) -> str | None:
    """The cell as a scenario writes it; `0` for a dash or the word none."""
    cell = cells.get(column, "")
    if not cell:
        return None
    if cell.lower() in {"-", "–", "none", "no"}:
        return str(write_quantity(0.0, dimension))
    try:
        return str(write_quantity(parse_quantity(cell, dimension), dimension))
    except Wrong as wrong:
        raise Wrong.here(f"{column}: {wrong}") from None


def _how_many(cell: str) -> int:
    """Alternatives as a number, or as names to be counted."""
    if re.fullmatch(r"\d{1,3}", cell):
        return int(cell)
    if cell.lower() in {"-", "–", "none", "no"}:
        return 0
    if cell[0].isdigit() or cell[0] == "-":
        raise Wrong.here(f"alternatives: `{cell}` is neither a number nor a list of names")
    return len([name for name in re.split(r"[,;/|+&]", cell) if name.strip()])


def _span(cell: str) -> tuple[str, str] | None:
    """``14 d`` or ``7-21 d`` as shortest and longest."""
    if not cell:
        return None
    match = _RANGE.fullmatch(cell)
    texts = (cell, cell)
    if match:
        unit = match["unit"] or match["high"].lstrip("0123456789. ")
        texts = (f"{match['low']} {unit}", match["high"])
    try:
        low, high = (parse_quantity(text, DURATION) for text in texts)
    except Wrong as wrong:
        raise Wrong.here(f"time_to_replace: {wrong}") from None
    if low > high:
        raise Wrong.here(f"time_to_replace: `{cell}` begins with the longer time")
    return str(write_quantity(low, DURATION)), str(write_quantity(high, DURATION))
