"""What was measured before: a row a ratio and day, and the guard that says when one has become worse.

In: measured ratios, and `benchmarks/history.csv`. Out: regressions in words, and new rows. Counts must be
what they were; ratios of times may be worse than the last record of the same kind of machine by `TOLERANCE`,
which is what they wander by from run to run. The program is known by a digest of its source, not by a commit,
and the machine by its kind, not by its name.
"""

from __future__ import annotations

import csv
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from benchmarks.timing import Ratio
from sim.scenario.digest import MODEL
from sim.study.machine import instructions

HISTORY = Path(__file__).resolve().parent / "history.csv"
SOURCE = Path(__file__).resolve().parent.parent / "sim"

TOLERANCE = 0.25
"""A ratio may be worse than the last record by this share of it. Assumption: on two busy cores medians of 7
rounds have differed by up to a fifth between two runs of one program; a change for the worse that is meant to
be seen is larger."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row.

    Attributes
    ----------
    date
        Of the measurement, UTC.
    version, model, program
        Of the package and of the model, and the first ten digits of a digest of the source.
    machine
        Its kind.
    kind
        "count", "ratio" (of CPU times, bounded), or "told".
    name, value
        What was measured.
    """

    date: str
    version: str
    model: str
    program: str
    machine: str
    kind: str
    name: str
    value: float


def read(path: Path = HISTORY) -> list[Record]:
    """Every row, the oldest first; none where nothing was recorded."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return [Record(**{**row, "value": float(row["value"])}) for row in csv.DictReader(lines)]  # type: ignore[arg-type]


def add(records: Iterable[Record], path: Path = HISTORY) -> None:
    """Put rows at the end."""
    new = not path.is_file()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow([field.name for field in fields(Record)])
        writer.writerows(astuple(record) for record in records)


def records(ratios: Iterable[Ratio]) -> list[Record]:
    """Today's rows of what has a value."""
    import sim

    today = datetime.now(UTC).date().isoformat()
    common = (today, sim.__version__, MODEL, program(), machine())
    return [
        Record(*common, kind_of(ratio), ratio.name, ratio.value)
        for ratio in ratios
        if ratio.value == ratio.value
    ]


def regressions(ratios: Iterable[Ratio], before: Sequence[Record]) -> list[str]:
    """What is worse than its last record on such a machine, by more than noise; in words."""
    found = []
    for ratio in ratios:
        last = _last(ratio, before)
        if last is None:
            continue
        if ratio.exact and ratio.value != last.value:
            found.append(f"{ratio.name}: {ratio.value:,.0f}, and was {last.value:,.0f} on {last.date}")
        elif not ratio.exact and _worse(ratio, last.value):
            found.append(
                f"{ratio.name}: {ratio.value:.3g}, and was {last.value:.3g} on {last.date} "
                f"(more than {TOLERANCE:.0%} worse)"
            )
    return found


def _last(ratio: Ratio, before: Sequence[Record]) -> Record | None:
    """The last record to hold it against; counts do not depend on the machine, but on the model."""
    here, model = machine(), MODEL
    alike = [
        record
        for record in before
        if record.name == ratio.name
        and (record.model == model if ratio.exact else record.machine == here and record.kind == "ratio")
    ]
    return alike[-1] if alike else None


def _worse(ratio: Ratio, last: float) -> bool:
    if ratio.at_most is not None:
        return ratio.value > last * (1.0 + TOLERANCE)
    return ratio.at_least is not None and ratio.value < last / (1.0 + TOLERANCE)


def kind_of(ratio: Ratio) -> str:
    """Whether it is counted, bounded, or only told."""
    if ratio.exact:
        return "count"
    return "told" if ratio.at_most is None and ratio.at_least is None else "ratio"


@cache
def program() -> str:
    """Ten hexadecimal digits that stand for the source, whatever its history."""
    digest = sha256()
    for path in sorted(SOURCE.rglob("*.py")):
        digest.update(path.relative_to(SOURCE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


@cache
def machine() -> str:
    """The kind of machine: architecture, processors, widest instructions, Python."""
    known = instructions()
    widest = known[-1] if known else "no SIMD"
    python = ".".join(platform.python_version_tuple()[:2])
    return f"{platform.machine()}, {os.cpu_count()} processors, {widest}, Python {python}"
