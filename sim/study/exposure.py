"""What a strategy does not protect from: losses that take the service down even if all goes to plan.

In: a scenario under one strategy. Out: an `Exposure` a single point of failure, and what else ends for good
with one supplier. The structure says what each loss takes down at once; the plan, the same operator with
middling durations and good answers, says for how long. Nothing is drawn, so it costs no study.

Why both: a second host under contract does not show in who needs whom, since it stands in only once the
first has gone; and a plan alone does not say which losses to ask about.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.structure import structure_function
from sim.study.consequence import quiet, without
from sim.supply.forecast import forecast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.model import Scenario
    from sim.structure import CutSets, StructureFunction
    from sim.supply.timeline import Level

MOST = 24
"""Losses that are played; a platform with more has them told by `structure`."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """One smallest loss that takes the headline capability down.

    Attributes
    ----------
    events
        What must be lost together; one name for a single point of failure.
    roles
        The suppliers that go with it.
    hours
        For how long the headline capability is down if all goes to plan; infinite if it is down at the end.
    agrees
        Probability that the first who stands ready by contract says yes; NaN where none is under contract.
    """

    events: tuple[str, ...]
    roles: tuple[str, ...]
    hours: float
    agrees: float


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A supplier without which something else than the headline capability ends for good."""

    role: str
    capabilities: tuple[str, ...]


def exposures(scenario: Scenario) -> tuple[Exposure, ...]:
    """The single points of failure of the headline capability, the longest interruption first.

    Where no single loss takes it down these are the smallest combinations that do; none where nothing does.

    Checked by: tests/unit/test_study_exposure.py
    """
    function, still = structure_function(scenario), quiet(scenario)
    found = []
    for cut in smallest(function, function.cut_sets(scenario.headline)):
        roles = tuple(dict.fromkeys(role for event in cut for role in function.events[event].takes))
        level = forecast(without(still, roles)).levels[scenario.headline]
        found.append(Exposure(cut, roles, _hours(level), _agrees(scenario, roles)))
    return tuple(sorted(found, key=lambda one: -one.hours))


def smallest(function: StructureFunction, cuts: CutSets) -> list[tuple[str, ...]]:
    """The smallest cut sets; a group's event only where no member alone does the same."""
    order = next((size for size, count in enumerate(cuts.by_order) if count and size), 0)
    known = list(cuts.of_order(order))[:MOST] if order else []
    alone = {cut[0] for cut in known if len(cut) == 1}
    return [
        cut
        for cut in known
        if len(cut) > 1
        or function.events[cut[0]].takes == cut
        or not set(function.events[cut[0]].takes) & alone
    ]


def unanswered(scenario: Scenario) -> tuple[Unanswered, ...]:
    """Suppliers that nobody stands in for, with what ends without them; the headline capability apart.

    Only what a supplier takes down by itself counts, and a capability is named once, with the supplier that
    it needs most directly: what fails with the headline capability is told with that.
    """
    function, still = structure_function(scenario), quiet(scenario)
    cuts = {name: function.cut_sets(name) for name in scenario.capabilities}
    fatal = set(cuts[scenario.headline].singles)
    found = []
    for role in list(scenario.suppliers)[:MOST]:
        lost = [name for name, each in cuts.items() if role in each.singles]
        if role in fatal or not lost:
            continue
        levels = forecast(without(still, (role,))).levels
        ended = tuple(name for name in lost if math.isinf(_hours(levels[name])))
        if ended:
            found.append(Unanswered(role, ended))
    return tuple(found)


def _hours(level: Level) -> float:
    """Down for so many hours; infinite if down when the simulation ends."""
    intervals = level.down()
    if intervals and intervals[-1][1] >= level.horizon:
        return math.inf
    return sum(end - start for start, end in intervals)


def _agrees(scenario: Scenario, roles: Sequence[str]) -> float:
    """How likely the first of those under contract is to say yes, for the least likely of these roles."""
    chances = []
    for role in roles:
        plan = scenario.response.replace.get(role)
        if plan is not None and plan.search is not None and plan.search.standby:
            chances.append(plan.search.standby[0].acceptance.mean())
    return min(chances, default=math.nan)
