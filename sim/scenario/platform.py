"""The platform: the clock, what it depends on, and what people can do with it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import PlainValidator, model_validator

from sim import clock
from sim.scenario.fields import (
    Duration,
    Instant,
    Money,
    PositiveDuration,
    PositiveShare,
    Record,
    default,
    required,
)
from sim.scenario.gates import All, Any, Gate, Shares, parse_items, parse_shares
from sim.scenario.units import Wrong


class Clock(Record):
    """When the simulation starts and how long it looks ahead."""

    start: Instant = required("the first instant, in UTC", example="2025-03-01T00:00Z")
    horizon: PositiveDuration = required(
        "how long to look ahead; what is not over by then is cut", example="180 d"
    )
    report_every: PositiveDuration = default(
        24.0,
        "how often the state is written down; no measure depends on it",
        assumption="a choice of output, not a fact",
    )

    @property
    def calendar(self) -> clock.Clock:
        """Hours since the start to instants and back."""
        return clock.Clock(self.start)

    def instant(self, hours: float) -> datetime:
        """The instant ``hours`` after the start."""
        return self.calendar.instant(hours)


class Supplier(Record):
    """A part that somebody plays for the platform: a role."""

    kind: str = default(
        "", "what it is: cloud host, app store, identity service", words=True, example="cloud host"
    )
    name: str | None = default(
        None, "who plays the role at the start", words=True, example="Example Cloud Ltd"
    )
    label: str | None = default(None, "its name for people", words=True)
    monthly_cost: Money = default(0.0, "what it costs a month", assumption="costs are left out unless given")
    holds_data: bool = default(False, "whether losing it loses the data that is younger than the last backup")


Items = Annotated[tuple[Gate, ...], PlainValidator(parse_items)]
ShareItems = Annotated[Shares | None, PlainValidator(parse_shares)]


class Capability(Record):
    """Something people can do, and what that needs. All that is given must hold (the smallest capacity)."""

    label: str | None = default(None, "its name for people", words=True, example="read")
    needs: Items = default(
        (), "all of these suppliers and capabilities, or {at_least: 2, of: [..]}", example=["host"]
    )
    needs_any: Items = default((), "any one of these", example=["host_a", "host_b"])
    shares: ShareItems = default(
        None, "how much of the load each carries: min(1, sum of share x capacity)", example={"host_a": "60 %"}
    )
    recovered_at: PositiveShare = default(
        1.0, "the capacity from which it counts as recovered", assumption="everything is back"
    )
    stable_for: Duration = default(
        168.0, "how long it must stay so", assumption="a week without a relapse counts as recovered"
    )

    @model_validator(mode="after")
    def _needs_something(self) -> Capability:
        if not self.needs and not self.needs_any and self.shares is None:
            raise Wrong.here("says nothing of what it needs; write for example `needs: [host]`")
        return self

    @property
    def gate(self) -> Gate:
        """Everything it needs, as one gate."""
        gates: list[Gate] = [*self.needs]
        if self.needs_any:
            gates.append(Any(self.needs_any))
        if self.shares is not None:
            gates.append(self.shares)
        return gates[0] if len(gates) == 1 else All(tuple(gates))


class Backups(Record):
    """Copies of the data away from the supplier that holds it."""

    every: PositiveDuration = required("time between two backups, the first at the start", example="24 h")
