"""A door that opens slowly: the capacity ramps up from nothing, A(t) = A t / T until T, then A.

With Q people standing there and a coming, x = Q + a t - A t**2 / (2 T) on the ramp; the queue is longest, by
a**2 T / (2 A), when the capacity reaches the arrivals. If it is still there at the end of the ramp it is
empty at (Q + A T / 2) / (A - a): half a ramp of full capacity has to be made up for, at the speed of the
spare capacity. Else it is empty on the ramp, at T / A x (a + sqrt(a**2 + 2 Q A / T)). With hazard h of
leaving

    x = (Q - c) exp(-h t) + c - b t / h,     b = A / T,  c = (a + b / h) / h.

For 6 million, 40 coming and 100 let in a second, a ramp of 12 h makes the queue last 10 h longer, 136,000 s.

Source: G. F. Newell, Applications of Queueing Theory, 2nd ed. 1982, ch. 2 (time-dependent capacity); the line
with abandonment is the same linear equation solved. Exact: an error of 1e-12 of the people fails.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from sim.demand.stepping.door import drain

SECONDS = 3600.0
BACKLOG, ARRIVALS, ADMITS = 6e6, 40 * SECONDS, 100 * SECONDS


def test_a_ramp_delays_the_end_by_half_of_it_over_the_spare_share() -> None:
    ramp, clears = 12.0, 136_000.0 / SECONDS
    assert clears == pytest.approx((BACKLOG + ADMITS * ramp / 2) / (ADMITS - ARRIVALS), rel=1e-12)
    top = drain(BACKLOG, ARRIVALS * ramp, (0.0, ADMITS), 0.0, 0.0, ramp)
    assert top.waiting == pytest.approx(BACKLOG + ARRIVALS * ramp - ADMITS * ramp / 2, rel=1e-12)
    assert top.waited == pytest.approx(BACKLOG * ramp + (ARRIVALS / 2 - ADMITS / 6) * ramp**2, rel=1e-12)
    rest = clears - ramp
    for hours, left in ((0.999 * rest, 0.001), (rest, 0.0), (2 * rest, 0.0)):
        end = drain(top.waiting, ARRIVALS * hours, (ADMITS, ADMITS), 0.0, 0.0, hours)
        assert end.waiting == pytest.approx(left * rest * (ADMITS - ARRIVALS), abs=1e-12 * 2e7)


@pytest.mark.parametrize("share", [1.0, 1.02, 1.05])
def test_on_a_long_ramp_the_queue_is_empty_at_the_root_of_a_square(share: float) -> None:
    """A ramp of ten days; ``share`` of the time to the emptying is one step."""
    ramp, steepness = 240.0, ADMITS / 240.0
    clears = (ARRIVALS + math.sqrt(ARRIVALS**2 + 2 * BACKLOG * steepness)) / steepness
    assert clears < ramp
    hours = share * clears
    end = drain(BACKLOG, ARRIVALS * hours, (0.0, steepness * hours), 0.0, 0.0, hours)
    everyone = BACKLOG + ARRIVALS * hours
    area = BACKLOG * clears + ARRIVALS * clears**2 / 2 - steepness * clears**3 / 6
    assert end.waiting == pytest.approx(0.0, abs=1e-12 * everyone)
    assert end.let_in == pytest.approx(everyone, rel=1e-12)
    assert end.waited == pytest.approx(area, rel=1e-12)


def test_the_queue_is_longest_when_the_capacity_reaches_the_arrivals() -> None:
    steepness = ADMITS / 240.0
    longest = ARRIVALS / steepness
    hours = longest * np.array([0.99, 1.0, 1.01])
    end = drain(BACKLOG, ARRIVALS * hours, (np.zeros(3), steepness * hours), 0.0, 0.0, hours)
    assert end.waiting[1] == pytest.approx(BACKLOG + ARRIVALS**2 / (2 * steepness), rel=1e-12)
    assert end.waiting[1] > max(end.waiting[0], end.waiting[2])


@pytest.mark.parametrize("hazard", [1e-6, 0.1 / 24, 0.2])
def test_people_leave_a_queue_on_a_ramp(hazard: float) -> None:
    """The root is found by bisection here, to 1e-13 of it; hazards up to one at which most leave."""
    steepness = ADMITS / 240.0
    height = (ARRIVALS + steepness / hazard) / hazard

    def standing(hours: float) -> float:
        # (height - steepness x hours / hazard) (1 - exp) loses digits for a small hazard: Taylor there
        if hazard < 1e-4:
            x = hazard * hours
            powers = [(-x) ** n / math.factorial(n + 1) for n in range(12)]
            twice = [(-x) ** n / math.factorial(n + 2) for n in range(12)]
            come = ARRIVALS * hours * math.fsum(powers)
            return BACKLOG * math.exp(-x) + come - steepness * hours**2 * math.fsum(twice)
        return (BACKLOG - height) * math.exp(-hazard * hours) + height - steepness * hours / hazard

    clears = float(brentq(standing, 1.0, 400.0, xtol=1e-11, rtol=1e-13))
    for hours in (0.3 * clears, 0.99 * clears):
        end = drain(BACKLOG, ARRIVALS * hours, (0.0, steepness * hours), 0.0, hazard, hours)
        assert end.waiting == pytest.approx(standing(hours), abs=1e-11 * BACKLOG)
    hours = 1.1 * clears
    end = drain(BACKLOG, ARRIVALS * hours, (0.0, steepness * hours), 0.0, hazard, hours)
    left = BACKLOG + ARRIVALS * clears - steepness * clears**2 / 2
    assert end.waiting == 0.0
    assert end.abandoned == pytest.approx(left, abs=1e-11 * BACKLOG)


def test_a_falling_capacity_makes_a_queue_where_there_was_none() -> None:
    """From twice the arrivals to nothing: from half-time on people stand there, in the end a h / 4."""
    end = drain(0.0, 800.0, (200.0, 0.0), 0.0, 0.0, 8.0)
    assert end.waiting == pytest.approx(100.0 * 8 / 4, rel=1e-12)
    assert end.let_in == pytest.approx(800.0 - 200.0, rel=1e-12)
    assert end.waited == pytest.approx(25.0 * 4**3 / 6, rel=1e-12)


def test_a_queue_may_be_empty_in_between_and_begin_again() -> None:
    """50 are gone after 4 - sqrt(12) h of 100 - 25 t spare; the second half is the same."""
    end = drain(50.0, 800.0, (200.0, 0.0), 0.0, 0.0, 8.0)
    clears = 4 - math.sqrt(12)
    first = 50 * clears - 100 * clears**2 / 2 + 25 * clears**3 / 6
    assert end.waiting == pytest.approx(200.0, rel=1e-12)
    assert end.waited == pytest.approx(first + 25.0 * 4**3 / 6, rel=1e-12)
