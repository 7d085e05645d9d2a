"""A door that collapses: people who try again take the capacity from those who could be let in.

With a < A arrivals, x standing there and retries r, x' = a - A**2 / (A + r x). There is one length at which
as many are let in as come,

    x* = A (A - a) / (r a):

a shorter queue drains, a longer one grows without end, although the capacity is more than the arrivals and
nothing is broken any more. What brought the queue beyond x* (the trigger) may be long gone: only fewer
arrivals help. So it may go at a relaunch: Parler's, on 15 February 2021, could not be reached by most within
hours (https://www.vice.com/en/article/v7mnjy/parler-is-coming-back-online-but-its-users-have-already-moved-on).

Source: N. Bronson, A. Aghayev, A. Charapko, T. Zhu, Metastable failures in distributed systems, HotOS 2021,
doi 10.1145/3458336.3465286 (retry storms; vulnerable and metastable states). The equation is that of the
scenario language, the numbers are assumptions. Exact parts see 1e-9 of the people; individuals 4 % of those
let in within an hour.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from sim.demand.stepping.door import drain
from sim.streams import generator
from tests.twin.door import Door, stood

ADMITS, ARRIVALS, RETRIES = 100_000.0, 90_000.0, 1.0
TIPS = ADMITS * (ADMITS - ARRIVALS) / (RETRIES * ARRIVALS)
RELAUNCH = 120_000.0


def by_the_hour(waiting: float, hours: int, retries: float = RETRIES) -> tuple[list[float], list[float]]:
    """People let in within each hour, and standing there after it."""
    let_in, queue = [], []
    for _ in range(hours):
        end = drain(waiting, ARRIVALS, (ADMITS, ADMITS), retries, 0.0, 1.0)
        waiting = float(end.waiting)
        let_in.append(float(end.let_in))
        queue.append(waiting)
    return let_in, queue


def test_after_a_relaunch_fewer_are_let_in_every_hour_while_the_queue_grows() -> None:
    let_in, queue = by_the_hour(RELAUNCH, 12)
    assert all(np.diff([RELAUNCH, *queue]) > 0)
    assert all(np.diff(let_in) < 0)
    assert let_in[0] < ADMITS / 2
    assert let_in[5] < let_in[0] / 2
    assert queue[-1] > 5 * RELAUNCH


def test_if_nobody_tried_twice_the_same_door_would_be_clear_after_twelve_hours() -> None:
    let_in, queue = by_the_hour(RELAUNCH, 13, retries=0.0)
    assert let_in[:12] == pytest.approx([ADMITS] * 12, rel=1e-12)
    assert queue[11] == pytest.approx(0.0, abs=1e-9 * RELAUNCH)
    assert let_in[12] == pytest.approx(ARRIVALS, rel=1e-9)


@pytest.mark.parametrize(("share", "clears"), [(0.5, True), (0.99, True), (1.01, False), (2.0, False)])
def test_one_length_separates_queues_that_drain_from_queues_that_grow(share: float, clears: bool) -> None:
    end = drain(share * TIPS, ARRIVALS * 48, (ADMITS, ADMITS), RETRIES, 0.0, 48.0)
    assert (end.waiting == 0.0) == clears
    assert clears or end.waiting > 20 * TIPS


def test_at_that_length_as_many_are_let_in_as_come() -> None:
    """An hour: an error of 1e-16 of the people grows by a factor exp(0.81) in it."""
    end = drain(TIPS, ARRIVALS, (ADMITS, ADMITS), RETRIES, 0.0, 1.0)
    assert end.waiting == pytest.approx(TIPS, rel=1e-9)
    assert end.let_in == pytest.approx(ARRIVALS, rel=1e-9)


def test_an_hour_without_service_is_enough_and_its_end_does_not_help() -> None:
    calm = drain(0.0, ARRIVALS * 24, (ADMITS, ADMITS), RETRIES, 0.0, 24.0)
    assert calm.waiting == 0.0
    trigger = drain(0.0, ARRIVALS, (0.0, 0.0), RETRIES, 0.0, 1.0)
    assert trigger.waiting == ARRIVALS
    after = drain(trigger.waiting, ARRIVALS * 24, (ADMITS, ADMITS), RETRIES, 0.0, 24.0)
    assert after.waiting > 10 * ARRIVALS


def test_turning_people_away_for_some_hours_brings_it_back() -> None:
    """With nobody new y = A + r x falls as y**2 = y0**2 - 2 r A**2 t; the door is clear when y = A."""
    start = ADMITS + RETRIES * RELAUNCH
    clears = (start**2 - ADMITS**2) / (2 * RETRIES * ADMITS**2)
    for hours in (0.5 * clears, 0.9 * clears, clears, 1.1 * clears):
        end = drain(RELAUNCH, 0.0, (ADMITS, ADMITS), RETRIES, 0.0, hours)
        y = sqrt(max(start**2 - 2 * RETRIES * ADMITS**2 * hours, ADMITS**2))
        assert end.waiting == pytest.approx((y - ADMITS) / RETRIES, abs=1e-9 * RELAUNCH)
    held = drain(0.0, ARRIVALS * 24, (ADMITS, ADMITS), RETRIES, 0.0, 24.0)
    assert held.let_in == ARRIVALS * 24


def test_a_door_of_individuals_collapses_in_the_same_hours() -> None:
    """A hundredth of the people, 40 relaunches of six hours; the bend of G may move the mean by 2 people."""
    door = Door(ARRIVALS / 100, ADMITS / 100, retries=RETRIES)
    rng = generator(7, "relaunch")
    let_in = np.zeros((40, 6))
    for row in let_in:
        waiting = int(RELAUNCH / 100)
        for hour in range(6):
            end = stood(door, waiting, 1.0, rng)
            waiting, row[hour] = end.waiting, end.let_in
            assert end.wasted > end.let_in / 2
    exact = np.array(by_the_hour(RELAUNCH, 6)[0]) / 100
    error = let_in.std(axis=0, ddof=1) / sqrt(len(let_in))
    assert all(np.abs(let_in.mean(axis=0) - exact) <= 4 * error + 2)
    assert all(np.diff(let_in.mean(axis=0)) < 0)
