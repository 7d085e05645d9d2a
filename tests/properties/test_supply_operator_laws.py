"""Laws of what the operator can do, on whatever hypothesis makes up."""

from __future__ import annotations

import json
from functools import lru_cache
from math import inf
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import Scenario
from sim.supply.timeline import Timeline
from tests.properties.operators import operators
from tests.properties.platforms import law
from tests.properties.supplies import HORIZON, ROLES, Parts, hours, in_unit, supplies
from tests.properties.supply_promises import (
    alone_as_together,
    causes_add_up,
    engineers_suffice,
    records_in_order,
)
from tests.properties.test_supply_laws import SOME, lost_hosts, never_later
from tests.supplies import downtime, plan_of, platform


def written_out(parts: Parts, unit: str = "h") -> Scenario:
    """A scenario of such parts; the host holds the data, the edge keeps the backups."""
    suppliers: Any = {role: {"kind": role} for role in ROLES}
    suppliers["host"]["holds_data"] = True
    written: Any = in_unit({"horizon": hours(HORIZON), **parts}, unit)
    return platform(suppliers=suppliers, backups={"every": "30 h", "kept_at": "edge"}, **written)


def all_of(parts: Parts) -> list[Timeline]:
    """Some replications. Kept for the next law that is asked of the same supply side."""
    return _all_of(json.dumps(parts))


@lru_cache(maxsize=200)
def _all_of(parts: str) -> list[Timeline]:
    plan = plan_of(written_out(json.loads(parts)))
    return [plan.run(k) for k in SOME]


@given(operators())
@law(25)
def test_the_causes_of_every_outage_add_up_to_its_length(parts: Parts) -> None:
    for timeline in all_of(parts):
        causes_add_up(timeline)


@given(operators())
@law(25)
def test_records_come_after_what_they_waited_for(parts: Parts) -> None:
    for timeline in all_of(parts):
        records_in_order(timeline)


@given(operators())
@law(25)
def test_never_more_engineers_work_than_there_are_and_all_go_back(parts: Parts) -> None:
    for timeline in all_of(parts):
        needed, works = engineers_suffice(parts, timeline)
        for wait in timeline.records:
            # Strictly first come: whoever waits to the end is kept waiting by somebody who works.
            if wait.kind == "wait" and (wait.role, wait.name) in needed and wait.end == inf:
                assert sum(needed[r.role, r.name] for r in works if r.end == inf) > 0


@given(operators())
@law(25)
def test_enquiries_and_enquirers_are_counted(parts: Parts) -> None:
    for timeline in all_of(parts):
        count = {
            word: sum(h.event == word for h in timeline.happenings)
            for word in ("asked", "refused", "accepted", "withdrew", "dropped", "gave up")
        }
        assert (timeline.contacted, timeline.refused) == (count["asked"], count["refused"])
        assert timeline.withdrew == count["withdrew"] <= count["accepted"]
        assert count["dropped"] <= count["accepted"]
        assert count["gave up"] <= 1
        begun = sum(h.event in {"started", "to be done again"} for h in timeline.happenings)
        begun -= sum(h.event == "to be done again" for h in timeline.happenings)
        assert timeline.spent == 10.0 * begun


@given(operators())
@law(25)
def test_who_serves_is_nobody_exactly_while_the_role_is_gone(parts: Parts) -> None:
    for timeline in all_of(parts):
        for role, players in timeline.players.items():
            assert players[0] == (0.0, "")
            assert [t for t, _ in players] == sorted(t for t, _ in players)
            gone = {t for t, state in timeline.suppliers[role] if state == "suspended"}
            assert gone <= {t for t, who in players if who is None}
            assert (players[-1][1] is None) == (timeline.suppliers[role][-1][1] == "suspended")


@given(operators())
@law(15)
def test_a_replication_alone_is_the_same_to_the_last_bit(parts: Parts) -> None:
    alone_as_together(written_out(parts), SOME)


@given(operators())
@law(15)
def test_without_the_events_everything_is_up(parts: Parts) -> None:
    for timeline in all_of({**parts, "events": [{"restore": "host", "at": hours(30)}]}):
        assert all(level.values == (1.0,) for level in timeline.levels.values())
        assert not timeline.causes
        assert timeline.data_lost == "none"


@given(supplies())
@law(15)
def test_saying_the_defaults_changes_nothing(parts: Parts) -> None:
    """All that is new written out as what it is when left out: the same timelines, event by event."""
    response = parts["response"]
    replace: Parts = {}
    for role, replacement in response["replace"].items():
        tasks = {
            name: {**task, "rework": "0 %", "always": True} for name, task in replacement["tasks"].items()
        }
        replace[role] = {**replacement, "tasks": tasks, "prepared": "0 %"}
        if "search" in replacement:
            said = {"standby": [], "fallback": [], "publicity": "0 %", "withdraws": "0 per day",
                    "drops": "0 per day"}  # fmt: skip
            replace[role]["search"] = {**replacement["search"], **said}
    spelt = {**parts, "response": {**response, "replace": replace, "starts": "notice", "appeal": {}}}
    assert all_of(spelt) == all_of(parts)


# -- laws that hold pair by pair, where there are engineers enough -------------------------------------------


def down_for(parts: Parts, host: Parts) -> list[float]:
    """Hours down after one loss, in each of some replications."""
    written: Any = in_unit({
        "horizon": hours(2 * HORIZON), "seed": parts["seed"],
        "events": [{"suspend": "host", "at": hours(600)}],
        "response": {"detection": parts["detection"], "replace": {"host": host}},
    }, "h")  # fmt: skip
    plan = plan_of(platform(**written))
    return [downtime(plan.run(k)) for k in SOME]


def searching(parts: Parts, **more: Any) -> Parts:
    """The same response with more said of its search, if it has one."""
    host = parts["host"]
    return {**host, "search": {**host["search"], **more}} if "search" in host else host


@given(lost_hosts(), st.sampled_from([30, 100]), st.booleans())
@law(15)
def test_a_standby_that_answers_at_once_and_stays_never_ends_later(
    parts: Parts, acceptance: int, everything: bool
) -> None:
    near: Parts = {"name": "near", "acceptance": f"{acceptance} %", "reply": "0 h"}
    if everything:
        near["skips"] = "everything"
    never_later(down_for(parts, searching(parts, standby=[near])), down_for(parts, parts["host"]))


@given(lost_hosts())
@law(15)
def test_a_last_resort_never_ends_later(parts: Parts) -> None:
    own: Parts = {"name": "own", "acceptance": "100 %", "reply": "3 h", "lead": {"mean": "90 h"}}
    never_later(down_for(parts, searching(parts, fallback=[own])), down_for(parts, parts["host"]))


@given(lost_hosts(), st.sampled_from([0, 20, 60]))
@law(15)
def test_more_prepared_never_ends_later(parts: Parts, share: int) -> None:
    less, more = ({**parts["host"], "prepared": f"{share + plus} %"} for plus in (0, 30))
    never_later(down_for(parts, more), down_for(parts, less))


@given(lost_hosts())
@law(15)
def test_what_goes_wrong_more_often_never_ends_earlier(parts: Parts) -> None:
    """Rework and withdrawals, each against the same run without."""
    calm = down_for(parts, parts["host"])
    tasks = {name: {**task, "rework": "40 %"} for name, task in parts["host"]["tasks"].items()}
    never_later(calm, down_for(parts, {**parts["host"], "tasks": tasks}))
    never_later(calm, down_for(parts, searching(parts, withdraws="20 % per day")))


@given(operators(), st.sampled_from([6, 24, 90]))
@law(15)
def test_backups_elsewhere_never_lose_more_data_and_change_nothing_else(parts: Parts, every: int) -> None:
    def lines(backups: Any) -> list[Timeline]:
        suppliers: Any = {role: {"kind": role, "holds_data": role == "host"} for role in ROLES}
        suppliers["vault"] = {"kind": "backups", "monthly_cost": 1}
        written: Any = in_unit({"horizon": hours(HORIZON), **parts}, "h")
        plan = plan_of(platform(suppliers=suppliers, backups=backups, **written))
        return [plan.run(k) for k in SOME]

    for without, copied in zip(lines(None), lines({"every": f"{every} h", "kept_at": "vault"}), strict=True):
        assert copied.data_loss_window <= without.data_loss_window
        assert copied.levels == without.levels
        assert copied.causes == without.causes
