"""Where a dotted path leads in a scenario: to a number, a law, or a parameter of a law.

In: "response.replace.host.tasks.adapt.takes.high". Out: the value, its dimension, and the other paths
under which the same value is known (a segment inherits from `users`, a candidate from its search), so
that an unknown at either place covers it. Events go by id, other list items count from 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.annotations import quantity_of
from sim.scenario.happenings import Event
from sim.scenario.law_text import parameter_dimension
from sim.scenario.laws import Law
from sim.scenario.model import Scenario
from sim.scenario.people import Segment
from sim.scenario.response import INHERITED, Candidate, Search
from sim.scenario.units import Dimension


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at a path. ``parameter`` is the law's parameter the path ends in, "" for the law itself.

    ``owners`` are the paths under which the value is known, its own first.
    """

    value: Any
    dimension: Dimension | None
    law: Law | None = None
    parameter: str = ""
    owners: tuple[str, ...] = ()

    @property
    def number(self) -> float | None:
        """The number at the path: a float field, a constant law or a law's parameter; else None."""
        value = self.value
        if isinstance(value, Law) and value.kind == "constant":
            value = value["value"]
        return value if isinstance(value, float) else None


class NoSuchPathError(LookupError):
    """Nothing stands at a path; the message says where it breaks off and what is there."""


def find(scenario: Scenario, path: str) -> Place:
    """What stands at ``path``.

    Raises
    ------
    NoSuchPathError
        With the likely fix.
    """
    owners = [""]
    value: Any = scenario
    field: FieldInfo | None = None
    steps = path.split(".")
    for position, step in enumerate(steps):
        if isinstance(value, Law):
            return _parameter(value, steps[position:], _dimension(field), owners, path)
        value, field, more = _step(value, step, ".".join(steps[:position]))
        owners = [f"{owner}.{step}" if owner else step for owner in owners]
        owners += [alias for alias in more if alias not in owners]
    return Place(value, _dimension(field), value if isinstance(value, Law) else None, "", tuple(owners))


def _dimension(field: FieldInfo | None) -> Dimension | None:
    """The dimension of what a field holds, if that is a quantity."""
    quantity = None if field is None else quantity_of(field)
    return None if quantity is None else quantity.dimension


def _parameter(law: Law, rest: list[str], dimension: Dimension | None, owners: list[str], path: str) -> Place:
    try:
        part, name = law.at(rest)
    except KeyError:
        part, name = law, ""
    value = part if not name and part is not law else dict(part.parameters).get(name, ())
    if isinstance(value, tuple):
        usable = [known for known in law.names() if not isinstance(law[known], tuple)]
        fixed = "; shares of a mixture stay, for they must make 100 %" if "shares" in rest else ""
        raise NoSuchPathError(
            f"`{path}`: this is a {law.kind} law; its numbers are {', '.join(usable) or 'fixed'}{fixed}"
        )
    assert dimension is not None
    below = ".".join(rest)
    kind = parameter_dimension(name, dimension)
    return Place(value, kind, part, name, tuple(f"{owner}.{below}" for owner in owners))


def _step(value: Any, step: str, path: str) -> tuple[Any, FieldInfo | None, list[str]]:
    """One step down: the value, the field that holds it, and absolute paths of what it inherits."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        if step not in fields:
            raise _no_step(step, fields, path)
        inherited = [] if step in value.model_fields_set else _inherited(value, step, path)
        return getattr(value, step), fields[step], inherited
    if isinstance(value, Mapping):
        if step not in value:
            raise _no_step(step, value, path)
        return value[step], None, []
    if isinstance(value, tuple):
        named = {item.id: item for item in value if isinstance(item, Event)}
        if step in named:
            return named[step], None, []
        if step.isdigit() and 1 <= int(step) <= len(value):
            return value[int(step) - 1], None, []
        raise _no_step(step, named or [str(i + 1) for i in range(len(value))], path)
    if path.endswith(".candidates") and isinstance(value, int) and step.isdigit():
        return Candidate.model_construct(set()), None, []
    raise _no_step(step, (), path)


def _inherited(value: BaseModel, step: str, path: str) -> list[str]:
    if isinstance(value, Segment) and step not in {"share", "join_share", "label"}:
        return [f"users.{step}"]
    if isinstance(value, Candidate) and step in INHERITED:
        return [f"{path.rsplit('.', 2)[0]}.{step}"]
    return []


def _no_step(step: str, known: Any, path: str) -> NoSuchPathError:
    place = f"`{path}` has no `{step}`" if path else f"there is no `{step}`"
    names = list(known)
    near = get_close_matches(step, names, n=1)
    fix = (
        f"did you mean `{near[0]}`?" if near else (f"it has {', '.join(names)}" if names else "it ends there")
    )
    return NoSuchPathError(f"{place}; {fix}")


def search_of(scenario: Scenario, path: str) -> Search | None:
    """The search that ``response.replace.<role>.search...`` belongs to."""
    steps = path.split(".")
    if steps[:2] != ["response", "replace"] or len(steps) < 4 or steps[3] != "search":
        return None
    replacement = scenario.response.replace.get(steps[2])
    return replacement.search if replacement else None
