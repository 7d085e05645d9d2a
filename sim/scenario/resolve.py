"""One strategy's tree becomes one checked scenario.

In: a merged tree and the settings of the command line. Out: the scenario and its evidence, or every
problem: wrong values by validation, and across records for all sections that are sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from sim.errors import Problem
from sim.scenario.checks import run_checks
from sim.scenario.evidence import Evidence, evidence_of
from sim.scenario.fields import read_instant
from sim.scenario.messages import known_keys, problem_at, problems_of, unknown_key
from sim.scenario.model import Scenario
from sim.scenario.nodes import Node
from sim.scenario.patches import Setting, apply_setting
from sim.scenario.settings import with_setting
from sim.scenario.units import Wrong
from sim.scenario.unknowns import medians, read_unknowns


@dataclass(frozen=True, slots=True)
class Resolved:
    """A strategy's scenario (None if there are problems), its sound sections, its tree and evidence."""

    scenario: Scenario | None
    sections: dict[str, Any]
    tree: Node
    evidence: tuple[Evidence, ...]
    problems: tuple[Problem, ...]


def resolve(tree: Node, settings: Sequence[Setting], source: str, *, fixed: bool = False) -> Resolved:
    """Validate and check one strategy, with settings, and with unknowns at their medians if ``fixed``."""
    problems: list[Problem] = []
    for setting in settings:
        try:
            tree = with_setting(tree, setting)
        except Wrong as wrong:
            problems.append(Problem(".".join(setting.steps), str(wrong), None, "--set"))
    resolved = _check(tree, source, len(settings))
    if problems:
        return replace(resolved, scenario=None, problems=(*problems, *resolved.problems))
    if fixed and resolved.scenario is not None and resolved.scenario.unknowns:
        for path, value in medians(resolved.scenario).items():
            known = Setting(f"{path}=", tuple(path.split(".")), Node(value, origin="file"))  # type: ignore[arg-type]
            tree = with_setting(tree, known)
        resolved = _check(apply_setting(tree, ("unknowns",), Node(None)), source, 1)
    return resolved


def start_of(tree: Node) -> datetime | None:
    """The start, if it can be read; instants elsewhere are counted from it."""
    start = tree.nearest(("clock", "start"))
    try:
        return read_instant(start.value)
    except Wrong:
        return None


def _check(tree: Node, source: str, settings: int) -> Resolved:
    plain = tree.plain()
    assert isinstance(plain, dict)
    raw_unknowns = plain.pop("unknowns", None) or {}
    context = {"start": start_of(tree), "source": source}
    problems = [
        problem_at((key,), unknown_key(key, known_keys(())), tree, source)
        for key in ("label",)
        if key in plain
    ]
    scenario: Scenario | None = None
    try:
        scenario = Scenario.model_validate(plain, context=context)
        sections = {name: getattr(scenario, name) for name in Scenario.model_fields}
    except ValidationError as error:
        problems += problems_of(error, tree, source)
        sections = _sound(plain, {str(found["loc"][0]) for found in error.errors() if found["loc"]}, context)
    problems += [
        problem_at(path, message, tree, source)
        for path, message in run_checks({**sections, "settings": settings})
    ]
    if scenario is None or problems:
        return Resolved(None, sections, tree, (), tuple(problems))
    laws, findings = read_unknowns(raw_unknowns, scenario)
    if findings:
        problems = [problem_at(("unknowns", *path), message, tree, source) for path, message in findings]
        return Resolved(None, sections, tree, (), tuple(problems))
    scenario = scenario.model_copy(update={"unknowns": laws})
    return Resolved(scenario, sections, tree, evidence_of(scenario, tree), ())


def _sound(plain: dict[str, Any], broken: set[str], context: dict[str, Any]) -> dict[str, Any]:
    """The sections without an error of their own, each validated alone."""
    sections: dict[str, Any] = {}
    for name, info in Scenario.model_fields.items():
        if name in broken or name == "unknowns" or (plain.get(name) is None and info.is_required()):
            continue
        if context["start"] is None and name in {"events", "observed"}:
            continue
        if plain.get(name) is None:
            sections[name] = info.get_default(call_default_factory=False)
            continue
        try:
            sections[name] = _adapter(name).validate_python(plain[name], context=context)
        except ValidationError:
            continue
    return sections


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    info = Scenario.model_fields[name]
    annotation: Any = info.annotation
    for note in info.metadata:
        annotation = Annotated[annotation, note]
    return TypeAdapter(annotation)
