"""The tree a file becomes before it means anything: plain values that remember where they stand.

In: what the reader found. Out: lookups by path, plain values for validation. A node is never changed;
merging and stripping make new trees that share the untouched parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

type_names = {
    dict: "a mapping",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
}

Scalar = str | int | float | bool | None
Step = str | int
Origin = Literal["file", "set", "default"]


@dataclass(frozen=True, slots=True)
class Mark:
    """The evidence written beside a value: its source, or that it is assumed and why."""

    kind: Literal["source", "assumption"]
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A value, the line it stands on, the line of its key, and who said so."""

    value: dict[str, Node] | list[Node] | Scalar
    line: int | None = None
    key_line: int | None = None
    origin: Origin = "file"
    mark: Mark | None = None

    @property
    def mapping(self) -> dict[str, Node]:
        """Its entries, empty if it is no mapping."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """Its items, empty if it is no list."""
        return self.value if isinstance(self.value, list) else []

    def child(self, step: Step) -> Node | None:
        """The entry under a key, or the item at a position from 0."""
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if isinstance(self.value, list) and isinstance(step, int) and 0 <= step < len(self.value):
            return self.value[step]
        return None

    def nearest(self, path: Sequence[Step]) -> Node:
        """The deepest node on the way along ``path``."""
        node = self
        for step in path:
            below = node.child(step)
            if below is None:
                break
            node = below
        return node

    def plain(self) -> object:
        """The value without positions; lists become tuples."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return tuple(node.plain() for node in self.value)
        return self.value

    def walk(self, path: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], Node]]:
        """Every node below and itself, with its path, in file order."""
        yield path, self
        if isinstance(self.value, dict):
            for key, node in self.value.items():
                yield from node.walk((*path, key))
        elif isinstance(self.value, list):
            for position, node in enumerate(self.value):
                yield from node.walk((*path, position))


def dotted(path: Sequence[Step]) -> str:
    """A path as people write it: list items count from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)


def describe(value: object) -> str:
    """What kind of thing a found value is, for messages."""
    if value is None:
        return "nothing"
    if isinstance(value, tuple):
        return "a list"
    return type_names.get(type(value), type(value).__name__)


def nowhere(node: Node, origin: Origin | None = None) -> Node:
    """The same without lines, for what stands on no line of the file; said by `origin`, if that is given."""
    value = node.value
    if isinstance(value, dict):
        value = {key: nowhere(child, origin) for key, child in value.items()}
    elif isinstance(value, list):
        value = [nowhere(child, origin) for child in value]
    return replace(node, value=value, line=None, key_line=None, origin=origin or node.origin)
