"""Loss against the counterfactual at a horizon: growth hides loss, so day 0 is the wrong yardstick.

15 million users, 0.001 of them churn a day, 20,000 join a day while the service is up. An outage during
[0, 35) days: users leave at 0.03 a day in all, nobody joins, nobody returns. A year later, from
a' = joins - churn x a in closed form, 7.13 million are missing against the counterfactual, though only
5.60 million fewer than on day 0.

Source: the linear equation of an immigration-death process, D. R. Cox and H. D. Miller, The Theory of
Stochastic Processes (1965), section 4.3; area above the curve: M. Bruneau et al., A framework to
quantitatively assess and enhance the seismic resilience of communities, Earthquake Spectra 19 (2003) 733,
doi 10.1193/1.1623497.
"""

from __future__ import annotations

import pytest

from tests.pipeline import Whole, whole, written
from tests.theory.one_outage import DAY

COUNTERFACTUAL = 16529016.745610105846
ACTUAL = 9395203.6272578242751
EXCESS = 7133813.1183522815709
NAIVE = 5604796.3727421757249
LOST_USER_DAYS = 3317120644.980388109
RESILIENCE = 0.42520702300476997927

# Leaving at 0.03 a day in all: 0.001 of ordinary churn and 0.029 of lost patience, a mean of 1 / 0.029 days.
TEXT = """
name: excess_loss
title: An outage of 35 days in a growing network
clock: {start: 2025-01-01T00:00Z, horizon: 365 d, report_every: 1 d}
suppliers: {host: {kind: cloud host}}
capabilities: {use: {needs: [host]}}
users:
  start: 15000000
  served_by: use
  join_by: use
  churn: 0.001 per day
  joins: 20000 per day
  patience: {mean: 34.482758620689655172 d}
  returns: {rate: 0 per day}
events:
  - {outage: host, at: 2025-01-01T00:00Z, lasts: 35 d}
"""


@pytest.fixture(scope="module")
def result() -> Whole:
    return whole(written(TEXT).scenario())


def test_users_with_and_without_the_outage_follow_the_linear_equation(result: Whole) -> None:
    assert result.column("users_end_counterfactual")[0] == pytest.approx(COUNTERFACTUAL, rel=1e-9)
    assert result.column("users_end")[0] == pytest.approx(ACTUAL, rel=1e-9)


def test_loss_is_measured_against_the_counterfactual_and_not_against_day_0(result: Whole) -> None:
    assert result.column("users_lost")[0] == pytest.approx(EXCESS, rel=1e-9)
    start, end = result.column("users_start")[0], result.column("users_end")[0]
    assert start - end == pytest.approx(NAIVE, rel=1e-9)


def test_user_hours_lost_are_the_area_between_the_two_curves(result: Whole) -> None:
    assert result.column("user_hours_lost")[0] == pytest.approx(LOST_USER_DAYS * DAY, rel=1e-9)


def test_resilience_loss_is_that_area_over_the_counterfactual(result: Whole) -> None:
    assert result.column("resilience_loss")[0] == pytest.approx((1 - RESILIENCE) * 365 * DAY, rel=1e-9)


def test_nobody_joins_while_there_is_no_way_in(result: Whole) -> None:
    assert float(result.history.joined[0, 0]) == pytest.approx(20000 * 330, rel=1e-9)
    assert float(result.spared_history.joined[0, 0]) == pytest.approx(20000 * 365, rel=1e-9)
