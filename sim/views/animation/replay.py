"""The replay that a page plays: one run of a scenario, found by what it stands for or by its number.

In: a scenario already patched by one strategy. Out: plain data for JSON. The run is played again from the
seed, so it is the one that figures, story and report show where as many replications are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

import sim
from sim.errors import HostfallError, UsageError
from sim.streams import BLOCK
from sim.study.runs import typical, worst
from sim.study.simulate import BlockResult, simulate
from sim.views.animation.frames import reel
from sim.views.case import Case, Fan, Provenance, Run
from sim.views.gather import run_of
from sim.views.story import tell

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.resolution import Resolution

Which = int | Literal["typical", "worst"]


def replay_of(
    scenario: Scenario,
    which: Which = "typical",
    *,
    replications: int = BLOCK,
    label: str = "",
    strategy: str = "",
    digest: str = "",
    users: Resolution = "expected",
) -> dict[str, Any]:
    """One run as frames for a page.

    Parameters
    ----------
    scenario
        Patched by one strategy.
    which
        ``typical`` (nearest the middle), ``worst`` (loses the most users), or the number of a replication,
        which needs no others.
    replications
        Among how many the typical or the worst is looked for.
    label, strategy, digest
        Of the strategy and the file, for the title and for who wants to make it again.
    users
        How they are followed.

    Raises
    ------
    UsageError
        If that run has no outcome.
    HostfallError
        If every run failed.
    """
    number = which if isinstance(which, int) else chosen(scenario, which, replications, users=users)
    result = simulate(scenario, number // BLOCK, users=users)
    row = number % BLOCK
    if number < 0 or row in result.failures or result.happened is None or result.spared is None:
        raise UsageError(f"run {number} has no outcome")
    happened, spared = result.happened, result.spared
    run = run_of(number, happened.timelines[row], happened.history, spared.history, {}, row=row)
    case = _case(scenario, run, label, strategy, 0 if isinstance(which, int) else replications, digest)
    made = reel(case, run, tell(case, run), history=happened.history, row=row)
    return made.plain(which if isinstance(which, str) else "")


def chosen(
    scenario: Scenario,
    which: Literal["typical", "worst"],
    replications: int,
    *,
    users: Resolution = "expected",
) -> int:
    """The number of the typical or the worst among so many replications."""
    found: dict[str, list[Any]] = {"replication": [], "downtime": [], "users_lost": []}
    for block in range(-(-replications // BLOCK)):
        result = simulate(scenario, block, users=users)
        good = _good(result, replications)
        if result.outcome is not None and good.size:
            found["replication"].append(block * BLOCK + good)
            for name in ("downtime", "users_lost"):
                found[name].append(result.outcome.columns[name][good])
    if not found["replication"]:
        raise HostfallError("every run failed")
    outcomes = {name: np.concatenate(columns) for name, columns in found.items()}
    return (typical if which == "typical" else worst)(outcomes)


def _good(result: BlockResult, replications: int) -> Any:
    """Places of a block's replications that are asked for and did not fail."""
    last = min(replications - result.block * BLOCK, BLOCK)
    return np.setdiff1d(np.arange(last), list(result.failures))


def _case(scenario: Scenario, run: Run, label: str, strategy: str, replications: int, digest: str) -> Case:
    """What the story reads of a case; no other runs, so no numbers over all runs."""
    provenance = Provenance(scenario.name, digest, scenario.seed, sim.__version__, replications, strategy)
    return Case(
        scenario=scenario,
        provenance=provenance,
        label=label or scenario.title,
        uncertain=bool(scenario.unknowns),
        outcomes={},
        censored={},
        active=cast("Fan", None),
        shares=(),
        typical=run,
        lines=(),
    )
