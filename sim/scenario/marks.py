"""Evidence beside values: `{value: 70 TB, source: ...}` becomes the value with a mark.

In: a tree as read. Out: the tree without the words about evidence; every value below carries the mark that
stands nearest above it. Done before strategies are merged, so a patched value never keeps the source of
the value it replaces.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sim.errors import Problem
from sim.scenario.nodes import Mark, Node, Step, describe, dotted

_WORDS = ("source", "assumption", "note")
_OWN = frozenset({"observed"})
"""Sections in which `source` and `note` are fields of their own."""


@dataclass(frozen=True, slots=True)
class Stripped:
    """A tree without evidence words, and what was wrong with them."""

    node: Node
    problems: tuple[Problem, ...]


def strip_marks(node: Node, source: str) -> Stripped:
    """Take the evidence out of a whole scenario (or patch), marking the values it is about."""
    problems: list[Problem] = []
    return Stripped(_strip(node, (), None, source, problems), tuple(problems))


def is_wrapper(node: Node) -> bool:
    """Whether it is ``{value: .., source|assumption|note: ..}``."""
    return "value" in node.mapping and set(node.mapping) <= {"value", *_WORDS}


def _strip(
    node: Node, path: tuple[Step, ...], mark: Mark | None, source: str, problems: list[Problem]
) -> Node:
    if isinstance(node.value, list):
        items = [_strip(item, (*path, i), mark, source, problems) for i, item in enumerate(node.value)]
        return replace(node, value=items, mark=mark)
    if not isinstance(node.value, dict) or (path and path[0] in _OWN):
        return replace(node, mark=mark)
    node = _mended(node, path, source, problems)
    if any(word in node.mapping for word in _WORDS):
        mark = _mark(node, path, source, problems) or mark
    if is_wrapper(node):
        inner = _strip(node.mapping["value"], path, mark, source, problems)
        return replace(inner, key_line=node.key_line)
    entries = {
        key: _strip(child, (*path, key), mark, source, problems)
        for key, child in node.mapping.items()
        if key not in _WORDS
    }
    return replace(node, value=entries, mark=mark)


def _mended(node: Node, path: tuple[Step, ...], source: str, problems: list[Problem]) -> Node:
    """``{horizon: 1,5 d}`` is two entries to YAML; say what was meant, and read on as if it had been said."""
    entries: dict[str, Node] = {}
    before = ""
    for key, child in node.mapping.items():
        number = entries[before].value if before else None
        if (
            child.value is None
            and key[:1].isdigit()
            and isinstance(number, int)
            and child.line == entries[before].line
        ):
            meant = f"{number}.{key}"
            message = f"`{number},{key}`: write `{meant}` (a decimal point)"
            problems.append(Problem(dotted((*path, before)), message, child.key_line, source))
            entries[before] = replace(entries[before], value=meant)
        else:
            entries[key] = child
            before = key
    return replace(node, value=entries)


def _mark(node: Node, path: tuple[Step, ...], source: str, problems: list[Problem]) -> Mark | None:
    said: dict[str, str] = {}
    for word in _WORDS:
        entry = node.mapping.get(word)
        if entry is None or entry.value is None:
            continue
        if isinstance(entry.value, str):
            said[word] = entry.value
            continue
        found = describe(entry.value)
        message = (
            f"says where a number comes from and must be text, found {found}; nothing may be called `{word}`"
        )
        problems.append(Problem(dotted((*path, word)), message, entry.key_line, source))
    if "source" in said and "assumption" in said:
        message = "has both `source` and `assumption`; keep the one that holds"
        problems.append(Problem(dotted(path), message, node.mapping["assumption"].key_line, source))
    if "source" in said:
        return Mark("source", said["source"], said.get("note", ""))
    return Mark("assumption", said.get("assumption", ""), said.get("note", "")) if said else None
