"""Ten times as many that wait for one and the same thing cost about ten times as much, never a hundred.

In SimPy a process that waits for several events at once unhooks itself from each by searching a list, so many
that wait for one shared event cost the square of their number. Counted in calls, which no busy machine moves.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType

import pytest

from sim.scenario import Scenario
from tests.supplies import plan_of, platform

FEW, MANY = 20, 200

MOST = 12.0
"""Times as many calls for ten times as many: a square would give a hundred."""


def calls(work: Callable[[], object]) -> int:
    """How many functions are called."""
    count = 0

    def see(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def suppliers_upstream(count: int) -> Scenario:
    """All stand on one supplier, which is suspended."""
    above = {f"s{i}": {"kind": "service", "needs": ["base"]} for i in range(count)}
    suppliers = {"base": {"kind": "network"}, **above}
    return platform(suppliers=suppliers, events=[{"suspend": "base", "at": "10 d"}])


def suppliers_in_a_region(count: int) -> Scenario:
    """All fail together, again and again."""
    region = {
        "members": [f"s{i}" for i in range(count)],
        "fails": {"every": {"mean": "20 d"}, "lasts": "1 d"},
    }
    return platform(suppliers=[f"s{i}" for i in range(count)], groups={"region": region})


def tasks_after_one_host(count: int) -> Scenario:
    """All pieces of work wait for the same host, and then for the engineers."""
    tasks = {f"t{i}": {"after": ["host_found"], "takes": "2 h"} for i in range(count)}
    search = {"candidates": 1, "acceptance": "100 %", "reply": "1 h"}
    return platform(
        events=[{"suspend": "host", "at": "10 d"}],
        response={"engineers": 2, "replace": {"host": {"search": search, "tasks": tasks}}},
    )


@pytest.mark.parametrize("crowd", [suppliers_upstream, suppliers_in_a_region, tasks_after_one_host])
def test_ten_times_as_many_that_wait_for_one_event_cost_ten_times_as_much(
    crowd: Callable[[int], Scenario],
) -> None:
    taken = []
    for count in (FEW, MANY):
        plan = plan_of(crowd(count))
        plan.run(0)  # what is made once a block is not counted
        taken.append(calls(partial(plan.run, 1)))
    few, many = taken
    assert many > 2.0 * few  # it is they that are counted
    assert many <= MOST * few
