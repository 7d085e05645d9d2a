"""Quantities: read exactly, written so that they come back, refused with the likely fix."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.schema_values import unit_pattern
from sim.scenario.units import (
    BANDWIDTH,
    COUNT,
    DIMENSIONS,
    DURATION,
    HAZARD,
    JOIN_RATE,
    MONEY,
    NUMBER,
    SHARE,
    VOLUME,
    Dimension,
    Wrong,
    parse_quantity,
    write_quantity,
)

READ = [
    ("36 h", DURATION, 36.0),
    ("36h", DURATION, 36.0),
    ("5 d", DURATION, 120.0),
    ("5 days", DURATION, 120.0),
    ("1 day", DURATION, 24.0),
    ("2 weeks", DURATION, 336.0),
    ("90 min", DURATION, 1.5),
    ("36 s", DURATION, 0.01),
    ("1e2 h", DURATION, 100.0),
    (".5 h", DURATION, 0.5),
    ("12 TB", VOLUME, 12e12),
    ("1 GiB", VOLUME, 2.0**30),
    ("1.5 KB", VOLUME, 1500.0),
    ("0 B", VOLUME, 0.0),
    ("1 Gbit/s", BANDWIDTH, 1e9),
    ("1 Gbit per s", BANDWIDTH, 1e9),
    ("500 Mbps", BANDWIDTH, 5e8),
    ("100 MB/s", BANDWIDTH, 8e8),
    ("20 %", SHARE, 0.2),
    ("20%", SHARE, 0.2),
    (0.2, SHARE, 0.2),
    (1, SHARE, 1.0),
    ("2.3 million", COUNT, 2_300_000.0),
    (2300000, COUNT, 2_300_000.0),
    ("15 thousand", COUNT, 15_000.0),
    ("20000 per day", JOIN_RATE, 20000 / 24),
    ("20000/d", JOIN_RATE, 20000 / 24),
    ("0.5 million per month", JOIN_RATE, 0.5e6 / 730.5),
    ("0.1 % per day", HAZARD, 0.001 / 24),
    ("0.001 per day", HAZARD, 0.001 / 24),
    ("4 % per year", HAZARD, 0.04 / 8766),
    ("0.3 million", MONEY, 300_000.0),
    ("0.8", NUMBER, 0.8),
]


@pytest.mark.parametrize(
    ("text", "dimension", "value"), READ, ids=lambda item: str(getattr(item, "name", item))
)
def test_quantities_are_read_in_inside_units(text: object, dimension: Dimension, value: float) -> None:
    assert parse_quantity(text, dimension) == value
    if isinstance(text, str):
        assert re.fullmatch(unit_pattern(dimension), text), "the schema refuses what the loader reads"


def test_ten_times_a_tenth_is_one() -> None:
    """Read exactly and rounded once: the sum of ten floats of 0.1 would be 0.9999999999999999."""
    assert parse_quantity("6 min", DURATION) * 10 == parse_quantity("60 min", DURATION)
    assert parse_quantity("0.1 d", DURATION) == 2.4
    assert parse_quantity("0.7 d", DURATION) == 16.8
    assert 0.7 * 24 != 16.8


REFUSED = [
    (36, DURATION, "write `36 d`, `36 h`, `36 min`"),
    ("36", DURATION, "has no unit"),
    ("1,5 d", DURATION, "write `1.5 d`"),
    ("1,000 d", DURATION, "write `1000 d`"),
    ("2 300 000", COUNT, "write `2300000`"),
    ("2_300_000", COUNT, "write `2300000`"),
    ("5 parsecs", DURATION, "`parsecs` is not one of its units"),
    ("5 TB", DURATION, "allowed: d, h, min, s"),
    ("3 months", DURATION, "allowed: d, h"),
    ("5 D", DURATION, "did you mean `5 d`?"),
    ("2 houers", DURATION, "did you mean `2 hours`?"),
    ("12 tb", VOLUME, "did you mean `12 TB`?"),
    ("1 gbit/s", BANDWIDTH, "did you mean `1 Gbit/s`?"),
    ("soon", DURATION, "is not a duration"),
    ("", DURATION, "is not a duration"),
    ("-3 h", DURATION, "negative"),
    (-1, COUNT, "negative"),
    (True, COUNT, "`true` is not a count"),
    (None, COUNT, "nothing is not a count"),
    ([1], COUNT, "a list is not a count"),
    ({}, COUNT, "a mapping is not a count"),
    (math.inf, COUNT, "finite"),
    (math.nan, COUNT, "finite"),
    ("1e999 h", DURATION, "finite"),
    ("1e999999999999 h", DURATION, "finite"),
    ("9" * 60 + " h", DURATION, "finite"),
    (10**400, COUNT, "too large"),
    (20, SHARE, "did you mean `20 %`?"),
    ("120 %", SHARE, "over 1 (100 %)"),
    ("0.1 %", HAZARD, "`%` is not one of its units"),
    (0.001, HAZARD, "`0.001 per day`"),
    ("300000 EUR", MONEY, "`EUR` is not one of its units"),
]


@pytest.mark.parametrize(
    ("value", "dimension", "says"), REFUSED, ids=lambda item: str(getattr(item, "name", item))[:30]
)
def test_what_is_wrong_is_refused_with_the_fix(value: object, dimension: Dimension, says: str) -> None:
    with pytest.raises(Wrong) as caught:
        parse_quantity(value, dimension)
    assert says in str(caught.value)


@pytest.mark.parametrize("dimension", DIMENSIONS, ids=lambda dimension: dimension.name)
@given(amount=st.floats(0, 1e15, allow_subnormal=False))
def test_a_written_quantity_comes_back_bit_for_bit(dimension: Dimension, amount: float) -> None:
    value = amount / 1e15 if dimension is SHARE else amount
    written = write_quantity(value, dimension)
    assert parse_quantity(written, dimension) == value
    if isinstance(written, str):
        assert re.fullmatch(unit_pattern(dimension), written)


@pytest.mark.parametrize(
    ("text", "dimension"),
    [
        ("30 h", DURATION),
        ("36 h", DURATION),
        ("2 d", DURATION),
        ("45 min", DURATION),
        ("50 TB", VOLUME),
        ("1 Gbit/s", BANDWIDTH),
        ("20 %", SHARE),
        ("0.1 % per day", HAZARD),
        ("4 % per year", HAZARD),
        ("1000 per day", JOIN_RATE),
        ("2.3 million", COUNT),
        (8, COUNT),
        (0, MONEY),
        ("100 %", SHARE),
        ("0 h", DURATION),
    ],
    ids=str,
)
def test_a_quantity_is_written_as_people_would(text: object, dimension: Dimension) -> None:
    assert write_quantity(parse_quantity(text, dimension), dimension) == text


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for dimension in DIMENSIONS:
        try:
            value = parse_quantity(text, dimension)
        except Wrong:
            continue
        assert math.isfinite(value)
        assert value >= 0
