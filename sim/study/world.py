"""One world of a block: what was set happens, the users live through it; all replications at once.

In: a scenario and a block. Out: a `World`. The world as it happened and the counterfactual are played by the
same function from the same table of draws, so they differ by the events alone.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import HostfallError
from sim.streams import BLOCK, Draws

if TYPE_CHECKING:
    from sim.demand import History
    from sim.scenario import Inputs, Scenario
    from sim.scenario.resolution import Resolution
    from sim.supply import Timeline


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a replication has no outcome: the stage that failed, and what it said."""

    stage: str
    reason: str

    @classmethod
    def of(cls, stage: str, error: Exception) -> Failure:
        """The error's type and message, and where it was raised."""
        last = traceback.extract_tb(error.__traceback__)[-1:]
        place = "".join(f" ({Path(frame.filename).name}:{frame.lineno})" for frame in last)
        return cls(stage, f"{type(error).__name__}: {error}{place}")


class BlockFailedError(HostfallError):
    """No replication of a block can go on from this stage; carries the `Failure`."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(f"{failure.stage}: {failure.reason}")


@dataclass(frozen=True, slots=True)
class World:
    """What happened in every replication of a block.

    Attributes
    ----------
    timelines, history
        What could be used when, and what the users did about it; a failed replication borrows another's
        timeline, so that arrays keep their shape, and its row is thrown away.
    once
        No draw was used: all replications, of every block, are the same.
    failures
        By place in the block.
    """

    timelines: tuple[Timeline, ...]
    history: History
    inputs: Inputs
    once: bool
    failures: Mapping[int, Failure]


def play(
    scenario: Scenario,
    block: int,
    *,
    users: Resolution = "expected",
    name: str = "",
    draws: Draws | None = None,
) -> World:
    """Supply, then demand, of all replications of a block; from its own draws unless others are given.

    Raises
    ------
    BlockFailedError
        If no replication got through its supply side, or demand failed.
    """
    from sim.demand import simulate_demand
    from sim.scenario import Inputs

    draws = Draws(scenario.seed, block) if draws is None else draws
    inputs = Inputs(scenario, draws)
    timelines, failures = _supply(scenario, inputs, f"{name}supply")
    try:
        history = simulate_demand(scenario, timelines, inputs, users=users)
    except MemoryError:
        raise  # says something about this machine, not about the replications
    except Exception as error:
        raise BlockFailedError(Failure.of(f"{name}demand", error)) from error
    return World(timelines, history, inputs, not draws.used and users == "expected", failures)


def _supply(
    scenario: Scenario, inputs: Inputs, stage: str
) -> tuple[tuple[Timeline, ...], dict[int, Failure]]:
    """A timeline a replication. One failed replication never sinks the others, whatever it failed of."""
    from sim.supply import SupplyPlan
    from sim.supply.collector import paused

    found: list[Timeline | None] = []
    failures: dict[int, Failure] = {}
    try:
        plan = SupplyPlan(scenario, inputs)
    except Exception as error:
        raise BlockFailedError(Failure.of(stage, error)) from error
    with paused():
        for k in range(BLOCK):
            try:
                found.append(plan.run(k))
            except MemoryError:
                raise
            except Exception as error:
                failures[k] = Failure.of(stage, error)
                found.append(None)
    stand_in = next((one for one in found if one is not None), None)
    if stand_in is None:
        raise BlockFailedError(failures[0])
    return tuple(stand_in if one is None else one for one in found), failures


@dataclass(slots=True)
class Counterfactual:
    """The world without the events, played once for all blocks where it uses no draw."""

    _kept: World | None = field(default=None)

    def beside(
        self, happened: World, scenario: Scenario, block: int, *, users: Resolution = "expected"
    ) -> World:
        """The counterfactual of `happened`: itself if nothing is taken out, so every loss is exactly 0."""
        spared = scenario.spared()
        if spared is scenario:
            return happened
        if self._kept is not None:
            return self._kept
        world = play(spared, block, users=users, name="counterfactual ")
        if world.once:
            self._kept = world
        return world


def timeline(scenario: Scenario, replication: int) -> Timeline:
    """The supply side of one replication, played again from the seed."""
    from sim.scenario import Inputs
    from sim.supply import SupplyPlan

    block, row = divmod(replication, BLOCK)
    return SupplyPlan(scenario, Inputs(scenario, Draws(scenario.seed, block))).run(row)


def spared(scenario: Scenario, block: int, *, users: Resolution = "expected") -> World:
    """The counterfactual of a block, played again from the seed."""
    name = "counterfactual " if scenario.spared() is not scenario else ""
    return play(scenario.spared(), block, users=users, name=name)
