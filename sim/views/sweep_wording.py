"""What is varied in a sweep, in words: fields, values, measures, strategies.

In: a `Sweep`. Out: noun phrases and texts of values, the same in sentences, tables and figures.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.scenario.units import MONEY
from sim.views import wording
from sim.views.happenings import phrase
from sim.views.sensitivity_sentences import path_name
from sim.views.summary import measure_name, shown

if TYPE_CHECKING:
    from sim.outcomes import Measure
    from sim.scenario import Scenario
    from sim.study.sweep import Field, Sweep, Value


def scenario_of(found: Sweep) -> Scenario:
    """The scenario that words are taken from: the first strategy's."""
    return found.file.scenario(found.strategies[0])


def named(found: Sweep, field: Field) -> str:
    """A field for people, without quotes: ``search for a new host: acceptance``."""
    scenario = found.file.scenario(next(name for name in found.strategies if name in field.known))
    event = scenario.event(field.path.split(".")[1]) if field.is_chance else None
    if event is not None:
        words = phrase(scenario, event)
        return f"chance that {wording.small(words) if words.startswith('The ') else words}"
    name = wording.small(path_name(scenario, field.path))
    return f"users: {name}" if field.path.startswith("users.") and ":" not in name else name


def quoted(found: Sweep, field: Field) -> str:
    """The same as it stands in a sentence."""
    return f"“{named(found, field)}”"


def event_of(found: Sweep, field: Field) -> str:
    """What happens with a chance."""
    scenario = scenario_of(found)
    event = scenario.event(field.path.split(".")[1])
    return phrase(scenario, event) if event is not None else field.path


def value_words(found: Sweep, field: Field, value: Value | float, figures: int = 3) -> str:
    """A value with its unit; a choice as it was typed."""
    if not isinstance(value, float):
        if field.kind == "choice":
            return value.text
        value = value.number
    if field.kind == "whole":
        return f"{round(value):,}"
    if field.unit:
        return f"{wording.number(value, figures)} {field.unit}"
    text = wording.number(value, figures) if abs(value) < 1e6 else wording.count(value, figures)
    return f"{text} {scenario_of(found).currency}" if field.dimension == MONEY.name else text


def axis_words(found: Sweep, field: Field) -> str:
    """What stands beside an axis."""
    unit = field.unit or (scenario_of(found).currency if field.dimension == MONEY.name else "")
    name = wording.capital(named(found, field))
    return f"{name} ({unit})" if unit else name


def label(found: Sweep, strategy: str) -> str:
    """A strategy for people."""
    return found.file.labels[strategy]


def of_strategy(found: Sweep, strategy: str) -> str:
    """`` with “Warm standby”``, where there are several."""
    return f" with “{label(found, strategy)}”" if len(found.strategies) > 1 else ""


def measure_words(found: Sweep, measure: str) -> str:
    """A measure for people, with a capital letter."""
    return measure_name(scenario_of(found), measure)


def told(found: Sweep, measure: Measure, value: float, figures: int = 3) -> str:
    """A value of a measure as it stands in a sentence."""
    scenario = scenario_of(found)
    if measure.kind == "time":
        if math.isinf(value):
            return wording.duration(_horizon(found))
        return wording.duration(value)
    text = shown(scenario, measure.kind, value, figures)
    return f"{text} {measure.unit}" if measure.kind == "count" else text


def cell(found: Sweep, measure: Measure, value: float) -> str:
    """A value of a measure in a table that says its unit; beyond the horizon is ``> 270 d``."""
    if math.isnan(value):
        return "–"
    return shown(scenario_of(found), "count" if measure.kind == "money" else measure.kind, value)


def unit_words(measure: Measure) -> str:
    """``, in USD``: what cells do not say."""
    return f", in {measure.unit}" if measure.kind in {"money", "count"} else ""


def given_words(found: Sweep, field: Field) -> str:
    """What the file has; empty where it has no number there."""
    return "" if math.isnan(field.given) else value_words(found, field, field.given)


def _horizon(found: Sweep) -> float:
    return max(found.file.scenario(name).clock.horizon for name in found.strategies)


def idle(found: Sweep, measure: str) -> bool:
    """Whether a measure is 0 in every run at every point, as money is where none is given."""
    return not any(measure in one and one[measure].any() for one in found.samples.values())
