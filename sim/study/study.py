"""A finished study: its tables as plain Python and numpy, and any of its runs played again.

In: an archive. Out: what views read. Nothing is kept in memory but what was last asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.streams import BLOCK
from sim.study import claims, runs, summary, tables
from sim.study.archive import Archive
from sim.study.comparison import Difference
from sim.study.criticality import Critical, criticality
from sim.study.parquet import fetch, quoted
from sim.study.summary import Line, Outcomes
from sim.study.tables import Part
from sim.study.trajectories import EVERYONE, users_at
from sim.study.world import Counterfactual, World, play

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from sim.demand import History
    from sim.scenario import ScenarioFile
    from sim.scenario.resolution import Resolution
    from sim.supply import Timeline

_REPLAYS = 2
"""Blocks played again that are remembered: those of the typical and of the worst run."""


class Replay(NamedTuple):
    """One replication in both worlds. The histories have one row."""

    timeline: Timeline
    history: History
    spared_timeline: Timeline
    spared_history: History


class Study:
    """Results of some strategies of one scenario file.

    Attributes
    ----------
    file, folder
        What was run, and where its results are.
    parts, shown
        The strategies asked for; all those in the folder's tables.
    users
        In what detail users were followed.
    already_done
        Nothing had to be computed.
    """

    def __init__(
        self,
        file: ScenarioFile,
        archive: Archive,
        parts: Sequence[Part],
        shown: Sequence[Part],
        *,
        users: Resolution = "expected",
        already_done: bool = False,
        keeper: TemporaryDirectory[str] | None = None,
    ) -> None:
        self.file = file
        self.parts = tuple(parts)
        self.shown = tuple(shown)
        self.users = users
        self.already_done = already_done
        self._archive = archive
        if keeper is not None:
            finalize(archive, keeper.cleanup)  # a temporary folder lasts as long as who reads it
        self._outcomes: dict[str, Outcomes] = {}
        self._replays: dict[tuple[str, int], tuple[World, World]] = {}

    # -- what it is ---------------------------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """Where the results are."""
        return self._archive.folder

    @property
    def manifest(self) -> dict[str, Any]:
        """What ran: digest, seed, replications, versions, duration, command."""
        return self._archive.manifest()

    def remember(self, **more: Any) -> None:
        """Add to what the manifest says; what it says already is not written again."""
        said = self.manifest
        if said | more != said:
            with self._archive.open(said["digest"]) as now:
                self._archive.write_manifest(now | more)

    @property
    def strategies(self) -> tuple[str, ...]:
        """The strategies asked for, in file order."""
        return tuple(part.strategy for part in self.parts)

    def part(self, strategy: str | None = None) -> Part:
        """One strategy with its scenario and replications; by default the baseline, or the first there is."""
        names = [part.strategy for part in self.shown]
        wanted = strategy or (
            self.file.baseline if self.file.baseline in self.strategies else self.strategies[0]
        )
        if wanted not in names:
            raise UsageError(
                f"there are no results of a strategy `{wanted}`; there are of {', '.join(names)}"
            )
        return self.shown[names.index(wanted)]

    # -- tables -------------------------------------------------------------------------------------------

    def outcomes(self, strategy: str | None = None) -> Outcomes:
        """Every measure, and `replication`, of the runs that did not fail. Each of shape (runs,)."""
        part = self.part(strategy)
        if part.strategy not in self._outcomes:
            self._outcomes[part.strategy] = tables.outcomes_of(self._archive, part)
        return self._outcomes[part.strategy]

    def finished(self, measure: str, strategy: str | None = None) -> NDArray[np.bool_]:
        """Which runs the horizon did not cut, for a measure. Shape (runs,)."""
        part = self.part(strategy)
        return summary.finished(part.measures[measure], self.outcomes(part.strategy))

    def failures(self, strategy: str | None = None) -> tuple[int, str]:
        """How many runs have no outcome, and the stage and reason of the first."""
        return tables.failures_of(self._archive, self.part(strategy))

    @cached_property
    def summary(self) -> list[Line]:
        """One line a strategy and measure."""
        outcomes = {part.strategy: self.outcomes(part.strategy) for part in self.parts}
        return tables.summaries(self._archive, self.parts, outcomes)

    @cached_property
    def comparison(self) -> list[Difference]:
        """One line a strategy and measure, against the baseline; empty if that was not run."""
        names = {*self.strategies, self.file.baseline} & {part.strategy for part in self.shown}
        outcomes = {strategy: self.outcomes(strategy) for strategy in names}
        return tables.comparisons(self.parts, outcomes, self.file.baseline)

    def targets(self, strategy: str | None = None) -> list[claims.Verdict]:
        """In how many runs each target is met."""
        part = self.part(strategy)
        scenario = self.file.scenario(part.strategy)
        return claims.targets(
            scenario, part.strategy, self.outcomes(part.strategy), self.failures(part.strategy)[0]
        )

    def claims(self, strategy: str | None = None) -> list[claims.Verdict]:
        """What became of each claim about a strategy."""
        part = self.part(strategy)
        scenario = self.file.scenario(part.strategy)
        return claims.claims(
            scenario, part.strategy, self.outcomes(part.strategy), self.failures(part.strategy)[0]
        )

    @property
    def attribution(self) -> Mapping[str, NDArray[Any]]:
        """Where all downtime came from, as columns."""
        return self._table("attribution")

    def spent(self, strategy: str | None = None, capability: str | None = None) -> list[Critical]:
        """What a capability's downtime (the headline's, if left out) was spent on, the most first."""
        part = self.part(strategy)
        runs_ = len(self.outcomes(part.strategy)["replication"])
        place = self.folder / "attribution.parquet"
        return criticality(place, part.strategy, runs_, capability or part.scenario.headline)

    def planned(self, strategy: str | None = None) -> float | None:
        """Hours of the headline's downtime if all went to plan; None where nobody does anything about it."""
        scenario = self.part(strategy).scenario
        if not scenario.response.replace and not scenario.response.appeal:
            return None
        from sim.supply.forecast import forecast

        level = forecast(scenario).levels[scenario.headline]
        return sum(end - start for start, end in level.down())

    @property
    def segments(self) -> Mapping[str, NDArray[Any]]:
        """Losses by segment, as columns."""
        return self._table("segments")

    @property
    def trajectories(self) -> Mapping[str, NDArray[Any]]:
        """Mean, quantiles and counterfactual over time, as columns."""
        return self._table("trajectories")

    def fan(
        self, quantity: str = "active", segment: str = EVERYONE, strategy: str | None = None
    ) -> dict[str, NDArray[np.float64]]:
        """One quantity over time: `time`, `mean`, `p05` ... `p95`, `counterfactual`, each (times,)."""
        chosen = {"strategy": self.part(strategy).strategy, "quantity": quantity, "segment": segment}
        where = " AND ".join(f"{column} = {quoted(word)}" for column, word in chosen.items())
        query = (
            f"SELECT * EXCLUDE (strategy, quantity, segment) FROM {self._file('trajectories')} WHERE {where}"
        )
        return fetch(f"{query} ORDER BY time")

    def users_at(self, state: str, hours: float, strategy: str | None = None) -> NDArray[np.float64]:
        """Users in a state at an instant, in every run whose trajectory is kept. (runs,)."""
        return users_at(tables.looks_of(self._archive, self.part(strategy)), state, hours)

    # -- single runs --------------------------------------------------------------------------------------

    def typical(self, strategy: str | None = None) -> int:
        """The replication that stands for all."""
        return runs.typical(self.outcomes(strategy))

    def worst(self, strategy: str | None = None) -> int:
        """The replication that loses the most users."""
        return runs.worst(self.outcomes(strategy))

    def timeline(self, strategy: str | None, replication: int) -> tuple[Timeline, History]:
        """One run, played again from the seed: its timeline, and its users (one row)."""
        replay = self.replay(strategy, replication)
        return replay.timeline, replay.history

    def replay(self, strategy: str | None, replication: int) -> Replay:
        """One run in both worlds, played again from the seed: the same bits as in the tables."""
        part = self.part(strategy)
        if replication < 0:
            raise UsageError(f"replications are numbered from 0; there is no {replication}")
        block, row = divmod(replication, BLOCK)
        happened, spared = self._worlds(part, block)
        return Replay(
            happened.timelines[row],
            one_row(happened.history, row),
            spared.timelines[row],
            one_row(spared.history, row),
        )

    def _worlds(self, part: Part, block: int) -> tuple[World, World]:
        key = (part.strategy, block)
        if key not in self._replays:
            happened = play(part.scenario, block, users=self.users)
            spared = Counterfactual().beside(happened, part.scenario, block, users=self.users)
            while len(self._replays) >= _REPLAYS:
                self._replays.pop(next(iter(self._replays)))
            self._replays[key] = (happened, spared)
        return self._replays[key]

    def _file(self, table: str) -> str:
        return f"read_parquet({quoted(self.folder / f'{table}.parquet')})"

    def _table(self, table: str) -> Mapping[str, NDArray[Any]]:
        chosen = ", ".join(quoted(strategy) for strategy in self.strategies)
        return fetch(f"SELECT * FROM {self._file(table)} WHERE strategy IN ({chosen})")


def one_row(history: History, row: int) -> History:
    """One replication of a history."""
    rows = slice(row, row + 1)
    size = len(history.joined)

    def of_row(look: Any) -> Any:
        return lambda hours: look(np.broadcast_to(hours, (size, hours.shape[-1])))[rows]

    return replace(
        history,
        states={state: values[rows] for state, values in history.states.items()},
        end={state: values[rows] for state, values in history.end.items()},
        start=history.start[rows],
        joined=history.joined[rows],
        served_hours=history.served_hours[rows],
        grid=history.grid[rows],
        on_grid={state: values[rows] for state, values in history.on_grid.items()},
        active_at=of_row(history.active_at),
        given_up_at=of_row(history.given_up_at),
        at_place=_some(history.at_place, rows),
        door=_some(history.door, rows),
        beside=_some(history.beside, rows),
        moved=_some(history.moved, rows),
        flows={name: values[rows] for name, values in history.flows.items()},
    )


def _some(values: NDArray[np.float64] | None, rows: slice) -> NDArray[np.float64] | None:
    return None if values is None else values[rows]
