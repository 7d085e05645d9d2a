"""The same scenario without some of its events: what would have been lost if those alone had not happened.

In: a scenario or a loaded file, and the ids of events. Out: the scenario or file without them and without
what is `because` of them. Draws go by name, so the two worlds share every random number but those of what is
gone, and a difference between them is due to the events alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario.file import ScenarioFile
    from sim.scenario.happenings import Event
    from sim.scenario.model import Scenario

TOGETHER = "+"
"""Joins the events of one blow: ``delist_google_play+delist_app_store``."""


@dataclass(frozen=True, slots=True)
class Blow:
    """Events that are taken out together, by id, in the order of the file."""

    events: tuple[str, ...]

    @property
    def name(self) -> str:
        """As it is typed."""
        return TOGETHER.join(self.events)


def read_blows(file: ScenarioFile, texts: Iterable[str], strategies: Sequence[str]) -> tuple[Blow, ...]:
    """The blows that are named on a command line, each of one event or of several joined by `+`.

    Raises
    ------
    UsageError
        If none of the strategies has such an event, or a blow is named twice.
    """
    known = _events(file, strategies)
    blows: list[Blow] = []
    for text in texts:
        names = [name.strip() for name in text.split(TOGETHER)]
        for name in names:
            if name not in known:
                raise UsageError(_unknown(name, known, file.name))
        blow = Blow(tuple(event for event in known if event in names))
        if blow in blows:
            raise UsageError(f"--without {blow.name} is said twice")
        blows.append(blow)
    return tuple(blows)


def _unknown(name: str, known: Sequence[str], file: str) -> str:
    if "," in name or " " in name:
        joined = TOGETHER.join(part for part in name.replace(",", " ").split() if part)
        return f"`{name}`: join events that are taken out together with `{TOGETHER}`, as in `{joined}`"
    near = get_close_matches(name, known, n=2) or [event for event in known if name in event]
    fix = f"did you mean {' or '.join(f'`{one}`' for one in near)}?" if near else ""
    fix = fix or (f"there are {', '.join(known)}" if known else "it has none")
    return f"{file} has no event `{name}`; {fix}"


def together(file: ScenarioFile, blows: Sequence[Blow], strategies: Sequence[str]) -> Blow:
    """One blow of all of them."""
    named = {name for blow in blows for name in blow.events}
    return Blow(tuple(event for event in _events(file, strategies) if event in named))


def _events(file: ScenarioFile, strategies: Sequence[str]) -> list[str]:
    """Ids of the events of some strategies, in the order of the file."""
    return list(dict.fromkeys(event.id for name in strategies for event in file.strategies[name].events))


def taken_out(events: Sequence[Event], blow: Blow) -> frozenset[str]:
    """Ids of the events that go: those of the blow, and what is because of one, unless it says `kept`."""
    gone = {event.id for event in events if event.id in blow.events}
    while True:
        more = {e.id for e in events if e.because in gone and e.counterfactual != "kept"} - gone
        if not more:
            return frozenset(gone)
        gone |= more


def without(scenario: Scenario, blow: Blow) -> Scenario:
    """The scenario without the blow; itself if nothing goes."""
    gone = taken_out(scenario.events, blow)
    if not gone:
        return scenario
    kept = tuple(event for event in scenario.events if event.id not in gone)
    # An effect that is kept loses its cause with it.
    kept = tuple(e.model_copy(update={"because": None}) if e.because in gone else e for e in kept)
    unknowns = {path: law for path, law in scenario.unknowns.items() if not _is_about(path, gone)}
    # What happened, and what is claimed of it, is said of the world with all events.
    return scenario.model_copy(update={"events": kept, "unknowns": unknowns, "observed": (), "expect": ()})


def _is_about(path: str, gone: frozenset[str]) -> bool:
    head, _, rest = path.partition(".")
    return head == "events" and rest.partition(".")[0] in gone


def file_without(file: ScenarioFile, blow: Blow) -> ScenarioFile:
    """The file with every strategy's scenario without the blow; its digest is another one."""
    strategies = {name: without(scenario, blow) for name, scenario in file.strategies.items()}
    return replace(file, strategies=strategies)


def same_yardstick(scenario: Scenario, blow: Blow) -> bool:
    """Whether losses with and without the blow are measured against the same counterfactual.

    They are unless the blow takes out an event that the counterfactual keeps, such as a surge of newcomers.
    """
    spared, before = without(scenario, blow).spared(), scenario.spared()
    return [event.id for event in spared.events] == [event.id for event in before.events]
