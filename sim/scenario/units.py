"""Quantities: "36 h", "12 TB", "20 %", "0.1 % per day" become numbers in inside units.

In: a value as a file has it. Out: hours, bytes, bit/s, shares, hazards per hour, counts, users per hour,
money. The list of units is closed; numbers are read as exact fractions, multiplied, and rounded once.
A message says what was found, what is allowed and the likely fix. Rejected: a units library (0.4 s to
import, and it reads "5 parsecs" gladly).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction

from sim.clock import HOURS, HOURS_IN_MONTH, HOURS_IN_YEAR
from sim.scenario.nodes import describe

_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*)", re.DOTALL)
_THOUSANDS = re.compile(r"([-+]?\d{1,3}(?:[,_ ']\d{3})+(?:\.\d+)?)(?!\d)\s*(.*)", re.DOTALL)
_COMMA = re.compile(r"([-+]?\d+),(\d+)\s*(.*)", re.DOTALL)

SCALES: Mapping[str, Fraction] = {
    "": Fraction(1),
    "thousand": Fraction(10**3),
    "million": Fraction(10**6),
    "billion": Fraction(10**9),
}
_TIMES: Mapping[str, Fraction] = {
    **HOURS,
    **dict.fromkeys(("month", "months"), HOURS_IN_MONTH),
    **dict.fromkeys(("year", "years"), HOURS_IN_YEAR),
}
_PREFIXES = (("", 0), ("k", 1), ("M", 2), ("G", 3), ("T", 4), ("P", 5))
_PERCENT = {"": Fraction(1), "%": Fraction(1, 100)}


@dataclass(frozen=True, eq=False)
class Dimension:
    """A kind of quantity: its units (text to factor into the inside unit) and its range.

    A unit of "" means that a bare number is allowed. ``shown`` are the units a message lists and a value is
    written in, largest first.
    """

    name: str
    inside: str
    units: Mapping[str, Fraction]
    shown: tuple[str, ...]
    examples: tuple[str, ...]
    high: float = math.inf
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def bare(self) -> bool:
        """Whether a number without a unit is meant."""
        return "" in self.units

    @property
    def allowed(self) -> str:
        """The examples, for messages."""
        return ", ".join(f"`{example}`" for example in self.examples)


def _per(amounts: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Every amount per every unit of time: "% per day"."""
    return {
        f"{amount} per {time}".strip(): factor / hours
        for amount, factor in amounts.items()
        for time, hours in _TIMES.items()
    }


DURATION = Dimension("a duration", "h", HOURS, ("d", "h", "min", "s"), ("36 h", "5 d", "90 min"))
VOLUME = Dimension(
    "a volume of data",
    "B",
    {f"{p}B": Fraction(1000**i) for p, i in _PREFIXES}
    | {f"{p}iB": Fraction(1024**i) for p, i in _PREFIXES[1:]},
    ("PB", "TB", "GB", "MB", "kB", "B"),
    ("12 TB", "500 GB"),
    aliases={"KB": "kB", "KiB": "kiB", "bytes": "B"},
)
BANDWIDTH = Dimension(
    "a bandwidth",
    "bit/s",
    {f"{p}bit per s": Fraction(1000**i) for p, i in _PREFIXES}
    | {f"{p}B per s": Fraction(8 * 1000**i) for p, i in _PREFIXES},
    ("Tbit/s", "Gbit/s", "Mbit/s", "kbit/s", "bit/s"),
    ("1 Gbit/s", "500 Mbit/s", "100 MB/s"),
    aliases={f"{p}bps": f"{p}bit per s" for p, _ in _PREFIXES}
    | {f"{p}b per s": f"{p}bit per s" for p, _ in _PREFIXES},
)
SHARE = Dimension("a share", "", _PERCENT, ("%", ""), ("20 %", "0.2"), high=1.0)
HAZARD = Dimension(
    "a hazard",
    "per hour",
    _per(_PERCENT),
    ("% per year", "% per day", "per day", "per h"),
    ("0.1 % per day", "4 % per year"),
)
COUNT = Dimension("a count", "", SCALES, ("billion", "million", ""), ("2300000", "2.3 million"))
JOIN_RATE = Dimension(
    "a number of people per time",
    "per hour",
    _per(SCALES),
    ("million per day", "per day", "per h"),
    ("20000 per day", "0.5 million per month"),
)
MONEY = Dimension("an amount of money", "", SCALES, ("billion", "million", ""), ("300000", "0.3 million"))
NUMBER = Dimension("a number", "", {"": Fraction(1)}, ("",), ("0.8", "2"))

DIMENSIONS: tuple[Dimension, ...] = (
    DURATION, VOLUME, BANDWIDTH, SHARE, HAZARD, COUNT, JOIN_RATE, MONEY, NUMBER,
)  # fmt: skip


class Wrong(ValueError):  # noqa: N818 - a finding about an input, not an exceptional state of ours
    """What is wrong with a value: messages, each with the path below the value it is about."""

    def __init__(self, *findings: tuple[tuple[str | int, ...], str]) -> None:
        self.findings = findings
        super().__init__("; ".join(message for _, message in findings))

    @classmethod
    def here(cls, message: str) -> Wrong:
        """About the value itself."""
        return cls(((), message))


def parse_quantity(value: object, dimension: Dimension) -> float:
    """The quantity in the dimension's inside unit.

    Raises
    ------
    Wrong
        If the value is no quantity of this dimension, is negative or exceeds the dimension's range.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        found = f"`{str(value).lower()}`" if isinstance(value, bool) else describe(value)
        raise Wrong.here(f"{found} is not {dimension.name}; write for example {dimension.allowed}")
    if isinstance(value, str):
        number, unit = _split(value.strip(), dimension)
    else:
        if isinstance(value, int) and abs(value) > 10**300:
            raise Wrong.here("the number is too large")
        if not math.isfinite(value):
            raise Wrong.here(f"`{value}` is not {dimension.name}; write a finite number")
        number, unit = Fraction(Decimal(repr(value))), ""
    factor = _factor(value, number, unit, dimension)
    return _in_range(value, number * factor, dimension)


def _split(text: str, dimension: Dimension) -> tuple[Fraction, str]:
    """The number and what follows it."""
    if grouped := _THOUSANDS.fullmatch(text):
        plain = re.sub(r"[,_ ']", "", grouped[1])
        raise Wrong.here(f"`{text}`: write `{f'{plain} {grouped[2]}'.strip()}` (no marks between thousands)")
    if comma := _COMMA.fullmatch(text):
        raise Wrong.here(f"`{text}`: write `{f'{comma[1]}.{comma[2]} {comma[3]}'.strip()}` (a decimal point)")
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise Wrong.here(f"`{text}` is not {dimension.name}; write for example {dimension.allowed}")
    if len(match[1]) > 40 or not -330 < Decimal(match[1]).adjusted() < 300:
        # Beyond floats anyway, and 1e999999999 would be a fraction with a billion digits.
        raise Wrong.here(f"`{text[:40]}` is not {dimension.name}; write a finite number")
    return Fraction(Decimal(match[1])), match[2].strip()


def _normal(unit: str) -> str:
    """One spelling: "Gbit/s" and "Gbit per s" are the same, spaces do not matter."""
    return " ".join(unit.replace("/", " per ").split())


def _factor(value: object, number: Fraction, unit: str, dimension: Dimension) -> Fraction:
    normal = _normal(unit)
    normal = dimension.aliases.get(normal, normal)
    if normal in dimension.units:
        return dimension.units[normal]
    amount = str(value).strip()
    if not normal:
        fixes = ", ".join(f"`{amount} {shown}`" for shown in dimension.shown[:3])
        raise Wrong.here(f"`{amount}` has no unit: write {fixes}")
    near = _near_unit(normal, dimension)
    fix = f"did you mean `{_short(number)} {near}`?" if near else f"allowed: {_listed(dimension)}"
    raise Wrong.here(f"`{amount}` is not {dimension.name}: `{unit}` is not one of its units; {fix}")


def _near_unit(unit: str, dimension: Dimension) -> str | None:
    known = [*dimension.units, *dimension.aliases]
    for spelling in known:
        if spelling and spelling.lower() == unit.lower():
            return _pretty(spelling, dimension)
    if any(_normal(unit) in other.units or _normal(unit) in other.aliases for other in DIMENSIONS):
        return None
    near = get_close_matches(unit, [name for name in known if len(name) > 2], n=1, cutoff=0.75)
    return _pretty(near[0], dimension) if near else None


def _pretty(unit: str, dimension: Dimension) -> str:
    unit = dimension.aliases.get(unit, unit)
    return unit.replace(" per s", "/s") if dimension is BANDWIDTH else unit


def _listed(dimension: Dimension) -> str:
    listed = [shown or "a bare number" for shown in dimension.shown]
    return ", ".join(listed) + f" (for example {dimension.allowed})"


def _short(number: Fraction) -> str:
    return repr(float(number)).removesuffix(".0")


def _in_range(value: object, exact: Fraction, dimension: Dimension) -> float:
    if exact < 0:
        raise Wrong.here(f"`{value}` is negative; {dimension.name} is 0 or more")
    try:
        amount = float(exact)
    except OverflowError:
        raise Wrong.here(f"`{value}` is too large") from None
    if amount > dimension.high:
        fix = f": did you mean `{value} %`?" if not isinstance(value, str) and amount <= 100 else ""
        raise Wrong.here(f"`{value}` is over 1 (100 %); {dimension.name} is between 0 and 1{fix}")
    return amount


def write_quantity(amount: float, dimension: Dimension) -> str | int | float:
    """The quantity as a file may say it, in the largest unit that keeps it short and exact.

    `parse_quantity` gives back the same bits. A bare number where the dimension allows one.
    """
    units = ("%",) if dimension is SHARE else dimension.shown
    best, cost = f"{_whole(amount)!r} {dimension.inside}".strip(), math.inf
    for unit in units if amount else ():
        exact = Fraction(Decimal(repr(amount))) / dimension.units[_normal(unit)]
        text = next((text for text in _decimals(exact) if _gives(f"{text} {unit}", amount, dimension)), None)
        if text is not None and (price := len(text) + 2 * text.startswith("0.")) < cost:
            best, cost = f"{text} {unit}".strip(), price
    if re.fullmatch(r"[\d.]+(?:e[-+]?\d+)?", best):
        return int(best) if best.isdigit() else _whole(float(best))
    return best


def _whole(amount: float) -> int | float:
    return int(amount) if amount.is_integer() and amount < 1e15 else amount


def _decimals(exact: Fraction) -> Iterator[str]:
    """Plain decimals of growing length, up to what a float holds."""
    for digits in (3, 6, 9, 12, 15, 16, 17):
        text = format(Decimal(f"{float(exact):.{digits - 1}e}"), "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        if len(text) <= 22:
            yield text


def _gives(text: str, amount: float, dimension: Dimension) -> bool:
    return parse_quantity(text.strip(), dimension) == amount
