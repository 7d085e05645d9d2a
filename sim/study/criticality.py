"""Which task, wait or supplier decided when service was back: its criticality.

In: the attribution of a study's runs to causes on the realised critical path. Out: one record a strategy,
capability and cause. Three columns, because each misleads alone: a task may always be critical and take no
time, or take much time and never vary.

References
----------
Elmaghraby 2000, "On criticality and sensitivity in activity networks", European Journal of Operational
Research 127, 220-238 (criticality index; the others answer what it cannot).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.study.parquet import fetch, quoted
from sim.study.statistics import Array

_TOGETHER = 50_000
"""Runs whose causes are added up in one query: of a million at once it takes 6 GB [measured]."""


@dataclass(frozen=True, slots=True)
class Critical:
    """What one cause took of a capability's downtime.

    Attributes
    ----------
    cause, kind
        As in `attribution.parquet`.
    runs
        Criticality index: the share of all runs in which it took any of the downtime.
    hours
        Mean critical time, over all runs. Adds up to the mean downtime over the causes.
    downtime
        Its share of the mean downtime; 0 where there is none.
    variance
        Its share of the variance of the downtime, cov(its hours, downtime) / var(downtime): adds up to 1 over
        the causes, below 0 where it takes less when the downtime is long. 0 where nothing varies.
    censored
        Share of all runs in which the horizon cut it.
    """

    strategy: str
    capability: str
    cause: str
    kind: str
    runs: float
    hours: float
    downtime: float
    variance: float
    censored: float


def criticality(attribution: Path, strategy: str, runs: int, capability: str | None = None) -> list[Critical]:
    """Every cause of a strategy's downtimes (of one capability's), those that take most first.

    Parameters
    ----------
    runs
        How many runs there are, those without any downtime included.
    """
    where = f"strategy = {quoted(strategy)}"
    if capability is not None:
        where += f" AND capability = {quoted(capability)}"
    rows = f"FROM read_parquet({quoted(attribution)}) WHERE {where}"
    last = fetch(f"SELECT coalesce(max(replication), -1) AS last {rows}")["last"][0]
    sums: dict[tuple[str, str, str], Array] = {}
    downtimes: dict[str, Array] = {}
    for first in range(0, int(last) + 1, _TOGETHER):
        _add(sums, downtimes, f"{rows} AND replication BETWEEN {first} AND {first + _TOGETHER - 1}")
    found = [_critical(strategy, key, of_cause, downtimes[key[0]], runs) for key, of_cause in sums.items()]
    return sorted(found, key=lambda each: (each.capability, -each.hours, each.cause, each.kind))


def _add(sums: dict[tuple[str, str, str], Array], downtimes: dict[str, Array], rows: str) -> None:
    """Add what some runs contribute.

    A capability and cause: hours, runs with any, runs cut, hours x downtime; a capability: downtime, squared.
    """
    each = (
        "SELECT capability, replication, cause, kind, sum(hours) AS hours, bool_or(censored) AS cut "
        f"{rows} GROUP BY ALL"
    )
    query = (
        f"WITH each AS ({each}), "
        "whole AS (SELECT capability, replication, sum(hours) AS down FROM each GROUP BY ALL), "
        "spread AS (SELECT capability, sum(down) AS down, sum(down * down) AS square "
        "FROM whole GROUP BY ALL) "
        "SELECT capability, cause, kind, sum(hours) AS hours, count(*) FILTER (hours > 0) AS some, "
        "count(*) FILTER (cut) AS cut, sum(hours * whole.down) AS product, "
        "any_value(spread.down) AS down, any_value(spread.square) AS square "
        "FROM each JOIN whole USING (capability, replication) JOIN spread USING (capability) "
        "GROUP BY capability, cause, kind"
    )
    found = fetch(query)
    words = zip(*(found[name] for name in ("capability", "cause", "kind")), strict=True)
    numbers = np.column_stack([found[name].astype(float) for name in ("hours", "some", "cut", "product")])
    spread = np.column_stack([found[name].astype(float) for name in ("down", "square")])
    once = {}
    for row, (capability, cause, kind) in enumerate(words):
        key = str(capability), str(cause), str(kind)
        sums[key] = sums.get(key, 0.0) + numbers[row]
        once[str(capability)] = spread[row]
    for capability, two in once.items():
        downtimes[capability] = downtimes.get(capability, 0.0) + two


def _critical(
    strategy: str, key: tuple[str, str, str], of_cause: Array, downtime: Array, runs: int
) -> Critical:
    hours, some, cut, product = (float(each) for each in of_cause)
    down, square = (float(each) for each in downtime)
    spread = square - down * down / runs
    # sums of squares lose digits where the downtime is nearly the same in every run
    varies = spread > 1e-12 * square
    return Critical(
        strategy,
        *key,
        some / runs,
        hours / runs,
        hours / down if down > 0.0 else 0.0,
        (product - hours * down / runs) / spread if varies else 0.0,
        cut / runs,
    )
