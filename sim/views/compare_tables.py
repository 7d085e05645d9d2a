"""The tables of a comparison, as text: strategies, worlds without events, a year, turning points.

In: a `Comparison`. Out: `Table` records. The CSV files hold more measures and every digit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from sim.views import wording
from sim.views.compare_sentences import MAIN, blow_words
from sim.views.summary import measure_name, shown
from sim.views.table import Table

if TYPE_CHECKING:
    from sim.study.arms import Arm
    from sim.study.comparison import Difference
    from sim.study.without import Effect
    from sim.study.yearly import Account, TurningPoint
    from sim.views.comparison import Comparison

SHOWN = (
    "downtime",
    "users_lost",
    "user_hours_lost",
    "data_loss_window",
    "cost_standing",
    "cost_emergency",
    "revenue_lost",
    "cost",
)
"""The main measures, in the order of the table; one that is 0 everywhere is left out."""

VERDICT = {
    "better": "better",
    "worse": "worse",
    "undecided": "not yet distinguishable",
    "same": "the same",
    "cut": "cut by the end",
}
"""Of a difference, by the interval that holds for all comparisons together."""

CUT = "; * unfinished runs count as far as they went"


def strategies(found: Comparison) -> Table:
    """Measure by measure: every strategy beside the baseline."""
    base = found.arm(found.baseline)
    rows: list[tuple[str, ...]] = []
    for measure in shown_of(base):
        about = [each for each in found.differences if each.measure == measure]
        if not about or found.is_idle(measure):
            continue
        name = measure_name(base.scenario, measure) + " *" * any(each.restricted for each in about)
        rows.append((name, base.label, _mean(base, measure), "", "", "", ""))
        rows += [_difference(found.arm(each.strategy), each) for each in about]
    together = f"95 % interval, all {len(found.others)}" if len(found.others) > 1 else "95 % interval"
    header = ("Measure", "Strategy", "Average", f"Minus “{base.label}”", together, "Better in", "So")
    caption = f"Strategies, pair by pair ({base.runs:,} runs, {found.band}{_cut(rows)})"
    return Table(caption, header, tuple(rows))


def shown_of(arm: Arm) -> list[str]:
    """The main measures, those of the door and of rivals after the others about users."""
    more = [name for name in arm.measures if name == "users_at_door_peak" or name.startswith("users_at.")]
    return [*SHOWN[:3], *more, *SHOWN[3:]]


def _cut(rows: list[tuple[str, ...]]) -> str:
    """What the star means, where there is one."""
    return CUT if any(row[0].endswith("*") for row in rows) else ""


def _mean(arm: Arm, measure: str) -> str:
    return shown(arm.scenario, arm.measures[measure].kind, float(arm.outcomes[measure].mean()))


def _difference(arm: Arm, each: Difference) -> tuple[str, ...]:
    told = partial(shown, arm.scenario, arm.measures[each.measure].kind)
    better = "none"
    if each.better > 0.0:
        ends = [wording.percent(end, 2).removesuffix(" %") for end in (each.better_low, each.better_high)]
        better = f"{wording.percent(each.better)} ({ends[0]} to {ends[1]})"
    return (
        "",
        arm.label,
        _mean(arm, each.measure),
        told(each.difference),
        _between(told, each.joint_low, each.joint_high),
        better,
        VERDICT[each.verdict],
    )


def _between(told: Callable[[float], str], low: float, high: float) -> str:
    """An interval in a cell; a dash where there is none."""
    if math.isnan(low):
        return "–"
    ends = [told(end) if math.isfinite(end) else wording.number(end) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def quantiles(found: Comparison) -> Table:
    """What half and nine in ten of the runs do not exceed, every strategy minus the baseline."""
    base = found.arm(found.baseline)
    rows = []
    for name, each in _by_measure(found):
        arm = found.arm(each.strategy)
        told = partial(shown, arm.scenario, arm.measures[each.measure].kind)
        median = _with_ends(told, each.median, each.median_low, each.median_high)
        ninth = _with_ends(told, each.p90, each.p90_low, each.p90_high)
        rows.append((name, arm.label, median, ninth))
    header = ("Measure", "Strategy", "Median differs by", "90 % quantile differs by")
    how = "95 % intervals by a bootstrap of the pairs"
    return Table(f"Medians and 90 % quantiles, minus those of “{base.label}” ({how})", header, tuple(rows))


def _by_measure(found: Comparison) -> Iterator[tuple[str, Difference]]:
    """The differences of every main measure that says something, the first of each with its name."""
    scenario = found.arm(found.baseline).scenario
    for measure in MAIN:
        name = measure_name(scenario, measure)
        for each in found.differences:
            if each.measure == measure and not found.is_idle(measure):
                yield name, each
                name = ""


def _with_ends(told: Callable[[float], str], value: float, low: float, high: float) -> str:
    """A number with its interval in a cell; only the one where they are the same."""
    if math.isnan(value):
        return "–"
    number = told(value) if math.isfinite(value) else wording.number(value)
    ends = _between(told, low, high)
    return number if ends == number else f"{number} ({ends})"


def sureness(found: Comparison) -> Table:
    """How sure each difference is: both intervals, Holm's p-value, the worse tail, dominance, correlation."""
    base = found.arm(found.baseline)
    rows = [(name, *_sure(found, each)) for name, each in _by_measure(found)]
    header = (
        "Measure", "Strategy", "95 % by t", "95 % by BCa", "p (Holm)", "Worse 5 % differs by",
        "Dominates", "Correlation",
    )  # fmt: skip
    return Table(f"How sure that is, minus “{base.label}”", header, tuple(rows))


def _sure(found: Comparison, each: Difference) -> tuple[str, ...]:
    arm = found.arm(each.strategy)
    told = partial(shown, arm.scenario, arm.measures[each.measure].kind)
    order = f"{found.arm(each.dominant).label} ({each.dominance} order)" if each.dominant else "neither"
    small = each.p_holm < 0.0001
    return (
        arm.label,
        _between(told, each.low, each.high),
        _between(told, each.bca_low, each.bca_high),
        "<0.0001" if small else wording.number(each.p_holm, 2),
        _with_ends(told, each.cvar, each.cvar_low, each.cvar_high),
        "the same" if each.dominance == "same" else order,
        wording.number(each.correlation, 2),
    )


def without(found: Comparison, strategy: str) -> Table:
    """Measure by measure: as it happened, without each blow, without all of them."""
    arm = found.arm(strategy)
    rows: list[tuple[str, ...]] = []
    for measure in MAIN:
        about = [e for e in found.effects if e.strategy == strategy and e.measure == measure]
        if not about or found.is_idle(measure):
            continue
        told = partial(shown, arm.scenario, arm.measures[measure].kind)
        name = measure_name(arm.scenario, measure) + " *" * any(each.restricted for each in about)
        rows.append((name, "as it happened", told(about[0].happened), "", ""))
        rows += [_effect(found, arm, each) for each in about]
    runs = max((e.runs for e in found.effects if e.strategy == strategy), default=0)
    header = ("Measure", "Without", "Average", "Less by", "95 % interval")
    of = f", with “{arm.label}”" if found.others else ""
    caption = f"Without the events{of}, pair by pair ({runs:,} runs, {found.band}{_cut(rows)})"
    return Table(caption, header, tuple(rows))


def _effect(found: Comparison, arm: Arm, each: Effect) -> tuple[str, ...]:
    told = partial(shown, arm.scenario, arm.measures[each.measure].kind)
    low, high = told(each.low), told(each.high)
    interval = low if low == high else f"{low} to {high}"
    if each.what == "interaction":
        return ("", "together minus the sum", "", told(each.effect), interval)
    blow = next(one for one in found.worlds if one.name == each.events)
    words = "all of them" if blow not in found.blows else blow_words(arm.scenario, blow)
    return ("", words, told(each.without), told(each.effect), interval)


def yearly(found: Comparison, account: Account) -> Table:
    """A year at several chances, the given one among them."""
    lines = [line for line in found.years if line.account == account.kind]
    money = account.kind == "money"
    chances = sorted({line.chance for line in lines})
    given = {line.chance for line in lines if line.given}
    scale, word = scaled([amount for line in lines for amount in (line.standing, line.loss, line.a_year)])
    rows = []
    for strategy in account.loss:
        own = {line.chance: line for line in lines if line.strategy == strategy}
        first = own[chances[0]]
        amounts = [*([first.standing] if money else []), first.loss, *(own[c].a_year for c in chances)]
        cells = [wording.number(amount / scale, 4) for amount in amounts]
        rows.append((found.arm(strategy).label, *cells))
    columns = [f"at {wording.percent(c)}{' (given)' if c in given else ''}" for c in chances]
    header = ("Strategy", *(["Whatever happens"] if money else []), "If it happens", *columns)
    unit = f"{word} {account.unit}".strip()
    lost = wording.capital(account.unit) + (f" ({word}s)" if word else "")
    what = f"Cost a year, {unit}" if money else f"{lost} lost a year"
    return Table(f"{what}, by its chance a year", header, tuple(rows))


def scaled(amounts: Iterable[float]) -> tuple[float, str]:
    """By what the numbers of one table or axis are divided, and what it is called.

    The largest scale in which the smallest number keeps a figure before or just after the point, but no more
    than a thousand times finer than the largest number asks for.
    """
    sizes = [abs(amount) for amount in amounts if amount and math.isfinite(amount)]
    largest, smallest = max(sizes, default=0.0), min(sizes, default=0.0)
    scales = [(1e9, "billion"), (1e6, "million"), (1e3, "thousand"), (1.0, "")]
    fitting = [each for each in scales if largest >= each[0]] or scales[-1:]
    if fitting[0][0] == 1e3 and largest < 1e4:
        return scales[-1]
    return next((each for each in fitting[:2] if smallest >= 0.1 * each[0]), fitting[:2][-1])


def turning(found: Comparison) -> Table:
    """The chance at which the order of two strategies turns."""
    rows = []
    for point in found.turning:
        names = [point.below or point.first]
        names.append(point.second if names[0] == point.first else point.first)
        turns = wording.percent(point.chance) if point.verdict == "turns" else "(at any chance)"
        rows.append((*(found.arm(name).label for name in names), turns, _open(point)))
    header = ("Costs less if it is unlikely", "Than", "Until a chance of", "The runs do not tell")
    title = "The chance a year at which the order turns, each with its own 95 % interval"
    return Table(title, header, tuple(rows))


def _open(point: TurningPoint) -> str:
    """Between which chances it is open which costs less."""
    if point.verdict == "same":
        return "the same"
    if not point.high > point.low + 1e-9:
        return "–"
    return f"{wording.percent(point.low)} to {wording.percent(point.high)}"
