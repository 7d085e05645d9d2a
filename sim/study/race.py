"""Run strategies until the best of them is chosen, or the runs allowed are spent.

In: a scenario file, a measure, the smallest difference that matters, and the most runs. Out: a `Chosen`. What
has dropped out is run no further. Every step goes through `run_study`, so what was stopped goes on where it
stopped; the choice depends on the runs alone, not on how often it was stopped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UsageError
from sim.outcomes import measures_of
from sim.streams import BLOCK
from sim.study.enough import GROWTH
from sim.study.kim_nelson import BATCH, FIRST, Choice, Race
from sim.study.run import run_study
from sim.study.statistics import CONFIDENCE, Array
from sim.study.study import Study
from sim.study.summary import latent
from sim.study.until import STOPPED_BY, lodged, there_is

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile


@dataclass(frozen=True, slots=True)
class Chosen:
    """What became of the strategies.

    Attributes
    ----------
    measure, indifference
        By what they were told apart, and the smallest difference that matters, in its unit.
    confidence
        Probability of choosing the best if it is better by `indifference` or more.
    strategies
        All of them, numbered as in `choice`.
    most
        Runs that were allowed.
    """

    study: Study
    measure: str
    indifference: float
    confidence: float
    strategies: tuple[str, ...]
    choice: Choice
    most: int

    @property
    def best(self) -> str | None:
        """The one chosen; None while several are left."""
        return None if self.choice.best is None else self.strategies[self.choice.best]

    @property
    def left(self) -> tuple[str, ...]:
        """Those not dropped."""
        return tuple(self.strategies[i] for i in self.choice.left)

    @property
    def dropped(self) -> tuple[tuple[str, int], ...]:
        """Those that dropped out, with the runs each had by then."""
        return tuple((self.strategies[i], runs) for i, runs in self.choice.dropped)


def run_race(
    file: ScenarioFile,
    measure: str,
    indifference: float,
    *,
    replications: int,
    strategies: Sequence[str] | None = None,
    output: Path | None = None,
    **options: Any,
) -> Chosen:
    """Run strategies, drop those that are not the best, and run the rest on.

    Parameters
    ----------
    measure, indifference
        What the best is best in, and the smallest difference that matters, in its unit.
    replications
        The most there may be of each.
    strategies, output, options
        As of `run_study`.

    Raises
    ------
    UsageError
        If there are not two strategies, no such measure, no difference above 0, or if the horizon cuts it in
        some run: what is cut has no mean.

    Checked by: tests/unit/test_study_race.py
    """
    names = tuple(name for name in file.strategies if name in (strategies or file.strategies))
    for name in names:
        there_is(file, name, {measure: indifference})
    race = Race(len(names), indifference, bad=measures_of(file.scenario(names[0]))[measure].bad)
    first = min(FIRST * BATCH, replications)
    with lodged(output) as (folder, keep):
        choice = _raced(file, measure, race, names, (first, replications), output=folder, **options)
        # those that dropped out are shown with the runs they have
        study = run_study(file, strategies=names, replications=first, output=folder, **options)
        study.remember(**{STOPPED_BY: "selection"})
        keep(study)
    return Chosen(study, measure, indifference, CONFIDENCE, names, choice, replications)


def _raced(
    file: ScenarioFile,
    measure: str,
    race: Race,
    names: Sequence[str],
    ends: tuple[int, int],
    **options: Any,
) -> Choice:
    """Run those that are left, from the first number of runs on until one is left or the last is reached."""
    done, asked = 0, ends[0]
    while True:
        left = [names[i] for i in race.choice.left]
        study = run_study(file, strategies=left, replications=asked, **options)
        choice = race.take(_rows(study, names, left, measure, (done, asked)))
        done = asked
        if choice.best is not None or done >= ends[1]:
            return choice
        asked = min(done + max(math.ceil(GROWTH * done / BLOCK), 1) * BLOCK, ends[1])


def _rows(
    study: Study, names: Sequence[str], left: Sequence[str], measure: str, ends: tuple[int, int]
) -> Array:
    """The values of the runs from the one number up to the other; what dropped out has none."""
    numbers = [study.outcomes(name)["replication"] for name in left]
    common = reduce(np.intersect1d, numbers)  # a run that failed with one strategy is no row
    common = common[(common >= ends[0]) & (common < ends[1])]
    rows = np.full((len(common), len(names)), math.nan)
    for name, number in zip(left, numbers, strict=True):
        values = latent(study.part(name).measures[measure], study.outcomes(name))
        rows[:, names.index(name)] = values[np.searchsorted(number, common)]
        if not np.isfinite(rows[:, names.index(name)]).all():
            raise UsageError(
                f"The simulation ends before `{measure}` does in some runs of {name}, and what is cut has no "
                "mean to choose by; choose by another measure, such as downtime or user_hours_lost"
            )
    return rows
