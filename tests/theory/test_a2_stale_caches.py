"""User-hours lost to stale DNS caches after a cut-over.

A cache entry's age at the cut-over is uniform on [0, TTL), so after s seconds a share 1 - s / TTL still
goes to the old address: everyone is off for TTL / 2 on average. For 15 million users and a TTL of an hour
that is 312,500 user-days.

Source: J. Jung, A. W. Berger, H. Balakrishnan, Modeling TTL-based Internet caches, INFOCOM 2003;
G. C. M. Moura et al., Cache me if you can: effects of DNS time-to-live, IMC 2019,
doi 10.1145/3355369.3355568.
"""

from __future__ import annotations

import pytest

from tests.pipeline import Whole, level, lived, timeline, whole, written
from tests.theory.one_outage import DAY, N

MEAN_EXTRA_DAYS = 0.020833333333333333333
USER_DAYS = 312500.0
STALE_AFTER_1000_S = 0.72222222222222222222

TEXT = """
name: stale_caches
title: A host is replaced; caches still hold its address
clock: {start: 2025-01-01T00:00Z, horizon: 20 d, report_every: 1 d}
suppliers: {host: {kind: cloud host}}
capabilities: {use: {needs: [host]}}
users:
  start: 15000000
  served_by: use
  churn: 0 per day
  joins: 0 per day
  patience: 1000 d
  returns: {rate: 0 per day}
events:
  - {suspend: host, at: 2025-01-03T00:00Z, notice: 1 d}
response:
  replace:
    host:
      tasks:
        move: {after: [outage], takes: 5 d}
      cut_over: {ttl: 3600 s}
"""


@pytest.fixture(scope="module")
def result() -> Whole:
    return whole(written(TEXT).scenario())


def test_cut_over_costs_half_a_time_to_live_for_everyone(result: Whole) -> None:
    down = result.column("downtime")[0]
    assert down == pytest.approx(5 * DAY, rel=1e-9)
    stale = result.column("user_hours_lost")[0] / DAY - N * 5
    assert stale == pytest.approx(USER_DAYS, rel=1e-7)  # a difference of numbers 240 times as large
    assert result.column("user_hours_lost")[0] == pytest.approx((N * 5 + USER_DAYS) * DAY, rel=1e-9)
    assert stale / N == pytest.approx(MEAN_EXTRA_DAYS, rel=1e-7)


def test_share_still_stale_falls_linearly(result: Whole) -> None:
    back = 7 * DAY
    use = result.happened[0].levels["use"]
    assert 1 - use.at(back + 1000 / 3600) == pytest.approx(STALE_AFTER_1000_S, rel=1e-9)
    assert use.at(back + 1.0) == 1.0


def test_served_hours_follow_a_capacity_that_rises() -> None:
    platform = written(TEXT).scenario()
    rising = level((0.0, 1.0), (2 * DAY, 0.0), (7 * DAY, 0.0, 1.0), (7 * DAY + 1.0, 1.0))
    full = level((0.0, 1.0), (2 * DAY, 0.0), (7 * DAY, 1.0))
    horizon = platform.clock.horizon
    histories = [lived(platform, timeline(horizon, {"use": use})) for use in (rising, full)]
    hours = [float(history.served_hours[0, 0]) for history in histories]
    assert hours[0] == pytest.approx(15 * DAY * N - USER_DAYS * DAY, rel=1e-12)
    assert hours[1] == pytest.approx(15 * DAY * N, rel=1e-12)
