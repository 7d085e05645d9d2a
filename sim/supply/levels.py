"""From what was seen of the suppliers to the capacity of every capability.

In: the changes of one replication, in order of time. Out: a `Level` a capability: its gate over the courses
of what it stands on. What never changes is one object, so gates over it cost nothing.

Checked by: tests/properties/test_supply_gates.py
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.supply.lines import DOWN, FULL, UP, Course, Line
from sim.supply.logic import Logic
from sim.supply.returning import EVERYTHING, NOTHING
from sim.supply.run import Change
from sim.supply.timeline import Level


def levels(logic: Logic, changes: Sequence[Change], horizon: float) -> dict[str, Level]:
    """The capacity of every capability over [0, horizon)."""
    found: dict[str, Level] = {}
    for name, course in logic.courses(_seen(changes, horizon), horizon).items():
        times, on = zip(*course, strict=True)
        _, values, slopes = zip(*on, strict=True)
        if any(slopes):
            values = tuple([v + s * (time - t) if s else v for time, (t, v, s) in course])
        found[name] = Level(times, values, slopes, horizon)
    return found


def _seen(changes: Sequence[Change], horizon: float) -> dict[int, Course]:
    """The courses of the views that change: each shape until the next change of its view."""
    found: dict[int, list[tuple[float, Line]]] = {}
    for now, view, form, origin in changes:
        course = found.get(view)
        if course is None:
            course = found[view] = [*FULL]
        while course and course[-1][0] >= now:
            course.pop()
        if form is NOTHING or form is EVERYTHING:
            line = DOWN if form is NOTHING else UP
            if not course or course[-1][1] is not line:
                course.append((now, line))
            continue
        for start, value, slope in form:
            time = origin + start
            if time <= now:
                if course and course[-1][0] == now:
                    course.pop()
                time = now
            if time < horizon:
                course.append((time, (origin + start, value, slope) if slope else UP))
    return found  # type: ignore[return-value]
