"""Where every number comes from: the file, a default or the command line; a source or an assumption.

In: a validated scenario and the tree it was read from. Out: one row an input. A value in a file without a
mark counts as an assumption; a default carries the mark that stands with its field.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.annotations import extra_of, is_moment, quantity_of
from sim.scenario.gates import Shares
from sim.scenario.happenings import Event
from sim.scenario.law_text import each_parameter
from sim.scenario.laws import Law
from sim.scenario.model import Scenario
from sim.scenario.nodes import Mark, Node, Origin, Step
from sim.scenario.paths import find
from sim.scenario.people import Segment
from sim.scenario.platform import Clock
from sim.scenario.units import COUNT, SHARE, Dimension, write_quantity
from sim.scenario.written import left_out, write_moment

CHOICES = frozenset(
    {"seed", "clock", "targets", "expect", "observed", "recovered_at", "stable_for", "in_share_of_runs"}
)
"""Fields (and what is below them) that the author decides: no evidence can be right or wrong about them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numeric input: ``unit`` is the inside unit, ``text`` the value as written with its own unit.

    ``choice`` is true for what the author decides (the horizon, a target), which no evidence is about.
    """

    path: str
    text: str
    unit: str
    origin: Origin
    line: int | None
    mark: Literal["source", "assumption"]
    note: str
    choice: bool = False


def evidence_of(scenario: Scenario, tree: Node) -> tuple[Evidence, ...]:
    """Every numeric input of the scenario, in the order of the language."""
    return tuple(_Walk(scenario).record(scenario, (), tree, None))


class _Walk:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.clock: Clock = scenario.clock

    def record(
        self, record: BaseModel, path: tuple[Step, ...], node: Node | None, default: Mark | None
    ) -> Iterator[Evidence]:
        """Rows of a record; ``default`` is the mark of the default it is part of, if it is part of one."""
        skipped = left_out(record) - {"verb", "of"}
        for name, info in type(record).model_fields.items():
            if name in skipped or (isinstance(record, Segment) and name not in record.model_fields_set):
                continue
            if path == () and name in {"expect", "observed"}:
                continue
            if name not in record.model_fields_set and extra_of(info).get("off"):
                continue
            below = node.child(name) if node is not None and name in record.model_fields_set else None
            mark = None if below is not None else _default_mark(info) or default or Mark("assumption", "")
            here = (*path, name)
            if path == () and name == "unknowns":
                yield from self.unknowns(below)
            else:
                yield from self.value(getattr(record, name), info, here, below, mark)

    def value(
        self,
        value: Any,
        info: FieldInfo | None,
        path: tuple[Step, ...],
        node: Node | None,
        default: Mark | None,
    ) -> Iterator[Evidence]:
        quantity = quantity_of(info) if info is not None else None
        if value is None or isinstance(value, bool):
            return
        if isinstance(value, BaseModel):
            yield from self.record(value, path, node, default)
        elif isinstance(value, Law) and quantity is not None:
            yield from self.law(value, quantity.dimension, path, node, default)
        elif isinstance(value, Shares):
            for share, leaf in value.of:
                name = getattr(leaf, "name", "")
                yield self.row((*path, name), share, SHARE, node.child(name) if node else None, default)
        elif isinstance(value, dict):
            for name, item in value.items():
                yield from self.value(item, None, (*path, name), node.child(name) if node else None, default)
        elif isinstance(value, tuple):
            for position, item in enumerate(value):
                step = item.id if isinstance(item, Event) else str(position + 1)
                yield from self.value(
                    item, None, (*path, step), node.child(position) if node else None, default
                )
        elif info is not None and is_moment(info):
            yield self.row(path, value, None, node, default)
        elif isinstance(value, float | int):
            yield self.row(path, float(value), quantity.dimension if quantity else COUNT, node, default)

    def law(
        self, law: Law, dimension: Dimension, path: tuple[Step, ...], node: Node | None, default: Mark | None
    ) -> Iterator[Evidence]:
        rows: list[Evidence] = []

        def visit(name: str, amount: float, kind: Dimension) -> None:
            if law.kind == "constant" and not (node is not None and node.mapping):
                rows.append(self.row(path, amount, kind, node, default))
                return
            below = node
            for step in name.split("."):
                below = below.child(int(step) - 1 if step.isdigit() else step) if below is not None else None
            rows.append(self.row((*path, name), amount, kind, below, default))

        each_parameter(law, dimension, visit)
        yield from rows

    def unknowns(self, node: Node | None) -> Iterator[Evidence]:
        for path, law in self.scenario.unknowns.items():
            dimension = find(self.scenario, path).dimension
            if dimension is not None:
                yield from self.law(
                    law, dimension, ("unknowns", path), node.child(path) if node else None, None
                )

    def row(
        self,
        path: tuple[Step, ...],
        amount: float,
        dimension: Dimension | None,
        node: Node | None,
        default: Mark | None,
    ) -> Evidence:
        mark = (node.mark if node is not None else default) or Mark("assumption", "")
        if node is not None and isinstance(node.value, str | int | float):
            text = str(node.value)
        elif dimension is None:
            text = str(write_moment(amount, self.clock))
        else:
            text = str(write_quantity(amount, dimension))
        return Evidence(
            path=".".join(map(str, path)),
            text=text,
            unit="h" if dimension is None else dimension.inside,
            origin="default" if node is None else node.origin,
            line=None if node is None else node.line,
            mark=mark.kind,
            note="; ".join(part for part in (mark.text, mark.note) if part),
            choice=path[0] in CHOICES or path[-1] in CHOICES,
        )


def _default_mark(info: FieldInfo) -> Mark | None:
    extra = extra_of(info)
    if extra.get("source"):
        return Mark("source", str(extra["source"]))
    return Mark("assumption", str(extra["assumption"])) if extra.get("assumption") else None
