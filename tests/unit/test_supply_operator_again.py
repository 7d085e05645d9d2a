"""What is done again: reworked tasks, candidates that withdraw, replacements that leave; and who waits.

Whole numbers of hours, so every time is exact; chances and hazards are so high or so low that what happens
is certain, or so that a few seeds see both.
"""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario import Scenario
from sim.supply.timeline import Timeline
from tests.supplies import causes, downtime, many, plan_of, platform, played, told


def responding(
    replacement: Any,
    *,
    events: Any = None,
    horizon: str = "4000 h",
    engineers: int | None = None,
    **more: Any,
) -> Scenario:
    """A response to a loss at 100 h that is seen at once."""
    response = {"detection": "0 h", "replace": {"host": replacement}, **more.pop("response", {})}
    if engineers:
        response["engineers"] = engineers
    return platform(
        events=events or [{"suspend": "host", "at": "100 h"}], response=response, horizon=horizon, **more
    )


def yes(**more: Any) -> dict[str, Any]:
    """A candidate that accepts."""
    return {"acceptance": "100 %", "reply": "10 h", **more}


# -- rework --------------------------------------------------------------------------------------------------


def test_a_task_that_has_to_be_done_again_is_a_record_each_time_and_costs_again() -> None:
    tasks = {
        "test": {"takes": "10 h", "rework": "60 %", "cost": 3},
        "open": {"after": ["test"], "takes": "1 h"},
    }
    seen = set()
    for timeline in many(responding({"tasks": tasks}), blocks=1):
        done = [r for r in timeline.records if r.name == "test"]
        assert [(r.start, r.end) for r in done] == [(100 + 10 * i, 110 + 10 * i) for i in range(len(done))]
        assert [r.after for r in done] == [(), *((r.id,) for r in done[:-1])]
        assert downtime(timeline) == 10 * len(done) + 1
        assert timeline.spent == 3 * len(done)
        assert len(told(timeline, "to be done again")) == len(done) - 1
        seen.add(len(done))
    assert {1, 2, 3} <= seen


def test_each_time_takes_as_long_as_its_own_draw_says() -> None:
    tasks = {"test": {"takes": {"mean": "10 h"}, "rework": "90 %"}}
    lengths = [r.end - r.start for r in played(responding({"tasks": tasks}), 3).records if r.name == "test"]
    assert len(set(lengths)) == len(lengths) > 2


def test_the_first_time_takes_as_long_as_without_rework() -> None:
    first = [
        next(r.end for r in played(responding({"tasks": {"test": task}}), k).records if r.name == "test")
        for k in range(5)
        for task in ({"takes": {"mean": "10 h"}}, {"takes": {"mean": "10 h"}, "rework": "50 %"})
    ]
    assert first[0::2] == first[1::2]


def test_the_same_engineers_do_it_again() -> None:
    tasks = {
        "test": {"takes": "10 h", "rework": "70 %", "engineers": 2},
        "other": {"takes": "5 h", "engineers": 2},
    }
    for timeline in many(responding({"tasks": tasks}, engineers=2), blocks=1):
        last = max(r.end for r in timeline.records if r.name == "test")
        (other,) = [r for r in timeline.records if r.name == "other" and r.kind == "task"]
        assert other.start == last


# -- starts --------------------------------------------------------------------------------------------------

NOTICE = [{"suspend": "host", "at": "100 h", "notice": "50 h"}]


def test_an_operator_that_waits_for_the_loss_has_no_head_start_but_need_not_notice_it() -> None:
    tasks = {"move": {"takes": "20 h"}}
    early = played(responding({"tasks": tasks}, events=NOTICE))
    assert early.levels["use"].down() == ()
    late = played(
        responding({"tasks": tasks}, events=NOTICE, response={"starts": "outage", "detection": "9 h"})
    )
    assert late.levels["use"].down() == ((100.0, 120.0),)
    assert told(late, "announced", "started") == [(50, "host", "announced"), (100, "host.move", "started")]
    assert late.suppliers["host"][1] == (50.0, "notice")


def test_a_notice_that_nobody_used_saves_no_data() -> None:
    suppliers = {"host": {"kind": "host", "holds_data": True}}
    parts: Any = {"events": NOTICE, "suppliers": suppliers, "backups": {"every": "30 h"}}
    tasks = {"move": {"takes": "20 h"}}
    assert played(responding({"tasks": tasks}, **parts)).data_lost == "none"
    late = played(responding({"tasks": tasks}, response={"starts": "outage"}, **parts))
    assert late.data_lost == "part"
    assert late.data_loss_window == pytest.approx(10.0)


# -- withdrawals ---------------------------------------------------------------------------------------------


def withdrawn(timeline: Timeline) -> list[tuple[float, str]]:
    """When which candidate went back on its word."""
    return [(t, who.rsplit(".", 1)[-1]) for t, who, _ in told(timeline, "withdrew")]


TASKS: dict[str, Any] = {
    "plan": {"takes": "1 h"},
    "set_up": {"after": ["host_found"], "takes": "40 h", "cost": 5},
    "open": {"after": ["set_up", "plan"], "takes": "10 h"},
}


def test_a_candidate_that_withdraws_undoes_what_rests_on_it_and_the_next_is_asked() -> None:
    candidates = [yes(withdraws="3 % per hour"), yes(), yes()]
    replacement = {"search": {"candidates": candidates}, "tasks": TASKS}
    seen = 0
    for timeline in many(responding(replacement), blocks=1):
        left = withdrawn(timeline)
        assert timeline.withdrew == len(left) <= 1
        assert timeline.contacted == 1 + len(left)
        assert sum(c.hours for c in timeline.causes) == pytest.approx(downtime(timeline), abs=1e-9)
        if not left:
            assert downtime(timeline) == 60.0
            continue
        seen += 1
        at = left[0][0]
        assert 110.0 < at < 160.0
        assert downtime(timeline) == pytest.approx(at - 100 + 60.0)  # from the start, with the next
        assert [r.end for r in timeline.records if r.name == "plan"] == [101.0]  # that does not rest on it
        assert len([r for r in timeline.records if r.name == "set_up"]) == 2
        assert timeline.spent == 10
        assert timeline.players["host"][-1][1] == "2"
    assert seen > 100


def test_when_the_last_candidate_withdraws_no_host_is_left() -> None:
    replacement = {"search": {"candidates": [yes(withdraws="100 % per hour")]}, "tasks": TASKS}
    timeline = played(responding(replacement, horizon="200 h"))
    assert len(withdrawn(timeline)) == 1
    assert [c.cause for c in timeline.causes][-1] == "no host left"
    assert sum(c.hours for c in timeline.causes) == pytest.approx(100.0)
    assert timeline.levels["use"].down() == ((100.0, 200.0),)


def test_who_was_told_that_somebody_else_was_found_is_asked_anew() -> None:
    """Both agree, the second after the first; when the first withdraws, the second is asked again."""
    candidates = [yes(withdraws="1000 % per hour"), {"acceptance": "100 %", "reply": {"values": ["30 h"]}}]
    replacement = {"search": {"candidates": candidates, "at_once": 2}, "tasks": TASKS}
    timeline = played(responding(replacement))
    ((at, who),) = withdrawn(timeline)
    assert who == "1"
    assert told(timeline, "asked", "accepted") == [
        (100.0, "host.candidate.1", "asked"), (100.0, "host.candidate.2", "asked"),
        (110.0, "host.candidate.1", "accepted"), (at, "host.candidate.2", "asked"),
        (at + 30.0, "host.candidate.2", "accepted"),
    ]  # fmt: skip
    assert timeline.contacted == 3


def test_a_candidate_may_withdraw_during_its_lead() -> None:
    candidates = [yes(withdraws="100 % per hour", lead="500 h"), yes()]
    timeline = played(responding({"search": {"candidates": candidates}, "tasks": TASKS}))
    ((at, _),) = withdrawn(timeline)
    assert downtime(timeline) == pytest.approx(at - 100 + 60)
    assert [(cause, kind) for cause, kind, _ in causes(timeline)] == [
        ("host.search", "search"), ("host.lead", "wait"), ("host.search", "search"),
        ("host.set_up", "task"), ("host.open", "task"),
    ]  # fmt: skip


def test_stages_that_had_come_back_through_it_fall_again() -> None:
    capabilities = {"use": {"needs": ["host"]}, "read": {"needs": ["host"]}, "page": {"needs": ["host"]}}
    candidates = [yes(withdraws="2 % per hour"), yes()]
    replacement = {
        "search": {"candidates": candidates},
        "tasks": TASKS,
        "restores": {"read": ["set_up"], "page": ["plan"]},
    }
    seen = 0
    for timeline in many(responding(replacement, capabilities=capabilities), blocks=1):
        level = timeline.levels["read"]
        left = withdrawn(timeline)
        assert timeline.levels["page"].down() == ((100.0, 101.0),)  # that did not rest on it
        for name in capabilities:
            booked = sum(c.hours for c in timeline.causes if c.capability == name)
            assert booked == pytest.approx(downtime(timeline, name), abs=1e-9)
        if left and left[0][0] > 150.0:
            seen += 1
            at = left[0][0]
            first, second = level.down()
            assert (first, second[0]) == ((100.0, 150.0), at)
            assert second[1] == pytest.approx(at + 50.0)
            assert [r.start for r in timeline.records if r.name == "withdrawn"] == [at]
        else:
            assert len(level.down()) == 1
    assert seen > 5


def test_engineers_are_put_back_when_a_candidate_withdraws() -> None:
    candidates = [yes(withdraws="50 % per hour"), yes(), yes()]
    tasks = {
        "set_up": {"after": ["host_found"], "takes": "40 h", "engineers": 2},
        "more": {"after": ["host_found"], "takes": "40 h", "engineers": 1},
        "open": {"after": ["set_up", "more"], "takes": "10 h", "engineers": 2},
    }
    timeline = played(responding({"search": {"candidates": candidates}, "tasks": tasks}, engineers=2))
    ((at, _),) = withdrawn(timeline)
    assert downtime(timeline) == pytest.approx(at - 100 + 10 + 40 + 40 + 10)
    assert sum(c.hours for c in timeline.causes) == pytest.approx(downtime(timeline), abs=1e-9)


def test_what_a_candidate_had_spared_has_to_be_done_when_it_withdraws() -> None:
    standby = [yes(name="near", skips=["set_up"], withdraws="50 % per hour")]
    timeline = played(responding({"search": {"standby": standby, "candidates": [yes()]}, "tasks": TASKS}))
    ((at, _),) = withdrawn(timeline)
    assert downtime(timeline) == pytest.approx(at - 100 + 10 + 40 + 10)


def test_who_serves_can_withdraw_no_more() -> None:
    candidates = [yes(withdraws="0.2 % per hour")]
    for timeline in many(responding({"search": {"candidates": candidates}}), blocks=1):
        assert timeline.withdrew == 0
        assert downtime(timeline) == 10.0


def test_a_withdrawal_during_the_notice_costs_only_what_is_left_of_it() -> None:
    events = [{"suspend": "host", "at": "300 h", "notice": "200 h"}]
    candidates = [yes(withdraws="5 % per hour"), yes()]
    for timeline in many(
        responding({"search": {"candidates": candidates}, "tasks": TASKS}, events=events), 1
    ):
        left = withdrawn(timeline)
        ready = (left[0][0] if left else 100.0) + 60.0
        assert downtime(timeline) == pytest.approx(max(ready - 300.0, 0.0))


# -- replacements that leave ---------------------------------------------------------------------------------


def test_a_replacement_that_leaves_is_a_new_loss_and_those_who_refused_are_asked_again() -> None:
    candidates = [
        {"name": "no", "acceptance": "0 %", "reply": "10 h"},
        yes(name="fickle", drops="1 % per hour"),
    ]
    scenario = responding(
        {"search": {"candidates": candidates}}, horizon="500 h", response={"detection": "4 h"}
    )
    timeline = played(scenario)
    drops = [t for t, _, _ in told(timeline, "dropped")]
    assert drops
    assert timeline.levels["use"].down()[0] == (100.0, 124.0)
    assert timeline.levels["use"].down()[1][0] == drops[0]
    assert timeline.levels["use"].down()[1][1] == pytest.approx(min(drops[0] + 24.0, 500.0))
    assert [who for _, who, _ in told(timeline, "asked")][:4] == [
        "host.candidate.no", "host.candidate.fickle", "host.candidate.no", "host.candidate.fickle",
    ]  # fmt: skip
    assert sum(c.hours for c in timeline.causes) == pytest.approx(downtime(timeline), abs=1e-9)


def test_a_replacement_that_leaves_takes_its_data_with_it_and_counts_as_one_that_has_left() -> None:
    suppliers = {"host": {"kind": "host", "holds_data": True}}
    events = [
        {"outage": "host", "at": "0 h", "lasts": "0 h"},
        {"suspend": "host", "at": "100 h", "notice": "99 h"},
    ]
    replacement = {"search": {"candidates": [yes(drops="1 % per hour")], "publicity": "100 %"}}
    timeline = played(responding(replacement, events=events, suppliers=suppliers))
    first = told(timeline, "dropped")[0][0]
    assert told(timeline, "no host left")[0][0] > first
    assert len(told(timeline, "dropped")) == 1


def test_a_replacement_that_has_been_replaced_itself_leaves_nobody() -> None:
    events = [{"suspend": "host", "at": "100 h"}, {"suspend": "host", "at": "120 h", "id": "again"}]
    replacement = {"search": {"candidates": [yes(drops="0.5 % per hour")]}}
    for k in range(30):
        timeline = played(responding(replacement, events=events, horizon="600 h"), k)
        for at, _, _ in told(timeline, "dropped"):
            assert timeline.levels["use"].at(at) == 0.0
            assert timeline.levels["use"].at(at - 1e-6) == 1.0


def test_nobody_drops_the_platform_in_the_world_without_the_events() -> None:
    events = [{"outage": "host", "at": "100 h", "lasts": "50 h", "counterfactual": "kept"}]
    scenario = responding({"search": {"candidates": [yes(drops="10 % per hour")]}}, events=events)
    assert told(played(scenario), "dropped")
    assert told(plan_of(scenario.spared()).run(0), "dropped") == []
