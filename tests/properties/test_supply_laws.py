"""Laws of the supply side, on whatever hypothesis makes up."""

from __future__ import annotations

import json
from functools import lru_cache
from math import isclose
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.scenario import Scenario
from sim.supply.timeline import Timeline
from tests.properties.platforms import law
from tests.properties.supplies import HORIZON, ROLES, Parts, hours, in_unit, lengths, replacements, supplies
from tests.properties.supply_promises import (
    alone_as_together,
    causes_add_up,
    engineers_suffice,
    records_in_order,
)
from tests.supplies import downtime, plan_of, platform

SOME = range(6)


def written_out(parts: Parts, unit: str = "h") -> Scenario:
    written: Any = in_unit({"horizon": hours(HORIZON), **parts}, unit)
    return platform(suppliers=ROLES, **written)


def all_of(parts: Parts, unit: str = "h") -> list[Timeline]:
    """Some replications. Kept for the next law that is asked of the same supply side."""
    return _all_of(json.dumps(in_unit({"horizon": hours(HORIZON), **parts}, unit)))


@lru_cache(maxsize=400)
def _all_of(written: str) -> list[Timeline]:
    plan = plan_of(platform(suppliers=ROLES, **json.loads(written)))
    return [plan.run(k) for k in SOME]


def same_levels(one: Timeline, other: Timeline) -> None:
    assert set(one.levels) == set(other.levels)
    for name, level in one.levels.items():
        beside = other.levels[name]
        assert level.times == pytest.approx(beside.times, rel=1e-9, abs=1e-9)
        assert level.values == pytest.approx(beside.values, rel=1e-9, abs=1e-9)
        assert level.slopes == pytest.approx(beside.slopes, rel=1e-9, abs=1e-9)


@given(supplies())
@law(80)
def test_up_and_down_add_up_to_the_horizon(parts: Parts) -> None:
    for timeline in all_of(parts):
        for level in timeline.levels.values():
            assert level.times[0] == 0.0
            assert all(a < b for a, b in zip(level.times, [*level.times[1:], HORIZON], strict=True))
            assert all(0.0 <= value <= 1.0 for value in level.values)
            ends = (*level.times[1:], HORIZON)
            lasts = [
                v + s * (b - a)
                for a, b, v, s in zip(level.times, ends, level.values, level.slopes, strict=True)
            ]
            assert all(-1e-9 <= value <= 1.0 + 1e-9 for value in lasts)
            up = sum(
                b - a
                for a, b, v, s in zip(level.times, ends, level.values, level.slopes, strict=True)
                if v or s
            )
            down = sum(b - a for a, b in level.down())
            assert isclose(up + down, HORIZON, rel_tol=1e-12)
            assert 0.0 <= level.integral() <= up + 1e-9


@given(supplies())
@law(80)
def test_the_causes_of_every_outage_add_up_to_its_length(parts: Parts) -> None:
    for timeline in all_of(parts):
        causes_add_up(timeline)


@given(supplies())
@law(80)
def test_records_come_after_what_they_waited_for(parts: Parts) -> None:
    for timeline in all_of(parts):
        records_in_order(timeline)


@given(supplies())
@law(80)
def test_never_more_engineers_work_than_there_are(parts: Parts) -> None:
    for timeline in all_of(parts):
        engineers_suffice(parts, timeline)
        assert "engineers" in parts["response"] or not any(r.kind == "wait" for r in timeline.records)


@given(supplies())
@law(80)
def test_enquiries_are_accepted_refused_withdrawn_or_open(parts: Parts) -> None:
    for timeline in all_of(parts):
        count = {
            word: sum(h.event == word for h in timeline.happenings)
            for word in ("asked", "refused", "accepted")
        }
        assert timeline.contacted == count["asked"]
        assert timeline.refused == count["refused"]
        assert timeline.contacted >= timeline.refused + count["accepted"]
        begun = sum(r.kind == "task" for r in timeline.records)
        assert timeline.spent == 10.0 * begun


@pytest.mark.slow
@given(supplies())
@law(40)
def test_a_replication_alone_is_the_same_to_the_last_bit(parts: Parts) -> None:
    alone_as_together(written_out(parts), SOME)


@given(supplies())
@law(40)
def test_hours_or_days_give_the_same(parts: Parts) -> None:
    for one, other in zip(all_of(parts, "h"), all_of(parts, "d"), strict=True):
        same_levels(one, other)
        assert [c[:4] for c in one.causes] == [c[:4] for c in other.causes]


@pytest.mark.slow
@given(supplies(), st.permutations(ROLES), st.randoms(use_true_random=False))
@law(80)
def test_the_order_of_suppliers_and_capabilities_does_not_matter(
    parts: Parts, order: list[str], shuffle: Any
) -> None:
    names = list(parts["capabilities"])
    shuffle.shuffle(names)
    turned = {**parts, "capabilities": {name: parts["capabilities"][name] for name in names}}
    written: Any = in_unit({"horizon": hours(HORIZON), **turned}, "h")
    plan = plan_of(platform(suppliers=order, **written))
    for k, before in zip(SOME, all_of(parts), strict=True):
        timeline = plan.run(k)
        assert {n: timeline.levels[n] for n in names} == {n: before.levels[n] for n in names}
        assert timeline.event_count == before.event_count


@given(supplies())
@law(40)
def test_without_events_everything_is_up(parts: Parts) -> None:
    for timeline in all_of({**parts, "events": [{"restore": "host", "at": hours(30)}]}):
        assert all(level.values == (1.0,) for level in timeline.levels.values())
        assert not timeline.causes


# -- laws that hold where there are engineers enough --------------------------------------------------------


@st.composite
def lost_hosts(draw: st.DrawFn) -> Parts:
    """One supplier, one loss, one response."""
    return {
        "host": draw(replacements("host", False)),
        "detection": draw(lengths(10)),
        "seed": draw(st.integers(0, 999)),
    }


def down_for(parts: Parts, *, notice: int = 0, **response: Any) -> list[float]:
    written: Any = in_unit({
        "horizon": hours(2 * HORIZON), "seed": parts["seed"],
        "events": [{"suspend": "host", "at": hours(600), "notice": hours(notice)}],
        "response": {"detection": parts["detection"], "replace": {"host": parts["host"]}, **response},
    }, "h")  # fmt: skip
    plan = plan_of(platform(**written))
    return [downtime(plan.run(k)) for k in SOME]


def never_later(sooner: list[float], later: list[float]) -> None:
    assert all(a <= b + 1e-9 for a, b in zip(sooner, later, strict=True))


@given(lost_hosts(), st.sampled_from([0, 3, 30, 120]), st.sampled_from([3, 60, 300]))
@law(50)
def test_more_notice_never_ends_later_with_engineers_enough(parts: Parts, notice: int, more: int) -> None:
    """Notice from nothing replaces the detection, which the operator need not wait for either."""
    never_later(down_for(parts, notice=notice + more), down_for(parts, notice=notice))


@given(lost_hosts(), st.integers(2, 5))
@law(50)
def test_no_pool_ends_earlier_than_an_unlimited_one(parts: Parts, engineers: int) -> None:
    never_later(down_for(parts), down_for(parts, engineers=engineers))


@given(lost_hosts())
@law(40)
def test_a_pool_that_is_large_enough_is_as_good_as_an_unlimited_one(parts: Parts) -> None:
    assert down_for(parts, engineers=8) == down_for(parts)


@pytest.mark.slow
@given(lost_hosts(), st.integers(1, 5), st.sampled_from([10, 30, 50]), st.sampled_from([10, 40]))
@law(50)
def test_a_higher_acceptance_or_one_more_candidate_never_ends_later(
    parts: Parts, candidates: int, acceptance: int, more: int
) -> None:
    assume("search" in parts["host"])

    def with_search(number: int, percent: int, correlation: float) -> list[float]:
        share = {"mean": f"{percent} %", "correlation": correlation}
        search = {**parts["host"]["search"], "candidates": number, "acceptance": share, "at_once": 1}
        return down_for({**parts, "host": {**parts["host"], "search": search}})

    for correlation in (0.0, 0.2):
        before = with_search(candidates, acceptance, correlation)
        never_later(with_search(candidates, acceptance + more, correlation), before)
        never_later(with_search(candidates + 1, acceptance, correlation), before)
