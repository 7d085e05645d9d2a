"""What `check` prints: the calendar of events, and every input with its value and where it comes from.

In: a scenario file that has passed the checks. Out: text. Nothing is run and no library is loaded that only a
run needs. Inputs of later strategies are listed only where they differ from the first one shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.clock import format_duration
from sim.errors import UsageError
from sim.views import places, terminal

if TYPE_CHECKING:
    from sim.scenario import Evidence, Scenario, ScenarioFile


def checked_for_people(file: ScenarioFile, strategies: Sequence[str] = ()) -> str:
    """All that `check` has to say of a file."""
    shown = chosen(file, strategies)
    columns = terminal.width()
    scenario = file.scenario(shown[0])
    start = scenario.clock.calendar.format(0.0, year=True, zone=True)
    span = f"{format_duration(scenario.clock.horizon)} from {start}"
    parts = [
        f"{file.title}\n{span} · seed {scenario.seed} · digest {file.digest}",
        _calendar(scenario),
    ]
    seen: set[tuple[str, str]] = set()
    for name in shown:
        inputs = [item for item in file.evidence[name] if (item.path, item.text) not in seen]
        seen |= {(item.path, item.text) for item in inputs}
        heading = f"Inputs of {name} ({file.labels[name]})" if len(file.strategies) > 1 else "Inputs"
        if inputs:
            parts.append(f"{heading}:\n\n{_inputs(inputs, columns)}")
    parts.append(
        terminal.paragraphs([_count(file.evidence[shown[0]]), *_ties_left_out(file, shown)], columns)
    )
    return "\n\n".join(parts)


def _ties_left_out(file: ScenarioFile, strategies: Sequence[str]) -> list[str]:
    """Rows of files of ties that are not used, one note each."""
    from sim.scenario.ties_file import read_ties

    networks = [file.scenario(name).users.network for name in strategies]
    names = dict.fromkeys(network.file for network in networks if network is not None and network.file)
    folder = file.path.parent if file.path is not None else None
    return [
        f"Note: {problem}"
        for name in names
        if folder is not None and (folder / name).is_file()
        for problem in read_ties(folder / name).left_out
    ]


def chosen(file: ScenarioFile, strategies: Sequence[str]) -> list[str]:
    """The strategies asked for, all if none was named.

    Raises
    ------
    UsageError
        If the file has no strategy of that name; says the nearest.
    """
    for name in strategies:
        if name not in file.strategies:
            near = places.did_you_mean(places.nearest(name, file.strategies))
            message = f"No strategy is called `{name}`.{near} There are: {', '.join(file.strategies)}."
            raise UsageError(message)
    return list(dict.fromkeys(strategies)) or list(file.strategies)


def _calendar(scenario: Scenario) -> str:
    """When each event is announced and takes effect."""
    clock = scenario.clock.calendar
    lines = []
    for event in sorted(scenario.events, key=lambda event: event.at):
        force = f"in force {clock.format(event.at, year=True, zone=True)}"
        told = f"announced {clock.format(event.at - event.notice)}, {force}" if event.notice else force
        lines.append(f"  {event.verb} {event.of}: {told}")
    return "\n".join(["Events:", *lines]) if lines else "Events: none."


def _inputs(inputs: Sequence[Evidence], columns: int) -> str:
    """One line an input: path, value, and where it comes from; a note is not said twice running."""
    rows = []
    before = ""
    for item in inputs:
        note = "as above" if item.note and item.note == before else item.note
        rows.append((item.path, item.text, _mark(item, note)))
        before = item.note
    return terminal.table(("input", "value", "where from"), rows, columns)


def _mark(item: Evidence, note: str) -> str:
    """``default, Assumption: judgement``; ``[name of the source]``; ``--set, Assumption``; ``chosen``."""
    origin = {"file": "", "default": "default, ", "set": "--set, "}[item.origin]
    if item.choice:
        return f"{origin}chosen"
    if item.mark == "source":
        return f"{origin}[{note}]"
    return f"{origin}Assumption" + (f": {note}" if note else "")


def _count(inputs: Sequence[Evidence]) -> str:
    """How many inputs rest on what; a choice (the horizon, a target) is neither right nor wrong."""
    facts = [item for item in inputs if not item.choice]
    sourced = sum(item.mark == "source" for item in facts)
    defaults = sum(item.origin == "default" and item.mark == "assumption" for item in facts)
    return (
        f"No problems. Of {len(facts)} inputs {sourced} have a source and {len(facts) - sourced} are "
        f"assumptions, {defaults} of them defaults. What the author chooses, like horizons, is not counted."
    )
