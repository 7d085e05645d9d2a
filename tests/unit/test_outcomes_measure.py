"""The row of measures: every name is there, money adds up, broken laws are found."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from sim.demand import History
from sim.errors import ModelInvariantError
from sim.outcomes import MEASURES, Outcome, assess, measure, measures_of
from sim.scenario import Inputs, Scenario
from sim.scenario.measures import KINDS
from sim.streams import BLOCK, Draws
from sim.supply.timeline import Cause, Record, Timeline
from tests.pipeline import level, lived, timeline, whole, written

HORIZON = 60 * 24.0

TEXT = """
name: small
title: One host
clock: {start: 2025-01-01T00:00Z, horizon: 60 d}
currency: EUR
suppliers:
  host: {kind: cloud host, monthly_cost: 1461}
  store: {kind: app store, monthly_cost: 1000}
capabilities:
  use: {needs: [host]}
  install: {needs: [use, store]}
users:
  start: 1000
  unit: members
  served_by: use
  join_by: install
  revenue: 730.5
  churn: 0.1 % per day
  segments:
    fast: {share: 25 %, patience: {mean: 10 d}}
    slow: {share: 75 %, patience: {mean: 40 d}}
events:
  - {suspend: host, at: 2025-01-11T00:00Z}
  - {restore: host, at: 2025-01-21T00:00Z}
"""

DOWN = (240.0, 480.0)


def scenario() -> Scenario:
    return written(TEXT).scenario()


def by_hand(**fields: Any) -> Timeline:
    """Down for ten days, with nothing recorded about why."""
    down = level((0.0, 1.0), (DOWN[0], 0.0), (DOWN[1], 1.0))
    return dataclasses.replace(timeline(HORIZON, {"use": down, "install": down}), **fields)


def quiet() -> Timeline:
    up = level((0.0, 1.0))
    return timeline(HORIZON, {"use": up, "install": up})


def assessed(happened: Timeline, history: History | None = None) -> Outcome:
    case = scenario()
    past = history or lived(case, happened)
    return assess(case, [happened] * BLOCK, past, [quiet()] * BLOCK, lived(case.spared(), quiet()))


def test_every_measure_of_the_language_is_measured_and_of_the_same_kind() -> None:
    assert {name: MEASURES[name].kind for name in KINDS} == dict(KINDS)


def test_columns_come_in_the_order_of_the_measures() -> None:
    case = scenario()
    outcome = assessed(by_hand())
    assert list(outcome.columns) == list(measures_of(case))
    assert {len(column) for column in outcome.columns.values()} == {BLOCK}
    assert "downtime.install" in outcome.columns


def test_units_are_the_scenario_s_own_words() -> None:
    measures = measures_of(scenario())
    assert measures["users_lost"].unit == "members"
    assert measures["cost"].unit == "EUR"
    assert measures["downtime.install"].censored_by == "up_at_end.install"


def test_a_flag_that_a_measure_names_is_a_measure() -> None:
    measures = measures_of(scenario())
    flags = {one.censored_by for one in measures.values() if one.censored_by}
    assert all(measures[flag].kind == "flag" for flag in flags)


def test_cost_is_the_sum_of_its_parts() -> None:
    """Two months are 1461 h: 60 d are 1440/730.5 months; an active user brings 1 an hour here."""
    columns = assessed(by_hand(spent=500.0)).columns
    assert columns["cost_standing"][0] == pytest.approx(2461.0 * HORIZON / 730.5, rel=1e-12)
    assert columns["cost_emergency"][0] == 500.0
    assert columns["revenue_lost"][0] == pytest.approx(columns["user_hours_lost"][0], rel=1e-12)
    parts = columns["cost_standing"] + columns["cost_emergency"] + columns["revenue_lost"]
    assert np.array_equal(columns["cost"], parts)


def test_amounts_that_nobody_knows_differ_between_replications() -> None:
    case = written(TEXT + "unknowns:\n  users.revenue: {low: 100, high: 2000, law: uniform}\n").scenario()
    inputs = Inputs(case, Draws(case.seed, 0))
    timelines = [by_hand()] * BLOCK
    spared = [quiet()] * BLOCK
    found = assess(case, timelines, lived(case, timelines[0]), spared, lived(case.spared(), quiet()), inputs)
    assert len(np.unique(found.columns["revenue_lost"])) == BLOCK


def test_downtime_of_ten_days_in_sixty() -> None:
    columns = assessed(by_hand()).columns
    assert columns["downtime"][0] == 240.0
    assert columns["availability"][0] == pytest.approx(1.0 - 10 / 60, rel=1e-12)
    assert columns["time_to_recover"][0] == 240.0
    assert columns["recovered"][0]


def test_resilience_loss_of_a_capability_that_loses_no_users_is_the_area_above_its_capacity() -> None:
    text = TEXT.replace("mean: 10 d", "mean: 1000000000 d").replace("mean: 40 d", "mean: 1000000000 d")
    case = written(text.replace("churn: 0.1 % per day", "churn: 0 % per day")).scenario()
    half = level((0.0, 1.0), (100.0, 0.25), (300.0, 1.0))
    happened = timeline(HORIZON, {"use": half, "install": half})
    found = measure(case, [happened] * BLOCK, lived(case, happened), [quiet()] * BLOCK, lived(case, quiet()))
    assert found.columns["resilience_loss"][0] == pytest.approx(0.75 * 200.0, rel=1e-9)


def test_segments_add_up_to_the_whole() -> None:
    outcome = assessed(by_hand())
    assert outcome.segment_names == ("fast", "slow")
    for name in ("users_lost", "user_hours_lost"):
        assert outcome.segments[name].sum(axis=1) == pytest.approx(outcome.columns[name], rel=1e-9)


def test_the_whole_way_through_keeps_the_laws() -> None:
    found = whole(scenario(), range(3))
    assert found.column("downtime") == [240.0] * 3
    assert not found.outcome.violations


def test_no_event_loses_exactly_nothing_in_every_measure() -> None:
    case = written(TEXT.split("events:")[0]).scenario()
    history = lived(case, quiet())
    columns = measure(case, [quiet()] * BLOCK, history, [quiet()] * BLOCK, history).columns
    zero = [name for name in columns if name.startswith(("downtime", "time_to_recover")) or "lost" in name]
    for name in set(zero) - {"data_lost"} | {"users_given_up_peak", "resilience_loss", "first_service"}:
        assert not np.any(columns[name]), name
    for flag in ("recovered", "recovered_users", "up_at_end", "served_again"):
        assert columns[flag].all()


def _broken(history: History, **fields: Any) -> History:
    return dataclasses.replace(history, **fields)


def _with_cause(hours: float) -> Timeline:
    record = Record(0, "host", "host", "supplier", DOWN[0], DOWN[1], (), "host")
    causes = [Cause(name, 0, "host", "supplier", hours, False) for name in ("use", "install")]
    return by_hand(records=(record,), causes=tuple(causes))


def test_downtime_that_is_attributed_in_full_passes() -> None:
    assert not assessed(_with_cause(240.0)).violations


@pytest.mark.parametrize(
    ("laws", "happened", "change"),
    [
        (["do not add up"], _with_cause(239.0), None),
        (["not conserved"], by_hand(), "joined"),
        (["negative"], by_hand(), "states"),
        (["not conserved"], by_hand(), "nan"),
    ],
)
def test_a_broken_law_is_found_and_named(laws: Sequence[str], happened: Timeline, change: str | None) -> None:
    history = lived(scenario(), happened)
    if change == "joined":
        history = _broken(history, joined=history.joined + 1.0)
    if change == "states":
        history = _broken(history, states={**history.states, "away": history.states["away"] - 1.0})
    if change == "nan":
        history = _broken(history, end={**history.end, "gone": history.end["gone"] * np.nan})
    violations = assessed(happened, history).violations
    assert len(violations) == BLOCK
    assert all(law in violations[0] for law in laws)


def test_a_broken_law_stops_who_asks_for_the_measures() -> None:
    case, happened = scenario(), _with_cause(1.0)
    arguments = ([happened] * BLOCK, lived(case, happened), [quiet()] * BLOCK, lived(case.spared(), quiet()))
    with pytest.raises(ModelInvariantError, match="do not add up"):
        measure(case, *arguments)


@pytest.mark.parametrize("every", ["1 h", "7 d", "11 d"])
def test_no_measure_depends_on_how_often_the_state_is_written_down(every: str) -> None:
    often = written(TEXT, [f"clock.report_every={every}"]).scenario()
    daily, found = whole(scenario()).outcome, whole(often).outcome
    for name, column in found.columns.items():
        if column.dtype == object:
            assert column[0] == daily.columns[name][0]
        else:
            assert float(column[0]) == pytest.approx(float(daily.columns[name][0]), rel=1e-9), name
