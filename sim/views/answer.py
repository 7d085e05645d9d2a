"""What would change the answer: for the report, of one strategy and of the choice between several.

In: a `Case`, and the strategies side by side if there are several. Out: an `Answer`: sentences, tables, a
picture. All of it is read off the draws that the study made; without unknowns it says that none was varied.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sim.study.yearly import ORDINARY
from sim.views import movers, wording
from sim.views.case import Case
from sim.views.summary import measure_name, shown
from sim.views.table import Table

if TYPE_CHECKING:
    from sim.views.comparison import Comparison
    from sim.views.decision import Decision
    from sim.views.figures.picture import Picture

MEASURES = ("users_lost", "downtime")
"""What is asked about, one strategy alone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the section of the report holds; what there is not is empty or None."""

    findings: tuple[str, ...]
    tables: tuple[Table, ...]
    picture: Picture | None
    choice: tuple[str, ...]
    exposed: Table | None


def answer(case: Case, comparison: Comparison | None, *, with_figures: bool) -> Answer:
    """What moves the baseline's losses, and what would turn the choice between strategies.

    Parameters
    ----------
    comparison
        The strategies side by side; None where there is one, or where figures are not wanted.
    with_figures
        Whether the tornado is drawn.

    Checked by: tests/unit/test_views_answer.py
    """
    from sim.views.figures import tornado

    said: list[str] = []
    tables = []
    for measure in MEASURES:
        found = movers.of_case(case, measure)
        name = measure_name(case.scenario, measure)
        many = len(case.scenario.unknowns)
        told = [
            one.text for one in movers.sentences(lambda _: case.scenario, found, wording.small(name), many)
        ]
        said += [one for one in told if one not in said]
        if found is not None and movers.told(found):
            amount = partial(shown, case.scenario, case.line(measure).kind)
            caption = f"{name}: what moves it"
            tables.append(movers.table(lambda _: case.scenario, found, amount, caption, what=name))
    drawn = tornado.picture(case) if with_figures else None
    if drawn is not None:
        tables = [table for table in tables if table.caption != drawn.table.caption]
    choice, exposed = _choice(comparison) if comparison is not None else ((), None)
    return Answer(tuple(said), tuple(tables), drawn, choice, exposed)


def _choice(comparison: Comparison) -> tuple[tuple[str, ...], Table | None]:
    """Which strategy is ahead, how firmly, and what each does not protect from."""
    from sim.views import decision_sentences
    from sim.views.decision import decide

    if not all({ORDINARY, "users_lost"} <= set(arm.measures) for arm in comparison.arms):
        return (), None  # results of an earlier version
    found = decide(comparison)
    said = [decision_sentences.ahead(found), *decision_sentences.why(found), *decision_sentences.stays(found)]
    return tuple(one.text for one in said), exposed(found)


def exposed(found: Decision) -> Table:
    """What each strategy does not protect from, in the order of the file."""
    from sim.views import decision_sentences

    rows = {row.strategy: row for row in found.rows}
    cells = tuple(
        (arm.label, decision_sentences.exposed(found, arm.strategy, rows[arm.strategy].exposures, most=4))
        for arm in found.found.arms
    )
    return Table("What each strategy does not protect from", ("Strategy", "Loss, and for how long"), cells)
