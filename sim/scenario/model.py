"""What a scenario may say: one frozen record a noun of the language.

In: plain mappings of one file, already merged with one strategy and stripped of evidence. Out: `Scenario`,
in inside units (hours, bytes, bit/s, shares in [0, 1]) with every default in place. Each field's meaning,
default and the evidence for it stand with the field and nowhere else: the JSON Schema, `check` and the
documents read them from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.claims import Claim, Observation, Targets
from sim.scenario.fields import Identifier, Record, ShortName, default, required
from sim.scenario.gates import Gate
from sim.scenario.happenings import Event, Events
from sim.scenario.laws import Law
from sim.scenario.people import Behaviour, Returns, Segment, Users
from sim.scenario.platform import Backups, Capability, Clock, Failures, Group, Leaving, Supplier
from sim.scenario.response import (
    Appeal,
    Candidate,
    CutOver,
    RampUp,
    Replacement,
    Response,
    Search,
    Service,
    Task,
)
from sim.scenario.sparing import spare
from sim.scenario.units import Wrong

__all__ = [
    "Appeal", "Backups", "Behaviour", "Candidate", "Capability", "Claim", "Clock", "CutOver", "Event",
    "Failures", "Group", "Leaving", "Observation", "RampUp", "Replacement", "Response", "Returns",
    "Scenario", "Search", "Segment", "Service", "Supplier", "Targets", "Task", "Users",
]  # fmt: skip


class Scenario(Record):
    """One situation under one strategy: everything a simulation reads."""

    name: ShortName = required(
        "the file's short name, of the results folder too", words=True, example="host_suspended"
    )
    title: str = required("one line for people", words=True, example="A cloud host suspends a social network")
    about: str = default("", "what it shows and where its numbers come from", words=True)
    seed: Annotated[int, Field(ge=0, lt=2**63)] = default(
        1, "where the random numbers start; any whole number", assumption="any number will do"
    )
    currency: str = default("USD", "the currency of every amount of money", words=True, example="EUR")
    clock: Clock = required("when it starts, and how long it looks ahead")
    suppliers: dict[Identifier, Supplier] = required("what the platform depends on, by role")
    groups: dict[Identifier, Group] = default({}, "suppliers with a common cause", example={"region": {}})
    capabilities: dict[Identifier, Capability] = required("what people can do, and what that needs")
    headline: Identifier = default(
        "", "the capability that 'the service is up' means; left out: users.served_by"
    )
    users: Users = required("who uses it")
    events: Events = default((), "what happens")
    response: Response = default(Response(), "what the operator does about it")
    backups: Backups | None = default(None, "copies of the data elsewhere; left out: none")
    targets: Targets = default(Targets(), "what is wanted")
    expect: tuple[Claim, ...] = default((), "claims that a run proves or refutes", words=True)
    observed: tuple[Observation, ...] = default((), "what really happened", words=True)
    unknowns: dict[str, Law] = default({}, "laws for numbers that nobody knows, by path")
    label: str | None = default(None, "the strategy's name for people", words=True)

    @model_validator(mode="after")
    def _complete(self) -> Scenario:
        if not self.capabilities:
            raise Wrong(
                (("capabilities",), "is empty; describe at least one, for example `use: {needs: [host]}`")
            )
        if "headline" not in self.model_fields_set:
            self.__dict__["headline"] = self.users.served_by
        return self

    def gate(self, capability: str) -> Gate:
        """What a capability needs, as nested frozen records."""
        return self.capabilities[capability].gate

    def spared(self) -> Scenario:
        """The counterfactual world: the same without what takes suppliers away and what that causes.

        The scenario itself if nothing can take one away, neither set nor at random.
        """
        return spare(self)

    def event(self, name: str) -> Event | None:
        """The event with that id."""
        return next((event for event in self.events if event.id == name), None)

    def labels(self) -> Mapping[str, str]:
        """Roles, capabilities and segments to their names for people."""
        entities: dict[str, Supplier | Capability | Segment] = {
            **self.suppliers,
            **self.capabilities,
            **self.users.segments,
        }
        return {name: entity.label or name.replace("_", " ") for name, entity in entities.items()}
