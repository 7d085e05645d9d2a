"""What is looked at along a sweep: the measures of a run, and what a year costs at the chance that is given.

In: a scenario, or the runs of a strategy. Out: `Measure` records and their values. No run depends on how
likely an event is, so where that is varied the measures of a year are the ones that move.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.outcomes import Measure, measures_of
from sim.study.arms import Arm
from sim.study.statistics import Array
from sim.study.summary import values
from sim.study.yearly import accounts, chance_of

if TYPE_CHECKING:
    from sim.scenario import Scenario

COST_A_YEAR = "cost_a_year"
LOST_A_YEAR = "users_lost_a_year"
YEARLY = (COST_A_YEAR, LOST_A_YEAR)
"""Measures of a year; the first only where there is money."""


def known_measures(scenario: Scenario) -> dict[str, Measure]:
    """Every measure, those of a year last where some event has a chance."""
    found = dict(measures_of(scenario))
    if any(event.chance is not None for event in scenario.events):
        found[COST_A_YEAR] = Measure(
            COST_A_YEAR,
            scenario.currency,
            "standing cost of a year, and all else it costs if it happens times its chance a year",
            "high",
            "money",
        )
        found[LOST_A_YEAR] = Measure(
            LOST_A_YEAR,
            scenario.users.unit,
            "users lost if it happens times its chance a year",
            "high",
            "count",
        )
    return found


def of_year(arm: Arm) -> Mapping[str, Array]:
    """The measures of a year in each run's world, at the chance that the scenario gives. Each (runs,).

    See `sim.study.yearly`: a year costs standing + chance x loss.
    """
    chance = chance_of(arm)
    if chance is None:
        return {}
    names = {"money": COST_A_YEAR, "users": LOST_A_YEAR}
    return {names[one.kind]: one.a_year(arm.strategy, chance) for one in accounts([arm])}


def columns(arm: Arm, wanted: Mapping[str, Measure]) -> dict[str, Array]:
    """Some measures of the runs of one strategy as numbers, and `replication`. Each of shape (runs,)."""
    found = {"replication": arm.outcomes["replication"]}
    yearly = of_year(arm) if any(name in YEARLY for name in wanted) else {}
    for name, measure in wanted.items():
        if name in yearly:
            found[name] = yearly[name]
        elif name in arm.measures:
            found[name] = values(measure, arm.outcomes)
            flag = measure.censored_by
            if flag is not None:
                found[flag] = arm.outcomes[flag]
    return found
