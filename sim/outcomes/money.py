"""What it cost, in the scenario's one currency.

Standing costs are paid to whoever plays a role while it serves, and to nobody while nobody does: a supplier
that has closed the account sends no bill. Who is kept ready is paid a retainer until it serves. All of it is
counted over the whole horizon, so that a strategy that costs money every month is seen to do so whether or
not anything happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.clock import HOURS_IN_MONTH

if TYPE_CHECKING:
    from sim.scenario import Inputs, Scenario
    from sim.scenario.model import Candidate
    from sim.supply.timeline import Timeline

Array = NDArray[np.float64]

_MONTH = float(HOURS_IN_MONTH)


def costs(
    scenario: Scenario,
    happened: Sequence[Timeline],
    spared: Sequence[Timeline],
    user_hours_lost: Array,
    inputs: Inputs | None,
) -> dict[str, Array]:
    """Standing cost, emergency cost, revenue lost, and their sum. Each of shape (rows,).

    Parameters
    ----------
    happened
        One timeline a row: who served when, and what the response cost.
    spared
        The same in the counterfactual.
    user_hours_lost
        (rows,); each loses the revenue of an active user and month / 730.5 h.
    inputs
        Where amounts that nobody knows are looked up; None takes the scenario's own.

    Checked by: tests/unit/test_outcomes_money.py
    """
    amounts = _Amounts(len(happened), inputs)
    standing, ordinary = np.zeros(len(happened)), np.zeros(len(happened))
    for role in scenario.suppliers:
        standing += _standing(scenario, role, happened, amounts)
        ordinary += _standing(scenario, role, spared[: len(happened)], amounts)
    spent = np.array([one.spent for one in happened], dtype=float)
    revenue = amounts.of("users.revenue", scenario.users.revenue) / _MONTH * user_hours_lost
    return {
        "cost_standing": standing,
        "cost_standing_counterfactual": ordinary,
        "cost_emergency": spent,
        "revenue_lost": revenue,
        "cost": standing + spent + revenue,
    }


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Numbers of the scenario, one a row."""

    rows: int
    inputs: Inputs | None

    def of(self, path: str, written: float) -> Array:
        """The number at a path; `written` where nobody is asked."""
        value = written if self.inputs is None else self.inputs.number(path)
        return np.broadcast_to(np.asarray(value, dtype=float), (self.rows,))


def _standing(scenario: Scenario, role: str, happened: Sequence[Timeline], amounts: _Amounts) -> Array:
    """What a role costs, whoever plays it, and what is paid to those kept ready for it. Shape (rows,)."""
    price = amounts.of(f"suppliers.{role}.monthly_cost", scenario.suppliers[role].monthly_cost)
    known = list(_candidates(scenario, role))
    if not price.any() and not any(c.retainer or c.monthly_cost for _, _, c in known):
        return np.zeros(amounts.rows)
    served = [_hours(one, role, scenario.clock.horizon) for one in happened]
    total = price * np.array([sum(hours.values()) for hours in served])
    for who, path, candidate in known:
        own, retainer = candidate.monthly_cost is not None, candidate.retainer or candidate.retainer_share
        if not own and not retainer:
            continue
        hours = np.array([one.get(who, 0.0) for one in served])
        if candidate.monthly_cost is not None:
            total = total + hours * (amounts.of(f"{path}.monthly_cost", candidate.monthly_cost) - price)
        if retainer:
            ready = amounts.of(f"{path}.retainer", candidate.retainer)
            ready = ready + amounts.of(f"{path}.retainer_share", candidate.retainer_share) * price
            total = total + ready * (scenario.clock.horizon - hours)
    return np.asarray(total / _MONTH)


def _candidates(scenario: Scenario, role: str) -> Iterator[tuple[str, str, Candidate]]:
    """Who may come to play a role: the name it goes by in a timeline, its path, and itself."""
    replacement = scenario.response.replace.get(role)
    if replacement is None or replacement.search is None:
        return
    search = replacement.search
    listed = search.candidates if isinstance(search.candidates, tuple) else ()
    for kind, stem, group in (
        ("standby", "standby.", search.standby), ("candidates", "", listed),
        ("fallback", "fallback.", search.fallback),
    ):  # fmt: skip
        for place, candidate in enumerate(group, start=1):
            path = f"response.replace.{role}.search.{kind}.{place}"
            yield candidate.name or f"{stem}{place}", path, candidate


def _hours(timeline: Timeline, role: str, horizon: float) -> dict[str, float]:
    """Hours that each served a role; the supplier of the start is called ""."""
    players = timeline.players.get(role, ())
    if not players:
        return {"": horizon}
    hours: dict[str, float] = {}
    ends = [since for since, _ in players[1:]] + [horizon]
    for (since, who), end in zip(players, ends, strict=True):
        if who is not None:
            hours[who] = hours.get(who, 0.0) + end - since
    return hours
