"""Where the inputs of a finished study come from: the sources that its resolved scenario no longer says.

In: a folder of results. Out: the evidence of every strategy, or nothing where it is not known. A resolved
scenario holds plain values, so that it can be read and run by anybody; sources and assumptions are in the
table `inputs.csv` beside it. Rejected: reading the resolved file's own evidence, which would call every input
an assumption.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from sim.scenario.evidence import Evidence

INPUTS = "inputs.csv"
"""One row a strategy and input: value, unit, source or assumption."""

Known = Mapping[str, tuple[Evidence, ...]]


def inputs_csv(known: Known) -> bytes:
    """The evidence of every strategy as a table."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    columns = [field.name for field in fields(Evidence)]
    writer.writerow(["strategy", *columns])
    for strategy, rows in known.items():
        for row in rows:
            cells = (getattr(row, column) for column in columns)
            writer.writerow([strategy, *(str(c).lower() if isinstance(c, bool) else c for c in cells)])
    return text.getvalue().encode("utf-8")


def evidence_of_study(folder: Path) -> Known | None:
    """The evidence of every strategy; None where the folder has no such table."""
    kept = folder / INPUTS
    return _read(kept) if kept.is_file() else None


def _read(path: Path) -> Known:
    found: dict[str, list[Evidence]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            strategy = row.pop("strategy")
            cells: dict[str, Any] = dict(row)
            cells["line"] = int(row["line"]) if row["line"] else None
            cells["choice"] = row["choice"] == "true"
            found.setdefault(strategy, []).append(Evidence(**cells))
    return {strategy: tuple(rows) for strategy, rows in found.items()}
