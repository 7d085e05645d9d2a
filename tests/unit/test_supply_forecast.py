"""The forecast: what the operator would have announced."""

from __future__ import annotations

import pytest

from sim.supply.forecast import forecast
from tests.supplies import DAY, platform

TASKS = {
    "set_up": {"after": ["host_found"], "takes": {"low": "1 d", "likely": "3 d", "high": "5 d"}},
    "load": {"after": ["set_up"], "takes": {"median": "2 d", "p90": "9 d"}},
}


def downtime(search: dict[str, object]) -> float:
    """Days without the service, to plan."""
    response = {"detection": "12 h", "replace": {"host": {"search": search, "tasks": TASKS}}}
    timeline = forecast(platform(events=[{"suspend": "host", "at": "10 d"}], response=response))
    ((start, end),) = timeline.levels["use"].down()
    return (end - start) / DAY


@pytest.mark.parametrize("acceptance", ["1 %", "99 %", {"mean": "20 %", "correlation": 0.3}])
def test_to_plan_the_first_who_is_asked_agrees_after_the_median_time(acceptance: object) -> None:
    """12 h until it is seen, a reply of 24 h ln 2, then 3 d (the middle of a symmetric law) and 2 d."""
    search = {"candidates": 8, "acceptance": acceptance, "reply": {"mean": "24 h"}}
    assert downtime(search) == pytest.approx(0.5 + 0.6931471805599453 + 3.0 + 2.0, rel=1e-9)


def test_to_plan_nobody_agrees_who_never_would() -> None:
    search = {"candidates": 8, "acceptance": "0 %", "reply": "1 d"}
    response = {"replace": {"host": {"search": search, "tasks": TASKS}}}
    timeline = forecast(platform(events=[{"suspend": "host", "at": "10 d"}], response=response))
    ((_, end),) = timeline.levels["use"].down()
    assert end == timeline.horizon
