"""The assumptions behind most of the days down, for a study in which nothing unknown was varied.

In: a study and one of its strategies. Out: `Input` records, one a field, those first whose work or wait takes
most of the downtime. How far each would move the answer such a study cannot say, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.supply.timeline import none_left
from sim.views.explorer.naming import law_path, parameter
from sim.views.gather import inputs

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.study import Critical, Study
    from sim.views.case import Input

OF_USERS = ("users.patience", "users.churn", "users.returns", "users.segments")
"""Where the assumptions about people stand, after those about the work."""


def assumed_first(study: Study, strategy: str) -> tuple[Input, ...]:
    """Inputs of a strategy that are assumptions, one a field, by the downtime that hangs on them.

    Raises
    ------
    UsageError
        If the study has no such strategy.
    """
    scenario = study.part(strategy).scenario
    known = [one for one in inputs(study.file.evidence[strategy]) if one.assumed]
    prefixes = [*_prefixes(scenario, study.spent(strategy)), *OF_USERS]
    found: dict[str, Input] = {}
    for prefix in dict.fromkeys(prefixes):
        below = [one for one in known if f"{one.path}.".startswith(f"{prefix}.") and one.origin != "default"]
        if not below:
            continue
        field = law_path(below[0].path)
        parts = [one for one in below if law_path(one.path) == field]
        value = ", ".join(f"{parameter(one.path)} {one.value}".strip() for one in parts)
        found.setdefault(field, replace(below[0], path=field, value=value))
    return tuple(found.values())


def counted(study: Study, strategy: str) -> tuple[int, int]:
    """How many inputs there is evidence about, and how many of them are assumptions."""
    known = inputs(study.file.evidence[strategy])
    return len(known), sum(one.assumed for one in known)


def _prefixes(scenario: Scenario, causes: Iterable[Critical]) -> Iterator[str]:
    """Where the fields stand that a cause of downtime hangs on, the longest cause first."""
    roles = {none_left(role): role for role in scenario.suppliers}
    for each in causes:
        role, _, name = each.cause.partition(".")
        plan = scenario.response.replace.get(role)
        if each.cause in roles:
            yield f"response.replace.{roles[each.cause]}.search.acceptance"
        elif plan is not None and name in plan.tasks:
            yield f"response.replace.{role}.tasks.{name}"
        elif each.kind == "search":
            yield f"response.replace.{role}.search"
        elif each.kind == "supplier":
            yield f"suppliers.{role}"
