"""The strategies of a file: each a named patch of the rest of it.

In: the whole tree. Out: one merged tree a strategy, with labels and the baseline. A file without strategies
has one, `as_is`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from sim.errors import Problem
from sim.scenario.fields import read_identifier
from sim.scenario.library import used
from sim.scenario.nodes import Node, describe
from sim.scenario.patches import merge
from sim.scenario.units import Wrong

ALONE = "as_is"

SHARED = frozenset(
    {"name", "title", "about", "seed", "currency", "clock", "expect", "observed", "strategies", "baseline"}
)
"""What strategies have in common, so that they can be compared pair by pair."""

OWN = frozenset({"label", "use", "role"})
"""What a strategy says of itself: its name for people, and entries of the library that it starts from."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The strategies' trees in file order, labels, what they leave open, the baseline, what was wrong."""

    strategies: Mapping[str, Node]
    labels: Mapping[str, str]
    leaves_open: Mapping[str, str]
    baseline: str
    problems: tuple[Problem, ...]


def plan_of(root: Node, source: str) -> Plan:
    """Merge every strategy's patch into the rest of the file."""
    rest = dict(root.mapping)
    patches, chosen = rest.pop("strategies", None), rest.pop("baseline", None)
    base = replace(root, value=rest)
    problems: list[Problem] = []
    merged: dict[str, Node] = {}
    labels: dict[str, str] = {}
    leaves_open: dict[str, str] = {}
    for name, patch in _patches(patches, source, problems).items():
        start, ready = used(patch, base, f"strategies.{name}", source, problems)
        leaves_open[name] = ready[-1].leaves_open if ready else ""
        label = patch.mapping.get("label")
        labels[name] = " and ".join(each.label for each in ready) or name.replace("_", " ")
        if label is not None and isinstance(label.value, str):
            labels[name] = label.value
        elif label is not None:
            problems.append(Problem(f"strategies.{name}.label", "must be text", label.key_line, source))
        change = replace(patch, value={k: v for k, v in patch.mapping.items() if k not in OWN})
        merged[name] = _merge(start, name, change, source, problems)
    if not merged:
        merged, labels = {ALONE: base}, {ALONE: "as is"}
    baseline = _baseline(chosen, merged, source, problems)
    return Plan(merged, labels, leaves_open, baseline, tuple(problems))


def _patches(node: Node | None, source: str, problems: list[Problem]) -> dict[str, Node]:
    """The patches by name; a patch that is empty (nothing written) changes nothing."""
    if node is None or node.value is None:
        return {}
    if not isinstance(node.value, dict) or not node.value:
        message = f"must be a mapping of names to patches, found {describe(node.value)}"
        problems.append(
            Problem("strategies", message if not node.mapping else "is empty", node.key_line, source)
        )
        return {}
    patches = {}
    for name, patch in node.value.items():
        where = f"strategies.{name}"
        try:
            read_identifier(name)
        except Wrong as wrong:
            problems.append(Problem(where, str(wrong), patch.key_line, source))
            continue
        if patch.value is None:
            patch = replace(patch, value={})
        if not isinstance(patch.value, dict):
            message = f"must be a mapping of what it changes, found {describe(patch.value)}"
            problems.append(Problem(where, message, patch.key_line, source))
            continue
        patches[name] = patch
    return patches


def _merge(base: Node, name: str, patch: Node, source: str, problems: list[Problem]) -> Node:
    allowed = {}
    for key, value in patch.mapping.items():
        if key in SHARED:
            message = (
                "cannot differ between strategies, which are compared run by run; say it once for the file"
            )
            problems.append(Problem(f"strategies.{name}.{key}", message, value.key_line, source))
        else:
            allowed[key] = value
    found: list[Problem] = []
    merged = merge(base, replace(patch, value=allowed), source, found)
    problems += [replace(problem, where=f"strategies.{name}.{problem.where}") for problem in found]
    return merged


def _baseline(chosen: Node | None, merged: Mapping[str, Node], source: str, problems: list[Problem]) -> str:
    first = next(iter(merged))
    if chosen is None or chosen.value is None:
        return first
    if chosen.value not in merged:
        near = get_close_matches(str(chosen.value), merged, n=1)
        fix = f"did you mean `{near[0]}`?" if near else "known: " + ", ".join(merged)
        problems.append(
            Problem("baseline", f"there is no strategy `{chosen.value}`; {fix}", chosen.key_line, source)
        )
        return first
    return str(chosen.value)
