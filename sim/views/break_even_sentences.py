"""Where two strategies swap, in sentences.

In: a `BreakEven` of a `Sweep`. Out: one sentence each, and the finding for its picture. The words are in
`templates/sweep_sentences.toml`. What the runs do not tell is said to be open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.views import saying, wording
from sim.views.saying import Sentence
from sim.views.sweep_wording import event_of, label, measure_words, named, quoted, scenario_of, value_words

if TYPE_CHECKING:
    from sim.study.sweep import BreakEven, Crossing, Field, Sweep

say = partial(saying.fill, "sweep_sentences")

LIKELY = 0.5
"""From this chance on "1 in so many" says nothing more."""


def sentence(found: Sweep, one: BreakEven) -> Sentence:
    """What is to be said of one pair of strategies; of a slice, at which values of the other fields."""
    said = _of_pair(found, one)
    if not one.beside:
        return said
    values = wording.listing(
        [
            f"{quoted(found, field)} at {value_words(found, field, value)}"
            for field, value in zip(found.fields[1:], one.beside, strict=True)
        ]
    )
    return Sentence(
        said.topic, said.variant, say("even", "beside", values=values, sentence=_inside(said.text)).text
    )


def _inside(text: str) -> str:
    """A sentence after a colon."""
    return text[:1].lower() + text[1:]


def does(found: Sweep, one: BreakEven) -> str:
    """What the better one does: ``costs less a year``, ``has a higher availability``."""
    words = saying.templates("sweep_sentences")["does"]
    measure = one.measure
    text = words.get(measure.name) or words[measure.bad]
    name = wording.small(measure_words(found, measure.name))
    return text.format(unit=scenario_of(found).users.unit, measure=name)


def _of_pair(found: Sweep, one: BreakEven) -> Sentence:
    field = found.fields[0]
    at = partial(value_words, found, field)
    fields = {"does": does(found, one), "field": quoted(found, field)}
    ends = {"low": at(one.ends[0]), "high": at(one.ends[1])}
    open_ = wording.listing([at(value) for value in one.open])
    if one.verdict == "same":
        name = wording.small(measure_words(found, one.measure.name))
        names = {"first": label(found, one.first), "second": label(found, one.second)}
        return say("even", "same", measure=name, **names, **fields, **ends)
    if one.verdict == "never":
        better = one.better_at_the_low_end
        worse = one.second if better == one.first else one.first
        names = {"better": label(found, better), "worse": label(found, worse)}
        return say("even", "never_open" if one.open else "never", open=open_, **names, **fields, **ends)
    if one.verdict == "several":
        variant = "several_open" if _indistinct(one) else "several"
        return say("even", variant, pieces=_pieces(found, one), open=open_, **fields, **ends)
    return _turns(found, one, one.crossings[0], fields | ends)


def _turns(found: Sweep, one: BreakEven, crossing: Crossing, fields: dict[str, str]) -> Sentence:
    field = found.fields[0]
    above, below = one.better_above(crossing), one.better_below(crossing)
    names = {"above": label(found, above), "below": label(found, below)}
    at = place(found, field, crossing)
    if math.isinf(crossing.low) and math.isinf(crossing.high):
        return say("even", "undecided", at=at, **names, **fields)
    told = {**names, **fields, "at": at, "interval": interval(found, one, crossing)}
    if a_year(field):
        told |= {"event": event_of(found, field), "odds": odds(crossing.at / 100.0)}
        told["at"] = wording.percent(crossing.at / 100.0)
        return say("even", "chance", **told)
    return say("even", "from" if field.kind == "whole" else "above", **told)


def a_year(field: Field) -> bool:
    """Whether a field is a chance in percent a year, which can be said as odds."""
    return field.is_chance and field.unit.replace("/", " per ").split() == ["%", "per", "year"]


def place(found: Sweep, field: Field, crossing: Crossing) -> str:
    """Where they swap; of whole numbers the first at which the other does better."""
    number = float(math.floor(crossing.at) + 1) if field.kind == "whole" else crossing.at
    return value_words(found, field, number)


def odds(chance: float) -> str:
    """``, 1 in 14``; nothing where that says no more than the chance itself."""
    if not 0.0 < chance < LIKELY:
        return ""
    return f", 1 in {wording.number(1.0 / chance, 2)}"


def interval(found: Sweep, one: BreakEven, crossing: Crossing) -> str:
    """The interval of a crossing; where it leaves what was looked at, from which end on it is open."""
    field = found.fields[0]
    chance = a_year(field)

    def at(number: float) -> str:
        return wording.percent(number / 100.0) if chance else value_words(found, field, number)

    low, high = crossing.low, crossing.high
    if low == high:
        return say_part("exact")
    if math.isinf(low) and math.isinf(high):
        return say_part("none")
    if math.isinf(low):
        return say_part("below", end=at(one.ends[0]), high=at(high))
    if math.isinf(high):
        return say_part("above", low=at(low), end=at(one.ends[1]))
    return say_part("both", low=at(low), high=at(high))


def say_part(variant: str, **fields: str) -> str:
    """A part of a sentence, without a capital letter."""
    return saying.templates("sweep_sentences")["interval"][variant].format(**fields)


def _pieces(found: Sweep, one: BreakEven) -> str:
    """Who does better from where to where."""
    field = found.fields[0]
    start, what = "", does(found, one)
    told = []
    for crossing in one.crossings:
        at = f"{place(found, field, crossing)} ({interval(found, one, crossing)})"
        better = label(found, one.better_below(crossing))
        told.append(f"“{better}” {what} {f'from there to {at}' if start else f'below {at}'}")
        start = at
    told.append(f"“{label(found, one.better_above(one.crossings[-1]))}” above that")
    return ", ".join(told)


def _indistinct(one: BreakEven) -> bool:
    """Whether between two crossings, or beyond one, no place shows surely who does better."""
    edges = [-math.inf, *(crossing.at for crossing in one.crossings), math.inf]
    sure = [number for number, _, _, _ in one.points if number not in one.open]
    return any(not any(low < number < high for number in sure) for low, high in pairwise(edges))


def title(found: Sweep, ones: Sequence[BreakEven]) -> str:
    """The finding about one pair, for its picture."""
    one = ones[0]
    names = {"first": label(found, one.first), "second": label(found, one.second)}
    what, field = does(found, one), found.fields[0]
    if len(ones) > 1:
        return _frontier(found, ones, what, names)
    if one.verdict == "same":
        return say(
            "title", "same", measure=wording.small(measure_words(found, one.measure.name)), **names
        ).text
    if one.verdict == "several":
        return say("title", "several", **names).text
    at = partial(value_words, found, field)
    if one.verdict == "never":
        better = one.better_at_the_low_end
        worse = one.second if better == one.first else one.first
        told = {"better": label(found, better), "worse": label(found, worse), "does": what}
        if len(one.open) == len(one.points):
            return say("title", "open", does=what, **names).text
        return say("title", "never", low=at(one.ends[0]), high=at(one.ends[1]), **told).text
    crossing = one.crossings[0]
    if math.isinf(crossing.low) and math.isinf(crossing.high):
        return say("title", "open", does=what, **names).text
    who = {"above": one.better_above(crossing), "below": one.better_below(crossing)}
    told = {side: label(found, name) for side, name in who.items()}
    if a_year(field):
        chance = crossing.at / 100.0
        return say("title", "chance", does=what, at=wording.percent(chance), odds=odds(chance), **told).text
    side = "from" if field.kind == "whole" else "above"
    return say("title", "turns", does=what, side=side, at=place(found, field, crossing), **told).text


def _frontier(found: Sweep, ones: Sequence[BreakEven], what: str, names: dict[str, str]) -> str:
    """The finding of several slices: where they swap, or that one does better in all of them."""
    if any(one.crossings for one in ones):
        return say("title", "frontier", field=named(found, found.fields[1]), **names).text
    better = {one.better_at_the_low_end for one in ones}
    if any(one.verdict != "never" or one.open for one in ones) or len(better) > 1:
        return say("title", "frontier_none", **names).text
    first, (ahead,) = ones[0], better
    worse = first.second if ahead == first.first else first.first
    told = {"better": label(found, ahead), "worse": label(found, worse)}
    return say("title", "frontier_never", does=what, **told).text
