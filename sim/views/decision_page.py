"""The page for a board: one sheet of A4 that prints as it is, with no script and no request.

In: a `Decision`. Out: HTML. What does not fit on a sheet is left to the report and counted here, so that
nothing is cut off: at most so many strategies, losses, conditions and assumptions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.views import decision_sentences as sentences
from sim.views import movers, wording
from sim.views.limits import of_others
from sim.views.movers import say
from sim.views.report import Report
from sim.views.saying import Sentence
from sim.views.summary import shown
from sim.views.table import Table
from sim.views.unbroken import unbroken

if TYPE_CHECKING:
    from sim.study.statistics import Interval
    from sim.views.decision import Decision, Row

MOST_ROWS = 8
"""Strategies in the table."""

MOST_LIMITS = 4
"""Sentences on what is not modelled."""

LONGEST = 44
"""Letters of a strategy's label in the tables."""

ROOMY = 5
"""Strategies up to which the sheet is set in larger type, and two losses stand in a cell rather than one."""

NUMBERS = ("", "assumption", "two assumptions", "three assumptions", "four assumptions", "five assumptions")

FILE = "decision.html"


def page(found: Decision) -> Report:
    """Write the sheet.

    Checked by: tests/unit/test_views_decision_page.py
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("sim.views"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        finalize=unbroken,
    )
    css = environment.loader.get_source(environment, "decision.css")[0]  # type: ignore[union-attr]
    made = environment.get_template("decision.html.j2")
    scenario = found.found.arm(found.found.baseline).scenario
    caption, assumptions = assumed(found)
    return Report(
        made.render(
            css=css,
            roomy=len(rows(found)) <= ROOMY,
            title=found.found.title,
            head=sentences.head(found),
            why=sentences.why(found),
            table=table(found),
            chosen=found.best.alike if found.decided else (),
            strategies=[row.strategy for row in rows(found)],
            below=[*_left_out_rows(found), *sentences.unanswered(found)],
            stays=sentences.stays(found),
            caption=caption,
            assumptions=assumptions,
            left_out=left_out(found),
            runs=f"{found.best.runs:,}",
            horizon=wording.duration(scenario.clock.horizon),
            band=found.found.band,
            provenance=found.found.provenance,
        )
    )


def said(found: Decision) -> list[Sentence]:
    """What is printed: the recommendation, how firm it is, and what is not protected."""
    return [
        sentences.head(found),
        *sentences.why(found),
        *sentences.stays(found),
        *sentences.unanswered(found),
    ]


# -- tables ---------------------------------------------------------------------------------------------


def rows(found: Decision) -> list[Row]:
    """The strategies that are shown: the best by the criterion, and the baseline."""
    every = found.rows
    if len(every) <= MOST_ROWS:
        return every
    base = found.found.baseline
    first = [row for row in every if row.strategy != base][: MOST_ROWS - 1]
    return [row for row in every if row in first or row.strategy == base]


def _left_out_rows(found: Decision) -> list[str]:
    more = len(found.rows) - len(rows(found))
    return [f"{wording.plural(str(more), 'more strategy', 'more strategies')} in the report."] if more else []


def table(found: Decision) -> Table:
    """A row a strategy, the leading one first."""
    scenario = found.found.arm(found.found.baseline).scenario
    money = partial(shown, scenario, "money")
    told = [_cells(found, row) for row in rows(found)]
    header = [
        "Strategy",
        "Time down, middle run",
        "Chance of more than a week down",
        "Users lost (± 95 %)",
        "What it does not protect from",
    ]
    if any(row.cost for row in found.rows):
        header.insert(4, f"Cost a year, {sentences.chances(found)} (± 95 %)")
        for cells, row in zip(told, rows(found), strict=True):
            cells.insert(4, "–" if row.cost is None else _about(money, row.cost))
    elif found.money is not None:
        header.insert(4, "Cost a year, if nothing happens")
        for cells, row in zip(told, rows(found), strict=True):
            cells.insert(4, money(float(found.money.standing[row.strategy].mean())))
    runs, span = f"{found.best.runs:,}", wording.duration(scenario.clock.horizon)
    caption = f"If it happens ({runs} runs of {span} each, {found.found.band})"
    return Table(caption, tuple(header), tuple(map(tuple, told)))


def _cells(found: Decision, row: Row) -> list[str]:
    scenario = found.found.arm(row.strategy).scenario
    half = "none" if row.median == 0.0 else wording.duration(row.median)
    if math.isinf(row.median):
        half = f"more than {wording.duration(scenario.clock.horizon)}"
    week = "–"
    if row.over_week is not None:
        one = row.over_week
        ends = [wording.percent(end, 2).removesuffix(" %") for end in (one.low, one.high)]
        if ends[0] == ends[1]:
            ends = [wording.percent(end).removesuffix(" %") for end in (one.low, one.high)]
        week = f"{wording.percent(one.value, 2)} ({ends[0]} to {ends[1]})"
    most = 2 if len(rows(found)) <= ROOMY else 1
    open_to = sentences.exposed(found, row.strategy, row.exposures, most)
    return [_brief(row.label), half, week, _about(wording.count, row.users_lost), open_to]


def _brief(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1].rstrip()}…"


def _about(told: partial[str] | object, one: Interval) -> str:
    """A mean with half its interval; the mean alone where every run is the same."""
    assert callable(told)
    half = 0.5 * (one.high - one.low)
    return str(told(one.value)) + (f" ± {told(half, 2)}" if math.isfinite(half) and half > 0.0 else "")


def assumed(found: Decision) -> tuple[list[str], Table]:
    """The five assumptions that move the answer most, or stand behind most days down; how that is known."""
    of = movers.scenario_with([arm.scenario for arm in found.found.arms])
    words = partial(sentences.told, found)
    if not found.rivals and found.nearest is not None and movers.told(found.nearest):
        what = sentences.noun(found)
        caption = _most(len(movers.told(found.nearest)))
        made = movers.table(of, found.nearest, words, caption, what=wording.capital(what), most=movers.MOST)
        return [one.text for one in movers.sentences(of, found.nearest, what, len(found.draws))], made
    hinges = found.hinges[: movers.MOST]
    if not hinges:
        return _not_varied(found)
    rows = tuple(
        (
            movers.name(of(one.mover.path), one.mover.path),
            movers.drawn_from(of(one.mover.path), one.mover.path),
            f"“{_brief(found.found.arm(one.rival).label)}”",
            words(one.mover.low.value),
            words(one.mover.high.value),
        )
        for one in hinges
    )
    header = (
        "What nobody knows",
        "9 draws in 10 lie between",
        "Lead over",
        "Lead in its lowest fifth",
        "Lead in its highest fifth",
    )
    more = len(found.hinges) - len(hinges)
    silent = len(found.draws) - len(found.hinges)
    told = [say("hinges", "how").text]
    told += [say("hinges", "more", others=more).text] * bool(more)
    told += [say("hinges", "silent", others=wording.plural(str(silent), "unknown")).text] * bool(silent)
    return [" ".join(told)], Table(_most(len(hinges)), header, rows)


def _most(count: int) -> str:
    return f"The {NUMBERS[count]} that move{'s' * (count == 1)} the answer most"


def _not_varied(found: Decision) -> tuple[list[str], Table]:
    """Without unknowns, or where none is shown to matter: what stands behind the days down."""
    if found.draws:
        few = not found.moved
        words = sentences.noun(found)
        first = say("moves", "few", what=words) if few else _none_moves(found)
    else:
        first = say("moves", "fixed")
    drawn = [f"{path}." for path in found.draws]
    held = [one for one in found.assumed if not any(path.startswith(f"{one.path}.") for path in drawn)]
    rows = tuple(
        (movers.name(found.found.arms[0].scenario, one.path), one.value, one.because or "Assumption")
        for one in held[: movers.MOST]
    )
    told = [first.text]
    if rows:
        told.append(say("moves", "assumed").text)
    if found.inputs[0]:
        every, marked = found.inputs
        variant = "marks" if marked < every else "marks_all"
        told.append(say("moves", variant, assumed=marked, all=every).text)
    header = ("Assumption", "Value", "Why")
    return told, Table("Assumptions behind most of the days down", header, _shortened(rows))


def _none_moves(found: Decision) -> Sentence:
    what = f"the lead over {sentences.labels(found, found.rivals)}" if found.rivals else "it"
    return say("moves", "none", what=what, count=movers.counted(len(found.draws)))


def _shortened(rows: Sequence[tuple[str, ...]], most: int = 120) -> tuple[tuple[str, ...], ...]:
    """Reasons no longer than a line or two."""
    return tuple(
        tuple(cell if len(cell) <= most else f"{cell[: most - 1].rstrip()}…" for cell in row) for row in rows
    )


def left_out(found: Decision) -> list[str]:
    """What is not modelled with any of the strategies, the most important first."""
    scenario = found.found.arm(found.found.baseline).scenario
    horizon = wording.duration(scenario.clock.horizon)
    each = [of_others(arm.scenario, found.users) for arm in found.found.arms]
    common = [text for text in each[0] if all(text in other for other in each[1:])]
    told = [say("left_out", "suppliers").text, say("left_out", "horizon", horizon=horizon).text]
    return [*told, *common[:1], say("left_out", "data").text][:MOST_LIMITS]


# -- a folder -------------------------------------------------------------------------------------------


def of_folder(folder: Path, by: str | None = None) -> Decision:
    """Weigh the strategies of a finished study.

    Raises
    ------
    UsageError, ArchiveError
        See `open_study`; also if the study cannot tell what is asked for.
    """
    from sim.study.arms import arms_of
    from sim.study.shelf import open_study
    from sim.views.comparison import Comparison
    from sim.views.decision import Decision, decide
    from sim.views.decision_inputs import assumed_first, counted

    study = open_study(folder)
    file, base = study.file, study.part().strategy
    found = decide(Comparison(file.name, file.title, tuple(arms_of(study)), base, (), (), (), None), by)
    best = found.best.strategy
    known = assumed_first(study, best), counted(study, best)
    return Decision(found.found, found.by, *known, users=study.users)


def write(folder: Path, by: str | None = None) -> tuple[Decision, Path]:
    """Write `decision.html` into the folder of a finished study."""
    found = of_folder(folder, by)
    return found, page(found).save(folder / FILE)
