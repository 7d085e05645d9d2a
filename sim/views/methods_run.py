"""How a study was run, for a methods section: replications, run length, estimation, software, machine.

In: a `Study`. Out: blocks of Markdown, items 4.1 to 5.4 of STRESS-DES.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.clock import format_duration
from sim.streams import BLOCK
from sim.study.statistics import CONFIDENCE
from sim.views import wording
from sim.views.few_runs import few_runs
from sim.views.markdown import bullets

if TYPE_CHECKING:
    from sim.study import Study


def experimentation(study: Study) -> list[str]:
    """Items 4.1 to 4.3."""
    scenario = study.part().scenario
    clock = scenario.clock
    start = clock.calendar.format(0.0, year=True, zone=True)
    return [
        "### 4.1 Initialisation",
        "Terminating: a replication begins with the platform in service and all users active, and stops at "
        "the horizon. No warm-up: what is studied is the transient after set instants, not a steady state, "
        f"so there is no initial bias to remove. Initial state: {wording.count(scenario.users.start, 6)} "
        f"{scenario.users.unit} on {start}, the same in every replication unless an unknown says otherwise.",
        "### 4.2 Run length",
        f"{format_duration(clock.horizon)} from {start}; time unit hours. Integrals over time are exact and "
        f"do not depend on the interval of reporting ({format_duration(clock.report_every)}).",
        "### 4.3 Estimation approach",
        f"Independent replications: {_replications(study)}. Seed {scenario.seed}. {_common(study)}",
        *_stopped(study),
        *_precision(study),
        *_kinds(study),
        *_happened(study),
    ]


def _replications(study: Study) -> str:
    told = {part.replications for part in study.parts}
    counts = [
        f"{part.replications:,}" + (f" of `{part.strategy}`" if len(told) > 1 else "") for part in study.parts
    ]
    failed = sum(study.failures(part.strategy)[0] for part in study.parts)
    each = " of each strategy" if len(told) == 1 and len(study.parts) > 1 else ""
    number = wording.listing(counts) if len(told) > 1 else counts[0] + each
    return number + (f", of which {failed:,} failed and are left out" if failed else ", none failed")


def _stopped(study: Study) -> list[str]:
    """That the runs themselves decided how many there are."""
    from sim.study.until import STOPPED_BY

    rule = {
        "precision": "The number of replications was not fixed beforehand: replications were added until the "
        "confidence interval was short enough (A. M. Law, W. D. Kelton 2000, section 9.4.1), with at least "
        f"{BLOCK}; intervals of such a study hold somewhat less often than they say.",
        "selection": "The number of replications was not fixed beforehand: strategies were raced until the "
        "best was chosen (the procedure KN, S.-H. Kim and B. L. Nelson 2001, doi 10.1145/502109.502111); "
        "intervals of such a study hold somewhat less often than they say.",
    }.get(str(study.manifest.get(STOPPED_BY)))
    return [rule] if rule else []


def _common(study: Study) -> str:
    if len(study.parts) < 2:
        return "The counterfactual of each replication uses the same random numbers."
    return (
        "Common random numbers: a replication of one number meets the same draws in every strategy and in "
        "its counterfactual, and differences are estimated pair by pair."
    )


def _precision(study: Study) -> list[str]:
    """What so many replications give: the half width of the interval of the users lost."""
    strategy = study.part().strategy
    line = next(one for one in study.summary if (one.strategy, one.measure) == (strategy, "users_lost"))
    half = (line.mean_high - line.mean_low) / 2
    if not math.isfinite(half):
        return ["One replication: nothing can be said about chance."]
    share = f", {wording.percent(half / abs(line.mean), 2)} of it" if line.mean else ""
    few = few_runs(study.part().measures["users_lost"], study.outcomes(strategy))
    sure = f"{wording.percent(CONFIDENCE)} interval"
    return [
        f"With these, the mean of `users_lost` ({wording.count(line.mean)}) is known to ± "
        f"{wording.count(half, 2)} ({sure}){share}{f'; {few}' if few else ''}."
    ]


def _kinds(study: Study) -> list[str]:
    """Chance, parameters and simulation error, each by itself."""
    from sim.views.kinds import parameters

    part = study.part()
    whose = parameters(part.scenario, part.measures["users_lost"], study.outcomes(part.strategy))
    spread = (
        f"in `users_lost` {whose}" if whose
        else "chance and the unknowns in 3.3, not told apart here" if part.scenario.unknowns
        else "chance alone, since no unknown is varied"
    )  # fmt: skip
    return [
        "Three kinds of uncertainty are kept apart. Simulation error, which more replications make smaller: "
        "the intervals. Chance and parameters, which they do not: the spread of the replications; "
        f"{spread}. What is wrong with the model or with fixed inputs is in none of them."
    ]


def _happened(study: Study) -> list[str]:
    """The runs as a forecast of what was observed, where both are amounts and no run was cut."""
    from sim.study.scores import crps
    from sim.views.gather import observed
    from sim.views.sentences import told

    part = study.part()
    rows = []
    for seen in observed(study, part.strategy, part.measures):
        late = seen.at is not None and seen.at > part.scenario.clock.horizon
        if not late and not seen.open.any() and seen.kind in {"time", "count", "share", "money"}:
            score = told(seen, crps(seen.simulated, seen.value))
            rows.append(f"{seen.label}: {told(seen, seen.value)}, score {score}")
    if not rows:
        return []
    return [
        "Against what was observed, the continuous ranked probability score (Gneiting and Raftery 2007, "
        "doi 10.1198/016214506000001437): the distance between the replications and the one value, in its "
        "unit; 0 where every replication hits it, the absolute error where all are the same. One case can "
        "neither prove nor refute the model.",
        bullets(rows),
    ]


def implementation(study: Study) -> list[str]:
    """Items 5.1 to 5.4."""
    manifest = study.manifest
    versions = dict(manifest.get("versions", {}))
    own, python = versions.pop("hostfall", "unknown"), versions.pop("python", "unknown")
    libraries = ", ".join(f"{name} {version}" for name, version in versions.items())
    instructions = ", ".join(map(str, manifest.get("machine", {}).get("instructions", []))) or "not recorded"
    took = wording.seconds(float(manifest.get("duration_seconds") or 0.0))
    return [
        "### 5.1 Software or programming language",
        f"hostfall {own} on Python {python}; {libraries}. The operating system is not recorded: results "
        "depend on the versions above and on the processor's instructions (5.4).",
        "### 5.2 Random sampling",
        "PCG64 (NumPy), one generator a named quantity and block of "
        f"{BLOCK} replications, keyed by the seed and the SHA-256 of the name; quantities by inverting their "
        "distribution functions. A quantity keeps its numbers in every strategy and in the counterfactual.",
        "### 5.3 Model execution",
        "Process interaction (SimPy) for suppliers and the operator. At one instant: what is restored first, "
        "then suppliers, then the operator, then reports. Replications are computed in blocks, on one or "
        "several processes, with the same results.",
        "### 5.4 System specification",
        f"Computing took {took} in all. Instruction sets that decide the last bits of exponentials and "
        f"logarithms: {instructions}.",
    ]
