"""Every input of a scenario that can be moved, found by its type.

In: a scenario. Out: controls in the order of the language, without evidence.
"""

from __future__ import annotations

import json
import math
import typing
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario import Law, Scenario
from sim.scenario.annotations import extra_of, is_moment, is_words, notes_of, options_of, quantity_of
from sim.scenario.crowd import Friends, Moves, Network
from sim.scenario.gates import Shares
from sim.scenario.happenings import Event
from sim.scenario.law_text import UNNAMED, each_parameter
from sim.scenario.paths import find
from sim.scenario.people import Behaviour, Segment, Users
from sim.scenario.platform import Supplier
from sim.scenario.response import Candidate, Search, Task
from sim.scenario.units import SHARE, Dimension, write_quantity
from sim.scenario.written import left_out, write_moment
from sim.views import wording
from sim.views.explorer.control import Control, Kind
from sim.views.explorer.grids import Stop, grid, stops
from sim.views.explorer.naming import PARAMETER, label, law_path, parameter, place

_MIDDLE = {"likely": "most likely", "median": "median"}
_POSITIVE = frozenset({"shape", "scale", "cv", "median", "p90"})
_ORDER = ("low", "likely", "high")
_SKIPPED = frozenset({"unknowns", "targets", "expect", "observed", "headline", "groups.members"})
_OF_ONES_OWN = frozenset({"leaves_below", "at_least", "within"})
"""Of friends: what only a network of individuals can show."""
_NOT_SWITCHED = (Search, Moves)
"""Parts that come with others: tasks wait for what a search finds; for moves see `Walk.moving`."""
_NOT_ALONE = frozenset({"data", "takes", "outage_fades"})
"""Quantities that something else must be said with, or that exclude one another."""
_BY_EXAMPLE = {"rivals": {"a_rival": {"pull": "0.5 % per day"}}, "lock_in": None}
"""Lists of parts that can be begun with an example (None: that of the schema); of others the parts name parts
of the scenario, which no example knows."""
_TOGETHER = frozenset({"share", "join_share"})
"""Of segments: they must make 100 % together, so one alone cannot be moved."""


class Walk:
    """Goes through a scenario in the order of the language.

    Parameters
    ----------
    individuals
        Whether users are followed as individuals in a network; what only that can show is left out if not.
    """

    def __init__(self, scenario: Scenario, *, individuals: bool = False) -> None:
        self.scenario = scenario
        self.individuals = individuals
        self.covered = set(scenario.unknowns)
        self.nested: set[str] = set()
        self.limits = dict(_limits(scenario))

    def all(self) -> Iterator[Control]:
        """Every control, not yet ordered; `unknowns` last."""
        yield from self.record(self.scenario, ())
        yield from self.unknowns()

    def record(self, record: BaseModel, path: tuple[str, ...]) -> Iterator[Control]:
        """Every field of a record."""
        skipped = self.meaningless(record)
        inheriting = isinstance(record, Segment | Candidate)
        for name, info in type(record).model_fields.items():
            here = (*path, name)
            if name in skipped or is_words(info) or ".".join(here) in _SKIPPED:
                continue
            if inheriting and (name not in record.model_fields_set or name in _TOGETHER):
                continue
            yield from self.value(getattr(record, name), info, here)
        if isinstance(record, Segment):
            yield from self.moving(record, path)

    def meaningless(self, record: BaseModel) -> set[str]:
        """Fields of a record that could change nothing here, or that say what it is."""
        skipped = left_out(record) | {"verb", "of", "id", "label", "counterfactual"}
        if isinstance(record, Task) and record.data is None:
            skipped |= {"cost_per_tb"}  # of nothing
        if isinstance(record, Friends) and not self.individuals:
            skipped |= _OF_ONES_OWN
        if isinstance(record, Friends) and not record.by_threshold:
            skipped |= {"within"}
        if isinstance(record, Behaviour):
            skipped |= {"moves"} if record.moves is None else set()
            skipped |= set() if self.scenario.users.rivals else {"drawn"}
        if isinstance(record, Users) and not self.individuals:
            skipped |= {"network"}
        if isinstance(record, Task) and record.takes is None:
            skipped |= {"lock_in"}  # adds to the time it takes
        if isinstance(record, Search) and record.at_once == 1 and not record.batches:
            skipped |= {"batches"}
        if isinstance(record, Supplier) and record.leaves is None:
            skipped |= set() if any(each.takes_away for each in self.scenario.events) else {"leaves"}
        if isinstance(record, Scenario) and not any(each.holds_data for each in record.suppliers.values()):
            skipped |= {"backups"} if record.backups is None else set()
        return skipped

    def value(self, value: Any, info: FieldInfo, path: tuple[str, ...]) -> Iterator[Control]:
        """Whatever stands in a field."""
        quantity, options = quantity_of(info), options_of(info.annotation)
        record = next((o for o in options if isinstance(o, type) and issubclass(o, BaseModel)), None)
        if record is not None and type(None) in typing.get_args(info.annotation):
            yield from self.optional(value, record, info, path)
        elif isinstance(value, dict) and path[-1] in _BY_EXAMPLE:
            yield self.begun(value, info, path)
        elif value is None and quantity is not None and path[0] != "events":
            yield from self.absent(info, path)
        if value is None or ".".join(path) in self.covered:
            return
        if isinstance(value, BaseModel):
            if len(path) > 1 and path[-1] != "search":
                self.nested.add(".".join(path))
            yield from self.record(value, path)
        elif isinstance(value, Law) and quantity is not None:
            yield from self.law(value, quantity.dimension, info, path, positive=quantity.positive)
        elif isinstance(value, Shares):
            for share, leaf in value.of:
                yield self.number(share, SHARE, info, (*path, str(getattr(leaf, "name", ""))))
        elif isinstance(value, dict):
            yield from self.entries(value, info, path)
        elif isinstance(value, tuple):
            for position, item in enumerate(value, start=1):
                if isinstance(item, BaseModel):
                    step = item.id if isinstance(item, Event) else str(position)
                    yield from self.record(item, (*path, step))
        elif is_moment(info):
            yield self.moment(float(value), info, path)
        elif isinstance(value, bool):
            yield self.made("switch", "true" if value else "false", info, path, options=("false", "true"))
        elif isinstance(value, int):
            least = float(next((note.ge for note in notes_of(info) if hasattr(note, "ge")), 0))
            yield self.number(float(value), None, info, path, least=least)
        elif isinstance(value, float):
            above = any(getattr(note, "gt", None) == 0 for note in notes_of(info))
            positive = above or (quantity is not None and quantity.positive)
            yield self.number(value, quantity.dimension if quantity else None, info, path, positive=positive)
        elif all(typing.get_origin(option) is typing.Literal for option in options):
            texts = tuple(str(text) for option in options for text in typing.get_args(option))
            yield self.made("choice", str(value), info, path, options=texts)

    def entries(self, value: dict[str, Any], info: FieldInfo, path: tuple[str, ...]) -> Iterator[Control]:
        """Whatever stands under names of the author's own: records, laws, numbers."""
        quantity = quantity_of(info)
        for name, item in value.items():
            if isinstance(item, BaseModel):
                yield from self.record(item, (*path, name))
            elif isinstance(item, Law) and quantity is not None:
                yield from self.law(item, quantity.dimension, info, (*path, name))
            elif isinstance(item, float) and quantity is not None:
                yield self.number(item, quantity.dimension, info, (*path, name))

    def optional(
        self, value: Any, record: type[BaseModel], info: FieldInfo, path: tuple[str, ...]
    ) -> Iterator[Control]:
        """A part that may be there or not: a switch, if the language says what it is like by example."""
        if record in _NOT_SWITCHED:
            return
        fields = record.model_fields.items()
        needed = [(name, one) for name, one in fields if one.is_required()]
        said = [(name, one) for name, one in fields if not is_words(one) and not extra_of(one).get("off")]
        chosen = needed or said
        example = {name: extra_of(one)["example"] for name, one in chosen if "example" in extra_of(one)}
        if any(name not in example for name, one in needed) or not (example or record is Network):
            return
        there = json.dumps(example, ensure_ascii=False)
        text = "null" if value is None else there
        yield self.made("switch", text, info, path, options=("null", there))

    def absent(self, info: FieldInfo, path: tuple[str, ...]) -> Iterator[Control]:
        """A quantity that is not said: a switch that says it by its example; then it has a slider."""
        example = extra_of(info).get("example")
        if example is not None and path[-1] not in _NOT_ALONE:
            there = example if isinstance(example, str) else json.dumps(example, ensure_ascii=False)
            yield self.made("switch", "null", info, path, options=("null", there))

    def begun(self, value: dict[str, Any], info: FieldInfo, path: tuple[str, ...]) -> Control:
        """Parts of which there may be none: a switch that begins with one, or leaves out all of them."""
        example = _BY_EXAMPLE[path[-1]] or extra_of(info)["example"]
        there = json.dumps(example, ensure_ascii=False)
        return self.made("switch", there if value else "null", info, path, options=("null", there))

    def moving(self, segment: Segment, path: tuple[str, ...]) -> Iterator[Control]:
        """Whether people of a segment move to another when their way in is closed: to the first other one."""
        users, moves = self.scenario.users, segment.moves
        others = [name for name in users.segments if name != path[-1]]
        given = "segments" in users.model_fields_set and "moves" not in users.model_fields_set
        if segment.join_by is None or not others or not given:
            return
        example = str(extra_of(Moves.model_fields["share"])["example"])
        share = str(write_quantity(moves.share, SHARE)) if moves else example
        there = json.dumps({"to": moves.to if moves else others[0], "share": share}, ensure_ascii=False)
        here, info = (*path, "moves"), Behaviour.model_fields["moves"]
        yield self.made("switch", there if moves else "null", info, here, options=("null", there))

    def law(
        self,
        law: Law,
        dimension: Dimension,
        info: FieldInfo,
        path: tuple[str, ...],
        *,
        positive: bool = False,
    ) -> Iterator[Control]:
        """The numbers of a law; those that must stay in order bound one another."""
        amounts = dict(law.parameters)
        found: list[Control] = []

        def visit(name: str, amount: float, kind: Dimension) -> None:
            steps = path if law.kind == "constant" and name == "value" else (*path, *name.split("."))
            if ".".join(steps) in self.covered:
                return
            part, _, own = name.rpartition(".")
            if part and (part == "shares" or own in (*_ORDER, *_MIDDLE, "p90")):
                return  # numbers of a part of a law that bound each other: no slider says by how much
            above = (
                positive or own in _POSITIVE or (own == "mean" and (bool(part) or law.kind == "exponential"))
            )
            least, most = _between(name, amounts)
            found.append(self.number(amount, kind, info, steps, least=least, most=most, positive=above))

        each_parameter(law, dimension, visit)
        middle = next((name for name in _MIDDLE if name in amounts and len(amounts) > 1), None)
        if middle is not None and len(found) == len(amounts) and path[0] != "unknowns":
            yield from self.moved(law, middle, dimension, info, path)
        yield from found

    def moved(
        self, law: Law, middle: str, dimension: Dimension, info: FieldInfo, path: tuple[str, ...]
    ) -> Iterator[Control]:
        """A law as a whole: its middle number is moved, and the others stay in proportion to it."""
        amounts = {name: float(value) for name, value in law.parameters if isinstance(value, float)}
        amount, largest = amounts[middle], max(amounts.values())
        if len(amounts) < len(law.parameters) or amount <= 0.0:
            return

        def scaled(to: float) -> str:
            # Round, for it stands in an address; but where it stands now it is the law as it is.
            parts = {
                name: value if to == amount else to if name == middle else float(f"{value * to / amount:.4g}")
                for name, value in amounts.items()
            }
            named = {} if UNNAMED.get(frozenset(parts)) == law.kind else {"law": law.kind}
            return json.dumps(named | {name: _written(part, dimension) for name, part in parts.items()})

        at = self.number(amount, dimension, info, path, most=dimension.high * amount / largest, positive=True)
        places = tuple(replace(stop, whole=scaled(stop.amount)) for stop in at.stops)
        what = f"{at.meaning}; the whole law moves with its {_MIDDLE[middle]} value"
        yield replace(at, stops=places, whole=scaled(amount), meaning=what)

    def unknowns(self) -> Iterator[Control]:
        """The numbers of the laws of what nobody knows."""
        for path, law in self.scenario.unknowns.items():
            found, info = find(self.scenario, path), _field_at(self.scenario, path)
            if found.dimension is not None:
                what = label(path, self.nested)
                for each in self.law(law, found.dimension, info, ("unknowns", path)):
                    number = parameter(each.path) if each.path != f"unknowns.{path}" else ""
                    told = PARAMETER.get(number, number)
                    yield replace(each, label=f"{what} (not known{': ' * bool(told)}{told})")

    def number(
        self,
        amount: float,
        dimension: Dimension | None,
        info: FieldInfo,
        path: tuple[str, ...],
        *,
        least: float = 0.0,
        most: float = math.inf,
        positive: bool = False,
    ) -> Control:
        """A number with its slider; see `stops`."""
        low, high = self.limits.get(".".join(path), (0.0, math.inf))
        least, most = max(least, low), min(most, high)
        text = str(int(amount)) if dimension is None else str(_written(amount, dimension))
        if dimension is not None and amount == 0.0:
            text = grid(dimension.name)[0].text  # "0 %" says of what
        where = stops(dimension, amount, least=least, most=most, positive=positive)
        # A seed is no amount: there is nothing between 1 and 2.
        shown = () if path == ("seed",) else tuple(sorted({*where, Stop(text, amount)}, key=_by_amount))
        unique = tuple(stop for i, stop in enumerate(shown) if i == 0 or stop.amount > shown[i - 1].amount)
        return self.made("number", text, info, path, amount=amount, at=unique)

    def moment(self, hours: float, info: FieldInfo, path: tuple[str, ...]) -> Control:
        """An instant: half days around it."""
        clock = self.scenario.clock
        around = [hours + 12.0 * step for step in range(-40, 41)]
        low, high = self.limits.get(".".join(path), (0.0, clock.horizon))
        places = [at for at in around if at == hours or low <= at <= high]
        shown = tuple(Stop(str(write_moment(at, clock)), at) for at in places)
        return self.made("number", str(write_moment(hours, clock)), info, path, amount=hours, at=shown)

    def made(
        self,
        kind: Kind,
        text: str,
        info: FieldInfo,
        path: tuple[str, ...],
        *,
        amount: float = math.nan,
        at: tuple[Stop, ...] = (),
        options: tuple[str, ...] = (),
    ) -> Control:
        """A control with its words."""
        joined = ".".join(path)
        group, about = place(self.scenario, law_path(joined))
        note = str(extra_of(info).get("source") or extra_of(info).get("assumption") or "")
        mark = "source" if extra_of(info).get("source") else "assumption"
        meaning = wording.capital(info.description or "")
        return Control(
            joined, kind, text, amount, label(joined, self.nested), about, meaning, group,
            stops=at, options=options, mark=mark, note=note,
        )  # fmt: skip


@lru_cache(maxsize=20_000)
def _written(amount: float, dimension: Dimension) -> str | int | float:
    """As `write_quantity`; the same thousands of stops are written after every change of any input."""
    return write_quantity(amount, dimension)


def _by_amount(stop: Stop) -> float:
    return stop.amount


def _limits(scenario: Scenario) -> Iterator[tuple[str, tuple[float, float]]]:
    """What some inputs allow others to be, where the checks would refuse more or less than that."""
    horizon, latest = scenario.clock.horizon, 0.0
    for event in scenario.events:
        yield f"events.{event.id}.notice", (0.0, event.at)  # announced after the start
        yield f"events.{event.id}.at", (event.notice, math.nextafter(horizon, 0.0))
        latest = max(latest, event.at)
    yield "clock.horizon", (math.nextafter(latest, math.inf), math.inf)
    hands, most = scenario.response.engineers, 1
    for role, plan in scenario.response.replace.items():
        for name, task in plan.tasks.items():
            most = max(most, task.engineers)
            yield f"response.replace.{role}.tasks.{name}.rework", (0.0, 0.95)  # else hardly ever done
            if hands is not None:
                yield f"response.replace.{role}.tasks.{name}.engineers", (0.0, float(hands))
    yield "response.engineers", (float(most), math.inf)


def _between(name: str, amounts: dict[str, Any]) -> tuple[float, float]:
    """What the other numbers of a law allow one of them to be."""
    if name in _ORDER:
        place = _ORDER.index(name)
        below = [amounts[other] for other in _ORDER[:place] if other in amounts]
        above = [amounts[other] for other in _ORDER[place + 1 :] if other in amounts]
        least, most = max(below, default=0.0), min(above, default=math.inf)
        # Without a most likely value low and high must not meet.
        return (least, most) if "likely" in amounts else _apart(least, most)
    if name == "median" and "p90" in amounts:
        return _apart(0.0, amounts["p90"])
    if name == "p90":
        return _apart(amounts.get("median", 0.0), math.inf)
    return 0.0, 0.999 if name == "correlation" else math.inf


def _apart(least: float, most: float) -> tuple[float, float]:
    """The same bounds, the ends not included; 0 stays, for what is refused there is refused elsewhere."""
    return math.nextafter(least, math.inf) if least else 0.0, math.nextafter(most, 0.0)


def _field_at(scenario: Scenario, path: str) -> FieldInfo:
    """The field whose number an unknown covers."""
    value: Any = scenario
    field = FieldInfo(annotation=None)
    for step in path.split("."):
        if isinstance(value, BaseModel):
            field = type(value).model_fields.get(step, field)
            value = getattr(value, step, None)
        elif isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, tuple):
            named = {item.id: item for item in value if isinstance(item, Event)}
            at = int(step) - 1 if step.isdigit() else -1
            value = named.get(step) or (value[at] if 0 <= at < len(value) else None)
    return field
