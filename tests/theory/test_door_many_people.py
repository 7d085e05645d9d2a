"""The fluid at the door is what a crowd becomes: errors of a person on average, scatter like the root of it.

With N times as many people, arrivals and capacity, x(t) / N of the queue of individuals tends to the fluid;
its scatter is sqrt(V / N), where V follows the linear equation around the fluid

    V' = 2 J V + a + G + h x,      J = retries A**2 / (A + retries x)**2 - h,

and its mean is off by less than a person or two, whatever N: the bend of G over that scatter, and the one
next in line who does not leave any more.

Source: T. G. Kurtz, Solutions of ordinary differential equations as limits of pure jump Markov processes,
J. Appl. Prob. 7 (1970) 49-58; Limit theorems for sequences of jump Markov processes approximating ordinary
differential processes, 8 (1971) 344-356. With 400, 200 and 40 days of 100, 1,000 and 10,000 people |z| <= 4
sees an error of the queue of 4 %, 1.3 % and 0.8 % of N, and of the scatter of 14 %, 20 % and 45 %.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from sim.demand.stepping.door import Drained, drain
from sim.streams import generator
from tests.twin.door import Door, Stood, stood

ARRIVALS, ADMITS, RETRIES, LEAVES, HOURS = 0.4, 1.0, 0.3, 0.1, 1.0
DAYS = {100: 400, 1_000: 200, 10_000: 40}
PERSON = 1.5
"""How far the mean of individuals may be from the fluid, in people."""


def days(people: int) -> list[Stood]:
    """What became of ``people`` at the door, and of those who came, on many days."""
    rng = generator(6, "door", people)
    door = Door(ARRIVALS * people, ADMITS * people, retries=RETRIES, abandons=LEAVES)
    return [stood(door, people, HOURS, rng) for _ in range(DAYS[people])]


def fluid(people: float) -> Drained:
    both = (ADMITS * people, ADMITS * people)
    return drain(people, ARRIVALS * people * HOURS, both, RETRIES, LEAVES, HOURS)


def variance() -> float:
    """V at the end, by an integration of its own; of one unit of people."""

    def change(_: float, state: NDArray[np.float64]) -> list[float]:
        x, v = map(float, state)
        let_in = ADMITS**2 / (ADMITS + RETRIES * x)
        slope = RETRIES * (let_in / ADMITS) ** 2 - LEAVES
        moves = ARRIVALS + let_in + LEAVES * x
        return [ARRIVALS - let_in - LEAVES * x, 2 * slope * v + moves]

    return float(solve_ivp(change, (0, HOURS), [1.0, 0.0], rtol=1e-9, atol=1e-12).y[1, -1])


@pytest.mark.parametrize("people", DAYS)
def test_individuals_are_on_average_the_fluid_and_scatter_like_the_root_of_their_number(people: int) -> None:
    lived, exact = days(people), fluid(people)
    for name in ("waiting", "let_in", "abandoned", "waited"):
        values = np.array([getattr(day, name) for day in lived], dtype=float)
        error = values.std(ddof=1) / sqrt(len(values))
        assert abs(values.mean() - float(getattr(exact, name))) <= 4 * error + PERSON, name
    scatter = float(np.std([day.waiting for day in lived], ddof=1))
    assert scatter / sqrt(people * variance()) == pytest.approx(1.0, abs=4 / sqrt(2 * (len(lived) - 1)))


def test_nobody_is_lost_among_individuals() -> None:
    for day in days(100):
        assert day.waiting + day.let_in + day.abandoned == 100 + day.arrived


def test_a_queue_of_individuals_empties_and_stays_next_to_empty() -> None:
    """The capacity doubles over two hours; after the emptying the few who happen to stand there remain.

    60 days of 2,000 people: |z| <= 4 sees 2 % of the person-hours.
    """
    people = 2_000
    door = Door(0.4 * people, 1.0 * people, slope=0.5 * people)
    rng = generator(6, "ramp")
    lived = [stood(door, people, 2.0, rng) for _ in range(60)]
    exact = drain(people, 0.8 * people, (people, 2.0 * people), 0.0, 0.0, 2.0)
    assert exact.waiting == 0.0
    for name in ("waiting", "let_in", "waited"):
        values = np.array([getattr(day, name) for day in lived], dtype=float)
        error = values.std(ddof=1) / sqrt(len(values))
        assert abs(values.mean() - float(getattr(exact, name))) <= 4 * error + PERSON, name
