"""What each event did: the loss as it happened less the loss in the world without it, run by run.

In: a scenario file and the blows to take out. Out: their worlds, each a study of its own beside the others,
and from the outcomes of one strategy in all of them `Effect` records, the rows of `without.csv`. The worlds
share their draws, so a difference is due to the events taken out and to nothing else. What several blows do
together is not the sum of what each does alone: where either suffices to lose a user, taking one away saves
little (together more than the sum); where it takes both, taking either away saves the same user (together
less than the sum).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.outcomes import Measure
from sim.study import rounding
from sim.study.comparison import paired
from sim.study.run import Progress, default_folder, run_study
from sim.study.statistics import Array, mean_interval
from sim.study.summary import Outcomes, finished, values

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile
    from sim.scenario.resolution import Resolution
    from sim.scenario.without import Blow

FOLDER = "without"
"""Of the worlds, in the folder of the study; each is called by its digest."""

Watch = Callable[[str], AbstractContextManager[Progress | None]]
"""Gives a progress for a piece of work that is called so."""

What = Literal["alone", "together", "interaction"]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a blow did to one measure.

    Attributes
    ----------
    what
        "alone": one blow; "together": all that were named; "interaction": together minus the sum.
    events, gone
        The blow as it was named, and all that goes with it, joined by "+".
    runs
        Runs that have an outcome in every world.
    happened, without
        Means as it happened and without the blow; NaN for the interaction.
    effect, low, high
        Mean of happened - without within the runs (for the interaction, of the effects' difference) and its
        95 % t interval.
    restricted
        Some run was cut by the horizon in some world and enters with what was seen of it.
    """

    strategy: str
    what: What
    events: str
    gone: str
    measure: str
    unit: str
    runs: int
    happened: float
    without: float
    effect: float
    low: float
    high: float
    restricted: bool


@dataclass(frozen=True, slots=True)
class Spared:
    """The world without a blow: its name, all events that go with it, and what came of it."""

    events: str
    gone: frozenset[str]
    outcomes: Outcomes


def simulate_without(
    file: ScenarioFile,
    blow: Blow,
    *,
    strategies: Sequence[str],
    folder: Path | None,
    watch: Watch,
    users: Resolution = "expected",
    **options: Any,
) -> dict[str, Spared]:
    """The world without a blow under each strategy: a study like any other, with a digest of its own.

    Parameters
    ----------
    folder
        Of the study with all events; None keeps nothing.
    options
        As of `run_study`.
    """
    from sim.scenario.without import file_without, taken_out

    spared = file_without(file, blow)
    place = None if folder is None else folder / FOLDER / default_folder(spared, users=users).name
    with watch(f"{file.name} without {blow.name}") as progress:
        study = run_study(
            spared, output=place, strategies=strategies, users=users, progress=progress, **options
        )
    return {
        name: Spared(blow.name, taken_out(file.strategies[name].events, blow), study.outcomes(name))
        for name in strategies
    }


def effects(
    strategy: str,
    measures: Mapping[str, Measure],
    happened: Outcomes,
    apart: Sequence[Spared],
    whole: Spared | None,
) -> list[Effect]:
    """What each blow did alone, what they did together, and how far that is from the sum.

    Parameters
    ----------
    apart
        The world without each blow.
    whole
        The world without all of them; None where only one was named. The interaction is left out where an
        event belongs to two blows, for then it would be counted twice in the sum.
    """
    worlds = [*apart, *([whole] if whole is not None else [])]
    base, *rest = paired(happened, *(world.outcomes for world in worlds))
    if not len(base["replication"]):
        return []
    found = []
    for measure in measures.values():
        gaps = [rounding.gap(values(measure, base), values(measure, one)) for one in rest]
        told = [_alone(strategy, measure, base, one) for one in rest]
        for world, gap, means in zip(worlds, gaps, told, strict=True):
            what: What = "together" if world is whole else "alone"
            found.append(_effect(strategy, what, world.events, world.gone, measure, gap, *means))
        if whole is not None and disjoint(apart):
            names = ", ".join(one.events for one in apart)
            extra: Array = gaps[-1] - np.sum(gaps[:-1], axis=0)
            largest = max(float(np.abs(values(measure, one)).max()) for one in (base, *rest))
            extra = np.where(np.abs(extra) <= rounding.ROUNDING * largest, 0.0, extra)
            cut = any(means[2] for means in told)
            nan = float("nan")
            found.append(_effect(strategy, "interaction", names, whole.gone, measure, extra, nan, nan, cut))
    return found


def disjoint(worlds: Sequence[Spared]) -> bool:
    """Whether no event is taken out by two of the blows."""
    return sum(len(one.gone) for one in worlds) == len(frozenset().union(*(one.gone for one in worlds)))


def _alone(strategy: str, measure: Measure, base: Outcomes, one: Outcomes) -> tuple[float, float, bool]:
    """Both means, and whether the horizon cut any run."""
    whole = finished(measure, base) & finished(measure, one)
    return float(values(measure, base).mean()), float(values(measure, one).mean()), not bool(whole.all())


def _effect(
    strategy: str,
    what: What,
    events: str,
    gone: frozenset[str],
    measure: Measure,
    gap: Array,
    happened: float,
    without: float,
    restricted: bool,
) -> Effect:
    interval = mean_interval(gap)
    return Effect(
        strategy=strategy,
        what=what,
        events=events,
        gone="+".join(sorted(gone)),
        measure=measure.name,
        unit=measure.unit,
        runs=len(gap),
        happened=happened,
        without=without,
        effect=interval.value,
        low=interval.low,
        high=interval.high,
        restricted=restricted,
    )
