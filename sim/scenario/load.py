"""A scenario file becomes frozen, checked scenarios, one a strategy, or one error with every problem.

In: a path and settings. Out: `ScenarioFile`. The way: text, tree, evidence taken off, strategy merged,
settings applied, validated, checked across records, unknowns read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from sim.errors import Problem, ScenarioError
from sim.scenario.extending import extended
from sim.scenario.file import ScenarioFile
from sim.scenario.nodes import Node
from sim.scenario.patches import Setting, parse_setting
from sim.scenario.reader import read_file, read_text
from sim.scenario.resolve import Resolved, resolve
from sim.scenario.strategies import Plan, plan_of

Unknowns = Literal["varied", "fixed"]


def load_scenario(
    path: str | Path, *, settings: Sequence[str] = (), seed: int | None = None, unknowns: Unknowns = "varied"
) -> ScenarioFile:
    """Load a scenario file.

    Parameters
    ----------
    path
        The YAML file.
    settings
        Changes for this run, each ``path=value`` with a YAML value; part of the digest.
    seed
        Instead of the file's.
    unknowns
        "varied", or "fixed" at their medians.

    Raises
    ------
    ScenarioError
        With every problem of the file, each with line, path, what was found and the likely fix.
    """
    place = Path(path)
    return _load(read_file(place), place, str(path), settings, seed, unknowns)


def load_text(
    text: str, *, settings: Sequence[str] = (), seed: int | None = None, unknowns: Unknowns = "varied",
    source: str = "<text>",
) -> ScenarioFile:  # fmt: skip
    """Load a scenario from the text of a file; see `load_scenario`."""
    return _load(read_text(text, source=source), None, source, settings, seed, unknowns)


def _load(
    root: Node, path: Path | None, source: str, settings: Sequence[str], seed: int | None, unknowns: Unknowns
) -> ScenarioFile:
    changes, problems = _settings(settings, seed)
    if not isinstance(root.value, dict):
        found = "a list" if isinstance(root.value, list) else f"`{root.value}`"
        raise ScenarioError(
            [Problem("", f"must be a mapping of keys to values, found {found}", root.line, source)]
        )
    tree, wrong = extended(root, path, source)
    problems += wrong
    plan = plan_of(tree, source)
    problems += plan.problems
    resolved: dict[str, Resolved] = {}
    for name, strategy in plan.strategies.items():
        resolved[name] = resolve(strategy, changes, source, fixed=unknowns == "fixed")
        problems += resolved[name].problems
    problems += _across(plan, resolved, source)
    if problems:
        raise ScenarioError(_in_order(problems))
    return _file(path, plan, resolved)


def _settings(settings: Sequence[str], seed: int | None) -> tuple[list[Setting], list[Problem]]:
    """Every setting read; the seed of the command line is one of them."""
    changes: list[Setting] = []
    problems: list[Problem] = []
    for text in [*settings, *([f"seed={seed}"] if seed is not None else [])]:
        try:
            changes.append(parse_setting(text))
        except ScenarioError as error:
            problems += error.problems
    return changes, problems


def _across(plan: Plan, resolved: dict[str, Resolved], source: str) -> list[Problem]:
    """Claims about strategies that do not exist."""
    from sim.scenario.checks import unknown_name
    from sim.scenario.messages import problem_at

    problems = []
    for each in resolved.values():
        for position, claim in enumerate(each.sections.get("expect", ())):
            if claim.strategy is not None and claim.strategy not in plan.strategies:
                message = unknown_name(claim.strategy, plan.strategies, "strategy")
                problems.append(problem_at(("expect", position, "strategy"), message, each.tree, source))
    return problems


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Without repetitions (strategies share most of the file), in file order."""
    unique = list(dict.fromkeys(problems))
    return sorted(unique, key=lambda problem: problem.line if problem.line is not None else 10**9)


def _file(path: Path | None, plan: Plan, resolved: dict[str, Resolved]) -> ScenarioFile:
    scenarios = {}
    for name, each in resolved.items():
        assert each.scenario is not None
        scenarios[name] = each.scenario.model_copy(update={"label": plan.labels[name]})
    first = next(iter(scenarios.values()))
    return ScenarioFile(
        path=path,
        name=first.name,
        title=first.title,
        about=first.about,
        strategies=scenarios,
        labels=plan.labels,
        leaves_open=plan.leaves_open,
        baseline=plan.baseline,
        evidence={name: each.evidence for name, each in resolved.items()},
    )
