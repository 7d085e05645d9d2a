"""What work takes against what was planned: preparation, lock-in, and optimism."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.supply.forecast import forecast
from tests.supplies import DAY, many, platform


def down(task: dict[str, Any], replacement: dict[str, Any] | None = None, **response: Any) -> list[float]:
    """Days without the host in 200 runs; it goes unannounced and one task brings it back."""
    replace = {"host": {"tasks": {"move": task}, **(replacement or {})}}
    scenario = platform(
        events=[{"suspend": "host", "at": "10 d"}],
        response={"detection": "0 h", "replace": replace, **response},
    )
    return [
        sum(end - start for start, end in one.levels["use"].down()) / DAY for one in many(scenario, blocks=1)
    ]


def test_services_that_have_to_be_replaced_one_by_one_add_up() -> None:
    task = {
        "takes": "4 d",
        "lock_in": {
            "queue": {"takes": "3 d"},
            "database": {"takes": {"low": "1 d", "likely": "2 d", "high": "3 d"}},
        },
    }
    found = down(task)
    assert min(found) >= 8.0
    assert max(found) <= 10.0
    assert np.ptp(found) > 0.5


def test_what_is_prepared_is_taken_off_the_services_too() -> None:
    task = {"takes": "4 d", "lock_in": {"queue": {"takes": "4 d"}}}
    assert down(task, {"prepared": "25 %"}) == pytest.approx([6.0] * 200)


def test_plans_are_too_short_by_one_factor_in_all_work_of_a_run() -> None:
    tasks = {"first": {"takes": "2 d"}, "second": {"after": ["first"], "takes": "3 d"}}
    response = {
        "detection": "0 h",
        "replace": {"host": {"tasks": tasks}},
        "optimism": {"median": 2, "p90": 5},
    }
    scenario = platform(events=[{"suspend": "host", "at": "10 d"}], response=response)
    for timeline in many(scenario, blocks=1):
        took = {r.name: r.end - r.start for r in timeline.records if r.kind == "task" and r.end < 1e4}
        if len(took) == 2:
            assert took["second"] / took["first"] == pytest.approx(1.5, rel=1e-12)


def test_half_of_the_runs_take_longer_than_the_median_factor_says() -> None:
    """200 runs: a share of 0.5 has a standard error of 0.035, so 4 of them see 0.14."""
    found = np.array(down({"takes": "5 d"}, optimism={"median": 2, "p90": 5}))
    assert abs(np.mean(found > 10.0) - 0.5) < 0.14


def test_what_others_do_is_not_slowed_by_the_operators_optimism() -> None:
    assert down({"takes": "5 d", "engineers": 0}, optimism="3") == pytest.approx([5.0] * 200)


def test_the_forecast_is_the_plan_without_the_optimism() -> None:
    response = {"detection": "0 h", "replace": {"host": {"tasks": {"move": {"takes": "5 d"}}}}, "optimism": 3}
    scenario = platform(events=[{"suspend": "host", "at": "10 d"}], response=response)
    ((start, end),) = forecast(scenario).levels["use"].down()
    assert (end - start) / DAY == pytest.approx(5.0)
