"""Who leaves once less than half of the friends are there (case G5): regular graphs break down abruptly.

Everybody has d friends and stays as long as m = ceil(d / 2) of them do; a share q survives the first shock.
Let R be the chance that somebody reached along a tie stays given that the one he is reached from does. The
generating function of his d - 1 other friends, (1 - R + R z)^(d - 1), gives
    R = q P(Bin(d - 1, R) >= m - 1),   stay = q P(Bin(d, R) >= m).
So q = R / P(Bin(d - 1, R) >= m - 1): its least value over R is q_c, below which only R = 0 is left. With ten
friends q_c = 0.659, and there the share of those who stay jumps from 0.49 to nothing (thresholds of a social
network: Török & Kertész 2017, Sci. Rep. 7:16743; the fixed point: Watts 2002, PNAS 99:5766).
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import binom

from sim.demand.network import Ties, make_ties, stay_above
from sim.scenario.crowd import Network
from sim.streams import generator
from tests.theory.shock import survivors

PEOPLE = 200_000


def survival(r: float, d: int) -> float:
    """The q that goes with R = r."""
    return float(r / binom.sf((d + 1) // 2 - 2, d - 1, r))


def critical(d: int) -> tuple[float, float]:
    """q_c, and the share that stays there."""
    least = minimize_scalar(
        lambda r: survival(r, d), bounds=(0.05, 1.0), method="bounded", options={"xatol": 1e-11}
    )
    return float(least.fun), float(least.fun * binom.sf((d + 1) // 2 - 1, d, least.x))


def stay(q: float, d: int) -> float:
    """Share that stays: the fixed point reached from R = 1."""
    r, before = 1.0, 2.0
    while before - r > 1e-14:
        r, before = q * float(binom.sf((d + 1) // 2 - 2, d - 1, r)), r
    return q * float(binom.sf((d + 1) // 2 - 1, d, r))


@pytest.fixture(scope="module")
def ties() -> Ties:
    return make_ties(Network(people=PEOPLE, kind="regular", friends=10), generator(1, "network", 0))


def measured(ties: Ties, q: float, share: float = 0.5) -> float:
    return float(stay_above(ties, share, survivors(ties.people, q)).mean())


def test_ten_friends_break_down_below_two_thirds() -> None:
    q, share = critical(10)
    assert q == pytest.approx(0.659, abs=5e-4)
    assert share == pytest.approx(0.49, abs=5e-3)
    assert stay(q + 1e-6, 10) == pytest.approx(share, abs=5e-3)
    assert stay(q - 1e-4, 10) < 1e-9


@pytest.mark.parametrize("q", [1.0, 0.9, 0.75, 0.69])
def test_as_many_stay_as_the_theory_says(ties: Ties, q: float) -> None:
    assert abs(measured(ties, q) - stay(q, 10)) < 3e-3


def test_the_threshold_lies_where_it_should_from_both_sides(ties: Ties) -> None:
    """A hundredth above more than half of all stay, a hundredth below nobody."""
    assert abs(measured(ties, 0.669) - stay(0.669, 10)) < 1e-2  # near the threshold it moves most with q
    assert measured(ties, 0.669) > 0.5
    assert measured(ties, 0.649) < 3e-3


def test_a_threshold_just_above_half_needs_one_friend_more(ties: Ties) -> None:
    """Who stands exactly at the threshold stays: 5 of 10 are enough for 50 %, 6 are needed for 51 %."""
    r, q = 1.0, 0.85
    for _ in range(500):
        r = q * float(binom.sf(4, 9, r))
    assert abs(measured(ties, q, 0.51) - q * float(binom.sf(5, 10, r))) < 3e-3


@pytest.mark.parametrize("d", [5, 8])
def test_other_numbers_of_friends(d: int) -> None:
    other = make_ties(Network(people=PEOPLE // 4, kind="regular", friends=d), generator(2, "network", d))
    q, share = critical(d)
    assert share > 0.2  # abrupt
    above = min(q + 0.05, 0.98)
    assert abs(measured(other, above) - stay(above, d)) < 8e-3
    assert measured(other, q - 0.03) < 5e-3


def test_thresholds_drawn_for_everybody_average_over_their_law(ties: Ties) -> None:
    """Half of all need 3 of 10 friends and half 7: R = q (P(Bin(9, R) >= 2) + P(Bin(9, R) >= 6)) / 2."""
    q, r = 0.8, 1.0
    for _ in range(500):
        r = q * float(binom.sf(1, 9, r) + binom.sf(5, 9, r)) / 2
    wanted = q * float(binom.sf(2, 10, r) + binom.sf(6, 10, r)) / 2
    share = np.where(np.arange(PEOPLE) % 2, 0.3, 0.7)
    found = stay_above(ties, share, survivors(PEOPLE, q, seed=4)).mean()
    assert abs(float(found) - wanted) < 3e-3
