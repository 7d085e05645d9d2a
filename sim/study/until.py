"""Run until some means are known as precisely as wanted, or the runs allowed are spent.

In: a scenario file, measures with the relative precision wanted of each, the most runs. Out: an `Enough`.
Every look goes through `run_study`, so it is a study like any other: stopped, it goes on where it stopped,
and looks at the same numbers of runs again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from weakref import finalize

from sim.errors import UsageError
from sim.outcomes import measures_of
from sim.streams import BLOCK
from sim.study.enough import MINIMUM, Precision, next_look, precision
from sim.study.run import run_study
from sim.study.study import Study
from sim.study.summary import latent

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile


STOPPED_BY = "stopped_by"
"""In the manifest: the rule that looked at the runs and decided how many there are."""


@dataclass(frozen=True, slots=True)
class Known:
    """How precisely a measure of one strategy is known."""

    strategy: str
    precision: Precision


@dataclass(frozen=True, slots=True)
class Enough:
    """A study that ran until it was precise enough.

    Attributes
    ----------
    runs
        That it took, and that the tables show; more where the folder had more to begin with.
    most
        That were allowed.
    looks
        How often the data were looked at.
    known
        How precisely each measure of each strategy is known.
    """

    study: Study
    runs: int
    most: int
    looks: int
    known: tuple[Known, ...]

    @property
    def reached(self) -> bool:
        """All that was wanted."""
        return all(each.precision.reached for each in self.known)

    @property
    def impossible(self) -> tuple[Known, ...]:
        """What no number of runs makes so precise."""
        return tuple(each for each in self.known if math.isinf(each.precision.needed))


def run_until(
    file: ScenarioFile,
    wanted: Mapping[str, float],
    *,
    replications: int,
    output: Path | None = None,
    **options: Any,
) -> Enough:
    """Run, look, and run on, as often as it takes.

    Parameters
    ----------
    wanted
        Measures, and the relative error allowed of the mean of each: 0.05 for 5 %.
    replications
        The most there may be.
    output, options
        As of `run_study`.

    Raises
    ------
    UsageError
        If there is no such measure, or a precision is not above 0.

    Checked by: tests/unit/test_study_until.py
    """
    if not wanted or not all(0.0 < share < math.inf for share in wanted.values()):
        raise UsageError("A precision is a share above 0 of the mean of a measure")
    for strategy in options.get("strategies") or file.strategies:
        there_is(file, strategy, wanted)
    with lodged(output) as (folder, keep):
        found = _looked(file, wanted, replications, output=folder, **options)
        keep(found.study)
    return found


def _looked(file: ScenarioFile, wanted: Mapping[str, float], replications: int, **options: Any) -> Enough:
    """Look after some runs, and after more, until it is enough."""
    asked, looks = min(MINIMUM, replications), 0
    while True:
        study = run_study(file, replications=asked, **options)
        looks += 1
        known = tuple(
            Known(name, _precision(study, name, measure, share))
            for name in study.strategies
            for measure, share in wanted.items()
        )
        runs = max(part.replications for part in study.parts)
        # what no number of runs reaches shall not end it for the rest
        then = next_look(each.precision for each in known if math.isfinite(each.precision.needed))
        if then is None or runs >= replications:
            if runs <= asked:  # else there were more before, and the rule had no say in their number
                study.remember(**{STOPPED_BY: "precision"})
            return Enough(study, runs, replications, looks, known)
        asked = min(max(then, runs + BLOCK), replications)  # runs that failed count for no precision


@contextmanager
def lodged(output: Path | None) -> Iterator[tuple[Path, Callable[[Study], object]]]:
    """A folder for several steps, and what makes a temporary one last as long as its study."""
    if output is not None:
        yield output, lambda _: None
        return
    keeper = TemporaryDirectory(prefix="hostfall-")
    try:
        yield Path(keeper.name), lambda study: finalize(study, keeper.cleanup)
    except BaseException:
        keeper.cleanup()
        raise


def there_is(file: ScenarioFile, strategy: str, measures: Mapping[str, Any]) -> None:
    """Refuse measures that the runs of a strategy will not have, or that have no mean."""
    if strategy not in file.strategies:
        return  # said by `run_study`, with the nearest name
    known = measures_of(file.scenario(strategy))
    for name in measures:
        if name not in known:
            raise UsageError(f"{file.name} has no measure `{name}`")
        if known[name].kind in {"flag", "text"}:
            raise UsageError(f"`{name}` is no amount; its share of the runs has an interval of its own")


def _precision(study: Study, strategy: str, measure: str, share: float) -> Precision:
    part = study.part(strategy)
    return precision(measure, latent(part.measures[measure], study.outcomes(strategy)), share)
