"""The world without what takes suppliers away: what goes, what stays, and when it is the same world."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario import Scenario
from tests.supplies import platform

FAILS = {"every": {"mean": "90 d"}, "lasts": "6 h"}
WORK = {"work": {"after": ["host_found"], "takes": "1 d"}}


def searching(**search: Any) -> Scenario:
    replace = {"host": {"search": {"candidates": 3, **search}, "tasks": WORK}}
    return platform(response={"replace": replace})


def test_where_nothing_can_be_taken_away_it_is_the_same_scenario() -> None:
    groups = {"region": {"members": ["host"]}}
    for scenario in (
        platform(suppliers={"host": {"needs": ["grid"]}, "grid": {}}, groups=groups),
        platform(events=[{"restore": "host", "at": "5 d"}]),
        searching(standby=[{"name": "second"}]),
    ):
        assert scenario.spared() is scenario


@pytest.mark.parametrize(
    "host",
    [
        {"fails": FAILS},
        {"leaves": {"hazard": "1 % per day", "since": "0 d"}},
        {"leaves_again": "1 % per day"},
    ],
)
def test_what_a_supplier_does_of_itself_goes_and_the_rest_stays(host: dict[str, Any]) -> None:
    scenario = platform(suppliers={"host": {**host, "needs": ["grid"], "monthly_cost": 7}, "grid": {}})
    spared = scenario.spared()
    supplier = spared.suppliers["host"]
    assert (supplier.fails, supplier.leaves, supplier.leaves_again) == (None, None, 0.0)
    assert (supplier.needs, supplier.monthly_cost) == (scenario.suppliers["host"].needs, 7.0)
    assert spared.suppliers["grid"] is scenario.suppliers["grid"]
    assert spared.spared() is spared


@pytest.mark.parametrize("group", [{"fails": FAILS}, {"common": "10 %"}])
def test_what_befalls_a_group_goes_and_the_group_stays(group: dict[str, Any]) -> None:
    roles = {name: {"fails": FAILS} for name in ("a", "b")}
    spared = platform(suppliers=roles, groups={"region": {"members": ["a", "b"], **group}}).spared()
    region = spared.groups["region"]
    assert (region.fails, region.common, region.members) == (None, None, ("a", "b"))


def test_a_degradation_and_a_termination_go_with_what_they_cause() -> None:
    events: list[Any] = [
        {"degrade": "host", "at": "5 d", "to": "40 %"},
        {"terminate": "host", "at": "6 d"},
        {"surge": "users", "at": "7 d", "times": 2, "fades_over": "1 d", "because": "degrade_host"},
        {"surge": "users", "at": "8 d", "times": 2, "fades_over": "1 d", "id": "own"},
    ]
    assert [event.id for event in platform(events=events).spared().events] == ["own"]


@pytest.mark.parametrize(
    "search",
    [
        {"drops": "1 % per day"},
        {"candidates": [{"name": "one"}, {"name": "two", "drops": "1 % per day"}]},
        {"standby": [{"name": "one", "drops": "1 % per day"}]},
        {"fallback": [{"name": "one", "drops": "1 % per day"}]},
    ],
)
def test_nobody_who_has_taken_over_drops_the_platform(search: dict[str, Any]) -> None:
    scenario = searching(**search)
    spared = scenario.spared()
    found = spared.response.replace["host"].search
    assert spared is not scenario
    assert found is not None
    assert found.drops == 0.0
    listed = found.candidates if isinstance(found.candidates, tuple) else ()
    assert all(one.drops == 0.0 for one in (*listed, *found.standby, *found.fallback))
    assert spared.spared() is spared


def test_unknowns_go_with_what_they_are_about() -> None:
    unknowns: dict[str, Any] = {
        "suppliers.host.fails.lasts": {"low": "1 h", "high": "9 h"},
        "suppliers.host.leaves_again": {"low": "1 % per day", "high": "2 % per day"},
        "suppliers.host.monthly_cost": {"low": 5, "high": 9},
        "response.replace.host.search.drops": {"low": "1 % per day", "high": "2 % per day"},
        "response.replace.host.search.reply.mean": {"low": "1 h", "high": "9 h"},
    }
    replace = {"host": {"search": {"candidates": 3}, "tasks": WORK}}
    scenario = platform(
        suppliers={"host": {"fails": FAILS}}, response={"replace": replace}, unknowns=unknowns
    )
    assert set(scenario.spared().unknowns) == {
        "suppliers.host.monthly_cost", "response.replace.host.search.reply.mean",
    }  # fmt: skip
