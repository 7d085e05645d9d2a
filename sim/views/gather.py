"""From a study's tables to what views read: one `Case` a strategy.

In: a `Study`. Out: `Case` records. The only module of the views that knows how a study keeps its results.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

import sim
from sim.outcomes import Measure
from sim.views import wording
from sim.views.case import (
    Case,
    Check,
    Difference,
    Fan,
    Floats,
    Input,
    Layer,
    Line,
    Observed,
    Provenance,
    Run,
    Share,
)
from sim.views.happenings import removed
from sim.views.labels import cause_kind, cause_label, place, spent
from sim.views.summary import measure_name, shown

if TYPE_CHECKING:
    from sim.demand import History
    from sim.scenario import Evidence, Scenario
    from sim.study import Critical, Study
    from sim.study.claims import Verdict
    from sim.study.comparison import Difference as Paired
    from sim.supply.timeline import Timeline


def gather(study: Study, strategy: str | None = None) -> Case:
    """Everything views read of one strategy (default: the baseline, or the first there is)."""
    part = study.part(strategy)
    name, scenario = part.strategy, part.scenario
    outcomes, fan = study.outcomes(name), study.fan("active", strategy=name)
    censored = {m.name: ~study.finished(m.name, name) for m in part.measures.values() if m.censored_by}
    return Case(
        scenario=scenario,
        provenance=Provenance(
            study.file.name,
            str(study.manifest["digest"]),
            scenario.seed,
            sim.__version__,
            part.replications,
            name,
        ),
        label=study.file.labels[name],
        uncertain=bool(scenario.unknowns),
        outcomes=outcomes,
        censored=censored,
        active=Fan(
            fan["time"], *(fan[key] for key in ("mean", "p05", "p25", "p50", "p75", "p95", "counterfactual"))
        ),
        layers=layers(study, name),
        shares=shares(scenario, (each for each in study.spent(name) if each.hours > 0)),
        typical=one_run(study, name, study.typical(name)),
        lines=lines(study, name, part.measures),
        observed=observed(study, name, part.measures),
        checks=tuple(check(scenario, part.measures, v) for v in [*study.targets(name), *study.claims(name)]),
        removed=removed(scenario),
        evidence=inputs(study.file.evidence[name]),
        users=study.users,
        planned=study.planned(name),
        failed=study.failures(name),
    )


def layers(study: Study, strategy: str) -> tuple[Layer, ...]:
    """Where users are over time: active, at the door, waiting, elsewhere, at each rival, gone."""
    scenario = study.part(strategy).scenario

    def fan(quantity: str) -> tuple[Floats, Floats]:
        found = study.fan(quantity, strategy=strategy)
        return found["mean"], found["counterfactual"]

    states = {state: fan(state) for state in ("active", "waiting", "away", "gone")}
    more = {"door": fan("door")} if scenario.users.reopening is not None else {}
    rivals = {rival: fan(f"away.{rival}") for rival in scenario.users.rivals}
    # what no engine has told of is no layer: nobody is shown to be nowhere
    more, rivals = ({name: one for name, one in some.items() if one[0].size} for some in (more, rivals))
    found = {"active": states["active"], **more}
    found["waiting"] = less(states["waiting"], more.get("door"))
    found["elsewhere"] = less(states["away"], *rivals.values())
    found |= rivals | {"gone": states["gone"]}
    return tuple(Layer(name, place(scenario, name), *values) for name, values in found.items())


def less(whole: tuple[Floats, Floats], *parts: tuple[Floats, Floats] | None) -> tuple[Floats, Floats]:
    """What is left of a mean and its counterfactual when parts are taken away; rounding is no people."""
    known = [part for part in parts if part is not None]
    mean, would = (whole[i] - sum((part[i] for part in known), np.zeros_like(whole[i])) for i in (0, 1))
    return np.maximum(mean, 0.0), np.maximum(would, 0.0)


def one_run(study: Study, strategy: str, replication: int) -> Run:
    """One run of a study, played again from the seed."""
    replay = study.replay(strategy, replication)
    outcomes = study.outcomes(strategy)
    row = np.flatnonzero(outcomes["replication"] == replication)
    known = {
        name: float(column[row[0]])
        for name, column in outcomes.items()
        if row.size and column.dtype != object
    }
    return run_of(replication, replay.timeline, replay.history, replay.spared_history, known)


def lines(study: Study, strategy: str, measures: Mapping[str, Measure]) -> tuple[Line, ...]:
    """The summary's rows of one strategy."""
    found = []
    for line in study.summary:
        if line.strategy == strategy:
            measure, error = measures[line.measure], (line.mean_high - line.mean_low) / 2
            places = (line.median, line.p05, line.p95, line.mean, error, line.unfinished)
            found.append(Line(line.measure, line.unit, measure.kind, measure.meaning, *places))
    return tuple(found)


def differences(study: Study) -> dict[str, tuple[Difference, ...]]:
    """Every other strategy against the baseline, by strategy."""
    found: dict[str, list[Difference]] = {}
    for each in study.comparison:
        measure = study.part(each.strategy).measures[each.measure]
        found.setdefault(each.strategy, []).append(
            Difference(each.measure, each.unit, measure.kind, each.difference, *_ends(each), each.restricted)
        )
    return {strategy: tuple(rows) for strategy, rows in found.items()}


def _ends(each: Paired) -> tuple[float, float]:
    """Wide enough for all strategies together; of what was cut, the ends of what was seen."""
    return (each.low, each.high) if math.isnan(each.joint_low) else (each.joint_low, each.joint_high)


def check(scenario: Scenario, measures: Mapping[str, Measure], verdict: Verdict) -> Check:
    """A target or claim with its limits in words."""
    kind = measures[verdict.measure].kind
    low, high = (shown(scenario, kind, limit) for limit in verdict.limits)
    ends = [f"at least {low}"] * math.isfinite(verdict.limits[0]) + [f"at most {high}"] * math.isfinite(
        verdict.limits[1]
    )
    # Without words of its own a claim is called by its measure; the limits say what is claimed of it.
    words = measure_name(scenario, verdict.text) if verdict.text == verdict.measure else verdict.text
    text = f"{wording.capital(words)}: {wording.listing(ends)}"
    return Check(
        text,
        verdict.runs,
        verdict.met,
        verdict.undecided,
        verdict.low,
        verdict.high,
        verdict.needed,
        verdict.verdict,
    )


def run_of(
    replication: int,
    timeline: Timeline,
    history: History,
    spared: History,
    outcome: Mapping[str, float],
    *,
    row: int = 0,
) -> Run:
    """One replication from the two worlds' histories; ``row`` is its place in them."""
    grid = history.grid[row]
    # Just before and at an instant of change are two points, so that a fall is drawn as a fall.
    times, first = np.unique(grid, return_index=True)
    states = {name: np.asarray(values[row])[first] for name, values in history.on_grid.items()}
    would = {name: _on(times, spared, name, row) for name in ("active", "away", "gone")}
    return Run(
        replication=replication,
        timeline=timeline,
        times=times,
        active=states["active"],
        waiting=states["waiting"],
        away=states["away"],
        gone=states["gone"],
        counterfactual=would["active"],
        left_anyway=would["away"] + would["gone"],
        outcome=outcome,
        door=_door(times, history, row),
    )


def _door(times: Floats, history: History, row: int) -> Floats | None:
    """People at the door: as kept on the grid, else straight between the report times."""
    if "door" in history.on_grid:
        return _on(times, history, "door", row)
    if history.door is None:
        return None
    return np.asarray(np.interp(times, history.times, history.door[row]), dtype=float)


def _on(times: Floats, history: History, state: str, row: int) -> Floats:
    """Users in a state at other times than the history's own, straight between them."""
    row = min(row, len(history.grid) - 1)
    own, first = np.unique(history.grid[row], return_index=True)
    return np.asarray(np.interp(times, own, np.asarray(history.on_grid[state][row])[first]), dtype=float)


def shares(scenario: Scenario, causes: Iterable[Critical]) -> tuple[Share, ...]:
    """Causes of the headline downtime."""
    return tuple(
        Share(
            each.cause,
            cause_kind(each.cause, each.kind),
            cause_label(scenario, each.cause, each.kind),
            each.hours,
            each.runs,
            spent(scenario, each.cause, each.kind),
            each.variance,
        )
        for each in causes
    )


def inputs(evidence: Iterable[Evidence]) -> tuple[Input, ...]:
    """The inputs that evidence can be right or wrong about; what the author decides is left out."""
    return tuple(
        Input(each.path, each.text, each.origin, each.mark == "assumption", each.note)
        for each in evidence
        if not each.choice
    )


def observed(study: Study, strategy: str, measures: Mapping[str, Measure]) -> tuple[Observed, ...]:
    """What really happened, each beside the same quantity in every run."""
    scenario, found = study.part(strategy).scenario, []
    for seen in scenario.observed:
        low = seen.value if seen.low is None else seen.low
        high = seen.value if seen.high is None else seen.high
        common: dict[str, Any] = {"value": seen.value, "low": low, "high": high, "source": seen.source or ""}
        if seen.measure is not None:
            measure = measures[seen.measure]
            values = np.asarray(study.outcomes(strategy)[seen.measure], dtype=float)
            cut = ~study.finished(seen.measure, strategy)
            common |= {"unit": measure.unit, "kind": measure.kind, "measure": seen.measure}
            label = seen.label or measure_name(scenario, seen.measure)
            found.append(Observed(label=label, simulated=values, open=cut, **common))
        elif seen.at is not None and seen.of is not None and seen.quantity is not None:
            users = study.users_at(seen.quantity, min(seen.at, scenario.clock.horizon), strategy) / seen.of
            common |= {"unit": "", "kind": "share", "at": seen.at, "of": seen.of, "state": seen.quantity}
            label, never = seen.label or f"{seen.quantity} users", np.zeros(users.size, dtype=np.bool_)
            found.append(
                Observed(label=label, simulated=users, open=never, of_label=seen.of_label or "", **common)
            )
    return tuple(found)
