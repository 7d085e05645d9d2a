"""Where a k-core appears in a Poisson graph as friends grow more (case G3): all at once, and large.

With mean degree c let R be the chance that one reached along a tie has k - 1 other friends who are so:
R = P(Poisson(c R) >= k - 1). So c = x / P(Poisson(x) >= k - 1) with x = c R, and a core appears at the least
such c, c_k, at once with a share P(Poisson(x) >= k) of all people. For k = 3 that is at 3.35 with 0.27 of all
(Pittel, Spencer & Wormald 1996, J. Comb. Theory B 67:111).
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import poisson

from sim.demand.network import k_core, make_ties
from sim.scenario.crowd import Network
from sim.streams import generator

PEOPLE = 200_000


def mean_degree(x: float, k: int) -> float:
    return float(x / poisson.sf(k - 2, x))


def critical(k: int) -> tuple[float, float]:
    """c_k, and x = c R there."""
    least = minimize_scalar(
        lambda x: mean_degree(x, k), bounds=(0.1, 3.0 * k), method="bounded", options={"xatol": 1e-10}
    )
    return float(least.fun), float(least.x)


def core(c: float, k: int) -> float:
    """Share of all people in the k-core: the fixed point reached from R = 1."""
    r, before = 1.0, 2.0
    while before - r > 1e-14:
        r, before = float(poisson.sf(k - 2, c * r)), r
    return float(poisson.sf(k - 1, c * r))


def measured(c: float, k: int, people: int = PEOPLE) -> float:
    """Mean of four networks."""
    network = Network(people=people, kind="random", friends=c)
    drawn = (make_ties(network, generator(3, "network", each)) for each in range(4))
    return float(np.mean([k_core(ties, k).mean() for ties in drawn]))


@pytest.mark.parametrize(("k", "c"), [(3, 3.35), (4, 5.14), (5, 6.81)])
def test_the_critical_mean_degrees_are_those_of_the_literature(k: int, c: float) -> None:
    assert critical(k)[0] == pytest.approx(c, rel=0.005)


def test_the_first_core_is_large() -> None:
    c, x = critical(3)
    assert c == pytest.approx(3.3509188715, rel=1e-8)
    assert poisson.sf(2, x) == pytest.approx(0.2676, abs=1e-3)


@pytest.mark.parametrize(("c", "k"), [(4.0, 3), (6.0, 4), (10.0, 6)])
def test_the_core_has_the_size_of_the_theory(c: float, k: int) -> None:
    assert abs(measured(c, k) - core(c, k)) < 4e-3


def test_there_is_next_to_no_core_below() -> None:
    assert core(3.25, 3) < 1e-9
    assert measured(3.25, 3) < 3e-3


def test_a_quarter_of_the_people_see_the_same() -> None:
    assert abs(measured(6.0, 4, PEOPLE // 4) - core(6.0, 4)) < 8e-3
