"""Which inputs an exported page can move, and to which positions.

In: a scenario file and the inputs asked for. Out: `Axis` records, each with a few positions, the file's own
among them. Every combination of positions is one `Setting` of the grid and is computed; between them there is
nothing, and nothing is guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from sim.errors import UsageError
from sim.views import places
from sim.views.explorer.control import Control
from sim.views.explorer.grids import Stop
from sim.views.explorer.opening import open_strategy
from sim.views.explorer.settings import controls

MOST_AXES = 4
USUAL_AXES = 3
"""Controls where none is named: more positions of few inputs tell more than few positions of many."""
MOST_SETTINGS = 256
"""Combinations of positions: a few minutes on two cores, a few megabytes."""
MOST_POINTS = 12
"""Positions of one control."""
REACH = 5.0
"""Positions reach from a fifth to five times what the file says, as far as its slider does."""
DECADES = 1000.0
"""Of an amount that the file has at 0: how far the largest position is from the smallest beside it."""
STRATEGY = "strategy"
"""The name under which the choice of strategies is a control."""


@dataclass(frozen=True, slots=True)
class Point:
    """One position: as it is shown, and the setting it makes; "" for what the file says."""

    text: str
    setting: str


@dataclass(frozen=True, slots=True)
class Axis:
    """One input with its positions.

    Attributes
    ----------
    path, label, about, meaning, kind
        Those of its `Control`.
    points, base
        Positions, and which of them is what the file says.
    because
        Where the file's value comes from.
    """

    path: str
    label: str
    about: str
    meaning: str
    kind: str
    points: tuple[Point, ...]
    base: int
    because: str = ""

    def plain(self) -> dict[str, Any]:
        """For the page."""
        return {
            "path": self.path, "label": self.label, "about": self.about, "meaning": self.meaning,
            "kind": self.kind, "points": [point.text for point in self.points], "base": self.base,
            "because": self.because,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """One combination: where each axis stands, and what it asks of the loader."""

    at: tuple[int, ...]
    strategy: str | None
    settings: tuple[str, ...]


def axes_of(path: Path, wanted: Sequence[str]) -> tuple[Axis, ...]:
    """The axes of a page.

    Parameters
    ----------
    path
        Of the scenario file.
    wanted
        Paths of inputs of the baseline, or `STRATEGY`; where there are none, the most telling inputs of the
        explorer's list.

    Raises
    ------
    UsageError
        If an input is not there or cannot be moved, or if they are too many.
    """
    one = open_strategy(path, (), None)
    known = [each for each in controls(one.file, one.strategy) if _positions_there(each)]
    if len(wanted) > MOST_AXES:
        raise UsageError(f"at most {MOST_AXES} controls; {len(wanted)} are asked for")
    if len(set(wanted)) < len(wanted):
        raise UsageError("a control is asked for twice")
    chosen: list[Control | None] = [_named(name, known, one.labels) for name in wanted]
    chosen += [] if wanted else usual(known)
    if not chosen:
        raise UsageError("this scenario has no input that can be moved")
    fixed = [len(one.labels) if each is None else len(each.options) for each in chosen]
    room = points_each([count for count in fixed if count], fixed.count(0))
    return tuple(
        _of_strategies(one.labels, one.strategy) if each is None else axis(each, room) for each in chosen
    )


def usual(known: Sequence[Control]) -> list[Control]:
    """The most telling numbers, each from another heading first, so that they are not all of one kind."""
    main = sorted((each for each in known if each.main and each.kind == "number"), key=lambda each: each.main)
    first: dict[str, Control] = {}
    for each in main:
        first.setdefault(each.group, each)
    chosen = [*first.values(), *(each for each in main if each not in first.values())][:USUAL_AXES]
    return sorted(chosen, key=lambda each: each.main)


def points_each(fixed: Sequence[int], numbers: int) -> int:
    """How many positions a number may have, so that all combinations stay within bounds.

    Raises
    ------
    UsageError
        If not even three are left.
    """
    others = math.prod(fixed)
    most = MOST_POINTS if numbers else 2
    while numbers and most > 2 and others * most**numbers > MOST_SETTINGS:
        most -= 1
    if others > MOST_SETTINGS or (numbers and most < 3):
        raise UsageError(f"these controls have more than {MOST_SETTINGS} combinations; ask for fewer")
    return most


def axis(control: Control, most: int) -> Axis:
    """One control with at most so many positions."""
    if control.kind == "number":
        stops = positions(control, most)
        base = next(i for i, stop in enumerate(stops) if stop.amount == control.amount)
        points = [Point(stop.text, f"{control.path}={stop.setting}") for stop in stops]
        points[base] = Point(control.text, "")
    else:
        base = _option(control)
        points = [Point(_shown(control, text), f"{control.path}={text}") for text in control.options]
        points[base] = Point(points[base].text, "")
    words = f"{control.mark}: {control.note}" if control.note else control.mark
    meaning = control.meaning.replace("`", "") + _example(control, base)
    about = control.about or control.group
    return Axis(control.path, control.label, about, meaning, control.kind, tuple(points), base, words)


def positions(control: Control, most: int) -> list[Stop]:
    """Of a slider's stops so many that tell most: nothing at all, what the file says, evenly on both sides.

    Even is meant in proportion, for that is how amounts differ; instants stand evenly in time.
    """
    stops = sorted(control.stops, key=_amount)
    base = control.amount
    own = next(stop for stop in stops if stop.amount == base)
    share_from_nothing = base == 0.0 and stops[-1].amount <= 1.0  # 5 % tells no more than 95 %
    if len(stops) <= most:
        return stops
    if control.path.endswith(".at") or share_from_nothing:
        return _around(stops, own, most)
    zero = [stop for stop in stops if stop.amount == 0.0]
    if base == 0.0:
        near = [stop for stop in stops if stop.amount >= stops[-1].amount / DECADES]
        return [*zero, *_in_proportion(near, most - 1)]
    below = [stop for stop in stops if base / REACH <= stop.amount <= base and stop.amount > 0.0]
    above = [stop for stop in stops if base <= stop.amount <= base * REACH]
    others = most - len(zero) - 1
    upper = min(len(above) - 1, max((others + 1) // 2, others - len(below) + 1))
    lower = min(len(below) - 1, others - upper)
    chosen = [*zero, own, *_in_proportion(below, lower + 1)[:lower], *_in_proportion(above, upper + 1)]
    return sorted(set(chosen), key=_amount)


def settings_of(axes: Sequence[Axis]) -> Iterator[Setting]:
    """Every combination, the last axis fastest."""
    for at in product(*(range(len(each.points)) for each in axes)):
        chosen = [(each, each.points[i]) for each, i in zip(axes, at, strict=True)]
        strategy = next((point.setting for each, point in chosen if each.path == STRATEGY), None)
        asked = [point.setting for each, point in chosen if point.setting and each.path != STRATEGY]
        # Settings of a whole part come before those of its fields.
        asked.sort(key=lambda text: text.partition("=")[0].count("."))
        yield Setting(at, strategy, tuple(asked))


def _named(name: str, known: Sequence[Control], strategies: Any) -> Control | None:
    """The control of that path; None stands for the choice of strategies."""
    if name == STRATEGY:
        if len(strategies) < 2:
            raise UsageError("there is only one strategy to choose from")
        return None
    paths = [each.path for each in known]
    if name not in paths:
        near = places.did_you_mean(places.nearest(name, paths))
        raise UsageError(f"No input that can be moved is called `{name}`.{near}")
    return known[paths.index(name)]


def _positions_there(control: Control) -> bool:
    if control.kind != "number":
        return len(control.options) > 1
    return len(control.stops) > 1 and any(stop.amount == control.amount for stop in control.stops)


def _of_strategies(labels: Any, baseline: str) -> Axis:
    points = tuple(Point(label, name) for name, label in labels.items())
    base = list(labels).index(baseline)
    return Axis(STRATEGY, "Strategy", "Hosting", "Which of the file's strategies", "choice", points, base)


def _option(control: Control) -> int:
    """Which option the file has: exactly one of them, else that it is there."""
    return control.options.index(control.text) if control.text in control.options else 1


def _shown(control: Control, text: str) -> str:
    if control.kind == "switch":
        return "no" if text in {"null", "false"} else "yes"
    return text.replace("_", " ")


def _example(control: Control, base: int) -> str:
    """What "yes" stands for, where the file says no: else nobody could know what is switched on."""
    if control.kind != "switch" or base != 0 or control.options[1] == "true":
        return ""
    told = re.sub(r'[{}"]', "", control.options[1])
    return f" (yes: {told})"


def _around(stops: Sequence[Stop], own: Stop, most: int) -> list[Stop]:
    """So many of them, evenly by place, with ``own`` in the place of its nearest."""
    places_of = [round(i * (len(stops) - 1) / (most - 1)) for i in range(most)]
    here = stops.index(own)
    nearest = min(range(most), key=lambda i: abs(places_of[i] - here))
    places_of[nearest] = here
    return [stops[i] for i in sorted(set(places_of))]


def _in_proportion(stops: Sequence[Stop], most: int) -> list[Stop]:
    """So many of them with both ends, evenly by the logarithm of their amounts."""
    if len(stops) <= most or most < 2:
        return list(stops[-most:])
    low, high = math.log(stops[0].amount), math.log(stops[-1].amount)
    free = list(stops[1:-1])
    chosen = [stops[0], stops[-1]]
    for i in range(1, most - 1):
        wanted = low + (high - low) * i / (most - 1)
        nearest = min(free, key=lambda stop: abs(math.log(stop.amount) - wanted))
        free.remove(nearest)
        chosen.append(nearest)
    return sorted(chosen, key=_amount)


def _amount(stop: Stop) -> float:
    return stop.amount
