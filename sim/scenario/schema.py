"""The JSON Schema of scenario files, so that editors complete and explain while a file is being written.

In: the models. Out: text of a JSON Schema (draft 2020-12). It accepts every file the loader accepts, and
refuses what can be refused key by key; what concerns several records only the loader can see. Made by
walking the models rather than by pydantic's generator, because a file says more than a model: any value may
carry its evidence, events begin with their verb, and strategies are patches in which nothing is required.
"""

from __future__ import annotations

import json
import typing
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.annotations import extra_of, is_moment, notes_of, options_of, quantity_of
from sim.scenario.happenings import VERBS, Event
from sim.scenario.law_text import write_amount
from sim.scenario.library import ORDER
from sim.scenario.model import Scenario
from sim.scenario.schema_values import (
    EVIDENCE,
    MOMENT,
    NAME,
    quantity_name,
    ref,
    value_definitions,
    with_evidence,
)

Schema = dict[str, Any]

_OWN_EVIDENCE = frozenset({"Observation"})


class Shape(Enum):
    """A whole record, or a patch of one: nothing required, anything may be `null`."""

    WHOLE = ""
    PATCH = "_patch"


def schema_text() -> str:
    """The schema as text, one line ending at the end."""
    return json.dumps(scenario_schema(), indent=1, ensure_ascii=False) + "\n"


def write_schema(path: Path) -> None:
    """Write the schema, as `docs/scenario.schema.json` holds it."""
    path.write_text(schema_text(), encoding="utf-8")


def scenario_schema() -> Schema:
    """The schema as plain values."""
    walk = _Walk()
    whole = walk.record(Scenario, Shape.WHOLE)
    patch = walk.record(Scenario, Shape.PATCH)
    for one in (whole, patch):
        del one["properties"]["label"]
    walk.defs["scenario"] = {**whole, "properties": whole["properties"] | _STRATEGIES}
    walk.defs["strategy"] = {**patch, "properties": patch["properties"] | _ITS_OWN}
    walk.defs["extension"] = {
        **patch,
        "description": "What differs from another scenario file.",
        "properties": {"extends": _EXTENDS, **patch["properties"], **_STRATEGIES},
        "required": ["extends"],
    }
    root: Schema = {"anyOf": [ref("scenario"), ref("extension")]}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario: a platform, what it depends on, and what happens to it",
    }
    return {**head, **root, "$defs": _used(root, walk.defs)}


_EXTENDS: Schema = {
    "type": "string",
    "description": "a scenario file beside this one that it starts from and changes, key by key",
}
_STRATEGIES: Schema = {
    "strategies": {
        "type": "object",
        "description": "named patches of the file, merged key by key; a list replaces, null removes",
        "propertyNames": NAME,
        "additionalProperties": {"anyOf": [ref("strategy"), {"type": "null"}]},
    },
    "baseline": {
        **NAME,
        "description": "the strategy that others are compared with; left out, the first",
    },
}
_ENTRY: Schema = {"type": "string", "enum": list(ORDER)}
_ITS_OWN: Schema = {
    "label": {"type": "string", "description": "the strategy's name for people"},
    "use": {
        "description": "strategies of the library that it starts from, in order",
        "anyOf": [_ENTRY, {"type": "array", "items": _ENTRY, "minItems": 1}],
    },
    "role": {**NAME, "description": "the role that they are about; left out, host"},
}


def _used(root: Schema, defs: dict[str, Schema]) -> dict[str, Schema]:
    """The definitions that the schema refers to, directly or through one another, by name."""
    used: set[str] = set()
    open_ends: list[Any] = [root]
    while open_ends:
        here = open_ends.pop()
        if isinstance(here, list):
            open_ends += here
        elif isinstance(here, dict):
            name = str(here.get("$ref", "")).rpartition("/")[2]
            if name and name not in used:
                used.add(name)
                open_ends.append(defs[name])
            open_ends += here.values()
    return {name: defs[name] for name in sorted(used)}


class _Walk:
    """Collects the definitions that records and quantities refer to."""

    def __init__(self) -> None:
        self.defs = value_definitions()

    def reference(self, record: type[BaseModel], shape: Shape) -> Schema:
        name = f"{record.__name__.lower()}{shape.value}"
        if name not in self.defs:
            self.defs[name] = {}
            self.defs[name] = self.record(record, shape)
        return ref(name)

    def record(self, record: type[BaseModel], shape: Shape) -> Schema:
        properties: dict[str, Schema] = {}
        for name, info in record.model_fields.items():
            if record is Event and name in {"verb", "of"}:
                continue
            properties[name] = self.described(record, name, info, shape)
        required = [
            name for name, info in record.model_fields.items() if info.is_required() and name in properties
        ]
        if record is Event:
            said = "the role it happens to; for a surge: users, or a segment"
            properties = {
                **{verb: {**NAME, "description": f"{verb}: {said}"} for verb in VERBS},
                **properties,
            }
        if record.__name__ not in _OWN_EVIDENCE:
            properties |= EVIDENCE
        schema: Schema = {
            "type": "object",
            "description": " ".join((record.__doc__ or "").split()),
            "properties": properties,
            "additionalProperties": False,
        }
        if required and shape is Shape.WHOLE:
            schema["required"] = required
        if record is Event and shape is Shape.WHOLE:
            schema["oneOf"] = [{"required": [verb]} for verb in VERBS]
        return schema

    def described(self, record: type[BaseModel], name: str, info: FieldInfo, shape: Shape) -> Schema:
        """The schema of one field with its meaning, default and example."""
        schema = self.field(record, name, info, shape)
        if info.description:
            schema = {"description": info.description, **schema}
        if "example" in extra_of(info):
            schema["examples"] = [extra_of(info)["example"]]
        default = None if info.is_required() else _default(info)
        if default not in (None, "", {}, []) and shape is Shape.WHOLE:
            schema["default"] = default
        return schema

    def field(self, record: type[BaseModel], name: str, info: FieldInfo, shape: Shape) -> Schema:
        if name in {"at_most", "at_least", "value", "low", "high"}:
            return (
                with_evidence({"type": ["number", "string"]})
                if name == "value"
                else {"type": ["number", "string"]}
            )
        if name in {"needs", "needs_any", "shares"}:
            return self.nullable(ref("shares" if name == "shares" else "needs"), shape)
        if is_moment(info):
            return self.nullable(MOMENT, shape)
        quantity = quantity_of(info)
        if quantity is not None:
            patch = quantity.law and shape is Shape.PATCH
            return self.nullable(ref(quantity_name(quantity.dimension, law=quantity.law, patch=patch)), shape)
        if name == "unknowns":
            return self.nullable({"type": "object", "additionalProperties": _ANY_LAW}, shape)
        return self.nullable(self.annotated(info.annotation, info, shape), shape)

    def nullable(self, schema: Schema, shape: Shape) -> Schema:
        return {"anyOf": [schema, {"type": "null"}]} if shape is Shape.PATCH else schema

    def annotated(self, annotation: Any, info: FieldInfo | None, shape: Shape) -> Schema:
        options = options_of(annotation)
        if len(options) > 1:
            return {"anyOf": [self.annotated(option, info, shape) for option in options]}
        here = options[0]
        if isinstance(here, type) and issubclass(here, BaseModel):
            return self.reference(here, shape)
        origin = typing.get_origin(here)
        if origin is dict:
            below = self.annotated(typing.get_args(here)[1], None, shape)
            below = self.nullable(below, shape)
            return {"type": "object", "propertyNames": NAME, "additionalProperties": below}
        if origin is tuple:
            # A list in a patch replaces, so what it holds is whole; a mapping over a list changes its items.
            item = typing.get_args(here)[0]
            listed = {"type": "array", "items": self.annotated(item, None, Shape.WHOLE)}
            if shape is Shape.WHOLE or not any(isinstance(one, type) for one in options_of(item)):
                return listed
            below = self.nullable(self.annotated(item, None, shape), shape)
            return {"anyOf": [listed, {"type": "object", "additionalProperties": below}]}
        if origin is typing.Literal:
            return {"enum": list(typing.get_args(here))}
        return _scalar(here, info)


_ANY_LAW: Schema = {"anyOf": [{"type": ["number", "string"]}, {"type": "object"}]}


def _scalar(annotation: Any, info: FieldInfo | None) -> Schema:
    if annotation is bool:
        return {"type": "boolean"}
    if annotation is int:
        return with_evidence({"type": "integer", "minimum": 0})
    kinds = {getattr(note, "kind", "") for note in notes_of(info)} if info is not None else set()
    return dict(NAME) if "a name" in kinds else {"type": "string"}


def _default(info: FieldInfo) -> Any:
    """The default as a file would say it; None where it is a record or nothing."""
    quantity, value = quantity_of(info), info.default
    if quantity is not None and value is not None:
        return write_amount(value, quantity.dimension)
    return value if isinstance(value, str | bool | int) else None
