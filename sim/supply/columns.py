"""The random quantities of a scenario, each under the name of its draw.

In: a field of the scenario and its path. Out: a `Column`. The names of draws are made here and nowhere
else: "<role>.search / mood", "<role>.candidate.<name or place> / answer" and "/ reply", "<role>.<task> / takes",
"/ data", "/ bandwidth" and "/ utilisation", "<role> / detection", "<role>.cut_over / ttl",
"<role>.ramp_up / takes", "<event id> / lasts".
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from sim.scenario.inputs import Inputs
from sim.scenario.laws import Law
from sim.scenario.model import Candidate, Event, Scenario, Search, Task
from sim.supply.quantities import Column, transfer_hours


def number(scenario: Scenario, path: str, value: float) -> Column:
    """A number, which an unknown may vary between replications."""
    if not _unknown(scenario, path):
        return value
    return lambda inputs, attempt: inputs.number(path)


def quantile(scenario: Scenario, path: str, law: Law, name: str) -> Column:
    """A law at the draws of a name."""
    if law.is_constant and not _unknown(scenario, path):
        return law.median()
    return lambda inputs, attempt: inputs.quantile(path, name, attempt)


def _unknown(scenario: Scenario, path: str) -> bool:
    """Whether somebody says of this field, or of a parameter of its law, that nobody knows it."""
    return any(known == path or known.startswith(f"{path}.") for known in scenario.unknowns)


def duration(scenario: Scenario, path: str, entity: str, task: Task) -> Column:
    """Hours of a task: as given, or what its data takes over its line."""
    if task.takes is not None:
        return quantile(scenario, f"{path}.takes", task.takes, f"{entity} / takes")
    assert task.data is not None
    assert task.bandwidth is not None
    data = quantile(scenario, f"{path}.data", task.data, f"{entity} / data")
    bandwidth = quantile(scenario, f"{path}.bandwidth", task.bandwidth, f"{entity} / bandwidth")
    utilisation = quantile(scenario, f"{path}.utilisation", task.utilisation, f"{entity} / utilisation")

    def column(inputs: Inputs, attempt: int) -> ArrayLike:
        parts = [part(inputs, attempt) if callable(part) else part for part in (data, bandwidth, utilisation)]
        return transfer_hours(*parts)

    return column


def event_columns(scenario: Scenario, event: Event) -> tuple[Column, Column, Column]:
    """When an event takes effect, how long before it is announced, and how long an outage lasts (else infinity)."""
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
    """For each candidate whether it accepts, and after how many hours it says so."""
    search = scenario.response.replace[role].search
    if search is None:
        return []
    listed: list[Candidate | None] = (
        [None] * search.candidates if isinstance(search.candidates, int) else [*search.candidates]
    )
    columns: list[Column] = []
    for place, (name, candidate) in enumerate(zip(candidate_names(search), listed, strict=True), start=1):
        path = f"response.replace.{role}.search"
        own = path + f".candidates.{place}"
        asked = candidate or search
        accepts = own if _says(scenario, candidate, own, "acceptance") else path
        replies = own if _says(scenario, candidate, own, "reply") else path
        columns.append(_acceptance(f"{accepts}.acceptance", role, name))
        columns.append(quantile(scenario, f"{replies}.reply", asked.reply, f"{role}.candidate.{name} / reply"))
    return columns


def _says(scenario: Scenario, candidate: Candidate | None, path: str, field: str) -> bool:
    """Whether a candidate has a field of its own; the others are read at the search's path, once for all."""
    return (candidate is not None and field in candidate.model_fields_set) or _unknown(scenario, f"{path}.{field}")


def _acceptance(path: str, role: str, name: str) -> Column:
    """Whether a candidate accepts: its own draw against its probability, given the mood all share."""

    def column(inputs: Inputs, attempt: int) -> ArrayLike:
        probability = inputs.quantile(path, f"{role}.search / mood", attempt)
        return inputs.draws.column(f"{role}.candidate.{name} / answer", attempt) < probability

    return column
