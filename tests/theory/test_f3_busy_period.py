"""One by one at the door: how long until 100 who stand there have been let in, if others go on coming.

In the M/M/1 queue with arrivals a = 0.8 and service m = 1 the time from n people to nobody is the sum of n
independent busy periods:

    mean n / (m - a) = 500,     variance n (a + m) / (m - a)**3 = 22,500  (SD 150),

and in equilibrium a person stands there for 1 / (m - a) = 5 on average. The fluid is empty after exactly
500: for n people the time scatters by sqrt(n (a + m) / (m - a)**3), a smaller and smaller part of it.

Source: L. Kleinrock, Queueing Systems I (1975), section 5.8 (busy period), 3.2 (M/M/1). 600 drains: |z| <= 4
sees an error of 5 % of the mean and of 30 % of the variance; 300 stretches of 500: of 10 % of the time
and of 0.013 of the share of it in which nobody stands there.
"""

from __future__ import annotations

import pytest

from sim.demand.stepping.door import drain
from sim.streams import generator
from tests.supplies import z_score
from tests.twin.door import Door, stood

PEOPLE, ARRIVALS, ADMITS = 100, 0.8, 1.0
MEAN, VARIANCE, STAYS = 500.0, 22_500.0, 5.0
DOOR = Door(ARRIVALS, ADMITS)


def test_the_formulas_give_the_known_values() -> None:
    gap = ADMITS - ARRIVALS
    assert pytest.approx(MEAN, rel=1e-12) == PEOPLE / gap
    assert pytest.approx(VARIANCE, rel=1e-12) == PEOPLE * (ARRIVALS + ADMITS) / gap**3
    assert pytest.approx(STAYS, rel=1e-12) == 1 / gap


def test_a_hundred_are_let_in_in_the_time_of_a_hundred_busy_periods() -> None:
    rng = generator(3, "busy period")
    drains = [stood(DOOR, PEOPLE, 1e9, rng, until_empty=True) for _ in range(600)]
    times = [drained.ends for drained in drains]
    assert all(drained.let_in == PEOPLE + drained.arrived for drained in drains)
    assert abs(z_score(times, MEAN)) <= 4
    assert abs(z_score([(time - MEAN) ** 2 for time in times], VARIANCE)) <= 4


def test_in_equilibrium_one_stands_there_for_five() -> None:
    """Started in equilibrium: k people with chance 0.2 x 0.8**k. The time stood is people x stay."""
    rng = generator(3, "equilibrium")
    stretches = [stood(DOOR, int(rng.geometric(0.2)) - 1, 500.0, rng) for _ in range(300)]
    surplus = [stretch.waited - STAYS * ARRIVALS * 500.0 for stretch in stretches]
    assert abs(z_score(surplus, 0.0)) <= 4
    assert abs(z_score([stretch.empty for stretch in stretches], 0.2 * 500.0)) <= 4


def test_the_fluid_is_empty_at_the_mean() -> None:
    before = drain(PEOPLE, ARRIVALS * 499.9, (ADMITS, ADMITS), 0.0, 0.0, 499.9)
    after = drain(PEOPLE, ARRIVALS * 500.0, (ADMITS, ADMITS), 0.0, 0.0, 500.0)
    assert before.waiting == pytest.approx(0.1 * (ADMITS - ARRIVALS), rel=1e-9)
    assert after.waiting == pytest.approx(0.0, abs=1e-10)
