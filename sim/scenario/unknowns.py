"""`unknowns`: laws for numbers that nobody knows, one value a replication.

In: the raw mapping of paths to laws, and the scenario they are about. Out: laws by path in the dimension
of the number they cover, or findings: no such path, no number there, values that the field cannot take.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.scenario.law_text import parse_law
from sim.scenario.laws import Law
from sim.scenario.model import Scenario
from sim.scenario.nodes import Step
from sim.scenario.paths import NoSuchPathError, Place, find
from sim.scenario.people import unheard
from sim.scenario.response import INHERITED
from sim.scenario.units import Wrong, write_quantity

Finding = tuple[tuple[Step, ...], str]

_FIXED = {
    "clock": "the clock is the same in every run",
    "capabilities": "what counts as recovered is a choice, not a fact",
    "targets": "a target is a choice, not a fact",
    "expect": "a claim is a choice, not a fact",
    "observed": "it has been observed",
}


def read_unknowns(raw: object, scenario: Scenario) -> tuple[dict[str, Law], list[Finding]]:
    """Laws by path, and every finding."""
    if not isinstance(raw, Mapping):
        return {}, [((), "must be a mapping of paths to laws, {users.churn: {low: .., high: ..}}")]
    laws: dict[str, Law] = {}
    findings: list[Finding] = []
    for path, value in raw.items():
        try:
            laws[path] = _read(path, value, scenario)
        except NoSuchPathError as error:
            findings.append(((path,), str(error)))
        except Wrong as wrong:
            findings += [((path, *below), message) for below, message in wrong.findings]
    return laws, findings or _unheard(laws, scenario) or _disordered(laws, scenario)


def _read(path: str, value: Any, scenario: Scenario) -> Law:
    place = find(scenario, path)
    head, last = path.split(".")[0], path.split(".")[-1]
    if head in _FIXED:
        raise Wrong.here(f"cannot be unknown: {_FIXED[head]}")
    if last in {"share", "join_share"}:
        raise Wrong.here("cannot be unknown: the shares of all segments must make 100 %")
    if head == "events" and last == "at":
        raise Wrong.here(
            "cannot be unknown: events happen at set instants; make the notice or the duration unknown"
        )
    if head == "events" and last == "chance":
        raise Wrong.here("cannot be unknown: no run depends on it; `compare` shows a year at several chances")
    _is_number(path, place, scenario)
    assert place.dimension is not None
    law = parse_law(value, place.dimension)
    _fits(law, place)
    return law


def _is_number(path: str, place: Place, scenario: Scenario) -> None:
    if place.dimension is None:
        found = "a whole number" if isinstance(place.value, int) else "no number"
        raise Wrong.here(f"is {found}; an unknown covers a quantity or a parameter of a law")
    if place.number is not None:
        return
    if isinstance(place.value, Law):
        names = [name for name in place.value.names() if not isinstance(place.value[name], tuple)]
        if not names:
            raise Wrong.here("is a law of listed values, which has no numbers to vary")
        raise Wrong.here(f"is a law ({place.value.kind}); name one of its numbers: "
                         + ", ".join(f"`{path}.{name}`" for name in names))  # fmt: skip
    raise Wrong.here("is not given, so there is nothing to vary; give it a value first")


def _fits(law: Law, place: Place) -> None:
    """The values the unknown can take must be values the field can take."""
    low, high = law.support()
    name = place.parameter
    if name == "correlation" and high >= 1:
        raise Wrong.here("a correlation must stay below 1")
    positive = name in {"shape", "scale", "cv", "median", "p90"} or (
        name == "mean" and place.law is not None and place.law.kind in {"exponential", "lognormal", "gamma"}
    )
    if positive and low <= 0 and law.can_be_least:
        raise Wrong.here(f"{name} must be more than 0, this law can give 0")
    assert place.dimension is not None
    if high > place.dimension.high:
        raise Wrong.here(f"can exceed {place.dimension.high:g}; {place.dimension.name} cannot")


_PAIRS = (("low", "likely"), ("likely", "high"), ("low", "high"), ("median", "p90"))


def _disordered(laws: Mapping[str, Law], scenario: Scenario) -> list[Finding]:
    """Unknown parameters that could come out in the wrong order (low above high)."""
    findings: list[Finding] = []
    for path in laws:
        place = find(scenario, path)
        if place.law is None or not place.parameter:
            continue
        parent = path.rsplit(".", 1)[0]
        for lower, upper in _PAIRS:
            names = set(place.law.names())
            if place.parameter not in {lower, upper} or not {lower, upper} <= names:
                continue
            top = _range(laws, parent, lower, place.law)[1]
            bottom = _range(laws, parent, upper, place.law)[0]
            strict = (lower, upper) != ("low", "likely") and (lower, upper) != ("likely", "high")
            if top > bottom or (strict and top == bottom):
                shown = [_shown(value, place) for value in (top, bottom)]
                message = (
                    f"{lower} could be {shown[0]} when {upper} is {shown[1]}; give unknowns that cannot cross"
                )
                findings.append(((path,), message))
    return findings


def _range(laws: Mapping[str, Law], parent: str, name: str, law: Law) -> tuple[float, float]:
    covering = laws.get(f"{parent}.{name}")
    if covering is not None:
        return covering.support()
    value = law[name]
    assert not isinstance(value, tuple)
    return value, value


def _shown(value: float, place: Place) -> object:
    if math.isinf(value):
        return "without limit"
    assert place.dimension is not None
    return write_quantity(value, place.dimension)


def _unheard(laws: Mapping[str, Law], scenario: Scenario) -> list[Finding]:
    """Unknowns of what nobody inherits cover nothing."""
    silent = [f"users.{name}" for name in unheard(scenario.users)]
    for role, replacement in scenario.response.replace.items():
        search = replacement.search
        if search is not None and isinstance(search.candidates, tuple):
            everyone = (*search.standby, *search.candidates, *search.fallback)
            for name in INHERITED:
                if everyone and all(name in candidate.model_fields_set for candidate in everyone):
                    silent.append(f"response.replace.{role}.search.{name}")
    return [
        ((path,), "is unused: everything that could inherit it says its own; name that instead")
        for path in laws
        if any(path == place or path.startswith(f"{place}.") for place in silent)
    ]


def medians(scenario: Scenario) -> dict[str, object]:
    """Every unknown's path with its median as a file would say it."""
    fixed: dict[str, object] = {}
    for path, law in scenario.unknowns.items():
        dimension = find(scenario, path).dimension
        assert dimension is not None
        fixed[path] = write_quantity(law.median(), dimension)
    return fixed
