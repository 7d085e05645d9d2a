"""Individuals whom the leaving of friends does not concern are independent: the count model, and its scatter.

Given the timeline N people are spread over the states multinomially, so a number of users of which each
person stands for w has mean w N p and variance w^2 N p (1 - p), p the share in the closed form (or, where
users feel rivals, stigma and what is announced, in the equations of the stepping engine). Both engines know
nothing of individuals; what they share with them is the timeline and the law of patience.

Source: the multinomial distribution.

All cells of a case at once, Bonferroni at 1e-4 (|z| < 5): 200 replications of 400 people see a mean wrong by
0.35 standard deviations of one replication, some 0.9 percentage points, and a standard deviation wrong by 27
%.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from sim.demand import STATES
from sim.scenario import Scenario
from sim.streams import BLOCK
from sim.supply.timeline import Timeline
from tests.pipeline import level, lived, timeline, written

DAY = 24.0
PEOPLE = 400
START = 1_000_000
HORIZON = 80 * DAY
LARGE_ENOUGH = 10.0

PLAIN = "churn: 2 % per month, gives_up: 1 % per day, uninstalls: 30 %"
MANY = (
    "patience: {law: weibull, shape: 0.7, scale: 40 d}, churn: 1 % per month, uninstalls: 20 %, "
    "app_decay: 2 % per day, "
    "returns: {rate: 4 % per day, fades_over: 20 d, on_reopening: 25 %, outage_fades: 30 d}, "
    "stigma: {leaving: 2, returning: 60 %}, again: 1.5, "
    "rivals: {other: {pull: 1 % per day, stickiness: 50 %}}"
)
BOUNDED = "patience: {low: 3 d, high: 30 d}, returns: {rate: 2 % per day}, forgotten_after: 1 d"


def scenario(users: str, events: str = "") -> Scenario:
    text = f"""
name: individuals
title: Individuals without influence
clock: {{start: 2025-01-01T00:00Z, horizon: 80 d, report_every: 5 d}}
suppliers:
  host: {{kind: cloud host}}
  store: {{kind: app store}}
capabilities:
  use: {{needs: [host]}}
  install: {{needs: [use, store]}}
users:
  {{start: {START}, served_by: use, join_by: install, joins: 0 per day,
    network: {{people: {PEOPLE}}}, {users}}}
events: [{events}]
"""
    return written(text).scenario()


def world() -> Timeline:
    """Two outages, one of them from between two hours; the store goes later, and comes back."""
    use = level((0.0, 1.0), (4.3 * DAY, 0.0), (24.7 * DAY, 1.0), (55.0 * DAY, 0.0), (62.0 * DAY, 1.0))
    install = level((0.0, 1.0), (4.3 * DAY, 0.0), (40.0 * DAY, 1.0), (55.0 * DAY, 0.0), (70.1 * DAY, 1.0))
    return timeline(HORIZON, {"use": use, "install": install})


ANNOUNCED = (
    "{announce: users, at: 2025-01-08T00:00Z, back_within: 5 d, holds: 0.4, missed: 2}, "
    "{require: users, at: 2025-02-05T00:00Z, affects: 30 %}, {open: other, at: 2025-01-12T06:30Z}"
)


@pytest.mark.parametrize(
    ("users", "events"), [(PLAIN, ""), (MANY, ANNOUNCED), (BOUNDED, "")], ids=["plain", "many", "bounded"]
)
def test_individuals_scatter_about_the_count_model(users: str, events: str) -> None:
    made = scenario(users, events)
    expected, found = lived(made, world()), lived(made, world(), users="graph")
    scores: list[float] = []
    for s in range(len(found.segments)):
        start = float(expected.start[0, s])
        people = round(start / START * PEOPLE)
        for state in STATES:
            for t in range(found.times.size):
                p = float(expected.states[state][0, s, t]) / start
                variance = people * p * (1 - p)
                if variance < LARGE_ENOUGH:
                    continue
                counts = found.states[state][:, s, t] / start * people
                scores.append((counts.mean() - people * p) / math.sqrt(variance / BLOCK))
                error = variance * math.sqrt(2 / (BLOCK - 1) + 1 / (variance * BLOCK))
                scores.append((counts.var(ddof=1) - variance) / error)
    assert len(scores) > 40
    assert max(map(abs, scores)) < NormalDist().inv_cdf(1 - 1e-4 / (2 * len(scores)))


def test_those_away_are_where_the_count_model_says() -> None:
    made = scenario(MANY, ANNOUNCED)
    expected, found = lived(made, world()), lived(made, world(), users="graph")
    assert found.places == expected.places == ("elsewhere", "other")
    assert found.at_place is not None
    assert expected.at_place is not None
    np.testing.assert_allclose(found.at_place.sum(axis=2), found.states["away"], atol=1e-6)
    gap = found.at_place.sum(axis=1) - expected.at_place.sum(axis=1)
    error = gap.std(axis=0, ddof=1) / math.sqrt(BLOCK)
    assert (np.abs(gap.mean(axis=0)) <= 4.5 * error + 1e-6).all()
    for name in ("left.elsewhere", "left.other", "returned", "churned", "gave_up"):
        gap = (found.flows[name] - expected.flows[name]).sum(axis=1)
        assert abs(gap.mean()) <= 4 * gap.std(ddof=1) / math.sqrt(BLOCK) + 1e-6, name


def test_user_hours_and_looks_in_between_are_those_of_the_count_model() -> None:
    made = scenario(PLAIN)
    expected, found = lived(made, world()), lived(made, world(), users="graph")
    served = (found.served_hours - expected.served_hours).sum(axis=1)
    assert abs(served.mean()) < 4 * served.std(ddof=1) / math.sqrt(BLOCK)
    when = np.broadcast_to(np.array([1.0, 103.3, 600.2, 1900.0]), (BLOCK, 4))
    for look in ("active_at", "given_up_at"):
        gap = getattr(found, look)(when) - getattr(expected, look)(when)
        error = gap.std(axis=0, ddof=1) / math.sqrt(BLOCK)
        assert (np.abs(gap.mean(axis=0)) <= 4 * error + 1e-6).all()


@pytest.mark.parametrize("more", ["", ", newcomers: {churn: 5 % per day, settle_over: 10 d, leaving: 2}"])
def test_newcomers_are_counted_beside_the_individuals(more: str) -> None:
    """What individuals and newcomers do adds up, and on average to what the count model says of everybody."""
    made = scenario("churn: 2 % per month" + more)
    joins = made.model_copy(update={"users": made.users.model_copy(update={"joins": 5000.0 / DAY})})
    expected, found = lived(joins, world()), lived(joins, world(), users="graph")
    np.testing.assert_allclose(found.joined, expected.joined, rtol=1e-6)
    total = sum(found.end.values())
    np.testing.assert_allclose(total, found.start + found.joined, rtol=1e-9)
    for state in STATES:
        gap = (found.states[state] - expected.states[state]).sum(axis=1)
        error = gap.std(axis=0, ddof=1) / math.sqrt(BLOCK)
        assert (np.abs(gap.mean(axis=0)) <= 4.5 * error + 2e-6 * START).all()
