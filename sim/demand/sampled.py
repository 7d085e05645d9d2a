"""Whole sampled counts: the exact law of the numbers at the report times, at a cost free of their size.

Given the timeline users are independent Markov chains (away users by impulses left included), so those who
start an epoch in one state spread over the states at its end by one multinomial draw. The probabilities
are the rows of the very step that carries expected numbers (`sim.demand.transition`), applied to one user
in each state. Newcomers are a Poisson stream, thinned. User-hours are expected ones given the counts at
the start of each epoch.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.demand.chain import Chain, Epochs
from sim.demand.course import Course
from sim.demand.history import STATES, History
from sim.demand.people import Traits
from sim.demand.phases import Phases
from sim.scenario import Inputs, Scenario
from sim.streams import BLOCK, generator

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


def sample(scenario: Scenario, courses: Sequence[Course], inputs: Inputs, times: Array) -> History:
    """Sampled counts of every segment and replication of a block."""
    names = tuple(scenario.users.segments)
    shape = (BLOCK, len(names), times.size)
    states = {state: np.zeros(shape) for state in STATES}
    newcomers, hours = (np.zeros(shape[:2]) for _ in range(2))
    start = whole(np.stack([course.traits.start for course in courses], axis=1))
    block = inputs.draws.block
    for s, (name, course) in enumerate(zip(names, courses, strict=True)):
        chains: dict[bytes, Chain] = {}
        for r in range(BLOCK):
            rng = generator(inputs.draws.seed, f"{name} / users", block * BLOCK + r)
            traits = course.traits.rows(np.array([r]))
            looks = np.zeros((len(STATES), times.size))
            ways = _chain_of(traits, chains), int(start[r, s]), _epochs(course.phases, r, times)
            newcomers[r, s], hours[r, s] = _sample_one(*ways, looks, rng)
            for state, column in zip(STATES, looks, strict=True):
                states[state][r, s] = column
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


def whole(expected: Array) -> Array:
    """Whole users by segment that add up to everyone, rounded to whole users; shape (rows, segments).

    Largest remainders: each segment gets its whole part, and those left over go where most was cut off (ties:
    file order). Rounding each segment for itself would turn 1,000 users in three thirds into 999.
    """
    whole = np.floor(expected)
    missing = np.rint(expected.sum(axis=1)) - whole.sum(axis=1)
    rank = np.argsort(np.argsort(whole - expected, axis=1, kind="stable"), axis=1)
    return np.asarray(whole + (rank < missing[:, None]))


def _chain_of(traits: Traits, chains: dict[bytes, Chain]) -> Chain:
    """The chain of a replication's users; replications whose users are alike share one."""
    impulses = traits.impulses
    values = [traits.churn, traits.gives_up, traits.decay, traits.uninstalls, traits.joins]
    values += [impulses.fresh, impulses.fire, impulses.waste, *traits.overrides.values()]
    values += [value for surge in traits.surges for value in (surge.times, surge.fades)]
    return chains.setdefault(np.concatenate(values).tobytes(), Chain(traits))


def _sample_one(
    chain: Chain, start: int, epochs: Epochs, looks: Array, rng: np.random.Generator
) -> tuple[int, float]:
    """Fill `looks` with counts by (active, waiting, away, gone); return newcomers, and user-hours served."""
    counts = np.zeros(chain.size + 1, dtype=np.int64)
    counts[0] = start
    means, new_hours = chain.newcomers(epochs)
    down = np.flatnonzero(~epochs.up)
    waiting = dict(zip(down.tolist(), chain.waiting(epochs.clock[down], epochs.length[down]), strict=True))
    came, hours, phase = 0, 0.0, -1
    for i, (up, joinable, length) in enumerate(
        zip(epochs.up.tolist(), epochs.joinable.tolist(), epochs.length.tolist(), strict=True)
    ):
        if epochs.phase[i] != phase:
            phase = epochs.phase[i]
            present = counts[0] + counts[1]
            counts[0], counts[1] = (present, 0) if up else (0, present)
        if epochs.look[i] >= 0:
            looks[:, epochs.look[i]] = _look(counts)
        chances, served = chain.step(up=up, joinable=joinable, length=length)
        if up:
            hours += float(counts[:-1] @ (epochs.capacity[i] * served[0] + epochs.slope[i] * served[1]))
            hours += float(new_hours[i])
        counts = _spread(counts, chances, waiting.get(i), rng)
        if up and joinable:
            new = rng.poisson(means[i])
            counts += new
            came += int(new.sum())
    looks[:, -1] = _look(counts)
    return came, hours


def _spread(counts: Counts, chances: Array, waiting: Array | None, rng: np.random.Generator) -> Counts:
    """One multinomial draw a state; who is gone stays gone."""
    present = np.flatnonzero(counts[:-1])
    rows = chances[present]
    if waiting is not None:
        rows[present == 1] = waiting
    moved = rng.multinomial(counts[present], rows).sum(axis=0)
    moved[-1] += counts[-1]
    return np.asarray(moved, dtype=np.int64)


def _look(counts: Counts) -> tuple[int, int, int, int]:
    return int(counts[0]), int(counts[1]), int(counts[2:-1].sum()), int(counts[-1])


def _epochs(phases: Phases, r: int, times: Array) -> Epochs:
    starts = phases.start[: phases.count[r], r]
    edges = np.union1d(times, starts)
    start = edges[:-1]
    phase = np.searchsorted(starts, start, side="right") - 1
    offset = start - starts[phase]
    look = np.searchsorted(times, start)
    slope = phases.slope[phase, r]
    return Epochs(
        phase=phase,
        look=np.where(times[look] == start, look, -1),
        start=start,
        length=np.diff(edges),
        up=phases.up[phase, r],
        joinable=phases.joinable[phase, r],
        capacity=phases.capacity[phase, r] + slope * offset,
        slope=slope,
        clock=phases.clock[phase, r] + offset,
    )
