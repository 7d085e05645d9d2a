"""The platform: the clock, what it depends on, and what people can do with it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import PlainValidator, model_validator

from sim import clock
from sim.scenario.fields import (
    At,
    Duration,
    DurationLaw,
    Hazard,
    Identifier,
    Instant,
    Money,
    PositiveDuration,
    PositiveDurationLaw,
    PositiveShare,
    Record,
    Share,
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


Items = Annotated[tuple[Gate, ...], PlainValidator(parse_items)]
ShareItems = Annotated[Shares | None, PlainValidator(parse_shares)]


class Failures(Record):
    """Failures at random, each repaired by the supplier itself: an alternating renewal process."""

    every: PositiveDurationLaw = required(
        "from the start, or from the end of one absence, to the next failure", example={"mean": "90 d"}
    )
    lasts: DurationLaw = required("how long a failure lasts", example={"mean": "6 h"})


class Leaving(Record):
    """A supplier that may decide to leave of itself; each other one that has left makes it likelier."""

    hazard: Hazard = default(
        0.0, "hazard of leaving if nobody else had left", assumption="nobody leaves unasked"
    )
    contagion: Hazard = default(
        0.0, "added to the hazard by each other supplier that has left", example="15 % per day",
        assumption="nobody follows another",
    )  # fmt: skip
    fades_over: PositiveDuration | None = default(
        None,
        "the time in which what another's leaving adds falls to 37 %; left out, it stays",
        example="10 d",
    )
    since: At | None = default(
        None, "from when on it may leave; left out: from the first set event that takes a supplier away"
    )
    notice: Duration = default(0.0, "how long before it leaves it says so", assumption="no warning")


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
    needs: Items = default(
        (), "suppliers that whoever plays the role at the start depends on; it is down while they are",
        example=["upstream"],
    )  # fmt: skip
    fails: Failures | None = default(None, "failures at random; left out, none")
    leaves: Leaving | None = default(
        None, "leaving of its own accord; left out, only set events take it away"
    )
    leaves_again: Hazard = default(
        0.0, "hazard of leaving once more after it has been reinstated", off=True,
        assumption="a reinstatement holds",
        example="0.2 % per day",
    )  # fmt: skip


class Group(Record):
    """Suppliers with a common cause: one region, one owner, one upstream."""

    members: tuple[Identifier, ...] = required("the roles in it", example=["host", "storage"])
    fails: Failures | None = default(None, "failures at random that take all of them down together")
    common: Share | None = default(
        None,
        "the share of each member's own failures that hits all of them (the beta factor)",
        example="10 %",
    )
    label: str | None = default(None, "its name for people", words=True)


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
    kept_at: Identifier | None = default(
        None, "the role of who keeps them; lost with it; left out, nobody can take them away", example="vault"
    )
