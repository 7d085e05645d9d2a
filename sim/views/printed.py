"""What a run prints: the sentences a person wants first, the summary table, targets, claims, what happened.

In: a `Result`. Out: text, one part a strategy. The words are those of the report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.views import terminal
from sim.views.few_runs import few_runs
from sim.views.sentences import findings
from sim.views.summary import measure_name, summary

if TYPE_CHECKING:
    from sim.views.api import Result
    from sim.views.case import Case

FEW_RUNS = 100
"""With fewer runs than this, fewer than five lie beyond each end of "9 runs in 10"."""

PARTS = (("target", "Targets"), ("claim", "Claims"), ("observed", "What really happened"))
"""Topics that have a heading of their own below the table."""
LAST = ("error", "evidence")
"""Topics that say how far to trust the rest."""


def printed(result: Result, columns: int) -> str:
    """Everything, strategy by strategy."""
    several = len(result.cases) > 1
    return "\n\n".join(of_strategy(case, columns, headed=several) for case in result.cases)


def of_strategy(case: Case, columns: int, *, headed: bool) -> str:
    """Sentences first, then the table, then what is measured against."""
    said = findings(case)
    apart = {topic for topic, _ in PARTS} | set(LAST)
    shown = summary(case)
    table = terminal.table(shown.header, shown.rows, columns, right=range(1, len(shown.header)))
    parts = [f"{case.label}:"] if headed else []
    parts += [
        terminal.paragraphs([each.text for each in said if each.topic not in apart], columns),
        f"{shown.caption}:\n\n{table}",
    ]
    for topic, heading in PARTS:
        texts = [f"- {each.text}" for each in said if each.topic == topic]
        if texts:
            parts.append(f"{heading}:\n{terminal.paragraphs(texts, columns, hang=2)}")
    parts.append(terminal.paragraphs([each.text for each in said if each.topic in LAST], columns))
    return "\n\n".join(part for part in parts if part)


def warnings(result: Result) -> list[str]:
    """What a reader must know before using the numbers."""
    found = []
    for case in result.cases:
        failed, why = result.study.failures(case.provenance.strategy)
        if failed:
            found.append(f"{failed:,} runs of {case.label} failed and have no outcome; the first: {why}")
    runs = result.case.runs
    if runs < FEW_RUNS:
        found.append(
            f'{runs} runs are few: the ends of "9 runs in 10" rest on a handful of them; '
            "--replications 1000 costs little."
        )
    return [*found, *_few_for_means(result)]


def _few_for_means(result: Result) -> list[str]:
    """Averages whose interval holds less often than it says; the same runs are told of once."""
    study = result.study
    said = [
        f"{shown}: {few}."
        for name in ("users_lost", "downtime")
        for part in study.parts
        if name in part.measures and (few := few_runs(part.measures[name], study.outcomes(part.strategy)))
        for shown in [measure_name(part.scenario, name)]
    ]
    return list(dict.fromkeys(said))
