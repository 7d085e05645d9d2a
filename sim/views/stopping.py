"""How many runs: a stated precision, or until a strategy is chosen; what was asked, and what came of it.

In: `MEASURE=5%` and `MEASURE=AMOUNT` as typed, or given in Python. Out: studies that `sim.study` ran so far,
and sentences. The words are in `templates/compare_sentences.toml`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.views import wording
from sim.views.compare_sentences import in_words, say
from sim.views.saying import Sentence
from sim.views.showing import known_measure
from sim.views.summary import measure_name

if TYPE_CHECKING:
    from sim.outcomes import Measure
    from sim.scenario import ScenarioFile
    from sim.study import Study
    from sim.study.race import Chosen
    from sim.study.until import Enough


def run_enough(
    file: ScenarioFile,
    *,
    precision: Sequence[str] = (),
    select: str | None = None,
    **options: Any,
) -> tuple[Study, list[Sentence]]:
    """Run until the means are precise enough, or a strategy is chosen; the study, and what is said of it.

    Parameters and errors as of `run_as_asked`.
    """
    study, found = run_as_asked(file, precision=precision, select=select, **options)
    return study, words(found)


def run_as_asked(
    file: ScenarioFile,
    *,
    precision: str | Sequence[str] = (),
    select: str | None = None,
    **options: Any,
) -> tuple[Study, Chosen | Enough | None]:
    """Run so many replications, or as many as it takes; the study, and what made it stop, if anything did.

    Parameters
    ----------
    precision
        `MEASURE=5%`, or several, each of its own measure.
    select
        `MEASURE=AMOUNT`: the smallest difference that matters.
    options
        As of `run_study`; `replications` is the most there may be.

    Raises
    ------
    UsageError
        If both are given, or one cannot be read.
    """
    from sim.study import run_study
    from sim.study.race import run_race
    from sim.study.until import run_until

    if precision and select:
        raise UsageError(
            "--precision and --select each say when to stop; choose one, and go on from there with the other"
        )
    if select:
        measure, least = indifference(file, select)
        chosen = run_race(file, measure, least, **options)
        return chosen.study, chosen
    if precision:
        typed = [precision] if isinstance(precision, str) else precision
        enough = run_until(file, precisions(file, typed), **options)
        return enough.study, enough
    return run_study(file, **options), None


# -- what was typed -------------------------------------------------------------------------------------


def precisions(file: ScenarioFile, typed: Iterable[str]) -> dict[str, float]:
    """Measure to the relative error allowed.

    Raises
    ------
    UsageError
        If one is no `MEASURE=SHARE`, or a measure stands twice.
    """
    from sim.scenario.units import SHARE

    found: dict[str, float] = {}
    for each in typed:
        measure, amount = _split(file, "--precision", each, "users_lost=5%")
        if measure.name in found:
            raise UsageError(f"--precision says two things of `{measure.name}`; give it once")
        found[measure.name] = _amount("--precision", each, amount, SHARE)
    return found


def indifference(file: ScenarioFile, typed: str) -> tuple[str, float]:
    """A measure, and the smallest difference in it that matters, in its unit.

    Raises
    ------
    UsageError
        If it is no `MEASURE=AMOUNT`.
    """
    from sim.scenario import units

    measure, amount = _split(file, "--select", typed, "users_lost=5000")
    kinds = {"time": units.DURATION, "money": units.MONEY, "share": units.SHARE}
    return measure.name, _amount("--select", typed, amount, kinds.get(measure.kind, units.COUNT))


def _split(file: ScenarioFile, option: str, typed: str, example: str) -> tuple[Measure, str]:
    from sim.outcomes import measures_of

    name, equals, amount = (part.strip() for part in typed.partition("="))
    if not (name and equals and amount):
        raise UsageError(f"{option} {typed}: write a measure and an amount, for example {example}")
    measures = measures_of(file.scenario())
    return measures[known_measure(name, measures)], amount


def _amount(option: str, typed: str, amount: str, dimension: Any) -> float:
    from sim.scenario.units import Wrong, parse_quantity

    try:
        value = parse_quantity(amount, dimension)
    except Wrong as wrong:
        raise UsageError(f"{option} {typed}: {wrong}") from None
    if not value > 0.0:
        raise UsageError(f"{option} {typed}: it must be above 0")
    return value


# -- what came of it ------------------------------------------------------------------------------------


def words(found: Chosen | Enough | None) -> list[Sentence]:
    """What is said of when the runs stopped; nothing of a fixed number."""
    from sim.study.race import Chosen

    if found is None:
        return []
    return chosen_words(found) if isinstance(found, Chosen) else enough_words(found)


def chosen_words(found: Chosen) -> list[Sentence]:
    """Which strategy was chosen at what probability, or that none is within the runs allowed."""
    study = found.study
    scenario = study.part(found.strategies[0]).scenario
    measure = study.part(found.strategies[0]).measures[found.measure]
    labels = {name: f"“{study.file.labels[name]}”" for name in found.strategies}
    fields = {
        "what": wording.small(measure_name(scenario, found.measure)),
        "indifference": in_words(scenario, measure.kind, found.indifference),
    }
    if found.best is None:
        names = wording.listing([labels[name] for name in found.left])
        said = [say("choice", "undecided", names=names, most=f"{found.most:,}", **fields)]
    else:
        said = [
            say(
                "choice",
                "chosen",
                best=study.file.labels[found.best],
                runs=f"{found.choice.runs:,}",
                confidence=wording.percent(found.confidence),
                count=len(found.strategies),
                **fields,
            )
        ]
    if found.dropped:
        each = [f"{labels[name]} after {runs:,} runs" for name, runs in found.dropped]
        said.append(say("choice", "dropped", each=wording.listing(each)))
    return [*said, say("choice", "caveat")]


def enough_words(found: Enough) -> list[Sentence]:
    """How many runs it took, what was not reached and why, and what such a rule costs."""
    looks = wording.plural(str(found.looks), "look")
    said = []
    for each in found.known:
        known, several = each.precision, len({one.strategy for one in found.known}) > 1
        scenario = found.study.part(each.strategy).scenario
        name = measure_name(scenario, known.measure)
        label = f" with “{found.study.file.labels[each.strategy]}”" if several else ""
        told = f"{name}{label} to {wording.percent(known.wanted)}"
        if known.reached:
            said.append(say("precision", "reached", each=told, runs=f"{found.runs:,}", looks=looks))
        elif math.isinf(known.needed):
            cut = math.isinf(known.mean)
            reason = "the simulation ends before it does in some runs" if cut else "its average is 0"
            said.append(say("precision", "never", each=told, reason=reason))
        else:
            needed = f"{math.ceil(known.needed):,}"
            said.append(say("precision", "short", each=told, runs=f"{found.runs:,}", needed=needed))
    return [*said, say("precision", "caveat")]
