"""What a strategy does not protect from: read off the structure, and off the plan."""

from __future__ import annotations

import math

import pytest

from sim.scenario import Scenario
from sim.study.exposure import exposures, unanswered
from tests.unit.scenarios import changed, small

SECOND = ("use: {needs: [host]}", "use: {needs_any: [host, spare]}")
SUPPLIERS = ("store: {kind: app store}}", "store: {kind: app store}, spare: {kind: cloud host}}")
STANDBY = (
    "candidates: 3,",
    "candidates: 3, standby: [{name: second, acceptance: 60 %, reply: 1 h, skips: everything}],",
)


def standing_by() -> Scenario:
    return changed(STANDBY).scenario()


def test_the_host_alone_stops_it_for_as_long_as_the_plan_takes() -> None:
    """If all goes to plan the first says yes after the median of the reply, and the work takes its median."""
    (one,) = exposures(small())
    scenario = small()
    plan = scenario.response.replace["host"]
    assert plan.search is not None
    reply, takes = plan.search.reply.median(), plan.tasks["adapt"].takes
    assert takes is not None
    assert one.events == one.roles == ("host",)
    detected = scenario.response.detection.median()
    assert one.hours == pytest.approx(detected + reply + takes.median(), abs=1.5)
    assert math.isnan(one.agrees)


def test_a_stand_in_shortens_it_and_may_refuse() -> None:
    (with_one,), (without,) = exposures(standing_by()), exposures(small())
    assert with_one.hours < 0.2 * without.hours
    assert with_one.agrees == pytest.approx(0.6)


def test_of_two_hosts_only_both_together_stop_it_and_nobody_stands_in_for_the_second() -> None:
    (one,) = exposures(changed(SECOND, SUPPLIERS).scenario())
    assert set(one.events) == {"host", "spare"}
    assert 0.0 < one.hours < math.inf


def test_a_supplier_without_a_response_is_missed_for_good() -> None:
    (one,) = unanswered(small())
    assert (one.role, one.capabilities) == ("store", ("install",))


def test_what_fails_with_the_headline_is_told_with_it() -> None:
    assert "host" not in {one.role for one in unanswered(small())}
