"""Whole sampled counts: the exact law of the numbers at the report times, at a cost free of their size.

Given the timeline users are independent Markov chains (away users by impulses left included), so those who
start an epoch in one state spread over the states at its end by one multinomial draw. The probabilities
are the rows of the very step that carries expected numbers (`sim.demand.transition`), applied to one user
in each state. Newcomers are a Poisson stream, thinned. User-hours are expected ones given the counts at
the start of each epoch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.demand.course import Course
from sim.demand.history import STATES, History
from sim.demand.people import Traits, Users
from sim.demand.transition import Phase, joined, served, while_down, while_up
from sim.scenario import Inputs, Scenario
from sim.streams import BLOCK, generator

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Epoch:
    """A stretch between two looks, within one phase."""

    phase: int
    start: float
    length: float
    look: int
    """Index of the report time at its start, -1 if there is none."""


@dataclass(slots=True)
class _Chain:
    """One segment in one replication: its traits, and the transition rows already worked out."""

    traits: Traits
    rows: dict[tuple[bool, bool, float, float], tuple[Array, Array]] = field(default_factory=dict)

    def step(self, *, up: bool, joinable: bool, length: float, clock: float) -> tuple[Array, Array]:
        """Chances from each state to each and to gone (last), and user-hours per unit capacity and slope."""
        key = (up, joinable, length, clock if not up else 0.0)
        if key not in self.rows:
            self.rows[key] = self._work_out(up=up, joinable=joinable, length=length, clock=clock)
        return self.rows[key]

    def _work_out(self, *, up: bool, joinable: bool, length: float, clock: float) -> tuple[Array, Array]:
        size = 2 * self.traits.impulses.most + 4
        one = np.eye(size)
        n = self.traits.impulses.most + 1
        users = Users(one[0].copy(), one[1].copy(), one[2 : 2 + n].copy(), one[2 + n :].copy())
        traits = self.traits.rows(np.zeros(size, dtype=np.int64))
        phase = _phase(size, 0.0, length, joinable, clock, newcomers=False)
        after = (while_up if up else while_down)(users, traits, phase)
        chances = np.clip(_stack(after).T, 0.0, 1.0)
        gone = np.clip(1.0 - chances.sum(axis=1, keepdims=True), 0.0, 1.0)
        chances = np.concatenate([chances, gone], axis=1)
        hours = np.zeros((2, size))
        if up:
            zero, unit = np.zeros(size), np.ones(size)
            hours = np.stack(
                [served(users, traits, phase, unit, zero), served(users, traits, phase, zero, unit)]
            )
        return chances / chances.sum(axis=1, keepdims=True), hours

    def newcomers(
        self, start: float, length: float, capacity: float, slope: float
    ) -> tuple[Array, float, float]:
        """Expected newcomers by state at the end, all of them, and the user-hours they are served."""
        n = self.traits.impulses.most + 1
        nobody = Users(np.zeros(1), np.zeros(1), np.zeros((n, 1)), np.zeros((n, 1)))
        phase = _phase(1, start, length, joinable=True, clock=0.0, newcomers=True)
        after = _stack(while_up(nobody, self.traits, phase))[:, 0]
        came = float(joined(self.traits, phase)[0])
        hours = served(nobody, self.traits, phase, np.array([capacity]), np.array([slope]))
        means = np.append(np.maximum(after, 0.0), max(came - float(after.sum()), 0.0))
        return means, came, float(hours[0])


def sample(scenario: Scenario, courses: Sequence[Course], inputs: Inputs, times: Array) -> History:
    """Sampled counts of every segment and replication of a block."""
    names = tuple(scenario.users.segments)
    shape = (BLOCK, len(names), times.size)
    states = {state: np.zeros(shape) for state in STATES}
    start, newcomers, hours = (np.zeros(shape[:2]) for _ in range(3))
    block = inputs.draws.block
    for s, (name, course) in enumerate(zip(names, courses, strict=True)):
        for r in range(BLOCK):
            rng = generator(inputs.draws.seed, f"{name} / users", block * BLOCK + r)
            counts, came, served_hours = _sample_one(course, r, times, rng)
            for state, column in zip(STATES, counts, strict=True):
                states[state][r, s] = column
            start[r, s], newcomers[r, s], hours[r, s] = counts[:, 0].sum(), came, served_hours
    totals = {state: values.sum(axis=1) for state, values in states.items()}
    grid = np.broadcast_to(times, (BLOCK, times.size)).copy()

    def between(counts: Array, when: Array) -> Array:
        return np.stack([np.interp(row, times, total) for row, total in zip(when, counts, strict=True)])

    return History(
        segments=names, times=times, states=states,
        end={state: values[:, :, -1] for state, values in states.items()},
        start=start, joined=newcomers, served_hours=hours, grid=grid, on_grid=totals,
        active_at=partial(between, totals["active"]),
        given_up_at=partial(between, totals["away"] + totals["gone"]),
    )  # fmt: skip


def _sample_one(course: Course, r: int, times: Array, rng: np.random.Generator) -> tuple[Array, int, float]:
    """Counts by (active, waiting, away, gone) at `times`, newcomers, user-hours served."""
    phases, n = course.phases, course.traits.impulses.most + 1
    chain = _Chain(course.traits.rows(np.array([r])))
    counts = np.zeros(2 * n + 3, dtype=np.int64)
    counts[0] = round(float(chain.traits.start[0]))
    looks = np.zeros((len(STATES), times.size))
    came, hours, phase = 0, 0.0, -1
    for epoch in _epochs(course, r, times):
        up, joinable = bool(phases.up[epoch.phase, r]), bool(phases.joinable[epoch.phase, r])
        if epoch.phase != phase:
            phase = epoch.phase
            present = counts[0] + counts[1]
            counts[0], counts[1] = (present, 0) if up else (0, present)
        if epoch.look >= 0:
            looks[:, epoch.look] = _look(counts, n)
        offset = epoch.start - float(phases.start[phase, r])
        clock = float(phases.clock[phase, r]) + offset
        chances, served_hours = chain.step(up=up, joinable=joinable, length=epoch.length, clock=clock)
        capacity = float(phases.capacity[phase, r] + phases.slope[phase, r] * offset)
        slope = float(phases.slope[phase, r])
        hours += float(counts[:-1] @ (capacity * served_hours[0] + slope * served_hours[1]))
        counts = _spread(counts, chances, rng)
        if up and joinable:
            means, _, new_hours = chain.newcomers(epoch.start, epoch.length, capacity, slope)
            new = rng.poisson(means)
            counts += new
            came += int(new.sum())
            hours += new_hours
    looks[:, -1] = _look(counts, n)
    return looks, came, hours


def _spread(counts: Counts, chances: Array, rng: np.random.Generator) -> Counts:
    """One multinomial draw a state; who is gone stays gone."""
    present = np.flatnonzero(counts[:-1])
    moved = rng.multinomial(counts[present], chances[present]).sum(axis=0)
    moved[-1] += counts[-1]
    return np.asarray(moved, dtype=np.int64)


def _look(counts: Counts, n: int) -> tuple[int, int, int, int]:
    return int(counts[0]), int(counts[1]), int(counts[2 : 2 + 2 * n].sum()), int(counts[-1])


def _epochs(course: Course, r: int, times: Array) -> list[_Epoch]:
    phases = course.phases
    starts = phases.start[: phases.count[r], r]
    edges = np.union1d(times, starts)
    where = np.searchsorted(starts, edges[:-1], side="right") - 1
    look = {float(time): i for i, time in enumerate(times)}
    return [
        _Epoch(int(p), float(a), float(b - a), look.get(float(a), -1))
        for p, a, b in zip(where, edges[:-1], edges[1:], strict=True)
    ]


def _phase(rows: int, start: float, length: float, joinable: bool, clock: float, *, newcomers: bool) -> Phase:
    return Phase(
        np.full(rows, start), np.full(rows, length), np.full(rows, joinable), np.full(rows, clock), newcomers
    )


def _stack(users: Users) -> Array:
    """States as rows: active, waiting, with app by impulses, without app by impulses."""
    return np.concatenate([users.active[None], users.waiting[None], users.with_app, users.without_app])
