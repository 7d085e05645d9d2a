"""Laws as a file writes them, and back.

In: a quantity (a constant) or a mapping of natural parameters. Out: a `Law` in inside units, or every
finding about it. Some forms need no name, because their parameters say which law is meant; with `law:`
any family can be named. A mixture and a frailty are made `of` laws, written in any of these forms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

from sim.scenario.families import FAMILIES
from sim.scenario.laws import Law, Value
from sim.scenario.nodes import describe
from sim.scenario.units import NUMBER, SHARE, Dimension, Wrong, parse_quantity, write_quantity

Finding = tuple[tuple[str | int, ...], str]
Item = TypeVar("Item")

UNNAMED: Mapping[frozenset[str], str] = {
    frozenset({"value"}): "constant",
    frozenset({"low", "likely", "high"}): "pert",
    frozenset({"low", "high"}): "uniform",
    frozenset({"mean"}): "exponential",
    frozenset({"median", "p90"}): "lognormal",
    frozenset({"values"}): "empirical",
    frozenset({"mean", "correlation"}): "beta",
}
"""The forms that need no `law:`."""

PARAMETERS = frozenset(name for family in FAMILIES.values() for names in family.signatures for name in names)
"""Every parameter's name in any family."""

_POSITIVE = frozenset({"shape", "scale", "cv", "median", "p90"})


def parse_law(value: object, dimension: Dimension, *, positive: bool = False) -> Law:
    """The law that a file's value means.

    ``positive`` refuses constants and bounded laws that can be 0 (a bandwidth is divided by).

    Raises
    ------
    Wrong
        With every finding, each with the path of its parameter.
    """
    if not isinstance(value, Mapping):
        if isinstance(value, tuple | list):
            raise Wrong.here("a list is no law; for values seen in the past write {values: [...]}")
        law = Law.constant(parse_quantity(value, dimension))
    else:
        law = _from_mapping(dict(value), dimension)
    if positive and law.support()[0] <= 0 and law.can_be_least:
        raise Wrong.here(f"{dimension.name} must be more than 0 here")
    return law


def _from_mapping(value: dict[str, Any], dimension: Dimension) -> Law:
    kind = _kind(value, dimension)
    value.pop("law", None)
    names = _signature(kind, value, dimension)
    findings: list[Finding] = []
    parameters: dict[str, Value] = {}
    parts: tuple[Law, ...] = ()
    for name in names:
        try:
            if name == "of":
                parts = _parts(kind, value[name], dimension)
            else:
                parameters[name] = _parameter(name, value[name], dimension)
        except Wrong as wrong:
            findings += [((name, *path), message) for path, message in wrong.findings]
    findings = findings or _ordered(kind, parameters) or _together(kind, parameters, parts)
    if findings:
        raise Wrong(*findings)
    law = Law.of(kind, parameters, parts=parts)
    if law.support()[1] > dimension.high:
        allowed = "a constant, {low, likely, high}, {low, high}, {values: [...]} or {mean, correlation}"
        raise Wrong.here(
            f"{kind} law can exceed {dimension.high:g}, {dimension.name} cannot; write {allowed}"
        )
    return law


def forms(dimension: Dimension) -> str:
    """The allowed forms, for messages."""
    unnamed = "{low, likely, high}, {low, high}, {mean}, {median, p90}, {values: [...]}"
    if dimension is SHARE:
        unnamed = "{low, likely, high}, {low, high}, {values: [...]}, {mean, correlation}"
    return f"{dimension.examples[0]}, {unnamed} or {{law: ..., ...}}"


def _kind(value: Mapping[str, Any], dimension: Dimension) -> str:
    if "law" in value:
        name = value["law"]
        if not isinstance(name, str) or name not in FAMILIES:
            near = get_close_matches(str(name), FAMILIES, n=1)
            fix = f"did you mean `{near[0]}`?" if near else "allowed: " + ", ".join(FAMILIES)
            raise Wrong((("law",), f"`{name}` is not a law; {fix}"))
        kind: str = name
    else:
        given = frozenset(value)
        if given not in UNNAMED:
            raise Wrong(*_unnamed_findings(given, dimension))
        kind = UNNAMED[given]
    if kind == "beta" and dimension is not SHARE:
        raise Wrong.here(f"{{mean, correlation}} is for shares; {dimension.name} may be {forms(dimension)}")
    return kind


def _unnamed_findings(given: frozenset[str], dimension: Dimension) -> list[Finding]:
    """A misspelt parameter is named; otherwise the forms are listed."""
    findings: list[Finding] = []
    for name in sorted(given - PARAMETERS):
        near = get_close_matches(name, [*PARAMETERS, "law"], n=1, cutoff=0.6)
        fix = f"did you mean `{near[0]}`?" if near else f"allowed: {forms(dimension)}"
        findings.append(((name,), f"`{name}` is no parameter of a law; {fix}"))
    if findings:
        return findings
    if given and any(given in map(frozenset, family.signatures) for family in FAMILIES.values()):
        kinds = [kind for kind, family in FAMILIES.items() if given in map(frozenset, family.signatures)]
        said = ", ".join(sorted(given))
        return [((), f"{{{said}}} does not say which law: write `law: {kinds[0]}`" + _or(kinds[1:]))]
    said = ", ".join(sorted(given)) if given else "nothing"
    return [((), f"{{{said}}} is no law; allowed: {forms(dimension)}")]


def _or(kinds: list[str]) -> str:
    return "".join(f" or `law: {kind}`" for kind in kinds)


def _signature(kind: str, value: Mapping[str, Any], dimension: Dimension) -> tuple[str, ...]:
    signatures = FAMILIES[kind].signatures
    for names in signatures:
        if set(names) == set(value):
            return names
    allowed = " or ".join("{" + ", ".join(names) + "}" for names in signatures)
    known = {name for names in signatures for name in names}
    findings: list[Finding] = []
    for name in value:
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.6)
            fix = f"did you mean `{near[0]}`?" if near else f"a {kind} law takes {allowed}"
            findings.append(((name,), f"`{name}` is no parameter of a {kind} law; {fix}"))
    raise Wrong(*(findings or [((), f"a {kind} law takes {allowed}; found {{{', '.join(value)}}}")]))


def parameter_dimension(name: str, dimension: Dimension) -> Dimension:
    """What kind of quantity a parameter is, in a law of ``dimension``."""
    last = name.rpartition(".")[2]
    if last in {"shape", "cv", "variance"}:
        return NUMBER
    return SHARE if last in {"correlation", "shares"} else dimension


def _parts(kind: str, value: object, dimension: Dimension) -> tuple[Law, ...]:
    """The laws that one is made of."""
    if FAMILIES[kind].of == "law":
        return (parse_law(value, dimension),)
    if not isinstance(value, tuple | list) or len(value) < 2:
        found = f"{len(value)} of them" if isinstance(value, tuple | list) else describe(value)
        raise Wrong.here(f"must be a list of at least two laws, [{{mean: ..}}, {{mean: ..}}]; found {found}")
    return _each(value, lambda item: parse_law(item, dimension))


def _together(kind: str, p: Mapping[str, Any], parts: tuple[Law, ...]) -> list[Finding]:
    """Findings about parts that do not go together, or not with what is said of them."""
    fixed = [position for position, part in enumerate(parts) if part.atoms() is not None]
    if kind == "frailty" and fixed:
        message = f"a {parts[0].kind} law has no hazard that a frailty could act on; write {{low, high}}"
        return [(("of",), f"{message} or another law without set values")]
    if kind != "mixture":
        return []
    if len(p["shares"]) != len(parts):
        return [(("shares",), f"must be as many as the laws ({len(parts)}), found {len(p['shares'])}")]
    if not math.isclose(math.fsum(p["shares"]), 1.0, rel_tol=1e-9):
        return [(("shares",), f"must make 100 % together, they make {100.0 * math.fsum(p['shares']):.6g} %")]
    if len(fixed) not in {0, len(parts)}:
        message = f"a {parts[fixed[0]].kind} law cannot be mixed with laws of any value; write {{low, high}}"
        return [(("of", fixed[0]), f"{message}, however close, or give all parts set values")]
    return []


def _parameter(name: str, value: object, dimension: Dimension) -> Value:
    if name == "values":
        if not isinstance(value, tuple | list) or not value:
            raise Wrong.here(f"must be a list of at least one value, found {describe(value)}")
        return _each(value, lambda item: parse_quantity(item, dimension))
    if name == "shares":
        if not isinstance(value, tuple | list):
            raise Wrong.here(f"must be a list of shares, [60 %, 40 %], found {describe(value)}")
        return _each(value, _share)
    amount = parse_quantity(value, parameter_dimension(name, dimension))
    if amount == 0 and (name in _POSITIVE):
        raise Wrong.here(f"`{value}`: {name} must be more than 0")
    if name == "correlation" and amount >= 1:
        raise Wrong.here(f"`{value}`: correlation must be below 1")
    return amount


def _share(value: object) -> float:
    """A part's share of a mixture."""
    amount = parse_quantity(value, SHARE)
    if amount == 0:
        raise Wrong.here(f"`{value}`: a share of nobody; leave that law out")
    return amount


def _each(items: Sequence[object], parse: Callable[[object], Item]) -> tuple[Item, ...]:
    """Every item read, or the findings about all of them."""
    findings: list[Finding] = []
    found = []
    for position, item in enumerate(items):
        try:
            found.append(parse(item))
        except Wrong as wrong:
            findings += [((position, *path), message) for path, message in wrong.findings]
    if findings:
        raise Wrong(*findings)
    return tuple(found)


def _ordered(kind: str, p: Mapping[str, Any]) -> list[Finding]:
    """Findings about parameters that do not go together."""
    if kind == "exponential" and p["mean"] == 0:
        return [
            (("mean",), "mean must be more than 0; for no time at all write 0 with a unit, without {mean}")
        ]
    if kind in {"lognormal", "gamma"} and p.get("mean") == 0:
        return [(("mean",), "mean must be more than 0")]
    if "p90" in p and p["p90"] <= p["median"]:
        return [(("p90",), "p90 (9 of 10 lie below it) must be more than the median")]
    if "low" in p and p["low"] >= p["high"]:
        return [(("high",), "high must be more than low; for one value write it alone, without low and high")]
    if "likely" in p and not p["low"] <= p["likely"] <= p["high"]:
        return [(("likely",), "likely must lie between low and high")]
    return []


def write_law(law: Law, dimension: Dimension) -> object:
    """The law as a file may say it; `parse_law` gives back the same law."""
    if law.kind == "constant":
        return write_quantity(float(law["value"]), dimension)  # type: ignore[arg-type]
    written: dict[str, object] = {"law": law.kind}
    if law.parts:
        parts = [write_law(part, dimension) for part in law.parts]
        written["of"] = parts[0] if FAMILIES[law.kind].of == "law" else parts
    for name, value in law.parameters:
        kind = parameter_dimension(name, dimension)
        if isinstance(value, tuple):
            written[name] = [write_quantity(item, kind) for item in value]
        else:
            written[name] = write_quantity(value, kind)
    return written


def write_amount(value: float | Law, dimension: Dimension) -> object:
    """A quantity or a law of one, as a file may say it."""
    return write_law(value, dimension) if isinstance(value, Law) else write_quantity(value, dimension)


def each_parameter(law: Law, dimension: Dimension, visit: Callable[[str, float, Dimension], None]) -> None:
    """Call ``visit`` with every number of the law: name, value, and what kind of quantity it is.

    A number of a part is named by its place, "of.2.mean"; a part that is a constant, by its place alone.
    """
    for name in law.names():
        value, kind = law[name], parameter_dimension(name, dimension)
        short = name.removesuffix(".value")
        for position, item in enumerate(value if isinstance(value, tuple) else (value,)):
            visit(f"{name}.{position + 1}" if isinstance(value, tuple) else short, item, kind)
