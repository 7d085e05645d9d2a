"""What happens to users, told: announcements and promises missed, rivals, old versions, the door.

In: a `Case` and one of its runs. Out: for every such instant the variant of a sentence and what fills it.
Whether a promise is missed, or a version that is required shuts nobody out, is read off the capacities of the
run; how many stand at the door, off its users.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.views import wording
from sim.views.case import Case, Floats, Run
from sim.views.happenings import phrase
from sim.views.labels import segment_name

if TYPE_CHECKING:
    from sim.scenario.model import Event, Scenario
    from sim.supply.timeline import Level

Said = tuple[float, str, dict[str, str]]
"""Hours, the variant of the sentence, and what fills it."""

CROWDED = 0.01
"""A queue is told from this share of the users there would be; a shorter one only its people notice."""

COLLAPSED = 0.1
"""Those who try again take this much of the door for themselves and leave the rest: then it is told. A
convention: there is no instant at which a door collapses."""


def told_of_people(case: Case, run: Run) -> Iterator[Said]:
    """Events about people, and promises that are missed."""
    for event in case.scenario.events:
        if not event.of_people or event.at >= case.horizon:
            continue
        idle = event.verb == "require" and not _shuts_out(case.scenario, run, event)
        yield max(event.at, 0.0), "required_idle" if idle else "event", {"what": phrase(case.scenario, event)}
        if event.verb == "announce" and event.back_within is not None and _is_missed(case, run, event):
            whom = "" if event.of == "users" else f" to {segment_name(case.scenario, event.of)}"
            words = {"within": wording.duration(event.back_within), "whom": whom}
            yield event.at + event.back_within, "promise_missed", words


def addressed(scenario: Scenario, event: Event) -> list[str]:
    """The segments an event of users is about."""
    return [*scenario.users.segments] if event.of == "users" else [event.of]


def _shuts_out(scenario: Scenario, run: Run, event: Event) -> bool:
    """Whether somebody whose app is too old cannot update it then."""
    ways_in = [scenario.users.segments[name].join_by for name in addressed(scenario, event)]
    return any(way is not None and _is_down(run.timeline.levels[way], event.at) for way in ways_in)


def _is_missed(case: Case, run: Run, event: Event) -> bool:
    """Whether it is still down for somebody at the promised time, and nothing else was promised by then."""
    assert event.back_within is not None
    due = event.at + event.back_within
    if due >= case.horizon:
        return False
    for name in addressed(case.scenario, event):
        level = run.timeline.levels[case.scenario.users.segments[name].served_by]
        later = [
            other.at
            for other in case.scenario.events
            if other.verb == "announce" and other.at > event.at and name in addressed(case.scenario, other)
        ]
        back = [end for _, end in level.down() if event.at < end < case.horizon]
        if _is_down(level, due) and min([*back, *later], default=case.horizon) > due:
            return True
    return False


def _is_down(level: Level, hours: float) -> bool:
    return any(start <= hours < end for start, end in level.down())


def told_at_the_door(case: Case, run: Run) -> Iterator[Said]:
    """Every long queue: when it forms, when those who try again clog the door, when it is gone."""
    if run.door is None:
        return
    crowd = run.door >= np.maximum(CROWDED * run.counterfactual, 1.0)
    place = 0
    while crowd[place:].any():
        begin = place + int(np.argmax(crowd[place:]))
        empty = run.door[begin:] < 1.0
        place = begin + int(np.argmax(empty)) if empty.any() else run.times.size
        queue = slice(begin, place)
        yield float(run.times[begin]), "door_forms", {"users": wording.count(float(run.door[begin]))}
        clogged = _passing(case, run, queue) < COLLAPSED
        if clogged.any():
            hours = float(run.times[queue][int(np.argmax(clogged))])
            yield hours, "door_clogs", {"share": wording.percent(COLLAPSED)}
        if place < run.times.size and _is_open(case, run, float(run.times[place])):
            yield float(run.times[place]), "door_free", {}


def _is_open(case: Case, run: Run, hours: float) -> bool:
    """Whether anybody can be let in: else a queue is gone because there is no door to stand at."""
    served_by = {segment.served_by for segment in case.scenario.users.segments.values()}
    return any(not _is_down(run.timeline.levels[name], hours) for name in served_by)


def _passing(case: Case, run: Run, queue: slice) -> Floats:
    """What those who try again leave of the door's capacity: 1 / (1 + retries x queue / capacity)."""
    reopening = case.scenario.users.reopening
    assert reopening is not None
    varied = any(path.startswith("users.reopening.") for path in case.scenario.unknowns)
    if varied or not reopening.retries:  # the run's own numbers are not at hand: nothing is made up
        return np.ones(run.door[queue].size if run.door is not None else 0)
    served_by = {segment.served_by for segment in case.scenario.users.segments.values()}
    capacity = np.array(
        [max(run.timeline.levels[name].at(float(t)) for name in served_by) for t in run.times[queue]]
    )
    assert run.door is not None
    admits = np.maximum(reopening.admits * capacity, 1e-12)
    return np.asarray(1.0 / (1.0 + reopening.retries * run.door[queue] / admits))
