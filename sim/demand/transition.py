"""What happens to the users of one segment within one phase: exact, however long the phase is.

In: `Users` at the start of a phase, `Traits`, and what the phase is like. Out: `Users` at its end, and
the integrals over it. Given the timeline users are independent of each other, so all of this is linear in
the numbers of users: the rows of the matrix by which sampled counts move are this same step, applied to
one user in each state (`sim.demand.sampled`).

Two cases: `while_up`, when the service can be used at all, and `while_down`, when those who would use it
wait. A user's ways are independent exponentials: ordinary churn in every state, giving up while away,
impulses to return that fire while the way back is open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.demand.exponentials import convolved, convolved_moment, decay_moment
from sim.demand.leaving import leave, panels, spread, stay
from sim.demand.people import Traits, Users

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

_MEET = 1e-3
"""Two hazards closer than this share of an impulse's rate count as meeting (13 digits are kept otherwise)."""

_NOBODY = 1e-17
"""Share of a class below which it is left out: less than rounding leaves of a sum."""


@dataclass(frozen=True, slots=True)
class Phase:
    """What the rows of a step go through. Arrays of shape (rows,); see `sim.demand.phases.Phases`."""

    start: Array
    length: Array
    joinable: Flags
    clock: Array
    newcomers: bool = True
    """Whether newcomers join (False to follow those who are already there)."""

    def rows(self, index: NDArray[np.int64]) -> Phase:
        """The same for a selection of rows."""
        return replace(
            self,
            start=self.start[index],
            length=self.length[index],
            joinable=self.joinable[index],
            clock=self.clock[index],
        )


def while_up(users: Users, traits: Traits, phase: Phase) -> Users:
    """Users at the end of a phase in which the service can be used."""
    s, impulses = phase.length, traits.impulses
    fires = np.arange(impulses.most + 1)[:, None] * impulses.fire
    waits = np.exp(-(fires + traits.gives_up + traits.churn) * s)
    without_app = users.without_app * waits
    shut = np.flatnonzero(~phase.joinable)
    if shut.size:
        kept = np.exp(-(traits.gives_up + traits.churn) * s)[shut]
        without_app[:, shut] = impulses.rows(shut).wasted(users.without_app[:, shut], s[shut]) * kept
    decaying = np.flatnonzero(~phase.joinable & (traits.decay > 0.0) & (s > 0.0))
    if decaying.size:
        part = users.rows(decaying), traits.rows(decaying), phase.rows(decaying)
        without_app[:, decaying] += decayed(*part)
    return Users(
        active=_active_at_end(users, traits, phase, waits),
        waiting=np.zeros_like(users.waiting),
        with_app=users.with_app * waits,
        without_app=without_app,
    )


def _active_at_end(users: Users, traits: Traits, phase: Phase, waits: Array) -> Array:
    """`active_after` the whole phase, given `waits`: the share of those away no impulse has moved yet."""
    s = phase.length
    decay = np.where(phase.joinable, 0.0, traits.decay)
    stays = np.exp(-(traits.churn + decay) * s)
    total = users.active * stays
    away = returning(users, phase)
    if away[1:].any():
        chance, weight, near = return_weights(away, traits, decay)
        waits = waits[: len(away)]
        total += weight.sum(axis=0) * stays - (weight * waits).sum(axis=0)
        if near.any():
            flow = np.where(near, away * chance, 0.0)
            meet = convolved(chance + traits.gives_up + traits.churn, traits.churn + decay, s)
            total += (flow * meet).sum(axis=0)
    return np.asarray(total + _came(traits, phase, s[:, None])[:, 0])


def _came(traits: Traits, phase: Phase, hours: Array) -> Array:
    """Newcomers of the phase who are still there some `hours` into it. Shape (rows, m)."""
    total = np.zeros_like(hours)
    if phase.newcomers:
        for height, fading in traits.join_flows(phase.start):
            joins = np.where(phase.joinable, height, 0.0)[:, None]
            if joins.any():
                total += joins * convolved(fading[:, None], traits.churn[:, None], hours)
    return total


def while_down(users: Users, traits: Traits, phase: Phase) -> Users:
    """Users at the end of a phase in which the service cannot be used: those who want it wait or leave."""
    s, impulses = phase.length, traits.impulses
    alive = np.exp(-traits.churn * s)
    shut = np.exp(-(traits.gives_up + traits.churn) * s)
    nodes, shares = leave(traits.patience, traits.overrides, phase.clock, s, impulses.waste)
    ages = np.maximum(s[:, None] - nodes, 0.0)
    weights = (users.waiting * alive)[:, None] * shares * np.exp(-traits.gives_up[:, None] * ages)
    left = impulses.leavers(weights, ages)
    needs = traits.uninstalls
    return Users(
        active=np.zeros_like(users.active),
        waiting=users.waiting * alive * stay(traits.patience, traits.overrides, phase.clock, s),
        with_app=impulses.wasted(users.with_app, s) * shut + (1.0 - needs) * left,
        without_app=impulses.wasted(users.without_app, s) * shut + needs * left,
    )


def active_after(users: Users, traits: Traits, phase: Phase, hours: Array) -> Array:
    """Active users some `hours` into a phase in which the service is up. Shape of `hours`: (rows, m)."""
    churn = traits.churn[:, None]
    decay = np.where(phase.joinable, 0.0, traits.decay)[:, None]
    total = users.active[:, None] * np.exp(-(churn + decay) * hours)
    total += np.exp(-churn * hours) * _returned(users, traits, phase, hours, decay)
    return np.asarray(total + _came(traits, phase, hours))


def _returned(users: Users, traits: Traits, phase: Phase, hours: Array, decay: Array) -> Array:
    """Users who have come back and stayed, leaving ordinary churn aside. Shape (rows, m)."""
    away = returning(users, phase)
    if not away[1:].any():
        return np.zeros_like(hours)
    chance, weight, near = return_weights(away, traits, decay[:, 0])
    step, power = np.exp(-traits.impulses.fire[:, None] * hours), np.ones_like(hours)
    fading = np.zeros_like(hours)
    for k in range(1, len(away)):
        power = power * step
        fading += weight[k][:, None] * power
    gives_up = traits.gives_up[:, None]
    total = weight.sum(axis=0)[:, None] * np.exp(-decay * hours) - np.exp(-gives_up * hours) * fading
    for k in np.flatnonzero(near.any(axis=1)).tolist():
        flow = np.where(near[k], away[k] * chance[k], 0.0)[:, None]
        total += flow * convolved(chance[k][:, None] + gives_up, decay, hours)
    return np.asarray(total)


def return_weights(away: Array, traits: Traits, decay: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Weights of the exponentials in the number of users who have come back.

    An away user with k impulses left comes back with hazard k fire, and leaves again with hazard `decay`;
    so of them weight x (exp(-decay s) - exp(-(k fire + gives_up) s)) are back after s hours. Where the two
    hazards nearly meet the quotient would lose its digits: those are flagged `near` and weigh 0 here.

    Returns
    -------
    chance, weight, near
        Each of shape (most + 1, rows).
    """
    fire = traits.impulses.fire
    chance = np.arange(len(away))[:, None] * fire
    gap = chance + traits.gives_up - decay
    near = np.abs(gap) <= _MEET * fire
    near[0] = False
    weight = np.where(near, 0.0, away * chance / np.where(gap == 0.0, 1.0, gap))
    return chance, weight, near


def returning(users: Users, phase: Phase) -> Array:
    """Away users, by impulses left, for whom the way back is open while the service is up.

    Without the classes at the end that hold next to nobody: most impulses have been wasted by then.
    """
    return counted(users.with_app + np.where(phase.joinable, users.without_app, 0.0))


def counted(away: Array) -> Array:
    """The classes up to the last that holds more than `_NOBODY` of the fullest. At least two are kept."""
    most = away.max(axis=1, initial=0.0)  # there may be no row at all: nobody is ever served
    held = np.flatnonzero(most > _NOBODY * most.max(initial=0.0))
    return away[: max(int(held[-1]) + 1 if held.size else 0, 2)]


def joined(traits: Traits, phase: Phase) -> Array:
    """Newcomers of a phase in which the service is up. Shape (rows,)."""
    total = np.zeros_like(phase.length)
    for height, fading in traits.join_flows(phase.start):
        total += np.where(phase.joinable, height, 0.0) * decay_moment(0, fading, phase.length)
    return total


def served(users: Users, traits: Traits, phase: Phase, capacity: Array, slope: Array) -> Array:
    """User-hours served: the integral of active users x (capacity + slope s) over a phase that is up."""
    total = capacity * _active_moment(0, users, traits, phase)
    ramp = np.flatnonzero(slope)
    if ramp.size:
        total[ramp] += slope[ramp] * _active_moment(1, users.rows(ramp), traits.rows(ramp), phase.rows(ramp))
    return np.asarray(total)


def _active_moment(power: int, users: Users, traits: Traits, phase: Phase) -> Array:
    """Integral of s**power active(s) over the phase. Shape (rows,)."""
    s, churn = phase.length, traits.churn
    decay = np.where(phase.joinable, 0.0, traits.decay)
    total = users.active * decay_moment(power, churn + decay, s)
    away = returning(users, phase)
    if away[1:].any():
        chance = np.arange(1, len(away))[:, None] * traits.impulses.fire
        enters = chance + traits.gives_up + churn
        total = total + (away[1:] * chance * convolved_moment(power, enters, churn + decay, s)).sum(axis=0)
    if phase.newcomers:
        for height, fading in traits.join_flows(phase.start):
            joins = np.where(phase.joinable, height, 0.0)
            if joins.any():
                total = total + joins * convolved_moment(power, fading, churn, s)
    return np.asarray(total)


def decayed(users: Users, traits: Traits, phase: Phase) -> Array:
    """Users whose app had to be installed again and could not be, by impulses left at the end."""
    nodes, weights = spread(panels(phase.length, traits.impulses.waste))
    ages = phase.length[:, None] - nodes
    flow = traits.decay[:, None] * active_after(users, traits, phase, nodes)
    survive = np.exp(-(traits.gives_up + traits.churn)[:, None] * ages)
    return traits.impulses.leavers(flow * weights * survive, ages)
