"""The spine: one block of one strategy, from the draws to the measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.outcomes import Outcome, assess
from sim.streams import BLOCK
from sim.study.world import BlockFailedError, Counterfactual, Failure, World, play

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.resolution import Resolution


@dataclass(frozen=True, slots=True)
class BlockResult:
    """All that is known of a block: `BLOCK` consecutive replications, the unit of randomness and of a file.

    `failures` says by place in the block which replications have no outcome, and why; where all have failed,
    the other parts are None.
    """

    block: int
    happened: World | None
    spared: World | None
    outcome: Outcome | None
    failures: Mapping[int, Failure]


def simulate(
    scenario: Scenario,
    block: int,
    *,
    users: Resolution = "expected",
    counterfactual: Counterfactual | None = None,
) -> BlockResult:
    """What happened, what would have, and the difference, for all replications of a block.

    The scenario is already patched by one strategy. Replications of a block are always computed together, and
    from the draws of (seed, name, block) alone: replication k is the same bits whatever else is asked for.
    """
    try:
        happened = play(scenario, block, users=users)
        spared = (counterfactual or Counterfactual()).beside(happened, scenario, block, users=users)
        outcome = _assess(scenario, happened, spared)
    except BlockFailedError as error:
        return BlockResult(block, None, None, None, dict.fromkeys(range(BLOCK), error.failure))
    broken = {
        row: Failure("outcomes", f"ModelInvariantError: {law}") for row, law in outcome.violations.items()
    }
    return BlockResult(block, happened, spared, outcome, {**broken, **spared.failures, **happened.failures})


def _assess(scenario: Scenario, happened: World, spared: World) -> Outcome:
    try:
        return assess(
            scenario, happened.timelines, happened.history, spared.timelines, spared.history, happened.inputs
        )
    except MemoryError:
        raise
    except Exception as error:
        raise BlockFailedError(Failure.of("outcomes", error)) from error
