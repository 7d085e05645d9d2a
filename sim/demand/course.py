"""The course of one segment through its phases: the state is carried exactly from one to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.demand.people import Traits, Users
from sim.demand.phases import Phases
from sim.demand.transition import Phase, joined, served, while_down, while_up

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Course:
    """One segment in every replication of a block.

    Attributes
    ----------
    begins
        Users at the start of each phase, as rows phase x replication.
    joined
        Newcomers before each phase, and all of them. Shape (phases + 1, replications).
    served_hours
        Integral of active users x capacity to the horizon. Shape (replications,).
    """

    traits: Traits
    phases: Phases
    begins: Users
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
            if index.size:
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
    return Course(traits, phases, begins, newcomers, hours.sum(axis=0))


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
