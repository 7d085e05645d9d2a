"""People who stand at the door, while there are any: how many, for how long, and when the last is let in.

In: `Queue`, one row a queue, with a capacity that changes linearly. Out: `Busy`, what becomes of it until it
is empty or the step ends. Here nobody tries twice, so with x people and capacity A + b t

    x' = arrivals - (A + b t) - abandons x

is linear and solved exactly; only the instant of emptying on a ramp is the root of an equation, found to
rounding. With retries: `sim.demand.stepping.door_retries`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]

_NEWTON = 100
"""Iterations for the instant of emptying. It converges from one side; 60 halvings are the worst there is."""

_CLOSE = 1e-15
"""Share of the step to which that instant is found: the last iteration before has half as many digits."""

_NEVER = 1e300
"""Hours that are never over."""

_NEAR = 0.5
_TERMS = 13
"""Terms of the series of `spans` for x < `_NEAR`: the first left out is 0.5**13 / 16! = 6e-18."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Queues at the door at the start of a step. Arrays of shape (rows,)."""

    waiting: Array
    """People who stand there."""
    arrivals: Array
    """People who come, per hour; constant."""
    admits: Array
    """People who can be let in, per hour, at the start."""
    slope: Array
    """Change of `admits`, per hour."""
    retries: Array
    """Work one who stands there causes in an hour by trying again, in admissions."""
    abandons: Array
    """Hazard with which one who stands there leaves, per hour."""
    hours: Array

    def rows(self, index: Rows) -> Queue:
        """The same for a selection of rows."""
        return Queue(*(getattr(self, field.name)[index] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class Busy:
    """What becomes of queues until they are empty, or until the step ends. Arrays of shape (rows,)."""

    lasts: Array
    """Hours until the queue is empty; the whole step if it is not by then."""
    emptied: Flags
    """Whether it is empty before the step ends."""
    waiting: Array
    """People who stand there after `lasts`."""
    let_in: Array
    """People let in until then."""
    waited: Array
    """Person-hours stood until then."""

    @classmethod
    def of_none(cls, rows: int) -> Busy:
        """Queues that are empty from the start."""
        none = [np.zeros(rows) for _ in range(4)]
        return cls(none[0], np.ones(rows, dtype=bool), *none[1:])

    def put(self, index: Rows, other: Busy) -> Busy:
        """The same with what became of some rows written over; changes this record."""
        for field in fields(self):
            getattr(self, field.name)[index] = getattr(other, field.name)
        return self


def stand(queue: Queue) -> Busy:
    """What becomes of queues at which nobody tries twice."""
    empties = _empties(queue)
    lasts = np.minimum(empties, queue.hours)
    one, two, three = spans(queue.abandons, lasts)
    surplus = queue.arrivals - queue.admits
    emptied = empties < queue.hours
    waited = queue.waiting * one + surplus * two - queue.slope * three
    return Busy(
        lasts=lasts,
        emptied=emptied,
        waiting=np.where(emptied, 0.0, np.maximum(_waiting(queue, lasts), 0.0)),
        let_in=lasts * (queue.admits + 0.5 * queue.slope * lasts),
        waited=np.maximum(waited, 0.0),
    )


def spans(rate: Array, hours: Array) -> tuple[Array, Array, Array]:
    """Integrals over (0, hours) of exp(-rate v) times 1, hours - v, and half the square of that.

    The people who stand there if one comes per hour; if none at first and one more per hour each hour; and
    the person-hours of the latter. For small rates the textbook quotients lose their digits, the series does
    not.
    """
    if not rate.any():
        return hours, hours**2 * 0.5, hours**3 * (1.0 / 6.0)
    x = rate * hours
    small = x < _NEAR
    near = np.where(small, x, 0.0)
    third = np.ones_like(x)
    for n in range(_TERMS + 2, 3, -1):  # 1/3! - x/4! + x**2/5! - ..., as a nested product
        third *= near
        third *= -1.0 / n
        third += 1.0
    third *= 1.0 / 6.0
    second = 0.5 - near * third
    first = 1.0 - near * second
    if not small.all():
        far = np.where(small, _NEAR, x)
        first = np.where(small, first, -np.expm1(-far) / far)
        second = np.where(small, second, (1.0 - first) / far)
        third = np.where(small, third, (0.5 - second) / far)
    return hours * first, hours**2 * second, hours**3 * third


def _waiting(queue: Queue, hours: Array) -> Array:
    """People standing after some hours, if a queue could be shorter than nobody."""
    one, two, _ = spans(queue.abandons, hours)
    surplus = queue.arrivals - queue.admits
    kept = queue.waiting * np.exp(-queue.abandons * hours)
    return np.asarray(kept + surplus * one - queue.slope * two)


def _empties(queue: Queue) -> Array:
    """Hours until the queue is empty; inf if it is not within the step."""
    spare = queue.admits - queue.arrivals
    drains = (queue.slope == 0.0) & (spare > 0.0)
    with np.errstate(over="ignore"):  # next to no spare capacity
        plain = np.minimum(queue.waiting / np.where(drains, spare, 1.0), _NEVER)
    x = queue.abandons * plain
    shorter = np.log1p(x) / np.where(x > 0.0, queue.abandons, 1.0)
    result = np.where(drains, np.where(x > 0.0, shorter, plain), np.inf)
    ramps = np.flatnonzero(queue.slope)
    if ramps.size:
        result[ramps] = _empties_on_ramp(queue.rows(ramps))
    return np.asarray(result)


def _empties_on_ramp(queue: Queue) -> Array:
    """The same where the capacity changes: the first zero of a curve that bends to one side only.

    x'' keeps its sign, so Newton's iteration runs towards the zero from one side: from the start where the
    curve bends upwards, from the end where it bends downwards. Bending upwards it may dip below nobody
    and come back within the step, so it is looked at where it is lowest.
    """
    change = queue.arrivals - queue.admits - queue.abandons * queue.waiting
    upwards = -queue.slope - queue.abandons * change >= 0.0
    last = np.where(upwards, np.minimum(_lowest(queue, change), queue.hours), queue.hours)
    empties = np.flatnonzero(_waiting(queue, last) < 0.0)
    result = np.full_like(last, np.inf)
    if empties.size:
        part, end = queue.rows(empties), last[empties]
        start = np.where(upwards[empties], 0.0, end)
        result[empties] = np.clip(_newton(part, change[empties], start), 0.0, end)
    return result


def _lowest(queue: Queue, change: Array) -> Array:
    """Hours after which a curve that bends upwards is lowest; inf if it always falls, 0 if it never does."""
    turns = (queue.slope < 0.0) & (change < 0.0)
    ratio = np.where(turns, change / np.where(turns, queue.slope, -1.0), 0.0)
    x = queue.abandons * ratio
    hours = np.where(x > 0.0, np.log1p(x) / np.where(x > 0.0, queue.abandons, 1.0), ratio)
    return np.where(turns, hours, np.where(change < 0.0, np.inf, 0.0))


def _newton(queue: Queue, change: Array, hours: Array) -> Array:
    """The zero of `_waiting` by Newton's iteration from `hours`."""
    found = np.zeros(hours.shape, dtype=bool)
    for _ in range(_NEWTON):
        one, _two, _three = spans(queue.abandons, hours)
        falls = change * np.exp(-queue.abandons * hours) - queue.slope * one
        step = _waiting(queue, hours) / np.where(falls == 0.0, np.inf, falls)
        hours = np.where(found, hours, hours - step)  # a row does not go on because another has to
        found |= np.abs(step) <= _CLOSE * queue.hours
        if found.all():
            break
    return hours
