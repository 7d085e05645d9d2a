"""What is varied: a field of the scenario by its path, and the values that it takes.

In: `PATH=LOW..HIGH` or `PATH=a,b,c` as typed, and what stands at the path. Out: a `Field`, or every problem
with it. Values stay in the unit they are typed in, for they are what a reader of the tables expects.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np

from sim.errors import Problem
from sim.scenario.paths import Place
from sim.scenario.units import SHARE, Dimension, Wrong, parse_quantity

Kind = Literal["quantity", "whole", "choice"]

Varied = str | tuple[object, ...] | Sequence[object]
"""In Python: a text as on the command line, a pair (low, high), or a list of values."""

_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*)", re.DOTALL)
_FIGURES = 6
"""Of the values between the ends of a range: round enough to be typed again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One `--vary` as typed: the ends of a range, or single values."""

    path: str
    items: tuple[str, ...]
    is_range: bool

    @property
    def option(self) -> str:
        """As it is typed on a command line."""
        return f"--vary {self.path}={'..'.join(self.items) if self.is_range else ','.join(self.items)}"


@dataclass(frozen=True, slots=True)
class Value:
    """One value: as a setting says it, and as a number in the field's unit (NaN for a choice)."""

    text: str
    number: float


@dataclass(frozen=True, slots=True)
class Field:
    """A field that is varied.

    Attributes
    ----------
    kind
        A quantity, a whole number, or a choice, which has an order but no numbers.
    unit
        Of the numbers, as typed; empty where there is none.
    dimension
        Name of the kind of quantity; empty for the others.
    values
        The two ends of a range, or the values as listed.
    is_range, log
        Whether everything between the ends is meant; whether its points are even in the logarithm.
    known
        Strategies that have the field; the others are the same at every point.
    given
        The number in the file, in the same unit; NaN where it has none.
    """

    path: str
    kind: Kind
    unit: str
    dimension: str
    values: tuple[Value, ...]
    is_range: bool
    log: bool
    known: tuple[str, ...]
    given: float = math.nan

    @property
    def column(self) -> str:
        """What it is called in tables."""
        return f"{self.path} [{self.unit}]" if self.unit else self.path

    @property
    def is_chance(self) -> bool:
        """Whether it is how likely an event is, on which no run depends."""
        return self.path.startswith("events.") and self.path.endswith(".chance")

    def value(self, number: float) -> Value:
        """The value at a number, rounded so that it can be typed again."""
        if self.kind == "whole":
            return Value(str(round(number)), float(round(number)))
        known = next((one for one in self.values if one.number == number), None)
        if known is not None:
            return known
        plain = _plain(number)
        return Value(f"{plain} {self.unit}".strip(), float(plain))

    def scaled(self, number: float) -> float:
        """Where a number stands on the scale in which points are even."""
        return math.log(number) if self.log else number

    def unscaled(self, place: float) -> float:
        """The number at a place of that scale."""
        return math.exp(place) if self.log else place

    def between(self, share: float) -> Value:
        """The value so far between the ends of a range, or among the values listed; share in [0, 1]."""
        if not self.is_range:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        low, high = (self.scaled(one.number) for one in self.values)
        if share in {0.0, 1.0}:
            return self.values[int(share)]
        return self.value(self.unscaled(low + share * (high - low)))

    def levels(self, points: int) -> tuple[Value, ...]:
        """Values of a grid: as listed, or so many from end to end; whole numbers only once."""
        if not self.is_range:
            return self.values
        found = (self.between(share) for share in np.linspace(0.0, 1.0, points).tolist())
        return tuple(dict.fromkeys(found))


def _plain(number: float) -> str:
    """A number of a few figures, without an exponent."""
    text = format(Decimal(f"{number:.{_FIGURES}g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


# -- as typed -------------------------------------------------------------------------------------------


def read_vary(text: str) -> Asked:
    """Read one `PATH=LOW..HIGH` or `PATH=a,b,c`.

    Raises
    ------
    Wrong
        If it is neither.
    """
    path, equals, said = (part.strip() for part in text.partition("="))
    if not equals or not path or not said:
        raise Wrong.here(
            "write PATH=LOW..HIGH or PATH=a,b,c, for example response.replace.host.search.acceptance=5..40 %"
        )
    ends = [part.strip() for part in said.split("..")]
    if len(ends) == 2 and not set("{[") & set(said):
        if not all(ends):
            raise Wrong.here(f"`{said}` has one end only; write LOW..HIGH")
        return Asked(path, tuple(ends), True)
    if len(ends) > 2 and not set("{[") & set(said):
        raise Wrong.here(f"`{said}` has more than two ends; write LOW..HIGH, or single values a,b,c")
    items = _apart(said)
    if not all(items):
        raise Wrong.here(f"`{said}` has an empty value; write a,b,c")
    return Asked(path, tuple(items), False)


def asked_in_python(path: str, said: Varied) -> Asked:
    """The same of what Python was given for a path.

    Raises
    ------
    Wrong
        If it is no text, pair or list.
    """
    if isinstance(said, str):
        return read_vary(f"{path}={said}")
    if isinstance(said, tuple):
        if len(said) != 2:
            raise Wrong.here("a tuple is (low, high); give single values as a list")
        return Asked(path, tuple(map(_typed, said)), True)
    if not said:
        raise Wrong.here("give a text LOW..HIGH, a tuple (low, high) or a list of values")
    return Asked(path, tuple(map(_typed, said)), False)


def _typed(value: object) -> str:
    """A value of Python as it is typed."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else str(value)


def _apart(said: str) -> list[str]:
    """Values between commas; those inside brackets belong to one value."""
    items, depth = [""], 0
    for letter in said:
        depth += (letter in "{[") - (letter in "}]")
        if letter == "," and depth == 0:
            items.append("")
        else:
            items[-1] += letter
    return [item.strip() for item in items]


# -- what it means --------------------------------------------------------------------------------------


def field_of(asked: Asked, place: Place, known: Sequence[str], *, log: bool) -> Field:
    """The field with its values as numbers.

    Parameters
    ----------
    place
        What stands at the path.
    known
        Strategies that have it.

    Raises
    ------
    Wrong
        With every finding about its values.
    """
    kind = _kind(asked, place)
    unit, dimension = "", place.dimension if kind == "quantity" else None
    if dimension is not None:
        unit, values = _quantities(asked.items, dimension)
    elif kind == "whole":
        values = _whole(asked)
    else:
        values = tuple(Value(item, math.nan) for item in asked.items)
    _in_order(asked, values, log=log)
    return Field(
        asked.path,
        kind,
        unit,
        "" if dimension is None else dimension.name,
        values,
        asked.is_range,
        log and asked.is_range,
        tuple(known),
        _given(place, kind, unit, dimension),
    )


def _given(place: Place, kind: Kind, unit: str, dimension: Dimension | None) -> float:
    """The number that stands in the file, in a unit; NaN where it is none, or a law."""
    if kind == "whole" and isinstance(place.value, int):
        return float(place.value)
    if dimension is None or place.number is None:
        return math.nan
    return float(f"{place.number / parse_quantity(f'1 {unit}'.strip(), dimension):.12g}")


def _kind(asked: Asked, place: Place) -> Kind:
    structured = any(item.startswith(("{", "[")) for item in asked.items)
    nothing = any(item in {"null", "~"} for item in asked.items)
    if place.dimension is not None and not structured and not nothing:
        return "quantity"
    if isinstance(place.value, int) and not isinstance(place.value, bool) and not structured:
        return "whole"
    if asked.is_range:
        raise Wrong.here(
            "is no quantity and no whole number, so nothing lies between two of its values; list them: a,b,c"
        )
    return "choice"


def _quantities(items: Sequence[str], dimension: Dimension) -> tuple[str, tuple[Value, ...]]:
    """The unit of the last value, and all in it; a value without a unit has that of the last."""
    matches = [_NUMBER.fullmatch(item) for item in items]
    last = matches[-1][2].strip() if matches[-1] is not None else ""
    findings: list[tuple[tuple[str | int, ...], str]] = []
    amounts: list[tuple[str, float]] = []
    for item, match in zip(items, matches, strict=True):
        text = f"{item} {last}".strip() if match is not None and not match[2].strip() else item
        try:
            amounts.append((text, parse_quantity(text, dimension)))
        except Wrong as wrong:
            findings += wrong.findings
    if findings:
        raise Wrong(*findings)
    percent = dimension is SHARE and not last
    unit = "%" if percent else last
    one = parse_quantity(f"1 {unit}".strip(), dimension)
    values = []
    for text, amount in amounts:
        number = float(f"{amount / one:.12g}")
        values.append(Value(f"{_plain(number)} %" if percent else text, number))
    return unit, tuple(values)


def _whole(asked: Asked) -> tuple[Value, ...]:
    wrong = [item for item in asked.items if not re.fullmatch(r"\d+", item)]
    if wrong:
        raise Wrong.here(f"`{wrong[0]}` is no whole number")
    return tuple(Value(item, float(item)) for item in asked.items)


def _in_order(asked: Asked, values: Sequence[Value], *, log: bool) -> None:
    """Refuse ends the wrong way round, values that stand there twice, and a logarithm of nothing."""
    if asked.is_range:
        low, high = (value.number for value in values)
        if low > high:
            raise Wrong.here(f"the range is reversed; write {asked.path}={values[1].text}..{values[0].text}")
        if low == high:
            raise Wrong.here("both ends are the same; for one value use --set")
        if log and not low > 0.0:
            raise Wrong.here("even steps in the logarithm begin above 0; write a low end above 0")
        return
    same = [value.number if value.number == value.number else value.text for value in values]
    if len(set(same)) < len(same):
        raise Wrong.here("a value stands there twice; name each once")
    if len(values) < 2:
        raise Wrong.here("one value is nothing to vary; give LOW..HIGH or several, or use --set")


def problem(asked: str, message: str) -> Problem:
    """A problem with one `--vary`."""
    return Problem("", message, None, asked)
