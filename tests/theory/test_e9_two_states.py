"""Active and away, with constant rates both ways: leave 0.004 a day, return 0.02 a day, all active on day 0.

P(away at t) = l / (l + r) x (1 - exp(-(l + r) t)); in the long run l / (l + r) = 1/6 are away.

Source: J. R. Norris, Markov Chains (1997), example 2.1.1 (the two-state chain).

The language has no user who leaves for a rival while everything is up, so the theorem is put to it twice:
as the same linear equation (with churn l + r and r N newcomers a day, active users follow
a' = r N - (l + r) a, which is a' = -l a + r (N - a)); and as a store that is closed for the first half of
each day (app users decay at 2 l) and open for the second (they return at 2 r), against the exact product of
the two half-day matrices. The latter checks that users may leave and return many times over.
"""

from __future__ import annotations

import math

import pytest

from sim.demand import History
from tests.pipeline import level, lived, timeline, whole, written
from tests.theory.one_outage import DAY, N, count

LEAVE, RETURN = 0.004, 0.02
AWAY_ON_DAY_90 = 0.14744581316032291255
STATIONARY_AWAY = 0.16666666666666666667

IMMIGRATION = """
name: immigration
title: Newcomers and churn
clock: {start: 2025-01-01T00:00Z, horizon: 1800 d, report_every: 1 d}
suppliers: {host: {kind: cloud host}}
capabilities: {use: {needs: [host]}}
users:
  start: 15000000
  served_by: use
  churn: 0.024 per day
  joins: 300000 per day
  patience: 1 d
  returns: {rate: 0 per day}
"""

HALF_DAYS = """
name: half_days
title: A store that is open every other half day
clock: {start: 2025-01-01T00:00Z, horizon: 90 d, report_every: 1 d}
suppliers: {host: {kind: cloud host}, store: {kind: app store}}
capabilities: {use: {needs: [host]}, install: {needs: [use, store]}}
users:
  start: 15000000
  served_by: use
  join_by: install
  churn: 0 per day
  joins: 0 per day
  app_decay: 0.008 per day
  patience: 1 d
  returns: {rate: 0.04 per day}
"""


def test_newcomers_and_churn_follow_the_same_equation() -> None:
    history = whole(written(IMMIGRATION).scenario()).history
    assert 1 - count(history, "active", 90) / N == pytest.approx(AWAY_ON_DAY_90, rel=1e-9)


def test_long_run_share_is_the_ratio_of_the_rates() -> None:
    history = whole(written(IMMIGRATION).scenario()).history
    assert 1 - count(history, "active", 1800) / N == pytest.approx(STATIONARY_AWAY, rel=1e-9)


def half_day_history() -> History:
    platform = written(HALF_DAYS).scenario()
    days = range(90)
    store = [piece for day in days for piece in ((day * DAY, 0.0), (day * DAY + 12.0, 1.0))]
    levels = {"use": level((0.0, 1.0)), "install": level(*store)}
    return lived(platform, timeline(platform.clock.horizon, levels))


def test_users_may_leave_and_return_many_times() -> None:
    history = half_day_history()
    away = 0.0
    for day in range(1, 91):
        away = 1.0 - (1.0 - away) * math.exp(-LEAVE)
        away *= math.exp(-RETURN)
        assert count(history, "away", day) / N == pytest.approx(away, rel=1e-9)


def test_half_days_come_near_the_two_states_with_both_ways_open() -> None:
    away = count(half_day_history(), "away", 90) / N
    # Splitting a day in two halves errs by less than half the day's product of rates: l r / 2 a day, relaxed.
    assert away == pytest.approx(AWAY_ON_DAY_90, rel=0.5 * (LEAVE + RETURN) * 1.1)
