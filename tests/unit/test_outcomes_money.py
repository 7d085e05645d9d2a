"""The cost account: who is paid while serving, who is paid to be ready, what the response costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.clock import HOURS_IN_MONTH
from sim.outcomes.money import costs
from tests.supplies import many, platform

MONTH = float(HOURS_IN_MONTH)
DAY = 24.0


def account(search: dict[str, Any], tasks: dict[str, Any] | None = None, **more: Any) -> dict[str, float]:
    """The costs of one run: the host, 730.5 a month (1 an hour), goes for good after 10 of 100 days."""
    replace = {
        "host": {"search": search, "tasks": tasks or {"move": {"after": ["host_found"], "takes": "4 d"}}}
    }
    scenario = platform(
        suppliers={"host": {"monthly_cost": MONTH}},
        events=[{"suspend": "host", "at": "10 d"}],
        response={"detection": "0 h", "replace": replace},
        horizon="100 d",
        **more,
    )
    timeline = next(iter(many(scenario, blocks=1)))
    found = costs(scenario, [timeline], [timeline], np.zeros(1), None)
    return {name: float(values[0]) for name, values in found.items()}


SURE = {"acceptance": "100 %", "reply": "1 d"}


def test_nobody_is_paid_while_nobody_serves() -> None:
    """Down from day 10 to day 15: 95 days are paid."""
    assert account({"candidates": 1, **SURE})["cost_standing"] == pytest.approx(95 * DAY, rel=1e-12)


def test_a_host_that_never_comes_is_never_paid() -> None:
    assert account({"candidates": 0})["cost_standing"] == pytest.approx(10 * DAY, rel=1e-12)


def test_a_replacement_is_paid_its_own_price_from_when_it_serves() -> None:
    search = {"candidates": [{"monthly_cost": 3 * MONTH}], **SURE}
    assert account(search)["cost_standing"] == pytest.approx(10 * DAY + 3 * 85 * DAY, rel=1e-12)


def test_who_is_kept_ready_is_paid_a_retainer_until_it_serves() -> None:
    """0.5 an hour and 10 % of the host's price for 15 days, then the role's price."""
    standby = [{"retainer": 0.5 * MONTH, "retainer_share": "10 %"}]
    search = {"candidates": 0, "standby": standby, **SURE}
    paid = 10 * DAY + 85 * DAY + (0.5 + 0.1) * 15 * DAY
    assert account(search)["cost_standing"] == pytest.approx(paid, rel=1e-12)


def test_who_is_kept_ready_and_never_needed_is_paid_all_along() -> None:
    standby = [{"retainer": 0.5 * MONTH}]
    search = {"candidates": 0, "standby": standby, "acceptance": "0 %", "reply": "1 d"}
    assert account(search)["cost_standing"] == pytest.approx(10 * DAY + 0.5 * 100 * DAY, rel=1e-12)


def test_egress_is_paid_by_the_terabyte() -> None:
    tasks = {
        "move": {
            "after": ["host_found"],
            "data": "20 TB",
            "bandwidth": "10 Gbit/s",
            "cost": 100,
            "cost_per_tb": 90,
        }
    }
    found = account({"candidates": 1, **SURE}, tasks)
    assert found["cost_emergency"] == pytest.approx(100 + 20 * 90, rel=1e-12)


def test_the_cost_is_the_sum_of_its_parts() -> None:
    found = account({"candidates": 1, **SURE})
    parts = found["cost_standing"] + found["cost_emergency"] + found["revenue_lost"]
    assert found["cost"] == pytest.approx(parts, rel=1e-15)
