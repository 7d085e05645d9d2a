"""What is worth telling of one run, instant by instant.

In: a scenario and one run's timeline. Out: notes, each with its time, its place among those of the same
instant, and whether the story needs it. The words are in `templates/sentences.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.gates import leaves
from sim.supply.timeline import none_left
from sim.views import wording
from sim.views.case import Case, Run
from sim.views.crowd_acts import told_at_the_door, told_of_people
from sim.views.happenings import phrase
from sim.views.labels import ability, nobody, replacement, task_label, the
from sim.views.operator_acts import TASK_EVENTS, candidate, operator_act
from sim.views.saying import say
from sim.views.supplier_acts import supplier_act

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.supply.timeline import Happening

EVENT, SEARCH, DONE, CHANGED, BEGUN, LEVEL = range(6)
"""Order among what happens at one instant: who acts, who answers, what is done, what follows for people."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to tell."""

    hours: float
    order: int
    text: str
    main: bool = False


def notes(case: Case, run: Run) -> list[Note]:
    """Everything worth telling of a run, in order."""
    found = [*_people(case, run), *_recorded(case, run), *_levels(case, run), *_data(case, run)]
    return sorted(found, key=lambda note: (note.hours, note.order))


def _people(case: Case, run: Run) -> Iterator[Note]:
    """Events about people and the queue at the door; events of suppliers are among the happenings."""
    for hours, variant, words in told_of_people(case, run):
        yield Note(hours, EVENT, _story(variant, **words), main=True)
    for hours, variant, words in told_at_the_door(case, run):
        yield Note(hours, LEVEL, _story(variant, **words), main=True)


def _recorded(case: Case, run: Run) -> Iterator[Note]:
    """The happenings, refusals counted until somebody accepts, work of one instant in one sentence."""
    refusals: dict[str, int] = {}
    searched: set[str] = set()
    work: dict[tuple[float, str], list[str]] = {}
    for one in run.timeline.happenings:
        role = one.entity.split(".", 1)[0]
        if one.event in TASK_EVENTS:
            work.setdefault((one.time, one.event), []).append(_task(case, run, one))
        elif one.event == "refused":
            refusals[role] = refusals.get(role, 0) + 1
        elif one.event == "asked":
            if role not in searched:
                searched.add(role)
                yield Note(one.time, SEARCH, _story("search_begins", new=replacement(case.scenario, role)))
        else:
            note = _told(case, one, role, refusals.get(role, 0))
            if one.event in {"accepted", none_left(role), "abandoned"}:
                refusals.pop(role, None)
                searched.discard(role)
            if note is not None:
                yield note
    for (time, what), tasks in work.items():
        yield Note(
            time,
            BEGUN if what == "started" else DONE,
            _story(TASK_EVENTS[what], tasks=wording.listing(list(dict.fromkeys(tasks)))),
        )


def _told(case: Case, one: Happening, role: str, refusals: int) -> Note | None:
    """One happening that is a sentence of its own."""
    scenario, main = case.scenario, role in essential(case.scenario)
    words = {"the": the(scenario, role), "new": replacement(scenario, role), "nobody": nobody(scenario, role)}
    event = scenario.event(one.cause)
    what = phrase(scenario, event) if event is not None else ""
    beyond = _beyond(case, one, what, main=main)
    if beyond is not None:
        return beyond
    if one.event == "announced" and event is not None:
        when, notice = wording.stamp(case.start, event.at), wording.duration(event.at - one.time)
        return Note(one.time, EVENT, _story("announced", what=what, when=when, notice=notice), main=True)
    if one.event in {"suspended", "delisted", "terminated", "degraded", "outage", "restored", "outage over"}:
        named = what and one.event != "outage over"
        text = _story("event", what=what) if named else _story("restored_supplier", **words)
        return Note(one.time, EVENT, text, main=True)
    if one.event == "accepted":
        variant = {0: "accepted_first", 1: "accepted_one"}.get(refusals, "accepted")
        text = _story(variant, who=candidate(one.entity), refusals=refusals, **words)
        return Note(one.time, SEARCH, text, main=main)
    if one.event == none_left(role):
        return Note(one.time, SEARCH, _story("none_left", **words), main=main)
    if one.event == "waits for engineers":
        return Note(one.time, BEGUN, _story("waits", task=_task_name(case, one.entity)))
    plan = scenario.response.replace.get(role)
    found = plan is not None and plan.search is not None
    simple = {
        "detected": "detected",
        "replaced": "replaced" if found else "served_again",
        "without effect": "without_effect",
    }
    if one.event not in simple:
        # Open enquiries are withdrawn when somebody accepts, and stages come back with their capabilities.
        return None
    return Note(
        one.time,
        CHANGED,
        _story(simple[one.event], what=what, **words),
        main=main and one.event == "replaced",
    )


def _beyond(case: Case, one: Happening, what: str, *, main: bool) -> Note | None:
    """What suppliers do of themselves, and the operator beyond search and work."""
    done = operator_act(case.scenario, one)
    if done is not None:
        return Note(one.time, SEARCH, _story(done[0], **done[1]), main=main or done[2])
    own = supplier_act(case.scenario, one)
    if own is not None:
        return Note(one.time, EVENT, _story(own[0], what=what, **own[1]), main=True)
    return None


def essential(scenario: Scenario) -> frozenset[str]:
    """The roles that the headline capability may need, directly or through other capabilities."""
    found: set[str] = set()
    ask = [scenario.headline]
    while ask:
        name = ask.pop()
        if name not in found:
            found.add(name)
            ask += leaves(scenario.capabilities[name].gate) if name in scenario.capabilities else []
    return frozenset(found)


def _levels(case: Case, run: Run) -> Iterator[Note]:
    """What people can no longer do, and can do again."""
    lost: dict[float, list[str]] = {}
    again: dict[float, list[str]] = {}
    for name, level in run.timeline.levels.items():
        for start, end in level.down():
            lost.setdefault(start, []).append(name)
            if end < case.horizon:
                again.setdefault(end, []).append(name)
    headline = case.scenario.headline
    for time, names in lost.items():
        what = wording.listing([wording.small(ability(case.scenario, name)) for name in names])
        yield Note(time, LEVEL, _story("lost", what=what), main=headline in names)
        before = run.before("active", time)
        if headline in names and before >= 1:
            yield Note(time, LEVEL, _story("error", users=wording.count(before)), main=True)
    for time, names in again.items():
        what = wording.listing([wording.small(ability(case.scenario, name)) for name in names])
        share = min(run.timeline.levels[name].at(time) for name in names)
        variant = "again" if share >= 1 else "again_partly"
        yield Note(
            time, LEVEL, _story(variant, what=what, share=wording.percent(share, 2)), main=headline in names
        )


def _data(case: Case, run: Run) -> Iterator[Note]:
    """What data are lost, told when the first supplier that held them leaves."""
    line = run.timeline
    gone = {"suspended", "delisted", "terminated", "left", "dropped"}
    suppliers = case.scenario.suppliers
    held = [role for role, supplier in suppliers.items() if supplier.holds_data] or [*suppliers]
    falls = [one.time for one in line.happenings if one.event in gone and one.entity in held]
    if line.data_lost == "none" or not falls:
        return
    text = (
        _story("data_all")
        if line.data_lost == "all"
        else _story("data_part", window=wording.duration(line.data_loss_window))
    )
    yield Note(falls[0], LEVEL, text)


def _task(case: Case, run: Run, one: Happening) -> str:
    """A task by its label, with how long it took where it is done."""
    if "." not in one.entity:
        return f"the work on a {replacement(case.scenario, one.entity)}"
    label = _task_name(case, one.entity)
    if one.event != "finished":
        return f"“{label}”"
    took = [
        one.time - record.start
        for record in run.timeline.records
        if f"{record.role}.{record.name}" == one.entity and record.kind == "task" and record.end == one.time
    ]
    return _story("task_done", task=f"“{label}”", time=wording.duration(took[0])) if took else f"“{label}”"


def _task_name(case: Case, entity: str) -> str:
    role, _, name = entity.partition(".")
    return task_label(case.scenario, role, name)


def _story(variant: str, **fields: object) -> str:
    return say("story", variant, **fields).text
