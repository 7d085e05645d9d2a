"""Where a slider may stand: round values of each kind of quantity.

In: a dimension, a value and what bounds it. Out: stops as a file would say them ("36 h", "20 %"), ascending,
the value itself among them. Stops are texts because texts are what a setting is made of: the page never
converts a unit, and equal positions give equal settings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from sim.scenario.units import (
    BANDWIDTH,
    DIMENSIONS,
    DURATION,
    HAZARD,
    JOIN_RATE,
    MONEY,
    SHARE,
    VOLUME,
    Dimension,
    parse_quantity,
    write_quantity,
)

REACH = 10.0
"""A slider reaches from a tenth to ten times the value it starts from."""

_ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)

_DURATIONS = (
    "0 h;1 s;5 s;15 s;30 s;1 min;2 min;5 min;10 min;15 min;30 min;45 min;1 h;1.5 h;2 h;3 h;4 h;5 h;6 h;8 h;"
    "10 h;12 h;16 h;18 h;20 h;24 h;30 h;36 h;42 h;2 d;2.5 d;3 d;3.5 d;4 d;5 d;6 d;7 d;8 d;9 d;10 d;12 d;14 d;"
    "16 d;18 d;21 d;25 d;28 d;30 d;35 d;40 d;45 d;50 d;60 d;70 d;80 d;90 d;100 d;120 d;150 d;180 d;210 d;"
    "240 d;270 d;300 d;365 d;450 d;540 d;730 d;1000 d;1500 d;2000 d;3000 d;4000 d"
)
_HAZARDS = (
    "0 % per day;0.01 % per day;0.02 % per day;0.05 % per day;0.1 % per day;0.15 % per day;0.2 % per day;"
    "0.3 % per day;0.5 % per day;0.7 % per day;1 % per day;1.5 % per day;2 % per day;3 % per day;4 % per day;"
    "5 % per day;6 % per day;8 % per day;10 % per day;12 % per day;15 % per day;20 % per day;25 % per day;"
    "30 % per day;40 % per day;50 % per day;70 % per day;100 % per day"
)

_FROM_NOTHING = {
    DURATION.name: (1.0, 720.0),
    HAZARD.name: (0.0001 / 24, 0.1 / 24),
    MONEY.name: (1.0, 1e6),
    JOIN_RATE.name: (1.0 / 24, 1e6 / 24),
}
"""Smallest and largest stop beside 0 of a slider that starts from 0, in inside units: an hour to a month;
0.01 to 10 % a day; a unit to a million; a joiner to a million a day."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One position: as a file says it, and in the inside unit.

    `whole` is what is set instead of the text where a whole law moves with one of its numbers.
    """

    text: str
    amount: float
    whole: str = ""

    @property
    def setting(self) -> str:
        """What is set when a slider stands here."""
        return self.whole or self.text


@cache
def grid(name: str) -> tuple[Stop, ...]:
    """All round values of a dimension (by its name), or of whole numbers (``whole``), ascending."""
    if name == "whole":
        whole = [*range(21), *range(25, 101, 5), *range(120, 1001, 20), *range(2000, 10_001, 1000)]
        return tuple(Stop(str(value), float(value)) for value in whole)
    dimension = _BY_NAME[name]
    found = {parse_quantity(text, dimension): text for text in _texts(dimension)}
    return tuple(Stop(text, amount) for amount, text in sorted(found.items()))


def _texts(dimension: Dimension) -> Iterable[str]:
    if dimension is DURATION:
        return _DURATIONS.split(";")
    if dimension is HAZARD:
        return _HAZARDS.split(";")
    if dimension is SHARE:
        return [f"{percent} %" for percent in (0, 0.1, 0.2, 0.5, *range(1, 101))]
    if dimension is VOLUME:
        return _scaled(("MB", "GB", "TB", "PB"), 3)
    if dimension is BANDWIDTH:
        return _scaled(("Mbit/s", "Gbit/s", "Tbit/s"), 3)
    if dimension.bare:
        amounts = [0.0, *(part * 10.0**power for power in range(-3, 10) for part in _ROUND)]
        return [str(write_quantity(float(f"{amount:.6g}"), dimension)) for amount in amounts]
    return ["0 per day", *(f"{text} per day" for text in _numbers(7))]


def _numbers(decades: int) -> list[str]:
    return [f"{part * 10**power:g}" for power in range(decades) for part in _ROUND if part * 10**power < 1e6]


def _scaled(units: Iterable[str], decades: int) -> list[str]:
    return [f"{number} {unit}" for unit in units for number in _numbers(decades)]


def stops(
    dimension: Dimension | None,
    value: float,
    *,
    least: float = 0.0,
    most: float = math.inf,
    positive: bool = False,
) -> list[Stop]:
    """The stops of one slider.

    Parameters
    ----------
    dimension
        None for whole numbers.
    value
        Where it stands, inside unit.
    least, most
        Bounds that other inputs set (low <= likely <= high), inside unit.
    positive
        Whether 0 is refused.
    """
    name = "whole" if dimension is None else dimension.name
    low, high = (value / REACH, value * REACH) if value else _FROM_NOTHING.get(name, (0.0, math.inf))
    if dimension is SHARE:
        low, high = 0.001, 1.0
    elif dimension is None:
        low, high = 1.0, max(20.0, 4.0 * value)
    low, high = max(low, least), min(high, most)
    # Nothing at all is worth a stop of its own, however far below the others it is.
    nothing = least <= 0.0 and not positive
    return [stop for stop in grid(name) if low <= stop.amount <= high or (stop.amount == 0.0 and nothing)]


_BY_NAME = {dimension.name: dimension for dimension in DIMENSIONS}
