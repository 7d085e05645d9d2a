"""The course of one segment through its phases: the state is carried exactly from one to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.people import Traits, Users
from sim.demand.phases import Phases
from sim.demand.returns import Returns
from sim.demand.transition import Phase, joined, served, while_down, while_up

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Course:
    """One segment in every replication of a block.

    Attributes
    ----------
    begins
        Users at the start of each phase, as rows phase x replication.
    returns
        The same as looks need it.
    flows
        Newcomers while they can join, as terms a exp(-b s) of each phase: b of shape (replications, 1) and
        a of shape (replications, phases), users per hour; terms in which nobody comes are left out.
    patience
        Logarithm of the share of all who wait that would still wait at the phase's start, by row.
    joined
        Newcomers before each phase, and all of them. Shape (phases + 1, replications).
    served_hours
        Integral of active users x capacity to the horizon. Shape (replications,).
    """

    traits: Traits
    phases: Phases
    begins: Users
    returns: Returns
    flows: tuple[tuple[Array, Array], ...]
    patience: Array
    joined: Array
    served_hours: Array


def follow(traits: Traits, phases: Phases) -> Course:
    """Carry one segment through its phases, all replications at once."""
    most = traits.impulses.most
    rows = len(traits.start)
    users = Users(traits.start.copy(), np.zeros(rows), np.zeros((most + 1, rows)), np.zeros((most + 1, rows)))
    begins = []
    for p in range(len(phases.start)):
        up, length = phases.up[p], phases.length[p]
        users = enter(users, up)
        begins.append(users)
        users = users.copy()
        phase = Phase(phases.start[p], length, phases.joinable[p], phases.clock[p])
        for cases, step in ((up & (length > 0.0), while_up), (~up & (length > 0.0), while_down)):
            index = np.flatnonzero(cases)
            if index.size == length.size:
                users = step(begins[-1], traits, phase)
            elif index.size:
                users.put(index, step(begins[-1].rows(index), traits.rows(index), phase.rows(index)))
    return _account(traits, phases, _stack(begins))


def _account(traits: Traits, phases: Phases, begins: Users) -> Course:
    """Newcomers and user-hours of every phase in which the service is up."""
    shape = phases.start.shape
    index = np.flatnonzero(phases.up & (phases.length > 0.0))
    start, length = phases.start.take(index), phases.length.take(index)
    phase = Phase(start, length, phases.joinable.take(index), phases.clock.take(index))
    users, rows = begins.rows(index), traits.rows(index % shape[1])
    came, hours = np.zeros(shape), np.zeros(shape)
    came.ravel()[index] = joined(rows, phase)
    hours.ravel()[index] = served(users, rows, phase, phases.capacity.take(index), phases.slope.take(index))
    newcomers = np.concatenate([np.zeros((1, shape[1])), np.cumsum(came, axis=0)])
    return Course(
        traits,
        phases,
        begins,
        Returns.of(traits, phases, begins),
        _flows(traits, phases),
        _patience(traits, phases),
        newcomers,
        hours.sum(axis=0),
    )


def _flows(traits: Traits, phases: Phases) -> tuple[tuple[Array, Array], ...]:
    open_ = phases.up & phases.joinable
    per_phase = [traits.join_flows(start) for start in phases.start]
    found = []
    for flow in range(len(per_phase[0])):
        height = np.where(open_, np.stack([flows[flow][0] for flows in per_phase]), 0.0)
        if height.any():
            found.append((per_phase[0][flow][1][:, None], np.ascontiguousarray(height.T)))
    return tuple(found)


def _patience(traits: Traits, phases: Phases) -> Array:
    down = np.flatnonzero(~phases.up)
    overrides = {name: values[down % len(traits.start)] for name, values in traits.overrides.items()}
    left = np.zeros(phases.start.size)
    with np.errstate(divide="ignore"):  # nobody left is minus infinity
        left[down] = traits.patience.log_survival(phases.clock.take(down), **overrides)
    return left


def enter(users: Users, up: NDArray[np.bool_]) -> Users:
    """At the start of a phase: active users are locked out, or those who waited come in."""
    present = users.active + users.waiting
    return Users(np.where(up, present, 0.0), np.where(up, 0.0, present), users.with_app, users.without_app)


def _stack(begins: list[Users]) -> Users:
    return Users(
        np.concatenate([users.active for users in begins]),
        np.concatenate([users.waiting for users in begins]),
        np.concatenate([users.with_app for users in begins], axis=1),
        np.concatenate([users.without_app for users in begins], axis=1),
    )
