"""Schemas of values: quantities with their units, laws, instants, gates, and evidence beside any of them.

Each is a definition of its own that others refer to, so that the schema stays small enough to read.
"""

from __future__ import annotations

import re
from typing import Any

from sim.scenario.families import FAMILIES
from sim.scenario.law_text import UNNAMED, parameter_dimension
from sim.scenario.units import DIMENSIONS, SHARE, Dimension

Schema = dict[str, Any]

EVIDENCE_WORDS = {
    "source": "who says so: where the numbers here come from",
    "assumption": "why this is assumed",
    "note": "what to keep in mind",
}
_LISTS = frozenset({"values", "shares"})
_DIGITS = r"[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"


def ref(name: str) -> Schema:
    """A reference to a definition."""
    return {"$ref": f"#/$defs/{name}"}


NAME = ref("name")
MOMENT = ref("moment")
EVIDENCE: dict[str, Schema] = {word: ref(word) for word in EVIDENCE_WORDS}


def with_evidence(schema: Schema) -> Schema:
    """The value itself, or ``{value: .., source: ..}``."""
    return {"anyOf": [schema, _object({"value": schema, **EVIDENCE}, ["value"])]}


def _object(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def value_definitions() -> dict[str, Schema]:
    """The definitions of everything that stands at the leaves of a file."""
    defs: dict[str, Schema] = {
        "name": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
        **{word: {"type": "string", "description": meaning} for word, meaning in EVIDENCE_WORDS.items()},
        **_gates(),
    }
    instant = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[Tt ].*)?|{_DIGITS} *[a-z]+"
    defs["moment"] = with_evidence({"type": "string", "pattern": f"^ *(?:{instant}) *$"}) | {
        "description": "an instant in UTC, or a time after the start",
        "examples": ["2025-03-10T08:00Z", "9 d"],
    }
    for dimension in DIMENSIONS:
        plain = f"plain_{quantity_name(dimension)}"
        defs[plain] = _plain(dimension)
        defs[quantity_name(dimension)] = {"description": _described(dimension), **with_evidence(ref(plain))}
        defs |= _laws(dimension)
    return defs


def quantity_name(dimension: Dimension, *, law: bool = False, patch: bool = False) -> str:
    """The name of the definition of a quantity, or of a law of such quantities (in a patch)."""
    name = dimension.name.removeprefix("a ").removeprefix("an ").replace(" ", "_")
    return (f"law_of_{name}" + ("_patch" if patch else "")) if law else name


def _laws(dimension: Dimension) -> dict[str, Schema]:
    """A constant, or a mapping of natural parameters; in a patch any parameter may stand alone."""
    share = dimension is SHARE
    kinds = [kind for kind, family in FAMILIES.items() if (family.bounded if share else kind != "beta")]
    names = sorted({name for kind in kinds for given in FAMILIES[kind].signatures for name in given})
    forms = [
        _form(sorted(given), sorted(given), dimension, kind)
        for given, kind in UNNAMED.items()
        if kind in kinds and kind != "constant"
    ]
    for kind in kinds:
        forms += [_form(list(given), [*given, "law"], dimension, kind) for given in FAMILIES[kind].signatures]
    plain = ref(f"plain_{quantity_name(dimension)}")
    mapping = f"{quantity_name(dimension, law=True)}_mapping"
    whole = {"anyOf": [plain, ref(mapping)]}
    any_part = _form(names, [], dimension, *kinds)
    described = {"description": f"{dimension.name}, or a law of one; {_described(dimension)}"}
    return {
        mapping: {"anyOf": forms},
        quantity_name(dimension, law=True): described | with_evidence(whole),
        quantity_name(dimension, law=True, patch=True): described
        | with_evidence({"anyOf": [plain, any_part]}),
    }


def _form(names: list[str], required: list[str], dimension: Dimension, *kinds: str) -> Schema:
    """One form of a law; evidence may stand beside its parameters."""
    properties: dict[str, Schema] = {"law": {"enum": list(kinds)}}
    for name in names:
        one = ref(quantity_name(parameter_dimension(name, dimension)))
        properties[name] = {"type": "array", "minItems": 1, "items": one} if name in _LISTS else one
        if name == "of":
            properties[name] = _parts(dimension, *kinds, patch=not required)
    return _object({**properties, **EVIDENCE}, required)


def _parts(dimension: Dimension, *kinds: str, patch: bool) -> Schema:
    """The laws that one is made of: one, or a list; a patch may change some of a list by their places."""
    one = ref(quantity_name(dimension, law=True, patch=patch))
    several: Schema = {"type": "array", "minItems": 2, "items": ref(quantity_name(dimension, law=True))}
    wanted = {FAMILIES[kind].of for kind in kinds}
    forms: list[Schema] = [one] * ("law" in wanted) + [several] * ("laws" in wanted)
    if patch:
        forms.append(
            {"type": "object", "patternProperties": {"^[1-9][0-9]*$": one}, "additionalProperties": False}
        )
    return forms[0] if len(forms) == 1 else {"anyOf": forms}


def _described(dimension: Dimension) -> str:
    units = [unit for unit in dimension.shown if unit]
    listed = f" in {', '.join(units)}" if units else ""
    return f"{dimension.name}{listed}, for example {', '.join(dimension.examples)}"


def _plain(dimension: Dimension) -> Schema:
    """A text with a unit, or a bare number where that is meant."""
    text = {"type": "string", "pattern": unit_pattern(dimension), "examples": list(dimension.examples)}
    if not dimension.bare:
        return text
    number: Schema = {"type": "number", "minimum": 0}
    if dimension is SHARE:
        number["maximum"] = 1
    return {"anyOf": [number, text]}


def unit_pattern(dimension: Dimension) -> str:
    """A regular expression for a number with one of the dimension's units."""
    spelt = sorted(unit for unit in {*dimension.units, *dimension.aliases} if unit)
    if not spelt:
        return f"^ *{_DIGITS} *$"
    units = "|".join(re.sub(r"(\\ )?per\\ ", " *(?:per|/) *", re.escape(unit)) for unit in spelt)
    return f"^ *{_DIGITS} *(?:{units}){'?' if dimension.bare else ''} *$"


def _gates() -> dict[str, Schema]:
    gates = [
        _object({"at_least": {"type": "integer", "minimum": 1}, "of": ref("needs")}, ["at_least", "of"]),
        _object({"all": ref("needs")}, ["all"]),
        _object({"any": ref("needs")}, ["any"]),
        _object({"shares": ref("shares")}, ["shares"]),
    ]
    return {
        "gate": {"anyOf": gates},
        "item": {"anyOf": [NAME, ref("gate")]},
        "needs": {"anyOf": [{"type": "array", "minItems": 1, "items": ref("item")}, ref("gate")]},
        "shares": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": NAME,
            "additionalProperties": ref("share"),
        },
    }
