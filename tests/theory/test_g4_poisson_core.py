"""The 3-core of a Poisson graph with 10 friends on average of which a share q survives (case G4).

Whoever survives has Poisson(10 q) friends who do: with R = P(Poisson(10 q R) >= 2) the core has
q P(Poisson(10 q R) >= 3) of all people. It breaks down at q_c = c_3 / 10, c_3 = min over x of
x / P(Poisson(x) >= 2) (Pittel, Spencer & Wormald 1996, J. Comb. Theory B 67:111; of a social network: Garcia,
Mavrodiev & Schweitzer 2013, COSN '13, p. 39).
"""

from __future__ import annotations

from math import exp

import pytest
from scipy.optimize import minimize_scalar

from sim.demand.network import Ties, k_core, make_ties
from sim.scenario.crowd import Network
from sim.streams import generator
from tests.theory.shock import survivors

PEOPLE = 200_000
FRIENDS = 10.0


def core(q: float) -> float:
    r, before = 1.0, 2.0
    while before - r > 1e-15:
        x = FRIENDS * q * r
        r, before = 1 - exp(-x) * (1 + x), r
    x = FRIENDS * q * r
    return q * (1 - exp(-x) * (1 + x + x * x / 2))


@pytest.fixture(scope="module")
def ties() -> Ties:
    return make_ties(Network(people=PEOPLE, kind="random", friends=FRIENDS), generator(1, "network", 0))


def measured(ties: Ties, q: float) -> float:
    return float(k_core(ties, 3, survivors(ties.people, q)).mean())


def test_the_equations_have_the_numbers_of_the_case() -> None:
    least = minimize_scalar(lambda x: x / (1 - exp(-x) * (1 + x)), bounds=(0.5, 5.0), method="bounded")
    assert least.fun / FRIENDS == pytest.approx(0.33509188715116727732, rel=1e-9)
    assert core(0.5) == pytest.approx(0.42640298228465408476, rel=1e-12)
    assert core(0.5) / 0.5 == pytest.approx(0.85280596456930816952, rel=1e-12)
    assert core(0.33) < 1e-9


@pytest.mark.parametrize("q", [1.0, 0.5, 0.42])
def test_the_core_has_the_size_of_the_theory(ties: Ties, q: float) -> None:
    assert abs(measured(ties, q) - core(q)) < 3e-3


def test_just_above_the_threshold_the_core_is_large(ties: Ties) -> None:
    assert (
        abs(measured(ties, 0.36) - core(0.36)) < 1e-2
    )  # near the threshold the core moves most with the ties


def test_below_the_threshold_next_to_nobody_stays(ties: Ties) -> None:
    assert measured(ties, 0.325) < 3e-3


def test_a_quarter_of_the_people_see_the_same() -> None:
    fewer = Network(people=PEOPLE // 4, kind="random", friends=FRIENDS)
    assert abs(measured(make_ties(fewer, generator(2, "network", 0)), 0.5) - core(0.5)) < 8e-3
