"""The interval of a difference of quantiles: that of drawing the pairs themselves, as often right as said.

Law. Pairs (X, Y) are normal with correlation 0.7, or X is exponential and Y = X + an exponential of its own;
the quantiles are known in closed form. Of 2,000 studies of 200 pairs the 95 % intervals of the differences of
medians and of 90 % quantiles hold the truth in 93 % to 98.5 %: percentile intervals of differences of order
statistics are a little too long at few runs, which is on the safe side. The standard error of the share is
0.5 %; ends that are 8 % too short in all are seen.

Source. Efron 1979, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1-26, doi
10.1214/aos/1176344552.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.streams import generator
from sim.study.quantile_gap import SHARES, quantile_gaps
from sim.study.statistics import Interval, quantile, rank

Array = NDArray[np.float64]
Pairs = Callable[[np.random.Generator, int], tuple[Array, Array]]

STUDIES, RUNS = 2_000, 200


def gaps(ours: Array, theirs: Array, seed: int = 1) -> tuple[Interval, ...]:
    return quantile_gaps(ours, theirs, (np.sort(ours), np.sort(theirs)), seed)


def normal_pairs(rng: np.random.Generator, runs: int) -> tuple[Array, Array]:
    """Means 1 and 0, deviations 2 and 1, correlation 0.7."""
    common, own = rng.standard_normal((2, runs))
    return 1.0 + 2.0 * (0.7 * common + math.sqrt(0.51) * own), common


def longer_pairs(rng: np.random.Generator, runs: int) -> tuple[Array, Array]:
    """An exponential with mean 1, and the same with another one added to it."""
    first, second = rng.exponential(size=(2, runs))
    return first + second, first


NORMAL = {0.5: 1.0, 0.9: 1.0 + 1.2815515655446004}
"""1 + (2 - 1) z, z the normal quantile."""

LONGER = {0.5: 1.6783469900166605 - math.log(2.0), 0.9: 3.8897201698674291 - math.log(10.0)}
"""Of a gamma law with shape 2, where 1 - (1 + x) exp(-x) = share, less that of the exponential."""


def test_the_quantiles_of_the_gamma_law_solve_their_equation() -> None:
    for share, x in ((0.5, 1.6783469900166605), (0.9, 3.8897201698674291)):
        assert 1.0 - (1.0 + x) * math.exp(-x) == pytest.approx(share, abs=1e-14)


@pytest.mark.slow
@pytest.mark.parametrize(("pairs", "truth"), [(normal_pairs, NORMAL), (longer_pairs, LONGER)])
def test_the_interval_holds_the_true_difference_about_as_often_as_it_says(
    pairs: Pairs, truth: dict[float, float]
) -> None:
    rng = generator(20250310, f"quantile gaps at {truth[0.5]}")
    held = dict.fromkeys(SHARES, 0)
    for _ in range(STUDIES):
        for share, found in zip(SHARES, gaps(*pairs(rng, RUNS)), strict=True):
            held[share] += found.low <= truth[share] <= found.high
    for share, count in held.items():
        assert 0.93 <= count / STUDIES <= 0.985, (share, count / STUDIES)


@pytest.mark.parametrize("pairs", [normal_pairs, longer_pairs])
def test_it_is_the_interval_of_drawing_the_pairs_themselves(pairs: Pairs) -> None:
    """20,000 resamples of 400 pairs: their ends wander by 2 % of the half-width, ours by as much."""
    rng = generator(7, "pairs drawn themselves")
    ours, theirs = pairs(rng, 400)
    found = gaps(ours, theirs)
    drawn = rng.integers(0, 400, size=(20_000, 400))
    for share, interval in zip(SHARES, found, strict=True):
        place = rank(400, share) - 1
        each = [np.partition(side[drawn], place, axis=1)[:, place] for side in (ours, theirs)]
        low, high = np.quantile(each[0] - each[1], [0.025, 0.975])
        half = 0.5 * (high - low)
        assert interval.low == pytest.approx(low, abs=0.08 * half)
        assert interval.high == pytest.approx(high, abs=0.08 * half)


def test_the_pairing_makes_it_shorter() -> None:
    rng = generator(3, "paired or not")
    ours, theirs = normal_pairs(rng, 1_000)
    paired, apart = gaps(ours, theirs)[0], gaps(ours, rng.permutation(theirs))[0]
    assert paired.high - paired.low < 0.85 * (apart.high - apart.low)
    assert paired.value == apart.value == quantile(np.sort(ours), 0.5) - quantile(np.sort(theirs), 0.5)


def test_a_strategy_against_itself_differs_by_exactly_nothing() -> None:
    values = generator(4, "itself").exponential(size=500)
    assert gaps(values, values) == (Interval(0.0, 0.0, 0.0),) * 2
    assert gaps(values, values + 3.0)[0].low == pytest.approx(-3.0, abs=1e-12)


def test_what_the_horizon_cut_lies_beyond_every_end() -> None:
    some = np.arange(100.0)
    cut = np.where(some >= 80.0, np.inf, some)
    median, ninth = gaps(cut, some)
    assert median.value == 0.0
    assert math.isfinite(median.high)
    assert (ninth.value, ninth.high) == (math.inf, math.inf)
    both = gaps(cut, cut[::-1].copy())[1]
    assert math.isnan(both.value)
    assert (both.low, both.high) == (-math.inf, math.inf)


def test_one_pair_says_nothing_of_its_interval() -> None:
    assert gaps(np.array([3.0]), np.array([1.0])) == (Interval(2.0, -math.inf, math.inf),) * 2
