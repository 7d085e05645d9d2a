"""What moves a result, in words and as a table: for the report, the decision and the tornado.

In: a scenario with unknowns and a `Moved` of one of its quantities. Out: values of unknowns as they would be
written in a file, sentences, a table. Only what the runs show is said to move anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.views import saying, wording
from sim.views.saying import Sentence
from sim.views.sensitivity_sentences import path_name
from sim.views.table import Table

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.study.drawn import Moved, Mover
    from sim.views.case import Case

MOST = 5
"""Unknowns told one by one."""

say = partial(saying.fill, "decision_sentences")


def value_at(scenario: Scenario, path: str, quantile: float) -> str:
    """An unknown's value at a quantile of its law, to two figures in a unit that suits: ``9.2 %``."""
    return _written(scenario, path, [quantile])[0]


def drawn_from(scenario: Scenario, path: str) -> str:
    """Between which values 9 draws in 10 lie: ``5.5 % to 37 %``."""
    low, high = _written(scenario, path, [0.05, 0.95])
    return f"{low} to {high}"


def _written(scenario: Scenario, path: str, quantiles: Sequence[float]) -> list[str]:
    """Values at some quantiles, all in the unit in which they read most easily."""
    from sim.scenario.paths import find

    amounts = np.asarray(scenario.unknowns[path].quantile(np.array(quantiles)), dtype=float)
    dimension = find(scenario, path).dimension
    if dimension is None:
        return [wording.number(float(amount), 2) for amount in amounts]
    shown = ["%"] if dimension.name == "a share" else [*dimension.shown]
    shown += ["% per month"] * ("% per day" in shown)
    factors = {unit: float(dimension.units[" ".join(unit.replace("/", " per ").split())]) for unit in shown}
    unit = min(factors, key=lambda one: float(np.sum([_clumsiness(a / factors[one]) for a in amounts])))
    return [f"{wording.number(float(amount) / factors[unit], 2)} {unit}".strip() for amount in amounts]


def _clumsiness(size: float) -> float:
    """How far a number is from those that are easy to read, between 1 and 100."""
    if size == 0.0:
        return 0.0
    magnitude = float(np.log10(abs(size)))
    return max(-magnitude, magnitude - 2.0, 0.0) + 0.01 * abs(magnitude)


def name(scenario: Scenario, path: str) -> str:
    """An unknown for people, with a capital."""
    return wording.capital(path_name(scenario, path))


def told(found: Moved | None) -> list[Mover]:
    """Those that are shown to move it, the strongest first, not more than are told one by one."""
    return [one for one in found.movers if one.told][:MOST] if found is not None else []


def table(
    scenario_of: Callable[[str], Scenario],
    found: Moved,
    shown: Callable[[float], str],
    caption: str,
    *,
    what: str,
    most: int | None = None,
) -> Table:
    """A row an unknown that moves it: its range, the quantity at both ends, its share of the variance.

    Parameters
    ----------
    scenario_of
        A scenario in which the unknown of a path stands.
    shown
        The quantity in words.
    what
        The quantity, for the head of its columns.
    most
        Rows; by default all that are shown to move it.
    """
    rows = []
    for one in [one for one in found.movers if one.told][:most]:
        scenario = scenario_of(one.path)
        rows.append(
            (
                name(scenario, one.path),
                drawn_from(scenario, one.path),
                shown(one.low.value),
                shown(one.high.value),
                wording.percent(one.share, 2) if one.share >= 0.001 else "<0.1 %",
            )
        )
    header = (
        "What nobody knows",
        "9 draws in 10 lie between",
        f"{what} where it is lowest (a fifth)",
        f"{what} where it is highest",
        "Of what differs between runs",
    )
    return Table(caption, header, tuple(rows))


def sentences(
    scenario_of: Callable[[str], Scenario], found: Moved | None, what: str, unknowns: int
) -> list[Sentence]:
    """What moves a quantity, and how much none of it explains."""
    if not unknowns:
        return [say("moves", "fixed")]
    if found is None:
        return [say("moves", "few", what=what)]
    movers, silent = told(found), unknowns - sum(one.told for one in found.movers)
    if not movers:
        return [say("moves", "none", what=what, count=counted(unknowns))]
    first = name(scenario_of(movers[0].path), movers[0].path)
    fields = {"what": what, "share": wording.percent(found.explained, 2), "runs": f"{found.runs:,}"}
    said = [say("moves", "first", first=wording.small(first), of=_own(movers[0]), **fields)]
    if silent:
        said.append(say("moves", "rest", others=wording.plural(str(silent), "other unknown")))
    return said


def _own(one: Mover) -> str:
    return wording.percent(one.share, 2)


def counted(unknowns: int) -> str:
    """How many unknowns: ``1 unknown``, ``9 unknowns``."""
    return wording.plural(str(unknowns), "unknown")


def of_case(case: Case, measure: str) -> Moved | None:
    """What moves a measure of one strategy; None where nothing unknown was drawn, or runs are too few.

    A time that the end of the simulation cut counts as far as it went.
    """
    from sim.study.drawn import draws_of, moved

    if "replication" not in case.outcomes:
        return None
    runs = np.asarray(case.outcomes["replication"], dtype=np.int64)
    return moved(case.column(measure), draws_of([case.scenario], runs))


def scenario_with(scenarios: Sequence[Scenario]) -> Callable[[str], Scenario]:
    """Gives for a path the first of some scenarios in which it is unknown."""

    def found(path: str) -> Scenario:
        return next(scenario for scenario in scenarios if path in scenario.unknowns)

    return found
