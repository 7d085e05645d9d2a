"""Python: how a result moves with some fields of a scenario, and where two strategies swap.

In: a `ScenarioFile`. Out: a `Swept`: sentences, tables, figures and a page, each made when first asked for,
and beside the files of the sweep where it has a folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import ArchiveError
from sim.views.table import Table

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile
    from sim.study.sweep import Sweep
    from sim.study.sweep.base import Unknowns
    from sim.study.sweep.fields import Varied
    from sim.views.figures.picture import Picture
    from sim.views.report import Report
    from sim.views.saying import Sentence

REPORT = "report.html"


def sweep(
    scenario_file: ScenarioFile,
    vary: Mapping[str, Varied] | Sequence[str],
    *,
    points: int | None = None,
    method: str = "grid",
    log: bool = False,
    strategies: Sequence[str] = (),
    measures: Sequence[str] = (),
    break_even: str | None = None,
    between: Sequence[str] = (),
    replications: int = 200,
    workers: int = 1,
    cluster: str | None = None,
    output: Path | str | None = None,
    progress: Callable[[int, int], None] | None = None,
    command: str = "sim.sweep",
    settings: Sequence[str] = (),
    seed: int | None = None,
    unknowns: Unknowns = "varied",
) -> Swept:
    """Run a scenario at many values of some fields, on the same random numbers at all of them.

    Parameters
    ----------
    scenario_file
        From `load_scenario`.
    vary
        Values by path: a text as on the command line (``"5..40 %"``, ``"5 %,10 %"``), a pair
        ``("5 %", "40 %")`` of ends, or a list of values. Or texts ``PATH=LOW..HIGH``.
    points, method, log
        Values of each range in a "grid" (7; of two fields 5, of more 3), or points of a sample ("lhs" or
        "sobol", 32). Even steps in the logarithm.
    strategies
        By default all, or those of `between`.
    measures
        Shown; by default downtime, users lost and cost, or what a year costs where only a chance is varied.
    break_even, between
        The measure in which two strategies are held against each other; the baseline with each of the others
        unless two are named. Points are added along the first field where they cross.
    replications, workers, cluster
        Runs of each strategy at each point; processes, or the address of a Dask scheduler.
    output
        Folder of results, with figures and a page; None keeps nothing.
    progress
        Called with (finished blocks, all blocks).
    settings, seed, unknowns
        What `load_scenario` was given, if anything: what follows a field by default then moves with it.

    Raises
    ------
    ScenarioError
        With every problem of what was asked for.

    Examples
    --------
    ``sweep(file, {"events.suspend_host.chance": "1..100 % per year"}, break_even="cost_a_year",
    between=["warm_standby", "single_host"]).figures``
    """
    from sim.study import executors
    from sim.study.sweep import Asking, run_sweep

    asking = Asking(
        vary, points, method, log, tuple(strategies), tuple(measures), break_even, tuple(between),
        replications, tuple(settings), seed, unknowns,
    )  # fmt: skip
    found = run_sweep(
        scenario_file,
        asking,
        workers=workers,
        executor=executors.chosen(workers, cluster),
        output=None if output is None else Path(output),
        progress=progress,
        command=command,
    )
    return Swept(found, command)


class Swept:
    """A sweep for people. The numbers are in ``study.rows`` and ``study.break_evens``."""

    def __init__(self, study: Sweep, command: str = "") -> None:
        self.study = study
        self.command = command
        self.save()

    @property
    def title(self) -> str:
        """Of the scenario."""
        return self.study.file.title

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """What the runs show, in sentences."""
        from sim.views.sweep_sentences import sentences

        return sentences(self.study)

    @cached_property
    def tables(self) -> dict[str, Table]:
        """A table a measure, and `break_even` where that was asked for."""
        from sim.views.sweep_sentences import shown_measures
        from sim.views.sweep_tables import even_table, measure_table

        found = {"break_even": even_table(self.study)} if self.study.break_evens else {}
        return found | {name: measure_table(self.study, name) for name in shown_measures(self.study)}

    @property
    def table(self) -> Table:
        """Where strategies swap, or the first measure at every point."""
        return next(iter(self.tables.values()))

    @cached_property
    def figures(self) -> dict[str, Picture]:
        """A picture a pair of strategies whose break-even was asked for, and a picture a measure."""
        return self.drawn()

    def drawn(self) -> dict[str, Picture]:
        """The figures drawn anew, for what figures are drawn for now."""
        from sim.views.figures import break_even, sweep
        from sim.views.sweep_sentences import is_still, shown_measures

        pairs = dict.fromkeys((one.first, one.second) for one in self.study.break_evens)
        ones = {
            pair: [one for one in self.study.break_evens if (one.first, one.second) == pair] for pair in pairs
        }
        found = [break_even.picture(self.study, each, self.source) for each in ones.values()]
        names = shown_measures(self.study)
        moved = [name for name in names if not is_still(self.study, name)]
        found += [sweep.picture(self.study, name, self.source) for name in moved or names[:1]]
        return {picture.name: picture for picture in found}

    @property
    def source(self) -> str:
        """Where the numbers come from, for the foot of a picture."""
        import sim

        study = self.study
        parts = (
            f"Scenario {study.file.name}",
            f"sweep {study.digest}",
            f"seed {study.file.scenario().seed}",
            f"hostfall {sim.__version__}",
            f"{study.runs:,} runs",
        )
        return " · ".join(parts)

    @cached_property
    def report(self) -> Report:
        """The page."""
        from sim.views.sweep_report import report

        return report(self)

    def save(self) -> None:
        """Write pictures and page into the folder of the sweep, if it has one and they are not there."""
        folder = self.study.folder
        if folder is None:
            return
        try:
            if self.study.already_done and (folder / REPORT).is_file():
                return
            for picture in self.figures.values():
                picture.save(folder)
            self.report.save(folder / REPORT)
        except OSError as error:
            raise ArchiveError(f"{folder} cannot be written: {error.strerror}") from error

    def __repr__(self) -> str:
        study = self.study
        return f"Swept({study.file.name}, {len(study.points)} points, {study.runs:,} runs)"

    def __str__(self) -> str:
        return "\n".join(sentence.text for sentence in self.sentences)

    def _repr_html_(self) -> str:
        """Title, sentences, pictures and the first table."""
        said = "".join(f"<li>{escape(sentence.text)}</li>" for sentence in self.sentences)
        shown = "".join(picture._repr_html_() for picture in self.figures.values())
        return f"<h3>{escape(self.title)}</h3><ul>{said}</ul>{shown}{self.table._repr_html_()}"
