"""Compare strategies, and worlds without some of the events, on the same random numbers.

In: a scenario file, or folders that `run` has written. Out: a `Comparison`: sentences, tables and figures,
and the files `comparison.csv`, `selection.csv`, `pareto.csv`, `without.csv`, `yearly.csv` and
`turning_points.csv` in the folder `compare` of the study.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.views.comparison import Comparison

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile
    from sim.scenario.resolution import Resolution
    from sim.scenario.without import Blow
    from sim.study.arms import Arm
    from sim.study.run import Progress
    from sim.study.without import Effect, Watch

FOLDER = "compare"
"""Of the tables and figures, in the folder of the study."""


def compare(
    scenario_file: ScenarioFile,
    *,
    strategies: Sequence[str] | None = None,
    baseline: str | None = None,
    without: Sequence[str] = (),
    precision: str | Sequence[str] = (),
    select: str | None = None,
    replications: int = 1000,
    workers: int = 1,
    cluster: str | None = None,
    users: Resolution = "expected",
    output: Path | str | None = None,
    watch: Watch | None = None,
    command: str = "sim.compare",
) -> Comparison:
    """Run the strategies of a scenario, and the worlds without events, on common random numbers.

    Parameters
    ----------
    scenario_file
        From `load_scenario`.
    strategies
        Which of the file's, by default all.
    baseline
        What the others are compared with; by default the file's, or the first of those named. One strategy
        named alone is compared with the file's.
    without
        Ids of events to take out, each alone and, where there are several, all together as well. Events
        joined by `+` are taken out together, as one.
    precision
        ``MEASURE=SHARE``, one or several: run until the mean of each measure is known to this share of it
        under every strategy, as ``"users_lost=5%"``.
    select
        ``MEASURE=AMOUNT``: run until the best in it is chosen, the amount being the smallest difference that
        matters; what drops out on the way is run no further.
    replications
        Runs that the tables show; with `precision` or `select` the most there may be.
    workers, cluster
        Processes; or the address of a Dask scheduler whose workers compute instead.
    users
        "expected" numbers, whole "sampled" users, or individuals in a "graph" of friends.
    output
        The folder of results, that of `run`; None keeps nothing and writes nothing.
    watch
        Gives a progress for each study.

    Raises
    ------
    UsageError
        If there is no such strategy or event, or nothing to compare.

    Examples
    --------
    ``compare(load_scenario("scenarios/parler_2021.yaml"), without=["suspend_host"])``
    """
    from sim.scenario.without import read_blows
    from sim.study import executors
    from sim.study.arms import arms_of
    from sim.views import stopping

    if select and without:
        raise UsageError(
            "--select stops when a strategy is chosen, and --without needs as many runs of every one"
        )
    base, names = _chosen(scenario_file, strategies, baseline, alone=bool(without))
    blows = read_blows(scenario_file, without, names)
    if len(names) == 1 and not blows:
        raise UsageError(_nothing(scenario_file, base))
    folder, watched = None if output is None else Path(output), watch or _unwatched
    common: dict[str, Any] = {
        "strategies": names, "workers": workers, "executor": executors.chosen(workers, cluster),
        "users": users, "command": command,
    }  # fmt: skip
    with watched(scenario_file.name) as progress:
        study, stopped = stopping.run_as_asked(
            scenario_file, precision=precision, select=select, replications=replications,
            output=folder, progress=progress, **common,
        )  # fmt: skip
    arms, runs = arms_of(study), max(part.replications for part in study.parts)
    beside = common | {"replications": runs, "folder": folder, "watch": watched}
    worlds, found = _without(scenario_file, arms, blows, **beside)
    result = Comparison(
        scenario_file.name, scenario_file.title, tuple(arms), base, tuple(blows), tuple(worlds),
        tuple(found), None if folder is None else folder / FOLDER, stopped,
    )  # fmt: skip
    result.save()
    return result


def _without(
    file: ScenarioFile, arms: Sequence[Arm], blows: Sequence[Blow], **beside: Any
) -> tuple[list[Blow], list[Effect]]:
    """The worlds without events that were simulated, and what each blow did to every strategy."""
    from sim.scenario.without import together
    from sim.study.without import effects, simulate_without

    both = together(file, blows, beside["strategies"])
    worlds = [*blows, *([both] if len(blows) > 1 and both not in blows else [])]
    spared = {blow: simulate_without(file, blow, **beside) for blow in worlds}
    apart = [blow for blow in blows if len(blows) == 1 or blow != both]
    return worlds, [
        effect
        for arm in (arms if blows else ())
        for effect in effects(
            arm.strategy,
            arm.measures,
            arm.outcomes,
            [spared[blow][arm.strategy] for blow in apart],
            spared[both][arm.strategy] if len(blows) > 1 else None,
        )
    ]


def compare_folders(
    folders: Sequence[Path],
    *,
    strategies: Sequence[str] | None = None,
    baseline: str | None = None,
    output: Path | None = None,
) -> Comparison:
    """Compare finished results as they are: the strategies of one folder, or one strategy of each of several.

    Tables and figures go into the folder `compare` of ``output``, or of the only folder; those of several
    are only printed unless an output is given.

    Raises
    ------
    ArchiveError
        If a folder has no finished results, or runs of two folders are no pairs.
    UsageError
        If there is no such strategy, or only one.
    """
    from sim.study.arms import read_arms

    arms, usual = read_arms(folders)
    known = [arm.strategy for arm in arms]
    chosen = _named(strategies or known, known, "in these results")
    base = _baseline(baseline, usual, chosen, known, "in these results")
    kept = [arm for arm in arms if arm.strategy in {*chosen, base}]
    if len(kept) < 2:
        raise UsageError(f"{folders[0]} has one strategy ({base}), and nothing to compare it with")
    place = output or (folders[0] if len(folders) == 1 else None)
    first = kept[0].scenario
    result = Comparison(
        first.name, first.title, tuple(kept), base, (), (), (), None if place is None else place / FOLDER
    )
    result.save()
    return result


def _chosen(
    file: ScenarioFile, strategies: Sequence[str] | None, baseline: str | None, *, alone: bool
) -> tuple[str, list[str]]:
    """The baseline, and the strategies to run in file order; one may stand alone if events are taken out."""
    known, where = list(file.strategies), f"in {file.name}"
    named = _named(strategies or known, known, where)
    base = _baseline(baseline, file.baseline, named, known, where, alone=alone)
    return base, [name for name in known if name in {*named, base}]


def _named(names: Sequence[str], known: Sequence[str], where: str) -> list[str]:
    from sim.views import places

    for name in names:
        if name not in known:
            near = places.did_you_mean(places.nearest(name, known))
            raise UsageError(f"No strategy is called `{name}` {where}.{near} There are: {', '.join(known)}.")
    return list(dict.fromkeys(names))


def _baseline(
    wanted: str | None,
    usual: str,
    chosen: Sequence[str],
    known: Sequence[str],
    where: str,
    *,
    alone: bool = False,
) -> str:
    if wanted is not None:
        return _named([wanted], known, where)[0]
    return usual if usual in chosen or (len(chosen) == 1 and not alone) else chosen[0]


def _nothing(file: ScenarioFile, strategy: str) -> str:
    """What is said where there is one strategy and no event to take out."""
    events = [event.id for event in file.scenario(strategy).events if event.takes_away]
    hint = f"take an event out with --without ({', '.join(events)})" if events else ""
    more = "name another with --strategy" if len(file.strategies) > 1 else "give the file `strategies:`"
    fix = " or ".join(filter(None, (hint, more)))
    return f"There is one strategy ({strategy}) and nothing to compare it with; {fix}."


def _unwatched(_: str) -> AbstractContextManager[Progress | None]:
    return nullcontext(None)
