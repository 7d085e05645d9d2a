"""A scenario back to what a file would say: plain values with units, every default filled in.

In: a validated record. Out: mappings, lists, texts and numbers that load to the same scenario, bit for bit.
The digest and the resolved file are made from this.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.clock import write_instant
from sim.scenario.annotations import is_moment, is_words, quantity_of
from sim.scenario.claims import Claim, Observation
from sim.scenario.crowd import Network, Rival, write_ties
from sim.scenario.gates import Gate, Shares, write_gate, write_shares
from sim.scenario.happenings import NOTICED, Event
from sim.scenario.law_text import write_amount, write_law
from sim.scenario.laws import Law
from sim.scenario.measures import DIMENSION, measure_kind
from sim.scenario.model import Scenario
from sim.scenario.paths import find
from sim.scenario.people import Segment, Users, unheard
from sim.scenario.platform import Clock
from sim.scenario.response import Candidate, Task
from sim.scenario.units import DURATION, write_quantity


def write_scenario(scenario: Scenario, *, words: bool = True) -> dict[str, Any]:
    """The whole scenario; without ``words``, only what can change a number."""
    written = Writer(scenario.clock, words=words).record(scenario)
    written.pop("label", None)
    if scenario.unknowns:
        written["unknowns"] = {path: _unknown(scenario, path, law) for path, law in scenario.unknowns.items()}
    return written


def _unknown(scenario: Scenario, path: str, law: Law) -> object:
    dimension = find(scenario, path).dimension
    assert dimension is not None
    return write_law(law, dimension)


def write_moment(hours: float, clock: Clock) -> object:
    """An instant if that is exact (and in the calendar), else the time after the start."""
    try:
        instant = clock.instant(hours)
    except OverflowError:
        return write_quantity(hours, DURATION)
    exact = clock.calendar.hours(instant) == hours
    return write_instant(instant) if exact else write_quantity(hours, DURATION)


class Writer:
    """Writes records; knows the clock, for instants, and whether words for people are wanted."""

    def __init__(self, clock: Clock, *, words: bool) -> None:
        self.clock = clock
        self.words = words

    def record(self, record: BaseModel) -> dict[str, Any]:
        """The record as a mapping, its fields in the order of the language."""
        written: dict[str, Any] = {}
        if isinstance(record, Event):
            written[record.verb] = record.of
        for name, info in type(record).model_fields.items():
            if name in left_out(record) or (is_words(info) and not self.words):
                continue
            value = self.field(record, name, info)
            if value is not None and not (value in ({}, []) and name not in record.model_fields_set):
                written[name] = value
        return written

    def field(self, record: BaseModel, name: str, info: FieldInfo) -> Any:
        """One field; None if there is nothing to say."""
        value = getattr(record, name)
        if name == "join_by" and value is None and isinstance(record, Segment):
            return "none"
        if value is None:
            return None
        if is_moment(info):
            return write_moment(value, self.clock)
        if isinstance(record, Claim) and name in {"at_most", "at_least"}:
            kind = measure_kind(record.measure)
            assert kind is not None
            return write_quantity(value, DIMENSION[kind])
        if isinstance(record, Observation) and name in {"value", "low", "high"}:
            return write_quantity(value, record.dimension)
        if isinstance(record, Network) and name == "ties":
            return write_ties(value) or None
        quantity = quantity_of(info)
        return self.value(value) if quantity is None else write_amount(value, quantity.dimension)

    def value(self, value: Any) -> Any:
        """Anything that is no quantity: records, containers of them, gates, instants, plain scalars."""
        if isinstance(value, BaseModel):
            return self.record(value)
        if isinstance(value, Shares):
            return write_shares(value)
        if isinstance(value, dict):
            return {key: self.value(item) for key, item in value.items() if not isinstance(item, Law)}
        if isinstance(value, tuple):
            return [write_gate(item) if isinstance(item, Gate) else self.value(item) for item in value]
        return write_instant(value) if hasattr(value, "tzinfo") else value


def left_out(record: BaseModel) -> set[str]:
    """Fields that are not written: inherited ones stay inherited, and what has no meaning here is unsaid."""
    if isinstance(record, Event):
        unsaid = {"verb", "of"}
        unsaid |= set() if record.grace else {"grace"}
        unsaid |= set() if record.verb == "announce" else {"holds", "missed"}
        return unsaid if record.verb in NOTICED else unsaid | {"notice"}
    if isinstance(record, Segment):
        return set(type(record).model_fields) - record.model_fields_set - {"join_share"}
    if isinstance(record, Users):
        return unheard(record) - record.model_fields_set
    if isinstance(record, Rival):
        return set() if record.grows else {"at_most"}
    if isinstance(record, Network):
        return record.unused
    if isinstance(record, Candidate):
        return {"acceptance", "reply"} - record.model_fields_set
    if isinstance(record, Task) and record.data is None:
        return {"utilisation", "bandwidth"}
    return set()
