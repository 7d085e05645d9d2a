"""The random quantities of what befalls suppliers by itself, each under the name of its draw.

In: a supplier or group of a scenario. Out: columns, as in `columns`. The names of draws: "<role> / fails" and
"/ lasts", "<group> / fails" and "/ lasts", "<group>.common / fails" and "/ lasts", "<role> / leaves"; column
n is that of the n-th time.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario.inputs import Inputs
from sim.scenario.model import Failures, Group, Leaving, Scenario
from sim.streams import BLOCK
from sim.supply.columns import number, quantile
from sim.supply.quantities import Column, evaluated


def failure_name(entity: str) -> str:
    """What the failures of a supplier, of a group, or of its members in common are drawn under."""
    return f"{entity} / fails"


def failure_columns(scenario: Scenario, role: str, failures: Failures) -> tuple[Column, ...]:
    """Hours to a supplier's next failure, and hours that it lasts, less what it has in common with others."""
    shares = [
        number(scenario, f"groups.{name}.common", group.common)
        for name, group in scenario.groups.items()
        if group.common is not None and role in group.members
    ]
    return _failures(scenario, f"suppliers.{role}.fails", failures, role, shares, own=True)


def group_columns(scenario: Scenario, name: str, failures: Failures) -> tuple[Column, ...]:
    """The same of a group."""
    return _failures(scenario, f"groups.{name}.fails", failures, name, (), own=True)


def common_columns(scenario: Scenario, name: str, group: Group) -> tuple[Column, ...]:
    """The same of the failures that a group's members have in common: their law is that of any member."""
    first = group.members[0]
    failures = scenario.suppliers[first].fails
    assert failures is not None
    assert group.common is not None
    shares = [number(scenario, f"groups.{name}.common", group.common)]
    return _failures(scenario, f"suppliers.{first}.fails", failures, f"{name}.common", shares, own=False)


def _failures(
    scenario: Scenario, path: str, failures: Failures, entity: str, shares: Sequence[Column], *, own: bool
) -> tuple[Column, Column]:
    """The beta factor: of failures at exponential times a share beta is common to all.

    The common ones are 1 / beta times as far apart, the own ones 1 / (1 - sum of all beta).
    """
    every = quantile(scenario, f"{path}.every", failures.every, failure_name(entity))
    lasts = quantile(scenario, f"{path}.lasts", failures.lasts, f"{entity} / lasts")
    if not shares:
        return every, lasts

    def farther(inputs: Inputs, attempt: int) -> ArrayLike:
        common = sum((evaluated(share, inputs, attempt) for share in shares), start=np.zeros(BLOCK))
        part = np.maximum(1.0 - common, 0.0) if own else common
        hours = np.broadcast_to(evaluated(every, inputs, attempt), BLOCK)
        found: NDArray[np.float64] = np.full(BLOCK, np.inf)
        return np.divide(hours, part, out=found, where=part > 0.0)

    return farther, lasts


def leaving_name(role: str) -> str:
    """What the leaving of a supplier is drawn under."""
    return f"{role} / leaves"


def leaving_columns(scenario: Scenario, role: str, begins: float) -> tuple[Column, ...]:
    """How a supplier may leave of itself, in the order of a `LeavingPlan`.

    `begins` is the time of the first set event that takes a supplier away by a decision: from then on it may
    leave, unless the scenario says since when.
    """
    supplier = scenario.suppliers[role]
    leaves, path = supplier.leaves or Leaving(), f"suppliers.{role}.leaves"

    def threshold(inputs: Inputs, attempt: int) -> ArrayLike:
        return -np.log1p(-inputs.draws.column(leaving_name(role), attempt))

    since: Column = inf
    if supplier.leaves is not None:
        since = begins if leaves.since is None else number(scenario, f"{path}.since", leaves.since)
    return (
        threshold,
        number(scenario, f"{path}.hazard", leaves.hazard),
        number(scenario, f"{path}.contagion", leaves.contagion),
        number(scenario, f"{path}.fades_over", inf if leaves.fades_over is None else leaves.fades_over),
        since,
        number(scenario, f"{path}.notice", leaves.notice),
        number(scenario, f"suppliers.{role}.leaves_again", supplier.leaves_again),
    )
