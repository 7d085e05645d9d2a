"""Events: what happens at set instants, to suppliers and to people."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, model_validator

from sim.scenario.fields import (
    At,
    Duration,
    DurationLaw,
    Identifier,
    Number,
    PositiveDuration,
    Record,
    default,
    required,
)
from sim.scenario.units import Wrong

Verb = Literal["suspend", "delist", "restore", "outage", "surge"]
VERBS: tuple[Verb, ...] = ("suspend", "delist", "restore", "outage", "surge")
TAKING = frozenset({"suspend", "delist", "outage"})
"""What takes a supplier away: the counterfactual world is without these."""

_ONLY = {"notice": TAKING, "lasts": frozenset({"outage"}), "times": {"surge"}, "fades_over": {"surge"}}
_NEEDED = {"outage": ("lasts",), "surge": ("times", "fades_over")}


class Event(Record):
    """One thing that happens; a file says ``{suspend: host, at: .., notice: 30 h}``."""

    id: Identifier = default("", "its name; left out: <verb>_<role>", example="suspend_host")
    verb: Verb = required("suspend, delist, restore, outage or surge")
    of: Identifier = required("the role; for a surge: users, or a segment")
    at: At = required(
        "when it takes effect: an instant, or a time after the start", example="2025-03-10T08:00Z"
    )
    notice: Duration = default(
        0.0, "how long before it takes effect it is announced", assumption="no warning"
    )
    lasts: DurationLaw | None = default(None, "outage: how long it lasts", example={"mean": "6 h"})
    times: Number | None = default(
        None, "surge: as many more join at its start, as a multiple of normal; it fades from there", example=4
    )
    fades_over: PositiveDuration | None = default(
        None, "surge: the time in which it falls to 37 %", example="10 d"
    )
    because: Identifier | None = default(None, "the event that caused it", example="suspend_host")
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
        for name in _NEEDED.get(self.verb, ()):
            if getattr(self, name) is None:
                findings.append(((), f"`{name}` is missing: {Event.model_fields[name].description}"))
        if findings:
            raise Wrong(*findings)
        return self

    @property
    def takes_away(self) -> bool:
        """Whether it takes a supplier away."""
        return self.verb in TAKING

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
