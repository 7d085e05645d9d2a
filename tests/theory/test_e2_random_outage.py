"""Exponential patience and an outage of random length: a Laplace transform, and why counts need no dice.

Given its length D each of N users has left with probability p = 1 - exp(-lambda D). If D is exponential with
mean m, then E p = lambda m / (1 + lambda m), and the variance of the number that left is

    N E p (1 - p) + N^2 Var p,    E p (1 - p) = 1 / (1 + lambda m) - 1 / (1 + 2 lambda m),
                                  Var p = 1 / (1 + 2 lambda m) - 1 / (1 + lambda m)^2:

with N = 15 million the chance of each user adds a standard deviation of 1553, the chance of the outage 3.27
million.

Source: W. Feller, An Introduction to Probability Theory and Its Applications II (1971), section XIII.1
(E exp(-lambda D) is the Laplace transform of D), and the law of total variance.
Here N = 15 million, lambda = 0.03 a day, m = 14 days.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.demand import simulate_demand
from sim.scenario import Inputs
from sim.streams import BLOCK, Draws
from sim.supply.timeline import Timeline
from tests.pipeline import block_of, level, lived, timeline
from tests.theory.one_outage import DAY, N, scenario

RATE, MEAN = 0.03, 14.0
LEFT = RATE * MEAN / (1 + RATE * MEAN)
BY_CHANCE = math.sqrt(N * (1 / (1 + RATE * MEAN) - 1 / (1 + 2 * RATE * MEAN)))
BY_OUTAGE = N * math.sqrt(1 / (1 + 2 * RATE * MEAN) - 1 / (1 + RATE * MEAN) ** 2)
USERS = "patience: {mean: 33.333333333333333333 d}, returns: {rate: 0 per day}"
HORIZON = 400


def outage(days: float) -> Timeline:
    use = level((0.0, 1.0), (DAY, 0.0), ((1 + days) * DAY, 1.0))
    return timeline(HORIZON * DAY, {"use": use})


def test_mean_and_variance_over_all_outages_are_laplace_transforms() -> None:
    """Outages of the lengths at which Gauss-Laguerre quadrature looks, and their weights."""
    lengths, weights = np.polynomial.laguerre.laggauss(24)
    platform = scenario(USERS, horizon=f"{HORIZON} d")
    timelines = block_of({k: outage(MEAN * x) for k, x in enumerate(lengths)})
    history = simulate_demand(platform, timelines, Inputs(platform, Draws(platform.seed, 0)))
    left = history.states["away"][: lengths.size, 0, -1]
    assert float(weights @ left) / N == pytest.approx(LEFT, rel=1e-9)
    spread = float(weights @ left**2) - float(weights @ left) ** 2
    assert math.sqrt(spread) == pytest.approx(BY_OUTAGE, rel=1e-8)
    alone = float(weights @ (left * (1 - left / N)))
    assert math.sqrt(alone) == pytest.approx(BY_CHANCE, rel=1e-8)


def test_the_chance_of_each_user_is_a_two_thousandth_of_that_of_the_outage() -> None:
    assert pytest.approx(1553, abs=1) == BY_CHANCE
    assert pytest.approx(3.27e6, rel=1e-3) == BY_OUTAGE


@pytest.mark.slow
def test_users_drawn_one_outage_long_spread_by_their_own_chance_only() -> None:
    """At D = m; of 1,600 sums of squares the mean has the relative standard error sqrt(2 / 1,600)."""
    platform = scenario(USERS, horizon="20 d")
    by_hand = timeline(20 * DAY, {"use": level((0.0, 1.0), (DAY, 0.0), ((1 + MEAN) * DAY, 1.0))})
    p = -math.expm1(-RATE * MEAN)
    off = np.concatenate(
        [
            lived(platform, by_hand, users="sampled", block=block).states["away"][:, 0, -1] - N * p
            for block in range(8)
        ]
    )
    assert off.shape == (8 * BLOCK,)
    z = (float((off**2).mean()) / (N * p * (1 - p)) - 1) / math.sqrt(2 / off.size)
    assert abs(z) <= 4
    assert abs(float(off.mean()) / math.sqrt(N * p * (1 - p) / off.size)) <= 4
