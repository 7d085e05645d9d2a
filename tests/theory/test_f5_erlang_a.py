"""People who leave the queue, one by one: the Erlang-A model (M/M/1+M).

a = 1.2 come, m = 1 can be let in, and whoever is not yet being let in leaves with hazard h = 0.5. The number
of people k is a birth-death chain with deaths m + (k - 1) h, p(k) = p(0) product of a / (m + (j - 1) h), and

    P(nobody there) = 0.2394...,  mean queue behind the first = 0.8789...,  share that leaves = 0.3662...

The fluid says that 1 - m / a = 1/6 leave: right where many people are let in within one's patience, wrong for
a handful. With a, m both n times as large the share that leaves falls towards 1/6, and the test follows it.

Source: C. Palm 1957; O. Garnett, A. Mandelbaum, M. Reiman, Designing a call center with impatient customers,
Manufacturing & Service Operations Management 4 (2002) 208-227. 1,000 stretches of 100 hours: |z| <= 4 sees an
error of 0.008 of the share that leaves, of 0.008 of P(nobody) and of 0.028 of the queue.
"""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest

from sim.demand.stepping.door import drain
from sim.streams import generator
from tests.supplies import z_score
from tests.twin.door import Door, Stood, stood

ARRIVALS, ADMITS, LEAVES = 1.2, 1.0, 0.5
ABANDON, EMPTY, QUEUE = 0.36620421085901743342, 0.2394450530308209201, 0.8788901060616418402
HOURS = 100.0


def chain(times: float) -> tuple[float, float, float]:
    """P(nobody), mean queue behind the first, and share that leaves, with ``times`` as many people."""
    a, m = times * ARRIVALS, times * ADMITS
    most = int(20 * times + 200)
    weights = np.array(
        [*accumulate(range(1, most), lambda w, k: w * a / (m + (k - 1) * LEAVES), initial=1.0)]
    )
    shares = weights / weights.sum()
    queue = float(shares[1:] @ np.arange(most - 1))
    return float(shares[0]), queue, LEAVES * queue / a


def test_the_chain_gives_the_known_values() -> None:
    assert chain(1.0) == pytest.approx((EMPTY, QUEUE, ABANDON), rel=1e-12)


def test_one_by_one_as_many_leave_as_erlang_a_says() -> None:
    rng = generator(5, "erlang")
    door = Door(ARRIVALS, ADMITS, abandons=LEAVES)
    stretches: list[Stood] = []
    for _ in range(1000):
        before = stood(door, 0, 20.0, rng)  # 20 h: ten times a person's patience, long enough to forget
        stretches.append(stood(door, before.waiting, HOURS, rng))
    assert abs(z_score([s.abandoned - ABANDON * s.arrived for s in stretches], 0.0)) <= 4
    assert abs(z_score([s.empty / HOURS for s in stretches], EMPTY)) <= 4
    behind = [(s.waited - (HOURS - s.empty)) / HOURS for s in stretches]
    assert abs(z_score(behind, QUEUE)) <= 4


def test_the_fluid_is_what_remains_where_many_are_let_in() -> None:
    """Its error falls to below 1e-12 by a thousand-fold scale, where the queue is next to never empty."""
    level = (ARRIVALS - ADMITS) / LEAVES
    end = drain(level, ARRIVALS * HOURS, (ADMITS, ADMITS), 0.0, LEAVES, HOURS)
    fluid = float(end.abandoned) / (ARRIVALS * HOURS)
    assert fluid == pytest.approx(1 - ADMITS / ARRIVALS, rel=1e-12)
    gaps = [abs(chain(times)[2] - fluid) for times in (1.0, 10.0, 100.0, 1000.0)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] > 0.19
    assert gaps[3] < 1e-4
