"""A block as files: one row a replication, with what belongs to it nested in the row.

In: a `BlockResult`. Out: the bytes of two Parquet files. The second has the trajectories, a row a
replication and time: as lists inside the first they would take three times as long to write.

Bytes rather than files, because the worker that computes a block need not see the folder it ends in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.streams import BLOCK
from sim.study.looks import look, means
from sim.study.parquet import Columns, copy, name, tables, words
from sim.study.simulate import BlockResult

if TYPE_CHECKING:
    from sim.supply import Timeline

HAPPENINGS_OF_FIRST = 1_000
"""Replications whose happenings are kept (the typical and the worst run are played again)."""

TRAJECTORIES_OF_FIRST = 10_000
"""Replications whose trajectories are kept."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A block, ready to be put on disk. `trajectories` is None beyond the replications that keep them."""

    block: int
    rows: bytes
    trajectories: bytes | None


def encode(result: BlockResult) -> Encoded:
    """Both files of a block."""
    first = result.block * BLOCK
    with TemporaryDirectory(prefix="hostfall-") as folder:
        rows, trajectories = Path(folder) / "rows", Path(folder) / "trajectories"
        _write_rows(result, rows, happenings=first < HAPPENINGS_OF_FIRST)
        kept = None
        if first < TRAJECTORIES_OF_FIRST and len(result.failures) < BLOCK:
            columns = trajectory_columns(result)
            with tables(looks=columns) as connection:
                copy(connection, "SELECT * FROM looks", trajectories, repetitive=False)
            kept = trajectories.read_bytes()
        return Encoded(result.block, rows.read_bytes(), kept)


NESTED = {
    "segments": {"segment": "VARCHAR", "users_lost": "DOUBLE", "user_hours_lost": "DOUBLE"},
    "attribution": {
        "capability": "VARCHAR",
        "outage": "BIGINT",
        "cause": "VARCHAR",
        "kind": "VARCHAR",
        "hours": "DOUBLE",
        "censored": "BOOLEAN",
    },
    "events": {"time": "DOUBLE", "entity": "VARCHAR", "event": "VARCHAR", "cause": "VARCHAR"},
}
"""What is nested in a row, a list of records each; types are said because a block may have no record."""


def _write_rows(result: BlockResult, target: Path, *, happenings: bool) -> None:
    nested: dict[str, Columns] = {}
    if result.happened and result.outcome:
        nested = {"segments": _segments(result), "attribution": _attribution(result)}
        if happenings:
            nested["events"] = _happenings(result)
    columns = _measures(result)
    chosen = ["replication", *(_selected(column, result) for column in columns if column != "replication")]
    joins = ""
    for part in nested:
        chosen.append(part)
        record = ", ".join(f"'{field}': CAST({field} AS {kind})" for field, kind in NESTED[part].items())
        lists = f"SELECT replication, list({{{record}}}) AS {part} FROM {part}_of GROUP BY replication"
        joins += f" LEFT JOIN ({lists}) USING (replication)"
    with tables(runs=columns, **{f"{part}_of": rows for part, rows in nested.items()}) as connection:
        copy(connection, f"SELECT {', '.join(chosen)} FROM runs{joins} ORDER BY replication", target)


def _selected(column: str, result: BlockResult) -> str:
    """A column of the rows; NULL where the replication failed, for a failure never carries a value."""
    if column.startswith("failed_"):
        return f"CAST({name(column)} AS VARCHAR) AS {name(column)}"
    if not result.failures:
        return name(column)
    return f"CASE WHEN failed_stage IS NULL THEN {name(column)} END AS {name(column)}"


def _measures(result: BlockResult) -> Columns:
    failures = [result.failures.get(row) for row in range(BLOCK)]
    columns: dict[str, NDArray[np.generic]] = {"replication": _replications(result)}
    if result.happened and result.outcome:
        columns |= result.outcome.columns
        counts = [one.event_count for one in result.happened.timelines]
        columns["event_count"] = np.array(counts, dtype=np.int64)
    columns["failed_stage"] = words([None if one is None else one.stage for one in failures])
    columns["failed_reason"] = words([None if one is None else one.reason for one in failures])
    return columns


def _replications(result: BlockResult) -> NDArray[np.int64]:
    return result.block * BLOCK + np.arange(BLOCK, dtype=np.int64)


def _good(result: BlockResult) -> NDArray[np.bool_]:
    good = np.ones(BLOCK, dtype=np.bool_)
    good[list(result.failures)] = False
    return good


def _segments(result: BlockResult) -> Columns:
    assert result.outcome is not None
    names = result.outcome.segment_names
    good = np.flatnonzero(_good(result))
    return {
        "replication": np.repeat(_replications(result)[good], len(names)),
        "segment": words([*names] * len(good)),
        **{measure: values[good].ravel() for measure, values in result.outcome.segments.items()},
    }


def _attribution(result: BlockResult) -> Columns:
    assert result.outcome is not None
    one = result.outcome.attribution
    good = np.flatnonzero(_good(result)[one.row])
    columns = {
        "replication": _replications(result)[one.row],
        "capability": one.capability,
        "outage": one.outage,
        "cause": one.cause,
        "kind": one.kind,
        "hours": one.hours,
        "censored": one.censored,
    }
    return {column: values[good] for column, values in columns.items()}


def _happenings(result: BlockResult) -> Columns:
    assert result.happened is not None
    timelines = [result.happened.timelines[row] for row in np.flatnonzero(_good(result))]
    rows = _replications(result)[_good(result)]
    return happening_columns(rows, timelines)


def happening_columns(replications: NDArray[np.int64], timelines: Sequence[Timeline]) -> Columns:
    """Everything that happened in some replications, a row a happening."""
    counts = [len(one.happenings) for one in timelines]
    found = [each for one in timelines for each in one.happenings[:]]  # [:] is a plain tuple: twice as fast
    time, entity, event, cause = zip(*found, strict=True) if found else ((),) * 4
    return {
        "replication": np.repeat(replications, counts),
        "time": np.array(time, dtype=np.float64),
        "entity": words(entity),
        "event": words(event),
        "cause": words(cause),
    }


def trajectory_columns(result: BlockResult) -> Columns:
    """Every replication at the report times, and (`spared`, once a block) the mean of the counterfactual.

    Single precision: half the bytes, and an error of 6e-8 of the value.
    """
    assert result.happened is not None
    assert result.spared is not None
    good = np.flatnonzero(_good(result)) if result.failures else slice(None)
    times, replications = result.happened.history.times, _replications(result)[good]
    rows = np.append(replications, replications[0])
    columns: dict[str, NDArray[np.generic]] = {
        "replication": np.repeat(rows, len(times)),
        "spared": np.arange(len(rows) * len(times)) >= len(replications) * len(times),
        "time": np.tile(times, len(rows)),
    }
    for quantity, mean in means(result.spared, good).items():
        column = np.empty((len(rows), len(times)), dtype=np.float32)
        column[:-1], column[-1] = look(result.happened, quantity, good), mean
        columns[quantity] = column.ravel()
    return columns
