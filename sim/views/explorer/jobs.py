"""What a worker process does: open a scenario with settings, compute a block, replay a run, write a report.

In: paths of scenarios that the server lists, settings of visitors, scenarios. Out: records that can be
sent between processes. Each block is what `simulate` gives, so it is what a run has in its tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import HostfallError, UsageError
from sim.outcomes import Outcome
from sim.scenario import Scenario
from sim.scenario.crowd import Network
from sim.scenario.resolution import Resolution
from sim.streams import BLOCK
from sim.study.looks import look
from sim.study.simulate import BlockResult, simulate
from sim.study.world import Counterfactual
from sim.views.explorer.opening import OneStrategy, open_strategy
from sim.views.explorer.settings import controls

LONGEST = 5 * 8766.0
"""Longest horizon, hours: five years."""
MOST_TIMES = 2_000
"""Report times."""
MOST_LOOKS = 40_000
"""Report times x segments: what a block keeps of its users."""
MOST_CANDIDATES = 1_000
MOST_PEOPLE = 2_000
MOST_TIES = 20_000
"""Individuals in a network, and the ties between them."""

LOADED_LATE = (
    "scipy.special", "sim.supply.simulate", "sim.demand.simulate", "networkx", "sim.views.explorer.breaks",
    "sim.views.animation",
)  # fmt: skip
"""What is imported where it is used, because most commands need none of it."""

_COUNTERFACTUALS: dict[str, Counterfactual] = {}
_REMEMBERED = 4


@dataclass(frozen=True, slots=True)
class Opened:
    """A scenario as one side sets it."""

    key: str
    name: str
    strategy: str
    label: str
    scenario: Scenario
    users: Resolution = "expected"


@dataclass(frozen=True, slots=True)
class Part:
    """One block of one side, as far as the page needs it.

    Attributes
    ----------
    outcomes
        Every measure, and `replication`, of the runs that did not fail. Each of shape (runs,).
    active
        Active users of all segments at the report times; single precision, as in a study. (runs, times).
    would
        The mean of the same in the counterfactual. Shape (times,).
    causes
        Hours of the headline's downtime by cause and kind, over all runs.
    failed, reason
        Runs without an outcome, and why the first has none.
    """

    outcomes: dict[str, NDArray[Any]]
    times: NDArray[np.float64]
    active: NDArray[np.float32]
    would: NDArray[np.float64]
    causes: Mapping[tuple[str, str], float]
    failed: int
    reason: str

    @property
    def size(self) -> int:
        """Bytes, roughly."""
        return self.active.nbytes + sum(column.nbytes for column in self.outcomes.values()) + 10_000


def prepare() -> None:
    """Load now what the first block and the first picture would load while somebody waits for them."""
    for name in LOADED_LATE:
        import_module(name)


def _load(path: Path, settings: tuple[str, ...], strategy: str | None) -> OneStrategy:
    found = open_strategy(path, settings, strategy)
    _bounded(found.file.scenario())
    return found


def _bounded(scenario: Scenario) -> None:
    """Refuse what would take this machine too long, before it is tried."""
    clock = scenario.clock
    times = clock.horizon / clock.report_every
    if clock.horizon > LONGEST:
        raise UsageError(
            "clock.horizon: the explorer looks at most five years ahead; `run` has no such limit"
        )
    if times > MOST_TIMES or times * len(scenario.users.segments) > MOST_LOOKS:
        raise UsageError(
            f"clock.report_every: the explorer reports at most {MOST_TIMES:,} times, fewer with many "
            "segments; write a longer one"
        )
    for role, plan in scenario.response.replace.items():
        asked = plan.search.candidates if plan.search is not None else 0
        if isinstance(asked, int) and asked > MOST_CANDIDATES:
            where = f"response.replace.{role}.search.candidates"
            raise UsageError(f"{where}: the explorer asks at most {MOST_CANDIDATES:,}")
    network = scenario.users.network or Network()
    ties = len(network.ties) or network.people * network.friends / 2
    if network.people > MOST_PEOPLE or ties > MOST_TIES:
        raise UsageError(
            f"users.network: the explorer follows at most {MOST_PEOPLE:,} people with {MOST_TIES:,} ties; "
            "`run --users graph` has no such limit"
        )


def open_side(
    key: str, path: Path, settings: tuple[str, ...], strategy: str | None, users: Resolution
) -> Opened:
    """Load, validate and bound one side."""
    one = _load(path, settings, strategy)
    file, scenario = one.file, one.file.scenario()
    return Opened(key, file.name, one.strategy, one.labels[one.strategy], scenario, users)


def list_controls(
    path: Path, settings: tuple[str, ...], strategy: str | None, users: Resolution = "expected"
) -> dict[str, Any]:
    """What the page needs to draw one side's inputs."""
    one = _load(path, settings, strategy)
    found = controls(one.file, one.strategy, individuals=users == "graph")
    return {
        "title": one.file.title,
        "about": one.file.about,
        "strategy": one.strategy,
        "baseline": one.baseline,
        "strategies": [[name, label] for name, label in one.labels.items()],
        "controls": [control.plain() for control in found],
    }


def resolved(path: Path, settings: tuple[str, ...], strategy: str | None) -> tuple[str, str]:
    """The file's name, and its text with the settings and every default written out."""
    file = _load(path, settings, strategy).file
    return file.name, file.resolved_yaml()


def report(
    path: Path, settings: tuple[str, ...], strategy: str | None, users: Resolution, runs: int
) -> tuple[str, str]:
    """The file's name, and the report of one side as one page."""
    from sim.views.api import run

    file = _load(path, settings, strategy).file
    return file.name, run(file, replications=runs, users=users).report.html


def play_block(key: str, scenario: Scenario, block: int, users: Resolution = "expected") -> Part:
    """One block: 200 replications, as `simulate` gives them."""
    while len(_COUNTERFACTUALS) >= _REMEMBERED and key not in _COUNTERFACTUALS:
        _COUNTERFACTUALS.pop(next(iter(_COUNTERFACTUALS)))
    counterfactual = _COUNTERFACTUALS.setdefault(key, Counterfactual())
    return part_of(scenario, simulate(scenario, block, users=users, counterfactual=counterfactual))


def part_of(scenario: Scenario, result: BlockResult) -> Part:
    """What the page needs of a block.

    Raises
    ------
    HostfallError
        If no replication has an outcome.
    """
    first = min(result.failures, default=None)
    reason = "" if first is None else f"{result.failures[first].stage}: {result.failures[first].reason}"
    happened, spared = result.happened, result.spared
    good = np.setdiff1d(np.arange(BLOCK), list(result.failures))
    if happened is None or spared is None or result.outcome is None or not good.size:
        raise HostfallError(f"every run failed; the first: {reason}")
    outcomes: dict[str, NDArray[Any]] = {"replication": result.block * BLOCK + good}
    outcomes |= {name: column[good] for name, column in result.outcome.columns.items()}
    # The counterfactual of a world without chance has one row that stands for all.
    rows = np.zeros(1, dtype=np.int64) if spared.once else good
    segments = [f"active.{name}" for name in happened.history.segments]
    active = np.asarray(sum(look(happened, name, good) for name in segments), dtype=np.float32)
    would = np.asarray(sum(look(spared, name, rows).mean(axis=0) for name in segments))
    causes = _causes(result.outcome, scenario.headline, good)
    return Part(outcomes, happened.history.times, active, would, causes, len(result.failures), reason)


def _causes(outcome: Outcome, headline: str, good: NDArray[np.int64]) -> dict[tuple[str, str], float]:
    """Hours by cause and kind of the headline's downtime in the runs that did not fail."""
    told = outcome.attribution
    wanted = (told.capability == headline) & np.isin(told.row, good)
    found: dict[tuple[str, str], float] = {}
    for cause, kind, hours in zip(told.cause[wanted], told.kind[wanted], told.hours[wanted], strict=True):
        found[str(cause), str(kind)] = found.get((str(cause), str(kind)), 0.0) + float(hours)
    return found


def replay(opened: Opened, replication: int) -> dict[str, Any]:
    """One run as frames and as a dated story, played again from the seed."""
    from sim.scenario.digest import digest_of
    from sim.views.animation import replay_of

    name, scenario = opened.strategy, opened.scenario
    digest = digest_of({name: scenario}, name)  # that of the file that can be taken along
    return replay_of(
        scenario, replication, label=opened.label, strategy=name, digest=digest, users=opened.users
    )


def breaks(opened: Opened, lost: tuple[str, ...]) -> dict[str, Any]:
    """Who depends on whom, with some suppliers lost."""
    from sim.views.explorer.breaks import breaks as found

    return found(opened.scenario, lost)


def consequence(opened: Opened, lost: tuple[str, ...]) -> dict[str, Any]:
    """What it costs if some suppliers are lost at the start, for good."""
    from sim.views.explorer.breaks import consequence as found

    return found(opened.scenario, lost)
