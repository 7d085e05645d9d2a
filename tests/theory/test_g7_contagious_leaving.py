"""G7: contagious leaving. Everyone who waits leaves with hazard a + b x, x being the share that has left.

Fluid limit (Bass): x' = (1 - x)(a + b x), so x(t) = (1 - e) / (1 + (b / a) e) with e = exp(-(a + b) t). For N
people the number who have left is a pure birth process with rates (N - n)(a + b n / N), whose law follows
from its Kolmogorov equations; its mean is below the fluid's by O(1 / N)
(T. G. Kurtz, J. Appl. Prob. 7 (1970) 49-58).
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.linalg import expm

from sim.demand import History, stepping
from sim.demand.simulate import report_times
from sim.scenario import Inputs
from sim.streams import BLOCK, Draws
from tests.unit.stepping_cases import START, days, followed, outages, users

A, B, DAYS = 0.01, 0.1, 35.0
SAID = (
    "patience: {mean: 100 d}\nreturns: {rate: 0 per day, fades_over: 30 d}\nfriends: {waiting: 10 % per day}"
)


def fluid(t: float = DAYS) -> float:
    e = math.exp(-(A + B) * t)
    return (1.0 - e) / (1.0 + B / A * e)


def exact(n: int) -> tuple[float, float, float]:
    """Mean and standard deviation of the share that has left, and the chance that nobody has."""
    rates = np.array([(n - k) * (A + B * k / n) for k in range(n + 1)])
    generator = np.diag(-rates) + np.diag(rates[:-1], 1)
    chance = expm(generator * DAYS)[0]
    share = np.arange(n + 1) / n
    mean = float(chance @ share)
    return mean, math.sqrt(float(chance @ (share - mean) ** 2)), float(chance[0])


def sampled(n: int, block: int = 0, seed: int = 3) -> History:
    scenario = users(SAID, horizon=DAYS, every=35).model_copy()
    scenario = scenario.model_copy(update={"users": scenario.users.model_copy(update={"start": float(n)})})
    inputs = Inputs(scenario, Draws(seed, block))
    times = report_times(scenario.clock.horizon, scenario.clock.report_every)
    fixed = days(scenario, outages((0, 40)))
    return stepping.simulate(scenario, [fixed] * BLOCK, inputs, times, sampled=True)


def test_fluid_limit_and_exact_chain_are_the_published_case() -> None:
    mean, spread, nobody = exact(50)
    assert fluid() == pytest.approx(0.80699405548173780086, rel=1e-13)
    assert mean == pytest.approx(0.77792991479869181324, rel=1e-10)
    assert spread == pytest.approx(0.11206762562296420768, rel=1e-10)
    assert nobody == pytest.approx(2.5109991557439818035e-8, rel=1e-9)


def test_expected_users_follow_the_fluid_limit() -> None:
    """To 1e-5 of everyone, at the end and on every day of the outage."""
    scenario = users(SAID, horizon=DAYS, every=1)
    history = followed(scenario, days(scenario, outages((0, 40))))
    for day, away in enumerate(history.states["away"][0, 0]):
        assert away / START == pytest.approx(fluid(float(day)), abs=1e-5)


def test_fifty_sampled_people_have_the_mean_and_the_spread_of_the_exact_chain() -> None:
    """1,000 replications: |z| <= 4 sees 1.4 points of the mean; the fluid limit is 2.9 points away."""
    shares = np.concatenate([sampled(50, block).end["away"][:, 0] for block in range(5)]) / 50
    mean, spread, _ = exact(50)
    z = (shares.mean() - mean) / (spread / math.sqrt(shares.size))
    assert abs(z) <= 4.0
    fourth = float(((shares - mean) ** 4).mean()) / spread**4
    assert abs(shares.var(ddof=1) / spread**2 - 1.0) <= 4.0 * math.sqrt((fourth - 1.0) / shares.size)
    assert abs(shares.mean() - fluid()) > 4.0 * spread / math.sqrt(shares.size)


def test_the_more_people_the_nearer_the_fluid_limit() -> None:
    """Spread and distance of the mean fall as theory says: by sqrt(10), and within 4 standard errors of 0."""
    spreads = []
    for n in (1_000, 10_000, 100_000):
        shares = sampled(n).end["away"][:, 0] / n
        spread = float(shares.std(ddof=1))
        spreads.append(spread)
        bias = 1.5 / n  # of the mean, from the exact chain at N = 50: (0.807 - 0.778) x 50 = 1.45
        assert abs(shares.mean() - fluid()) <= 4.0 * spread / math.sqrt(BLOCK) + bias
    for wide, narrow in pairwise(spreads):
        assert wide / narrow == pytest.approx(math.sqrt(10.0), rel=4.0 / math.sqrt(BLOCK))
