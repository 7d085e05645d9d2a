"""Events: what happens at set instants, to suppliers and to people."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, model_validator

from sim.clock import HOURS_IN_YEAR
from sim.scenario.fields import (
    At,
    Duration,
    DurationLaw,
    Hazard,
    Identifier,
    Number,
    PositiveDuration,
    PositiveShare,
    Record,
    Share,
    default,
    required,
)
from sim.scenario.units import Wrong

Verb = Literal[
    "suspend", "delist", "restore", "outage", "surge", "terminate", "degrade", "announce", "open", "require"
]
VERBS: tuple[Verb, ...] = get_args(Verb)
DECISIONS = frozenset({"suspend", "terminate", "delist"})
"""A supplier leaves because somebody decides it: others may follow, and data may go with it."""
NOTICED = DECISIONS | {"outage"}
"""What may be announced."""
TAKING = NOTICED | {"degrade"}
"""What takes a supplier away, or a part of it: the counterfactual world is without these."""

OF_USERS = frozenset({"surge", "announce", "require"})
"""What happens to users: to all of them, or to those of one segment."""

_ONLY = {
    "notice": NOTICED,
    "lasts": frozenset({"outage", "degrade"}),
    "to": frozenset({"degrade"}),
    "grace": frozenset({"suspend", "terminate"}),
    "times": frozenset({"surge"}),
    "fades_over": frozenset({"surge"}),
    "back_within": frozenset({"announce"}),
    "holds": frozenset({"announce"}),
    "missed": frozenset({"announce"}),
    "affects": frozenset({"require"}),
    "chance": TAKING,
}
_NEEDED = {
    "outage": ("lasts",), "degrade": ("to",), "surge": ("times", "fades_over"), "announce": ("back_within",),
    "require": ("affects",),
}  # fmt: skip


class Event(Record):
    """One thing that happens; a file says ``{suspend: host, at: .., notice: 30 h}``."""

    id: Identifier = default("", "its name; left out: <verb>_<role>", example="suspend_host")
    verb: Verb = required(f"{', '.join(VERBS[:-1])} or {VERBS[-1]}")
    of: Identifier = required(
        "the role, or a group; for surge, announce and require: users, or a segment; for open: a rival"
    )
    at: At = required(
        "when it takes effect: an instant, or a time after the start", example="2025-03-10T08:00Z"
    )
    notice: Duration = default(
        0.0, "how long before it takes effect it is announced", assumption="no warning"
    )
    lasts: DurationLaw | None = default(
        None, "outage, degrade: how long it lasts; a degradation without it has no end of its own",
        example={"mean": "6 h"},
    )  # fmt: skip
    to: PositiveShare | None = default(
        None, "degrade: the share of its capacity that is left", example="40 %"
    )
    grace: Duration = default(
        0.0, "suspend, terminate: how long after it takes effect data can still be copied out", off=True,
        assumption="access ends at once", example="7 d",
    )  # fmt: skip
    times: Number | None = default(
        None, "surge: as many more join at its start, as a multiple of normal; it fades from there", example=4
    )
    fades_over: PositiveDuration | None = default(
        None, "surge: the time in which it falls to 37 %", example="10 d"
    )
    back_within: PositiveDuration | None = default(
        None, "announce: in what time, from then, the service is promised to be back", example="7 d"
    )
    holds: Number = default(
        1.0, "announce: multiplies the hazard of leaving until the promised time", off=True,
        assumption="nobody believes it", example=0.5,
    )  # fmt: skip
    missed: Number = default(
        1.0, "announce: multiplies it from then on, if the service is not back", off=True,
        assumption="nobody minds", example=1.5,
    )  # fmt: skip
    affects: Share | None = default(
        None, "require: the share of apps too old for the version that is now required; they stop working "
        "where `join_by` is down, so that they cannot be updated", example="60 %",
    )  # fmt: skip
    because: Identifier | None = default(None, "the event that caused it", example="suspend_host")
    chance: Hazard | None = default(
        None,
        "how likely it is that this happens within a year; a run shows what follows if it does, "
        "and `compare` what that makes a year",
        words=True,
        example="4 % per year",
    )
    counterfactual: Literal["kept", "removed"] | None = default(
        None,
        "whether it also happens in the world without the events; left out: decided by its verb and cause",
    )
    label: str | None = default(None, "its name for people", words=True)

    @model_validator(mode="before")
    @classmethod
    def _verb_first(cls, value: Any) -> Any:
        """``{suspend: host}`` means verb and role."""
        if not isinstance(value, dict):
            raise Wrong.here("must be a mapping such as {suspend: host, at: 2025-03-10T08:00Z}")
        said = [verb for verb in VERBS if verb in value]
        rest = {key: item for key, item in value.items() if key not in VERBS}
        known = [key for key in cls.model_fields if key not in {"verb", "of"}]
        findings: list[tuple[tuple[str | int, ...], str]] = []
        for key in rest:
            if key not in known:
                near = get_close_matches(key, [*known, *VERBS], n=1)
                fix = f"did you mean `{near[0]}`?" if near else "allowed: " + ", ".join(known)
                findings.append(((key,), f"unknown key; {fix}"))
        if len(said) != 1 and not (findings and not said):
            found = f"found {' and '.join(said)}" if said else "found none"
            findings.append(((), f"says one of {', '.join(VERBS)} (what happens, to whom); {found}"))
        if "at" not in rest:
            findings.append(
                ((), "`at` is missing: when it takes effect, for example `at: 2025-03-10T08:00Z`")
            )
        if findings:
            raise Wrong(*findings)
        return {"verb": said[0], "of": value[said[0]], **rest}

    @model_validator(mode="after")
    def _fits_verb(self) -> Event:
        findings: list[tuple[tuple[str | int, ...], str]] = []
        for name, verbs in _ONLY.items():
            if name in self.model_fields_set and self.verb not in verbs:
                allowed = ", ".join(verb for verb in VERBS if verb in verbs)
                findings.append(
                    ((name,), f"has no meaning for `{self.verb}`, only for {allowed}; leave it out")
                )
        if self.to == 1.0:
            findings.append((("to",), "leaves all of the capacity; write less, for example `40 %`"))
        findings += [(("chance",), message) for message in self._unlikely()]
        for name in _NEEDED.get(self.verb, ()):
            if getattr(self, name) is None:
                findings.append(((), f"`{name}` is missing: {Event.model_fields[name].description}"))
        if findings:
            raise Wrong(*findings)
        return self

    def _unlikely(self) -> list[str]:
        """What a chance cannot be."""
        if self.chance is None:
            return []
        found = []
        if self.chance_a_year is not None and self.chance_a_year > 1.0 + 1e-12:
            shown = f"{100 * self.chance_a_year:.4g} % per year"
            found.append(f"is {shown}; what happens within a year has a chance of 100 % per year at most")
        if self.because is not None:
            found.append(f"is that of its cause; say it of `{self.because}` and leave it out here")
        return found

    @property
    def chance_a_year(self) -> float | None:
        """The chance that it happens within a year, a share in [0, 1]; None if nobody said."""
        return None if self.chance is None else self.chance * float(HOURS_IN_YEAR)

    @property
    def takes_away(self) -> bool:
        """Whether it takes a supplier, or a part of what it can do, away."""
        return self.verb in TAKING

    @property
    def of_people(self) -> bool:
        """Whether it happens to people rather than to a supplier."""
        return self.verb in OF_USERS or self.verb == "open"

    @property
    def announced(self) -> float:
        """Hours since the start when it is announced."""
        return self.at - self.notice


def name_events(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Give every event without an id its ``<verb>_<role>``, the second of a kind ``.._2``."""
    taken = {event.id for event in events if event.id}
    for event in events:
        if not event.id:
            stem = name = f"{event.verb}_{event.of}"
            count = 1
            while name in taken:
                count += 1
                name = f"{stem}_{count}"
            taken.add(name)
            event.__dict__["id"] = name
    return events


Events = Annotated[tuple[Event, ...], AfterValidator(name_events)]


def removed(events: tuple[Event, ...]) -> frozenset[str]:
    """Ids of the events that the counterfactual world is without.

    What takes a supplier away goes, and so does whatever is because of something that goes, unless it says
    ``counterfactual: kept``; what says ``removed`` goes in any case.
    """
    gone = {
        event.id
        for event in events
        if event.counterfactual == "removed" or (event.takes_away and event.counterfactual is None)
    }
    while True:
        more = {e.id for e in events if e.because in gone and e.counterfactual is None} - gone
        if not more:
            return frozenset(gone)
        gone |= more
