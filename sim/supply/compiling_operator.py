"""What the operator does beside search and work, compiled: a part of `compiling`.

In: a scenario. Out: the plans of its appeals, and what it does whatever is lost. An appeal's random
quantities are the table "<role>.appeal": draws "<role>.appeal / review", "/ granted" and "/ again_after",
one an application, and "<role>.appeal / chance" once a replication where the chance is itself a law. How
long the operator holds out is the table and the draw "operator / runway".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from sim.scenario.inputs import Inputs
from sim.scenario.model import Appeal, Scenario
from sim.supply.columns import quantile
from sim.supply.plan import AppealPlan, Job, OperatorPlan, ResponsePlan
from sim.supply.quantities import Column
from sim.supply.timeline import GAVE_UP


def appeals(
    scenario: Scenario,
    order: int,
    item: Callable[[str], tuple[str, int]],
    chances: dict[str, tuple[Column, ...]],
) -> Mapping[str, AppealPlan]:
    """The appeals by role, from place `order` of the file on; `item` finds what "host.set_up" names."""
    found: dict[str, AppealPlan] = {}
    for place, (role, appeal) in enumerate(scenario.response.appeal.items()):
        table = f"{role}.appeal"
        chances[table] = _columns(scenario, role, appeal)
        found[role] = AppealPlan(
            work=Job("wait", role, "appeal", "appeal", order + place, table, "wait"),
            needs=tuple(sorted({item(name) for name in appeal.after if name not in {"notice", "outage"}})),
            outage="outage" in appeal.after,
            at_most=appeal.at_most,
            table=table,
        )
    return found


def _columns(scenario: Scenario, role: str, appeal: Appeal) -> tuple[Column, ...]:
    """Hours of a review, whether it is granted, and hours until the next application."""
    path = f"response.appeal.{role}"

    def granted(inputs: Inputs, attempt: int) -> ArrayLike:
        chance = inputs.quantile(f"{path}.granted", f"{role}.appeal / chance")
        return np.less(inputs.draws.column(f"{role}.appeal / granted", attempt), chance)

    return (
        quantile(scenario, f"{path}.review", appeal.review, f"{role}.appeal / review"),
        granted,
        quantile(scenario, f"{path}.again_after", appeal.again_after, f"{role}.appeal / again_after"),
    )


def operator(
    scenario: Scenario, responses: Mapping[str, ResponsePlan], chances: dict[str, tuple[Column, ...]]
) -> OperatorPlan:
    """How the operator acts, whatever is lost."""
    backups = scenario.backups
    return OperatorPlan(
        waits=scenario.response.starts == "outage",
        exports=_exports(responses),
        kept_at=(backups.kept_at or "") if backups is not None else "",
        headline=scenario.headline,
        runway=_runway(scenario, chances),
    )


def _runway(scenario: Scenario, chances: dict[str, tuple[Column, ...]]) -> str:
    """The table of the hours that the operator holds out, if it ever gives up."""
    law, name = scenario.response.runway, "operator / runway"
    if law is None:
        return ""
    chances[name] = (quantile(scenario, "response.runway", law, name),)
    return name


def giving_up(role: str, order: int) -> Job:
    """What comes after giving up, for one role."""
    return Job("search", role, "gave_up", GAVE_UP, order, GAVE_UP, "search")


def _exports(responses: Mapping[str, ResponsePlan]) -> dict[str, tuple[tuple[str, int], ...]]:
    """The tasks that copy a role's data out, by that role."""
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for role, response in responses.items():
        for place, task in enumerate(response.tasks):
            if task.exports:
                found[task.exports] = (*found.get(task.exports, ()), (role, place))
    return found
