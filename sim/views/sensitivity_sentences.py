"""What moves the result, in sentences: which variant holds and the numbers in it.

In: a `Sensitivity`. Out: sentences in reading order, measure by measure. The words are in
`templates/sensitivity_sentences.toml`. Two inputs whose intervals overlap are not ranked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from sim.study.statistics import Interval
from sim.views import saying, wording
from sim.views.labels import task_label
from sim.views.saying import Sentence
from sim.views.summary import measure_name, shown

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.study.sensitivity import Effect, Index, Input, Sensitivity, Spread

MOST = 3
"""Inputs named where none is first; the table has all."""

templates = partial(saying.templates, "sensitivity_sentences")
say = partial(saying.fill, "sensitivity_sentences")


def sentences(found: Sensitivity) -> tuple[Sentence, ...]:
    """All that is to be said."""
    said = [each for spread in found.spreads for each in of_measure(found, spread)]
    variant = "effects" if found.screen else "indices"
    said.append(say("error", variant, runs=f"{found.evaluations:,}"))
    if found.failed:
        reason = found.reason.rstrip(".")
        said.append(say("error", "failed", failed=f"{found.failed:,}", base=f"{found.base:,}", reason=reason))
    return tuple(said)


def of_measure(found: Sensitivity, spread: Spread) -> list[Sentence]:
    """What moves one measure."""
    name = measure_name(found.scenario, spread.measure.name)
    if not spread.varies:
        return [say("same", "some", measure=name)]
    return _effects(found, spread, name) if found.screen else _indices(found, spread, name)


def input_name(scenario: Scenario, one: Input) -> str:
    """An input for people: a group by its name, an unknown by what it is about."""
    if one.kind != "unknown":
        return wording.spoken(one.name)
    return path_name(scenario, one.name)


def path_name(scenario: Scenario, path: str) -> str:
    """An unknown for people: ``adapt: takes, at most``; ``core: patience, scale``."""
    from sim.views.explorer.naming import label, law_path, place

    parent, _, last = law_path(path).rpartition(".")
    nested = {parent} if last in {"shape", "scale", "cv", "rate", "value", "fades_over"} else set[str]()
    steps = path.split(".")
    owner = place(scenario, path)[1]
    if steps[:2] == ["response", "replace"] and steps[3:4] == ["tasks"]:
        owner = task_label(scenario, steps[2], steps[4])
    what = wording.small(label(path, nested))
    if steps[0] != "events":  # an event's name is a sentence, and may begin with somebody's
        owner = wording.small(owner)
    return f"{owner}: {what}" if owner else what


def title(found: Sensitivity, spread: Spread) -> str:
    """The finding about one measure, for its picture."""
    name = measure_name(found.scenario, spread.measure.name)
    small = wording.small(name)
    if not spread.varies:
        return say("title", "same", measure=name).text
    leaders = leading(found, spread)
    what = _quoted(found, leaders[0]) if len(leaders) == 1 else ""
    if found.screen or spread.indices[-1].total.value <= 0.0:
        variant = "unknown" if what else "open" if leaders else "idle"
        return say("title", variant, measure=small, what=what).text
    variant = "both" if what else "undecided" if leaders else "chance"
    return say("title", variant, first=share(spread.indices[-1].first.value), measure=small, what=what).text


def leading(found: Sensitivity, spread: Spread) -> list[Input]:
    """The unknowns that may move a measure most: the strongest, and all whose interval overlaps its own."""
    ranges = [each for each in zip(found.inputs, _ranges(found, spread), strict=True) if each[0].paths]
    ordered = sorted((each for each in ranges if each[1].value > 0.0), key=lambda each: -each[1].value)
    return [one for one, interval in ordered if interval.high >= ordered[0][1].low]


def ranked(found: Sensitivity, spread: Spread) -> list[int]:
    """Places of the inputs, the strongest first."""
    ranges = _ranges(found, spread)
    return sorted(range(len(ranges)), key=lambda i: -ranges[i].value)


def _ranges(found: Sensitivity, spread: Spread) -> list[Interval]:
    if found.screen:
        return [effect.strength for effect in spread.effects]
    return [index.total for index in spread.indices]


def _indices(found: Sensitivity, spread: Spread, name: str) -> list[Sentence]:
    chance, unknowns = spread.indices[-1], spread.indices[:-1]
    leaders = leading(found, spread)
    if not leaders:
        return [say("chance", "all", measure=name)]
    variant = "some" if chance.total.value > 0.0 else "none"
    said = [say("chance", variant, measure=name, **_fields(chance)), _most(found, spread, leaders)]
    idle = [
        _quoted(found, one)
        for one, index in zip(found.inputs, unknowns, strict=False)
        if index.total.value == 0.0
    ]
    if idle:
        said.append(say("idle", "some", list=wording.listing(idle)))
    alone = sum(index.first.value for index in spread.indices)
    noise = math.hypot(*(index.first.high - index.first.value for index in spread.indices))
    if alone + noise < 1.0:
        said.append(say("together", "some", sum=share(alone)))
    return said


def _most(found: Sensitivity, spread: Spread, leaders: Sequence[Input]) -> Sentence:
    first = spread.indices[found.inputs.index(leaders[0])]
    what = _quoted(found, leaders[0])
    if len(found.inputs) == 2:
        return say("most", "one", what=what, **_fields(first))
    if len(leaders) == 1:
        return say("most", "sure", what=what, **_fields(first))
    told = [
        f"{_quoted(found, one)} ({_range(spread.indices[found.inputs.index(one)].total)})" for one in leaders
    ]
    return say("most", "undecided", list=_some(told))


def _effects(found: Sensitivity, spread: Spread, name: str) -> list[Sentence]:
    leaders = leading(found, spread)
    if not leaders:
        said = say("strength", "none", measure=name)
    elif len(leaders) == 1:
        fields = _sizes(found, spread, spread.effects[found.inputs.index(leaders[0])])
        what = _quoted(found, leaders[0])
        said = say("strength", "one" if len(found.inputs) == 2 else "sure", measure=name, what=what, **fields)
    else:
        told = []
        for one in leaders:
            fields = _sizes(found, spread, spread.effects[found.inputs.index(one)])
            told.append(f"{_quoted(found, one)} ({fields['low']} to {fields['high']})")
        said = say("strength", "undecided", measure=name, list=_some(told))
    luck = spread.effects[-1]
    variant = "some" if luck.strength.value > 0.0 else "none"
    return [said, say("luck", variant, **_sizes(found, spread, luck))]


def _sizes(found: Sensitivity, spread: Spread, effect: Effect) -> dict[str, str]:
    """The strength of an effect in the measure's own unit."""
    one = effect.strength
    ends = {"size": one.value, "low": max(one.low, 0.0), "high": one.high}
    return {end: size(found, spread, value) for end, value in ends.items()}


def size(found: Sensitivity, spread: Spread, value: float) -> str:
    """How far a measure moves: a flag in percent of the runs, the rest in its own unit."""
    kind = spread.measure.kind
    if kind in {"flag", "text", "share"}:
        return wording.percent(value)
    if kind == "time":
        return wording.duration(value)
    told = shown(found.scenario, kind, value)
    return f"{told} {spread.measure.unit}" if kind == "count" else told


def _quoted(found: Sensitivity, one: Input) -> str:
    return f"“{input_name(found.scenario, one)}”"


def _some(told: Sequence[str]) -> str:
    """Not more than a reader keeps in mind."""
    more = len(told) - MOST
    return wording.listing([*told[:MOST], f"{more} more"] if more > 0 else told)


def _fields(index: Index) -> dict[str, str]:
    parts = {"first": index.first, "total": index.total}
    return {
        f"{part}{end}": share(value)
        for part, one in parts.items()
        for end, value in (("", one.value), ("_low", one.low), ("_high", one.high))
    }


def _range(interval: Interval) -> str:
    return f"{share(interval.low)} to {share(interval.high)}"


def share(value: float) -> str:
    """A share of the variance in whole percent; an estimate outside 0 to 100 % is its nearest end."""
    inside = min(max(value, 0.0), 1.0)
    if 0.0 < inside < 0.005:
        return "<1 %"
    return f"{round(100 * inside)} %"
