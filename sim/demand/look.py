"""A look at one segment at any time.

What is seen inside a phase follows in closed form from the state at its start, so looking more often
changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.course import Course
from sim.demand.exponentials import convolved, decay_moment
from sim.demand.leaving import leave, still
from sim.demand.places import Places
from sim.demand.transition import Phase, while_up

Array = NDArray[np.float64]
Index = NDArray[np.int64]

_MEET = 1e-3
"""Two rates closer than this share of the larger count as meeting."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Users of one segment by state at the times asked for. Arrays of shape (replications, m)."""

    active: Array
    waiting: Array
    away: Array
    gone: Array


def look(course: Course, places: Places, into: Seen | None = None) -> Seen:
    """Users by state right after what happens at each time looked at, written to `into` if that is given."""
    traits, hours = course.traits, places.hours
    seen = into or Seen(*(np.empty_like(hours) for _ in range(4)))
    alive = places.left(traits.churn)
    came, joined = _newcomers(course, places, alive)
    returns = course.returns
    present, held = returns.at(places)
    active = np.multiply(present, alive, out=seen.active)
    away = np.multiply(held, alive, out=seen.away)
    if came is not None:
        active += came
    if returns.shut is not None:  # who lost the app is not among those the impulses are for
        everyone = places.spread(returns.present)
        everyone *= alive
        np.subtract(everyone, active, out=away, where=places.spread(returns.shut))
    if returns.odd is not None:
        odd = places.spread(returns.odd)
        active[odd], away[odd] = _slowly(course, places.where[odd], hours[odd])
    waiting = seen.waiting
    waiting[...] = 0.0
    if places.down.size:
        down = np.unravel_index(places.down, hours.shape)
        active[down] = 0.0
        waiting[down], away[down] = _locked_out(course, places.where[down], hours[down])
    gone = np.add(joined, traits.start[:, None], out=seen.gone)
    for state in (active, waiting, away):
        gone -= state
    return seen


def _newcomers(course: Course, places: Places, alive: Array) -> tuple[Array | None, Array]:
    """Newcomers of the phase who are still there (None: nobody joins), and all newcomers until then.

    The same integrals as in `sim.demand.exponentials`, from exponentials that are there already; an absolute
    error of 1e-12 of the users is allowed here, so the plain quotients do unless two rates meet.
    """
    hours, churn = places.hours, course.traits.churn[:, None]
    joined = places.spread(course.joined[:-1].T)
    present = None
    for fading, height in course.flows:
        heights = places.spread(height)
        faded = places.left(fading[:, 0])
        joined += heights * _area(fading, faded, hours)
        if _apart(fading, churn):
            here = heights * ((alive - faded) / (fading - churn))
        else:
            here = heights * convolved(fading, churn, hours)
        present = here if present is None else present + here
    return present, joined


def _apart(first: Array, second: Array) -> bool:
    """Whether no two rates are so close that their difference has lost digits."""
    return bool((np.abs(first - second) > _MEET * np.maximum(first, second)).all())


def _area(rate: Array, faded: Array, hours: Array) -> Array:
    """Integral of exp(-rate v) for v in (0, hours), given exp(-rate hours)."""
    if not rate.any():
        return hours
    if rate.all():
        return np.asarray((1.0 - faded) / rate)
    return decay_moment(0, rate, hours)


def _slowly(course: Course, where: Index, hours: Array) -> tuple[Array, Array]:
    """Active and away users where the closed form does not serve; the service is up."""
    phases = course.phases
    traits = course.traits.rows(where % phases.start.shape[1])
    phase = Phase(phases.start.take(where), hours, phases.joinable.take(where), phases.clock.take(where))
    after = while_up(course.begins.rows(where), traits, phase)
    return after.active, after.with_app.sum(axis=0) + after.without_app.sum(axis=0)


def _locked_out(course: Course, where: Index, hours: Array) -> tuple[Array, Array]:
    """Waiting and away users while the service is down."""
    traits, row = course.traits, where % course.phases.start.shape[1]
    waited, clock = course.begins.waiting[where], course.phases.clock.take(where)
    overrides = {name: values[row] for name, values in traits.overrides.items()}
    alive = np.exp(-traits.churn[row] * hours)
    kept = still(traits.patience, overrides, course.patience[where], clock + hours)
    left = waited * (1.0 - kept)
    before = course.returns.present.T.ravel()[where] - waited
    if traits.gives_up.any():
        gives_up = traits.gives_up[row]
        nodes, shares = leave(traits.patience, overrides, clock, hours, traits.impulses.waste[row])
        left = waited * (shares * np.exp(-gives_up[:, None] * (hours[:, None] - nodes))).sum(axis=1)
        before = before * np.exp(-gives_up * hours)
    return waited * alive * kept, (before + left) * alive
