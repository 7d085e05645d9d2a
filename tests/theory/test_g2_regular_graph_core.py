"""The 3-core of a random 4-regular graph of which a share q survives (case G2), and where it breaks down.

Around everybody a large random regular graph is a tree. Let R be the chance that somebody reached along a tie
is there and has enough friends if the one he was reached from is: he survives, and of his 3 other friends at
least 2 are so. He is in the core if he survives and at least 3 of his 4 friends are so:
    R = q (3 R^2 - 2 R^3),   core = q (4 R^3 (1 - R) + R^4).
Beside R = 0 the first has real roots where 1 = q (3 R - 2 R^2), for q >= 8/9: at q = 8/9 R = 3/4 and the core
has 8/9 x 189/256 = 0.65625 of all, below it nothing (Chalupa, Leath & Reich 1979, J. Phys. C 12:L31; proof:
Janson & Luczak 2007, Random Struct. Algorithms 30:50).
"""

from __future__ import annotations

from math import comb, sqrt

import numpy as np
import pytest

from sim.demand.network import Ties, k_core, make_ties
from sim.scenario.crowd import Network
from sim.streams import generator
from tests.theory.shock import survivors

PEOPLE = 200_000
CRITICAL = 8 / 9


def fixed_point(q: float) -> float:
    """The largest R: 2 R^2 - 3 R + 1/q = 0."""
    root = 9 - 8 / q
    return (3 + sqrt(max(root, 0.0))) / 4 if root > -1e-12 else 0.0


def core(q: float) -> float:
    r = fixed_point(q)
    return q * sum(comb(4, j) * r**j * (1 - r) ** (4 - j) for j in (3, 4))


@pytest.fixture(scope="module")
def ties() -> Ties:
    return make_ties(Network(people=PEOPLE, kind="regular", friends=4), generator(1, "network", 0))


def measured(ties: Ties, q: float, seed: int = 1) -> float:
    return float(k_core(ties, 3, survivors(ties.people, q, seed)).mean())


def test_the_equations_have_the_numbers_of_the_case() -> None:
    assert fixed_point(CRITICAL) == pytest.approx(0.75, rel=1e-7)
    assert core(CRITICAL) == pytest.approx(0.65625, rel=1e-6)
    assert fixed_point(0.95) == pytest.approx(0.94022147756317053031, rel=1e-12)
    assert core(0.95) == pytest.approx(0.93121830555176150572, rel=1e-12)
    assert core(0.88) == 0.0


@pytest.mark.parametrize("q", [0.95, 0.91])
def test_the_core_has_the_size_of_the_theory(ties: Ties, q: float) -> None:
    assert abs(measured(ties, q) - core(q)) < 3e-3


def test_just_above_the_threshold_two_thirds_stay_and_just_below_nobody(ties: Ties) -> None:
    """From both sides: 0.900 leaves a core of 0.75, 0.880 next to none."""
    assert abs(measured(ties, 0.900) - core(0.900)) < 6e-3  # near the threshold the core moves most with q
    assert measured(ties, 0.880) < 3e-3


def test_the_size_is_that_of_the_theory_at_n_and_at_4_n(ties: Ties) -> None:
    """Standard deviations fall as 1/sqrt(n); six small networks against one four times their size."""
    quarter = [
        make_ties(Network(people=PEOPLE // 4, kind="regular", friends=4), generator(1, "network", k))
        for k in range(1, 7)
    ]
    found = np.array([measured(each, 0.95, seed=k) for k, each in enumerate(quarter)])
    error = found.std(ddof=1)
    assert abs(found.mean() - core(0.95)) < 4 * error / 6**0.5
    assert abs(measured(ties, 0.95) - core(0.95)) < 4 * error / 2
