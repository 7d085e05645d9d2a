"""One strategy of a scenario file with settings, without the others.

In: a file, settings, the name of a strategy. Out: a `ScenarioFile` that has this strategy alone. A setting
may be about a part that only this strategy has (another may be without a search), and one strategy is
resolved in a fraction of the time of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from sim.errors import Problem, ScenarioError, UsageError
from sim.scenario import Scenario, ScenarioFile, load_scenario
from sim.scenario.crowd import write_ties
from sim.scenario.extending import extended
from sim.scenario.nodes import Node
from sim.scenario.patches import Setting, apply_setting, parse_setting
from sim.scenario.reader import read_file
from sim.scenario.resolve import resolve
from sim.scenario.strategies import Plan, plan_of

NOWHERE = "<explorer>"
"""What a visitor's settings are read beside: no place, so that none of them can name a file to be read."""


@dataclass(frozen=True, slots=True)
class OneStrategy:
    """A file with one of its strategies; `labels` and `baseline` are those of the whole file."""

    file: ScenarioFile
    strategy: str
    labels: Mapping[str, str]
    baseline: str


def open_strategy(path: Path, settings: tuple[str, ...], strategy: str | None) -> OneStrategy:
    """Load one strategy (None: the baseline) of a file.

    Raises
    ------
    ScenarioError
        With every problem of the file or the settings.
    UsageError
        If there is no such strategy.
    """
    whole, plan = _whole(path, path.stat().st_mtime_ns)
    name = whole.baseline if strategy is None else strategy
    if name not in whole.strategies:
        raise UsageError(f"there is no strategy `{name[:60]}`; there are {', '.join(whole.strategies)}")
    changes = _read(settings)
    found = resolve(plan.strategies[name], changes, NOWHERE)
    if found.problems or found.scenario is None:
        raise ScenarioError([_named(each, whole.strategies[name]) for each in found.problems])
    label = whole.labels[name]
    file = replace(
        whole,
        strategies={name: found.scenario.model_copy(update={"label": label})},
        labels={name: label},
        baseline=name,
        evidence={name: found.evidence},
    )
    return OneStrategy(file, name, whole.labels, whole.baseline)


@lru_cache(maxsize=16)
def _whole(path: Path, changed: int) -> tuple[ScenarioFile, Plan]:
    """The whole file as it is, and its strategies as trees; read anew when it has changed."""
    whole = load_scenario(path)  # first: it says in words what may be wrong
    tree, _ = extended(read_file(path), path, path.name)
    plan = plan_of(tree, path.name)
    trees = {name: _with_ties(each, whole.strategies[name]) for name, each in plan.strategies.items()}
    return whole, replace(plan, strategies=trees)


def _named(problem: Problem, scenario: Scenario) -> Problem:
    """The problem with its event by name, as settings have it, and not by its place in the file."""
    first, _, rest = problem.where.partition(".")
    number, _, field = rest.partition(".")
    if first != "events" or not number.isdigit() or not 1 <= int(number) <= len(scenario.events):
        return problem
    event = scenario.events[int(number) - 1].id
    return replace(problem, where=".".join(filter(None, (first, event, field))))


def _with_ties(tree: Node, scenario: Scenario) -> Node:
    """The tree with the ties that its file of ties has, so that the file is not read again for a visitor."""
    network = scenario.users.network
    if network is None or network.file is None:
        return tree
    return apply_setting(tree, ("users", "network", "ties"), Node(write_ties(network.ties), origin="file"))


def _read(settings: tuple[str, ...]) -> list[Setting]:
    changes: list[Setting] = []
    problems: list[Problem] = []
    for text in settings:
        try:
            changes.append(parse_setting(text))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return changes
