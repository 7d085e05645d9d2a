"""Python: `run` a scenario and look at the result, in a script or a notebook.

In: a `ScenarioFile`. Out: a `Result`: sentences, summary, figures, report and stories of a study, each made
when it is first asked for, and the files of the views beside the study's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.views.case import Case
from sim.views.figures import NAMES, Figures
from sim.views.table import Table

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile
    from sim.scenario.resolution import Resolution
    from sim.study import Study
    from sim.study.race import Chosen
    from sim.study.until import Enough
    from sim.views.comparison import Comparison
    from sim.views.figures.picture import Picture
    from sim.views.report import Report
    from sim.views.saying import Sentence
    from sim.views.story import Story

Which = int | Literal["typical", "worst"]


def run(
    scenario_file: ScenarioFile,
    *,
    replications: int = 1000,
    workers: int = 1,
    cluster: str | None = None,
    output: Path | str | None = None,
    strategies: Sequence[str] | None = None,
    users: Resolution = "expected",
    precision: str | Sequence[str] = (),
    select: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Run a scenario many times.

    Parameters
    ----------
    scenario_file
        From `load_scenario`.
    replications
        How many runs the tables show; with `precision` or `select` the most there may be.
    workers
        Processes.
    cluster
        Address of a Dask scheduler whose workers compute instead, as tcp://127.0.0.1:8786.
    output
        Folder of results, with figures and report; None keeps the tables in a temporary one and writes no
        view.
    strategies
        Which of the file's, by default all.
    users
        "expected" numbers, whole "sampled" users, or individuals in a "graph" of friends.
    precision
        ``MEASURE=SHARE``, one or several: run until the mean of each measure is known to this share of it,
        as ``"users_lost=5%"``.
    select
        ``MEASURE=AMOUNT``: run until the best strategy in a measure is chosen, the amount being the smallest
        difference that matters, as ``"downtime=12h"``.
    progress
        Called with (finished blocks, all blocks).

    Raises
    ------
    UsageError
        If what is asked for does not exist, cannot be read, or says two things.

    Examples
    --------
    ``run(load_scenario("scenarios/host_suspended.yaml"), precision="users_lost=5%").figures["users"]``
    """
    from sim.study import executors
    from sim.views.stopping import run_as_asked

    study, stopped = run_as_asked(
        scenario_file,
        precision=precision,
        select=select,
        replications=replications,
        workers=workers,
        executor=executors.chosen(workers, cluster),
        output=None if output is None else Path(output),
        strategies=strategies,
        users=users,
        progress=progress,
        command="sim.run",
    )
    result = Result(study, stopped)
    if output is not None:
        result.save()
    return result


class Result:
    """What came out of a study, for people.

    Attributes
    ----------
    stopped
        What made the runs stop: an `Enough` (`precision`) or a `Chosen` (`select`); None for a fixed number.
    """

    def __init__(self, study: Study, stopped: Chosen | Enough | None = None) -> None:
        self.study = study
        self.stopped = stopped

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """What views read, one a strategy; the baseline first."""
        from sim.views.gather import gather

        first = self.study.part().strategy
        return tuple(
            gather(self.study, name) for name in [first, *(s for s in self.study.strategies if s != first)]
        )

    @property
    def case(self) -> Case:
        """The baseline, or the first strategy there is."""
        return self.cases[0]

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """What the runs show, in sentences; first when they stopped, if a rule said so."""
        from sim.views.sentences import findings
        from sim.views.stopping import words

        return (*words(self.stopped), *findings(self.case))

    @cached_property
    def summary(self) -> Table:
        """The summary table; in a notebook it shows itself. The numbers are in ``study.summary``."""
        from sim.views.summary import summary

        return summary(self.case)

    @cached_property
    def figures(self) -> Figures:
        """The figures by name, drawn when first looked at: ``figures["users"]``."""
        return Figures(self.case)

    @cached_property
    def comparison(self) -> Comparison | None:
        """The strategies pair by pair; None where there is only one."""
        if len(self.study.strategies) < 2:
            return None
        from sim.study.arms import arms_of
        from sim.views.comparison import Comparison

        file, base = self.study.file, self.case.provenance.strategy
        arms = tuple(arms_of(self.study))
        return Comparison(file.name, file.title, arms, base, (), (), (), None)

    @cached_property
    def tornado(self) -> Picture | None:
        """Which unknowns move users lost; None where none is shown to."""
        from sim.views.figures import tornado

        return tornado.picture(self.case)

    @cached_property
    def report(self) -> Report:
        """The report as one page of HTML."""
        return self._report(with_figures=True)

    def _report(self, *, with_figures: bool) -> Report:
        from sim.views.gather import differences
        from sim.views.provenance import ran
        from sim.views.report import report
        from sim.views.sensitivity_beside import beside

        pictures = [self.figures[name] for name in NAMES] if with_figures else []
        return report(
            self.cases,
            pictures,
            comparison=self.comparison if with_figures else None,
            leaves_open=self.study.file.leaves_open,
            differences=differences(self.study),
            resolved=self.study.file.resolved_yaml(),
            manifest=ran(self.study.manifest),
            shares=beside(self.study, self.case.provenance.strategy) if with_figures else None,
        )

    def story(self, which: Which = "typical", strategy: str | None = None) -> Story:
        """One run as a dated story: the typical one, the worst one, or the one of that number."""
        from sim.views.story import story

        return story(self.study, strategy, which)

    def save(self, folder: Path | None = None, *, figures: bool = True) -> Path:
        """Write ``figures/`` and ``report.html`` into a folder (default: the study's); return the report."""
        folder = folder or self.study.folder
        if figures:
            for name in NAMES:
                self.figures[name].save(folder / "figures")
            compared = self.comparison.figures.values() if self.comparison else ()
            for picture in filter(None, (self.tornado, *compared)):
                picture.save(folder / "figures")
        page = self.report if figures else self._report(with_figures=False)
        return page.save(folder / "report.html")

    def __repr__(self) -> str:
        return f"Result({self.study.file.name}, {self.case.runs:,} runs)"

    def __str__(self) -> str:
        return "\n".join(sentence.text for sentence in self.sentences)

    def _repr_html_(self) -> str:
        """Title, sentences, the summary table and the first figure."""
        said = "".join(f"<li>{escape(sentence.text)}</li>" for sentence in self.sentences)
        return (
            f"<h3>{escape(self.case.scenario.title)}</h3><ul>{said}</ul>{self.summary._repr_html_()}"
            f"{self.figures['users']._repr_html_()}"
        )
