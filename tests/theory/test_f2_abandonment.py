"""A backlog from which people leave: the fluid queue with abandonment.

With hazard h of leaving, x' = a - A - h x, so x(t) + (A - a) / h falls as exp(-h t). If A > a the queue is
empty after t = log(1 + h Q / (A - a)) / h; until then A t are let in and the rest of all who stood there or
came have left. If a > A it never is: the queue becomes (a - A) / h, and the share 1 - A / a of all who come
leaves.

For the backlog of 6 million of which 40 a second come and 100 are let in, and one in ten leaves per day
(Assumption: to have a number), h = 0.1 / d: 1.0952 days instead of 1.1574, and 322,560 have left.

Source: W. Whitt, Fluid models for multiserver queues with abandonments, Operations Research 54 (2006) 37-54;
O. Garnett, A. Mandelbaum, M. Reiman, Designing a call center with impatient customers, Manufacturing &
Service Operations Management 4 (2002) 208-227. Exact: an error of 1e-12 of the people fails.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.demand.stepping.door import drain

SECONDS = 3600.0
BACKLOG, ARRIVALS, ADMITS, HAZARD = 6e6, 40 * SECONDS, 100 * SECONDS, 0.1 / 24
SPARE = ADMITS - ARRIVALS
CLEARS = math.log(1 + HAZARD * BACKLOG / SPARE) / HAZARD
LEFT = BACKLOG - SPARE * CLEARS


def test_the_numbers_of_the_example() -> None:
    assert pytest.approx(1.0952, abs=5e-5) == CLEARS / 24
    assert pytest.approx(322_560, abs=0.5) == LEFT


@pytest.mark.parametrize("hours", [CLEARS, 1.2 * CLEARS, 30 * CLEARS])
def test_a_queue_with_abandonment_is_empty_when_its_logarithm_says(hours: float) -> None:
    end = drain(BACKLOG, ARRIVALS * hours, (ADMITS, ADMITS), 0.0, HAZARD, hours)
    everyone = BACKLOG + ARRIVALS * hours
    assert end.waiting == pytest.approx(0.0, abs=1e-12 * everyone)
    assert end.abandoned == pytest.approx(LEFT, abs=1e-12 * everyone)
    assert end.let_in == pytest.approx(ADMITS * CLEARS + ARRIVALS * (hours - CLEARS), rel=1e-12)
    assert end.waited == pytest.approx(LEFT / HAZARD, rel=1e-11)


def test_until_then_it_falls_as_an_exponential_does() -> None:
    hours = CLEARS * np.array([0.01, 0.3, 0.7, 0.99])
    end = drain(BACKLOG, ARRIVALS * hours, (ADMITS, ADMITS), 0.0, HAZARD, hours)
    level = SPARE / HAZARD
    exact = (BACKLOG + level) * np.exp(-HAZARD * hours) - level
    np.testing.assert_allclose(end.waiting, exact, rtol=0, atol=1e-12 * (BACKLOG + level))
    np.testing.assert_allclose(end.let_in, ADMITS * hours, rtol=1e-12)


@pytest.mark.parametrize("start", [0.0, 3e6])
def test_an_overloaded_door_keeps_a_queue_from_which_the_surplus_leaves(start: float) -> None:
    """After 4,000 hours exp(-h t) is 6e-8; the exact curve is compared to 1e-12."""
    hours, arrivals = 4000.0, 1.5 * ADMITS
    end = drain(start, arrivals * hours, (ADMITS, ADMITS), 0.0, HAZARD, hours)
    level = (arrivals - ADMITS) / HAZARD
    exact = level + (start - level) * math.exp(-HAZARD * hours)
    assert end.waiting == pytest.approx(exact, abs=1e-12 * (start + arrivals * hours))
    later = drain(level, arrivals * hours, (ADMITS, ADMITS), 0.0, HAZARD, hours)
    assert later.waiting == pytest.approx(level, rel=1e-12)
    assert later.abandoned / (arrivals * hours) == pytest.approx(1 - ADMITS / arrivals, rel=1e-12)


def test_without_arrivals_or_capacity_the_queue_is_a_survival_function() -> None:
    end = drain(BACKLOG, 0.0, (0.0, 0.0), 3.0, HAZARD, 100.0)
    assert end.waiting == pytest.approx(BACKLOG * math.exp(-HAZARD * 100), rel=1e-12)
    assert end.waited == pytest.approx(BACKLOG * -math.expm1(-HAZARD * 100) / HAZARD, rel=1e-12)
    assert end.let_in == 0.0
