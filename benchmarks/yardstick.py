"""The yardstick: what plain SimPy costs here and now.

Y is the CPU time of one process that makes 1,000 timeouts in a fresh environment.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

TIMEOUTS = 1000


def ticks(env: simpy.Environment, number: int) -> Generator[simpy.Event, object, None]:
    """``number`` timeouts, one after the other."""
    for _ in range(number):
        yield env.timeout(1.0)


def bare_loop(events: int) -> None:
    """One process in a fresh environment until SimPy has processed about ``events`` events."""
    env = simpy.Environment()
    env.process(ticks(env, max(0, events - 2)))  # the process's own start and end are two more
    env.run()


def yardsticks(number: int) -> None:
    """``number`` times Y."""
    for _ in range(number):
        env = simpy.Environment()
        env.process(ticks(env, TIMEOUTS))
        env.run()
