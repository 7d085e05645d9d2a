"""A look at one segment at any time.

What is seen inside a phase follows in closed form from the state at its start, so looking more often
changes nothing. The impulse chain makes the users who have come back a polynomial in
exp(-fire s), which is summed for all times and replications at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.course import Course
from sim.demand.exponentials import convolved, decay_integral
from sim.demand.leaving import leave, stay
from sim.demand.people import Traits, Users
from sim.demand.phases import Phases
from sim.demand.transition import Phase, return_weights, while_up

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]

_MEET = 1e-3
"""Two rates closer than this share of the larger count as meeting."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Users of one segment by state at the times asked for. Arrays of shape (replications, m)."""

    active: Array
    waiting: Array
    away: Array
    gone: Array


@dataclass(frozen=True, slots=True)
class Places:
    """Where in a table of phases the times looked at lie; segments that share the table share this.

    Arrays of shape (replications, m).
    """

    where: Index
    """Row phase x replication of the table."""
    hours: Array
    """Hours into that phase."""
    down: Index
    """Flat positions at which the service is down."""

    @classmethod
    def of(cls, phases: Phases, times: Array) -> Places:
        """Find `times` (hours, shape (replications, m)) in the phases."""
        replications = times.shape[0]
        where = phases.find(times) * replications + np.arange(replications)[:, None]
        hours = np.clip(times - phases.start.take(where), 0.0, phases.length.take(where))
        return cls(where, hours, np.flatnonzero(~phases.up.take(where)))


def look(course: Course, places: Places) -> Seen:
    """Users by state right after what happens at each time looked at."""
    traits, begins = course.traits, course.begins
    where, hours = places.where, places.hours
    alive = np.exp(-traits.churn[:, None] * hours)
    came, joined = _newcomers(course, where, hours, alive)
    returns = _Returns.of(course)
    active, away = returns.at(begins.active, where, hours)
    active *= alive
    away *= alive
    active += came
    if returns.decay.any():
        lost = np.flatnonzero(returns.decay.take(where) > 0.0)
        away.ravel()[lost] = (returns.present.take(where) * alive - active).ravel()[lost]
    if returns.odd.any():
        odd = np.flatnonzero(returns.odd.take(where))
        active.ravel()[odd], away.ravel()[odd] = _slowly(course, where.ravel()[odd], hours.ravel()[odd])
    waiting = np.zeros_like(hours)
    if places.down.size:
        part = where.ravel()[places.down], hours.ravel()[places.down]
        active.ravel()[places.down] = 0.0
        waiting.ravel()[places.down], away.ravel()[places.down] = _locked_out(course, *part, returns.present)
    gone = joined + traits.start[:, None]
    for state in (active, waiting, away):
        gone -= state
    return Seen(active, waiting, away, gone)


@dataclass(frozen=True, slots=True)
class _Returns:
    """The polynomial in exp(-fire s) of those who come back; a column a phase and replication."""

    weight: Array
    pool: Array | None
    """Away users by impulses left, where they differ from the weights (somebody gives up)."""
    base: Array
    """Away users whom no impulse can bring back in the phase: none left, or shut out."""
    fire: Array
    gives_up: Array
    decay: Array
    present: Array
    """Everyone but those gone, at the start of the phase."""
    odd: Flags
    """Where the closed form does not serve: two hazards meet, or apps decay and people give up as well."""

    @classmethod
    def of(cls, course: Course) -> _Returns:
        phases, begins = course.phases, course.begins
        traits = course.traits.rows(np.tile(np.arange(phases.start.shape[1]), len(phases.start)))
        joinable = phases.joinable.ravel()
        decay = np.where(joinable, 0.0, traits.decay)
        open_ = begins.with_app + np.where(joinable, begins.without_app, 0.0)
        closed = np.where(joinable, 0.0, begins.without_app.sum(axis=0))
        _, weight, near = return_weights(open_, traits, decay)
        odd = near.any(axis=0) & open_[1:].any(axis=0)
        odd |= (decay > 0.0) & (traits.gives_up > 0.0)
        present = (
            begins.active + begins.waiting + begins.with_app.sum(axis=0) + begins.without_app.sum(axis=0)
        )
        return cls(
            weight=weight,
            pool=open_ if traits.gives_up.any() else None,
            base=open_[0] + closed,
            fire=course.traits.impulses.fire,
            gives_up=course.traits.gives_up,
            decay=decay,
            present=present,
            odd=odd & phases.up.ravel(),
        )

    def at(self, active: Array, where: Index, hours: Array) -> tuple[Array, Array]:
        """Active users of the start of the phase or since, and users still away, ordinary churn aside."""
        settled, fading, held = active + self.weight.sum(axis=0), None, self.base.take(where)
        if self.weight[1:].any():
            fading, kept = self._polynomials(where, hours)
            held += kept
        present = settled.take(where)
        if self.decay.any():
            present *= np.exp(-self.decay.take(where) * hours)
        if self.pool is not None:
            shut = np.exp(-self.gives_up[:, None] * hours)
            held *= shut
            fading = None if fading is None else fading * shut
        return (present if fading is None else present - fading), held

    def _polynomials(self, where: Index, hours: Array) -> tuple[Array, Array]:
        """Sums over k of weight x exp(-k fire s), and of away users x the same."""
        step = np.exp(-self.fire[:, None] * hours)
        fading, power = np.zeros_like(hours), np.ones_like(hours)
        held = np.zeros_like(hours) if self.pool is not None else fading
        for k in range(1, len(self.weight)):
            power *= step
            fading += self.weight[k].take(where) * power
            if self.pool is not None:
                held += self.pool[k].take(where) * power
        return fading, held


def _newcomers(course: Course, where: Index, hours: Array, alive: Array) -> tuple[Array, Array]:
    """Newcomers of the phase who are still there, and all newcomers until then.

    The same integrals as in `sim.demand.exponentials`, from exponentials that are there already; an absolute
    error of 1e-12 of the users is allowed here, so the plain quotients do unless two rates meet.
    """
    traits, phases = course.traits, course.phases
    joined = course.joined[:-1].take(where)
    present = np.zeros_like(hours)
    open_ = phases.up & phases.joinable
    churn = traits.churn[:, None]
    per_phase = [traits.join_flows(start) for start in phases.start]
    for flow in range(len(traits.surges) + 1):
        height = np.where(open_, np.stack([flows[flow][0] for flows in per_phase]), 0.0)
        if not height.any():
            continue
        fading, heights = per_phase[0][flow][1][:, None], height.take(where)
        faded = np.exp(-fading * hours) if fading.any() else np.ones((1, 1))
        joined += heights * _area(fading, faded, hours)
        if _apart(fading, churn):
            present += heights * ((alive - faded) / (fading - churn))
        else:
            present += heights * convolved(fading, churn, hours)
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
    return decay_integral(rate, hours)


def _flat(course: Course, where: Index, hours: Array) -> tuple[Users, Traits, Phase]:
    """One row a time looked at."""
    phases = course.phases
    traits = course.traits.rows(where % phases.start.shape[1])
    phase = Phase(phases.start.take(where), hours, phases.joinable.take(where), phases.clock.take(where))
    return course.begins.rows(where), traits, phase


def _slowly(course: Course, where: Index, hours: Array) -> tuple[Array, Array]:
    """Active and away users where the closed form does not serve; the service is up."""
    users, traits, phase = _flat(course, where, hours)
    after = while_up(users, traits, phase)
    return after.active, after.with_app.sum(axis=0) + after.without_app.sum(axis=0)


def _locked_out(course: Course, where: Index, hours: Array, present: Array) -> tuple[Array, Array]:
    """Waiting and away users while the service is down; `present` is everyone but those gone, by phase."""
    traits = course.traits.rows(where % course.phases.start.shape[1])
    clock = course.phases.clock.ravel()[where]
    waited = course.begins.waiting[where]
    alive = np.exp(-traits.churn * hours)
    kept = stay(traits.patience, traits.overrides, clock, hours)
    left = waited * (1.0 - kept)
    before = present[where] - waited
    if traits.gives_up.any():
        nodes, shares = leave(traits.patience, traits.overrides, clock, hours, traits.impulses.waste)
        left = waited * (shares * np.exp(-traits.gives_up[:, None] * (hours[:, None] - nodes))).sum(axis=1)
        before = before * np.exp(-traits.gives_up * hours)
    return waited * alive * kept, (before + left) * alive
