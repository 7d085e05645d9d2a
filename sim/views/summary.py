"""The summary table people see, the same in the report, the terminal and a notebook.

In: the lines of a `Case`. Out: a `Table` of text with the columns measure, half of the runs exceed, 9 runs
in 10 lie between, average ± simulation error, unfinished at the end. No average is shown for a time when
any run is unfinished: it would leave out the longest ones.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.outcomes import rival_of
from sim.views import wording
from sim.views.case import Case, Line
from sim.views.labels import ability, rival_name
from sim.views.saying import templates
from sim.views.table import Table

if TYPE_CHECKING:
    from sim.scenario import Scenario

HEADER = (
    "Measure",
    "Half of the runs exceed",
    "9 runs in 10 lie between",
    "Average ± simulation error",
    "Unfinished at the end",
)


def summary(case: Case) -> Table:
    """The measures of the platform as a whole."""
    told = [line for line in case.lines if of_whole(line.measure) and line.kind not in {"flag", "text"}]
    rows = tuple(row(case, line) for line in told if not _idle(case, line))
    return Table(f"Summary of {case.runs:,} runs{_of(case)} ({case.band})", HEADER, rows)


def capabilities(case: Case) -> Table:
    """The same for each capability."""
    rows = tuple(
        row(case, line)
        for line in case.lines
        if not of_whole(line.measure) and line.kind not in {"flag", "text"}
    )
    return Table(f"By capability{_of(case)}", HEADER, rows)


def of_whole(measure: str) -> bool:
    """Whether a measure is about the platform as a whole rather than one of its capabilities."""
    return "." not in measure or rival_of(measure) is not None


def _of(case: Case) -> str:
    """The strategy, where there is more than one."""
    return "" if case.provenance.strategy in {"", "as_is"} else f", {case.label}"


def _idle(case: Case, line: Line) -> bool:
    """Whether a scenario leaves a measure out: no money in it, or no candidates to ask."""
    return (line.kind == "money" or line.measure.startswith("hosts_")) and not case.column(line.measure).any()


def row(case: Case, line: Line) -> tuple[str, ...]:
    """One measure as text."""
    unfinished = 0.0 if math.isnan(line.unfinished) else line.unfinished
    scenario, kind = case.scenario, line.kind
    average = "–"
    if not (kind == "time" and unfinished > 0) and not math.isnan(line.mean):
        error = f" ± {shown(scenario, kind, line.error, 2)}" if math.isfinite(line.error) else ""
        average = f"{shown(scenario, kind, line.mean)}{error}"
    low, high = shown(scenario, kind, line.p05), shown(scenario, kind, line.p95)
    return (
        measure_name(scenario, line.measure),
        shown(scenario, kind, line.median),
        low if low == high else f"{low} to {high}",
        average,
        "–" if math.isnan(line.unfinished) else _runs(round(unfinished * case.runs), case.runs),
    )


def _runs(part: int, whole: int) -> str:
    """How many runs, in a cell."""
    return {0: "none", whole: "all"}.get(part, wording.out_of(part, whole))


def measure_name(scenario: Scenario, measure: str) -> str:
    """A measure for people; without words of its own, its name."""
    words = templates()["measure"]
    head, _, capability = measure.partition(".")
    told = words.get(head, wording.capital(wording.spoken(head)))
    rival = rival_of(measure)
    if rival is not None:
        return told.format(rival=rival_name(scenario, rival))
    if not capability:
        return told
    return words["of_capability"].format(
        measure=told, capability=wording.small(ability(scenario, capability))
    )


def shown(scenario: Scenario, kind: str, value: float, figures: int = 3) -> str:
    """A value of a measure in its unit; beyond the horizon is ``> 270 d``, never a number."""
    if kind == "time":
        return (
            f"> {wording.short_duration(scenario.clock.horizon)}"
            if math.isinf(value)
            else wording.short_duration(value)
        )
    if kind in {"share", "flag", "text"}:
        return wording.percent(value, figures)
    unit = f" {scenario.currency}" if kind == "money" else ""
    return f"{wording.count(value, figures)}{unit}"
