"""Whole sampled counts scatter about the expected ones as counts of independent users do.

On a fixed timeline N users who were there from the start are spread over the states multinomially: a count
has mean N p and variance N p (1 - p), two counts at one time have covariance -N p q, and of those who wait at
one time the number that still waits later is binomial: covariance N p2 (1 - p1). Newcomers are a Poisson
flow, so a count of them has the variance of its mean.

Source: the multinomial and Poisson distributions (colouring theorem: J. F. C. Kingman, Poisson Processes
(1993), section 5.1).

All cells of a case at once, Bonferroni at 1e-4 (|z| < 5.1 for 500 cells): 400 replications see a mean wrong
by 0.26 standard deviations and a standard deviation wrong by 18 %, the slow variant's 2,000 by 0.12 and 8 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.demand import STATES
from tests.pipeline import level, lived, timeline, written
from tests.theory.one_outage import DAY, count, scenario
from tests.theory.twin_cases import CASES, Case

ROWS = 200
FEW, MANY = 2, 10
"""Blocks of 200 replications in the everyday suite, and in the slow one."""
EVERYDAY, *OTHERS = CASES
RUNS = [
    pytest.param(EVERYDAY, FEW, id=f"400 runs: {EVERYDAY}"),
    *(pytest.param(name, MANY, id=f"2000 runs: {name}", marks=pytest.mark.slow) for name in CASES),
]
LARGE_ENOUGH = 10.0
USERS = "gives_up: 2 % per day, patience: {law: weibull, shape: 0.7, scale: 60 d}, returns: {rate: 0 per day}"


def z_of_mean(counts: NDArray[np.float64], mean: float, variance: float) -> float:
    return float((counts.mean() - mean) / math.sqrt(variance / counts.size))


def z_of_spread(counts: NDArray[np.float64], variance: float) -> float:
    """Sample variance against theory, with the excess kurtosis of a count (about 1 / variance)."""
    error = variance * math.sqrt(2 / (counts.size - 1) + 1 / (variance * counts.size))
    return float((counts.var(ddof=1) - variance) / error)


def none_stands_out(found: Sequence[float]) -> bool:
    """Whether the largest of these z values is within what Bonferroni allows at 1e-4."""
    return max(map(abs, found)) <= NormalDist().inv_cdf(1 - 1e-4 / (2 * len(found)))


def sampled(case: Case, blocks: int, *, joins: bool) -> dict[str, NDArray[np.float64]]:
    """Counts of all replications by state, (R, S, T), and `joined`, (R, S)."""
    platform = written(case.text(joins=joins)).scenario()
    histories = [lived(platform, case.timeline(), users="sampled", block=block) for block in range(blocks)]
    counts = {state: np.concatenate([history.states[state] for history in histories]) for state in STATES}
    return {**counts, "joined": np.concatenate([history.joined for history in histories])}


@pytest.mark.parametrize(("name", "blocks"), RUNS)
def test_users_there_from_the_start_scatter_multinomially(name: str, blocks: int) -> None:
    case = CASES[name]
    expected = lived(written(case.text(joins=False)).scenario(), case.timeline())
    counts = sampled(case, blocks, joins=False)
    found: list[float] = []
    for state in STATES:
        for s, people in enumerate(expected.start[0]):
            for t in range(expected.times.size):
                mean = float(expected.states[state][0, s, t])
                variance = mean * (1 - mean / float(people))
                if variance >= LARGE_ENOUGH:
                    cell = counts[state][:, s, t]
                    found += [z_of_mean(cell, mean, variance), z_of_spread(cell, variance)]
    assert len(found) > 200
    assert none_stands_out(found)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "blocks"), RUNS)
def test_newcomers_add_the_variance_of_a_poisson_flow(name: str, blocks: int) -> None:
    case = CASES[name]
    first, everyone = (
        lived(written(case.text(joins=joins)).scenario(), case.timeline()) for joins in (False, True)
    )
    counts = sampled(case, blocks, joins=True)
    found: list[float] = []
    for state in STATES:
        for s, people in enumerate(first.start[0]):
            for t in range(first.times.size):
                mean = float(first.states[state][0, s, t])
                newcomers = float(everyone.states[state][0, s, t]) - mean
                variance = mean * (1 - mean / float(people)) + newcomers
                if variance >= LARGE_ENOUGH:
                    cell = counts[state][:, s, t]
                    found += [z_of_mean(cell, mean + newcomers, variance), z_of_spread(cell, variance)]
    for s in range(len(everyone.segments)):
        joined = float(everyone.joined[0, s])
        cell = counts["joined"][:, s]
        found += [z_of_mean(cell, joined, joined), z_of_spread(cell, joined)]
    assert none_stands_out(found)


@pytest.mark.parametrize("name", CASES)
def test_sampled_users_are_whole_and_none_is_lost_or_made(name: str) -> None:
    case = CASES[name]
    platform = written(case.text(joins=True)).scenario()
    history = lived(platform, case.timeline(), users="sampled")
    assert all(np.array_equal(history.states[state], np.round(history.states[state])) for state in STATES)
    assert all(np.all(history.states[state] >= 0) for state in STATES)
    everyone = sum(history.states[state][:, :, -1] for state in STATES)
    assert np.array_equal(everyone, history.start + history.joined)


def covariance(a: Sequence[float] | NDArray[np.float64], b: Sequence[float] | NDArray[np.float64]) -> float:
    return float(np.cov(a, b)[0, 1])


def test_counts_at_one_time_and_at_two_times_depend_as_those_of_individuals() -> None:
    """Away with gone on one day, waiting on two days; |z| <= 4 sees a covariance wrong by about 30 %."""
    platform = scenario(
        USERS,
        horizon="36 d",
        start=10_000,
        every="7 d",
    )
    fixed = timeline(36 * DAY, {"use": level((0.0, 1.0), (DAY, 0.0))})
    expected = lived(platform, fixed)
    histories = [lived(platform, fixed, users="sampled", block=block) for block in range(FEW)]

    def counts(state: str, t: int) -> NDArray[np.float64]:
        return np.concatenate([history.states[state][:, 0, t] for history in histories])

    def z(a: NDArray[np.float64], b: NDArray[np.float64], theory: float) -> float:
        error = math.sqrt((a.var() * b.var() + theory**2) / (FEW * ROWS))
        return (covariance(a, b) - theory) / error

    n = 10_000
    away, gone = count(expected, "away", 35) / n, count(expected, "gone", 35) / n
    assert abs(z(counts("away", 5), counts("gone", 5), -n * away * gone)) <= 4
    early, late = count(expected, "waiting", 14) / n, count(expected, "waiting", 35) / n
    assert abs(z(counts("waiting", 2), counts("waiting", 5), n * late * (1 - early))) <= 4
