"""What the scenario's events are called, and how many of them fit on an axis.

In: a scenario. Out: a phrase for every event and lettered marks for figures, close ones under one letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.views import wording
from sim.views.labels import company, rival_name, segment_name
from sim.views.supplier_acts import at_random, group_name

if TYPE_CHECKING:
    from sim.scenario.model import Event, Scenario

_PHRASES = {
    "suspend": "{name} suspends the account",
    "delist": "{name} delists the app",
    "restore": "{name} serves again",
    "outage": "{name} goes down",
    "terminate": "{name} closes the account for good",
    "degrade": "{name} serves {to} of what it should",
    "surge": "more newcomers than usual{among}",
    "announce": "the network announces{to_whom} that it will be back within {within}",
    "open": "{name} opens",
    "require": "versions of the app that are too old stop working{among} ({share} of those in use)",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One letter on a time axis and the events it stands for."""

    letter: str
    hours: float
    texts: tuple[str, ...]


def phrase(scenario: Scenario, event: Event) -> str:
    """An event as a short sentence without its date: its label, else made from its verb and supplier."""
    if event.label:
        return event.label
    return _PHRASES[event.verb].format(**_words(scenario, event))


def _words(scenario: Scenario, event: Event) -> dict[str, str]:
    """What fills the phrase of an event; of a segment, whom it is about, else nothing."""
    if not event.of_people:
        to = "" if event.to is None else wording.percent(event.to, 2)
        return {"name": wording.capital(_who(scenario, event.of)), "to": to}
    whom = "" if event.of == "users" else segment_name(scenario, event.of)
    return {
        "name": rival_name(scenario, event.of),
        "among": f" among {whom}" if whom else "",
        "to_whom": f" to {whom}" if whom else "",
        "within": "" if event.back_within is None else wording.duration(event.back_within),
        "share": "" if event.affects is None else wording.percent(event.affects, 2),
    }


def _who(scenario: Scenario, name: str) -> str:
    """A supplier or a group of them, as the subject of a sentence."""
    return group_name(scenario, name) if name in scenario.groups else company(scenario, name)


def removed(scenario: Scenario) -> tuple[str, ...]:
    """What the counterfactual leaves out: events, dated, in order of time, then what comes at random."""
    kept = {event.id for event in scenario.spared().events}
    gone = sorted((e for e in scenario.events if e.id not in kept), key=lambda e: e.at)
    start = scenario.clock.start
    dated = [f"{wording.stamp_with_year(start, e.at)}: {phrase(scenario, e)}" for e in gone]
    return (*dated, *at_random(scenario))


def marks(scenario: Scenario, low: float, high: float) -> tuple[Mark, ...]:
    """Lettered marks for the events in force between two times; nearer than 4 % of the axis share one."""
    groups: list[list[Event]] = []
    for event in sorted(scenario.events, key=lambda e: e.at):
        if not low <= event.at <= high:
            continue
        if groups and event.at - groups[-1][0].at < 0.04 * (high - low):
            groups[-1].append(event)
        else:
            groups.append([event])
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return tuple(Mark(letters[i % 26], group[0].at, _days(scenario, group)) for i, group in enumerate(groups))


def _days(scenario: Scenario, group: list[Event]) -> tuple[str, ...]:
    """Events told day by day: ``10 Jan: the one, the other``."""
    days: dict[str, list[str]] = {}
    for event in group:
        day = wording.short_date(scenario.clock.start, event.at).replace(" ", "\u00a0")
        days.setdefault(day, []).append(phrase(scenario, event))
    return tuple(f"{day}: {', '.join(texts)}" for day, texts in days.items())
