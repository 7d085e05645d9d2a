"""Suppliers with a common cause: events of a group, its failures, and failures its members have in common."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.scenario import Scenario
from sim.streams import Draws
from tests.supplies import causes, many, plan_of, platform, played, told

WORK = {"tasks": {"rebuild": {"takes": "6 h"}}}
BOTH = {"either": {"needs_any": ["a", "b"]}, "all": {"needs": ["a", "b"]}}
EVERY_90 = {"every": "90 h", "lasts": "10 h"}


def pair(group: Any, own: Any = None, **more: Any) -> Scenario:
    roles = {name: {"fails": own} if own else {} for name in ("a", "b")}
    region = {"region": {"members": ["a", "b"], **group}}
    return platform(suppliers=roles, groups=region, **{"capabilities": BOTH, "horizon": "300 h", **more})


def respond(**replace: object) -> dict[str, object]:
    return {"detection": "0 h", "replace": replace}


# -- set events of a group


def test_an_event_of_a_group_acts_on_each_member() -> None:
    events = [{"suspend": "region", "at": "100 h", "notice": "10 h"}, {"restore": "region", "at": "150 h"}]
    timeline = played(pair({}, events=events))
    assert timeline.levels["either"].down() == ((100.0, 150.0),)
    assert told(timeline) == [
        (90.0, "a", "announced"), (90.0, "b", "announced"), (100.0, "a", "suspended"),
        (100.0, "b", "suspended"), (150.0, "a", "restored"), (150.0, "b", "restored"),
    ]  # fmt: skip
    assert {h.cause for h in timeline.happenings} == {"suspend_region", "restore_region"}


def test_an_outage_of_a_group_is_as_long_for_all_its_members() -> None:
    scenario = pair({}, events=[{"outage": "region", "at": "100 h", "lasts": {"mean": "9 h"}}])
    for k in range(5):
        timeline = played(scenario, k)
        (one,) = timeline.levels["either"].down()
        assert (one,) == timeline.levels["all"].down()


def test_a_group_can_be_degraded() -> None:
    scenario = pair({}, events=[{"degrade": "region", "at": "100 h", "to": "25 %", "lasts": "5 h"}])
    level = played(scenario).levels["all"]
    assert [level.at(t) for t in (99.0, 100.0, 105.0)] == [1.0, 0.25, 1.0]


def test_the_notice_of_a_group_event_may_be_unknown() -> None:
    events = [{"suspend": "region", "at": "100 h", "notice": "10 h"}]
    scenario = pair(
        {}, events=events, unknowns={"events.suspend_region.notice": {"low": "1 h", "high": "9 h"}}
    )
    timelines = [played(scenario, k) for k in range(3)]
    assert len({line.suppliers["a"][1] for line in timelines}) == 3
    assert all(line.suppliers["a"] == line.suppliers["b"] for line in timelines)


def test_the_world_without_events_is_without_those_of_groups() -> None:
    scenario = pair({"fails": EVERY_90}, events=[{"outage": "region", "at": "50 h", "lasts": "5 h"}])
    spared = scenario.spared()
    assert not spared.events
    assert spared.groups["region"].fails is None
    assert played(spared).levels["all"].values == (1.0,)


# -- failures of a group


def test_all_members_fall_and_recover_together() -> None:
    timeline = played(pair({"fails": EVERY_90}, horizon="250 h"))
    assert timeline.levels["either"].down() == ((90.0, 100.0), (190.0, 200.0))
    assert told(timeline)[:4] == [
        (90.0, "a", "failed"), (90.0, "b", "failed"), (100.0, "a", "repaired"), (100.0, "b", "repaired"),
    ]  # fmt: skip
    assert {h.cause for h in timeline.happenings} == {"region / fails"}


def test_a_member_that_is_down_already_stays_down_until_both_are_over() -> None:
    timeline = played(pair({"fails": EVERY_90}, events=[{"outage": "a", "at": "85 h", "lasts": "10 h"}]))
    assert timeline.levels["all"].down()[0] == (85.0, 100.0)
    longer = played(pair({"fails": EVERY_90}, events=[{"outage": "a", "at": "85 h", "lasts": "30 h"}]))
    assert longer.levels["all"].down()[0] == (85.0, 115.0)
    assert longer.levels["either"].down()[0] == (90.0, 100.0)


def test_the_next_failure_of_a_group_does_not_wait_for_its_members() -> None:
    """Unlike a supplier's own: the region fails whether or not somebody in it is suspended."""
    events = [{"suspend": "a", "at": "85 h"}, {"restore": "a", "at": "170 h"}]
    assert played(pair({"fails": EVERY_90}, events=events)).levels["all"].down() == (
        (85.0, 170.0), (190.0, 200.0), (290.0, 300.0),
    )  # fmt: skip


def test_who_has_moved_elsewhere_is_in_the_group_no_more() -> None:
    scenario = pair({"fails": EVERY_90}, response=respond(a=WORK), horizon="250 h")
    timeline = played(scenario)
    assert timeline.levels["either"].down() == ((90.0, 96.0),)
    assert timeline.levels["all"].down() == ((90.0, 100.0), (190.0, 200.0))
    assert causes(timeline, "all") == [("b", "supplier", 10.0)] * 2


def test_a_failure_of_no_length_is_not_seen_and_the_next_is_due() -> None:
    scenario = pair({"fails": {"every": "90 h", "lasts": {"values": ["0 h", "10 h"]}}})
    seen = [played(scenario, k).levels["either"].down() for k in range(20)]
    assert {len(down) for down in seen} >= {1, 2, 3}
    assert all(round(end - start, 9) == 10.0 for down in seen for start, end in down)


def test_a_supplier_in_two_groups_falls_with_either() -> None:
    groups = {
        "region": {"members": ["a", "b"], "fails": {"every": "90 h", "lasts": "10 h"}},
        "owner": {"members": ["a"], "fails": {"every": "95 h", "lasts": "10 h"}},
    }
    timeline = played(platform(suppliers=["a", "b"], capabilities=BOTH, groups=groups, horizon="150 h"))
    assert timeline.levels["all"].down() == ((90.0, 105.0),)
    assert timeline.levels["either"].down() == ((90.0, 100.0),)


# -- failures in common


def test_common_failures_are_a_share_of_the_members_own() -> None:
    """Own ones are 1 / (1 - beta) times as far apart, common ones 1 / beta times."""
    own = {"every": {"mean": "40 h"}, "lasts": "1 h"}
    scenario = pair({"common": "25 %"}, own, horizon="2000 h")
    table = plan_of(scenario).tables
    draws = Draws(scenario.seed, 0)
    law = scenario.suppliers["a"].fails
    assert law is not None
    for name, part in (("a / fails", 0.75), ("b / fails", 0.75), ("region.common / fails", 0.25)):
        hours = [table[name].row(1, k)[0] for k in range(200)]
        np.testing.assert_allclose(hours, law.every.quantile(draws.column(name, 1)) / part, rtol=1e-12)


@pytest.mark.parametrize(("share", "together", "alone"), [("0 %", 0, True), ("100 %", 1, False)])
def test_none_or_all_of_the_failures_in_common(share: str, together: int, alone: bool) -> None:
    own = {"every": {"mean": "40 h"}, "lasts": "1 h"}
    words = [
        {h.cause for h in line.happenings} for line in many(pair({"common": share}, own, horizon="900 h"), 1)
    ]
    assert any("region.common / fails" in each for each in words) == bool(together)
    assert any("a / fails" in each for each in words) == alone


def test_the_share_in_common_may_be_unknown() -> None:
    own = {"every": {"mean": "40 h"}, "lasts": "1 h"}
    unknowns = {"groups.region.common": {"low": "10 %", "high": "90 %"}}
    scenario = pair({"common": "25 %"}, own, unknowns=unknowns)
    hours = np.array([plan_of(scenario).tables["region.common / fails"].row(0, k)[0] for k in range(50)])
    fixed = np.array([plan_of(pair({"common": "25 %"}, own)).tables["region.common / fails"].row(0, k)[0]
                      for k in range(50)])  # fmt: skip
    share = 0.25 * fixed / hours
    assert share.min() > 0.1
    assert share.max() < 0.9
    assert share.std() > 0.1
    assert not scenario.spared().unknowns


def test_common_failures_hit_whoever_plays_a_role() -> None:
    own = {"every": {"mean": "40 h"}, "lasts": "20 h"}
    scenario = pair({"common": "100 %"}, own, response=respond(a=WORK), horizon="900 h")
    for timeline in [played(scenario, k) for k in range(5)]:
        falls = [time for time, entity, event in told(timeline, "failed") if entity == "b"]
        assert [time for time, entity, _ in told(timeline, "failed") if entity == "a"] == falls
