"""Instants and durations: exact conversions, readable words."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.clock import Clock, format_duration, format_instant, hours_between, parse_instant, write_instant

START = datetime(2025, 3, 1, tzinfo=UTC)


def test_hours_are_exact_where_floats_can_be() -> None:
    assert Clock(START).hours(datetime(2025, 3, 10, 8, tzinfo=UTC)) == 224.0
    assert Clock(START).hours(START - timedelta(minutes=30)) == -0.5
    assert hours_between(START, START + timedelta(seconds=1)) == 1 / 3600


@given(st.integers(-(10**15), 10**15))
def test_an_instant_comes_back_from_its_hours(microseconds: int) -> None:
    instant = START + timedelta(microseconds=microseconds)
    assert abs(Clock(START).instant(Clock(START).hours(instant)) - instant) <= timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-03-10T08:00Z", datetime(2025, 3, 10, 8, tzinfo=UTC)),
        ("2025-03-10 08:00Z", datetime(2025, 3, 10, 8, tzinfo=UTC)),
        ("2025-03-10T08:00 UTC", datetime(2025, 3, 10, 8, tzinfo=UTC)),
        ("2025-03-10T08:00:30.5Z", datetime(2025, 3, 10, 8, 0, 30, 500_000, tzinfo=UTC)),
        ("2025-03-10T08:00+02:00", datetime(2025, 3, 10, 6, tzinfo=UTC)),
        ("2025-03-10", datetime(2025, 3, 10, tzinfo=UTC)),
    ],
)
def test_instants_are_read(text: str, instant: datetime) -> None:
    assert parse_instant(text) == instant
    assert parse_instant(write_instant(instant)) == instant


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2025-03-10T08:00", "write 2025-03-10T08:00Z"),
        ("10.3.2025", "is not an instant"),
        ("2025-02-30", "is not an instant"),
        ("2025-03-10T25:00Z", "is not an instant"),
        ("20250310T0800Z", "is not an instant"),
        ("0001-01-01T00:00+14:00", "is not an instant"),
    ],
)
def test_what_is_no_instant_is_refused_with_the_fix(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_instant(text)


def test_instants_are_written_for_people_whatever_the_locale() -> None:
    instant = datetime(2021, 1, 11, 8, tzinfo=UTC)
    assert format_instant(instant) == "11 Jan 2021 08:00 UTC"
    assert format_instant(instant, year=False, weekday=True, zone=False) == "Mon 11 Jan 08:00"
    assert Clock(datetime(2021, 1, 1, tzinfo=UTC)).format(248.0) == "11 Jan 08:00"


def test_an_instant_with_microseconds_is_written_exactly() -> None:
    instant = datetime(2021, 1, 11, 8, 0, 0, 25, tzinfo=UTC)
    assert write_instant(instant) == "2021-01-11T08:00:00.000025Z"
    assert parse_instant(write_instant(instant)) == instant


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0.0, "0 d"),
        (0.005, "18 s"),
        (0.75, "45 min"),
        (30.0, "30 h"),
        (71.9, "71.9 h"),
        (72.0, "3 d"),
        (850.0, "35.4 d"),
        (-30.0, "-30 h"),
        (24.0 * 12345, "12345 d"),
        (math.inf, "never"),
        (math.nan, "unknown"),
    ],
)
def test_durations_are_written_for_people(hours: float, words: str) -> None:
    assert format_duration(hours) == words
