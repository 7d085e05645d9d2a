"""All that is known of a platform's structure, gathered for the views.

In: a scenario under one strategy, and what a simulation of single losses found, if there was one. Out: an
`Anatomy`: plain records, the same for the text, the tables and the picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sim.structure import (
    CutSets,
    Importance,
    StructureFunction,
    importances,
    owners,
    structure_function,
    unavailability,
)
from sim.views import wording
from sim.views.labels import supplier, the

if TYPE_CHECKING:
    from sim.scenario.model import Scenario
    from sim.study.consequence import Consequences

DOWN, SHORT, UP = "down", "short", "up"


@dataclass(frozen=True, slots=True)
class Survival:
    """How long a capability goes on without a supplier, against the time until somebody stands in.

    ``survives`` is 0 or infinite, ``down`` the hours down that half of the runs do not exceed (NaN where
    nothing was simulated), ``capacity`` says whether all of it goes on (``up``) or some (``short``).
    """

    role: str
    capability: str
    capacity: str
    survives: float
    down: float

    @property
    def in_time(self) -> bool:
        """Whether somebody stands in before it is missed."""
        return self.survives > 0.0 or self.down == 0.0


@dataclass(frozen=True)
class Anatomy:
    """One strategy's structure; ``source`` is what to say of where it comes from."""

    scenario: Scenario
    label: str
    source: str
    function: StructureFunction
    consequences: Consequences | None = None

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        label: str,
        source: str,
        consequences: Consequences | None = None,
    ) -> Anatomy:
        """The structure of a scenario."""
        return cls(scenario, label, source, structure_function(scenario), consequences)

    @cached_property
    def cuts(self) -> dict[str, CutSets]:
        """For every capability what takes it down."""
        return {name: self.function.cut_sets(name) for name in self.scenario.capabilities}

    @cached_property
    def shortages(self) -> dict[str, CutSets]:
        """For those that may be there in part: what keeps them from counting as recovered."""
        found = {}
        for name, capability in self.scenario.capabilities.items():
            cuts = self.function.cut_sets(name, capability.recovered_at)
            if cuts.function != self.cuts[name].function:
                found[name] = cuts
        return found

    @cached_property
    def singles(self) -> dict[str, tuple[str, ...]]:
        """What each event takes down by itself; events of several suppliers only where no member does so."""
        found: dict[str, list[str]] = {name: [] for name in self.function.events}
        for name, cuts in self.cuts.items():
            for event in cuts.singles:
                takes = self.function.events[event].takes
                if takes == (event,) or not set(takes) & set(cuts.singles):
                    found[event].append(name)
        return {event: tuple(names) for event, names in found.items() if names}

    @cached_property
    def reduces(self) -> dict[str, tuple[str, ...]]:
        """What each event by itself leaves in part."""
        found: dict[str, list[str]] = {}
        for name, cuts in self.shortages.items():
            for event in cuts.singles:
                if name not in self.singles.get(event, ()):
                    found.setdefault(event, []).append(name)
        return {event: tuple(names) for event, names in found.items()}

    @cached_property
    def owned(self) -> dict[str, tuple[str, ...]]:
        """What owners of several roles take down, the most first, where that is more than any role does."""
        found = {
            owner: (self._down(set(roles)), [self._down({role}) for role in roles])
            for owner, roles in owners(self.scenario).items()
            if len(roles) > 1
        }
        more = {owner: whole for owner, (whole, parts) in found.items() if len(whole) > max(map(len, parts))}
        return dict(sorted(more.items(), key=lambda item: -len(item[1])))

    def _down(self, happened: set[str]) -> tuple[str, ...]:
        """The capabilities that are down when exactly these events have happened."""
        diagram = self.function.diagram
        return tuple(name for name, cuts in self.cuts.items() if diagram.holds(cuts.function, happened))

    # -- probabilities -----------------------------------------------------------------------------------

    @property
    def states_failures(self) -> bool:
        """Whether anything says how often it fails."""
        return any(event.unavailability is not None for event in self.function.events.values())

    @property
    def silent(self) -> tuple[str, ...]:
        """Suppliers that do not say how often they fail."""
        return tuple(
            name
            for name, event in self.function.events.items()
            if event.kind == "supplier" and event.unavailability is None
        )

    @cached_property
    def probabilities(self) -> dict[str, float]:
        """Of every event; what does not say how often it fails never does."""
        return {name: event.unavailability or 0.0 for name, event in self.function.events.items()}

    @cached_property
    def unavailability(self) -> dict[str, float]:
        """Share of the time each capability is down in the long run."""
        return {
            name: unavailability(self.function.diagram, cuts.function, self.probabilities)
            for name, cuts in self.cuts.items()
        }

    @cached_property
    def importances(self) -> dict[str, tuple[Importance, ...]]:
        """For every capability the part of each event, the largest contribution first."""
        return {
            name: tuple(
                sorted(
                    importances(self.function.diagram, cuts, self.probabilities),
                    key=lambda one: (-_known(one.fussell_vesely), -one.birnbaum),
                )
            )
            for name, cuts in self.cuts.items()
        }

    # -- single losses -----------------------------------------------------------------------------------

    @cached_property
    def survivals(self) -> tuple[Survival, ...]:
        """Every capability without every single supplier."""
        diagram = self.function.diagram
        simulated: dict[str, Mapping[str, float]] = {}
        if self.consequences is not None:
            simulated = {one.roles[0]: one.downtime for one in self.consequences.roles}
        found = []
        for role in self.scenario.suppliers:
            for name, cuts in self.cuts.items():
                down = diagram.holds(cuts.function, {role})
                short = name in self.shortages and diagram.holds(self.shortages[name].function, {role})
                hours = simulated[role][name] if role in simulated else math.nan
                capacity = DOWN if down else SHORT if short else UP
                found.append(Survival(role, name, capacity, 0.0 if down else math.inf, hours))
        return tuple(found)

    # -- names -------------------------------------------------------------------------------------------

    def event(self, name: str) -> str:
        """An event on its own, for tables: the supplier, or the group."""
        event = self.function.events[name]
        if event.kind == "supplier":
            return supplier(self.scenario, name)
        return f"{self._group(name)}: {'common cause' if event.kind == 'common' else 'all of it'}"

    def lost(self, name: str) -> str:
        """An event inside a sentence, after "losing"."""
        event = self.function.events[name]
        return the(self.scenario, name) if event.kind == "supplier" else f"all of “{self._group(name)}”"

    def _group(self, event: str) -> str:
        name = event.rpartition(".")[0]
        return self.scenario.groups[name].label or wording.capital(wording.spoken(name))


def _known(value: float) -> float:
    return -1.0 if math.isnan(value) else value
