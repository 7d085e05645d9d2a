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

from sim.study.parquet import fetch, quoted


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
    each = (
        "SELECT capability, replication, cause, kind, sum(hours) AS hours, bool_or(censored) AS cut "
        f"FROM read_parquet({quoted(attribution)}) WHERE {where} GROUP BY ALL"
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
        "GROUP BY capability, cause, kind ORDER BY capability, sum(hours) DESC, cause, kind"
    )
    found = fetch(query)
    columns = (found[name] for name in ("capability", "cause", "kind", "hours", "some", "cut"))
    moments = (found[name].astype(float) for name in ("product", "down", "square"))
    made = []
    for name, cause, kind, hours, some, cut, product, down, square in zip(*columns, *moments, strict=True):
        spread = square - down * down / runs
        # sums of squares lose digits where the downtime is nearly the same in every run
        varies = spread > 1e-12 * square
        made.append(
            Critical(
                strategy,
                str(name),
                str(cause),
                str(kind),
                int(some) / runs,
                float(hours) / runs,
                float(hours / down) if down > 0.0 else 0.0,
                float((product - hours * down / runs) / spread) if varies else 0.0,
                int(cut) / runs,
            )
        )
    return made
