"""The queue at the door a second time, person by person and event by event.

In: who stands there, how fast people come, are let in, leave and try again. Out: what became of them.
Whoever is next in line is being let in and does not leave any more; the capacity works off attempts one at
a time, each in an exponential time, and with retries most of them may be attempts that fail. Without retries
and abandonment this is the M/M/1 queue, with abandonment the Erlang-A model of one server.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Door:
    """What the queue is like. Per hour; the capacity is ``admits + slope x hours``."""

    arrivals: float
    admits: float
    slope: float = 0.0
    retries: float = 0.0
    abandons: float = 0.0


@dataclass
class Stood:
    """What became of the people: how many, and the hours they stood there until then or the end."""

    waiting: int = 0
    arrived: int = 0
    let_in: int = 0
    abandoned: int = 0
    wasted: int = 0
    """Attempts that failed."""
    waited: float = 0.0
    empty: float = 0.0
    """Hours during which nobody stood there."""
    ends: float = 0.0


def endless(draw: Callable[[int], NDArray[np.float64]]) -> Iterator[float]:
    """The draws of a generator one by one, made a thousand at a time: ten times as fast."""
    while True:
        yield from draw(1000).tolist()


def stood(
    door: Door, waiting: int, hours: float, rng: np.random.Generator, *, until_empty: bool = False
) -> Stood:
    """Follow everyone for some hours, or until nobody stands there."""
    line = deque([0.0] * waiting)  # when each of them came
    result = Stood()
    most = max(door.admits, door.admits + door.slope * hours if door.slope > 0.0 else 0.0)
    units, chances = endless(rng.standard_exponential), endless(rng.random)
    now = 0.0
    while line or not until_empty:
        people = len(line)
        attempts = most if people else 0.0
        leaving = door.abandons * max(people - 1, 0)
        rate = door.arrivals + attempts + leaving
        step = next(units) / rate if rate > 0.0 else hours - now
        result.empty += 0.0 if people else min(step, hours - now)
        now += step
        if now >= hours:
            break
        which = next(chances) * rate
        if which < door.arrivals:
            result.arrived += 1
            line.append(now)
        elif which >= door.arrivals + attempts:
            place = 1 + int(next(chances) * (people - 1))
            result.waited += now - line[place]
            result.abandoned += 1
            del line[place]
        else:
            attempt(door, line, now, most, chances, result)
    result.ends = min(now, hours)
    result.waiting = len(line)
    result.waited += sum(result.ends - came for came in line)
    return result


def attempt(
    door: Door, line: deque[float], now: float, most: float, chances: Iterator[float], result: Stood
) -> None:
    """One attempt is worked off, if the capacity is there by now; the first in line may be let in."""
    capacity = door.admits + door.slope * now
    if next(chances) * most >= capacity:
        return
    # in an hour those in line cause `retries` attempts each that fail, beside as many as can be let in
    if next(chances) * (capacity + door.retries * len(line)) >= capacity:
        result.wasted += 1
        return
    result.waited += now - line.popleft()
    result.let_in += 1
