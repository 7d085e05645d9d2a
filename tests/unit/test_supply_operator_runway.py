"""How long the operator holds out: what stops when it gives up, and how the time after that is booked."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario import Scenario
from tests.supplies import causes, downtime, platform, played, told


def holding_out(runway: Any, *, events: Any = None, response: Any = None, **more: Any) -> Scenario:
    """A host whose replacement takes 500 h, lost at 100 h."""
    response = response or {"replace": {"host": {"tasks": {"move": {"takes": "500 h"}}}}}
    return platform(
        events=events or [{"suspend": "host", "at": "100 h"}],
        response={"detection": "0 h", "runway": runway, **response},
        horizon="1000 h",
        **more,
    )


def test_the_operator_gives_up_when_the_service_has_been_down_for_too_long() -> None:
    timeline = played(holding_out("200 h"))
    assert told(timeline, "gave up") == [(300.0, "operator", "gave up")]
    assert [(c.cause, c.kind, c.hours, c.censored) for c in timeline.causes] == [
        ("host.move", "task", 200.0, False), ("gave up", "search", 700.0, True),
    ]  # fmt: skip
    assert timeline.levels["use"].down() == ((100.0, 1000.0),)


def test_who_is_done_in_time_does_not_give_up() -> None:
    timeline = played(holding_out("501 h"))
    assert told(timeline, "gave up") == []
    assert downtime(timeline) == 500.0


def test_at_the_very_moment_the_operator_gives_up_before_it_has_finished() -> None:
    """Both are acts of the operator; the one that was set first comes first."""
    assert downtime(played(holding_out("500 h"))) in {500.0, 900.0}


def test_the_stretch_begins_anew_when_the_service_was_up_between() -> None:
    events = [
        {"outage": "host", "at": "100 h", "lasts": "150 h"},
        {"outage": "host", "at": "300 h", "lasts": "150 h", "id": "again"},
    ]
    assert told(played(holding_out("200 h", events=events)), "gave up") == []
    whole = [
        {"outage": "host", "at": "100 h", "lasts": "150 h"},
        {"outage": "host", "at": "250 h", "lasts": "150 h", "id": "again"},
    ]
    assert told(played(holding_out("200 h", events=whole)), "gave up") == [(300.0, "operator", "gave up")]


def test_what_only_another_capability_loses_is_no_reason_to_give_up() -> None:
    capabilities = {"use": {"needs": ["host"]}, "install": {"needs": ["use", "store"]}}
    events = [{"delist": "store", "at": "100 h"}]
    scenario = holding_out(
        "200 h",
        events=events,
        capabilities=capabilities,
        suppliers=["host", "store"],
        response={"replace": {}},
    )
    assert told(played(scenario), "gave up") == []


def test_a_supplier_may_come_back_by_itself_after_all() -> None:
    events = [{"suspend": "host", "at": "100 h"}, {"restore": "host", "at": "700 h"}]
    timeline = played(holding_out("200 h", events=events))
    assert timeline.levels["use"].down() == ((100.0, 700.0),)
    assert causes(timeline) == [("host", "supplier", 600.0)]


def test_nobody_responds_to_what_comes_after() -> None:
    events = [
        {"suspend": "host", "at": "100 h"},
        {"restore": "host", "at": "400 h"},
        {"suspend": "host", "at": "500 h", "notice": "50 h", "id": "again"},
    ]
    appeal = {"host": {"review": "400 h", "granted": "100 %", "after": ["outage"]}}
    timeline = played(holding_out("200 h", events=events, response={"appeal": appeal}))
    assert timeline.levels["use"].down() == ((100.0, 400.0), (500.0, 1000.0))
    assert told(timeline, "appealed") == [(100.0, "host", "appealed")]
    assert [r.end for r in timeline.records if r.name == "appeal"] == [300.0]


def test_searches_and_waits_end_too_and_the_hours_add_up() -> None:
    search = {"candidates": 9, "acceptance": "0 %", "reply": "70 h"}
    timeline = played(holding_out("200 h", response={"replace": {"host": {"search": search}}}))
    assert causes(timeline) == [("host.search", "search", 200.0), ("gave up", "search", 700.0)]
    assert timeline.contacted == 3
    assert sum(c.hours for c in timeline.causes) == pytest.approx(downtime(timeline))


def test_each_run_holds_out_for_as_long_as_its_own_draw_says() -> None:
    scenario = holding_out({"low": "10 h", "high": "100 h"})
    times = {told(played(scenario, k), "gave up")[0][0] for k in range(5)}
    assert len(times) == 5
    assert all(110 <= at <= 200 for at in times)
