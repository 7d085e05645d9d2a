"""Counts may be drawn in one step or in many: the law at the end is the same.

Weibull patience S(t) = exp(-(t / 60 d)^0.7), 20 users, an outage of 35 days. The number that has left is
Binomial(20, 1 - S(35)), whether drawn at once or as Binomial over [0, 28] and then, of those who remain, over
[28, 35] with the conditional survival (Chapman-Kolmogorov; a thinned binomial is binomial).
P(exactly 8 left) = 0.1237.

Source: W. Feller, An Introduction to Probability Theory and Its Applications I (1968), section XV.3
(Chapman-Kolmogorov), VI.10; the numbers follow from the binomial formula.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.pipeline import level, lived, timeline
from tests.theory.one_outage import DAY, scenario

ONE_EPOCH = 0.12370576029507055828
TWO_EPOCHS = 0.12370576029507055828
USERS = "patience: {law: weibull, shape: 0.7, scale: 60 d}, returns: {rate: 0 per day}"
BLOCKS, ROWS = 8, 200


def survival(days: float) -> float:
    return math.exp(-((days / 60.0) ** 0.7))


def binomial(n: int, k: int, p: float) -> float:
    return math.comb(n, k) * p**k * (1.0 - p) ** (n - k)


def test_two_binomial_steps_are_one() -> None:
    first, second = 1 - survival(28), 1 - survival(35) / survival(28)
    split = math.fsum(binomial(20, j, first) * binomial(20 - j, 8 - j, second) for j in range(9))
    assert binomial(20, 8, 1 - survival(35)) == pytest.approx(ONE_EPOCH, rel=1e-9)
    assert split == pytest.approx(TWO_EPOCHS, rel=1e-9)


@pytest.mark.parametrize("every", ["36 d", "29 d", pytest.param("1 d", marks=pytest.mark.slow)])
def test_sampled_counts_have_the_binomial_law_whatever_the_steps(every: str) -> None:
    """1,600 runs: |z| <= 4 sees a mean wrong by 0.22 (2.3 %), P(exactly 8 left) wrong by 0.033 (27 %)."""
    platform = scenario(USERS, horizon="36 d", start=20, every=every)
    by_hand = timeline(36 * DAY, {"use": level((0.0, 1.0), (DAY, 0.0))})
    left = np.concatenate(
        [
            lived(platform, by_hand, users="sampled", block=block).states["away"][:, 0, -1]
            for block in range(BLOCKS)
        ]
    )
    runs = BLOCKS * ROWS
    assert left.shape == (runs,)
    z = (np.mean(left == 8) - ONE_EPOCH) / math.sqrt(ONE_EPOCH * (1 - ONE_EPOCH) / runs)
    assert abs(z) <= 4
    p = 1 - survival(35)
    assert abs((left.mean() - 20 * p) / math.sqrt(20 * p * (1 - p) / runs)) <= 4
