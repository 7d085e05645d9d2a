"""A loaded scenario file: its strategies, resolved, with labels, evidence and digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sim.errors import UsageError
from sim.scenario.digest import digest_of
from sim.scenario.evidence import Evidence
from sim.scenario.model import Scenario


@dataclass(frozen=True)
class ScenarioFile:
    """What one file says.

    ``strategies`` are resolved scenarios in file order ("as_is" if the file names none), ``labels`` their
    names for people, ``evidence`` every input of each, ``leaves_open`` what one from the library does not
    protect from. ``digest`` stands for all that can change a number.
    """

    path: Path | None
    name: str
    title: str
    about: str
    strategies: Mapping[str, Scenario]
    labels: Mapping[str, str]
    baseline: str
    evidence: Mapping[str, tuple[Evidence, ...]]
    leaves_open: Mapping[str, str] = field(default_factory=dict)

    def scenario(self, strategy: str | None = None) -> Scenario:
        """The scenario under a strategy, by default the baseline.

        Raises
        ------
        UsageError
            If there is no such strategy.
        """
        name = self.baseline if strategy is None else strategy
        if name not in self.strategies:
            raise UsageError(f"there is no strategy `{name}`; {self.name} has {', '.join(self.strategies)}")
        return self.strategies[name]

    @cached_property
    def digest(self) -> str:
        """10 hexadecimal characters over all that can change a number."""
        return digest_of(self.strategies, self.baseline)

    def resolved_yaml(self) -> str:
        """The file with every default filled in; it loads to the same digest."""
        from sim.scenario.resolved import resolved_yaml

        return resolved_yaml(self)
