"""A backlog at the door that drains: 6 million stand there, 40 come a second, 100 are let in.

With A > a the queue is empty after Q / (A - a) = 100,000 s = 1.157... days; until then 10 million are let
in, and all together wait Q**2 / (2 (A - a)) = 3,472,222 person-days: the area of a triangle.

Source: G. F. Newell, Applications of Queueing Theory, 2nd ed. 1982, ch. 2 (fluid approximations). Exact: an
error of 1e-12 of the people fails.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.demand.stepping.door import drain

SECONDS = 3600.0
BACKLOG, ARRIVALS, ADMITS = 6e6, 40 * SECONDS, 100 * SECONDS
CLEARS = 100_000.0 / SECONDS
DAYS_WAITED = 3472222.2222222222222
LET_IN = 10_000_000.0


@pytest.mark.parametrize("hours", [CLEARS, 1.5 * CLEARS, 40 * CLEARS])
def test_the_backlog_is_gone_when_the_triangle_says(hours: float) -> None:
    """However far beyond that the step reaches: those who come later walk in."""
    end = drain(BACKLOG, ARRIVALS * hours, (ADMITS, ADMITS), 0.0, 0.0, hours)
    everyone = BACKLOG + ARRIVALS * hours
    assert end.waiting == pytest.approx(0.0, abs=1e-12 * everyone)
    assert end.let_in == pytest.approx(LET_IN + ARRIVALS * (hours - CLEARS), rel=1e-12)
    assert end.waited / 24 == pytest.approx(DAYS_WAITED, rel=1e-12)
    assert end.abandoned == 0.0


def test_until_then_the_queue_shrinks_in_a_straight_line() -> None:
    hours = CLEARS * np.array([0.0, 0.1, 0.5, 0.9, 0.999])
    end = drain(BACKLOG, ARRIVALS * hours, (ADMITS, ADMITS), 0.0, 0.0, hours)
    np.testing.assert_allclose(end.waiting, BACKLOG * (1 - hours / CLEARS), rtol=1e-12)
    np.testing.assert_allclose(end.let_in, ADMITS * hours, rtol=1e-12)
    np.testing.assert_allclose(end.waited, BACKLOG * hours * (1 - 0.5 * hours / CLEARS), rtol=1e-12)


def test_a_queue_begins_where_nobody_stood_if_more_come_than_can_be_let_in() -> None:
    end = drain(0.0, 5 * ADMITS * 2.0, (ADMITS, ADMITS), 0.0, 0.0, 2.0)
    assert end.waiting == pytest.approx(4 * ADMITS * 2.0, rel=1e-12)
    assert end.waited == pytest.approx(4 * ADMITS * 2.0, rel=1e-12)


def test_nobody_waits_where_no_more_come_than_can_be_let_in() -> None:
    end = drain(0.0, ADMITS * 2.0, (ADMITS, ADMITS), 5.0, 0.1, 2.0)
    assert end.let_in == ADMITS * 2.0
    assert end.waiting == end.abandoned == end.waited == 0.0
