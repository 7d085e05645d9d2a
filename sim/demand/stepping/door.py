"""The queue at the door when the service comes back: what becomes of it within one step of time.

In: who stands there, who comes, and how fast people are let in. Out: `Drained`. Whoever wants the service
stands at the door; as many an hour are let in as the capacity allows; some leave; those who try again take
capacity from those who could be let in. The numbers are those of a fluid: averages over many people, right
to about one part in the square root of their number (T. G. Kurtz, Solutions of ordinary differential
equations as limits of pure jump Markov processes, J. Appl. Prob. 7 (1970) 49-58).

A step is at most three pieces: people stand there until nobody does; then whoever comes walks in; and from
when the capacity falls below the arrivals people stand there again. Where nobody tries twice each piece is
exact however long it is, so a step may be cut anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from sim.demand.stepping.door_queue import Array, Busy, Queue, stand
from sim.demand.stepping.door_retries import stand_and_retry


@dataclass(frozen=True, slots=True)
class Drained:
    """What becomes of the queue at the door within a step. Arrays of the shape of what was given.

    ``waiting + let_in + abandoned`` is who stood there and who came, to rounding.
    """

    waiting: Array
    """People who stand there at the end."""
    let_in: Array
    """People let in, those included who came and did not have to wait."""
    abandoned: Array
    """People who left while they stood there."""
    waited: Array
    """Person-hours stood."""


def drain(
    waiting: ArrayLike,
    arriving: ArrayLike,
    admits: tuple[ArrayLike, ArrayLike],
    retries: ArrayLike,
    abandons: ArrayLike,
    hours: ArrayLike,
) -> Drained:
    """One step of the queue at the door.

    While x > 0 stand there, x' = arrivals - G - abandons x, with G = A / (1 + retries x / A) at capacity A.

    Exact to rounding where nobody tries twice, the instant at which the queue empties included. With retries
    the error is below 1e-9 of all who stand there or come, except close to the length above which the queue
    grows instead of shrinking: there the queue makes any error larger itself.

    Parameters
    ----------
    waiting
        People who stand at the door at the start.
    arriving
        People who come during the step, at a constant rate.
    admits
        People who can be let in per hour, at the start and at the end of the step; linear in between.
    retries
        Work that one who stands there causes in an hour by trying again, in admissions.
    abandons
        Hazard with which one who stands there leaves, per hour.
    hours
        Length of the step. A step of no length lets nobody in.

        None of these may be negative; they may have any shapes that broadcast.

    References
    ----------
    W. Whitt, Fluid models for multiserver queues with abandonments, Operations Research 54 (2006) 37-54.

    Checked by: tests/theory/test_f1_backlog.py
    Checked by: tests/theory/test_f2_abandonment.py
    Checked by: tests/theory/test_f4_ramp_up.py
    Checked by: tests/unit/test_demand_door.py
    """
    return followed(waiting, arriving, admits, retries, abandons, hours)[0]


def followed(
    waiting: ArrayLike,
    arriving: ArrayLike,
    admits: tuple[ArrayLike, ArrayLike],
    retries: ArrayLike,
    abandons: ArrayLike,
    hours: ArrayLike,
) -> tuple[Drained, Array]:
    """The same as `drain`, and the hours until nobody stands there for the first time: all if never."""
    given = (waiting, arriving, *admits, retries, abandons, hours)
    whole = np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in given))
    shape = whole[0].shape
    people, came, first, last, again, hazard, length = (value.ravel() for value in whole)
    walks_in = (people == 0.0) & (came <= np.minimum(first, last) * length)
    ends, inside = np.where(walks_in, 0.0, people + came), np.where(walks_in, came, 0.0)
    left, waited = np.zeros_like(people), np.zeros_like(people)
    lasts = np.where(walks_in, 0.0, length)
    rows = np.flatnonzero(~walks_in & (length > 0.0))
    if rows.size:
        first, last, span = first[rows], last[rows], length[rows]
        # without any capacity there is nothing to take away
        tries = np.where((first > 0.0) | (last > 0.0), again[rows], 0.0)
        slope = (last - first) / span
        queue = Queue(people[rows], came[rows] / span, first, slope, tries, hazard[rows], span)
        ends[rows], inside[rows], left[rows], waited[rows], lasts[rows] = _through(queue, ends[rows])
    return Drained(*(value.reshape(shape) for value in (ends, inside, left, waited))), lasts.reshape(shape)


def _through(queue: Queue, everyone: Array) -> tuple[Array, Array, Array, Array, Array]:
    """Waiting, let in, abandoned, person-hours, hours until empty, of queues that are not always empty."""
    busy, again = _until_empty(queue), _resumes(queue)
    waiting, waited = busy.waiting, busy.waited
    rows = np.flatnonzero(busy.emptied & (again < queue.hours))
    if rows.size:
        later = _stand(_from_nobody(queue.rows(rows), again[rows]))
        waiting[rows] = later.waiting
        waited[rows] += later.waited
    abandoned = np.minimum(queue.abandons * waited, everyone)
    # what is known best is kept as it is and the rest follows, so that nobody is lost to rounding
    let_in = np.maximum(np.where(busy.emptied, everyone - abandoned - waiting, busy.let_in), 0.0)
    waiting = np.where(busy.emptied, waiting, np.maximum(everyone - abandoned - let_in, 0.0))
    return waiting, let_in, abandoned, waited, busy.lasts


def _until_empty(queue: Queue) -> Busy:
    """The first piece; of no length where nobody stands there and whoever comes walks in at first."""
    standing = (queue.waiting > 0.0) | (queue.arrivals > queue.admits)
    if standing.all():
        return _stand(queue)
    rows = np.flatnonzero(standing)
    return Busy.of_none(len(standing)).put(rows, _stand(queue.rows(rows)))


def _stand(queue: Queue) -> Busy:
    """Each row by the way that suits it."""
    tries = queue.retries > 0.0
    if tries.all():
        return stand_and_retry(queue)
    if not tries.any():
        return stand(queue)
    once, often = np.flatnonzero(~tries), np.flatnonzero(tries)
    result = Busy.of_none(len(tries)).put(once, stand(queue.rows(once)))
    return result.put(often, stand_and_retry(queue.rows(often)))


def _resumes(queue: Queue) -> Array:
    """Hours after which a falling capacity no longer lets in all who come; inf if it always does."""
    falls = queue.slope < 0.0
    hours = (queue.admits - queue.arrivals) / np.where(falls, -queue.slope, 1.0)
    return np.where(falls, hours, np.inf)


def _from_nobody(queue: Queue, start: Array) -> Queue:
    """Queues that begin anew `start` hours into the step, when the capacity has fallen to the arrivals."""
    return replace(
        queue, waiting=np.zeros_like(start), admits=queue.arrivals.copy(), hours=queue.hours - start
    )
