"""Everybody is everybody's friend: a pure birth process, and in the limit its mean field.

If each leaves at rate a + b k / n with k gone of n, the number gone is a pure birth process with rates (n -
k)(a + b k / n): case G7 (Bass 1969, Management Sci. 15:215; exact chain solved here with a matrix
exponential). a = 0.01, b = 0.1 and t = 35 h: mean share 0.77792991479869 with 50 people and 0.80699405548174
without end; standard deviation 0.112067625623 with 50. In a complete network one's friends are the n - 1
others, so a share x of them is (n - 1) / n x b to one who takes the share of everybody.

50 people 2,000 times: sees a mean wrong by 1 percentage point and a standard deviation wrong by 7 %.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import expm

from sim.demand.network.draws import seeds_of
from sim.demand.network.hazards import Habits, Hazards, Ways
from sim.demand.network.people import follow_people
from sim.demand.network.ties import ties_of
from sim.streams import generator

Array = NDArray[np.float64]

ALONE, FRIENDS, T = 0.01, 0.1, 35.0
MEAN_50, DEVIATION_50 = 0.77792991479869181324, 0.11206762562296420768
MEAN_FIELD = 0.80699405548173780086


def shares_left(people: int, copies: int, step: float = 0.5) -> Array:
    """Share gone at T in each of some complete networks."""
    pairs = np.stack(np.triu_indices(people, 1), axis=1)
    whole = (pairs[None] + people * np.arange(copies)[:, None, None]).reshape(-1, 2)
    ties = ties_of(whole, people * copies)
    edges = np.arange(0.0, T + step / 2, step)
    pull = FRIENDS * (people - 1) / people
    hazards = Hazards.of(edges, ALONE * edges[:, None], pull * edges[:, None])
    seeds = seeds_of(ties.people, generator(7, "complete network", people))
    kind = np.zeros(ties.people, dtype=np.int32)
    moves = follow_people(ties, kind, hazards, Ways.never(1), Habits.of(1), seeds)
    left = (moves.first_left(ties.people) <= T).reshape(copies, people)
    return np.asarray(left.mean(axis=1))


def exact(people: int) -> tuple[float, float]:
    """Mean and standard deviation of the share gone at T, from the chain."""
    gone = np.arange(people + 1)
    rate = (people - gone) * (ALONE + FRIENDS * gone / people)
    generator_ = np.diag(-rate) + np.diag(rate[:-1], 1)
    law = expm(generator_ * T)[0]
    mean = float(law @ gone) / people
    return mean, math.sqrt(float(law @ (gone / people) ** 2) - mean**2)


def test_the_chain_solved_here_is_that_of_the_case() -> None:
    assert exact(50) == pytest.approx((MEAN_50, DEVIATION_50), rel=1e-9)


@pytest.mark.parametrize(("people", "copies"), [(2, 20_000), (10, 8_000), (50, 2_000)])
def test_individuals_scatter_as_the_pure_birth_process(people: int, copies: int) -> None:
    mean, deviation = exact(people)
    found = shares_left(people, copies)
    assert abs(found.mean() - mean) < 4 * deviation / math.sqrt(copies)
    fourth = ((found - found.mean()) ** 4).mean()
    error = math.sqrt((fourth - found.var() ** 2) / copies)  # of the sample variance
    assert abs(found.var() - deviation**2) < 4 * error


def test_with_more_people_the_mean_nears_the_mean_field() -> None:
    """The gap falls as 1 / n: 0.029 with 50 people, and with 400 an eighth of it."""
    gaps = [MEAN_FIELD - exact(people)[0] for people in (50, 100, 200, 400)]
    assert all(1.7 < wide / narrow < 2.3 for wide, narrow in pairwise(gaps))
    copies = 60
    found = shares_left(400, copies)
    mean, deviation = exact(400)
    assert abs(found.mean() - mean) < 4 * deviation / math.sqrt(copies)
    assert abs(found.mean() - MEAN_FIELD) < gaps[-1] + 4 * deviation / math.sqrt(copies)


def test_the_error_of_steps_falls_with_their_square() -> None:
    """Means over the same people: steps of 8, 4 and 2 hours against half an hour."""
    finest = shares_left(50, 2_000, 0.25).mean()
    coarse, middle = (abs(shares_left(50, 2_000, step).mean() - finest) for step in (7.0, 3.5))
    assert coarse < 0.05
    assert middle < coarse / 2.8
