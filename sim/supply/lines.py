"""Functions of time made of straight stretches: their minima, maxima, order statistics and sums.

In and out: *courses*, each on [0, end): from each time on the capacity lies on a line. A line is given by
one of its points and its slope, so that a line that goes on is known by being the same one, whatever it is
cut by. Capacities bend only while a supplier is being ramped up; then two of them may cross, and the gate
over them bends where they cross.

Checked by: tests/properties/test_supply_gates.py
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

Line = tuple[float, float, float]
"""Time and value of a point, and change an hour. A line that does not rise is given by its point at 0."""
Course = Sequence[tuple[float, Line]]
"""From each time on, a line. The first time is 0, the times increase."""

UP: Line = (0.0, 1.0, 0.0)
DOWN: Line = (0.0, 0.0, 0.0)
FULL: Course = ((0.0, UP),)
"""All there is, for ever. Always this object."""

_LEAST = 1e-12
"""Two crossings nearer than this part of a stretch are one, rounded differently."""


def value(line: Line, time: float) -> float:
    """The value on a line."""
    return line[1] + line[2] * (time - line[0]) if line[2] else line[1]


def smallest(courses: Sequence[Course], end: float) -> Course:
    """The minimum."""
    found = FULL
    for course in courses:
        if course is not FULL:
            found = course if found is FULL else _either(found, course, end, largest=False)
    return found


def largest(courses: Sequence[Course], end: float) -> Course:
    """The maximum."""
    found: Course | None = None
    for course in courses:
        if course is FULL:
            return FULL
        found = course if found is None else _either(found, course, end, largest=True)
    return found if found is not None else FULL


def ranked(courses: Sequence[Course], place: int, end: float) -> Course:
    """The `place`-th largest, from 1."""
    moving = [course for course in courses if course is not FULL]
    place -= len(courses) - len(moving)
    if place <= 0:
        return FULL
    if place == len(moving):
        return smallest(moving, end)

    def choose(lines: Sequence[Line], middle: float) -> Line:
        return sorted(lines, key=lambda line: value(line, middle), reverse=True)[place - 1]

    return _combined(moving, choose, end) if place > 1 else largest(moving, end)


def summed(courses: Sequence[Course], shares: Sequence[float], end: float) -> Course:
    """The sum of shares of each, at most 1."""
    parts = [
        [(time, (at, share * high, share * slope)) for time, (at, high, slope) in course]
        for course, share in zip(courses, shares, strict=True)
    ]

    def choose(lines: Sequence[Line], middle: float) -> Line:
        if sum(value(line, middle) for line in lines) >= 1.0:
            return UP
        slope = sum(line[2] for line in lines)
        if slope == 0.0:
            return 0.0, sum(line[1] for line in lines), 0.0
        return middle, sum(value(line, middle) for line in lines), slope

    found = _combined(parts, choose, end)
    return FULL if len(found) == 1 and found[0] == FULL[0] else found


def _either(a: Course, b: Course, end: float, *, largest: bool) -> Course:
    """The smaller or the larger of two courses, stretch by stretch.

    One that is all or nothing settles a stretch: it wins whatever the other does meanwhile, or loses to it.
    """
    found: list[tuple[float, Line]] = []
    wins, loses = (UP, DOWN) if largest else (DOWN, UP)
    rest_a, rest_b, stop = iter(a), iter(b), (inf, UP)
    now, one = next(rest_a)
    now, other = next(rest_b)
    (then_a, next_one), (then_b, next_other) = next(rest_a, stop), next(rest_b, stop)
    last: Line | None = None
    while now < end:
        start = now
        if one is wins and (other is not wins or then_a > then_b):
            now, line = then_a, one
        elif other is wins:
            now, line = then_b, other
        else:
            now = then_a if then_a < then_b else then_b
            if one is loses:
                line = other
            elif other is loses:
                line = one
            elif one[2] or other[2]:
                _crossing(one, other, start, now if now < end else end, largest, found)
                line = last = found[-1][1]
            else:
                line = one if (one[1] <= other[1]) is not largest else other
        if line is not last and line != last:
            found.append((start, line))
            last = line
        while then_a <= now < end:
            one, (then_a, next_one) = next_one, next(rest_a, stop)
        while then_b <= now < end:
            other, (then_b, next_other) = next_other, next(rest_b, stop)
    return found


def _crossing(
    one: Line, other: Line, low: float, high: float, largest: bool, found: list[tuple[float, Line]]
) -> None:
    """Add the smaller or the larger of two lines on [low, high), of which one at least rises."""
    x, y = value(one, low), value(other, low)
    faster = one[2] - other[2]
    if (x > y or (x == y and faster > 0.0)) is not largest:
        one, other = other, one
    if not found or found[-1][1] != one:
        found.append((low, one))
    if faster:
        cross = low + (y - x) / faster
        least = _LEAST * (high - low)
        if low + least < cross < high - least:
            found.append((cross, other))


def _combined(
    courses: Sequence[Course], choose: Callable[[Sequence[Line], float], Line], end: float
) -> Course:
    """Between neighbouring bends and crossings no order changes: one look at the middle settles it."""
    found: list[tuple[float, Line]] = []
    edges = sorted({time for course in courses for time, _ in course})
    for low, high in zip(edges, [*edges[1:], end], strict=True):
        lines = [[line for time, line in course if time <= low][-1] for course in courses]
        cuts = _crossings(lines, low, high)
        for start, stop in zip(cuts, [*cuts[1:], high], strict=True):
            line = choose(lines, 0.5 * (start + stop))
            if not found or not _goes_on(found[-1][1], line, start):
                found.append((start, line))
    return found


def _goes_on(before: Line, line: Line, time: float) -> bool:
    return before[2] == line[2] and abs(value(before, time) - value(line, time)) <= _LEAST


def _crossings(lines: Sequence[Line], low: float, high: float) -> list[float]:
    """`low`, and where inside (low, high) two of the lines meet or the sum of all passes 1."""
    at = [(value(line, low), line[2]) for line in lines]
    pairs = [(p, q) for i, p in enumerate(at) for q in at[:i]]
    pairs.append(((sum(v for v, _ in at), sum(s for _, s in at)), (1.0, 0.0)))
    least = _LEAST * (high - low)
    found = [low]
    for x in sorted(low + (b - a) / (s - r) for (a, s), (b, r) in pairs if s != r):
        if found[-1] + least < x < high - least:
            found.append(x)
    return found
