"""Python: which unknown moves the result of a scenario, and how much of it is chance.

In: a `ScenarioFile`. Out: an `Explanation`: sentences, tables and figures, each made when first asked for,
and the figures beside the files of the study.
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
    from sim.study.sensitivity import Sensitivity
    from sim.views.figures.picture import Picture
    from sim.views.saying import Sentence


def sensitivity(
    scenario_file: ScenarioFile,
    *,
    measures: Sequence[str] = (),
    strategy: str | None = None,
    base: int | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    screen: bool = False,
    workers: int = 1,
    cluster: str | None = None,
    output: Path | str | None = None,
    progress: Callable[[int, int], None] | None = None,
    command: str = "sim.sensitivity",
) -> Explanation:
    """Share the variance of measures out among what is unknown and chance.

    Parameters
    ----------
    scenario_file
        From `load_scenario`, with `unknowns`.
    measures
        By default users lost and downtime.
    strategy
        By default the baseline.
    base
        Rows of each table of points, a power of two (512); for a screening any number (200).
    groups
        Paths of unknowns by name of the group: those are varied together.
    screen
        Elementary effects, which need fewer runs, rather than shares of the variance.
    workers
        Processes.
    cluster
        Address of a Dask scheduler whose workers compute instead, as tcp://127.0.0.1:8786.
    output
        Folder of results, with figures; None keeps nothing.
    progress
        Called with (finished blocks, all blocks).

    Examples
    --------
    ``sensitivity(load_scenario("scenarios/parler_2021.yaml"), measures=["downtime"]).tables["downtime"]``
    """
    from sim.study import executors
    from sim.study.sensitivity import run_sensitivity

    found = run_sensitivity(
        scenario_file,
        strategy=strategy,
        measures=measures,
        base=base,
        groups=groups,
        screen=screen,
        workers=workers,
        executor=executors.chosen(workers, cluster),
        output=None if output is None else Path(output),
        progress=progress,
        command=command,
    )
    explanation = Explanation(found, scenario_file.title)
    explanation.save()
    return explanation


class Explanation:
    """What moves the result, for people. The numbers are in ``study.spreads``."""

    def __init__(self, study: Sensitivity, heading: str) -> None:
        self.study = study
        self.title = heading

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """What the runs show, in sentences."""
        from sim.views.sensitivity_sentences import sentences

        return sentences(self.study)

    @cached_property
    def figures(self) -> dict[str, Picture]:
        """A picture a measure."""
        return self.drawn()

    def drawn(self) -> dict[str, Picture]:
        """The figures drawn anew, for what figures are drawn for now."""
        from sim.views.figures.sensitivity import picture

        return {
            spread.measure.name: picture(self.study, spread, self.source) for spread in self.study.spreads
        }

    @cached_property
    def tables(self) -> dict[str, Table]:
        """A table a measure."""
        from sim.views.figures.sensitivity import table

        return {spread.measure.name: table(self.study, spread) for spread in self.study.spreads}

    @property
    def source(self) -> str:
        """Where the numbers come from, for the foot of a picture."""
        import sim

        study = self.study
        parts = (
            f"Scenario {study.scenario.name}",
            f"strategy {study.strategy}",
            f"digest {study.digest}",
            f"seed {study.scenario.seed}",
            f"hostfall {sim.__version__}",
            f"{study.evaluations:,} runs",
        )
        return " · ".join(parts)

    def save(self, *, again: bool = False) -> None:
        """Write the pictures into the folder of the study, if it has one and they are not there."""
        folder = self.study.folder
        if folder is None:
            return
        try:
            for name in self.tables:
                target = folder / f"sensitivity_{name.replace('.', '_')}.png"
                if again or not self.study.already_done or not target.is_file():
                    self.figures[name].save(folder)
        except OSError as error:
            raise ArchiveError(f"{folder} cannot be written: {error.strerror}") from error

    def __repr__(self) -> str:
        return f"Explanation({self.study.scenario.name}, {self.study.evaluations:,} runs)"

    def __str__(self) -> str:
        return "\n".join(sentence.text for sentence in self.sentences)

    def _repr_html_(self) -> str:
        """Title, sentences, and a picture and table a measure."""
        said = "".join(f"<li>{escape(sentence.text)}</li>" for sentence in self.sentences)
        shown = "".join(
            f"{picture._repr_html_()}{self.tables[name]._repr_html_()}"
            for name, picture in self.figures.items()
        )
        return f"<h3>{escape(self.title)}</h3><ul>{said}</ul>{shown}"
