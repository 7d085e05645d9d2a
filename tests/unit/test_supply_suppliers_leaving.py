"""Suppliers that leave of themselves, by cases in which the instants follow from the draws exactly."""

from __future__ import annotations

from math import exp, inf, log1p
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.scenario import Scenario
from sim.streams import Draws
from sim.supply.timeline import Timeline
from tests.supplies import causes, downtime, many, platform, played, told

PAIR = {"either": {"needs_any": ["a", "b"]}, "all": {"needs": ["a", "b"]}}
WORK = {"tasks": {"rebuild": {"takes": "6 h"}}}
HORIZON = 2000.0


def pair(leaves: Any, *events: Any, **more: Any) -> Scenario:
    """Two suppliers; the first is taken away by events, the second may follow."""
    roles = {"a": {}, "b": {"leaves": leaves, **more.pop("b", {})}}
    return platform(
        suppliers=roles, **{"capabilities": PAIR, "horizon": f"{HORIZON} h", **more}, events=list(events)
    )


def threshold(scenario: Scenario, k: int, number: int = 0, role: str = "b") -> float:
    """What the integrated hazard has to reach."""
    return -log1p(-Draws(scenario.seed, 0).column(f"{role} / leaves", number)[k])


def left(timeline: Timeline, role: str = "b") -> float:
    """When the role's supplier first left of itself; infinity if it did not."""
    return min((time for time, entity, _ in told(timeline, "left") if entity == role), default=inf)


SUSPEND = {"suspend": "a", "at": "100 h"}


def expected(time: float) -> float:
    return time if time < HORIZON else inf


def test_a_constant_hazard_begins_with_the_first_set_event() -> None:
    scenario = pair({"hazard": "0.01 per h"}, {"outage": "a", "at": "50 h", "lasts": "1 h"}, SUSPEND)
    for k in range(20):
        assert left(played(scenario, k)) == pytest.approx(expected(100.0 + threshold(scenario, k) / 0.01))


def test_it_may_begin_when_the_scenario_says() -> None:
    scenario = pair({"hazard": "0.01 per h", "since": "7 h"}, SUSPEND)
    for k in range(20):
        assert left(played(scenario, k)) == pytest.approx(expected(7.0 + threshold(scenario, k) / 0.01))


def test_contagion_adds_to_the_hazard_and_stays_unless_it_fades() -> None:
    scenario = pair({"hazard": "0.002 per h", "contagion": "0.01 per h", "since": "0 h"}, SUSPEND)
    for k in range(20):
        need = threshold(scenario, k)
        time = need / 0.002 if need < 0.2 else 100.0 + (need - 0.2) / 0.012
        assert left(played(scenario, k)) == pytest.approx(expected(time))


def test_contagion_that_fades_before_it_is_followed_is_never_followed() -> None:
    """The integral of 0.01 exp(-t / 50 h) is at most 0.5: a share exp(-0.5) of all never leaves."""
    scenario = pair({"contagion": "0.01 per h", "fades_over": "50 h"}, SUSPEND)
    for k in range(40):
        need = threshold(scenario, k)
        time = 100.0 - 50.0 * log1p(-need / 0.5) if need < 0.5 else inf
        assert left(played(scenario, k)) == pytest.approx(expected(time))


def test_who_left_before_it_begins_counts_with_what_has_not_faded_yet() -> None:
    leaves = {"contagion": "0.02 per h", "fades_over": "50 h", "since": "130 h"}
    scenario = pair(leaves, SUSPEND)
    for k in range(40):
        need, most = threshold(scenario, k), 0.02 * 50.0 * exp(-30.0 / 50.0)
        time = 130.0 - 50.0 * log1p(-need / most) if need < most else inf
        assert left(played(scenario, k)) == pytest.approx(expected(time))


def test_an_outage_is_no_example() -> None:
    scenario = pair({"contagion": "1 per h", "since": "0 h"}, {"outage": "a", "at": "100 h", "lasts": "50 h"})
    assert all(left(timeline) == inf for timeline in many(scenario, 1))


def test_a_failure_and_a_lost_upstream_are_no_examples_either() -> None:
    roles = {
        "a": {"fails": {"every": "50 h", "lasts": "5 h"}},
        "c": {"needs": ["a"]},
        "b": {"leaves": {"contagion": "1 per h", "since": "0 h"}},
    }
    assert left(played(platform(suppliers=roles))) == inf


@pytest.mark.parametrize("verb", ["suspend", "terminate", "delist"])
def test_every_decision_is_an_example(verb: str) -> None:
    scenario = pair({"contagion": "0.5 per h"}, {verb: "a", "at": "100 h"})
    assert left(played(scenario)) == pytest.approx(100.0 + threshold(scenario, 0) / 0.5)


def test_it_leaves_like_a_suspension_without_end() -> None:
    scenario = pair({"hazard": "0.1 per h"}, SUSPEND)
    timeline = played(scenario)
    time = left(timeline)
    assert timeline.levels["either"].down() == ((time, HORIZON),)
    assert timeline.suppliers["b"] == ((0.0, "up"), (time, "suspended"))
    assert {h.cause for h in timeline.happenings if h.entity == "b"} == {"b / leaves"}


def test_it_may_say_so_before() -> None:
    scenario = pair({"hazard": "0.1 per h", "notice": "8 h"}, SUSPEND, response={"replace": {"b": WORK}})
    timeline = played(scenario)
    said = 100.0 + threshold(scenario, 0) / 0.1
    assert told(timeline, "announced", "replaced", "without effect") == [
        (said, "b", "announced"), (pytest.approx(said + 6.0), "b", "replaced"),
        (pytest.approx(said + 8.0), "b", "without effect"),
    ]  # fmt: skip
    assert downtime(timeline, "either") == 0.0


def test_the_operator_responds_to_what_nobody_announced() -> None:
    response = {"detection": "1 h", "replace": {"b": WORK}}
    timeline = played(pair({"hazard": "0.1 per h"}, SUSPEND, response=response))
    assert [(cause, kind) for cause, kind, _ in causes(timeline, "either")] == [
        ("b.detection", "wait"), ("b.rebuild", "task"),
    ]  # fmt: skip
    assert downtime(timeline, "either") == pytest.approx(7.0)


def test_who_comes_later_does_not_leave_in_this_way() -> None:
    response = {"detection": "0 h", "replace": {"b": WORK}}
    scenario = pair({"hazard": "1 per h"}, SUSPEND, response=response, b={"leaves_again": "1 per h"})
    for k in range(5):
        assert len(told(played(scenario, k), "left")) == 1


def test_data_go_with_who_leaves() -> None:
    scenario = pair({"hazard": "0.1 per h"}, SUSPEND, b={"holds_data": True}, backups={"every": "24 h"})
    timeline = played(scenario)
    assert timeline.data_lost == "part"
    assert timeline.data_loss_window == pytest.approx(left(timeline) % 24.0)


def test_who_is_suspended_first_does_not_leave_as_well() -> None:
    events = [{"suspend": "b", "at": "100 h", "id": "first"}]
    assert all(left(timeline) == inf for timeline in many(pair({"hazard": "1 per h"}, *events), 1))


def test_a_leaving_that_a_suspension_overtakes_is_out_of_date() -> None:
    """Due at 7 h + threshold / 0.01: where the suspension at 50 h is earlier, it does not come."""
    events = [{"suspend": "b", "at": "50 h"}, {"restore": "b", "at": "60 h"}]
    scenario = pair({"hazard": "0.01 per h", "since": "7 h"}, *events)
    for k in range(20):
        time = 7.0 + threshold(scenario, k) / 0.01
        assert left(played(scenario, k)) == pytest.approx(time if time < 50.0 else inf)


def test_after_a_reinstatement_it_may_leave_again_at_a_hazard_of_its_own() -> None:
    events = [{"suspend": "b", "at": "50 h"}, {"restore": "b", "at": "60 h"}]
    scenario = platform(
        suppliers={"a": {}, "b": {"leaves_again": "0.02 per h"}}, capabilities=PAIR, events=events,
        horizon=f"{HORIZON} h",
    )  # fmt: skip
    for k in range(20):
        time = 60.0 + threshold(scenario, k, number=1) / 0.02
        assert left(played(scenario, k)) == pytest.approx(expected(time))


def test_each_reinstatement_has_a_draw_of_its_own() -> None:
    events = [
        {"suspend": "b", "at": "50 h"},
        {"restore": "b", "at": "60 h"},
        {"suspend": "b", "at": "60.5 h", "id": "second"},
        {"restore": "b", "at": "90 h", "id": "back"},
    ]
    scenario = pair({"hazard": "0.0001 per h"}, *events, b={"leaves_again": "0.001 per h"})
    for k in range(20):
        if threshold(scenario, k, 1) > 0.001:
            time = 90.0 + threshold(scenario, k, number=2) / 0.001
            assert left(played(scenario, k)) == pytest.approx(expected(time))


def test_an_outage_that_ends_is_no_reinstatement() -> None:
    events = [{"outage": "b", "at": "50 h", "lasts": "9 h"}, SUSPEND]
    scenario = pair({"hazard": "0.000001 per h"}, *events, b={"leaves_again": "9 per h"})
    assert left(played(scenario)) == inf


def test_who_leaves_once_more_renews_its_example_and_does_not_double_it() -> None:
    """Left at 100 h, back at 110 h, left again at 150 h: then the hazard is as if it had just left."""
    events = [
        SUSPEND,
        {"restore": "a", "at": "110 h"},
        {"delist": "a", "at": "150 h"},
    ]
    scenario = pair({"contagion": "0.01 per h", "fades_over": "40 h"}, *events)
    first = 0.01 * 40.0 * (1.0 - exp(-50.0 / 40.0))
    for k in range(40):
        need = threshold(scenario, k)
        if need < first:
            time = 100.0 - 40.0 * log1p(-need / 0.4)
        else:
            time = 150.0 - 40.0 * log1p(-(need - first) / 0.4) if need - first < 0.4 else inf
        assert left(played(scenario, k)) == pytest.approx(expected(time))


def test_two_decisions_about_one_supplier_are_one_leaving() -> None:
    events = [SUSPEND, {"delist": "a", "at": "120 h"}]
    once = [left(line) for line in many(pair({"contagion": "0.01 per h"}, SUSPEND), 1)]
    assert [left(line) for line in many(pair({"contagion": "0.01 per h"}, *events), 1)] == once


def test_a_notice_that_came_to_nothing_is_no_example() -> None:
    letter = {"suspend": "a", "at": "100 h", "notice": "50 h"}
    response = {"replace": {"a": WORK}}
    scenario = pair({"contagion": "1 per h"}, letter, response=response)
    assert left(played(scenario)) == inf


def test_the_numbers_of_leaving_may_be_unknown() -> None:
    unknowns = {
        "suppliers.b.leaves.hazard": {"low": "0.01 per h", "high": "0.1 per h"},
        "suppliers.b.leaves.fades_over": {"low": "10 h", "high": "90 h"},
        "suppliers.b.leaves_again": {"low": "0.01 per h", "high": "0.1 per h"},
    }
    scenario = pair({"contagion": "0.01 per h", "fades_over": "50 h"}, SUSPEND, unknowns=unknowns)
    times = [left(played(scenario, k)) for k in range(10)]
    assert len(set(times)) == 10
    assert min(times) > 100.0


def test_nobody_leaves_in_the_world_without_events() -> None:
    scenario = pair({"hazard": "1 per h", "since": "0 h"}, b={"leaves_again": "1 per h"})
    spared = scenario.spared()
    assert spared is not scenario
    assert downtime(played(scenario), "all") > 0.0
    assert downtime(played(spared), "all") == 0.0
    again = platform(suppliers={"host": {"leaves_again": "1 per h"}})
    assert again.spared() is not again


def test_an_appeal_brings_back_who_left_of_itself_and_it_may_leave_again() -> None:
    response = {"appeal": {"b": {"review": "10 h", "granted": "100 %"}}}
    scenario = pair({"hazard": "0.05 per h"}, SUSPEND, response=response, b={"leaves_again": "0.02 per h"})
    for k in range(10):
        timeline = played(scenario, k)
        first = 100.0 + threshold(scenario, k) / 0.05
        again = first + 10.0 + threshold(scenario, k, number=1) / 0.02
        times = [time for time, entity, event in told(timeline, "left") if entity == "b"]
        assert times[:2] == pytest.approx([time for time in (first, again) if time < HORIZON])


def test_an_appeal_can_keep_who_has_only_announced_its_leaving() -> None:
    response = {"appeal": {"b": {"review": "10 h", "granted": "100 %"}}}
    timeline = played(pair({"hazard": "0.05 per h", "notice": "30 h"}, SUSPEND, response=response))
    assert downtime(timeline, "either") == 0.0


def test_leaving_that_could_never_begin_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"never begins.*`since: 0 d`"):
        platform(suppliers={"host": {"leaves": {"hazard": "1 % per day"}}})
    outage = {"outage": "host", "at": "5 d", "lasts": "1 d"}
    with pytest.raises(ScenarioError, match="never begins"):
        platform(suppliers={"host": {"leaves": {"hazard": "1 % per day"}}}, events=[outage])


def test_the_first_of_a_groups_decisions_begins_it_too() -> None:
    event = {"suspend": "region", "at": "100 h"}
    scenario = pair({"hazard": "0.01 per h"}, event, groups={"region": {"members": ["a"]}})
    assert left(played(scenario)) == pytest.approx(expected(100.0 + threshold(scenario, 0) / 0.01))
