"""The random quantities of a scenario, each under the name of its draw.

In: a field of the scenario and its path. Out: a `Column`. The names of draws are made here and nowhere else:
"<role>.search / mood", "<role>.candidate.<name or place> / answer" and "/ reply", "<role>.<task> / takes", "/
data", "/ bandwidth" and "/ utilisation", "<role> / detection", "<role>.cut_over / ttl", "<role>.ramp_up /
takes", "<event id> / lasts".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario.inputs import Inputs
from sim.scenario.laws import Law
from sim.scenario.model import Event, Scenario, Search, Task
from sim.streams import BLOCK
from sim.supply.quantities import Column, Drawn, Transfer


def number(scenario: Scenario, path: str, value: float) -> Column:
    """A number, which an unknown may vary between replications."""
    if not _unknown(scenario, path):
        return value
    return lambda inputs, attempt: inputs.number(path)


def quantile(scenario: Scenario, path: str, law: Law, name: str) -> Column:
    """A law at the draws of a name."""
    if _unknown(scenario, path):
        return lambda inputs, attempt: inputs.quantile(path, name, attempt)
    if law.is_constant:
        return law.median()
    return Drawn(law, name)


def _unknown(scenario: Scenario, path: str) -> bool:
    """Whether somebody says of this field, or of a parameter of its law, that nobody knows it."""
    within = f"{path}."
    return path in scenario.unknowns or any([known.startswith(within) for known in scenario.unknowns])


def duration(scenario: Scenario, path: str, entity: str, task: Task) -> Column:
    """Hours of a task: as given, or what its data takes over its line."""
    if task.takes is not None:
        return quantile(scenario, f"{path}.takes", task.takes, f"{entity} / takes")
    assert task.data is not None
    assert task.bandwidth is not None
    data = quantile(scenario, f"{path}.data", task.data, f"{entity} / data")
    bandwidth = quantile(scenario, f"{path}.bandwidth", task.bandwidth, f"{entity} / bandwidth")
    utilisation = quantile(scenario, f"{path}.utilisation", task.utilisation, f"{entity} / utilisation")
    return Transfer((data, bandwidth, utilisation))


def event_columns(scenario: Scenario, event: Event) -> tuple[Column, Column, Column]:
    """When an event takes effect, how long before it is announced, how long it lasts (else infinity)."""
    path = f"events.{event.id}"
    lasts: Column = float("inf")
    if event.lasts is not None:
        lasts = quantile(scenario, f"{path}.lasts", event.lasts, f"{event.id} / lasts")
    return number(scenario, f"{path}.at", event.at), number(scenario, f"{path}.notice", event.notice), lasts


def candidate_names(search: Search) -> list[str]:
    """Candidates by name, or by their place from 1."""
    listed = search.candidates
    if isinstance(listed, int):
        return [str(place) for place in range(1, listed + 1)]
    return [candidate.name or str(place) for place, candidate in enumerate(listed, start=1)]


def answers(scenario: Scenario, role: str) -> list[Column]:
    """Whether each candidate accepts, then after how many hours each says so.

    Neighbours that answer by the same law are drawn together, which spares a long list many small calls.
    """
    search = scenario.response.replace[role].search
    if search is None:
        return []
    names = candidate_names(search)
    return [
        *(
            _acceptances(path, role, who)
            for path, who in _groups(scenario, role, search, names, "acceptance")
        ),
        *(_replies(path, role, who) for path, who in _groups(scenario, role, search, names, "reply")),
    ]


def _groups(
    scenario: Scenario, role: str, search: Search, names: Sequence[str], field: str
) -> list[tuple[str, list[str]]]:
    """Where the law of a field stands, and which candidates in a row read it there."""
    path = f"response.replace.{role}.search"
    groups: list[tuple[str, list[str]]] = []
    for place, name in enumerate(names):
        own = f"{path}.candidates.{place + 1}.{field}"
        listed = None if isinstance(search.candidates, int) else search.candidates[place]
        said = listed is not None and field in listed.model_fields_set
        at = own if said or _unknown(scenario, own) else f"{path}.{field}"
        if groups and groups[-1][0] == at:
            groups[-1][1].append(name)
        else:
            groups.append((at, [name]))
    return groups


def _acceptances(path: str, role: str, names: Sequence[str]) -> Column:
    """Whether each accepts: its own draw against its probability, given the mood all share."""

    def columns(inputs: Inputs, attempt: int) -> ArrayLike:
        probability = inputs.quantile(path, f"{role}.search / mood", attempt)
        return _drawn(inputs, [f"{role}.candidate.{name} / answer" for name in names], attempt) < probability

    return columns


def _replies(path: str, role: str, names: Sequence[str]) -> Column:
    """After how many hours each answers."""

    def columns(inputs: Inputs, attempt: int) -> ArrayLike:
        law, unknown = inputs.law(path)
        if law.is_constant and not unknown:
            return np.full((len(names), BLOCK), law.median())
        return law.quantile(
            _drawn(inputs, [f"{role}.candidate.{name} / reply" for name in names], attempt), **unknown
        )

    return columns


def _drawn(inputs: Inputs, names: Sequence[str], attempt: int) -> NDArray[np.float64]:
    """The draws of several names, shape (names, replications)."""
    return np.stack([inputs.draws.column(name, attempt) for name in names])
