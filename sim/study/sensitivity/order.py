"""What a sensitivity study is asked for, and which evaluations that takes.

In: a scenario file and what was typed. Out: an `Order`, the names of its blocks, and the task behind each.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import UsageError
from sim.outcomes import Measure, measures_of
from sim.streams import BLOCK
from sim.study.archive import BLOCKS
from sim.study.sensitivity.asked import asked_for
from sim.study.sensitivity.design import Design, screening_points, sobol_points
from sim.study.sensitivity.evaluate import Task
from sim.study.sensitivity.inputs import Groups, Input, inputs_of

if TYPE_CHECKING:
    from sim.scenario import Scenario, ScenarioFile

BASE = 512
"""Rows of each table, a power of two. Of so many an index of a half has an interval of about +- 0.1."""

SCREENING_BASE = BLOCK
"""The same of a screening."""

MEASURES = ("users_lost", "downtime")
"""Looked at unless others are asked for."""

FORMAT = 1
"""Of the folder: raised when files or designs change their meaning."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for."""

    file: ScenarioFile
    strategy: str
    scenario: Scenario
    inputs: tuple[Input, ...]
    measures: tuple[Measure, ...]
    base: int
    screen: bool
    command: str

    @property
    def digest(self) -> str:
        """Of all that can change an evaluation; not of the base, the measures, or the words."""
        kind = "screening" if self.screen else "indices"
        parts = [FORMAT, kind, self.file.digest, self.strategy, [[i.name, i.paths] for i in self.inputs]]
        return sha256(json.dumps(parts).encode("utf-8")).hexdigest()[: len(self.file.digest)]

    @property
    def tables(self) -> list[str]:
        """Names of the tables of points that are evaluated; a screening needs no second one as a whole."""
        mixed = [f"a_with_{i:03d}" for i in range(len(self.inputs))]
        return ["a", *mixed] if self.screen else ["a", "b", *mixed]

    @property
    def blocks(self) -> int:
        """Of every table."""
        return ceil(self.base / BLOCK)


def default_folder(
    file: ScenarioFile, *, strategy: str | None = None, groups: Groups | None = None, screen: bool = False
) -> Path:
    """`results/<name>/sensitivity_<digest>`."""
    order = order_of(file, strategy, (), None, groups, screen, "")
    return Path("results") / file.name / f"sensitivity_{order.digest}"


def order_of(
    file: ScenarioFile,
    strategy: str | None,
    measures: Sequence[str],
    base: int | None,
    groups: Groups | None,
    screen: bool,
    command: str,
) -> Order:
    """What is asked for, with what was left out filled in.

    Raises
    ------
    UsageError
        If it cannot be done as asked.
    """
    name = file.baseline if strategy is None else strategy
    if name not in file.strategies:
        raise UsageError(f"{file.name} has no strategy `{name}`; there are {', '.join(file.strategies)}")
    base = (SCREENING_BASE if screen else BASE) if base is None else base
    if base < 2:
        raise UsageError(f"the base must be at least 2, not {base}")
    if not screen and base & (base - 1):
        up = 2 ** base.bit_length()
        raise UsageError(f"the base must be a power of two, {up // 2} or {up}: only so are the points even")
    scenario = file.scenario(name)
    inputs = inputs_of(scenario, groups)
    wanted = asked_for(measures_of(scenario), measures or MEASURES)
    return Order(file, name, scenario, inputs, wanted, base, screen, command)


def names(order: Order) -> list[str]:
    """Every block of evaluations, those of the first rows first."""
    return [f"{BLOCKS}/{name}/{block:06d}.npz" for block in range(order.blocks) for name in order.tables]


def points(order: Order) -> Design:
    """Uniforms of the unknowns, for whole blocks."""
    make = screening_points if order.screen else sobol_points
    return make(len(order.scenario.unknowns), order.scenario.seed, order.blocks * BLOCK)


def task(order: Order, design: Design, name: str) -> Task:
    """What a file holds: the points of A or B, or of A with one input of B. Chance of A is an even block."""
    _, kind, number = Path(name).with_suffix("").parts
    block = int(number)
    rows = slice(block * BLOCK, (block + 1) * BLOCK)
    mixed = order.inputs[int(kind[-3:])] if kind.startswith("a_with_") else None
    other = kind == "b" or (mixed is not None and mixed.kind == "chance")
    given = {}
    for column, path in enumerate(order.scenario.unknowns):
        from_b = kind == "b" or (mixed is not None and path in mixed.paths)
        given[path] = np.ascontiguousarray((design.b if from_b else design.a)[rows, column])
    return Task(name, order.scenario, 2 * block + other, given)
