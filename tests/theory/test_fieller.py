"""The interval of a break-even chance holds it as often as it says, and agrees with the bootstrap.

Fieller 1954: for paired normal data the p at which a t test of `mean(x) - p mean(y) = 0` does not reject
hold the true ratio of means with exactly the confidence of the test.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from sim.study.yearly import undecided

CHANCE = 0.06


def pairs(seed: int, studies: int, runs: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Correlated normal pairs whose means have the ratio CHANCE. Each of shape (studies, runs)."""
    generator = np.random.default_rng(seed)
    saved = 1.0 + 0.5 * generator.normal(size=(studies, runs))
    return CHANCE * saved + 0.02 * generator.normal(size=(studies, runs)), saved


def test_the_interval_holds_the_true_chance_in_95_of_100_studies() -> None:
    """4,000 studies of 12 runs: four standard errors are 1.4 %, so an interval of 93.5 % or 96.5 % fails."""
    studies = 4_000
    dearer, saved = pairs(1, studies, 12)
    hits = 0
    for x, y in zip(dearer, saved, strict=True):
        found = undecided(x, y)
        hits += found is not None and found[0] <= CHANCE <= found[1]
    error = math.sqrt(0.95 * 0.05 / studies)
    assert abs(hits / studies - 0.95) <= 4.0 * error


def test_the_ends_are_where_the_t_test_is_at_its_limit() -> None:
    """At both ends t of `x - p y` equals the quantile, whatever the data."""
    from scipy.special import stdtrit

    dearer, saved = pairs(2, 50, 30)
    limit = float(stdtrit(29, 0.975))
    for x, y in zip(dearer, saved, strict=True):
        found = undecided(x, y)
        assert found is not None
        for end in found:
            gap = x - end * y
            t = gap.mean() / (gap.std(ddof=1) / math.sqrt(len(gap)))
            assert abs(abs(t) - limit) <= 1e-8 * limit


def test_with_many_runs_the_bootstrap_gives_the_same_interval() -> None:
    """BCa of 4,000 resamples of 800 runs: its ends are within 8 % of the width (their own noise is 3 %)."""
    dearer, saved = (each[0] for each in pairs(3, 1, 800))
    found = undecided(dearer, saved)
    assert found is not None

    def ratio(x: NDArray[np.float64], y: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
        return np.asarray(x.mean(axis=axis) / y.mean(axis=axis))

    other = bootstrap(
        (dearer, saved), ratio, paired=True, vectorized=True, n_resamples=4_000, method="BCa",
        rng=np.random.default_rng(4),
    ).confidence_interval  # fmt: skip
    width = found[1] - found[0]
    assert abs(found[0] - other.low) <= 0.08 * width
    assert abs(found[1] - other.high) <= 0.08 * width
