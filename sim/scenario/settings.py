"""Settings that reach into defaults: what the file leaves out is written in first, then changed.

In: a tree and one setting. Out: the tree with the setting. `users.segments.casual.patience.scale=30 d`
works although the file says nothing of segments, because the default is made visible on the way.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from sim.scenario.fields import read_instant
from sim.scenario.law_text import write_law
from sim.scenario.laws import Law
from sim.scenario.model import Scenario
from sim.scenario.nodes import Mark, Node
from sim.scenario.patches import Setting, apply_setting, item_position
from sim.scenario.paths import NoSuchPathError, find
from sim.scenario.units import Wrong
from sim.scenario.written import Writer


def with_setting(tree: Node, setting: Setting) -> Node:
    """The tree with one setting applied.

    Raises
    ------
    Wrong
        If the path names an item that a list does not have.
    """
    if setting.steps[0] == "unknowns":
        return _with_unknown(tree, setting)
    users = tree.child("users")
    alone = users is not None and not {"segments", "patience", "returns"} & set(users.mapping)
    if alone and setting.steps[:1] == ("users",) and setting.steps[1:2] in {("patience",), ("returns",)}:
        rest = ".".join(setting.steps[1:])
        message = "would change nobody: by default the segments core and casual say their own"
        raise Wrong.here(f"{message}; set users.segments.core.{rest} or users.segments.casual.{rest}")
    missing = _first_missing(tree, setting.steps)
    if missing is not None and missing < len(setting.steps):
        default = _default_at(tree, setting.steps[:missing])
        if default is not None:
            tree = apply_setting(tree, setting.steps[:missing], default)
    return apply_setting(tree, setting.steps, setting.node)


def _with_unknown(tree: Node, setting: Setting) -> Node:
    """`unknowns` has dotted keys: the rest of the path is one of them, perhaps with a parameter behind."""
    section = tree.child("unknowns")
    known = section.mapping if section is not None else {}
    path = list(setting.steps[1:])
    for cut in range(len(path), 0, -1):
        if ".".join(path[:cut]) in known:
            return apply_setting(tree, ("unknowns", ".".join(path[:cut]), *path[cut:]), setting.node)
    steps = ("unknowns", ".".join(path)) if path else ("unknowns",)
    return apply_setting(tree, steps, setting.node)


def _first_missing(tree: Node, steps: tuple[str, ...]) -> int | None:
    """How many steps lead to the first thing that the tree does not say; None if it says everything."""
    node: Node | None = tree
    for count, step in enumerate(steps, start=1):
        assert node is not None
        position = item_position(node, step) if isinstance(node.value, list) else step
        node = None if position is None else node.child(position)
        if node is None or node.value is None:
            return count
    return None


def _default_at(tree: Node, steps: tuple[str, ...]) -> Node | None:
    """What stands there by default or inheritance, as a tree; None if there is nothing."""
    plain = tree.plain()
    assert isinstance(plain, dict)
    plain.pop("unknowns", None)
    try:
        start = read_instant(tree.nearest(("clock", "start")).value)
        scenario = Scenario.model_validate(plain, context={"start": start})
        place = find(scenario, ".".join(steps))
    except (ValidationError, Wrong, NoSuchPathError):
        return None
    if isinstance(place.value, Law) and place.dimension is not None:
        return _node(write_law(place.value, place.dimension))
    written = Writer(scenario.clock, words=True).value(place.value)
    return _node(written) if isinstance(written, dict) else None


def _node(value: Any) -> Node:
    mark = Mark("assumption", "the default")
    if isinstance(value, dict):
        return Node({key: _node(item) for key, item in value.items()}, origin="default", mark=mark)
    if isinstance(value, list):
        return Node([_node(item) for item in value], origin="default", mark=mark)
    return Node(value, origin="default", mark=mark)
