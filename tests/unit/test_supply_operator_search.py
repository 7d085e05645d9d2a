"""Who is asked when, and what a yes is worth: tiers, batches, lead, capacity, publicity, what is spared."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario import Scenario
from sim.supply.timeline import Timeline
from tests.supplies import causes, platform, played, record, told


def says(name: str, reply: str, yes: bool = False, **more: Any) -> dict[str, Any]:
    """A candidate that says so after a while."""
    return {"name": name, "reply": reply, "acceptance": "100 %" if yes else "0 %", **more}


def searching(
    *, tasks: Any = None, events: Any = None, horizon: str = "1000 h", prepared: str = "0 %", **search: Any
) -> Scenario:
    """A search, and perhaps tasks, after a loss at 100 h that is seen at once."""
    replacement = {"search": {"candidates": [], **search}, "tasks": tasks or {}, "prepared": prepared}
    return platform(
        events=events or [{"suspend": "host", "at": "100 h"}],
        response={"detection": "0 h", "replace": {"host": replacement}},
        horizon=horizon,
    )


def asked(timeline: Timeline) -> list[tuple[float, str]]:
    """When each was asked."""
    return [(t, who.rsplit(".", 1)[-1]) for t, who, event in told(timeline) if event == "asked"]


def test_who_stands_by_is_asked_first_and_all_at_once_and_the_last_resort_last() -> None:
    timeline = played(
        searching(
            standby=[says("near", "10 h"), says("far", "30 h")],
            candidates=[says("a", "5 h"), says("b", "5 h")],
            fallback=[says("own", "1 h", yes=True)],
        )
    )
    assert asked(timeline) == [(100, "near"), (100, "far"), (130, "a"), (135, "b"), (140, "own")]
    assert (timeline.contacted, timeline.refused) == (5, 4)
    assert causes(timeline) == [("host.search", "search", 41.0)]


def test_a_standby_that_agrees_spares_the_list() -> None:
    timeline = played(
        searching(standby=[says("near", "10 h", yes=True), says("far", "30 h", yes=True)], candidates=8)
    )
    assert asked(timeline) == [(100, "near"), (100, "far")]
    assert timeline.players["host"] == ((0.0, ""), (100.0, None), (110.0, "near"))


def test_several_at_once_from_the_list_never_mix_with_those_who_stand_by() -> None:
    candidates = [says(name, "5 h") for name in "abc"]
    timeline = played(searching(standby=[says("near", "10 h")], candidates=candidates, at_once=2))
    assert asked(timeline) == [(100, "near"), (110, "a"), (110, "b"), (115, "c")]


def test_a_batch_is_over_when_all_of_it_have_answered() -> None:
    candidates = [says(name, f"{n} h") for n, name in ((5, "a"), (20, "b"), (3, "c"), (4, "d"))]
    timeline = played(searching(candidates=candidates, at_once=2, batches=True))
    assert asked(timeline) == [(100, "a"), (100, "b"), (120, "c"), (120, "d")]
    rolling = played(searching(candidates=candidates, at_once=2))
    assert asked(rolling) == [(100, "a"), (100, "b"), (105, "c"), (108, "d")]


def test_of_a_batch_the_first_yes_wins() -> None:
    candidates = [says("slow", "20 h", yes=True), says("quick", "5 h", yes=True), says("last", "1 h")]
    timeline = played(searching(candidates=candidates, at_once=2, batches=True))
    assert told(timeline, "accepted", "withdrawn") == [
        (105.0, "host.candidate.quick", "accepted"),
        (105.0, "host.candidate.slow", "withdrawn"),
    ]


def test_nameless_candidates_of_each_tier_have_names_of_their_own() -> None:
    refuse = {"acceptance": "0 %", "reply": "1 h"}
    timeline = played(searching(standby=[refuse], candidates=[refuse, refuse], fallback=[refuse]))
    assert [who for _, who, _ in told(timeline, "asked")] == [
        "host.candidate.standby.1", "host.candidate.1", "host.candidate.2", "host.candidate.fallback.1",
    ]  # fmt: skip


def test_the_lead_lies_between_the_yes_and_the_work() -> None:
    tasks = {"set_up": {"after": ["host_found"], "takes": "7 h"}, "copy": {"takes": "3 h"}}
    timeline = played(searching(candidates=[says("a", "5 h", yes=True, lead="30 h")], tasks=tasks))
    assert causes(timeline) == [("host.search", "search", 5.0), ("host.lead", "wait", 30.0),
                                ("host.set_up", "task", 7.0)]  # fmt: skip
    assert record(timeline, "host", "lead", "wait").end == 135.0


def test_a_lead_that_the_horizon_cuts_is_the_cause() -> None:
    timeline = played(searching(candidates=[says("a", "5 h", yes=True, lead="300 h")], horizon="200 h"))
    assert [(c.cause, c.hours, c.censored) for c in timeline.causes] == [
        ("host.search", 5.0, False), ("host.lead", 95.0, True),
    ]  # fmt: skip


def test_a_lead_ends_when_the_supplier_itself_returns() -> None:
    events = [{"suspend": "host", "at": "100 h"}, {"restore": "host", "at": "120 h"}]
    candidates = [says("a", "5 h", yes=True, lead="300 h")]
    timeline = played(searching(candidates=candidates, events=events))
    assert record(timeline, "host", "lead", "wait").end == 120.0
    assert timeline.levels["use"].down() == ((100.0, 120.0),)
    assert timeline.suppliers["host"][-1] == (120.0, "up")


def test_machines_of_ones_own_are_a_last_resort_that_accepts_for_certain_and_takes_long() -> None:
    own = says("own_machines", "1 d", yes=True, lead="75 d")
    timeline = played(searching(candidates=[says("a", "12 h")], fallback=[own], horizon="200 d"))
    assert timeline.levels["use"].down() == ((100.0, 100.0 + 12 + 24 + 75 * 24),)


def test_capacity_is_what_the_candidate_can_carry_from_then_on() -> None:
    events = [
        {"suspend": "host", "at": "100 h"},
        {"outage": "host", "at": "200 h", "lasts": "0.5 h"},
    ]
    candidates = [says("small", "5 h", yes=True, capacity="60 %")]
    level = played(searching(candidates=candidates, events=events)).levels["use"]
    assert (level.at(104), level.at(105), level.at(199), level.at(200)) == (0.0, 0.6, 0.6, 0.0)
    assert level.at(201) == 0.6


def test_capacity_scales_the_ramp() -> None:
    scenario = platform(
        events=[{"suspend": "host", "at": "100 h"}],
        response={
            "detection": "0 h",
            "replace": {
                "host": {
                    "search": {"candidates": [says("small", "0 h", yes=True, capacity="50 %")]},
                    "ramp_up": {"first": "20 %", "takes": "10 h"},
                }
            },
        },
    )
    level = played(scenario).levels["use"]
    assert [level.at(t) for t in (100, 105, 110, 150)] == pytest.approx([0.1, 0.3, 0.5, 0.5])


def test_what_was_back_before_anybody_was_found_is_carried_by_who_is_found() -> None:
    tasks = {"page": {"after": ["outage"], "takes": "1 h"}, "move": {"after": ["host_found"], "takes": "5 h"}}
    scenario = platform(
        capabilities={"use": {"needs": ["host"]}, "read": {"needs": ["host"]}},
        events=[{"suspend": "host", "at": "100 h"}],
        response={
            "detection": "0 h",
            "replace": {
                "host": {
                    "search": {"candidates": [says("small", "10 h", yes=True, capacity="50 %")]},
                    "tasks": tasks,
                    "restores": {"read": ["page"]},
                }
            },
        },
    )
    level = played(scenario).levels["read"]
    assert [level.at(t) for t in (100, 101, 114, 115)] == [0.0, 1.0, 1.0, 0.5]


TASKS: dict[str, Any] = {
    "export": {"takes": "40 h", "cost": 7},
    "set_up": {"after": ["host_found"], "takes": "20 h", "cost": 100},
    "restore": {"after": ["set_up", "export"], "takes": "30 h", "cost": 10},
    "announce": {"after": ["restore"], "takes": "2 h", "always": True, "cost": 1},
}


def test_tasks_that_a_candidate_spares_count_as_done_when_it_is_found() -> None:
    near = says("near", "5 h", yes=True, skips=["set_up", "restore"])
    timeline = played(searching(standby=[near], tasks=TASKS))
    assert causes(timeline)[-1] == ("host.export", "task", 40.0)  # the rest still waits for the export
    assert timeline.levels["use"].down() == ((100.0, 140.0),)
    assert record(timeline, "host", "announce").start == 105.0
    assert timeline.spent == 8


def test_with_everything_spared_work_under_way_is_put_down_and_only_what_is_always_done_remains() -> None:
    timeline = played(searching(standby=[says("near", "5 h", yes=True, skips="everything")], tasks=TASKS))
    assert causes(timeline) == [("host.search", "search", 5.0), ("host.announce", "task", 2.0)]
    assert record(timeline, "host", "export").end == 105.0
    assert ("host.export", "spared") in [(who, event) for _, who, event in told(timeline)]
    assert timeline.spent == 8  # the export had been begun


def test_engineers_of_a_task_that_is_spared_go_to_whoever_waits() -> None:
    tasks = {
        "export": {"takes": "40 h", "engineers": 2},
        "wait": {"takes": "9 h", "engineers": 2},
        "announce": {"after": ["host_found"], "takes": "2 h", "always": True, "engineers": 2},
    }
    scenario = platform(
        events=[{"suspend": "host", "at": "100 h"}],
        response={
            "detection": "0 h",
            "engineers": 2,
            "replace": {
                "host": {
                    "search": {
                        "candidates": [],
                        "standby": [says("near", "5 h", yes=True, skips="everything")],
                    },
                    "tasks": tasks,
                }
            },
        },
    )
    timeline = played(scenario)
    assert timeline.levels["use"].down() == ((100.0, 107.0),)
    assert record(timeline, "host", "wait", "wait").end == 105.0


def test_publicity_lowers_the_chance_with_each_supplier_that_has_left() -> None:
    """The notice goes out before anybody has left, so the first is asked before, the second after."""
    events = [{"suspend": "host", "at": "100 h", "notice": "10 h"}]
    sure = [{"acceptance": "0 %", "reply": "20 h"}, {"acceptance": "100 %", "reply": "1 h"}]
    for publicity, yes in (("0 %", True), ("100 %", False)):
        timeline = played(searching(candidates=sure, publicity=publicity, events=events))
        assert ("accepted" in [event for _, _, event in told(timeline)]) is yes
    first = [{"acceptance": "100 %", "reply": "20 h"}]
    timeline = played(searching(candidates=first, publicity="100 %", events=events))
    assert told(timeline, "accepted") == [(110.0, "host.candidate.1", "accepted")]


def test_what_is_prepared_shortens_every_task_and_every_transfer() -> None:
    tasks = {
        "set_up": {"after": ["host_found"], "takes": "10 h"},
        "move": {"after": ["set_up"], "data": "3.6 TB", "bandwidth": "1 Gbit/s", "utilisation": "80 %"},
    }
    timeline = played(searching(candidates=[says("a", "5 h", yes=True)], tasks=tasks, prepared="30 %"))
    assert record(timeline, "host", "set_up").end == 112.0
    assert record(timeline, "host", "move").end == pytest.approx(112.0 + 7.0, abs=1e-9)


def test_moving_data_costs_by_the_terabyte() -> None:
    tasks = {"move": {"after": ["host_found"], "data": "50 TB", "bandwidth": "1 Gbit/s", "cost": 5,
                      "cost_per_tb": 90}}  # fmt: skip
    timeline = played(searching(candidates=[says("a", "5 h", yes=True)], tasks=tasks))
    assert timeline.spent == pytest.approx(5 + 50 * 90)


def test_the_books_say_who_served_from_when_on() -> None:
    events = [
        {"suspend": "host", "at": "100 h"},
        {"outage": "host", "at": "200 h", "lasts": "0.5 h"},
        {"suspend": "host", "at": "300 h", "id": "again"},
    ]
    timeline = played(searching(candidates=[says("a", "5 h", yes=True)], events=events))
    assert timeline.players["host"] == (
        (0.0, ""), (100.0, None), (105.0, "a"), (200.0, None), (200.5, "a"), (300.0, None), (305.0, "a"),
    )  # fmt: skip


def test_who_takes_over_during_the_notice_serves_from_then_on() -> None:
    events = [{"suspend": "host", "at": "100 h", "notice": "30 h"}]
    timeline = played(searching(standby=[says("near", "5 h", yes=True)], events=events))
    assert timeline.players["host"] == ((0.0, ""), (75.0, "near"))
    assert timeline.levels["use"].down() == ()
