"""Alternating renewal (case D1), played through a scenario: availability, and outages a year.

With exponential times between failures (rate f) and repairs (rate r) a supplier that is up at the start is up
for a share A + (1 - A) (1 - exp(-(f + r) T)) / ((f + r) T) of [0, T) on average, A = r / (f + r) (Barlow and
Proschan 1975, section 7.2; the two-state Markov chain). Failures a year are f times the mean hours up.
"""

from __future__ import annotations

from math import exp

import pytest

from tests.supplies import downtime, many, platform, z_score

BETWEEN, REPAIR = 90.0, 0.5
YEAR = 365.25
YEARS = 50


def interval_availability(days: float) -> float:
    total = 1 / BETWEEN + 1 / REPAIR
    long_run = (1 / REPAIR) / total
    return long_run + (1 - long_run) * (1 - exp(-total * days)) / (total * days)


@pytest.fixture(scope="module")
def lines() -> list[tuple[float, int]]:
    """Hours down and number of failures of 400 replications of 50 years."""
    fails = {"every": {"mean": f"{BETWEEN} d"}, "lasts": {"mean": f"{REPAIR} d"}}
    scenario = platform(suppliers={"host": {"fails": fails}}, horizon=f"{YEARS * YEAR} d", seed=11)
    return [(downtime(line), len(line.levels["use"].down())) for line in many(scenario, 2)]


def test_mean_availability_is_that_of_the_two_state_chain(lines: list[tuple[float, int]]) -> None:
    """Smallest error it sees: 4 standard errors, about 2 % of the time down."""
    days = YEARS * YEAR
    found = [1 - hours / (24 * days) for hours, _ in lines]
    assert abs(z_score(found, interval_availability(days))) < 4
    assert abs(z_score(found, 1 - 1.03 * (1 - interval_availability(days)))) > 4


def test_failures_a_year_are_the_rate_times_the_time_up(lines: list[tuple[float, int]]) -> None:
    """Smallest error it sees: 1.5 % of the rate. In the long run 4.0359 a year (case D1)."""
    expected = interval_availability(YEARS * YEAR) * YEAR / BETWEEN
    assert expected == pytest.approx(4.0359116, rel=1e-5)
    found = [number / YEARS for _, number in lines]
    assert abs(z_score(found, expected)) < 4
    assert abs(z_score(found, 1.03 * expected)) > 4


def test_the_form_of_the_laws_does_not_matter_in_the_long_run() -> None:
    """Availability is MTBF / (MTBF + MTTR) for any laws; over 50 years of monthly failures within 0.2 %."""
    fails = {
        "every": {"low": "10 d", "likely": "20 d", "high": "60 d"},
        "lasts": {"median": "1 d", "p90": "3 d"},
    }
    scenario = platform(suppliers={"host": {"fails": fails}}, horizon=f"{YEARS * YEAR} d", seed=12)
    laws = scenario.suppliers["host"].fails
    assert laws is not None
    mean_down = laws.lasts.mean() / (laws.every.mean() + laws.lasts.mean())
    found = [downtime(line) / (24 * YEARS * YEAR) for line in many(scenario, 1)]
    # Up at the start: short by at most one mean repair in all, a 600th of the time down.
    average = sum(found) / len(found)
    assert average == pytest.approx(mean_down, rel=0.02)
    assert abs(z_score(found, mean_down)) < 4
