"""Capacity: gates, cut-over and ramp-up, and what the level of a capability can tell."""

from __future__ import annotations

from typing import Any

import pytest

from sim.supply.timeline import Level
from tests.supplies import downtime, platform, played, record

AT = {"suspend": "host", "at": "100 h"}


def returning(*events: dict[str, Any], tasks: Any = None, capabilities: Any = None, **more: Any) -> Any:
    """A replacement after ten hours, with a cut-over or a ramp."""
    response = {
        "detection": "0 h",
        "replace": {"host": {"tasks": tasks or {"work": {"takes": "10 h"}}, **more}},
    }
    return platform(
        suppliers=("host", "edge"),
        capabilities={**(capabilities or {"use": {"needs": ["host"]}}), "rest": {"needs": ["edge"]}},
        events=list(events) or [AT], response=response,
    )  # fmt: skip


def test_a_level_knows_its_value_its_integral_and_when_it_is_down() -> None:
    level = Level((0.0, 10.0, 20.0, 30.0), (1.0, 0.0, 0.5, 0.0), (0.0, 0.0, 0.05, 0.0), 50.0)
    assert [level.at(t) for t in (0.0, 9.9, 10.0, 20.0, 25.0, 30.0)] == [1.0, 1.0, 0.0, 0.5, 0.75, 0.0]
    assert level.down() == ((10.0, 20.0), (30.0, 50.0))
    assert level.integral() == pytest.approx(10.0 + 7.5)
    assert level.integral(5.0, 22.0) == pytest.approx(5.0 + 2 * 0.55)


def test_neighbouring_pieces_without_capacity_are_one_interval() -> None:
    assert Level((0.0, 5.0), (0.0, 0.0), (0.0, 0.0), 9.0).down() == ((0.0, 9.0),)


def test_a_piece_that_rises_from_nothing_is_not_down() -> None:
    assert Level((0.0, 5.0), (0.0, 1.0), (0.2, 0.0), 9.0).down() == ()


def test_caches_let_people_in_little_by_little() -> None:
    level = played(returning(cut_over={"ttl": "4 h"})).levels["use"]
    assert (level.times, level.values) == ((0.0, 100.0, 110.0, 114.0), (1.0, 0.0, 0.0, 1.0))
    assert level.at(111.0) == pytest.approx(0.25)
    assert level.down() == ((100.0, 110.0),)


def test_a_ramp_starts_at_its_first_share() -> None:
    level = played(returning(ramp_up={"first": "20 %", "takes": "8 h"})).levels["use"]
    assert level.at(110.0) == pytest.approx(0.2)
    assert level.at(112.0) == pytest.approx(0.4)
    assert level.at(118.0) == 1.0


def test_of_caches_and_ramp_the_smaller_counts() -> None:
    scenario = returning(cut_over={"ttl": "2 h"}, ramp_up={"first": "50 %", "takes": "10 h"})
    level = played(scenario).levels["use"]
    crossing = 0.5 / (0.5 - 0.05)
    assert level.times == pytest.approx((0.0, 100.0, 110.0, 110.0 + crossing, 120.0), rel=1e-12)
    assert level.at(110.5) == pytest.approx(0.25)
    assert level.at(113.0) == pytest.approx(0.65)
    (cut_over,) = [r for r in played(scenario).records if r.kind == "cut_over"]
    assert (cut_over.start, cut_over.end) == (110.0, 120.0)


def test_a_cut_over_that_the_horizon_cuts_is_unfinished() -> None:
    scenario = returning({"suspend": "host", "at": "9589 h"}, cut_over={"ttl": "4 h"})
    timeline = played(scenario)
    assert not record(timeline, "host", "cut_over", "cut_over").finished
    assert timeline.levels["use"].times == (0.0, 9589.0, 9599.0)


def test_a_supplier_that_returns_itself_is_there_at_once() -> None:
    level = played(returning(AT, {"restore": "host", "at": "105 h"}, cut_over={"ttl": "4 h"})).levels["use"]
    assert (level.times, level.values) == ((0.0, 100.0, 105.0), (1.0, 0.0, 1.0))


def test_a_new_loss_cuts_a_ramp_off() -> None:
    again = {"suspend": "host", "at": "112 h", "id": "again"}
    level = played(returning(AT, again, cut_over={"ttl": "4 h"})).levels["use"]
    assert level.down() == ((100.0, 110.0), (112.0, 122.0))
    assert level.at(111.0) == pytest.approx(0.25)


def test_a_switch_just_before_the_loss_shows_what_is_left_of_its_ramp() -> None:
    """The old supplier carries those with the old address until it stops."""
    scenario = returning({**AT, "notice": "11 h"}, cut_over={"ttl": "4 h"})
    level = played(scenario).levels["use"]
    assert level.times == (0.0, 100.0, 103.0)
    assert level.values == pytest.approx((1.0, 0.25, 1.0))
    assert not level.down()


def test_stages_that_return_one_after_the_other_each_have_their_ramp() -> None:
    capabilities = {
        "use": {"needs": ["host"]},
        "see": {"needs": ["host"]},
        "either": {"needs_any": ["use", "see"]},
    }
    tasks = {"page": {"takes": "4 h"}, "rest": {"takes": "6 h"}}
    scenario = returning(
        tasks=tasks, capabilities=capabilities, restores={"see": ["page"]}, cut_over={"ttl": "4 h"}
    )
    levels = played(scenario).levels
    assert [levels[name].at(107.0) for name in ("use", "see", "either")] == pytest.approx([0.25, 0.75, 0.75])


def test_shares_add_up_to_one_at_most() -> None:
    capabilities = {"use": {"shares": {"host": "60 %", "edge": "60 %"}}}
    level = played(returning(capabilities=capabilities, cut_over={"ttl": "6 h"})).levels["use"]
    assert level.at(105.0) == pytest.approx(0.6)
    assert level.at(112.0) == pytest.approx(0.8)
    assert level.at(113.9) == pytest.approx(0.6 + 0.6 * 3.9 / 6)
    assert level.times == pytest.approx((0.0, 100.0, 110.0, 114.0))


def test_shares_may_fall_short_of_one() -> None:
    capabilities = {"use": {"shares": {"host": "30 %", "edge": "50 %"}, "recovered_at": "80 %"}}
    level = played(returning(capabilities=capabilities)).levels["use"]
    assert level.values == pytest.approx((0.8, 0.5, 0.8))


GATES = {
    "all": {"needs": ["a", "b", "c"]},
    "any": {"needs_any": ["a", "b", "c"]},
    "two": {"needs": {"at_least": 2, "of": ["a", "b", "c"]}},
    "nested": {"needs": [{"any": ["a", "b"]}, "c"]},
    "built_on": {"needs": ["two", {"any": ["all", "c"]}]},
}


@pytest.mark.parametrize(
    ("gone", "up"),
    [
        ("", {"all", "any", "two", "nested", "built_on"}),
        ("a", {"any", "two", "nested", "built_on"}),
        ("c", {"any", "two"}),
        ("ab", {"any"}),
        ("abc", set()),
    ],
)
def test_gates(gone: str, up: set[str]) -> None:
    events = [{"suspend": name, "at": "10 h"} for name in gone]
    timeline = played(platform(suppliers=("a", "b", "c"), capabilities=GATES, events=events))
    assert {name for name, level in timeline.levels.items() if level.at(20.0) > 0} == up


def test_a_capability_that_another_supplier_carries_is_never_down() -> None:
    capabilities = {"use": {"needs_any": ["a", "b"]}}
    events = [{"suspend": "a", "at": "10 h"}, {"outage": "b", "at": "5 h", "lasts": "4 h"}]
    assert downtime(played(platform(suppliers=("a", "b"), capabilities=capabilities, events=events))) == 0.0


def test_a_stage_that_is_ready_just_before_the_loss_shows_what_is_left_of_its_ramp() -> None:
    capabilities = {"use": {"needs": ["host"]}, "see": {"needs": ["host"]}}
    tasks = {"page": {"takes": "8 h"}, "rest": {"takes": "20 h"}}
    scenario = returning(
        {**AT, "notice": "10 h"}, tasks=tasks, capabilities=capabilities,
        restores={"see": ["page"]}, cut_over={"ttl": "4 h"},
    )  # fmt: skip
    level = played(scenario).levels["see"]
    assert level.times == (0.0, 100.0, 102.0)
    assert level.values == pytest.approx((1.0, 0.5, 1.0))
