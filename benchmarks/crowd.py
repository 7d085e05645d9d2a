"""Users who act on each other: what following them in steps costs, and that it grows in proportion.

The same scenarios with everything of docs/users.md switched on, against the closed form of the plain ones: at
most 3 times, for a whole replication and for the users alone. Twice the segments, or eight times the report
times, must not cost more than in proportion.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from benchmarks.cases import case
from benchmarks.timing import Ratio, compare
from sim.demand import simulate_demand
from sim.scenario import Inputs, Scenario
from sim.streams import BLOCK, Draws
from sim.study.simulate import simulate
from sim.supply import simulate_supply

EVERYTHING = (
    "users.friends={waiting: 4 % per day, active: 1 % per day, returning: 60 %}",
    "users.rivals={large: {users: 20 million, pull: 0.4 % per day, tries: 3 % per day}, "
    "niche: {users: 100000, pull: 0.3 % per day, grows: 0.5, stickiness: 50 %}}",
    "users.reopening={admits: 50000 per hour, abandons: 30 % per day}",
    "users.newcomers={churn: 4 % per day, settle_over: 20 d, leaving: 2, at_start: 50 %}",
    "users.stigma={leaving: 2, returning: 50 %}",
    "users.again=1.5",
)
SEGMENT = "{{share: {share:.6g} %, patience: {{law: weibull, shape: 0.8, scale: {days} d}}}}"


def crowd(name: str, *more: str) -> Scenario:
    """A shipped scenario with everything on."""
    return case(name, *EVERYTHING, *more).scenario()


def segments(number: int) -> str:
    """That many segments, each of its own patience."""
    one = (f"s{n}: {SEGMENT.format(share=100 / number, days=40 + 5 * n)}" for n in range(number))
    return f"users.segments={{{', '.join(one)}}}"


def users_of(scenario: Scenario) -> Callable[[], object]:
    """The users of a block alone; what the suppliers did is worked out beforehand."""
    inputs = Inputs(scenario, Draws(scenario.seed, 0))
    happened = simulate_supply(scenario, inputs, range(BLOCK))
    return lambda: simulate_demand(scenario, happened, inputs)


def measure() -> list[Ratio]:
    """Everything on / plain, and growth with segments and report times."""
    ratios = []
    for name in ("host_suspended", "parler_2021"):
        on, plain = crowd(name), case(name).scenario()
        ratios.append(
            compare(
                f"a replication of {name} with everything of docs/users.md on / plain",
                partial(simulate, on, 0),
                partial(simulate, plain, 0),
                units=(BLOCK, BLOCK),
                rounds=5,
                at_most=3.0,
            )
        )
        ratios.append(
            compare(
                f"its users alone, {name}",
                users_of(on),
                users_of(plain),
                units=(BLOCK, BLOCK),
                rounds=5,
                at_most=3.0,
            )
        )
    four, eight = (users_of(crowd("host_suspended", segments(number))) for number in (4, 8))
    ratios.append(compare("8 segments / 4, everything on", eight, four, rounds=5, at_most=2.3))
    often = users_of(crowd("host_suspended", "clock.report_every=3 h"))
    daily = users_of(crowd("host_suspended"))
    ratios.append(compare("reported every 3 h / daily, everything on", often, daily, rounds=5, at_most=3.0))
    return ratios
