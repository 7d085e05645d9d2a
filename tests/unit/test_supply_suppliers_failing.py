"""Failures at random, by small cases with constant laws, so that every instant is known exactly."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from sim.scenario import Scenario
from sim.streams import Draws
from tests.supplies import causes, downtime, many, plan_of, platform, played, record, told

EVERY_90 = {"every": "90 h", "lasts": "10 h"}
WORK = {"tasks": {"rebuild": {"takes": "6 h"}}}


def failing(fails: Any = EVERY_90, **more: Any) -> Scenario:
    return platform(suppliers={"host": {"fails": fails}}, **{"horizon": "400 h", **more})


def respond(detection: str = "1 h", **replace: object) -> dict[str, object]:
    return {"detection": detection, "replace": replace}


def test_a_supplier_fails_and_is_repaired_again_and_again() -> None:
    timeline = played(failing())
    down = ((90.0, 100.0), (190.0, 200.0), (290.0, 300.0), (390.0, 400.0))
    assert timeline.levels["use"].down() == down
    assert causes(timeline) == [("host", "supplier", 10.0)] * 4
    assert told(timeline)[:3] == [
        (90.0, "host", "failed"), (100.0, "host", "repaired"), (190.0, "host", "failed"),
    ]  # fmt: skip
    assert {happening.cause for happening in timeline.happenings} == {"host / fails"}
    assert timeline.suppliers["host"][:3] == ((0.0, "up"), (90.0, "suspended"), (100.0, "up"))


def test_each_failure_has_draws_of_its_own() -> None:
    scenario = failing({"every": {"mean": "20 h"}, "lasts": {"mean": "5 h"}}, horizon="1000 h")
    plan = plan_of(scenario)
    down = plan.run(7).levels["use"].down()
    draws, law = Draws(scenario.seed, 0), scenario.suppliers["host"].fails
    assert law is not None
    time = 0.0
    for number, (start, end) in enumerate(down):
        time += float(law.every.quantile(draws.column("host / fails", number))[7])
        assert start == pytest.approx(time, rel=1e-12)
        time += float(law.lasts.quantile(draws.column("host / lasts", number))[7])
        assert end == pytest.approx(min(time, 1000.0), rel=1e-12)
    assert len(down) > 20


def test_who_is_not_there_cannot_fail_and_starts_anew_afterwards() -> None:
    """The failure due at 90 h is overtaken by the outage from 50 to 95 h; the next is due 90 h later."""
    outage = {"outage": "host", "at": "50 h", "lasts": "45 h"}
    timeline = played(failing(events=[outage]))
    assert timeline.levels["use"].down() == ((50.0, 95.0), (185.0, 195.0), (285.0, 295.0), (385.0, 395.0))


def test_a_failure_that_an_outage_overlaps_ends_with_the_later_of_the_two() -> None:
    outage = {"outage": "host", "at": "95 h", "lasts": "25 h"}
    timeline = played(failing(events=[outage], horizon="200 h"))
    assert timeline.levels["use"].down() == ((90.0, 120.0),)
    assert causes(timeline) == [("host", "supplier", 30.0)]


def test_an_outage_inside_a_failure_ends_nothing() -> None:
    outage = {"outage": "host", "at": "92 h", "lasts": "3 h"}
    assert played(failing(events=[outage], horizon="180 h")).levels["use"].down() == ((90.0, 100.0),)


def test_a_reinstatement_ends_a_failure_and_its_repair_is_out_of_date() -> None:
    """Back at 94 h, so the next failure comes at 184 h; the old repair at 100 h must not end it early."""
    events = [{"restore": "host", "at": "94 h"}]
    timeline = played(failing({"every": "5 h", "lasts": "10 h"}, events=[{"restore": "host", "at": "9 h"}]))
    assert timeline.levels["use"].down()[:2] == ((5.0, 9.0), (14.0, 24.0))
    assert played(failing(events=events)).levels["use"].down()[:2] == ((90.0, 94.0), (184.0, 194.0))


def test_a_failure_during_a_suspension_leaves_the_suspension_as_it_was() -> None:
    events = [{"suspend": "host", "at": "92 h"}, {"restore": "host", "at": "150 h"}]
    timeline = played(failing(events=events, horizon="230 h"))
    assert timeline.levels["use"].down() == ((90.0, 150.0),)


def test_the_operator_responds_as_to_an_outage_that_nobody_announced() -> None:
    timeline = played(failing(response=respond(host=WORK), horizon="180 h"))
    assert timeline.levels["use"].down() == ((90.0, 97.0),)
    assert causes(timeline) == [("host.detection", "wait", 1.0), ("host.rebuild", "task", 6.0)]


def test_a_repair_that_comes_first_ends_the_response() -> None:
    timeline = played(
        failing({"every": "90 h", "lasts": "5 h"}, response=respond(host=WORK), horizon="180 h")
    )
    assert timeline.levels["use"].down() == ((90.0, 95.0),)
    assert record(timeline, "host", "rebuild").end == 95.0
    assert causes(timeline) == [("host", "supplier", 5.0)]


def test_whoever_plays_the_role_may_fail() -> None:
    """Filled anew at 97 h, the replacement fails 90 h after that."""
    timeline = played(failing(response=respond(host=WORK)))
    assert timeline.levels["use"].down() == ((90.0, 97.0), (187.0, 194.0), (284.0, 291.0), (381.0, 388.0))


def test_a_failure_of_no_length_is_not_seen_and_the_next_is_due() -> None:
    scenario = failing({"every": "90 h", "lasts": {"values": ["0 h", "10 h"]}})
    plan = plan_of(scenario)
    seen = [plan.run(k).levels["use"].down() for k in range(20)]
    assert any(len(down) < 4 for down in seen)
    assert all(end - start in {10.0, 400.0 - start} for down in seen for start, end in down)


def test_what_nobody_knows_of_failures_varies_between_replications() -> None:
    fails = {"every": {"mean": "90 h"}, "lasts": "10 h"}
    unknowns = {"suppliers.host.fails.lasts": {"low": "1 h", "high": "9 h"}}
    timelines = [played(failing(fails, unknowns=unknowns, horizon="2000 h"), k) for k in range(3)]
    lengths = [{round(b - a, 9) for a, b in t.levels["use"].down() if b < 2000.0} for t in timelines]
    assert [len(each) for each in lengths] == [1, 1, 1]
    assert len(set.union(*lengths)) == 3


def test_the_world_without_events_is_without_failures() -> None:
    scenario = failing()
    spared = scenario.spared()
    assert spared is not scenario
    assert downtime(played(spared)) == 0.0
    assert spared.spared() is spared
    plain = platform()
    assert plain.spared() is plain


def test_unknown_failures_are_taken_out_too() -> None:
    scenario = failing(unknowns={"suppliers.host.fails.lasts": {"low": "1 h", "high": "9 h"}})
    assert not scenario.spared().unknowns


def test_a_failure_costs_data_only_when_somebody_else_takes_over() -> None:
    host = {"fails": EVERY_90, "holds_data": True}
    more: dict[str, Any] = {"backups": {"every": "24 h"}, "horizon": "180 h"}
    alone = played(platform(suppliers={"host": host}, **more))
    moved = played(platform(suppliers={"host": host}, response=respond(host=WORK), **more))
    assert (alone.data_lost, moved.data_lost, moved.data_loss_window) == ("none", "part", 18.0)


def test_failures_of_one_role_change_nothing_about_another() -> None:
    def lost(**edge: Any) -> list[float]:
        roles = {"host": {"fails": {"every": {"mean": "90 h"}, "lasts": {"mean": "9 h"}}}, "edge": edge}
        able = {"use": {"needs": ["host"]}, "see": {"needs": ["edge"]}}
        scenario = platform(suppliers=roles, capabilities=able, horizon="500 h")
        return [downtime(timeline) for timeline in many(scenario, 1)]

    assert lost() == lost(fails={"every": {"mean": "3 d"}, "lasts": {"mean": "1 d"}})


def test_nothing_of_a_replication_waits_for_the_collector() -> None:
    """Clocks that are still to ring at the horizon must not keep their replication alive."""
    law = {"every": {"mean": "90 h"}, "lasts": {"mean": "9 h"}}
    host = {"fails": law, "needs": ["grid"], "leaves": {"hazard": "0.001 per h", "since": "0 h"}}
    plan = plan_of(
        platform(
            suppliers={"host": host, "grid": {"fails": law}},
            groups={"region": {"members": ["host", "grid"], "fails": law}},
            events=[{"degrade": "host", "at": "10 h", "to": "50 %"}],
            response=respond(host=WORK),
        )
    )
    plan.run(0)
    gc.collect()
    for k in range(20):
        plan.run(k)
    assert gc.collect() < 20
