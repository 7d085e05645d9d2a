"""Asking a supplier to come back: when, how often, beside what, and what its hours are booked under."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario import Scenario
from tests.supplies import causes, downtime, many, platform, played, told


def appealing(appeal: Any, *, events: Any = None, replace: Any = None, **more: Any) -> Scenario:
    """A store that is lost at 100 h, and an appeal."""
    response: dict[str, Any] = {"detection": "0 h", "appeal": {"store": appeal}, **more.pop("response", {})}
    if replace:
        response["replace"] = replace
    more.setdefault("suppliers", ["store"])
    return platform(
        events=events or [{"delist": "store", "at": "100 h"}], response=response, horizon="1000 h", **more
    )


def test_an_appeal_that_is_granted_brings_the_supplier_back() -> None:
    timeline = played(appealing({"review": "200 h", "granted": "100 %"}))
    assert timeline.levels["use"].down() == ((100.0, 300.0),)
    assert causes(timeline) == [("store.appeal", "wait", 200.0)]
    assert told(timeline, "appealed", "appeal granted", "restored") == [
        (100.0, "store", "appealed"), (300.0, "store", "appeal granted"), (300.0, "store", "restored"),
    ]  # fmt: skip
    assert timeline.suppliers["store"][-1] == (300.0, "up")
    assert timeline.players["store"] == ((0.0, ""), (100.0, None), (300.0, ""))


def test_a_refused_appeal_is_made_again_as_often_as_said() -> None:
    timeline = played(appealing({"review": "50 h", "granted": "0 %", "again_after": "30 h", "at_most": 3}))
    assert told(timeline, "appealed") == [(t, "store", "appealed") for t in (100.0, 180.0, 260.0)]
    assert len(told(timeline, "appeal refused")) == 3
    assert downtime(timeline) == 900.0
    # After the last refusal nothing is left but to wait for the supplier itself.
    assert causes(timeline) == [("store", "supplier", 900.0)]


def test_an_appeal_that_the_horizon_cuts_is_what_the_time_is_spent_on() -> None:
    timeline = played(appealing({"review": "5000 h", "granted": "100 %"}))
    assert [(c.cause, c.hours, c.censored) for c in timeline.causes] == [("store.appeal", 900.0, True)]


def test_each_application_has_draws_of_its_own() -> None:
    appeal = {"review": {"mean": "30 h"}, "granted": "40 %", "again_after": {"mean": "10 h"}, "at_most": 9}
    counts = set()
    for timeline in many(appealing(appeal), blocks=1):
        made = [t for t, _, _ in told(timeline, "appealed")]
        counts.add(len(made))
        assert sum(c.hours for c in timeline.causes) == pytest.approx(downtime(timeline), abs=1e-9)
        if told(timeline, "appeal granted"):
            assert {c.cause for c in timeline.causes} == {"store.appeal"}
    assert {1, 2, 3, 4} <= counts


def test_an_appeal_may_wait_for_what_another_role_does() -> None:
    replace = {"host": {"tasks": {"moderation": {"takes": "70 h"}}}}
    events = [{"suspend": "host", "at": "90 h"}, {"delist": "store", "at": "100 h"}]
    appeal = {"after": ["host.moderation"], "review": "10 h", "granted": "100 %"}
    timeline = played(appealing(appeal, events=events, replace=replace, suppliers=["host", "store"]))
    assert told(timeline, "appealed") == [(160.0, "store", "appealed")]
    assert causes(timeline) == [("host.moderation", "task", 70.0), ("store.appeal", "wait", 10.0)]


def test_an_appeal_may_wait_for_what_is_done_for_the_same_role() -> None:
    replace = {"store": {"tasks": {"moderation": {"takes": "70 h"}, "clone": {"takes": "600 h"}}}}
    appeal = {"after": ["store.moderation"], "review": "10 h", "granted": "100 %"}
    for events in (
        [{"delist": "store", "at": "100 h"}],
        [{"delist": "store", "at": "100 h", "notice": "9 h"}],
    ):
        timeline = played(appealing(appeal, events=events, replace=replace))
        begun = 100.0 - 9.0 * ("notice" in events[0])
        assert told(timeline, "appealed") == [(begun + 70.0, "store", "appealed")]
        assert told(timeline, "abandoned") == [(begun + 80.0, "store", "abandoned")]


def test_an_appeal_starts_with_the_notice_and_can_prevent_the_loss() -> None:
    events = [{"delist": "store", "at": "100 h", "notice": "60 h"}]
    timeline = played(appealing({"review": "50 h", "granted": "100 %"}, events=events))
    assert timeline.levels["use"].down() == ()
    assert told(timeline, "without effect") == [(100.0, "store", "without effect")]
    assert timeline.suppliers["store"][-1] == (90.0, "up")


def test_an_appeal_that_waits_for_the_loss_is_made_when_it_comes() -> None:
    events = [{"delist": "store", "at": "100 h", "notice": "60 h"}]
    after = {"after": ["outage"], "review": "50 h", "granted": "100 %"}
    assert told(played(appealing(after, events=events)), "appealed") == [(100.0, "store", "appealed")]
    waits = appealing({"review": "50 h", "granted": "100 %"}, events=events, response={"starts": "outage"})
    assert told(played(waits), "appealed") == [(100.0, "store", "appealed")]


def test_who_is_replaced_first_is_not_asked_any_more() -> None:
    replace = {"store": {"tasks": {"clone": {"takes": "20 h"}}}}
    timeline = played(appealing({"review": "50 h", "granted": "100 %"}, replace=replace))
    assert told(timeline, "appeal granted") == []
    assert downtime(timeline) == 20.0
    assert [r.end for r in timeline.records if r.name == "appeal"] == [120.0]


@pytest.mark.parametrize(("returns", "end"), [("abandon", "up"), ("continue", "replaced")])
def test_what_becomes_of_the_replacement_when_the_appeal_succeeds_first(returns: str, end: str) -> None:
    replace = {"store": {"tasks": {"clone": {"takes": "200 h"}}, "if_supplier_returns": returns}}
    timeline = played(appealing({"review": "50 h", "granted": "100 %"}, replace=replace))
    assert downtime(timeline) == 50.0
    assert timeline.suppliers["store"][-1][1] == end


def test_an_appeal_is_what_there_is_to_wait_for_when_no_store_is_left() -> None:
    replace = {"store": {"search": {"candidates": 1, "acceptance": "0 %", "reply": "10 h"}}}
    timeline = played(appealing({"review": "300 h", "granted": "100 %"}, replace=replace))
    assert downtime(timeline) == 300.0
    assert causes(timeline) == [("store.appeal", "wait", 300.0)]


def test_nobody_appeals_against_an_outage_or_a_closed_account() -> None:
    outage = [{"outage": "store", "at": "100 h", "lasts": "50 h"}]
    closed = [{"terminate": "store", "at": "100 h"}]
    for events in (outage, closed):
        timeline = played(appealing({"review": "10 h", "granted": "100 %"}, events=events))
        assert told(timeline, "appealed") == []


def test_the_next_loss_is_another_appeal_with_the_next_draws() -> None:
    events = [{"delist": "store", "at": "100 h"}, {"delist": "store", "at": "500 h", "id": "again"}]
    timeline = played(appealing({"review": {"mean": "20 h"}, "granted": "100 %"}, events=events))
    lengths = [r.end - r.start for r in timeline.records if r.name == "appeal"]
    assert len(lengths) == 2
    assert lengths[0] != lengths[1]
