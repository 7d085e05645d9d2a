"""A file that starts from another: `extends: parler_2021.yaml`.

In: the tree of a file, and where the file lies. Out: the tree of the other file changed by this one, key by
key, as a strategy changes a scenario. So a study of the same case with other strategies is a short file, and
a correction of the case reaches it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.errors import Problem, ScenarioError
from sim.scenario.marks import strip_marks
from sim.scenario.nodes import Node, describe, nowhere
from sim.scenario.patches import merge
from sim.scenario.reader import read_file

MOST = 5
"""Files in a row that may extend one another."""


def extended(root: Node, path: Path | None, source: str) -> tuple[Node, tuple[Problem, ...]]:
    """The tree with evidence taken off and, where it says `extends`, the other file's tree below it.

    Raises
    ------
    ScenarioError
        If the other file cannot be read; it names both.
    """
    return _extended(root, path, source, [path.resolve()] if path is not None else [])


def _extended(
    root: Node, path: Path | None, source: str, trail: list[Path]
) -> tuple[Node, tuple[Problem, ...]]:
    entries = dict(root.mapping)
    said = entries.pop("extends", None)
    stripped = strip_marks(replace(root, value=entries), source)
    if said is None:
        return stripped.node, stripped.problems
    other = _other(said, path, source, trail)
    try:
        tree = read_file(other)
    except ScenarioError as error:
        raise ScenarioError(
            [
                replace(problem, message=f"(extended by {source}) {problem.message}")
                for problem in error.problems
            ]
        ) from None
    below, problems = _extended(tree, other, str(other), [*trail, other.resolve()])
    found: list[Problem] = []
    merged = merge(nowhere(below), stripped.node, source, found)
    return merged, (*problems, *stripped.problems, *found)


def _other(said: Node, path: Path | None, source: str, trail: list[Path]) -> Path:
    """The file that is meant, beside the one that says so."""

    def refuse(message: str) -> ScenarioError:
        return ScenarioError([Problem("extends", message, said.key_line, source)])

    if not isinstance(said.value, str) or not said.value.strip():
        raise refuse(f"must be the name of a scenario file, found {describe(said.value)}")
    if path is None:
        raise refuse("means a file beside this one, but this text is not in a file")
    other = path.parent / said.value
    if other.resolve() in trail:
        raise refuse(f"is circular: `{said.value}` leads back to this file")
    if len(trail) >= MOST:
        raise refuse(f"is more than {MOST} files deep")
    return other
