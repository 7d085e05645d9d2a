"""The Markov chain of one user, epoch by epoch: what sampled counts move by.

The chances are the rows of the very step that carries expected numbers (`sim.demand.transition`), applied to
one user in each state. States in order: active, waiting, away with the app by impulses left, away without it
by impulses left; and, as destination only, gone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.demand.people import Traits, Users
from sim.demand.transition import Phase, joined, served, while_down, while_up

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Epochs:
    """Stretches of one replication between two looks, each within one phase. Arrays of shape (epochs,).

    ``look`` is the index of the report time at which an epoch starts, -1 where there is none; ``phase`` the
    phase it lies in; the others as in `sim.demand.phases.Phases`, at the start of the epoch.
    """

    phase: NDArray[np.int64]
    look: NDArray[np.int64]
    start: Array
    length: Array
    up: NDArray[np.bool_]
    joinable: NDArray[np.bool_]
    capacity: Array
    slope: Array
    clock: Array


@dataclass(slots=True)
class Chain:
    """Chances of users alike: one row of `Traits`. Keeps the rows it has worked out."""

    traits: Traits
    _kept: dict[tuple[bool, bool, float], tuple[Array, Array]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of states, those who are gone left out."""
        return 2 * self.traits.impulses.most + 4

    def step(self, *, up: bool, joinable: bool, length: float) -> tuple[Array, Array]:
        """Chances from each state to each and to gone; user-hours from each per unit capacity and slope.

        Shapes (size, size + 1) and (2, size). While the service is down the row of those who wait is left
        empty: it depends on the patience clock, see `waiting`.
        """
        key = (up, joinable, length)
        if key not in self._kept:
            self._kept[key] = self._work_out(up=up, joinable=joinable, length=length)
        return self._kept[key]

    def _work_out(self, *, up: bool, joinable: bool, length: float) -> tuple[Array, Array]:
        one = np.eye(self.size)
        if not up:
            one[1, 1] = 0.0
        users, traits = _unstack(one), self._rows(self.size)
        phase = _phase(np.zeros(self.size), np.full(self.size, length), joinable=joinable, newcomers=False)
        chances = _complete(_stack((while_up if up else while_down)(users, traits, phase)).T)
        hours = np.zeros((2, self.size))
        if up:
            zero, unit = np.zeros(self.size), np.ones(self.size)
            hours[0] = served(users, traits, phase, unit, zero)
            hours[1] = served(users, traits, phase, zero, unit)
        return chances, hours

    def waiting(self, clock: Array, length: Array) -> Array:
        """Chances of those who wait at a patience clock, over epochs. Shape (epochs, size + 1)."""
        states = np.zeros((self.size, len(clock)))
        states[1] = 1.0
        phase = _phase(np.zeros_like(clock), length, joinable=True, newcomers=False, clock=clock)
        return _complete(_stack(while_down(_unstack(states), self._rows(len(clock)), phase)).T)

    def newcomers(self, epochs: Epochs) -> tuple[Array, Array]:
        """Expected newcomers by state at the end of each epoch, and the user-hours they are served.

        Shapes (epochs, size + 1) and (epochs,); nothing where nobody can join.
        """
        means, hours = np.zeros((len(epochs.start), self.size + 1)), np.zeros(len(epochs.start))
        index = np.flatnonzero(epochs.up & epochs.joinable)
        if index.size:
            nobody, traits = _unstack(np.zeros((self.size, index.size))), self._rows(index.size)
            phase = _phase(epochs.start[index], epochs.length[index], joinable=True, newcomers=True)
            there = np.maximum(_stack(while_up(nobody, traits, phase)).T, 0.0)
            left = np.maximum(joined(traits, phase) - there.sum(axis=1), 0.0)
            means[index] = np.concatenate([there, left[:, None]], axis=1)
            hours[index] = served(nobody, traits, phase, epochs.capacity[index], epochs.slope[index])
        return means, hours

    def _rows(self, count: int) -> Traits:
        return self.traits.rows(np.zeros(count, dtype=np.int64))


def _complete(chances: Array) -> Array:
    """Chances clipped and completed by that of being gone, so that each row adds up to 1."""
    chances = np.clip(chances, 0.0, 1.0)
    gone = np.clip(1.0 - chances.sum(axis=1, keepdims=True), 0.0, 1.0)
    whole = np.concatenate([chances, gone], axis=1)
    return np.asarray(whole / whole.sum(axis=1, keepdims=True))


def _phase(
    start: Array, length: Array, *, joinable: bool, newcomers: bool, clock: Array | None = None
) -> Phase:
    clock = np.zeros_like(start) if clock is None else clock
    return Phase(start, length, np.full(len(start), joinable), clock, newcomers)


def _stack(users: Users) -> Array:
    return np.concatenate([users.active[None], users.waiting[None], users.with_app, users.without_app])


def _unstack(states: Array) -> Users:
    half = (len(states) - 2) // 2 + 2
    return Users(states[0].copy(), states[1].copy(), states[2:half].copy(), states[half:].copy())
