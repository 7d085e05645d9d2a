"""Suppliers that can do less, and accounts that are closed for good: exact, with constant laws."""

from __future__ import annotations

from typing import Any

import pytest

from sim.supply.timeline import Level, Timeline
from tests.supplies import causes, downtime, platform, played, told

WORK = {"tasks": {"rebuild": {"takes": "10 h"}}}


def respond(**replace: object) -> dict[str, object]:
    return {"detection": "0 h", "replace": replace}


def steps(level: Level) -> list[tuple[float, float]]:
    return list(zip(level.times, level.values, strict=True))


def degraded(*events: Any, **more: Any) -> Timeline:
    return played(platform(events=events, **{"horizon": "300 h", **more}))


SLOW = {"degrade": "host", "at": "100 h", "to": "40 %", "lasts": "50 h"}


def test_a_degraded_supplier_serves_a_share_and_nobody_responds() -> None:
    timeline = degraded(SLOW, response=respond(host=WORK))
    assert steps(timeline.levels["use"]) == [(0.0, 1.0), (100.0, 0.4), (150.0, 1.0)]
    assert downtime(timeline) == 0.0
    assert not timeline.records
    assert not timeline.causes
    assert timeline.suppliers["host"] == ((0.0, "up"),)
    assert told(timeline) == [(100.0, "host", "degraded"), (150.0, "host", "degradation over")]


def test_without_an_end_it_lasts_until_the_horizon() -> None:
    timeline = degraded({"degrade": "host", "at": "100 h", "to": "40 %"})
    assert steps(timeline.levels["use"]) == [(0.0, 1.0), (100.0, 0.4)]


def test_a_reinstatement_ends_it() -> None:
    timeline = degraded(SLOW, {"restore": "host", "at": "120 h"})
    assert steps(timeline.levels["use"]) == [(0.0, 1.0), (100.0, 0.4), (120.0, 1.0)]
    assert told(timeline) == [(100.0, "host", "degraded"), (120.0, "host", "restored")]


def test_two_at_once_leave_the_product_of_their_shares() -> None:
    more = {"degrade": "host", "at": "120 h", "to": "50 %", "lasts": "100 h"}
    timeline = degraded(SLOW, more)
    found = [(0.0, 1.0), (100.0, 0.4), (120.0, 0.2), (150.0, 0.5), (220.0, 1.0)]
    assert steps(timeline.levels["use"]) == found


def test_who_comes_back_from_an_outage_is_still_degraded() -> None:
    timeline = degraded(SLOW, {"outage": "host", "at": "110 h", "lasts": "20 h"})
    found = [(0.0, 1.0), (100.0, 0.4), (110.0, 0.0), (130.0, 0.4), (150.0, 1.0)]
    assert steps(timeline.levels["use"]) == found
    assert causes(timeline) == [("host", "supplier", 20.0)]


def test_one_that_ends_during_an_outage_is_over_when_the_supplier_is_back() -> None:
    timeline = degraded(SLOW, {"outage": "host", "at": "110 h", "lasts": "60 h"})
    assert steps(timeline.levels["use"]) == [(0.0, 1.0), (100.0, 0.4), (110.0, 0.0), (170.0, 1.0)]


def test_whoever_takes_over_serves_in_full() -> None:
    timeline = degraded(SLOW, {"suspend": "host", "at": "110 h"}, response=respond(host=WORK))
    assert steps(timeline.levels["use"]) == [(0.0, 1.0), (100.0, 0.4), (110.0, 0.0), (120.0, 1.0)]
    assert told(timeline, "degradation over") == []


def test_who_took_over_can_be_degraded_too_and_keeps_its_ramp() -> None:
    """The ramp rises from 0 at 20 h to 1 at 60 h; from 40 h on only half of it is served."""
    events = [{"suspend": "host", "at": "10 h"}, {"degrade": "host", "at": "40 h", "to": "50 %"}]
    ramped = {**WORK, "ramp_up": {"takes": "40 h"}}
    level = degraded(*events, response=respond(host=ramped)).levels["use"]
    assert [level.at(t) for t in (19, 20, 30, 39.9, 40, 50, 60, 90)] == pytest.approx(
        [0.0, 0.0, 0.25, 0.4975, 0.25, 0.375, 0.5, 0.5]
    )


def test_a_share_of_a_load_shared_by_two() -> None:
    able = {"use": {"shares": {"a": "70 %", "b": "70 %"}}}
    event = {"degrade": "a", "at": "10 h", "to": "50 %"}
    level = degraded(event, suppliers=["a", "b"], capabilities=able).levels["use"]
    assert level.at(20.0) == pytest.approx(1.0)  # 0.35 + 0.7 is still enough
    event["to"] = "20 %"
    assert degraded(event, suppliers=["a", "b"], capabilities=able).levels["use"].at(20.0) == pytest.approx(
        0.84
    )


def test_what_is_left_may_be_unknown() -> None:
    unknowns = {"events.degrade_host.to": {"low": "20 %", "high": "60 %"}}
    scenario = platform(events=[SLOW], unknowns=unknowns)
    left = {played(scenario, k).levels["use"].at(110.0) for k in range(5)}
    assert len(left) == 5
    assert all(0.2 < share < 0.6 for share in left)


def test_the_world_without_events_is_not_degraded() -> None:
    scenario = platform(events=[SLOW])
    assert played(scenario.spared()).levels["use"].values == (1.0,)


# -- accounts closed for good


def test_a_closed_account_cannot_be_reinstated() -> None:
    timeline = degraded({"terminate": "host", "at": "100 h"}, {"restore": "host", "at": "150 h"})
    assert timeline.levels["use"].down() == ((100.0, 300.0),)
    assert told(timeline) == [(100.0, "host", "terminated"), (150.0, "host", "account gone")]


def test_one_that_is_suspended_first_cannot_either() -> None:
    events = [{"suspend": "host", "at": "90 h"}, {"terminate": "host", "at": "100 h"}]
    timeline = degraded(*events, {"restore": "host", "at": "150 h"})
    assert timeline.levels["use"].down() == ((90.0, 300.0),)


def test_somebody_else_may_play_the_role_and_be_reinstated() -> None:
    events = [
        {"terminate": "host", "at": "100 h", "notice": "2 h"},
        {"suspend": "host", "at": "150 h", "id": "again"},
        {"restore": "host", "at": "155 h"},
    ]
    timeline = degraded(*events, response=respond(host=WORK))
    assert timeline.levels["use"].down() == ((100.0, 108.0), (150.0, 155.0))


def test_a_notice_of_termination_is_a_notice() -> None:
    timeline = degraded({"terminate": "host", "at": "100 h", "notice": "30 h"}, response=respond(host=WORK))
    assert downtime(timeline) == 0.0
    assert told(timeline, "announced", "without effect") == [
        (70.0, "host", "announced"), (100.0, "host", "without effect"),
    ]  # fmt: skip
