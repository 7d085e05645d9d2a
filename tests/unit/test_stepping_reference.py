"""The steps against differential equations written word by word and solved by scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.demand import History
from sim.demand.simulate import report_times
from tests.pipeline import level
from tests.unit.stepping_cases import DAY, START, days, followed, outages, users
from tests.unit.stepping_reference import Reference

BASE = """join_by: install
joins: 3000 per day
churn: 0.2 % per day
gives_up: 0.5 % per day
uninstalls: 30 %
patience: {law: weibull, shape: 1.5, scale: 30 d}
returns: {rate: 4 % per day, fades_over: 15 d, on_reopening: 30 %, outage_fades: 10 d}
"""
CROWD = """stigma: {leaving: 1.5, returning: 70 %}
again: 1.5
friends: {waiting: 3 % per day, active: 2 % per day, returning: 50 %}
newcomers: {churn: 5 % per day, settle_over: 10 d, leaving: 2, at_start: 20 %}
rivals:
  big: {users: 500000, pull: 1 % per day, tries: 4 % per day, grows: 0.5, stickiness: 40 %}
  late: {pull: 0.4 % per day, stickiness: 20 %}
"""
SEGMENTS = """  segments:
    app: {share: 60 %, app_decay: 0.5 % per day, moves: {to: web, share: 30 %}}
    web: {share: 40 %, join_by: none, uninstalls: 0 %, returns: {rate: 3 % per day}}
"""
EVENTS = (
    "{surge: users, at: 2025-01-04T00:00Z, times: 3, fades_over: 6 d}, "
    "{announce: users, at: 2025-01-12T00:00Z, back_within: 4 d, holds: 0.5, missed: 1.6}, "
    "{open: late, at: 2025-01-15T00:00Z}, {require: app, at: 2025-03-05T00:00Z, affects: 40 %}"
)


def gap(history: History, found: list[dict[str, Any]]) -> float:
    """The largest difference in people by segment, state and place, and in flows; of everyone."""
    away = np.array([one["away"].sum(axis=(1, 3)) for one in found])
    present = np.array([(one["here"] + one["door"]).sum(axis=(1, 2)) for one in found]).T
    last = found[-1]
    pairs = [
        (history.states["active"][0] + history.states["waiting"][0], present),
        (history.states["away"][0], away.sum(axis=2).T),
        (history.states["gone"][0], np.array([one["gone"] for one in found]).T),
        (history.joined[0], last["joined"]),
        (history.served_hours[0] / history.times[-1], last["served"] / history.times[-1]),
        (history.flows["returned"][0], last["returned"]),
        *((history.flows[f"left.{place}"][0], last["left"][:, p]) for p, place in enumerate(history.places)),
    ]
    if history.at_place is not None:
        pairs.append((history.at_place[0], away.transpose(1, 2, 0)))
    if history.moved is not None:
        pairs.append((history.moved[0], last["moved"]))
    if history.beside is not None:
        beside = np.array([(one["here"] + one["door"]).sum(axis=(0, 1))[1:] for one in found])
        pairs.append((history.beside[0], beside.T))
    return max(float(np.abs(mine - theirs).max()) for mine, theirs in pairs) / START


def test_everything_at_once_is_what_the_differential_equations_say() -> None:
    """Two outages, one not forgotten; a ramp; the store closed; all mechanisms but the door; to 3e-6."""
    scenario = users(BASE + CROWD, segments=SEGMENTS, events=EVENTS, every=15)
    use = level((0, 1.0), (10 * DAY, 0.0), (25 * DAY, 1.0), (30 * DAY, 0.0), (36 * DAY, 0.0, 0.25 / DAY),
                (40 * DAY, 1.0))  # fmt: skip
    fixed = days(scenario, use, outages((20, 70)))
    times = report_times(scenario.clock.horizon, scenario.clock.report_every)
    assert gap(followed(scenario, fixed), Reference(scenario, fixed).solve(times, 1e-8)) < 3e-6


def test_queue_at_the_door_is_what_the_differential_equations_say() -> None:
    """One segment; it empties within days; a second outage finds people at the door; to 3e-6."""
    said = (
        BASE.replace("join_by: install", "join_by: none")
        .replace("uninstalls: 30 %\n", "")
        .replace(", fades_over: 15 d", "")
    )
    said += "reopening: {admits: 10000 per hour, abandons: 30 % per day, retries: 0.002}\n"
    said += (
        "newcomers: {churn: 5 % per day, settle_over: 10 d, at_start: 20 %}\nfriends: {waiting: 3 % per day}"
    )
    scenario = users(said, horizon=40, every=4)
    fixed = days(scenario, outages((6, 12.5), (14.5, 20)))
    times = report_times(scenario.clock.horizon, scenario.clock.report_every)
    history = followed(scenario, fixed)
    assert gap(history, Reference(scenario, fixed).solve(times, 1e-8)) < 3e-6
    assert history.door is not None
    assert history.flows["abandoned"].sum() > 0.05 * START


@pytest.mark.parametrize("admits", ["100000000 per hour", "1 per hour"])
def test_a_wide_door_lets_everybody_in_and_a_narrow_one_nearly_nobody(admits: str) -> None:
    said = BASE.replace("join_by: install", "join_by: none").replace("uninstalls: 30 %\n", "")
    with_door = users(said + f"reopening: {{admits: {admits}}}", every=1)
    without = users(said, every=1)
    history = followed(with_door, days(with_door, outages((10, 20))))
    open_ = followed(without, days(without, outages((10, 20))))
    assert history.door is not None
    if admits.startswith("1 "):
        assert history.states["active"][0, 0, -1] < 70 * 24
        assert history.door[0, -1] > 0.5 * START
    else:
        for state in history.states:
            assert history.states[state][0, 0, 21:] == pytest.approx(open_.states[state][0, 0, 21:], abs=3.0)
