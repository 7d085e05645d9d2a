"""What is varied: every unknown, groups of them, and chance.

In: a scenario, and the groups that were asked for. Out: `Input` records, those of the groups first, chance
last. An unknown in a group is varied with its group and has no share of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.scenario import Scenario

CHANCE = "chance"
"""The name of all draws together but those of the unknowns."""

Groups = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that is varied: the paths of its unknowns, none for chance."""

    name: str
    paths: tuple[str, ...]

    @property
    def kind(self) -> Literal["unknown", "group", "chance"]:
        """What it is."""
        if not self.paths:
            return "chance"
        return "unknown" if self.paths == (self.name,) else "group"


def inputs_of(scenario: Scenario, groups: Groups | None = None) -> tuple[Input, ...]:
    """All inputs of a scenario.

    Parameters
    ----------
    groups
        Paths by name of the group; a path stands for every unknown at it or below it.

    Raises
    ------
    UsageError
        If nothing is unknown, or a group names nothing, or one unknown twice.
    """
    if not scenario.unknowns:
        raise UsageError(
            f"{scenario.name} has no `unknowns`, so there is nothing to vary but chance; write laws for the "
            "numbers that nobody knows into the file, for example "
            f"`unknowns: {{{_example(scenario)}}}`, or one with --set unknowns.PATH=LAW"
        )
    found, taken = [], dict[str, str]()
    for name, paths in (groups or {}).items():
        members = _members(scenario, name, paths)
        for path in members:
            if path in taken:
                raise UsageError(f"`{path}` is in two groups, {taken[path]} and {name}; leave it in one")
            taken[path] = name
        found.append(Input(name, members))
    alone = [Input(path, (path,)) for path in scenario.unknowns if path not in taken]
    return (*found, *alone, Input(CHANCE, ()))


def _members(scenario: Scenario, name: str, paths: Sequence[str]) -> tuple[str, ...]:
    """The unknowns of a group, in the order of the file."""
    if not name or name == CHANCE or name in scenario.unknowns:
        what = f"`{name}` already means something else" if name else "it has no name"
        raise UsageError(f"a group cannot be called that: {what}; write --group NAME=PATH,PATH")
    chosen = set()
    for path in paths:
        below = [one for one in scenario.unknowns if one == path or one.startswith(f"{path}.")]
        if not below:
            near = get_close_matches(path, list(scenario.unknowns), n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(scenario.unknowns)}"
            raise UsageError(f"group {name}: `{path}` is not among the unknowns; {hint}")
        chosen.update(below)
    if not chosen:
        raise UsageError(f"group {name} has no members; write --group {name}=PATH,PATH")
    return tuple(path for path in scenario.unknowns if path in chosen)


def _example(scenario: Scenario) -> str:
    """An unknown that this very scenario could have."""
    for role, plan in scenario.response.replace.items():
        if plan.search is not None:
            inside = "" if plan.search.acceptance.is_constant else ".mean"
            path = f"response.replace.{role}.search.acceptance{inside}"
            return f"{path}: {{low: 5 %, likely: 20 %, high: 50 %}}"
    return "users.churn: {low: 0.05 % per day, likely: 0.1 % per day, high: 0.3 % per day}"
