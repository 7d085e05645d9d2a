"""YAML text to a tree with positions. The only module that knows the YAML library.

In: a path or a text. Out: a `Node` tree, or every problem found. Read from the library's *events*, with
our own reading of scalars (the core schema of YAML 1.2: `off`, `no` and `1:30` are text, `010` is ten), so
no tag is ever acted on and reading a file never runs code. Duplicate keys are problems with both lines.
Rejected: the library's constructors, which stop at the first problem and lose positions of scalars.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError
from sim.scenario.nodes import Node, Origin, Scalar

LARGEST_FILE = 1_000_000
"""Bytes: the longest hand-written scenario is under 50 kB; tables of data do not belong in one."""
MOST_VALUES = 50_000
DEEPEST = 40

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def read_file(path: Path) -> Node:
    """Read one scenario file.

    Raises
    ------
    ScenarioError
        If there is no such file, or it is too large, not UTF-8, empty or not YAML.
    """
    return read_text(_bytes_of(path), source=str(path))


def _bytes_of(path: Path) -> str:
    """The text of the file; its size is looked at before anything is read."""

    def refuse(message: str) -> ScenarioError:
        return ScenarioError([Problem("", message, source=str(path))])

    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise refuse("is a directory; give the path of one scenario file (.yaml)")
        if not stat.S_ISREG(status.st_mode):
            raise refuse("is not a regular file")
        if status.st_size > LARGEST_FILE:
            raise refuse(
                f"is {status.st_size / 1e6:.1f} MB; a scenario has at most {LARGEST_FILE / 1e6:.0f} MB"
            )
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise refuse("no such file" + _near_file(path)) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        message = "is not UTF-8 text; save it with the encoding UTF-8"
        raise ScenarioError([Problem("", message, line, str(path))]) from None
    except (OSError, ValueError) as error:
        raise refuse(f"cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _near_file(path: Path) -> str:
    try:
        names = [other.name for other in path.parent.iterdir() if other.suffix in {".yaml", ".yml"}]
    except OSError:
        return ""
    near = get_close_matches(path.name, names, n=1, cutoff=0.5)
    return f"; did you mean {path.parent / near[0]}?" if near else ""


def read_text(text: str, *, source: str = "", origin: Origin = "file") -> Node:
    """Read YAML text: one document, whatever it holds.

    Raises
    ------
    ScenarioError
        If it is empty or not YAML, or has duplicate keys, tags, or aliases without end.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    builder = _Builder(source, origin)
    try:
        node = builder.document(iter(YAML(typ="safe", pure=True).parse(text)))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else None
        builder.problems.append(Problem("", _yaml_message(error.problem, error.context), line, source))
    except (YAMLError, ValueError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        builder.problems.append(Problem("", f"is not YAML: {first}", None, source))
    if builder.problems:
        raise ScenarioError(builder.problems)
    if node is None:
        raise ScenarioError(
            [Problem("", "is empty; `new NAME` writes a scenario to start from", None, source)]
        )
    return node


def _yaml_message(problem: str | None, context: str | None) -> str:
    said = ", ".join(part for part in (context, problem) if part) or "it cannot be read"
    fix = ""
    if "\\t" in said:
        fix = "; indent with spaces, not tabs"
    elif "mapping values are not allowed" in said:
        fix = '; put a text that contains ": " in quotes, or look for a wrong indent'
    elif "expected ',' or" in said:
        fix = "; a bracket or brace is not closed, or a comma is missing"
    return f"is not YAML: {said}{fix}"


@dataclass
class _Builder:
    """Builds the tree from parsing events, collecting problems as it goes."""

    source: str
    origin: Origin
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int] | None] = field(default_factory=dict)
    count: int = 0

    def document(self, events: Iterator[Any]) -> Node | None:
        """The first document; a second one is a problem. ``None`` if there is nothing in it."""
        node: Node | None = None
        documents = 0
        for event in events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    self.problem(event, "a second document begins here (`---`); one file is one scenario")
                    break
            elif kind not in {"StreamStartEvent", "StreamEndEvent", "DocumentEndEvent", "CommentEvent"}:
                node = self.node(event, events, 0)
        return None if node is None or node.value is None else node

    def problem(self, event: Any, message: str, where: str = "") -> None:
        self.problems.append(Problem(where, message, event.start_mark.line + 1, self.source))

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        kind = type(event).__name__
        line = event.start_mark.line + 1
        if kind == "AliasEvent":
            return self.alias(event)
        self.counted(1, line)
        if depth > DEEPEST:
            raise self.stop(line, f"nests more than {DEEPEST} levels deep")
        if event.tag is not None and event.tag != "!":
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.problem(event, f"the tag `{tag}` is not allowed: a scenario is data; leave the tag out")
        before = self.count
        if event.anchor:
            self.anchors[event.anchor] = None
        value: dict[str, Node] | list[Node] | Scalar
        if kind == "MappingStartEvent":
            value = self.mapping(events, depth)
        elif kind == "SequenceStartEvent":
            value = []
            for item in events:
                if type(item).__name__ == "SequenceEndEvent":
                    break
                value.append(self.node(item, events, depth + 1))
        else:
            value = read_scalar(event.value) if event.implicit[0] else event.value
        node = Node(value, line, line, self.origin)
        if event.anchor:
            self.anchors[event.anchor] = (node, self.count - before + 1)
        return node

    def mapping(self, events: Iterator[Any], depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        for event in events:
            if type(event).__name__ == "MappingEndEvent":
                break
            key = self.node(event, events, depth + 1)
            value = self.node(next(events), events, depth + 1)
            name = getattr(event, "value", None)
            if not isinstance(name, str) or isinstance(key.value, dict | list):
                self.problem(event, "a key must be a name")
            elif name in entries:
                self.problem(event, f"duplicate key, first on line {entries[name].key_line}; keep one", name)
            else:
                entries[name] = Node(value.value, value.line, key.line, self.origin)
        return entries

    def alias(self, event: Any) -> Node:
        line = event.start_mark.line + 1
        if event.anchor not in self.anchors:
            raise self.stop(
                line, f"`*{event.anchor}` points to nothing; put a text that begins with * in quotes"
            )
        known = self.anchors[event.anchor]
        if known is None:
            raise self.stop(line, f"`*{event.anchor}` contains itself")
        node, size = known
        self.counted(size, line)
        return node

    def counted(self, size: int, line: int) -> None:
        self.count += size
        if self.count > MOST_VALUES:
            raise self.stop(line, f"holds more than {MOST_VALUES:,} values (aliases counted each time)")

    def stop(self, line: int, message: str) -> ScenarioError:
        """The error for what cannot be read on, with everything found so far."""
        return ScenarioError([*self.problems, Problem("", message, line, self.source)])


def read_scalar(text: str) -> Scalar:
    """A plain (unquoted) scalar by the core schema of YAML 1.2, in decimal only.

    Numbers with more digits than a float holds keep them as text where it matters: quantities are
    converted from the shortest text of the float, which is the written one up to 15 digits.
    """
    if _NULL.fullmatch(text):
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) < 400 else float("inf")
    if _FLOAT.fullmatch(text) or _INFINITE.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text
