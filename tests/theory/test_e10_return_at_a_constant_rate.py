"""An outage of 35 days, then a race between returning and giving up, both at constant rates.

Waiting users leave at 0.03 a day. From reopening on, those away return at r = 0.02 a day or give up at
g = 0.01 a day: by day s after it the share r / (r + g) x (1 - exp(-(r + g) s)) of them has returned.

Source: R. L. Prentice et al., The analysis of failure times in the presence of competing risks,
Biometrics 34 (1978) 541 (cause-specific hazards); J. R. Norris, Markov Chains (1997), section 2.

Here giving up goes on during the outage too, so of those who leave the share that is away at reopening is
smaller by a factor that is derived below; the theorem's own four numbers follow from the share of the
people away at reopening.
"""

from __future__ import annotations

import math

import pytest

from sim.demand import History
from tests.pipeline import whole
from tests.theory.one_outage import N, count, scenario

LEAVE, RETURN, GIVE_UP = 0.03, 0.02, 0.01
LEFT_AT_REOPENING = 0.65006225088884464533
RETURNED_BY_90 = 0.40424965600340265896
GONE_BY_90 = 0.20212482800170132948
STILL_AWAY = 0.04368776688374065689
ACTIVE_AT_90 = 0.75418740511455801363
ULTIMATELY_LOST = 0.21668741696294821511

USERS = "patience: {mean: 33.333333333333333333 d}, returns: {rate: 2 % per day}, gives_up: 1 % per day"


def history(users: str = USERS, horizon: str = "126 d") -> History:
    return whole(scenario(users, horizon=horizon)).history


def test_shares_of_those_away_at_reopening_are_those_of_the_race() -> None:
    users = history()
    away = count(users, "away", 36)
    returned = (count(users, "active", 126) - count(users, "active", 36)) / away
    gone = (count(users, "gone", 126) - count(users, "gone", 36)) / away
    still = count(users, "away", 126) / away
    assert returned * LEFT_AT_REOPENING == pytest.approx(RETURNED_BY_90, rel=1e-9)
    assert gone * LEFT_AT_REOPENING == pytest.approx(GONE_BY_90, rel=1e-9)
    assert still * LEFT_AT_REOPENING == pytest.approx(STILL_AWAY, rel=1e-9)
    waited = count(users, "active", 36) / N
    assert waited + returned * LEFT_AT_REOPENING == pytest.approx(ACTIVE_AT_90, rel=1e-9)


def test_a_third_of_those_away_never_returns() -> None:
    users = history(horizon="1200 d")
    away = count(users, "away", 36)
    lost = (count(users, "gone", 1200) - count(users, "gone", 36)) / away
    assert lost * LEFT_AT_REOPENING == pytest.approx(ULTIMATELY_LOST, rel=1e-9)


def test_giving_up_goes_on_during_the_outage() -> None:
    users = history()
    away = LEAVE / (LEAVE - GIVE_UP) * (math.exp(-GIVE_UP * 35) - math.exp(-LEAVE * 35))
    assert count(users, "away", 36) / N == pytest.approx(away, rel=1e-9)
    assert count(users, "gone", 36) / N == pytest.approx(LEFT_AT_REOPENING - away, rel=1e-9)


def test_without_giving_up_everyone_returns_in_the_end() -> None:
    users = history(USERS.replace("gives_up: 1 %", "gives_up: 0 %"), horizon="126 d")
    assert count(users, "away", 36) / N == pytest.approx(LEFT_AT_REOPENING, rel=1e-9)
    assert count(users, "away", 126) / N == pytest.approx(
        LEFT_AT_REOPENING * math.exp(-RETURN * 90), rel=1e-9
    )
