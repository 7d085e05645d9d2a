"""What pairs of runs say beside their mean difference: how often, for which taste for risk, what to mind.

In: a `Comparison`. Out: sentences. The words are in `templates/compare_sentences.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sim.views import wording
from sim.views.compare_sentences import MAIN, MOST, say, templates
from sim.views.saying import Sentence

if TYPE_CHECKING:
    from sim.study.comparison import Difference
    from sim.study.coverage import FewRuns
    from sim.study.summary import Outcomes
    from sim.views.comparison import Comparison

ARE = {"downtime": "is", "users_lost": "are", "cost": "is"}
"""The verb that goes with the word for each measure."""


def measure_of(found: Comparison) -> str:
    """What strategies are first compared by: the users they lose, or how long they are down."""
    return "downtime" if found.is_idle("users_lost") else "users_lost"


def pairs(found: Comparison) -> list[Sentence]:
    """How often each does better, and whether one dominates; of many only the one nearest to the lead."""
    rows = [each for each in found.differences if each.measure == measure_of(found)]
    if len(found.others) > MOST:
        rows = sorted(rows, key=lambda each: each.difference)[:1]
    said: list[Sentence] = []
    for each in rows:
        if each.verdict != "same":
            said += [_better(found, each), _dominance(found, each)]
    return said


def _better(found: Comparison, each: Difference) -> Sentence:
    """In how many pairs."""
    words = templates()["pair"]
    equal = words["equal"].format(share=wording.percent(each.equal)) if each.equal else ""
    return say(
        "pair",
        "better",
        strategy=found.arm(each.strategy).label,
        baseline=found.arm(each.baseline).label,
        does=_does(found, each.measure),
        share=wording.percent(each.better),
        low=wording.percent(each.better_low),
        high=wording.percent(each.better_high),
        equal=equal,
    )


def _does(found: Comparison, measure: str) -> str:
    words = templates()["pair"][measure]
    unit = found.arm(found.baseline).scenario.users.unit
    return f"{words} {unit}" if measure == "users_lost" else words


def _dominance(found: Comparison, each: Difference) -> Sentence:
    """Whether who prefers less, or who dislikes risk, need not ask further."""
    better = each.dominant or each.strategy
    caveat = ""
    if each.dominant:
        share = wording.percent(_still_dominates(found, each))
        caveat = templates()["dominance"]["caveat"].format(share=share)
    worse = each.baseline if better == each.strategy else each.strategy
    return say(
        "dominance",
        each.dominance if each.dominance in {"first", "second"} else "none",
        what=templates()["noun"][each.measure],
        are=ARE[each.measure],
        better=found.arm(better).label,
        worse=found.arm(worse).label,
        caveat=caveat,
    )


def _still_dominates(found: Comparison, each: Difference) -> float:
    """Share of resamples of the pairs in which who dominates still does."""
    from sim.study.dominance import holds
    from sim.study.summary import latent

    ours, theirs = found.arm(each.strategy), found.arm(each.baseline)
    measure = ours.measures[each.measure]
    mine, base = (latent(measure, outcomes) for outcomes in _pairs(found, each))
    return holds(mine, base, measure.bad, seed=theirs.scenario.seed)


def _pairs(found: Comparison, each: Difference) -> list[Outcomes]:
    """One measure of a strategy and of the baseline, row beside row, and what says which runs were cut."""
    from sim.study.comparison import paired

    arms = (found.arm(each.strategy), found.arm(each.baseline))
    names = ("replication", each.measure, arms[0].measures[each.measure].censored_by)
    return paired(*({name: arm.outcomes[name] for name in names if name} for arm in arms))


# -- what to mind ---------------------------------------------------------------------------------------


def cautions(found: Comparison) -> list[Sentence]:
    """Common draws that gain nothing, runs too few for their interval, strategies with fewer runs."""
    from sim.study.comparison import not_in_step

    said = []
    main = [each for each in found.differences if each.measure in MAIN and not found.is_idle(each.measure)]
    apart = not_in_step(main)
    if apart:
        said.append(say("caution", "step", pairs=_named(found, apart)))
    for kind in ("t", "bca", "cvar"):
        few = {i: warned for i, each in enumerate(main) if (warned := _few(found, each, kind))}
        if few:
            named = _named(found, [main[i] for i in few])
            runs = min(each.runs for each in few.values())
            enough = max(each.enough for each in few.values())
            said.append(say("caution", kind, pairs=named, runs=f"{runs:,}", enough=f"{enough:,}"))
    most = max(arm.runs for arm in found.arms)
    shorter = [f"“{arm.label}” ({arm.runs:,} runs)" for arm in found.arms if arm.runs < most]
    if shorter:
        said.append(say("strategies", "cut", names=wording.listing(shorter)))
    return said


def _few(found: Comparison, each: Difference, kind: str) -> FewRuns | None:
    """Too few runs for one of the intervals of a row; nothing is asked of what has none."""
    from sim.study.coverage import coverage_warning, law_like
    from sim.study.summary import values

    measure = found.arm(each.strategy).measures[each.measure]
    mine, base = (values(measure, outcomes) for outcomes in _pairs(found, each))
    if not (mine - base).any():
        return None
    if kind == "cvar":
        warned = [coverage_warning("cvar", each.runs, law_like(side)) for side in (mine, base)]
        return max(filter(None, warned), key=lambda one: one.enough, default=None)
    return coverage_warning("t" if kind == "t" else "bca", each.runs, law_like(mine - base))


def _named(found: Comparison, rows: Iterable[Difference]) -> str:
    """The measures of rows, each with its strategies."""
    by: dict[str, list[str]] = {}
    for each in rows:
        by.setdefault(each.measure, []).append(f"“{found.arm(each.strategy).label}”")
    nouns: Mapping[str, str] = templates()["noun"]
    if all(len(names) == len(found.others) for names in by.values()):
        return wording.listing([f"the {nouns[measure]}" for measure in by])
    told = {
        m: wording.listing(names) if len(names) < MOST else f"{len(names)} strategies"
        for m, names in by.items()
    }
    return wording.listing([f"the {nouns[measure]} with {names}" for measure, names in told.items()])
