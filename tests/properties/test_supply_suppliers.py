"""Laws of suppliers that fail, fall together, serve less and leave, on whatever hypothesis makes up."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from hypothesis import given

from sim.supply.timeline import Timeline
from tests.properties.natures import lively_supplies
from tests.properties.platforms import law
from tests.properties.supplies import HORIZON, ROLES, Parts, hours, in_unit, supplies
from tests.properties.supply_promises import alone_as_together, causes_add_up, records_in_order
from tests.supplies import plan_of, platform

SOME = range(4)
NOBODY: Parts = {"suppliers": {role: {"kind": "supplier"} for role in ROLES}}


def scenario_of(parts: Parts) -> Any:
    return platform(**in_unit({"horizon": hours(HORIZON), **parts}, "h"))


def all_of(parts: Parts) -> list[Timeline]:
    return _all_of(json.dumps(in_unit({"horizon": hours(HORIZON), **parts}, "h")))


@lru_cache(maxsize=200)
def _all_of(written: str) -> list[Timeline]:
    plan = plan_of(platform(**json.loads(written)))
    return [plan.run(k) for k in SOME]


@given(supplies())
@law(20)
def test_what_can_never_happen_changes_no_bit(parts: Parts) -> None:
    """Failures after the horizon, hazards that begin at its very end, groups that nothing befalls."""
    idle = {
        role: {
            "kind": "supplier",
            "fails": {"every": hours(HORIZON), "lasts": "9 h"},
            "leaves": {"hazard": "9 per h", "since": f"{HORIZON - 1e-6} h"},
        }
        for role in ROLES
    }
    groups = {
        "region": {"members": [*ROLES], "fails": {"every": hours(2 * HORIZON), "lasts": "1 h"}},
        "owner": {"members": ["host", "sms"]},
    }
    plain = all_of(parts | NOBODY)
    for one, other in zip(all_of(parts | {"suppliers": idle, "groups": groups}), plain, strict=True):
        assert one.levels == other.levels
        assert [tuple(each) for each in one.records] == [tuple(each) for each in other.records]
        assert list(one.causes) == list(other.causes)
        assert list(one.happenings) == list(other.happenings)
        assert (one.contacted, one.refused, one.spent) == (other.contacted, other.refused, other.spent)
        assert (one.data_lost, one.data_loss_window) == (other.data_lost, other.data_loss_window)
        assert one.suppliers == other.suppliers


@given(lively_supplies())
@law(25)
def test_levels_stay_between_nothing_and_everything(parts: Parts) -> None:
    for timeline in all_of(parts):
        for level in timeline.levels.values():
            ends = (*level.times[1:], HORIZON)
            assert all(a < b for a, b in zip(level.times, ends, strict=True))
            assert all(0.0 <= value <= 1.0 + 1e-12 for value in level.values)
            pieces = zip(level.times, ends, level.values, level.slopes, strict=True)
            assert all(-1e-9 <= v + s * (b - a) <= 1.0 + 1e-9 for a, b, v, s in pieces)


@given(lively_supplies())
@law(25)
def test_the_causes_of_every_outage_add_up_to_its_length(parts: Parts) -> None:
    for timeline in all_of(parts):
        causes_add_up(timeline)


@given(lively_supplies())
@law(20)
def test_records_come_after_what_they_waited_for_and_happenings_in_order(parts: Parts) -> None:
    for timeline in all_of(parts):
        records_in_order(timeline)


@given(lively_supplies())
@law(20)
def test_a_replication_alone_is_the_same_to_the_last_bit(parts: Parts) -> None:
    alone_as_together(scenario_of(parts), SOME)


@given(lively_supplies())
@law(20)
def test_who_stands_on_another_never_serves_without_it(parts: Parts) -> None:
    """Until it is replaced: while all it needs is down, it is down."""
    needs = {
        role: each["needs"][0]["any"]
        for role, each in parts["suppliers"].items()
        if isinstance(each.get("needs", [None])[0], dict)
    }
    for timeline in all_of(parts):
        for role, above in needs.items():
            states = timeline.suppliers[role]
            until = next((time for time, state in states if state == "replaced"), HORIZON)
            for name in above:
                other = timeline.suppliers.get(name, ((0.0, "up"),))
                if len(above) > 1:
                    continue
                ends = [time for time, _ in other[1:]] + [HORIZON]
                for (start, state), end in zip(other, ends, strict=True):
                    if state == "suspended" and start < until:
                        middle = 0.5 * (start + min(end, until))
                        assert [s for t, s in states if t <= middle][-1] == "suspended"


@given(lively_supplies())
@law(30)
def test_the_world_without_events_is_never_down(parts: Parts) -> None:
    spared = scenario_of(parts).spared()
    timeline = plan_of(spared).run(0)
    assert all(level.values == (1.0,) for level in timeline.levels.values())
    assert spared.spared() is spared
