"""The types of fields: pydantic annotations over quantities, laws, names and instants.

In: raw values of a file. Out: numbers and laws in inside units. Each annotation carries its dimension, so
that whoever walks the model (schema, evidence, unknowns, writing) knows the unit without a second table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema

from sim.clock import hours_between, parse_instant
from sim.scenario.law_text import parse_law
from sim.scenario.laws import Law
from sim.scenario.nodes import describe
from sim.scenario.units import (
    BANDWIDTH,
    COUNT,
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
)

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LITERALS = frozenset(
    form for word in ("true", "false", "null") for form in (word, word.title(), word.upper())
)
RESERVED = frozenset({"value", "source", "assumption", "note", "none"}) | _LITERALS
"""Words with a meaning of their own, beside any value or in YAML, so nothing may be called so."""


class Record(BaseModel):
    """A noun of the language: frozen, refuses unknown keys, reads nothing loosely."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_not_given(cls, value: Any) -> Any:
        """A key without a value counts as left out; a name without a description has all defaults."""
        if value is None:
            return {}
        if isinstance(value, dict):
            return {
                key: item for key, item in value.items() if item is not None or key not in cls.model_fields
            }
        return value


def default(
    value: object = None,
    meaning: str = "",
    *,
    assumption: str = "",
    source: str = "",
    words: bool = False,
    off: bool = False,
    example: object = None,
) -> Any:
    """A field with a default: its meaning, and where the default comes from.

    Parameters
    ----------
    assumption, source : the evidence for a number in the default; neither where there is no number.
    words : true for what is for people only and can change no number (it is not part of the digest).
    off : true where the default means that something does not take place; it is then no input to be listed.
    """
    extra: dict[str, Any] = {
        "assumption": assumption, "source": source, "words": words, "off": off, "example": example,
    }  # fmt: skip
    return Field(default=value, description=meaning, json_schema_extra={k: v for k, v in extra.items() if v})


def required(meaning: str, *, words: bool = False, example: object = None) -> Any:
    """A field that must be given: its meaning."""
    extra: dict[str, Any] = {"words": words, "example": example}
    return Field(description=meaning, json_schema_extra={k: v for k, v in extra.items() if v})


@dataclass(frozen=True)
class Quantity:
    """Annotation of a float field that is written with a unit, or of a law of such quantities."""

    dimension: Dimension
    law: bool = False
    positive: bool = False

    def parse(self, value: object) -> float | Law:
        """The number, or the law."""
        if self.law:
            return (
                value if isinstance(value, Law) else parse_law(value, self.dimension, positive=self.positive)
            )
        amount = parse_quantity(value, self.dimension)
        if self.positive and amount == 0:
            raise Wrong.here(f"`{value}`: must be more than 0")
        return amount

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read by `parse` alone."""
        return core_schema.no_info_plain_validator_function(self.parse)


@dataclass(frozen=True)
class Moment:
    """Annotation of a float field, hours since the start: an instant, or a duration after the start."""

    dimension: Dimension = DURATION

    def parse(self, value: object, info: core_schema.ValidationInfo) -> float:
        """Hours since the start, which the loader hands over as ``context["start"]``."""
        start: datetime | None = (info.context or {}).get("start")
        if isinstance(value, str) and re.match(r"\s*\d{4}-", value):
            instant = read_instant(value)
            return hours_between(start, instant) if start is not None else 0.0
        if isinstance(value, str) and re.match(r"\s*-\s*\d", value):
            raise Wrong.here(f"`{value}` is before the start; nothing can happen before it")
        try:
            return parse_quantity(value, DURATION)
        except Wrong:
            message = f"`{value}` is neither an instant nor a time after the start"
            raise Wrong.here(f"{message}; write 2025-03-10T08:00Z or 9 d") from None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read by `parse` alone."""
        return core_schema.with_info_plain_validator_function(self.parse)


def read_instant(value: object) -> datetime:
    """The instant a file says, with a message for people if it is none."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise Wrong.here(f"{describe(value)} is not an instant: write 2025-03-10T08:00Z (UTC)")
    try:
        return parse_instant(value)
    except ValueError as error:
        raise Wrong.here(str(error)) from None


def read_identifier(value: object) -> str:
    """The name of something that others refer to, if it may be one."""
    if isinstance(value, str) and value in RESERVED:
        raise Wrong.here(f"`{value}` has a meaning of its own; choose another name")
    return read_name(value)


def read_name(value: object) -> str:
    """A name that nothing else refers to, so that it may be any word."""
    if not isinstance(value, str):
        raise Wrong.here(f"{describe(value)} is not a name")
    if not _NAME.fullmatch(value):
        fixed = re.sub(r"[^A-Za-z0-9_]+", "_", value).strip("_") or "my_name"
        fixed = f"_{fixed}" if fixed[0].isdigit() else fixed
        raise Wrong.here(f"`{value}` is not a name (letters, digits and _, no digit first): write `{fixed}`")
    return value


def _plain(read: Callable[[Any], Any], tag: str) -> Any:
    class _Plain:
        """Annotation read by one function."""

        kind = tag

        def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
            return core_schema.no_info_plain_validator_function(read)

    return _Plain()


Identifier = Annotated[str, _plain(read_identifier, "a name")]
ShortName = Annotated[str, _plain(read_name, "a name")]
Instant = Annotated[datetime, _plain(read_instant, "an instant")]
At = Annotated[float, Moment()]

Duration = Annotated[float, Quantity(DURATION)]
PositiveDuration = Annotated[float, Quantity(DURATION, positive=True)]
Share = Annotated[float, Quantity(SHARE)]
PositiveShare = Annotated[float, Quantity(SHARE, positive=True)]
Hazard = Annotated[float, Quantity(HAZARD)]
Count = Annotated[float, Quantity(COUNT)]
JoinRate = Annotated[float, Quantity(JOIN_RATE)]
Money = Annotated[float, Quantity(MONEY)]
Number = Annotated[float, Quantity(NUMBER)]
PositiveNumber = Annotated[float, Quantity(NUMBER, positive=True)]
AtLeastOne = Annotated[int, Field(ge=1, le=1_000_000)]

DurationLaw = Annotated[Law, Quantity(DURATION, law=True)]
PositiveDurationLaw = Annotated[Law, Quantity(DURATION, law=True, positive=True)]
PositiveNumberLaw = Annotated[Law, Quantity(NUMBER, law=True, positive=True)]
VolumeLaw = Annotated[Law, Quantity(VOLUME, law=True)]
BandwidthLaw = Annotated[Law, Quantity(BANDWIDTH, law=True, positive=True)]
ShareLaw = Annotated[Law, Quantity(SHARE, law=True)]
PositiveShareLaw = Annotated[Law, Quantity(SHARE, law=True, positive=True)]
