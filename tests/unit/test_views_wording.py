"""Numbers, times and names as people read them."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from sim.views import wording

START = datetime(2021, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (3.7e-8, "0"),
        (1, "1"),
        (2.26, "2.3"),
        (69.4, "69"),
        (812_345, "812,000"),
        (999_999, "1 million"),
        (2_299_999, "2.3 million"),
        (1.2345e9, "1.23 billion"),
        (-5_432.1, "−5,430"),
        (math.nan, "–"),
    ],
)
def test_counts_have_three_figures_and_a_word_for_the_scale(value: float, shown: str) -> None:
    assert wording.count(value) == shown


@pytest.mark.parametrize(
    ("hours", "long", "short"),
    [
        (0, "0 hours", "0 h"),
        (0.5, "30 minutes", "30 min"),
        (1, "1 hour", "1 h"),
        (1.04, "1 hour", "1 h"),
        (5.55, "5.5 hours", "5.5 h"),
        (24, "24 hours", "24 h"),
        (48, "2 days", "2 d"),
        (456, "19 days", "19 d"),
        (6480, "270 days", "270 d"),
        (math.inf, "for ever", "∞"),
    ],
)
def test_durations_are_told_in_hours_or_in_days(hours: float, long: str, short: str) -> None:
    assert wording.duration(hours) == long
    assert wording.short_duration(hours) == short


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (3, 1000, "3 of 1,000"),
        (30, 1000, "3 of 100"),
        (35, 1000, "35 of 1,000"),
        (998, 1000, "998 of 1,000"),
        (503, 1000, "50 of 100"),
        (1000, 1000, "100 of 100"),
        (0, 1000, "0 of 100"),
        (25, 50, "25 of 50"),
    ],
)
def test_so_many_of_a_hundred_never_rounds_to_none_or_all(part: int, whole: int, shown: str) -> None:
    assert wording.out_of(part, whole) == shown


def test_one_is_singular_and_everything_else_plural() -> None:
    assert [wording.plural(n, "day") for n in ("0", "1", "1.5", "2")] == [
        "0 days",
        "1 day",
        "1.5 days",
        "2 days",
    ]


def test_instants_are_rounded_to_the_minute_and_told_in_utc() -> None:
    assert wording.stamp(START, 248) == "Mon 11 Jan 08:00"
    assert wording.stamp(START, 248 - 1 / 7200) == "Mon 11 Jan 08:00"
    assert wording.stamp_with_year(START, 248) == "Mon 11 Jan 2021 08:00 UTC"
    assert wording.date(START, 270 * 24) == "28 September 2021"


def test_lists_and_identifiers_become_words() -> None:
    assert [wording.listing(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert wording.spoken("sign_in") == "sign in"
    assert (wording.small("Sign in"), wording.small("SMS"), wording.small("iPhone")) == (
        "sign in",
        "SMS",
        "iPhone",
    )


def test_percent_keeps_small_shares_and_needs_no_sign_twice() -> None:
    assert [wording.percent(v) for v in (0.2, 0.004, 0.9876, 0.0)] == ["20 %", "0.4 %", "98.8 %", "0 %"]


def test_percent_does_not_round_nearly_all_to_all() -> None:
    told = [wording.percent(v, 2) for v in (0.9963, 0.995, 0.99992, 1.0 - 1e-12, 1.0)]
    assert told == ["99.63 %", "99.5 %", "99.992 %", "100 %", "100 %"]
    assert [wording.hundred(v) for v in (0.426, 0.001, 0.0, -0.05)] == ["43", "<1", "0", "−5"]
