"""The best of several strategies, chosen as often as promised.

Statement. If the best mean is better than every other by at least the indifference, procedure KN selects it
with probability at least 1 - alpha, for normal values of any variances and any dependence. The hardest case
is all others exactly that much worse; there it errs on the safe side. For two strategies whose difference
has variance s^2 the continuation region ends after h^2 s^2 / d^2 values, where h^2 is
(n0 - 1) ((2 alpha)^(-2 / (n0 - 1)) - 1).

Source. Kim and Nelson 2001, ACM Transactions on Modeling and Computer Simulation 11, 251-273,
doi 10.1145/502109.502111, Theorem 1 and section 3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.errors import UsageError
from sim.streams import generator
from sim.study.kim_nelson import Choice, Race, choose

Array = NDArray[np.float64]


def blocks(means: list[float], common: float, seed: int, spread: float = 1.0) -> Iterator[Array]:
    """Normal values without end, tied together by a part they have in common."""
    rng = generator(seed, "race")
    while True:
        shared = ndtri(rng.random((200, 1))) * math.sqrt(common)
        own = ndtri(rng.random((200, len(means)))) * math.sqrt(1.0 - common)
        yield np.asarray(means) + spread * (shared + own)


def correct(strategies: int, common: float, confidence: float, races: int) -> float:
    """Share of races in which the last, by the indifference the best, is chosen."""
    apart = 0.25 * math.sqrt(1.0 - common)
    means = [apart] * (strategies - 1) + [0.0]
    settings = {"confidence": confidence, "batch": 1, "first": 10}
    chosen = [
        choose(blocks(means, common, seed), Race(strategies, apart, **settings))  # type: ignore[arg-type]
        for seed in range(races)
    ]
    return float(np.mean([found.best == strategies - 1 for found in chosen]))


def test_the_best_of_two_is_chosen_as_often_as_promised() -> None:
    """600 races at 80 %: at least that less 4 SE, 0.735. With half the continuation region it is 0.77, which
    the long test below sees and this one does not.
    """
    assert correct(2, 0.0, 0.8, 600) >= 0.8 - 4.0 * math.sqrt(0.8 * 0.2 / 600)


@pytest.mark.slow
@pytest.mark.parametrize("common", [0.0, 0.8])
@pytest.mark.parametrize("strategies", [2, 3, 5])
def test_the_best_of_several_is_chosen_as_often_as_promised(strategies: int, common: float) -> None:
    """1,500 races at 95 %: at least that less 4 SE, 0.9275, and no more than a little above, for a rule that
    stops far too late would be safe as well. With half the continuation region it is 0.88.
    """
    found = correct(strategies, common, 0.95, 1500)
    assert 0.95 - 4.0 * math.sqrt(0.95 * 0.05 / 1500) <= found <= 0.99


def test_what_all_have_in_common_costs_no_runs() -> None:
    """At a correlation of 0.8 the differences have a fifth of the variance, and races a fifth of the runs."""
    runs = {
        common: np.mean(
            [choose(blocks([0.03, 0.0, 0.03], common, seed), Race(3, 0.03)).runs for seed in range(40)]
        )
        for common in (0.0, 0.8)
    }
    assert 0.1 * runs[0.0] < runs[0.8] < 0.4 * runs[0.0]


def test_skewed_losses_with_unlike_spreads_are_no_obstacle() -> None:
    """200 races of lognormal losses, the best by the indifference: at least 95 % less 4 SE."""
    right, worse = 0, np.array([0.0, 0.2, 0.2])
    for seed in range(200):
        rng = generator(seed, "skewed race")

        def losses(rng: np.random.Generator = rng) -> Iterator[Array]:
            while True:
                z = ndtri(rng.random((200, 3)))
                yield np.exp(np.array([0.5, 0.9, 0.7]) * z - np.array([0.125, 0.405, 0.245])) + worse

        right += choose(losses(), Race(3, 0.2)).best == 0
    assert right / 200 >= 0.95 - 4.0 * math.sqrt(0.95 * 0.05 / 200)


def test_of_two_that_are_the_same_one_is_chosen_when_the_region_ends() -> None:
    """A difference of +-1 in turn has the sample variance n0 / (n0 - 1), and the region ends accordingly."""
    first, indifference = 10, 0.5
    turns = np.tile([1.0, -1.0], 5000)
    pair = np.column_stack([turns, np.zeros(10_000)])
    found = choose([pair], Race(2, indifference, batch=1, first=first, bad="low"))
    h2 = (first - 1) * ((2 * 0.05) ** (-2.0 / (first - 1)) - 1.0)
    last = math.floor(h2 * (first / (first - 1)) / indifference**2) + 1
    assert found.best is not None
    assert found.dropped[0][1] <= last
    still = np.zeros((500, 2))
    assert choose([still], Race(2, 1.0)) == Choice(0, (0,), ((1, 400),), 400)


def test_a_race_goes_on_where_it_stopped_and_reads_the_dropped_no_more() -> None:
    stream = np.concatenate(list(islice(blocks([0.0, 0.05, 3.0], 0.5, 3), 40)))
    whole, piecewise = Race(3, 0.05), Race(3, 0.05)
    whole.take(stream)
    for part in np.array_split(stream, 97):
        piecewise.take(part)
    assert whole.choice == piecewise.choice
    early = Race(3, 0.05)
    early.take(stream[:400])
    assert early.choice.left == (0, 1)
    rest = stream[400:].copy()
    rest[:, 2] = np.nan
    assert early.take(rest).best == whole.choice.best


def test_without_enough_runs_nothing_is_chosen() -> None:
    found = choose([np.zeros((399, 2))], Race(2, 1.0))
    assert (found.best, found.left, found.runs) == (None, (0, 1), 380)


def test_no_block_is_asked_for_that_is_not_needed() -> None:
    asked = []

    def stream() -> Iterator[Array]:
        for block in blocks([0.0, 50.0], 0.0, 1):
            asked.append(1)
            yield block

    assert choose(stream(), Race(2, 1.0)).best == 0
    assert len(asked) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"strategies": 1},
        {"indifference": 0.0},
        {"first": 1},
        {"batch": 0},
        {"confidence": 0.5},
        {"confidence": 1.0},
    ],
)
def test_what_makes_no_race_is_refused(wrong: dict[str, float]) -> None:
    settings = {"strategies": 2, "indifference": 1.0} | wrong
    with pytest.raises(UsageError):
        Race(**settings)  # type: ignore[arg-type]
