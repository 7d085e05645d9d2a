"""The realised critical path: what every hour of downtime is booked on."""

from __future__ import annotations

from typing import Any

from tests.supplies import causes, platform, played


def two(*events: dict[str, Any], needs: Any = None, horizon: str = "1000 h", **replace: Any) -> Any:
    """Suppliers a, b and c, which `use` needs all of unless told."""
    response = {"detection": "1 h", "replace": replace}
    capabilities = {"use": needs or {"needs": ["a", "b", "c"]}}
    return platform(
        suppliers=("a", "b", "c"),
        capabilities=capabilities,
        events=events,
        response=response,
        horizon=horizon,
    )


def lost(role: str, at: int, **more: str) -> dict[str, Any]:
    return {"suspend": role, "at": f"{at} h", **more}


FIX = {"tasks": {"fix": {"takes": "20 h"}}}


def test_the_path_goes_back_over_what_finished_last() -> None:
    tasks = {
        "short": {"takes": "2 h"}, "long": {"takes": "9 h"},
        "join": {"after": ["short", "long"], "takes": "4 h"}, "aside": {"after": ["short"], "takes": "3 h"},
    }  # fmt: skip
    assert causes(played(two(lost("a", 100), a={"tasks": tasks}))) == [
        ("a.detection", "wait", 1.0), ("a.long", "task", 9.0), ("a.join", "task", 4.0),
    ]  # fmt: skip


def test_ties_follow_the_file() -> None:
    tasks = {
        "second": {"takes": "5 h"},
        "first": {"takes": "5 h"},
        "join": {"after": ["first", "second"], "takes": "1 h"},
    }
    assert causes(played(two(lost("a", 100), a={"tasks": tasks})))[1] == ("a.second", "task", 5.0)


def test_a_head_start_counts_for_nothing() -> None:
    assert causes(played(two(lost("a", 100, notice="12 h"), a=FIX))) == [("a.fix", "task", 8.0)]


def test_where_a_later_loss_ends_the_walk_it_goes_on_with_the_first() -> None:
    """`b` falls while `a` is being replaced and is back last; until it fell, `a` kept the service down."""
    timeline = played(two(lost("a", 100), lost("b", 110), a=FIX, b={"tasks": {"mend": {"takes": "30 h"}}}))
    assert timeline.levels["use"].down() == ((100.0, 141.0),)
    assert causes(timeline) == [
        ("a.detection", "wait", 1.0), ("a.fix", "task", 9.0),
        ("b.detection", "wait", 1.0), ("b.mend", "task", 30.0),
    ]  # fmt: skip


def test_a_supplier_nobody_replaces_is_a_cause_itself() -> None:
    events = [lost("a", 100), {"restore": "a", "at": "130 h"}, lost("b", 120)]
    assert causes(played(two(*events, b=FIX))) == [
        ("a", "supplier", 20.0), ("b.detection", "wait", 1.0), ("b.fix", "task", 20.0),
    ]  # fmt: skip


def test_a_supplier_whose_part_another_plays_is_nobodys_cause() -> None:
    """`a` has been gone for long, but `b` does its part; then `c` falls, and then `b` for a while."""
    needs = {"needs": [{"any": ["a", "b"]}, "c"]}
    events = [lost("a", 10), lost("c", 100), {"outage": "b", "at": "105 h", "lasts": "50 h"}]
    timeline = played(two(*events, needs=needs, c=FIX))
    assert timeline.levels["use"].down() == ((100.0, 155.0),)
    assert causes(timeline) == [("c.detection", "wait", 1.0), ("c.fix", "task", 4.0), ("b", "supplier", 50.0)]


def test_at_the_horizon_only_what_is_still_needed_counts() -> None:
    """`a` is unfinished since long, but `b` does its part; what is still needed is `c`."""
    needs = {"needs": [{"any": ["a", "b"]}, "c"]}
    timeline = played(two(lost("a", 10), lost("c", 100), needs=needs, horizon="200 h"))
    assert causes(timeline) == [("c", "supplier", 100.0)]


def test_at_the_horizon_the_unfinished_record_that_began_first_counts() -> None:
    events = [lost("a", 100), lost("b", 110)]
    slow = {"tasks": {"first": {"takes": "30 h"}, "then": {"after": ["first"], "takes": "900 h"}}}
    other = {"tasks": {"mend": {"takes": "900 h"}}}
    timeline = played(two(*events, horizon="200 h", a=slow, b=other))
    assert [(c.cause, c.hours, c.censored) for c in timeline.causes] == [
        ("a.detection", 1.0, False), ("a.first", 9.0, False),
        ("b.detection", 1.0, False), ("b.mend", 89.0, True),
    ]  # fmt: skip


def test_a_wait_for_engineers_goes_back_to_what_made_the_task_ready() -> None:
    response = {"detection": "1 h", "engineers": 1, "replace": {
        "a": {"tasks": {"long": {"takes": "50 h"}}},
        "b": {"tasks": {
            "prepare": {"takes": "5 h"}, "mend": {"after": ["prepare"], "takes": "7 h"}}}}}  # fmt: skip
    capabilities = {"use": {"needs": ["b"]}, "other": {"needs": ["a"]}}
    events = [lost("a", 100), lost("b", 110)]
    timeline = played(
        platform(suppliers=("a", "b"), capabilities=capabilities, events=events, response=response)
    )
    assert causes(timeline) == [
        ("b.detection", "wait", 1.0), ("b.prepare", "wait", 40.0),
        ("b.prepare", "task", 5.0), ("b.mend", "task", 7.0),
    ]  # fmt: skip


def test_every_capability_has_causes_of_its_own_and_counts_its_outages() -> None:
    capabilities = {"use": {"needs": ["a"]}, "more": {"needs": ["use", "b"]}}
    events = [{"outage": "a", "at": "10 h", "lasts": "2 h"}, {"outage": "b", "at": "20 h", "lasts": "3 h"}]
    timeline = played(platform(suppliers=("a", "b"), capabilities=capabilities, events=events))
    assert [(c.capability, c.outage, c.cause, c.hours) for c in timeline.causes] == [
        ("use", 0, "a", 2.0), ("more", 0, "a", 2.0), ("more", 1, "b", 3.0),
    ]  # fmt: skip
