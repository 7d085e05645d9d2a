"""Tasks: precedence, engineers, transfers, stages, and what is put down when the supplier returns."""

from __future__ import annotations

from typing import Any

import pytest

from tests.supplies import causes, downtime, platform, played, record, told


def working(
    tasks: Any, *, engineers: int | None = None, events: Any = None, horizon: str = "1000 h", **more: Any
) -> Any:
    """Tasks after a loss at 100 h that is seen at once."""
    response: dict[str, Any] = {"detection": "0 h", "replace": {"host": {"tasks": tasks, **more}}}
    if engineers is not None:
        response["engineers"] = engineers
    return platform(events=events or [{"suspend": "host", "at": "100 h"}], response=response, horizon=horizon)


def test_a_task_waits_for_all_it_comes_after() -> None:
    tasks = {
        "a": {"takes": "3 h"}, "b": {"takes": "5 h"},
        "c": {"after": ["a", "b"], "takes": "2 h"}, "d": {"after": ["a"], "takes": "1 h"},
    }  # fmt: skip
    timeline = played(working(tasks))
    assert (record(timeline, "host", "c").start, record(timeline, "host", "d").start) == (105.0, 103.0)
    assert causes(timeline) == [("host.b", "task", 5.0), ("host.c", "task", 2.0)]


def test_a_transfer_takes_volume_over_the_used_part_of_the_line() -> None:
    tasks = {"copy": {"data": "70 TB", "bandwidth": "10 Gbit/s", "utilisation": "70 %"}}
    assert downtime(played(working(tasks))) == pytest.approx(70e12 * 8 / (10e9 * 0.7) / 3600, rel=1e-12)


def test_milestones() -> None:
    events = [{"suspend": "host", "at": "100 h", "notice": "30 h"}]
    tasks = {
        "on_notice": {"after": ["notice"], "takes": "1 h"}, "plain": {"takes": "1 h"},
        "on_outage": {"after": ["outage"], "takes": "1 h"},
        "found": {"after": ["host_found"], "takes": "1 h"},
    }  # fmt: skip
    search = {"candidates": 1, "acceptance": "100 %", "reply": "12 h"}
    timeline = played(working(tasks, events=events, search=search))
    starts = {r.name: r.start for r in timeline.records if r.kind == "task"}
    assert starts == {"on_notice": 70.0, "plain": 70.0, "on_outage": 100.0, "found": 82.0}


def test_without_notice_all_milestones_wait_for_the_detection() -> None:
    response = {"detection": "6 h", "replace": {"host": {"tasks": {
        "a": {"after": ["notice"], "takes": "1 h"},
        "b": {"after": ["outage"], "takes": "2 h"}}}}}  # fmt: skip
    timeline = played(platform(events=[{"suspend": "host", "at": "100 h"}], response=response))
    assert record(timeline, "host", "a").start == record(timeline, "host", "b").start == 106.0
    assert causes(timeline) == [("host.detection", "wait", 6.0), ("host.b", "task", 2.0)]


def test_a_task_takes_all_its_engineers_at_once() -> None:
    tasks = {"a": {"takes": "4 h", "engineers": 2}, "b": {"takes": "4 h", "engineers": 2}}
    timeline = played(working(tasks, engineers=3))
    assert record(timeline, "host", "b").start == 104.0
    assert record(timeline, "host", "b", "wait").start == 100.0
    assert causes(timeline) == [("host.b", "wait", 4.0), ("host.b", "task", 4.0)]


def test_engineers_go_strictly_to_who_came_first() -> None:
    """The small task could start at once beside the first, but stands behind the large one."""
    tasks = {
        "first": {"takes": "4 h", "engineers": 2},
        "large": {"takes": "4 h", "engineers": 3},
        "small": {"takes": "1 h", "engineers": 1},
    }
    timeline = played(working(tasks, engineers=3))
    assert record(timeline, "host", "large").start == 104.0
    assert record(timeline, "host", "small").start == 108.0


def test_what_is_ready_at_one_instant_is_served_in_file_order() -> None:
    """`late` is ready at the same instant as `early`, but through a task whose end is processed first."""
    tasks = {
        "x": {"takes": "3 h"}, "y": {"takes": "3 h"},
        "early": {"after": ["y"], "takes": "5 h", "engineers": 2},
        "late": {"after": ["x"], "takes": "5 h", "engineers": 2},
    }  # fmt: skip
    timeline = played(working(tasks, engineers=2))
    assert (record(timeline, "host", "early").start, record(timeline, "host", "late").start) == (103.0, 108.0)


def test_the_pool_is_shared_by_all_roles_and_orders_them_as_the_file() -> None:
    response = {"detection": "0 h", "engineers": 1, "replace": {
        "b": {"tasks": {"fix": {"takes": "2 h"}}}, "a": {"tasks": {"fix": {"takes": "3 h"}}}}}  # fmt: skip
    events = [{"suspend": "a", "at": "100 h"}, {"suspend": "b", "at": "100 h"}]
    timeline = played(platform(suppliers=("a", "b"), events=events, response=response))
    assert (record(timeline, "b", "fix").start, record(timeline, "a", "fix").start) == (100.0, 102.0)


def test_a_task_may_need_no_engineer() -> None:
    tasks = {"a": {"takes": "4 h", "engineers": 1}, "wait_for_parts": {"takes": "4 h", "engineers": 0}}
    assert record(played(working(tasks, engineers=1)), "host", "wait_for_parts").start == 100.0


RETURN = [{"suspend": "host", "at": "100 h"}, {"restore": "host", "at": "110 h"}]


def test_a_response_is_abandoned_when_the_supplier_returns() -> None:
    tasks = {
        "a": {"takes": "5 h"},
        "b": {"after": ["a"], "takes": "50 h"},
        "c": {"after": ["b"], "takes": "5 h"},
    }
    timeline = played(working(tasks, events=RETURN))
    assert record(timeline, "host", "b").end == 110.0
    assert [r.name for r in timeline.records if r.kind == "task"] == ["a", "b"]
    assert causes(timeline) == [("host", "supplier", 10.0)]
    assert timeline.suppliers["host"][-1] == (110.0, "up")


def test_a_response_may_be_continued_and_then_stands_in() -> None:
    events = [*RETURN, {"suspend": "host", "at": "200 h", "id": "again"}]
    tasks = {"a": {"takes": "55 h"}}
    timeline = played(working(tasks, events=events, if_supplier_returns="continue"))
    assert timeline.levels["use"].down() == ((100.0, 110.0), (200.0, 255.0))
    assert timeline.suppliers["host"] == (
        (0.0, "up"), (100.0, "suspended"), (110.0, "up"),
        (155.0, "replaced"), (200.0, "suspended"), (255.0, "replaced"),
    )  # fmt: skip


def test_a_second_loss_during_a_continued_response_is_no_second_attempt() -> None:
    events = [*RETURN, {"suspend": "host", "at": "120 h", "id": "again"}]
    timeline = played(working({"a": {"takes": "55 h"}}, events=events, if_supplier_returns="continue"))
    assert timeline.levels["use"].down() == ((100.0, 110.0), (120.0, 155.0))
    assert len([r for r in timeline.records if r.kind == "task"]) == 1


def test_a_response_to_a_letter_goes_on_when_an_outage_in_between_ends() -> None:
    events = [
        {"suspend": "host", "at": "200 h", "notice": "100 h"},
        {"outage": "host", "at": "110 h", "lasts": "5 h"},
    ]
    timeline = played(working({"a": {"takes": "150 h"}}, events=events))
    assert timeline.levels["use"].down() == ((110.0, 115.0), (200.0, 250.0))
    assert timeline.suppliers["host"][-3:] == ((115.0, "notice"), (200.0, "suspended"), (250.0, "replaced"))


def two_roles(at: str) -> Any:
    """A long task of `a` holds both engineers and is abandoned when `a` returns; then `b` gets them."""
    response = {"detection": "0 h", "engineers": 2, "replace": {
        "a": {"tasks": {"long": {"takes": "500 h", "engineers": 2}}},
        "b": {"tasks": {"fix": {"takes": "3 h", "engineers": 1}}}}}  # fmt: skip
    events = [{"suspend": "a", "at": "100 h"}, {"suspend": "b", "at": "101 h"}, {"restore": "a", "at": at}]
    return platform(suppliers=("a", "b"), events=events, response=response)


def test_cancelled_work_puts_its_engineers_back() -> None:
    timeline = played(two_roles("140 h"))
    assert record(timeline, "b", "fix").start == 140.0
    assert record(timeline, "b", "fix", "wait").end == 140.0


def test_a_cancelled_request_lets_the_next_in_line_through() -> None:
    """`big` waits for three engineers and blocks `small`; when `b` returns, `small` starts at once."""
    response = {"detection": "0 h", "engineers": 3, "replace": {
        "a": {"tasks": {"long": {"takes": "500 h", "engineers": 2}}},
        "b": {"tasks": {"big": {"takes": "3 h", "engineers": 3}}},
        "c": {"tasks": {"small": {"takes": "3 h", "engineers": 1}}}}}  # fmt: skip
    events = [{"suspend": name, "at": f"{at} h"} for name, at in (("a", 100), ("b", 101), ("c", 102))]
    timeline = played(
        platform(
            suppliers=("a", "b", "c"), events=[*events, {"restore": "b", "at": "120 h"}], response=response
        )
    )
    assert record(timeline, "c", "small").start == 120.0
    assert record(timeline, "b", "big", "wait").end == 120.0


def crossing(*events: dict[str, Any], horizon: str = "1000 h", **more: Any) -> Any:
    """`store` reopens after the host's `moderate`."""
    response = {"detection": "0 h", **more, "replace": {
        "host": {"tasks": {"moderate": {"takes": "40 h"}, "rest": {"takes": "60 h"}}},
        "store": {"tasks": {"review": {"after": ["host.moderate"], "takes": "5 h"}}}}}  # fmt: skip
    capabilities = {"use": {"needs": ["host"]}, "install": {"needs": ["store"]}}
    return platform(
        suppliers=("host", "store"),
        capabilities=capabilities,
        events=events,
        response=response,
        horizon=horizon,
    )


HOST = {"suspend": "host", "at": "100 h"}
STORE = {"suspend": "store", "at": "110 h"}


def test_a_task_may_wait_for_a_task_of_another_role() -> None:
    timeline = played(crossing(HOST, STORE))
    assert record(timeline, "store", "review").start == 140.0
    assert causes(timeline, "install") == [("host.moderate", "task", 30.0), ("store.review", "task", 5.0)]


def test_nobody_waits_for_the_replacement_of_who_serves() -> None:
    timeline = played(crossing(STORE))
    assert record(timeline, "store", "review").start == 110.0


def test_nobody_waits_any_more_when_the_other_supplier_returns() -> None:
    timeline = played(crossing(HOST, STORE, {"restore": "host", "at": "120 h"}))
    assert record(timeline, "store", "review").start == 120.0
    assert causes(timeline, "install") == [("host", "supplier", 10.0), ("store.review", "task", 5.0)]


def test_a_wait_for_another_role_that_the_horizon_cuts_is_booked_on_what_it_waits_for() -> None:
    timeline = played(crossing(HOST, STORE, horizon="130 h"))
    assert [(c.cause, c.hours, c.censored) for c in timeline.causes if c.capability == "install"] == [
        ("host.moderate", 20.0, True)
    ]


STAGES = {
    "page": {"takes": "6 h"},
    "data": {"takes": "40 h"},
    "login": {"after": ["data"], "takes": "8 h"},
}


def staged(events: Any = None, **more: Any) -> Any:
    capabilities = {
        "all": {"needs": ["host"]},
        "see": {"needs": ["host"]},
        "read": {"needs": ["see", "host"]},
    }
    response = {"detection": "0 h", "replace": {"host": {
        "tasks": STAGES, "restores": {"see": ["page"], "read": ["page", "data"]}, **more}}}  # fmt: skip
    return platform(capabilities=capabilities, events=events or [HOST], response=response)


def test_service_comes_back_in_stages() -> None:
    timeline = played(staged())
    assert [timeline.levels[name].down() for name in ("see", "read", "all")] == [
        ((100.0, 106.0),), ((100.0, 140.0),), ((100.0, 148.0),),
    ]  # fmt: skip
    assert causes(timeline, "see") == [("host.page", "task", 6.0)]
    assert causes(timeline, "read") == [("host.data", "task", 40.0)]
    assert causes(timeline, "all") == [("host.data", "task", 40.0), ("host.login", "task", 8.0)]


def test_stages_that_are_ready_before_the_loss_see_nothing_of_it() -> None:
    timeline = played(staged([{**HOST, "notice": "20 h"}]))
    assert timeline.levels["see"].down() == ()
    assert timeline.levels["read"].down() == ((100.0, 120.0),)
    assert causes(timeline, "read") == [("host.data", "task", 20.0)]


def test_a_stage_is_back_although_nobody_is_left_to_take_over_the_rest() -> None:
    search = {"candidates": 1, "acceptance": "0 %", "reply": "1 h"}
    tasks = {**STAGES, "login": {"after": ["host_found"], "takes": "8 h"}}
    timeline = played(staged(search=search, tasks=tasks))
    assert timeline.levels["see"].down() == ((100.0, 106.0),)
    assert timeline.levels["all"].down() == ((100.0, 9600.0),)


def test_emergency_cost_is_that_of_the_tasks_that_were_begun() -> None:
    tasks = {
        "a": {"takes": "5 h", "cost": 100}, "b": {"takes": "500 h", "cost": 10},
        "c": {"after": ["b"], "takes": "1 h", "cost": 1},
    }  # fmt: skip
    assert played(working(tasks, horizon="200 h")).spent == 110.0


def test_happenings_are_in_order_of_time() -> None:
    times = [h[0] for h in told(played(two_roles("140 h")))]
    assert times == sorted(times)


def test_engineers_granted_to_work_that_is_put_down_at_the_same_instant_are_not_lost() -> None:
    """`b` and `c` return at one instant: what `b` no longer blocks goes to `c`, which no longer wants it."""
    response = {"detection": "0 h", "engineers": 3, "replace": {
        "a": {"tasks": {"long": {"takes": "500 h", "engineers": 2}}},
        "b": {"tasks": {"big": {"takes": "3 h", "engineers": 3}}},
        "c": {"tasks": {"small": {"takes": "3 h", "engineers": 1}}},
        "d": {"tasks": {"last": {"takes": "3 h", "engineers": 1}}}}}  # fmt: skip
    events = [
        {"suspend": name, "at": f"{at} h"} for name, at in (("a", 100), ("b", 101), ("c", 102), ("d", 130))
    ]
    events += [{"restore": "b", "at": "120 h"}, {"restore": "c", "at": "120 h"}]
    timeline = played(platform(suppliers=("a", "b", "c", "d"), events=events, response=response))
    assert not [r for r in timeline.records if r.name == "small" and r.kind == "task"]
    assert record(timeline, "d", "last").start == 130.0


def test_a_task_that_became_ready_when_its_own_supplier_returned_is_not_begun() -> None:
    """`host` and `store` return at one instant: nobody reviews any more."""
    scenario = crossing(
        HOST, STORE, {"restore": "host", "at": "120 h"}, {"restore": "store", "at": "120 h"}, engineers=2
    )
    timeline = played(scenario)
    assert not [r for r in timeline.records if r.name == "review"]
    assert timeline.levels["install"].down() == ((110.0, 120.0),)


def test_a_wait_for_engineers_that_the_horizon_cuts_is_what_is_unfinished() -> None:
    tasks = {"a": {"takes": "500 h", "engineers": 2}}
    response = {"detection": "0 h", "engineers": 2, "replace": {
        "host": {"tasks": tasks}, "store": {"tasks": {"b": {"takes": "1 h"}}}}}  # fmt: skip
    capabilities = {"use": {"needs": ["host"]}, "install": {"needs": ["store"]}}
    timeline = played(platform(suppliers=("host", "store"), capabilities=capabilities, events=[HOST, STORE],
                               response=response, horizon="200 h"))  # fmt: skip
    assert [(c.cause, c.kind, c.hours, c.censored) for c in timeline.causes if c.capability == "install"] == [
        ("store.b", "wait", 90.0, True)
    ]
    assert not record(timeline, "store", "b", "wait").finished


def waiting_for(host: dict[str, Any], *, detection: str = "0 h") -> list[tuple[str, float, bool]]:
    """What `install` still waits for at the horizon; the review comes after the host's `last`."""
    response = {"detection": detection, "replace": {
        "host": host, "store": {"tasks": {"review": {"after": ["host.last"], "takes": "5 h"}}}}}  # fmt: skip
    capabilities = {"use": {"needs": ["host"]}, "install": {"needs": ["store"]}}
    timeline = played(platform(suppliers=("host", "store"), capabilities=capabilities, horizon="200 h",
                               events=[HOST, {**STORE, "notice": "5 h"}], response=response))  # fmt: skip
    return [(c.cause, c.hours, c.censored) for c in timeline.causes if c.capability == "install"]


def test_what_is_waited_for_at_the_horizon_is_found_through_other_roles() -> None:
    search = {"candidates": 1, "acceptance": "100 %", "reply": "500 h"}
    chain = {"first": {"takes": "20 h"}, "last": {"after": ["host_found", "first"], "takes": "9 h"}}
    assert waiting_for({"search": search, "tasks": chain}) == [("host.search", 90.0, True)]
    refused = {**search, "acceptance": "0 %", "reply": "50 h"}
    assert waiting_for({"search": refused, "tasks": chain}) == [
        ("host.search", 40.0, False), ("no host left", 50.0, True),
    ]  # fmt: skip


def test_a_loss_that_nobody_has_noticed_yet_is_waited_for_too() -> None:
    """The store's review waits for a host whose loss is still unseen at the horizon."""
    assert waiting_for({"tasks": {"last": {"takes": "1 h"}}}, detection="400 h") == [("host", 90.0, True)]
