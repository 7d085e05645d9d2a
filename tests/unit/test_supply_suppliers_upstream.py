"""Suppliers of suppliers: who stands on another falls and comes back with it. Exact, with constant laws."""

from __future__ import annotations

from typing import Any

from sim.supply.timeline import Timeline
from tests.supplies import DAY, causes, downtime, many, platform, played, record, told

CHAIN = {"host": {"needs": ["grid"]}, "grid": {"needs": ["plant"]}, "plant": {}}
USE = {"use": {"needs": ["host"]}}
WORK = {"tasks": {"rebuild": {"takes": "6 h"}}}


def respond(detection: str = "1 h", **replace: object) -> dict[str, object]:
    return {"detection": detection, "replace": replace}


def run(*events: Any, suppliers: Any = None, **more: Any) -> Timeline:
    roles = suppliers or {"host": {"needs": ["grid"]}, "grid": {}}
    return played(
        platform(suppliers=roles, **{"capabilities": USE, "horizon": "300 h", **more}, events=events)
    )


OUTAGE = {"outage": "grid", "at": "100 h", "lasts": "20 h"}


def test_who_stands_on_a_supplier_falls_and_comes_back_with_it() -> None:
    timeline = run(OUTAGE)
    assert timeline.levels["use"].down() == ((100.0, 120.0),)
    assert told(timeline) == [
        (100.0, "grid", "outage"), (100.0, "host", "upstream down"),
        (120.0, "grid", "outage over"), (120.0, "host", "upstream back"),
    ]  # fmt: skip
    assert causes(timeline) == [("grid", "supplier", 20.0)]
    assert timeline.suppliers["host"] == ((0.0, "up"), (100.0, "suspended"), (120.0, "up"))


def test_it_goes_down_a_chain() -> None:
    timeline = run({"outage": "plant", "at": "100 h", "lasts": "20 h"}, suppliers=CHAIN)
    assert timeline.levels["use"].down() == ((100.0, 120.0),)
    assert causes(timeline) == [("plant", "supplier", 20.0)]


def test_the_work_that_brings_the_upstream_back_is_what_the_downtime_was_spent_on() -> None:
    timeline = run({"suspend": "plant", "at": "100 h"}, suppliers=CHAIN, response=respond(plant=WORK))
    assert timeline.levels["use"].down() == ((100.0, 107.0),)
    assert causes(timeline) == [("plant.detection", "wait", 1.0), ("plant.rebuild", "task", 6.0)]


def test_what_the_horizon_cuts_is_the_work_on_the_upstream() -> None:
    slow = {"tasks": {"rebuild": {"takes": "900 h"}}}
    timeline = run({"suspend": "plant", "at": "100 h"}, suppliers=CHAIN, response=respond(plant=slow))
    assert causes(timeline) == [("plant.detection", "wait", 1.0), ("plant.rebuild", "task", 199.0)]
    assert timeline.causes[-1].censored
    alone = run({"suspend": "plant", "at": "100 h"}, suppliers=CHAIN)
    assert causes(alone) == [("plant", "supplier", 200.0)]


def test_any_of_two_upstreams_is_enough() -> None:
    roles = {"host": {"needs": [{"any": ["a", "b"]}]}, "a": {}, "b": {}}
    events = [
        {"outage": "a", "at": "100 h", "lasts": "50 h"},
        {"outage": "b", "at": "120 h", "lasts": "10 h"},
        {"outage": "b", "at": "140 h", "lasts": "30 h"},
    ]
    timeline = run(*events, suppliers=roles)
    assert timeline.levels["use"].down() == ((120.0, 130.0), (140.0, 150.0))
    assert causes(timeline) == [("b", "supplier", 10.0), ("a", "supplier", 10.0)]


def test_two_of_three_upstreams() -> None:
    roles = {"host": {"needs": {"at_least": 2, "of": ["a", "b", "c"]}}, "a": {}, "b": {}, "c": {}}
    events = [
        {"outage": name, "at": f"{at} h", "lasts": "50 h"}
        for name, at in zip("abc", (10, 30, 40), strict=True)
    ]
    assert run(*events, suppliers=roles).levels["use"].down() == ((30.0, 80.0),)


def test_an_own_outage_beside_that_of_the_upstream_ends_with_the_later() -> None:
    own = {"outage": "host", "at": "90 h", "lasts": "15 h"}
    timeline = run(own, OUTAGE)
    assert timeline.levels["use"].down() == ((90.0, 120.0),)
    assert causes(timeline) == [("host", "supplier", 10.0), ("grid", "supplier", 20.0)]
    late = {"outage": "host", "at": "110 h", "lasts": "25 h"}
    timeline = run(late, OUTAGE)
    assert timeline.levels["use"].down() == ((100.0, 135.0),)
    assert causes(timeline) == [("host", "supplier", 35.0)]


def test_a_reinstatement_does_not_help_while_the_upstream_is_down() -> None:
    events = [{"suspend": "host", "at": "90 h"}, {"restore": "host", "at": "110 h"}]
    timeline = run(OUTAGE, *events)
    assert timeline.levels["use"].down() == ((90.0, 120.0),)
    assert told(timeline)[-3:] == [
        (110.0, "host", "upstream down"), (120.0, "grid", "outage over"), (120.0, "host", "upstream back"),
    ]  # fmt: skip


def test_whoever_comes_later_stands_on_something_else() -> None:
    again = {"outage": "grid", "at": "200 h", "lasts": "20 h", "id": "again"}
    timeline = run(OUTAGE, again, response=respond(host=WORK))
    assert timeline.levels["use"].down() == ((100.0, 107.0),)
    assert causes(timeline) == [("host.detection", "wait", 1.0), ("host.rebuild", "task", 6.0)]


def test_an_upstream_that_is_back_first_ends_the_response() -> None:
    slow = {"tasks": {"rebuild": {"takes": "50 h"}}}
    timeline = run(OUTAGE, response=respond(host=slow))
    assert timeline.levels["use"].down() == ((100.0, 120.0),)
    assert record(timeline, "host", "rebuild").end == 120.0


def test_what_is_lost_with_its_upstream_has_not_decided_to_leave_and_loses_no_data() -> None:
    roles = {"host": {"needs": ["grid"], "holds_data": True}, "grid": {}}
    timeline = run({"suspend": "grid", "at": "100 h"}, {"restore": "grid", "at": "130 h"}, suppliers=roles)
    assert (timeline.data_lost, timeline.data_loss_window) == ("none", 0.0)


def test_who_was_replaced_before_the_fall_does_not_fall() -> None:
    letter = {"suspend": "host", "at": "110 h", "notice": "50 h"}
    timeline = run(letter, OUTAGE, response=respond(host=WORK))
    assert downtime(timeline) == 0.0


def test_two_suppliers_on_one_line_fall_together() -> None:
    roles = {"a": {"needs": ["line"]}, "b": {"needs": ["line"]}, "line": {}}
    able = {"use": {"needs_any": ["a", "b"]}}
    outage = {"outage": "line", "at": "50 h", "lasts": "9 h"}
    timeline = run(outage, suppliers=roles, capabilities=able)
    assert causes(timeline) == [("line", "supplier", 9.0)]


def test_attribution_adds_up_whatever_fails_when() -> None:
    law = {"every": {"mean": "60 h"}, "lasts": {"mean": "20 h"}}
    roles = {
        "host": {"needs": ["grid"], "fails": law},
        "grid": {"needs": [{"any": ["a", "b"]}], "fails": law},
        "a": {"fails": law},
        "b": {"fails": law},
    }
    response = respond(grid={"tasks": {"move": {"takes": {"mean": "9 h"}}}}, a=WORK)
    able = {"use": {"needs": ["host"]}, "see": {"needs_any": ["host", "a"]}}
    scenario = platform(suppliers=roles, capabilities=able, response=response, horizon="600 h")
    for timeline in many(scenario, 1):
        for name, level in timeline.levels.items():
            for outage, (start, end) in enumerate(level.down()):
                parts = [c.hours for c in timeline.causes if (c.capability, c.outage) == (name, outage)]
                assert abs(sum(parts) - (end - start)) < 1e-9
                assert min(parts) > 0.0


def replaced(upstream: list[dict[str, Any]], needs: list[str]) -> list[tuple[float, float]]:
    """Days without service: the host goes on day 10, is replaced on day 15 by one that may need the grid."""
    replace = {"host": {**({"needs": needs} if needs else {}), "tasks": {"move": {"takes": "5 d"}}}}
    scenario = platform(
        suppliers={"host": {}, "grid": {}},
        capabilities={"use": {"needs": ["host"]}, "light": {"needs": ["grid"]}},
        events=[{"suspend": "host", "at": "10 d"}, *upstream],
        response={"detection": "0 h", "replace": replace},
        horizon="60 d",
    )
    timeline = next(iter(many(scenario, blocks=1)))
    return [(start / DAY, end / DAY) for start, end in timeline.levels["use"].down()]


def test_the_upstream_of_the_new_host_drops_it_and_the_platform_with_it() -> None:
    """The new host is lost on day 20 and replaced again by day 25, by one that stands on the same."""
    gone = [{"suspend": "grid", "at": "20 d"}]
    assert replaced(gone, ["grid"]) == [(10.0, 15.0), (20.0, 60.0)]
    assert replaced(gone, []) == [(10.0, 15.0)]


def test_a_new_host_that_stands_on_what_is_down_already_does_not_serve_until_that_is_back() -> None:
    """Whoever comes stands on the same; the outage below it ends on day 18."""
    away = [{"outage": "grid", "at": "12 d", "lasts": "6 d"}]
    assert replaced(away, ["grid"]) == [(10.0, 18.0)]


def test_the_first_host_does_not_stand_on_what_the_second_will() -> None:
    early = [{"outage": "grid", "at": "2 d", "lasts": "3 d"}]
    assert replaced(early, ["grid"]) == [(10.0, 15.0)]
