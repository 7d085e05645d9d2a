"""The random quantities of a scenario, each under the name of its draw.

In: a field of the scenario and its path. Out: a `Column`. The names of draws are made here and, for those
who are asked to play a role, in `candidates`, and nowhere else: "<role>.search / mood",
"<role>.candidate.<name or place> / answer", "/ reply", "/ lead", "/ withdraws" and "/ drops",
"<role>.<task> / takes", "/ data", "/ bandwidth", "/ utilisation", "/ rework" and "/ rework chance",
"<role>.<task>.<service> / takes", "operator / optimism", "<role> / detection",
"<role>.cut_over / ttl", "<role>.ramp_up / takes", "<event id> / lasts".
"""

from __future__ import annotations

from functools import lru_cache
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from sim.scenario.inputs import Inputs
from sim.scenario.laws import Law
from sim.scenario.model import Event, Scenario, Task
from sim.streams import BLOCK
from sim.supply.quantities import Column, Drawn, Transfer, evaluated

_TERABYTE = 1e12
"""Bytes."""


def number(scenario: Scenario, path: str, value: float) -> Column:
    """A number, which an unknown may vary between replications."""
    if not unknown(scenario, path):
        return value
    return lambda inputs, attempt: inputs.number(path)


def quantile(scenario: Scenario, path: str, law: Law, name: str) -> Column:
    """A law at the draws of a name."""
    if unknown(scenario, path):
        return lambda inputs, attempt: inputs.quantile(path, name, attempt)
    if law.is_constant:
        return law.median()
    return Drawn(law, name)


def unknown(scenario: Scenario, path: str) -> bool:
    """Whether somebody says of this field, or of a parameter of its law, that nobody knows it."""
    return bool(scenario.unknowns) and path in _covered(tuple(scenario.unknowns))


@lru_cache(maxsize=16)
def _covered(paths: tuple[str, ...]) -> frozenset[str]:
    """These paths and all above them; a response asks some hundred times."""
    steps = (path.split(".") for path in paths)
    return frozenset(".".join(way[: i + 1]) for way in steps for i in range(len(way)))


def duration(scenario: Scenario, path: str, entity: str, task: Task) -> Column:
    """Hours of a task: as planned, or what its data takes over its line; less what has been done beforehand.

    What engineers do takes `optimism` times as long as planned; what others do takes its time.
    """
    role = entity.partition(".")[0]
    prepared = scenario.response.replace[role].prepared
    share = number(scenario, f"response.replace.{role}.prepared", prepared)
    whole = _whole(scenario, path, entity, task)
    parts = [
        quantile(scenario, f"{path}.lock_in.{part}.takes", service.takes, f"{entity}.{part} / takes")
        for part, service in task.lock_in.items()
    ]
    law = scenario.response.optimism
    slower: Column = 1.0
    if law is not None and task.engineers:
        slower = quantile(scenario, "response.optimism", law, "operator / optimism")
    if not parts and share == 0.0 and slower == 1.0:
        return whole

    def columns(inputs: Inputs, attempt: int) -> ArrayLike:
        hours = evaluated(whole, inputs, attempt)
        for part in parts:
            hours = hours + evaluated(part, inputs, attempt)
        return hours * (1.0 - evaluated(share, inputs, attempt)) * evaluated(slower, inputs, 0)

    return columns


def _whole(scenario: Scenario, path: str, entity: str, task: Task) -> Column:
    """Hours of a task of which nothing has been done beforehand."""
    if task.takes is not None:
        return quantile(scenario, f"{path}.takes", task.takes, f"{entity} / takes")
    assert task.data is not None
    assert task.bandwidth is not None
    data = quantile(scenario, f"{path}.data", task.data, f"{entity} / data")
    bandwidth = quantile(scenario, f"{path}.bandwidth", task.bandwidth, f"{entity} / bandwidth")
    utilisation = quantile(scenario, f"{path}.utilisation", task.utilisation, f"{entity} / utilisation")
    return Transfer((data, bandwidth, utilisation))


def expense(scenario: Scenario, path: str, entity: str, task: Task) -> Column:
    """What a task costs each time it is begun: a sum, and for each terabyte that it moves."""
    cost = number(scenario, f"{path}.cost", task.cost)
    egress = number(scenario, f"{path}.cost_per_tb", task.cost_per_tb)
    if task.data is None or egress == 0.0:
        return cost
    data = quantile(scenario, f"{path}.data", task.data, f"{entity} / data")

    def columns(inputs: Inputs, attempt: int) -> ArrayLike:
        terabytes = evaluated(data, inputs, attempt) / _TERABYTE
        return evaluated(cost, inputs, attempt) + evaluated(egress, inputs, attempt) * terabytes

    return columns


def again(scenario: Scenario, path: str, entity: str, task: Task) -> Column:
    """Whether a task has to be done again, each time it is done: its draw against its chance.

    A chance that is itself a law is drawn once a replication, "<role>.<task> / rework chance".
    """
    if task.rework.is_constant and task.rework.median() == 0.0 and not unknown(scenario, f"{path}.rework"):
        return False

    def columns(inputs: Inputs, attempt: int) -> ArrayLike:
        chance = inputs.quantile(f"{path}.rework", f"{entity} / rework chance")
        return inputs.draws.column(f"{entity} / rework", attempt) < chance

    return columns


def event_columns(scenario: Scenario, event: Event) -> tuple[Column, Column, Column]:
    """When an event takes effect, how long before it is announced, how long it lasts (else infinity)."""
    path = f"events.{event.id}"
    lasts: Column = float("inf")
    if event.lasts is not None:
        lasts = quantile(scenario, f"{path}.lasts", event.lasts, f"{event.id} / lasts")
    return number(scenario, f"{path}.at", event.at), number(scenario, f"{path}.notice", event.notice), lasts


def until(scenario: Scenario, path: str, hazard: float, name: str) -> Column:
    """Hours until what has a constant hazard happens, ``-log(1 - U) / hazard``; infinite if it never does."""
    if not unknown(scenario, path):
        if hazard == 0.0:
            return inf
        return lambda inputs, attempt: -np.log1p(-inputs.draws.column(name, attempt)) / hazard

    def hours(inputs: Inputs, attempt: int) -> ArrayLike:
        rates = np.broadcast_to(np.asarray(inputs.number(path), dtype=float), (BLOCK,))
        waits = -np.log1p(-inputs.draws.column(name, attempt))
        found = np.full(BLOCK, np.inf)
        np.divide(waits, rates, out=found, where=rates > 0.0)
        return found

    return hours


def extra_column(scenario: Scenario, event: Event) -> Column | None:
    """What a degradation leaves of the capacity, or the grace after another event; None if it has neither."""
    for name in ("to", "grace"):
        path = f"events.{event.id}.{name}"
        value = getattr(event, name)
        if value or unknown(scenario, path):
            return number(scenario, path, value or 0.0)
    return None
