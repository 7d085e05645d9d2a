"""What a sweep is asked for, checked as a whole before anything runs.

In: a scenario file and what was typed. Out: an `Order` with its points, each a scenario file of its own; or
one error that names every problem.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import Problem, ScenarioError
from sim.outcomes import Measure
from sim.study.sweep import checks
from sim.study.sweep.base import Base, Unknowns
from sim.study.sweep.design import Method, Point
from sim.study.sweep.fields import Field, Varied

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile

Files = Mapping[str, "ScenarioFile"]
"""Scenario files of one strategy each, by its name."""

FORMAT = 1
"""Of the folder: raised when files change their meaning."""

REPLICATIONS = 200
"""Of every point: one block."""


@dataclass(frozen=True)
class Asking:
    """What was typed, as it was typed.

    Attributes
    ----------
    vary
        Texts `PATH=LOW..HIGH` or `PATH=a,b,c`, or what Python gives for each path.
    break_even, between
        A measure, and two strategies (the baseline with each of the others).
    settings, seed, unknowns
        What the file was loaded with.
    """

    vary: Sequence[str] | Mapping[str, Varied]
    points: int | None = None
    method: str = "grid"
    log: bool = False
    strategies: Sequence[str] = ()
    measures: Sequence[str] = ()
    break_even: str | None = None
    between: Sequence[str] = ()
    replications: int = REPLICATIONS
    settings: Sequence[str] = ()
    seed: int | None = None
    unknowns: Unknowns = "varied"


@dataclass(frozen=True)
class Order:
    """What is asked for, understood.

    Attributes
    ----------
    fields, method, points
        What is varied, how, and where it is looked at.
    files
        At each point the file with each strategy alone, by its name.
    strategies
        Those that are run, in file order.
    measures
        Those shown, by name.
    break_even, pairs
        The measure in which strategies are held against each other, None for none; and which pairs.
    """

    base: Base
    fields: tuple[Field, ...]
    method: Method
    points: tuple[Point, ...]
    files: tuple[Files, ...]
    strategies: tuple[str, ...]
    measures: Mapping[str, Measure]
    break_even: Measure | None
    pairs: tuple[tuple[str, str], ...]
    replications: int

    @property
    def file(self) -> ScenarioFile:
        """The file as it is."""
        return self.base.file

    @property
    def digest(self) -> str:
        """Of the scenario and the points; not of strategies, replications or measures, which only add."""
        parts = [
            FORMAT,
            self.file.digest,
            self.method,
            [[each.path, list(each.known)] for each in self.fields],
            [[value.text for value in point.values] for point in self.points],
        ]
        return sha256(json.dumps(parts).encode("utf-8")).hexdigest()[: len(self.file.digest)]

    @property
    def default_folder(self) -> Path:
        """`results/<name>/sweep_<digest>`."""
        return Path("results") / self.file.name / f"sweep_{self.digest}"


def order_of(file: ScenarioFile, asking: Asking) -> Order:
    """What is asked for, with what was left out filled in.

    Raises
    ------
    ScenarioError
        With every problem of what was typed, or of the scenario at some point.
    """
    base = Base.of(file, asking.settings, asking.seed, asking.unknowns)
    strategies, problems = checks.strategies(file, asking)
    fields, wrong = checks.fields(base, asking, strategies)
    problems += wrong
    method, points, wrong = checks.points(fields if not wrong else [], asking, file.scenario().seed)
    problems += wrong
    measures, even, wrong = checks.measures(file, asking, strategies, fields)
    problems += wrong
    if problems:
        raise ScenarioError(list(dict.fromkeys(problems)))
    files = []
    for point in points:
        found, wrong = at_point(base, fields, point, strategies)
        problems += wrong
        files.append(found)
    if problems:
        raise ScenarioError(_some(problems))
    return Order(
        base, tuple(fields), method, tuple(points), tuple(files), tuple(strategies), measures, even,
        checks.pairs(file, asking, strategies) if even is not None else (), asking.replications,
    )  # fmt: skip


def _some(problems: Sequence[Problem]) -> list[Problem]:
    """Problems at points: the first of each kind, and how many points more have it."""
    kinds: dict[tuple[str, int | None, str], list[Problem]] = {}
    for one in dict.fromkeys(problems):
        words = "".join(letter for letter in one.message if letter not in "0123456789.")
        kinds.setdefault((one.where, one.line, words), []).append(one)
    return [
        replace(found[0], message=f"{found[0].message} ({_elsewhere(len(found) - 1)})")
        if len(found) > 1
        else found[0]
        for found in kinds.values()
    ]


def _elsewhere(points: int) -> str:
    """At how many points more: ``so at 1 more point``."""
    return f"so at {points} more point{'s' * (points > 1)}"


def at_point(
    base: Base, fields: Sequence[Field], point: Point, strategies: Sequence[str]
) -> tuple[Files, list[Problem]]:
    """The file of each strategy at one point, and what is wrong with it there."""
    found: dict[str, ScenarioFile] = {}
    problems: list[Problem] = []
    for strategy in strategies:
        changes = [
            (field.path, value.text)
            for field, value in zip(fields, point.values, strict=True)
            if strategy in field.known
        ]
        file, wrong = base.at(strategy, changes)
        problems += wrong
        if file is not None:
            found[strategy] = file
    return found, problems
