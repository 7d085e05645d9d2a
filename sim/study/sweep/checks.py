"""What was typed for a sweep, understood piece by piece; each piece gives what it means and every problem.

In: a scenario file and the words. Out: strategies, fields, points, measures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import combinations
from typing import TYPE_CHECKING

from sim.errors import Problem
from sim.outcomes import Measure
from sim.scenario.paths import Place
from sim.scenario.units import Wrong
from sim.study.sweep.base import Base
from sim.study.sweep.design import METHODS, MOST, Method, Point, design, points_asked, size
from sim.study.sweep.fields import Asked, Field, Varied, asked_in_python, field_of, problem, read_vary
from sim.study.sweep.measures import COST_A_YEAR, LOST_A_YEAR, YEARLY, known_measures

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile
    from sim.study.sweep.order import Asking

MAIN = ("downtime", "users_lost", "cost")
"""Shown unless others are asked for; what a year costs instead where only chances are varied."""


# -- strategies -----------------------------------------------------------------------------------------


def strategies(file: ScenarioFile, asking: Asking) -> tuple[list[str], list[Problem]]:
    """Those named, and those that are to be held against each other; by default all."""
    problems = [
        Problem("", _nearest("strategy", name, list(file.strategies)), None, f"{option} {name}")
        for option, names in (("--strategy", asking.strategies), ("--between", asking.between))
        for name in names
        if name not in file.strategies
    ]
    between = list(asking.between)
    if between and asking.break_even is None:
        message = "says between which strategies a break-even lies; name its measure with --break-even"
        problems.append(Problem("", message, None, "--between"))
    if between and (len(between) != 2 or between[0] == between[1]):
        problems.append(Problem("", "name two different strategies, A B", None, "--between"))
    wanted = {*asking.strategies, *between} or (set(between) or set(file.strategies))
    found = [name for name in file.strategies if name in wanted] or [file.baseline]
    if asking.break_even is not None and len(found) < 2 and not problems:
        message = (
            "a break-even is between two strategies, and there is one; name two with --between"
            if len(file.strategies) > 1
            else "a break-even is between two strategies, and the file has one; give it `strategies:`"
        )
        problems.append(Problem("", message, None, f"--break-even {asking.break_even}"))
    return found, problems


def pairs(file: ScenarioFile, asking: Asking, strategies: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Which strategies are held against each other: the two that are named, or each with the baseline."""
    if asking.between:
        return ((asking.between[0], asking.between[1]),)
    base = file.baseline if file.baseline in strategies else strategies[0]
    return tuple((name, base) for name in strategies if name != base)


def _nearest(what: str, name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    fix = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(known)}"
    return f"there is no {what} `{name}`; {fix}"


# -- fields ---------------------------------------------------------------------------------------------


def fields(base: Base, asking: Asking, strategies: Sequence[str]) -> tuple[list[Field], list[Problem]]:
    """Every field that is varied, and every problem with what was typed."""
    asked: list[Asked] = []
    problems: list[Problem] = []
    typed: list[tuple[str, Varied]] = (
        list(asking.vary.items()) if isinstance(asking.vary, Mapping) else [("", one) for one in asking.vary]
    )
    if not typed:
        problems.append(Problem("", "name at least one field, PATH=LOW..HIGH", None, "--vary"))
    for path, said in typed:
        try:
            asked.append(asked_in_python(path, said) if path else read_vary(str(said)))
        except Wrong as wrong:
            option = f"--vary {path}" if path else f"--vary {said}"
            problems += [problem(option, message) for _, message in wrong.findings]
    problems += _overlapping(asked)
    fields = []
    for one in asked:
        try:
            place, known, found = _place(base, one, strategies)
            problems += found
            if place is not None:
                fields.append(field_of(one, place, known, log=asking.log))
        except Wrong as wrong:
            problems += [problem(one.option, message) for _, message in wrong.findings]
    if asking.log and fields and not any(field.is_range for field in fields):
        problems.append(problem("--log", "spaces the points of a range, and no range is varied"))
    return fields, problems


def _place(
    base: Base, asked: Asked, strategies: Sequence[str]
) -> tuple[Place | None, list[str], list[Problem]]:
    """What stands at the path, which strategies have it, or why there is no such field."""
    head = asked.path.split(".")[0]
    if head in {"strategies", "baseline", "name", "label", "title", "about", "expect", "observed", "targets"}:
        raise Wrong.here("cannot be varied: no run depends on it; name a field of the scenario")
    if asked.path == "seed":
        raise Wrong.here(
            "another seed is other luck, not another platform; more --replications show more of it"
        )
    places = {name: base.place(name, asked.path) for name in base.file.strategies}
    known = [name for name, place in places.items() if place is not None]
    if any(name in known for name in strategies):
        first = next(name for name in strategies if name in known)
        return places[first], known, []
    if known:
        raise Wrong.here(f"is there only in {', '.join(known)}; name it with --strategy")
    place, problems = base.probe(strategies[0], (asked.path, asked.items[-1]))
    if place is not None:
        place = replace(place, value=None)  # the file has none
    return place, list(base.file.strategies), problems


def _overlapping(asked: Sequence[Asked]) -> list[Problem]:
    """Fields that are varied twice, or of which one is part of another."""
    found = []
    for one, other in combinations(asked, 2):
        if one.path == other.path:
            found.append(problem(other.option, "is varied twice; write all its values in one --vary"))
        elif f"{one.path}.".startswith(f"{other.path}.") or f"{other.path}.".startswith(f"{one.path}."):
            message = f"and {one.option}: one is part of the other; vary one of them"
            found.append(problem(other.option, message))
    return found


def points(fields: Sequence[Field], asking: Asking, seed: int) -> tuple[Method, list[Point], list[Problem]]:
    """The points; at least two a range, and not more than `MOST`."""
    method: Method = next((one for one in METHODS if one == asking.method), "grid")
    problems = []
    if method != asking.method:
        problems.append(problem(f"--method {asking.method}", f"is none; there are {', '.join(METHODS)}"))
    points = points_asked(fields, method, asking.points)
    option = f"--points {points}"
    if asking.points is not None and method == "grid" and fields and not any(one.is_range for one in fields):
        problems.append(problem(option, "says how many values a range has, and no range is varied"))
    if points < 2:
        problems.append(problem(option, "a range has two ends; give at least 2"))
    if method == "sobol" and points & (points - 1):
        up = 2 ** points.bit_length()
        message = f"Sobol points are even in powers of two only; write {up // 2} or {up}"
        problems.append(problem(option, message))
    if asking.break_even is not None and method != "grid":
        message = "a break-even is looked for along one field from end to end; leave --method out (grid)"
        problems.append(problem(f"--break-even {asking.break_even}", message))
    count = size(fields, method, points)
    if count > MOST:
        message = f"{count:,} points are more than {MOST:,}, each a study of its own; fewer --points"
        hint = ", or sample them: --method sobol --points 64" if method == "grid" else ""
        problems.append(problem(option if asking.points else "--vary", message + hint))
    if problems or not fields:
        return method, [], problems
    return method, design(fields, method, points, seed), []


# -- measures -------------------------------------------------------------------------------------------


def measures(
    file: ScenarioFile, asking: Asking, strategies: Sequence[str], fields: Sequence[Field]
) -> tuple[dict[str, Measure], Measure | None, list[Problem]]:
    """The measures shown, the one of the break-even, and what cannot be asked for."""
    known = known_measures(file.scenario(strategies[0]))
    chances = bool(fields) and all(field.is_chance for field in fields)
    if any(field.is_chance for field in fields):  # perhaps the file itself gives none
        known = known | _with_chance(known, file, strategies)
    problems = [
        problem(f"{option} {name}", _nearest("measure", name, list(known)))
        for option, names in (("--measure", asking.measures), ("--break-even", [asking.break_even]))
        for name in names
        if name is not None and name not in known
    ]
    usual = YEARLY if chances else (*YEARLY, *MAIN) if asking.break_even in YEARLY else MAIN
    names = dict.fromkeys([*([asking.break_even] if asking.break_even else []), *(asking.measures or usual)])
    shown = {name: known[name] for name in names if name in known}
    even = known.get(asking.break_even or "")
    if even is not None:
        problems += _comparable(even, known, fields, chances=chances)
    if asking.break_even is not None and fields and fields[0].kind == "choice":
        message = f"nothing lies between the values of {fields[0].path}; vary a quantity first"
        problems.append(problem(f"--break-even {asking.break_even}", message))
    return shown, even, problems


def _with_chance(
    known: Mapping[str, Measure], file: ScenarioFile, strategies: Sequence[str]
) -> dict[str, Measure]:
    """The measures of a year, for a file that gives no chance itself."""
    if COST_A_YEAR in known:
        return {}
    scenario = file.scenario(strategies[0])
    events = tuple(event.model_copy(update={"chance": 0.0}) for event in scenario.events)
    found = known_measures(scenario.model_copy(update={"events": events}))
    return {name: found[name] for name in (COST_A_YEAR, LOST_A_YEAR)}


def _comparable(
    even: Measure, known: Mapping[str, Measure], fields: Sequence[Field], *, chances: bool
) -> list[Problem]:
    """Why means of a measure cannot be held against each other along these fields."""
    option = f"--break-even {even.name}"
    if even.kind == "text":
        return [problem(option, "is a word, which has no mean; ask for `data_loss_window`")]
    if even.open_ended:
        capability = even.name.partition(".")[2]
        downtime = f"downtime.{capability}" if capability else "downtime"
        instead = f"ask for `{even.censored_by}` (whether it happened in time)"
        if downtime in known:
            instead += f" or `{downtime}` (hours within the horizon)"
        return [
            problem(option, f"is cut where the horizon comes first, and what is cut has no mean; {instead}")
        ]
    if chances and even.name not in YEARLY:
        told = " or ".join(f"`{name}`" for name in YEARLY if name in known)
        message = (
            f"is what comes of it if it happens, whatever its chance; ask for {told}, which are of a year"
        )
        return [problem(option, message)]
    return []
