"""A small scenario whose studies take a moment, and ways to look at what a study left behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario import ScenarioFile
from sim.study import Study, run_study
from sim.study.parquet import fetch, quoted
from tests.pipeline import written

TEXT = """
name: small
title: One host, one search
clock: {start: 2025-01-01T00:00Z, horizon: 60 d, report_every: 5 d}
suppliers:
  host: {kind: cloud host, monthly_cost: 1000}
  store: {kind: app store}
capabilities:
  use: {needs: [host]}
  install: {needs: [use, store]}
users:
  start: 100000
  served_by: use
  join_by: install
  segments:
    fast: {share: 25 %, patience: {mean: 10 d}}
    slow: {share: 75 %, patience: {mean: 40 d}}
events:
  - {suspend: host, at: 2025-01-08T00:00Z}
response:
  replace:
    host:
      search: {candidates: 5, acceptance: 30 %, reply: {mean: 36 h}}
      tasks:
        move: {after: [host_found], takes: {low: 1 d, likely: 2 d, high: 7 d}}
        adapt: {after: [host_found], takes: {median: 3 d, p90: 8 d}}
"""

UNSURE = "unknowns:\n  users.segments.slow.churn: {low: 0.01 % per day, high: 0.4 % per day, law: uniform}\n"
"""Makes the counterfactual differ between replications."""

STRATEGIES = """
strategies:
  as_is: {label: As it is}
  asks_more: {label: Asks two at once, response: {replace: {host: {search: {at_once: 2}}}}}
baseline: as_is
"""


def small(more: str = "", settings: Sequence[str] = ()) -> ScenarioFile:
    """The small scenario, with more lines at the end."""
    return written(TEXT + more, settings)


def studied(
    output: Path | None,
    replications: int = 200,
    *,
    more: str = "",
    settings: Sequence[str] = (),
    **options: Any,
) -> Study:
    """A study of the small scenario."""
    return run_study(small(more, settings), replications=replications, output=output, **options)


def table(folder: Path, name: str) -> dict[str, NDArray[Any]]:
    """The columns of one Parquet file."""
    return fetch(f"SELECT * FROM read_parquet({quoted(folder / name)})")


def same(one: Any, other: Any) -> bool:
    """Whether two sets of columns are equal bit for bit, NaN and missing values included."""
    if one.keys() != other.keys():
        return False
    return all(_same(one[name], other[name]) for name in one)


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    if one.dtype.kind == "f":
        return np.array_equal(one, other, equal_nan=True)
    return bool(
        np.ma.allequal(one, other) and np.array_equal(np.ma.getmaskarray(one), np.ma.getmaskarray(other))
    )


TABLES = (
    "outcomes.parquet",
    "segments.parquet",
    "attribution.parquet",
    "events.parquet",
    "trajectories.parquet",
)
TEXTS = ("summary.csv", "comparison.csv", "criticality.csv", "scenario.yaml")


def same_tables(one: Path, other: Path) -> bool:
    """Whether two folders hold the same tables."""
    texts = all((one / name).read_bytes() == (other / name).read_bytes() for name in TEXTS)
    return texts and all(same(table(one, name), table(other, name)) for name in TABLES)


def progress_to(said: list[tuple[int, int]]) -> Callable[[int, int], None]:
    """A progress that remembers."""
    return lambda done, total: said.append((done, total))
