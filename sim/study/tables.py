"""The tables of a study, derived from its finished blocks and replaced whole.

In: an archive with the blocks it needs. Out: `outcomes`, `segments`, `attribution`, `events` and
`trajectories` as Parquet, `summary` and `comparison` as CSV. Nothing is computed here that the blocks do not
hold, but for the happenings of a typical or worst run beyond the replications that keep theirs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import Measure, measures_of
from sim.streams import BLOCK
from sim.study.archive import Archive
from sim.study.comparison import Difference, Other, compare_all
from sim.study.criticality import Critical, criticality
from sim.study.encode import HAPPENINGS_OF_FIRST, NESTED, TRAJECTORIES_OF_FIRST, happening_columns
from sim.study.looks import means
from sim.study.parquet import Columns, copy, fetch, name, quoted, source, tables, words
from sim.study.runs import typical, worst
from sim.study.stored import Stored
from sim.study.summary import Line, Outcomes, summarise
from sim.study.trajectories import Looks, fans
from sim.study.world import spared, timeline

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.resolution import Resolution

OUTCOMES = "outcomes.parquet"


@dataclass(frozen=True, slots=True)
class Part:
    """One strategy of a study: its scenario and how many of its replications the tables show."""

    strategy: str
    scenario: Scenario
    replications: int

    @property
    def blocks(self) -> range:
        """The blocks these replications are in."""
        return range(-(-self.replications // BLOCK))

    @property
    def measures(self) -> Mapping[str, Measure]:
        """What is measured."""
        return measures_of(self.scenario)


def blocks_of(archive: Archive, part: Part, replications: int | None = None) -> str:
    """The rows of a strategy's replications, as an SQL table."""
    shown = part.replications if replications is None else min(part.replications, replications)
    files = [archive.rows(part.strategy, block) for block in part.blocks if block * BLOCK < shown]
    return f"(SELECT * FROM {source(files, alike=_alike(files))} WHERE replication < {shown})"


def _alike(files: Sequence[Path]) -> bool:
    """Whether every block has measures: one in which all replications failed has none to have."""
    failed = f"SELECT count(failed_stage) AS failed FROM {source(files, alike=True)}"
    whole = (
        f"SELECT count(*) AS blocks FROM ({failed} GROUP BY replication // {BLOCK}) WHERE failed = {BLOCK}"
    )
    return bool(fetch(whole)["blocks"][0] == 0)


def looks_of(archive: Archive, part: Part) -> Looks:
    """The trajectories of a strategy's replications."""
    shown = min(part.replications, TRAJECTORIES_OF_FIRST)
    places = (archive.trajectories(part.strategy, block) for block in part.blocks if block * BLOCK < shown)
    return Looks([place for place in places if place.is_file()], shown)


def _completed(archive: Archive, part: Part, looks: Looks, *, users: Resolution) -> Looks:
    """Blocks keep the mean of their whole counterfactual; that of a part of one is played again."""
    block, rows = divmod(looks.replications, BLOCK)
    if not rows or not archive.trajectories(part.strategy, block).is_file():
        return looks
    shown = f"SELECT replication FROM {blocks_of(archive, part)} WHERE failed_stage IS NULL"
    good = fetch(f"{shown} AND replication >= {block * BLOCK}")["replication"] - block * BLOCK
    if not good.size:
        return looks
    last = means(spared(part.scenario, block, users=users), good)
    # in single precision like the means of whole blocks, so that what is equal stays equal
    return replace(looks, last={quantity: mean.astype(np.float32) for quantity, mean in last.items()})


def outcomes_of(archive: Archive, part: Part) -> Outcomes:
    """The measures of the replications that did not fail, with their numbers, ascending. Each (runs,)."""
    columns = ["replication", *part.measures]
    return Stored(archive, OUTCOMES, part.strategy, columns, part.replications)


def failures_of(archive: Archive, part: Part) -> tuple[int, str]:
    """How many replications failed, and the stage and reason of the first."""
    query = (
        f"SELECT failed_stage, failed_reason FROM {blocks_of(archive, part)} WHERE failed_stage IS NOT NULL"
    )
    found = fetch(query)
    count = len(found["failed_stage"])
    return count, f"{found['failed_stage'][0]}: {found['failed_reason'][0]}" if count else ""


def derive(archive: Archive, parts: Sequence[Part], baseline: str, *, users: Resolution = "expected") -> None:
    """Write every table. The same blocks always give the same rows."""
    _write_outcomes(archive, parts)
    outcomes = {part.strategy: outcomes_of(archive, part) for part in parts}
    for table in ("segments", "attribution"):
        _write_nested(
            archive, f"{table}.parquet", [(part, blocks_of(archive, part)) for part in parts], table
        )
    _write_events(archive, parts, outcomes)
    looks = [_completed(archive, part, looks_of(archive, part), users=users) for part in parts]
    _write_trajectories(archive, looks, parts)
    write_csv(archive, "summary.csv", Line, summaries(archive, parts, outcomes))
    write_csv(archive, "comparison.csv", Difference, comparisons(parts, outcomes, baseline))
    write_csv(archive, "criticality.csv", Critical, _criticalities(archive, parts, outcomes))


def summaries(archive: Archive, parts: Sequence[Part], outcomes: Mapping[str, Outcomes]) -> list[Line]:
    """Every strategy's lines."""
    return [
        line
        for part in parts
        for line in summarise(
            part.strategy,
            part.measures,
            outcomes[part.strategy],
            failures_of(archive, part)[0],
            seed=part.scenario.seed,
        )
    ]


def comparisons(parts: Sequence[Part], outcomes: Mapping[str, Outcomes], baseline: str) -> list[Difference]:
    """Every strategy against the baseline, if that was run."""
    if baseline not in outcomes:
        return []
    others = [
        Other(part.strategy, part.measures, outcomes[part.strategy])
        for part in parts
        if part.strategy != baseline
    ]
    return compare_all(others, baseline, outcomes[baseline], seed=parts[0].scenario.seed) if others else []


def _criticalities(
    archive: Archive, parts: Sequence[Part], outcomes: Mapping[str, Outcomes]
) -> Iterator[Critical]:
    for part in parts:
        runs = len(outcomes[part.strategy]["replication"])
        if runs:
            yield from criticality(archive.folder / "attribution.parquet", part.strategy, runs)


def write_csv(
    archive: Archive, file: str, record: type[Line | Difference | Critical], rows: Iterable[Any]
) -> None:
    """Records as CSV: full precision, `inf` beyond the horizon, empty where there is no number."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    columns = [field.name for field in fields(record)]
    writer.writerow(columns)
    writer.writerows([_cell(getattr(row, column)) for column in columns] for row in rows)
    archive.write(file, text.getvalue().encode("utf-8"))


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "" if np.isnan(value) else repr(value)
    return value


def _write_outcomes(archive: Archive, parts: Sequence[Part]) -> None:
    queries = []
    for part in parts:
        chosen = ", ".join(
            name(column) for column in ["replication", *part.measures, "failed_stage", "failed_reason"]
        )
        queries.append(
            f"SELECT {quoted(part.strategy)} AS strategy, {chosen} FROM {blocks_of(archive, part)}"
        )
    with archive.beside(OUTCOMES) as target, tables() as connection:
        copy(connection, " UNION ALL BY NAME ".join(queries), target, said=archive.provenance())


def _nested(part: Part, rows: str, column: str) -> str:
    """The records of one nested column, a row each."""
    chosen = ", ".join(f"one.{name(field)} AS {name(field)}" for field in NESTED[column])
    each = f"SELECT replication, unnest({column}) AS one FROM {rows}"
    return f"SELECT {quoted(part.strategy)} AS strategy, replication, {chosen} FROM ({each})"


def _write_nested(archive: Archive, file: str, rows: Sequence[tuple[Part, str]], column: str) -> None:
    query = " UNION ALL ".join(_nested(part, each, column) for part, each in rows)
    with archive.beside(file) as target, tables() as connection:
        copy(connection, query, target, said=archive.provenance())


def _write_events(archive: Archive, parts: Sequence[Part], outcomes: Mapping[str, Outcomes]) -> None:
    kept = [(part, blocks_of(archive, part, HAPPENINGS_OF_FIRST)) for part in parts]
    queries = [_nested(part, rows, "events") for part, rows in kept]
    replayed: dict[str, Columns] = {}
    for i, part in enumerate(parts):
        beyond = sorted({typical(outcomes[part.strategy]), worst(outcomes[part.strategy])})
        beyond = [k for k in beyond if k >= HAPPENINGS_OF_FIRST]
        if beyond:
            timelines = [timeline(part.scenario, k) for k in beyond]
            replayed[f"replayed_{i}"] = happening_columns(np.array(beyond, dtype=np.int64), timelines)
            queries.append(f"SELECT {quoted(part.strategy)} AS strategy, * FROM replayed_{i}")
    with archive.beside("events.parquet") as target, tables(**replayed) as connection:
        copy(connection, " UNION ALL ".join(queries), target, said=archive.provenance())


def _write_trajectories(archive: Archive, looks: Sequence[Looks], parts: Sequence[Part]) -> None:
    pieces: dict[str, list[NDArray[Any]]] = {}
    for columns in _fan_columns(looks, parts):
        for column, values in columns.items():
            pieces.setdefault(column, []).append(values)
    whole = {column: np.concatenate(values) for column, values in pieces.items()}
    with archive.beside("trajectories.parquet") as target, tables(fans=whole) as connection:
        copy(connection, "SELECT * FROM fans", target, said=archive.provenance())


def _fan_columns(looks: Sequence[Looks], parts: Sequence[Part]) -> Iterator[Columns]:
    for part, kept in zip(parts, looks, strict=True):
        for quantity, segment, columns in fans(kept):
            size = len(columns["time"])
            told = {"strategy": part.strategy, "time": None, "quantity": quantity, "segment": segment}
            yield {
                key: columns["time"] if word is None else words([word] * size) for key, word in told.items()
            } | {key: values for key, values in columns.items() if key != "time"}
