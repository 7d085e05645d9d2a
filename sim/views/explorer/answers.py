"""From finished blocks to what the page shows: numbers with their intervals, curves, differences.

In: the blocks of one side, or of two. Out: plain values for JSON. Every number comes from the functions that
make the tables of `run` and `compare`; here is only what is shown and with how many digits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

import sim
from sim.outcomes import Measure, measures_of
from sim.study import summary as lines
from sim.study.runs import typical, worst
from sim.study.statistics import Interval, mean_interval, quantile, quantile_interval
from sim.study.trajectories import spread
from sim.views import sentences, wording
from sim.views.case import Case, Fan, Line, Provenance, Run, Share
from sim.views.explorer.jobs import Opened, Part
from sim.views.explorer.pairs import Gap, gaps
from sim.views.happenings import removed
from sim.views.labels import cause_kind, cause_label, spent
from sim.views.summary import HEADER, measure_name, row, shown

if TYPE_CHECKING:
    from sim.scenario import Scenario

Array = NDArray[np.float64]

MAIN = ("downtime", "time_to_recover", "users_lost", "time_to_recover_users", "data_loss_window", "cost")
"""Measures with a place of their own; one that is 0 in every run is left out."""

UNTOLD = Interval(math.nan, math.nan, math.nan)

BARS = 24
POINTS = 400
"""Bars of the histogram; most points of a curve, more cannot be told apart on a screen."""


def outcomes_of(parts: Sequence[Part]) -> dict[str, NDArray[Any]]:
    """Every measure of all finished blocks. Each of shape (runs,)."""
    return {name: np.concatenate([part.outcomes[name] for part in parts]) for name in parts[0].outcomes}


def case_of(opened: Opened, parts: Sequence[Part]) -> Case:
    """What the sentences read. It has no run of its own: nothing here tells one."""
    scenario, measures, outcomes = opened.scenario, measures_of(opened.scenario), outcomes_of(parts)
    failed = sum(part.failed for part in parts)
    runs = len(outcomes["replication"])
    return Case(
        scenario=scenario,
        # No digest: to write a whole scenario down takes longer than to read a setting.
        provenance=Provenance(
            opened.name, "", scenario.seed, sim.__version__, runs + failed, opened.strategy
        ),
        label=opened.label,
        uncertain=bool(scenario.unknowns),
        outcomes=outcomes,
        censored={m.name: ~lines.finished(m, outcomes) for m in measures.values() if m.censored_by},
        active=fan(parts),
        shares=shares(scenario, parts, runs),
        typical=cast("Run", None),
        lines=tuple(_line(each, outcomes) for each in measures.values()),
        removed=removed(scenario),
        failed=(failed, next((part.reason for part in parts if part.reason), "")),
    )


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is told of one measure, inside units: NaN where there is no such number."""

    median: Interval
    p05: float
    p95: float
    mean: Interval
    unfinished: float


def numbers(measure: Measure, outcomes: Mapping[str, NDArray[Any]]) -> Numbers:
    """Of one measure what the summary of a study has, but for the means of the worst runs.

    Those need thousands of resamples for each measure, which is longer than all the rest of an answer.
    """
    column, whole = lines.values(measure, outcomes), lines.finished(measure, outcomes)
    unfinished = math.nan if measure.censored_by is None else 1.0 - float(whole.mean())
    mean = mean_interval(column)
    if measure.kind in {"flag", "text"}:
        return Numbers(UNTOLD, math.nan, math.nan, mean, unfinished)
    ordered = np.sort(lines.latent(measure, outcomes))
    median = Interval(quantile(ordered, 0.5), *quantile_interval(ordered, 0.5))
    return Numbers(median, quantile(ordered, 0.05), quantile(ordered, 0.95), mean, unfinished)


def _line(measure: Measure, outcomes: Mapping[str, NDArray[Any]]) -> Line:
    found = numbers(measure, outcomes)
    places = (found.median.value, found.p05, found.p95, found.mean.value)
    error = (found.mean.high - found.mean.low) / 2
    return Line(measure.name, measure.unit, measure.kind, measure.meaning, *places, error, found.unfinished)


def fan(parts: Sequence[Part]) -> Fan:
    """Active users over time: mean, quantiles, and what would have been."""
    runs = np.concatenate([part.active for part in parts])
    weights = np.array([len(part.active) for part in parts], dtype=float)
    would = (weights / weights.sum()) @ np.array([part.would for part in parts])
    return Fan(times=parts[0].times, counterfactual=would, **spread(runs))


def shares(scenario: Scenario, parts: Sequence[Part], runs: int) -> tuple[Share, ...]:
    """What the headline's downtime goes into, the most first."""
    hours: dict[tuple[str, str], float] = {}
    for part in parts:
        for cause, amount in part.causes.items():
            hours[cause] = hours.get(cause, 0.0) + amount
    ordered = sorted(((amount / runs, *cause) for cause, amount in hours.items() if amount > 0), reverse=True)
    return tuple(
        Share(
            cause, cause_kind(cause, kind), cause_label(scenario, cause, kind), mean, math.nan,
            spent(scenario, cause, kind),
        )
        for mean, cause, kind in ordered
    )  # fmt: skip


def answer(sides: Sequence[tuple[Opened, Sequence[Part]]], runs: int) -> dict[str, Any]:
    """All that the page shows after so many runs of each side.

    Parameters
    ----------
    sides
        A, or A and B, each with its finished blocks.
    runs
        How many are wanted in the end.
    """
    cases = [case_of(opened, parts) for opened, parts in sides]
    told = [_side(case, opened) for case, (opened, _) in zip(cases, sides, strict=True)]
    return {
        "done": sum(len(part.outcomes["replication"]) + part.failed for part in sides[0][1]),
        "wanted": runs,
        "sides": told,
        "downtime": histogram(cases),
        "comparison": comparison(sides, cases) if len(sides) == 2 else None,
    }


def _side(case: Case, opened: Opened) -> dict[str, Any]:
    scenario, measures = case.scenario, measures_of(case.scenario)
    said = [sentences.downtime(case), sentences.users(case), sentences.missing(case), sentences.path(case)]
    said += [sentences.users_back(case), sentences.cost(case)]
    return {
        "strategy": opened.strategy,
        "label": opened.label,
        "runs": case.runs,
        "failed": list(case.failed),
        "band": case.band,
        "start": scenario.clock.start.timestamp(),
        "horizon": scenario.clock.horizon,
        "unit": scenario.users.unit,
        "typical": typical(case.outcomes),
        "worst": worst(case.outcomes),
        "sentences": [sentence.text for sentence in said if sentence is not None],
        "main": [_main(case, measures[name]) for name in MAIN if not _idle(case, name)],
        "table": _table(case),
        "fan": _curves(case.active),
        "shares": [
            [share.label, share.hours, wording.short_duration(share.hours)] for share in case.shares[:8]
        ],
        "events": [
            [event.at, event.verb, wording.stamp_with_year(scenario.clock.start, event.at)]
            for event in scenario.events
            if event.takes_away and event.at < scenario.clock.horizon
        ],
    }


def _idle(case: Case, measure: str) -> bool:
    return measure != "downtime" and not case.column(measure).any()


def _main(case: Case, measure: Measure) -> dict[str, Any]:
    """One number with its interval: the average, or of a time the one that half of the runs exceed.

    A time may be cut by the horizon, and then has no average; the middle one has a value all the same.
    """
    line = numbers(measure, case.outcomes)
    time = measure.kind == "time"
    shown_of = line.median if time else line.mean
    ends = (shown_of.value, shown_of.low, shown_of.high)
    horizon = case.scenario.clock.horizon if time else math.inf
    value, low, high = (_told(case, measure, end) for end in ends)
    spread = [_told(case, measure, end) for end in (line.p05, line.p95)]
    return {
        "name": measure.name,
        "label": measure_name(case.scenario, measure.name),
        "meaning": wording.capital(measure.meaning),
        "what": "half of the runs exceed" if time else "average",
        "text": value,
        "interval": f"{low} to {high}" if low != high else low,
        "spread": " to ".join(dict.fromkeys(spread)),
        "value": _finite(min(ends[0], horizon)),
        "low": _finite(max(ends[1], -horizon)),
        "high": _finite(min(ends[2], horizon)),
        "unfinished": _finite(line.unfinished),
    }


def _told(case: Case, measure: Measure, value: float) -> str:
    return shown(case.scenario, measure.kind, max(value, 0.0) if value == -math.inf else value)


def _finite(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None


def _table(case: Case) -> dict[str, Any]:
    told = [each for each in case.lines if each.kind not in {"flag", "text"}]
    used = [each for each in told if case.column(each.measure).any()]
    return {"header": list(HEADER), "rows": [list(row(case, each)) for each in used]}


def _curves(curves: Fan) -> dict[str, list[float]]:
    every = max(1, -(-len(curves.times) // POINTS))
    kept = np.unique(np.append(np.arange(0, len(curves.times), every), len(curves.times) - 1))
    names = ("times", "mean", "p05", "p25", "p50", "p75", "p95", "counterfactual")
    return {name: [float(f"{x:.6g}") for x in getattr(curves, name)[kept]] for name in names}


def histogram(cases: Sequence[Case]) -> dict[str, Any]:
    """How many runs have how much downtime, on the same bars for both sides; what was cut, apart."""
    hours = [case.column("downtime") for case in cases]
    most = max(max(float(each.max()) for each in hours), 1e-9)
    edges = np.linspace(0.0, most, BARS + 1)
    return {
        "edges": [float(f"{edge:.6g}") for edge in edges],
        "counts": [np.histogram(each, edges)[0].tolist() for each in hours],
        "cut": [
            np.histogram(each[case.cut("downtime")], edges)[0].tolist()
            for each, case in zip(hours, cases, strict=True)
        ],
    }


def comparison(sides: Sequence[tuple[Opened, Sequence[Part]]], cases: Sequence[Case]) -> dict[str, Any]:
    """B minus A, run by run; or why the runs are no pairs."""
    one, other = (opened.scenario for opened, _ in sides)
    apart = unlike(one, other)
    if apart:
        return {"apart": apart, "rows": []}
    measures = measures_of(one)
    wanted = [name for name in MAIN if any(not _idle(case, name) for case in cases)]
    asked = {name: measures[name] for name in wanted}
    found = gaps(asked, cases[1].outcomes, cases[0].outcomes)
    return {"apart": "", "rows": [_difference(one, measures, each) for each in found]}


def unlike(one: Scenario, other: Scenario) -> str:
    """Why replication k of one is no pair of replication k of the other; empty if it is one."""
    same: Mapping[str, tuple[object, object]] = {
        "the seed": (one.seed, other.seed),
        "the start": (one.clock.start, other.clock.start),
        "the horizon": (one.clock.horizon, other.clock.horizon),
        "the headline": (one.headline, other.headline),
        "the currency": (one.currency, other.currency),
        "the word for users": (one.users.unit, other.users.unit),
    }
    return wording.listing([what for what, (here, there) in same.items() if here != there])


def _difference(scenario: Scenario, measures: Mapping[str, Measure], each: Gap) -> dict[str, Any]:
    kind, gap = measures[each.measure].kind, each.difference

    def told(value: float) -> str:
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return sign + shown(scenario, kind, abs(value))

    return {
        "name": each.measure,
        "label": measure_name(scenario, each.measure),
        "value": _finite(gap.value),
        "low": _finite(gap.low),
        "high": _finite(gap.high),
        "text": told(gap.value),
        "interval": f"{told(gap.low)} to {told(gap.high)}" if gap.low != gap.high else told(gap.low),
        "better": wording.percent(each.better, 2),
        "verdict": each.verdict,
        "restricted": each.restricted,
        "runs": each.runs,
    }
