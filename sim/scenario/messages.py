"""What validation found, in words: file, line, dotted path, what was found, what is allowed, the likely fix.

In: pydantic's errors, or findings (path and message) of our own checks, and the tree they are about. Out:
`Problem`s. Nothing of pydantic's wording reaches a user.
"""

from __future__ import annotations

import typing
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.errors import Problem
from sim.scenario.annotations import extra_of, options_of
from sim.scenario.happenings import VERBS
from sim.scenario.model import Scenario
from sim.scenario.nodes import Node, Step, describe, dotted
from sim.scenario.units import Wrong

FILE_KEYS = ("strategies", "baseline")
"""Keys of a file that are no fields of one scenario."""


def problems_of(
    error: ValidationError, tree: Node, source: str, prefix: Sequence[Step] = ()
) -> list[Problem]:
    """Every error of a validation as a problem."""
    problems = []
    for found in error.errors(include_url=False):
        path = (*prefix, *(step for step in found["loc"] if not str(step).startswith(("<", "[key]"))))
        for below, message in _findings(found, path):
            problems.append(problem_at((*path, *below), message, tree, source))
    return problems


def problem_at(path: Sequence[Step], message: str, tree: Node, source: str) -> Problem:
    """A problem at a path, with the line of the nearest thing that is there."""
    path = _as_written(path, tree)
    node = tree.nearest(path)
    place = "--set" if node.origin == "set" else source
    line = node.key_line if node.key_line is not None else node.line
    return Problem(dotted(path), message, line if path else None, place)


def _as_written(path: Sequence[Step], tree: Node) -> tuple[Step, ...]:
    """The path as the file has it: an event's role stands under its verb."""
    if len(path) == 3 and path[0] == "events" and path[2] in {"of", "verb"}:
        event = tree.nearest(path[:2])
        said = [verb for verb in VERBS if verb in event.mapping]
        if said:
            return (*path[:2], said[0])
    return tuple(path)


def _findings(found: Any, path: tuple[Step, ...]) -> list[tuple[tuple[Step, ...], str]]:
    error = found.get("ctx", {}).get("error")
    if isinstance(error, Wrong):
        return list(error.findings)
    kind, value = found["type"], found["input"]
    if kind == "missing":
        return [((), _missing(path))]
    if kind == "extra_forbidden":
        return [((), unknown_key(str(path[-1]), known_keys(path[:-1])))]
    return [((), _wrong_type(kind, value, found))]


def _missing(path: tuple[Step, ...]) -> str:
    owner = model_at(path[:-1])
    name = str(path[-1])
    info = owner.model_fields.get(name) if owner is not None else None
    if info is None:
        return "is missing"
    example = extra_of(info).get("example")
    shown = f", for example `{name}: {_flow(example)}`" if example is not None else ""
    return f"is missing: {info.description}{shown}"


def _flow(value: object) -> str:
    """An example as YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return str(value)


def unknown_key(name: str, known: Sequence[str]) -> str:
    """The message about a key that means nothing."""
    near = get_close_matches(name, known, n=1, cutoff=0.7)
    fix = f"did you mean `{near[0]}`?" if near else "allowed: " + ", ".join(known)
    return f"unknown key; {fix}"


_EXPECTED = {
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
    "model_attributes_type": "must be a mapping",
}


def _wrong_type(kind: str, value: object, found: Any) -> str:
    shown = f"`{value}`" if isinstance(value, str | int | float) else describe(value)
    shown = shown.lower() if isinstance(value, bool) else shown
    if kind in _EXPECTED:
        fix = ""
        if kind == "string_type" and isinstance(value, int | float):
            fix = f': write "{str(value).lower()}" in quotes'
        elif kind == "tuple_type" and isinstance(value, str):
            fix = f": write [{value}]"
        elif kind == "int_type" and isinstance(value, float) and value.is_integer():
            fix = f": write {value:.0f}"
        return f"{_EXPECTED[kind]}, found {shown}{fix}"
    context = found.get("ctx", {})
    if kind == "literal_error":
        options = [option.strip("'") for option in str(context["expected"]).replace(" or ", ", ").split(", ")]
        near = get_close_matches(str(value), options, n=1)
        fix = f"did you mean `{near[0]}`?" if near else "allowed: " + ", ".join(options)
        return f"{shown} is not one of its values; {fix}"
    bounds = {"greater_than_equal": ("ge", "or more"), "less_than_equal": ("le", "or less")}
    if kind in bounds:
        name, word = bounds[kind]
        return f"{shown} must be {context[name]} {word}"
    if kind in {"greater_than", "less_than"}:
        word = "more than" if kind == "greater_than" else "less than"
        return f"{shown} must be {word} {context['gt' if kind == 'greater_than' else 'lt']}"
    if kind in {"int_parsing_size", "int_from_float"}:
        return f"must be a whole number, found {shown}"
    return f"{found['msg']}, found {shown}"


def known_keys(path: Sequence[Step]) -> list[str]:
    """The keys allowed at a path of a file."""
    owner = model_at(path)
    if owner is None:
        return []
    names = [name for name in owner.model_fields if not (owner is Scenario and name == "label")]
    return [*names, *FILE_KEYS] if owner is Scenario else names


def model_at(path: Sequence[Step]) -> type[BaseModel] | None:
    """The record that stands at a path of a file."""
    here: Any = Scenario
    for step in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            info = here.model_fields.get(str(step))
            here = None if info is None else _main(info.annotation)
        else:
            held = typing.get_args(here)
            here = _main(held[-1 if typing.get_origin(here) is dict else 0]) if held else None
        if here is None:
            return None
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def _main(annotation: Any) -> Any:
    """The record, or the container of records, among the alternatives."""
    for option in options_of(annotation):
        if typing.get_origin(option) in {dict, tuple} or (
            isinstance(option, type) and issubclass(option, BaseModel)
        ):
            return option
    return None
