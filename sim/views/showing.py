"""What `results show` prints: a finished study as `run` printed it, or some of its measures.

In: a folder of results. Out: text and notes. Nothing is computed again but the typical run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.study.shelf import open_study, readable
from sim.views import places, terminal
from sim.views.printed import printed, warnings
from sim.views.summary import HEADER, of_whole, row

if TYPE_CHECKING:
    from sim.views.api import Result
    from sim.views.case import Case

REPORT = "report.html"


def shown(folder: Path, strategies: Sequence[str], measures: Sequence[str]) -> tuple[str, list[str]]:
    """A study in words and its table, and what a reader must know besides.

    Raises
    ------
    UsageError, ArchiveError
        If there is no such study, strategy or measure.
    """
    from sim.views.api import Result

    study = open_study(folder, strategies)
    result, columns = Result(study), terminal.width()
    with readable(folder):
        if measures:
            text = "\n\n".join(_some(case, measures, columns) for case in result.cases)
        else:
            text = printed(result, columns)
        notes = [*warnings(result), *_notes(result)]
    report = folder / REPORT
    last = [str(report.resolve())] if report.is_file() else []
    return "\n\n".join([study.file.title, text, *last]), notes


def _some(case: Case, measures: Sequence[str], columns: int) -> str:
    """The rows of the measures asked for."""
    known = [line.measure for line in case.lines]
    rows = [row(case, case.line(known_measure(measure, known))) for measure in dict.fromkeys(measures)]
    heading = f"{case.label}, {case.runs:,} runs ({case.band}):"
    return f"{heading}\n\n{terminal.table(HEADER, rows, columns, right=range(1, len(HEADER)))}"


def known_measure(measure: str, known: Iterable[str]) -> str:
    """The measure, if there is one of that name.

    Raises
    ------
    UsageError
        Else; says the nearest, and which there are.
    """
    names = list(known)
    if measure in names:
        return measure
    near = places.did_you_mean(places.nearest(measure, names))
    main = ", ".join(name for name in names if of_whole(name))
    raise UsageError(f"No measure is called `{measure}` in these results.{near} There are: {main}.")


def _notes(result: Result) -> list[str]:
    if any(case.evidence for case in result.cases):
        return []
    return ["Where the inputs come from is not kept with these results: it stands in the file that was run."]
