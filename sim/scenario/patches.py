"""Strategies and settings: changes to a tree before it means anything.

In: a tree and a patch. Out: the merged tree, every value with the line it came from. Mappings are merged
key by key, a list replaces, a mapping over a list changes its items (events by id, others by place), `null`
removes. A law whose parameters the patch does not share is replaced
whole: `{mean: 2 d}` over `{low: .., high: ..}` is an exponential law, not a mixture of the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from sim.errors import Problem, ScenarioError
from sim.scenario.happenings import VERBS
from sim.scenario.law_text import PARAMETERS, UNNAMED
from sim.scenario.marks import strip_marks
from sim.scenario.nodes import Node, Step, dotted, nowhere
from sim.scenario.reader import read_text
from sim.scenario.units import Wrong


def merge(base: Node, patch: Node, source: str, problems: list[Problem], path: tuple[Step, ...] = ()) -> Node:
    """``base`` changed by ``patch``; a `null` that removes nothing is a problem."""
    if isinstance(base.value, list) and isinstance(patch.value, dict):
        return _items(base, patch, source, problems, path)
    if not isinstance(base.value, dict) or not isinstance(patch.value, dict) or _replaces(base, patch):
        return patch
    entries = dict(base.value)
    for key, change in patch.value.items():
        here = (*path, key)
        if change.value is None:
            if key not in entries:
                near = get_close_matches(key, entries, n=1)
                fix = f"; did you mean `{near[0]}`?" if near else ""
                problems.append(
                    Problem(dotted(here), f"`null` removes nothing here{fix}", change.key_line, source)
                )
            entries.pop(key, None)
        elif key in entries:
            entries[key] = merge(entries[key], change, source, problems, here)
        else:
            entries[key] = change
    return replace(base, value=entries)


def _items(base: Node, patch: Node, source: str, problems: list[Problem], path: tuple[Step, ...]) -> Node:
    """Items of a list changed one by one: events by their id, others by their place from 1."""
    changed: list[Node | None] = list(base.items)
    for key, change in patch.mapping.items():
        position = item_position(base, key)
        if position is None:
            known = [name for name in event_names(base) if name] or [str(i + 1) for i in range(len(changed))]
            near = get_close_matches(key, known, n=1)
            fix = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known) or 'none'}"
            message = f"there is no such item to change; {fix}"
            problems.append(Problem(dotted((*path, key)), message, change.key_line, source))
        elif change.value is None:
            changed[position] = None
        else:
            changed[position] = merge(base.items[position], change, source, problems, (*path, key))
    return replace(base, value=[item for item in changed if item is not None])


def _law_like(node: Node) -> bool:
    names = set(node.mapping)
    return (
        bool(names)
        and names <= PARAMETERS | {"law"}
        and not any(child.mapping for name, child in node.mapping.items() if name != "of")
    )


def _replaces(base: Node, patch: Node) -> bool:
    """Whether both are laws and the patch is one of its own."""
    if not (_law_like(base) and _law_like(patch)):
        return False
    return "law" in patch.mapping or (
        frozenset(patch.mapping) in UNNAMED and not set(patch.mapping) <= set(base.mapping)
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """One ``path=value`` of the command line."""

    text: str
    steps: tuple[str, ...]
    node: Node


def parse_setting(text: str) -> Setting:
    """Read ``path=value``; the value is YAML.

    Raises
    ------
    ScenarioError
        If it has no ``=``, no path, or its value is not YAML.
    """
    path, equals, value = text.partition("=")
    source = f"--set {text}"
    steps = tuple(path.strip().split("."))
    if not equals or not all(steps):
        raise ScenarioError(
            [Problem("", "write --set path=value, for example --set users.start=2000000", None, source)]
        )
    if steps[0] in {"strategies", "baseline", "name", "label"}:
        raise ScenarioError(
            [Problem("", f"`{steps[0]}` cannot be set; name a field of the scenario", None, source)]
        )
    if value.strip() in {"", "null", "~"}:
        return Setting(text, steps, Node(None, None, None, "set"))
    try:
        node = nowhere(read_text(value, source=source, origin="set"), "set")
    except ScenarioError as error:
        raise ScenarioError([replace(problem, line=None) for problem in error.problems]) from None
    stripped = strip_marks(node, source)
    if stripped.problems:
        raise ScenarioError(stripped.problems)
    return Setting(text, steps, stripped.node)


def apply_setting(node: Node, steps: Sequence[str], new: Node) -> Node:
    """The tree with ``new`` at the path; a mapping that is missing on the way is made.

    List items go by position from 1, events by their id.

    Raises
    ------
    Wrong
        If there is no such item.
    """
    if not steps:
        return new
    step, rest = steps[0], steps[1:]
    if isinstance(node.value, list):
        position = item_position(node, step)
        if position is None:
            names = [name for name in event_names(node) if name] or [
                str(i + 1) for i in range(len(node.items))
            ]
            raise Wrong.here(f"there is no item `{step}`; known: {', '.join(names) or 'none'}")
        items = list(node.value)
        items[position] = apply_setting(items[position], rest, new)
        return replace(node, value=items)
    entries = dict(node.mapping)
    if not rest and new.value is None:
        entries.pop(step, None)
    else:
        entries[step] = apply_setting(entries.get(step, Node({}, origin="set")), rest, new)
    return Node(entries, node.line, node.key_line, node.origin, node.mark)


def item_position(node: Node, step: str) -> int | None:
    """Where in a list the item called ``step`` stands: a position from 1, or an event's id."""
    if step.isdigit():
        return int(step) - 1 if 1 <= int(step) <= len(node.items) else None
    return next((i for i, name in enumerate(event_names(node)) if name == step), None)


def event_names(node: Node) -> list[str]:
    """The ids of events as a file lists them, given or by default."""
    given = [str(item.mapping["id"].value) if "id" in item.mapping else "" for item in node.items]
    taken = set(given)
    names = []
    for item, name in zip(node.items, given, strict=True):
        verb = next((verb for verb in VERBS if verb in item.mapping), None)
        if not name and verb is not None:
            stem = name = f"{verb}_{item.mapping[verb].value}"
            count = 1
            while name in taken:
                count += 1
                name = f"{stem}_{count}"
            taken.add(name)
        names.append(name)
    return names
