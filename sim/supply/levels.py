"""From what was seen of the suppliers to the capacity of every capability.

In: the changes of one replication, in order of time. Out: a `Level` a capability: its gate over the courses
of what it stands on. What never changes is one object, so gates over it cost nothing.

Checked by: tests/properties/test_supply_gates.py
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.supply.lines import DOWN, FULL, UP, Course, Line
from sim.supply.logic import Logic
from sim.supply.returning import EVERYTHING, NOTHING, Pieces
from sim.supply.run import Change
from sim.supply.timeline import Level


def levels(logic: Logic, changes: Sequence[Change], horizon: float) -> dict[str, Level]:
    """The capacity of every capability over [0, horizon)."""
    courses = logic.courses(_seen(changes, horizon), horizon)
    return {name: _level(course, horizon) for name, course in courses.items()}


def _level(course: Course, horizon: float) -> Level:
    """A course by the values at the starts of its pieces."""
    times, values, slopes = [], [], []
    for time, (at, value, slope) in course:
        times.append(time)
        values.append(value + slope * (time - at) if slope else value)
        slopes.append(slope)
    return Level(tuple(times), tuple(values), tuple(slopes), horizon)


def _seen(changes: Sequence[Change], horizon: float) -> dict[int, Course]:
    """The courses of the views that change: each shape until the next change of its view."""
    found: dict[int, list[tuple[float, Line]]] = {}
    for now, view, form, origin in changes:
        course = found.get(view)
        if course is None:
            course = found[view] = [*FULL]
        while course and course[-1][0] >= now:
            course.pop()
        if form is NOTHING:
            if not course or course[-1][1] is not DOWN:
                course.append((now, DOWN))
        elif form is EVERYTHING:
            if not course or course[-1][1] is not UP:
                course.append((now, UP))
        else:
            _add(course, now, form, origin, horizon)
    return found  # type: ignore[return-value]


def _add(course: list[tuple[float, Line]], now: float, form: Pieces, origin: float, horizon: float) -> None:
    """From now on what is left of a shape that began at its origin."""
    for start, value, slope in form:
        time = origin + start
        if time <= now:
            if course and course[-1][0] == now:
                course.pop()
            time = now
        if time < horizon:
            line = (origin + start, value, slope) if slope else UP if value == 1.0 else (0.0, value, 0.0)
            course.append((time, line))
