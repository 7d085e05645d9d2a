"""A scenario file that can be changed field by field, each strategy where it has the field.

In: a `ScenarioFile` and what it was loaded with. Out: the same file at other values.

Why this way: the file is read once and resolved anew at every point, so what follows a field by default moves
with it, and everything is checked as in any other run. A strategy that lacks a field (only a standby has a
retainer) stays as it is, so that the others can be compared with it. A field under `unknowns` is drawn anew
in every run; where it is varied it is known at every point, so its law is taken out there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sim.errors import Problem, ScenarioError
from sim.scenario.extending import extended
from sim.scenario.file import ScenarioFile
from sim.scenario.patches import Setting, parse_setting
from sim.scenario.paths import NoSuchPathError, Place, find
from sim.scenario.reader import read_file, read_text
from sim.scenario.resolve import Resolved, resolve
from sim.scenario.strategies import Plan, plan_of

if TYPE_CHECKING:
    from sim.scenario import Scenario

Unknowns = Literal["varied", "fixed"]
Change = tuple[str, str]
"""A path and the text of a value."""


@dataclass(frozen=True)
class Base:
    """The file, its strategies as trees, and the changes that hold at every point."""

    file: ScenarioFile
    plan: Plan
    settings: tuple[Setting, ...]
    fixed: bool

    @classmethod
    def of(
        cls,
        file: ScenarioFile,
        settings: Sequence[str] = (),
        seed: int | None = None,
        unknowns: Unknowns = "varied",
    ) -> Base:
        """The file, read again if that gives the same; else (from Python, from a text) as it was resolved."""
        if file.path is not None:
            typed = [*settings, *([f"seed={seed}"] if seed is not None else [])]
            tree, _ = extended(read_file(file.path), file.path, str(file.path))
            plan = plan_of(tree, str(file.path))
            again = cls(file, plan, tuple(map(parse_setting, typed)), unknowns == "fixed")
            if again._is_the_file():
                return again
        text = file.resolved_yaml()
        return cls(file, plan_of(read_text(text, source=file.name), file.name), (), False)

    def _is_the_file(self) -> bool:
        """Whether the trees give the strategies of the file."""
        name = self.file.baseline
        if set(self.plan.strategies) != set(self.file.strategies):
            return False
        found = self._resolved(name, ()).scenario
        label = {"label": self.file.labels[name]}
        return found is not None and found.model_copy(update=label) == self.file.scenario(name)

    def place(self, strategy: str, path: str) -> Place | None:
        """What stands at a path in a strategy; None if it has no such field."""
        return _place(self.file.scenario(strategy), path)

    def probe(self, strategy: str, change: Change) -> tuple[Place | None, list[Problem]]:
        """What stands at a path once it is set (of a part that the file leaves out), or why it cannot be."""
        found = self._resolved(strategy, [change])
        if found.scenario is None or found.problems:
            return None, _named([change], found.problems)
        place = _place(found.scenario, change[0])
        if place is None:
            return None, [Problem("", "is no field that can be varied", None, f"--vary {change[0]}")]
        return place, []

    def at(self, strategy: str, changes: Sequence[Change]) -> tuple[ScenarioFile | None, list[Problem]]:
        """The file with one strategy alone at some values, or what is wrong with them there."""
        scenario, evidence = self.file.scenario(strategy), self.file.evidence.get(strategy, ())
        if changes:
            found = self._resolved(strategy, changes)
            if found.scenario is None or found.problems:
                return None, _named(changes, found.problems)
            scenario = found.scenario.model_copy(update={"label": self.file.labels[strategy]})
            evidence = found.evidence
        alone = replace(
            self.file,
            strategies={strategy: scenario},
            labels={strategy: self.file.labels[strategy]},
            baseline=strategy,
            evidence={strategy: evidence},
            leaves_open={one: said for one, said in self.file.leaves_open.items() if one == strategy},
        )
        return alone, []

    def _resolved(self, strategy: str, changes: Iterable[Change]) -> Resolved:
        settings = list(self.settings)
        covered = self.file.scenario(strategy).unknowns
        problems: list[Problem] = []
        for path, text in changes:
            try:
                settings.append(parse_setting(f"{path}={text}"))
            except ScenarioError as error:
                problems += error.problems
            settings += [parse_setting(f"unknowns.{one}=null") for one in known_there(covered, path)]
        source = str(self.file.path or self.file.name)
        found = resolve(self.plan.strategies[strategy], settings, source, fixed=self.fixed)
        if problems:
            return replace(found, scenario=None, problems=(*problems, *found.problems))
        return found


def known_there(unknowns: Iterable[str], path: str) -> list[str]:
    """The unknowns that a value at a path makes known: at it and below."""
    return [one for one in unknowns if one == path or one.startswith(f"{path}.")]


def _place(scenario: Scenario, path: str) -> Place | None:
    """What stands at a path; of an unknown, in its law."""
    head, _, rest = path.partition(".")
    try:
        if head != "unknowns":
            return find(scenario, path)
        for one, law in scenario.unknowns.items():
            dimension = find(scenario, one).dimension
            if rest == one:
                return Place(law, dimension, law)
            if rest.startswith(f"{one}.") and dimension is not None:
                from sim.scenario.law_text import parameter_dimension

                part, name = law.at(rest.removeprefix(f"{one}.").split("."))
                amount = part[name] if name else part
                return Place(amount, parameter_dimension(name, dimension), part, name)
    except (NoSuchPathError, KeyError):
        return None
    return None


def _named(changes: Sequence[Change], problems: Sequence[Problem]) -> list[Problem]:
    """Problems of settings as those of what is varied."""
    typed = ", ".join(f"{path}={text}" for path, text in changes)
    return [
        replace(one, source=f"--vary {typed}", line=None)
        if one.source.startswith("--set")
        else replace(one, message=f"{one.message} (with --vary {typed})")
        for one in problems
    ]
