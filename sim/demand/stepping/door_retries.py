"""People who stand at the door and try again and again, so that their attempts take capacity from each other.

In: `Queue`. Out: `Busy`, as in `sim.demand.stepping.door_queue`. With x people at capacity A,

    x' = arrivals - G - abandons x,      G = A / (1 + retries x / A) = A**2 / (A + retries x):

the attempts of all who stand there share the capacity, and what is spent on those that fail is wasted.
Above some length such a queue grows although its arrivals are fewer than the capacity: a metastable failure
(N. Bronson, A. Aghayev, A. Charapko, T. Zhu, Metastable failures in distributed systems, HotOS 2021,
doi 10.1145/3458336.3465286).

Why this way: the Taylor series of x is cheap to find (G (A + retries x) = A**2 gives its terms one by one),
says by its last terms how far it can be trusted, and is a polynomial: the people let in, the person-hours and
the instant of emptying follow from it. Each row takes sub-steps of its own (A. Jorba, M. Zou, A software
package for the numerical integration of ODEs by means of high-order Taylor methods, Experimental Mathematics
14 (2005) 99-117). Rejected: Runge-Kutta (the emptying needs a search of its own at every trial); the closed
form of the time as a function of x (constant capacity only, and a case for each sign of a discriminant).
"""

from __future__ import annotations

import numpy as np

from sim.demand.stepping.door_queue import Array, Busy, Flags, Queue
from sim.errors import ModelInvariantError

_ORDER = 16
_TOLERANCE = 1e-12
"""Error of a sub-step, as a share of all who stand there or come. Near the length above which the queue grows
instead of shrinking, the queue itself makes an error larger, by at most exp(retries x hours)."""

_MOST = 20_000
"""Sub-steps in a step before something is held to be wrong."""

_CLOSE = 1e-14
"""Share of a sub-step to which the instant of emptying is found."""

_HALVINGS = 128
"""Iterations for it. Halving alone needs 47; Newton's rarely more than six."""

_LEAST = 1e-10
"""Share of the capacity at the end that stands for none at the start, where nobody stands there either."""


def stand_and_retry(queue: Queue) -> Busy:
    """What becomes of queues at which people try again; `retries` > 0."""
    hours, nobody = queue.hours, np.zeros_like(queue.hours)
    bare = (queue.waiting == 0.0) & (queue.admits == 0.0)
    admits = np.where(bare, _LEAST * queue.slope * hours, queue.admits)
    clock, lasts, waiting = nobody.copy(), hours.copy(), queue.waiting.copy()
    let_in, waited, emptied = nobody.copy(), nobody.copy(), np.zeros(hours.shape, dtype=bool)
    scale = _TOLERANCE * (queue.waiting + queue.arrivals * hours)
    live = np.arange(len(hours))
    for _ in range(_MOST):
        part, left = queue.rows(live), hours[live] - clock[live]
        capacity = np.maximum(admits[live] + part.slope * clock[live], 0.0)
        people, inward = _series(part, waiting[live], capacity)
        step = np.minimum(left, _trusted(people, scale[live]))
        ends, empty = _until_empty(people, step)
        waiting[live] = np.where(empty, 0.0, np.maximum(_value(people, ends), 0.0))
        let_in[live] += _integral(inward, ends)
        waited[live] += _integral(people, ends)
        clock[live] += ends
        emptied[live], lasts[live] = empty, np.where(empty, clock[live], lasts[live])
        live = live[~empty & (step < left)]
        if not live.size:
            return Busy(lasts, emptied, waiting, let_in, waited)
    raise ModelInvariantError(f"the queue at the door is not followed to the end in {_MOST} sub-steps")


def _series(queue: Queue, waiting: Array, capacity: Array) -> tuple[Array, Array]:
    """Taylor terms of the people standing and of those let in per hour. (order + 1, rows), (order, rows)."""
    people, inward = np.empty((_ORDER + 1, len(waiting))), np.empty((_ORDER, len(waiting)))
    load = np.empty_like(people)  # capacity + retries x people
    squares = (capacity**2, 2.0 * capacity * queue.slope, queue.slope**2)
    people[0], load[0] = waiting, capacity + queue.retries * waiting
    for k in range(_ORDER):
        rest = np.einsum("jr,jr->r", inward[:k], load[k:0:-1])
        inward[k] = ((squares[k] if k < len(squares) else 0.0) - rest) / load[0]
        come = queue.arrivals if k == 0 else 0.0
        people[k + 1] = (come - inward[k] - queue.abandons * people[k]) / (k + 1)
        load[k + 1] = queue.retries * people[k + 1]
        if k == 0:
            load[1] += queue.slope
    return people, inward


def _trusted(people: Array, error: Array) -> Array:
    """Hours over which the last terms of the series stay below `error`."""
    hours = np.full(error.shape, np.inf)
    for k in (_ORDER - 1, _ORDER):
        term = np.abs(people[k])
        moves = term > 0.0
        with np.errstate(over="ignore"):
            reach = (error / np.where(moves, term, 1.0)) ** (1.0 / k)
        hours = np.minimum(hours, np.where(moves, reach, np.inf))
    return np.asarray(hours)


def _value(terms: Array, hours: Array) -> Array:
    """A polynomial at `hours`."""
    total = terms[-1].copy()
    for term in terms[-2::-1]:
        total *= hours
        total += term
    return np.asarray(total)


def _derivative(terms: Array) -> Array:
    """The terms of the derivative of a polynomial."""
    return np.asarray(terms[1:] * np.arange(1.0, len(terms))[:, None])


def _integral(terms: Array, hours: Array) -> Array:
    """The integral of a polynomial from 0 to `hours`."""
    return hours * _value(terms / np.arange(1.0, len(terms) + 1)[:, None], hours)


def _until_empty(people: Array, step: Array) -> tuple[Array, Flags]:
    """Hours until the queue is empty or the sub-step ends, and whether it is empty."""
    changes = _derivative(people)
    end = step.copy()
    dips = np.flatnonzero((changes[0] < 0.0) & (_value(changes, step) > 0.0))
    if dips.size:  # a falling capacity: the queue may have been empty in between
        end[dips] = _crossing(-changes[:, dips], step[dips])
    rows = np.flatnonzero(_value(people, end) < 0.0)
    empty = np.zeros(step.shape, dtype=bool)
    ends = step.copy()
    if rows.size:
        # a queue that begins with nobody is empty at 0 too: that zero is divided out
        begun = people[0, rows] > 0.0
        rest = np.vstack([people[1:, rows], np.zeros((1, rows.size))])
        ends[rows] = _crossing(np.where(begun, people[:, rows], rest), end[rows])
        empty[rows] = True
    return ends, empty


def _crossing(terms: Array, high: Array) -> Array:
    """Where a polynomial, positive at 0 and negative at `high`, changes its sign: safeguarded Newton."""
    low, slopes, near = np.zeros_like(high), _derivative(terms), _CLOSE * high
    hours = 0.5 * high
    for _ in range(_HALVINGS):
        value, slope = _value(terms, hours), _value(slopes, hours)
        low, high = np.where(value > 0.0, hours, low), np.where(value > 0.0, high, hours)
        step = -value / np.where(slope == 0.0, np.inf, slope)
        found = (np.abs(step) <= near) & (slope != 0.0) | (high - low <= near)
        if found.all():
            break
        tried = hours + step
        halved = np.where((tried > low) & (tried < high), tried, 0.5 * (low + high))
        hours = np.where(found, hours, halved)
    return hours
