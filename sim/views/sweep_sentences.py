"""What moves along a sweep, in sentences: which variant holds and the numbers in it.

In: a `Sweep`. Out: sentences in reading order: break-evens first, for they were asked for, then measure by
measure, then what a reader has to know. The words are in `templates/sweep_sentences.toml`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.study.sweep.base import known_there
from sim.study.sweep.moves import Move, between_ends, levels, moves, needs_median
from sim.views import break_even_sentences, saying, wording
from sim.views.saying import Sentence
from sim.views.sweep_wording import (
    given_words,
    idle,
    label,
    measure_words,
    named,
    of_strategy,
    quoted,
    told,
    value_words,
)

if TYPE_CHECKING:
    from sim.study.sweep import Field, Sweep

templates = partial(saying.templates, "sweep_sentences")
say = partial(saying.fill, "sweep_sentences")

LITTLE = 0.5
"""A straight line that explains less of what differs between points does not tell what moves a measure."""

MOST = 3
"""Strategies told one by one, in file order; figures and tables have all."""


def sentences(found: Sweep) -> tuple[Sentence, ...]:
    """All that is to be said."""
    said = [break_even_sentences.sentence(found, one) for one in found.break_evens]
    still = [name for name in shown_measures(found) if is_still(found, name)]
    unknown = [name for name in still if all(share == 1.0 for share in _cut_shares(found, name))]
    for measure in shown_measures(found):
        for strategy in found.strategies[:MOST] if measure not in still else ():
            said += of_measure(found, strategy, measure)
    for variant, names in (("cut", unknown), ("some", [name for name in still if name not in unknown])):
        if names:
            words = wording.listing([wording.small(measure_words(found, name)) for name in names])
            said.append(say("still", variant, measures=words))
    return (*said, *notes(found))


def shown_measures(found: Sweep) -> list[str]:
    """The measures that are shown; without money those about money are left out."""
    return [name for name in found.measures if not idle(found, name)] or list(found.measures)[:1]


def is_still(found: Sweep, measure: str) -> bool:
    """Whether a measure is the same at every point, for every strategy."""
    marks = ("median", "p05", "p95", "mean", "unfinished")
    return all(
        len({str([getattr(found.row(point.number, name, measure), mark, 0) for mark in marks])
             for point in found.designed}) == 1
        for name in found.strategies
    )  # fmt: skip


def of_measure(found: Sweep, strategy: str, measure: str) -> list[Sentence]:
    """How one measure of one strategy moves."""
    fields = {"measure": measure_words(found, measure), "of": of_strategy(found, strategy)}
    return [*_moved(found, strategy, measure, fields), *_cut(found, strategy, measure, fields)]


def _moved(found: Sweep, strategy: str, measure: str, fields: dict[str, str]) -> list[Sentence]:
    """What moves the numbers that there are."""
    several = len(found.fields) > 1
    if several and any(share >= 0.5 for share in _cut_shares(found, measure, strategy)):
        return [say("most", "cut", **fields)]
    steps, explained = moves(found, strategy, measure)
    if not several and _beyond(found, strategy, measure):
        return [say("moves", "cut_median", field=quoted(found, found.fields[0]), **fields)]
    if not steps or any(math.isnan(step.size) for step in steps):
        return [say("most", "open", **fields)]
    if several:
        return [_most(found, measure, steps, explained, fields)]
    step = steps[0]
    if step.size > 0.0:
        return _along(found, strategy, measure, step, fields)
    variant = "same_median" if needs_median(found, measure) else "same"
    first = told(found, found.measures[measure], step.first[1])
    return [say("moves", variant, field=quoted(found, step.field), first=first, **fields)]


def _beyond(found: Sweep, strategy: str, measure: str) -> bool:
    """Whether the median lies beyond the end of the simulation, at every point."""
    rows = [found.row(point.number, strategy, measure) for point in found.designed]
    return all(row is not None and row.median == math.inf for row in rows)


def _cut_shares(found: Sweep, measure: str, strategy: str | None = None) -> list[float]:
    """The share of runs of each point in which the horizon cut a time; NaN where nothing can be cut."""
    rows = [
        found.row(point.number, name, measure)
        for point in found.designed
        for name in ([strategy] if strategy else found.strategies)
    ]
    return [math.nan if row is None else row.unfinished for row in rows]


def _cut(found: Sweep, strategy: str, measure: str, fields: dict[str, str]) -> list[Sentence]:
    """In how many runs the end of the simulation cut a time: what its numbers leave out."""
    shares = _cut_shares(found, measure, strategy)
    if not any(share > 0.0 for share in shares):
        return []
    if min(shares) == max(shares):
        return [say("cut", "same", share=_runs(found, shares[0]), **fields)]
    if len(found.fields) > 1:
        least, most = (wording.percent(share) for share in (min(shares), max(shares)))
        return [say("cut", "some", least=least, most=most, **fields)]
    (field,) = found.fields
    ends = {
        "low": value_words(found, field, found.designed[0].values[0]),
        "high": value_words(found, field, found.designed[-1].values[0]),
    }
    first, last = (_runs(found, share) for share in (shares[0], shares[-1]))
    return [say("cut", "along", field=quoted(found, field), first=first, last=last, **ends, **fields)]


def _runs(found: Sweep, share: float) -> str:
    """``84 of 100 runs``, ``all runs`` or ``no run``."""
    part, whole = round(share * found.replications), found.replications
    return {0: "no run", whole: "all runs"}.get(part, f"{wording.out_of(part, whole)} runs")


def _along(found: Sweep, strategy: str, measure: str, step: Move, fields: dict[str, str]) -> list[Sentence]:
    """One field from its first value to its last."""
    one = found.measures[measure]
    fields = fields | {
        "field": quoted(found, step.field),
        "low": value_words(found, step.field, step.first[0]),
        "high": value_words(found, step.field, step.last[0]),
        "first": told(found, one, step.first[1]),
        "last": told(found, one, step.last[1]),
    }
    median = needs_median(found, measure)
    gap = None if median else between_ends(found, strategy, measure)
    variant = "median" if median else "share" if one.kind in {"flag", "text"} else "mean"
    if gap is not None and gap.low <= 0.0 <= gap.high:
        variant = "open"
    said = [say("moves", variant, **fields)]
    ends = {step.first[0], step.last[0]}
    for end, (value, size) in (("least", step.least), ("most", step.most)):
        beyond = min(abs(size - step.first[1]), abs(size - step.last[1]))
        if value not in ends and beyond > 0.1 * step.size:
            at = value_words(found, step.field, value)
            said.append(say("bend", end, size=told(found, one, size), at=at))
    return said


def _most(
    found: Sweep, measure: str, steps: Sequence[Move], explained: float, fields: dict[str, str]
) -> Sentence:
    """Of several fields: the one that moves it most, and by how much the others do."""
    one = found.measures[measure]
    ordered = sorted(steps, key=lambda step: -step.size)
    first = ordered[0]
    if first.size == 0.0:
        return say("most", "same", **fields)
    others = [
        f"{quoted(found, step.field)} ({_size(found, measure, step)})"
        for step in ordered[1:]
        if step.size > 0.0
    ]
    parts = templates()["most"]
    rest = parts["then"].format(list=wording.listing(others)) if others else parts["nothing"]
    told_ = {
        "field": quoted(found, first.field),
        "low": value_words(found, first.field, first.first[0]),
        "high": value_words(found, first.field, first.last[0]),
        "first": told(found, one, first.first[1]),
        "last": told(found, one, first.last[1]),
        "rest": rest,
        "how": parts["median" if needs_median(found, measure) else "mean"],
    }
    if math.isnan(explained):
        return say("most", "first", **fields, **told_)
    share = wording.percent(max(explained, 0.0), 2)
    if explained < LITTLE:
        return say("most", "little", points=len(found.designed), share=share, **fields)
    way = parts["less" if first.last[1] < first.first[1] else "more"]
    told_ |= {"size": _size(found, measure, first), "way": way}
    return say("most", "fitted", points=len(found.designed), share=share, **fields, **told_)


def _size(found: Sweep, measure: str, step: Move) -> str:
    """By how much one field moves a measure."""
    one = found.measures[measure]
    return told(found, one, step.size)


def notes(found: Sweep) -> list[Sentence]:
    """What a reader has to know besides."""
    said = [say("note", "runs", points=len(found.designed), runs=f"{found.replications:,}")]
    if found.break_evens:
        said.append(say("note", "band"))
    if any(field.is_chance for field in found.fields):
        said.append(say("note", "follow"))
    for field in found.fields:
        said += _of_field(found, field)
    if found.copied:
        said.append(say("note", "copied", copied=f"{found.copied:,}", all=f"{found.runs:,}"))
    if found.failed:
        reason = found.reason.rstrip(".")
        said.append(say("note", "failed", failed=f"{found.failed:,}", reason=reason))
    return said


def _of_field(found: Sweep, field: Field) -> list[Sentence]:
    """Who lacks a field, and what the file says of it."""
    from sim.scenario.paths import NoSuchPathError, find
    from sim.views.sweep_law import law_words

    said = []
    without = [f"“{label(found, name)}”" for name in found.strategies if name not in field.known]
    if without:
        one = len(without) == 1
        names = wording.listing(without)
        verbs = {"have": "has" if one else "have", "are": "is" if one else "are"}
        said.append(say("note", "absent", names=names, field=quoted(found, field), **verbs))
    given = given_words(found, field)
    if given:
        numbers = [value.number for value in field.values]
        inside = min(numbers) <= field.given <= max(numbers)
        outside = "" if inside else templates()["note"]["outside"]
        said.append(say("note", "given", field=quoted(found, field), given=given, outside=outside))
    scenario = found.file.scenario(next(name for name in found.strategies if name in field.known))
    if known_there(scenario.unknowns, field.path):
        said.append(say("note", "known", field=quoted(found, field)))
    try:
        law = find(scenario, field.path).law
    except NoSuchPathError:
        return said
    there = find(scenario, field.path)
    if law is not None and not there.parameter and law.kind != "constant" and field.kind == "quantity":
        said.append(say("note", "law", field=quoted(found, field), law=law_words(scenario, field.path)))
    return said


def title(found: Sweep, measure: str) -> str:
    """The finding of a measure's picture."""
    name, field = measure_words(found, measure), found.fields[0]
    if len(found.fields) > 1:
        fields = wording.listing([quoted(found, one) for one in found.fields])
        if len(found.fields) > 2:
            return say("title", "many", measure=name, count=len(found.fields)).text
        return say("title", "map", measure=name, fields=fields).text
    small = named(found, field)
    shapes = {_shape(found, strategy, measure) for strategy in found.strategies if strategy in field.known}
    shape = shapes.pop() if len(shapes) == 1 and field.kind != "choice" else "bends"
    return say("title", shape, measure=name, field=small).text


def _shape(found: Sweep, strategy: str, measure: str) -> str:
    """Whether a measure falls, rises, or neither all the way."""
    if any(share >= 0.5 for share in _cut_shares(found, measure, strategy)):
        return "bends"  # the median is where the end of the simulation put it
    numbers = [number for _, number in levels(found, strategy, measure, 0)]
    size = max(map(abs, numbers), default=0.0)
    steps = [after - before for before, after in pairwise(numbers)]
    if any(math.isnan(step) for step in steps):
        return "bends"
    if max(numbers) - min(numbers) <= 0.02 * size:
        return "flat"
    small = 0.02 * (max(numbers) - min(numbers))
    if all(step <= small for step in steps):
        return "falls"
    return "rises" if all(step >= -small for step in steps) else "bends"
