"""Fans: how users and capabilities went over time, over all runs of a strategy.

In: the trajectories kept with each block. Out: mean, quantiles and counterfactual a strategy, quantity,
segment and time. A few quantities are read at a time, so memory does not grow with how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.streams import BLOCK
from sim.study.looks import BESIDE, CAPABILITY, DOOR, PLACE, STATES
from sim.study.parquet import fetch, name, source
from sim.study.statistics import Array, rank

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}

EVERYONE = "all"
"""The segment of rows that are about all users together, or about a capability."""

_AT_ONCE = 16_000_000
"""Numbers read together (64 MB); a query costs as much as reading a million."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The trajectories of one strategy's first `replications`, on disk.

    `last` is the mean counterfactual of those shown of the last block, where they are not all of it.
    """

    files: Sequence[Path]
    replications: int
    last: Mapping[str, NDArray[np.float32]] | None = None

    def columns(self) -> list[str]:
        """`<state>.<segment>` and `capability.<name>`."""
        found = fetch(f"DESCRIBE SELECT * FROM {source(self.files)}")["column_name"]
        return [str(one) for one in found if "." in str(one)]

    def times(self) -> Array:
        """Report times, hours. Shape (times,)."""
        query = f"SELECT time FROM {source(self.files[:1])} WHERE spared ORDER BY time"
        return np.asarray(fetch(query)["time"])

    def counterfactual(self, columns: Sequence[str], times: int) -> dict[str, Array]:
        """The mean of each quantity in the counterfactual, over the same runs. Shape (times,)."""
        shown = f"FROM {source(self.files)} WHERE replication < {self.replications}"
        block = f"replication // {BLOCK} AS block"
        weights = fetch(
            f"SELECT {block}, count(*) AS looks {shown} AND NOT spared GROUP BY block ORDER BY block"
        )
        chosen = ", ".join(map(name, columns))
        found = fetch(f"SELECT {chosen} {shown} AND spared ORDER BY replication, time")
        means = {column: found[column].astype(np.float64).reshape(-1, times) for column in columns}
        if self.last is not None:
            for column in columns:
                means[column][-1] = self.last[column]
        weight = (weights["looks"] / weights["looks"].sum())[:, None]
        return {column: (weight * mean).sum(axis=0) for column, mean in means.items()}

    def runs(self, columns: Sequence[str], times: int) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Each quantity in every run. Shape (runs, times)."""
        together = max(_AT_ONCE // (self.replications * times), 1)
        for first in range(0, len(columns), together):
            wanted = columns[first : first + together]
            kept = f"NOT spared AND replication < {self.replications}"
            query = f"SELECT {', '.join(map(name, wanted))} FROM {source(self.files)} WHERE {kept}"
            for column, values in fetch(query).items():
                yield column, values.reshape(-1, times)


def fans(looks: Looks) -> Iterator[tuple[str, str, dict[str, Array]]]:
    """(quantity, segment, columns of shape (times,)): each segment, all of them together, each capability."""
    columns, times = looks.columns(), looks.times()
    would = looks.counterfactual(columns, times.size)
    for state in STATES:
        of_state = [column for column in columns if column.startswith(f"{state}.")]
        total: Array = np.zeros((1, times.size))
        for column, runs in looks.runs(of_state, times.size):
            total = total + runs
            yield state, column.partition(".")[2], _fan(times, runs, would[column])
        yield (
            state,
            EVERYONE,
            _fan(times, total, sum((would[column] for column in of_state), np.zeros(times.size))),
        )
    of_everyone = {column: shown for column in columns if (shown := _of_everyone(column))}
    for column, runs in looks.runs(list(of_everyone), times.size):
        yield of_everyone[column], EVERYONE, _fan(times, runs, would[column])


def _of_everyone(column: str) -> str:
    """The quantity a column is of, where it is not one of a segment; else nothing."""
    kind, _, entity = column.partition(".")
    if column == DOOR:
        return kind
    return f"away.{entity}" if kind == PLACE else column if kind in (CAPABILITY, BESIDE) else ""


def spread(runs: NDArray[Any]) -> dict[str, Array]:
    """Mean and quantiles over the runs, at each time. In: shape (runs, times). Out: shape (times,) each."""
    # along the last axis four times as fast as along the first; and numpy sorts with vector instructions,
    # which takes a fourth of the time that looking for five places does
    ordered = np.sort(np.ascontiguousarray(runs.T), axis=1)
    places = {label: rank(len(runs), share) - 1 for label, share in QUANTILES.items()}
    quantiles = {label: ordered[:, place].astype(np.float64) for label, place in places.items()}
    return {"mean": runs.mean(axis=0, dtype=np.float64), **quantiles}


def _fan(times: Array, runs: NDArray[Any], counterfactual: Array) -> dict[str, Array]:
    return {"time": times, **spread(runs), "counterfactual": counterfactual}


def users_at(looks: Looks, state: str, hours: float) -> Array:
    """Users of all segments in a state at an instant, straight between report times. Shape (runs,)."""
    columns = [column for column in looks.columns() if column.startswith(f"{state}.")]
    times = looks.times()
    total: Array = np.zeros((1, times.size))
    for _, runs in looks.runs(columns, times.size):
        total = total + runs
    after = int(np.clip(np.searchsorted(times, hours), 1, times.size - 1))
    share = np.clip((hours - times[after - 1]) / (times[after] - times[after - 1]), 0.0, 1.0)
    return np.asarray((1.0 - share) * total[:, after - 1] + share * total[:, after])
