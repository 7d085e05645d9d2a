"""Which strategy is the best, and which are matched in cost and users lost at once: rows, sentences, a table.

In: a `Comparison`. Out: `Standing` and `Front` records and what is said of them. Nobody is called the best
whose difference from another still has an interval with 0 in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.views import wording
from sim.views.compare_sentences import MAIN, say, templates
from sim.views.saying import Sentence
from sim.views.summary import measure_name, shown
from sim.views.table import Table

if TYPE_CHECKING:
    from sim.study.selection import Best
    from sim.study.statistics import Array, Interval
    from sim.views.comparison import Comparison

SURE = 0.95
"""Share of the resamples from which on, or from 1 minus which down, a place on the front is taken as told."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One strategy in one measure: a row of `selection.csv`.

    Attributes
    ----------
    mean
        Over the runs that all strategies have.
    best_mean, best_run
        Share of the resamples in which its mean is the best, and of the runs in which it is.
    possible
        Not ruled out as the best.
    """

    measure: str
    unit: str
    strategy: str
    runs: int
    mean: float
    best_mean: float
    best_run: float
    possible: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One strategy in cost and users lost: a row of `pareto.csv`.

    Attributes
    ----------
    cost, cost_low, cost_high, users_lost, users_lost_low, users_lost_high
        Means with their 95 % t intervals.
    front
        No other is at least as good in both means and better in one.
    share
        Of the resamples in which that is so.
    beaten_by
        The others that are, names with a space between.
    """

    strategy: str
    runs: int
    cost: float
    cost_low: float
    cost_high: float
    users_lost: float
    users_lost_low: float
    users_lost_high: float
    front: bool
    share: float
    beaten_by: str

    @property
    def open(self) -> bool:
        """Whether the runs do not tell if it is on the front."""
        return 1.0 - SURE < self.share < SURE


@dataclass(frozen=True, slots=True)
class Lead:
    """Who leads in one measure, and who may yet.

    Attributes
    ----------
    possible
        Those not ruled out, and those whose difference from the leader has an interval with 0 in it.
    """

    measure: str
    best: Best
    possible: tuple[str, ...]

    @property
    def decided(self) -> bool:
        """Nobody else may be the best, but for those that are the same in every run."""
        return set(self.possible) <= set(self.best.alike)


def leads(found: Comparison) -> list[Lead]:
    """Of every main measure that is not 0 throughout."""
    from sim.study.selection import best

    seed = found.arm(found.baseline).scenario.seed
    made = []
    for measure in MAIN:
        if not found.is_idle(measure):
            columns = _columns(found, measure)
            bad = found.arm(found.baseline).measures[measure].bad
            stand = best(columns, seed, bad=bad)
            made.append(Lead(measure, stand, _possible(stand, columns)))
    return made


def _columns(found: Comparison, measure: str) -> dict[str, Array]:
    """Values of a measure with each strategy, baseline first, over the runs that all have."""
    from sim.study.comparison import paired
    from sim.study.summary import latent

    arms = [found.arm(found.baseline), *found.others]
    rows = paired(
        *(
            {
                name: arm.outcomes[name]
                for name in ("replication", measure, arm.measures[measure].censored_by)
                if name
            }
            for arm in arms
        )
    )
    return {arm.strategy: latent(arm.measures[measure], row) for arm, row in zip(arms, rows, strict=True)}


def _possible(stand: Best, columns: dict[str, Array]) -> tuple[str, ...]:
    """Who is not ruled out: screening is one-sided, the intervals of the differences are not."""
    from sim.study.simultaneous import joint_interval

    lead, compared = columns[stand.strategy], max(len(columns) - 1, 1)
    found = []
    for name, column in columns.items():
        gap: Interval = joint_interval(column - lead, compared)
        if name in stand.possible or gap.low <= 0.0 <= gap.high:
            found.append(name)
    return tuple(found)


def standings(found: Comparison) -> list[Standing]:
    """The rows of `selection.csv`."""
    base = found.arm(found.baseline)
    return [
        Standing(
            lead.measure,
            base.measures[lead.measure].unit,
            each.strategy,
            lead.best.runs,
            each.mean,
            each.best_mean,
            each.best_run,
            each.strategy in lead.possible,
        )
        for lead in found.leads
        for each in lead.best.contenders
    ]


def places(found: Comparison) -> list[Place]:
    """Every strategy in cost and users lost; none where there is nothing to trade."""
    from sim.study.pareto import front
    from sim.study.statistics import mean_interval

    if not found.others or found.is_idle("cost") or found.is_idle("users_lost"):
        return []
    cost, lost = (_columns(found, measure) for measure in ("cost", "users_lost"))
    made = []
    for point in front(cost, lost, found.arm(found.baseline).scenario.seed):
        spent, gone = mean_interval(cost[point.strategy]), mean_interval(lost[point.strategy])
        ends = (spent.value, spent.low, spent.high, gone.value, gone.low, gone.high)
        runs, beaten = len(cost[point.strategy]), " ".join(point.beaten_by)
        made.append(Place(point.strategy, runs, *ends, point.front, point.share, beaten))
    return made


# -- in words -------------------------------------------------------------------------------------------


def sentences(found: Comparison) -> list[Sentence]:
    """Who is the best in each main measure, and who is on the front."""
    return [_lead(found, lead) for lead in found.leads] + _front(found)


def _lead(found: Comparison, lead: Lead) -> Sentence:
    """Who has the least of a measure, if the runs tell."""
    best, what = lead.best, templates()["noun"][lead.measure]
    runs, count = f"{best.runs:,}", len(best.contenders)
    rest = templates()["best"]["one" if count - len(best.alike) == 1 else "several"]
    if len(best.alike) == count:
        return say("best", "same", count=count, what=what)
    if lead.decided and len(best.alike) > 1:
        return say("best", "alike", names=_labels(found, best.alike), what=what, runs=runs, rest=rest)
    if lead.decided:
        of = next(each for each in best.contenders if each.strategy == best.strategy)
        shares = {"mean": wording.percent(of.best_mean), "run": wording.percent(of.best_run)}
        label = found.arm(best.strategy).label
        return say("best", "decided", best=label, what=what, count=count, runs=runs, rest=rest, **shares)
    out = templates()["best"]["out"] if len(lead.possible) < count else ""
    names = _labels(found, lead.possible, last="or")
    return say("best", "undecided", what=what, runs=runs, names=names, out=out)


def _front(found: Comparison) -> list[Sentence]:
    """Who is on the front of cost and users lost, who matches the others, and what is open."""
    ahead = [each for each in found.places if each.front]
    if not ahead or len(ahead) == len(found.places) == len(found.alike[0] if found.alike else ()):
        return []
    if len(ahead) == 1:
        said = [say("front", "one", name=found.arm(ahead[0].strategy).label)]
    else:
        said = [say("front", "several", names=_labels(found, [each.strategy for each in ahead]))]
        matched: dict[tuple[str, ...], list[str]] = {}
        for each in found.places:
            by = tuple(one.strategy for one in ahead if one.strategy in each.beaten_by.split())
            if by:
                matched.setdefault(by, []).append(each.strategy)
        for by, names in matched.items():
            are = "is" if len(by) == 1 else "are"
            said.append(say("front", "off", by=_labels(found, by), are=are, names=_labels(found, names)))
    for each in found.places:
        if each.open:
            label, share = found.arm(each.strategy).label, wording.percent(each.share)
            said.append(say("front", "open", name=label, share=share))
    return said


def _labels(found: Comparison, names: tuple[str, ...] | list[str], *, last: str = "and") -> str:
    told = [f"“{found.arm(name).label}”" for name in names]
    if last == "and" or len(told) < 2:
        return wording.listing(told)
    return f"{', '.join(told[:-1])} {last} {told[-1]}"


def table(found: Comparison) -> Table:
    """Measure by measure: how firmly each strategy leads, how often it would have been the right one."""
    base = found.arm(found.baseline)
    shares = {each.strategy: wording.percent(each.share, 2) for each in found.places}
    rows: list[tuple[str, ...]] = []
    for lead in found.leads:
        name, kind = measure_name(base.scenario, lead.measure), base.measures[lead.measure].kind
        for each in lead.best.contenders:
            able = each.strategy in lead.possible
            verdict = "ruled out" if not able else "least" if lead.decided else "may be"
            rows.append(
                (
                    name,
                    found.arm(each.strategy).label,
                    shown(base.scenario, kind, each.mean),
                    wording.percent(each.best_mean, 2),
                    wording.percent(each.best_run, 2),
                    verdict,
                )
            )
            name = ""
    if shares:
        name = "Cost and users lost at once"
        for place in found.places:
            told = "open" if place.open else "on the front" if place.front else "off the front"
            rows.append((name, found.arm(place.strategy).label, "–", shares[place.strategy], "–", told))
            name = ""
    header = ("Measure", "Strategy", "Average", "Ahead in so many resamples", "Ahead in so many runs", "So")
    runs = found.leads[0].best.runs
    return Table(f"Which strategy is ahead ({runs:,} runs of each, {found.band})", header, tuple(rows))
