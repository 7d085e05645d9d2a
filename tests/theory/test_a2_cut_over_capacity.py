"""Capacity while caches still hold the old address.

The ages of stationary cache entries at the change are uniform on [0, TTL), so s seconds later a share
1 - s / TTL is stale and the capacity is s / TTL. Over a TTL of 3600 s the mean user is out for half of it,
0.0208333... d, and after 1000 s a share 0.7222... is still stale.

Source: J. Jung, A. W. Berger, H. Balakrishnan, Modeling TTL-based Internet caches, INFOCOM 2003; G. C. M.
Moura et al., Cache me if you can: effects of DNS time-to-live, IMC 2019, doi 10.1145/3355369.3355568. Exact:
relative 1e-9.
"""

from __future__ import annotations

import pytest

from tests.supplies import DAY, platform, played

MEAN_EXTRA_DAYS = 0.020833333333333333333
STALE_AFTER_1000_S = 0.72222222222222222222


def test_capacity_after_a_cut_over() -> None:
    host = {"tasks": {"move": {"takes": "1 d"}}, "cut_over": {"ttl": "3600 s"}}
    events = [{"suspend": "host", "at": "10 d"}]
    scenario = platform(
        events=events, response={"detection": "0 h", "replace": {"host": host}}, horizon="20 d"
    )
    level = played(scenario).levels["use"]
    back = 11 * DAY
    assert 1.0 - level.at(back + 1000 / 3600) == pytest.approx(STALE_AFTER_1000_S, rel=1e-9)
    missing = 9 * DAY - level.integral(back, 20 * DAY)
    assert missing / DAY == pytest.approx(MEAN_EXTRA_DAYS, rel=1e-9)
    assert level.down() == ((10 * DAY, back),)
