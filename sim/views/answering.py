"""What `results query` prints: what a query over all studies found, for people or for machines.

In: a query and a folder of studies. Out: text and notes.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.study.shelf import find_studies
from sim.study.sql import Answer, ask
from sim.views import terminal

MOST_ROWS = 200
"""Rows shown to people; machines get all."""


def answered(query: str, place: Path, columns: int, *, machine: bool) -> tuple[str, list[str]]:
    """The answer as text, and what was left out.

    Raises
    ------
    UsageError
        If there is nothing to query, or the query is not valid.
    """
    answer = ask(query, list(find_studies(place)))
    text = _as_csv(answer) if machine else _as_table(answer, columns)
    return text, list(answer.skipped)


def _as_csv(answer: Answer) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(answer.columns)
    writer.writerows([_exact(value) for value in row] for row in answer.rows)
    return text.getvalue().rstrip("\n")


def _exact(value: Any) -> str:
    """Every digit; nothing for what is missing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_table(answer: Answer, columns: int) -> str:
    """A table; where it would not fit, a block a row."""
    if not answer.rows:
        return "No rows."
    kept = answer.rows[:MOST_ROWS]
    rows = [[_short(value) for value in row] for row in kept]
    widths = [max(len(cell) for cell in column) for column in zip(answer.columns, *rows, strict=True)]
    fits = sum(widths) + len(terminal.GAP) * (len(widths) - 1) <= columns
    if fits:
        right = [i for i, column in enumerate(zip(*kept, strict=True)) if _numbers(column)]
        text = terminal.table(answer.columns, rows, columns, right=right)
    else:
        widest = max(map(len, answer.columns))
        text = "\n\n".join(
            "\n".join(
                f"{name:<{widest}}  {cell}".rstrip() for name, cell in zip(answer.columns, row, strict=True)
            )
            for row in rows
        )
    more = len(answer.rows) - len(kept)
    return f"{text}\n\n{more:,} more rows; --csv prints all." if more else text


def _numbers(values: Sequence[Any]) -> bool:
    """Whether a column is of numbers, and some are there."""
    known = [value for value in values if value is not None]
    return bool(known) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in known
    )


def _short(value: Any) -> str:
    """Six figures of a float; the rest as it is."""
    if isinstance(value, float):
        if math.isnan(value):
            return "–"
        return f"{value:,.0f}" if abs(value) >= 1e5 and math.isfinite(value) else f"{value:,.6g}"
    if value is None:
        return "–"
    return str(value).lower() if isinstance(value, bool) else str(value)
