"""Strategies against the baseline, pair by pair.

In: the outcomes of the baseline and of the others. Out: `Difference` records, the rows of `comparison.csv`.
Replication k of every strategy meets the same random numbers, so the difference within a pair says more
than two averages beside each other: what both have in common falls out.

Both intervals of a mean difference stand in every row, Student's t and the bootstrap's: to take the one that
looks better would make either hold less often than it says.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import Measure
from sim.study.bootstrap import Column, bca, ready
from sim.study.dominance import dominance_of_ordered
from sim.study.quantile_gap import quantile_gaps
from sim.study.rounding import gap
from sim.study.simultaneous import holm, joint_interval, p_value
from sim.study.statistics import Array, Interval, mean_interval, share_interval
from sim.study.summary import Outcomes, finished, latent, values
from sim.study.tails import has_tail, tail_terms

Ends = tuple[float, float]

UNTOLD: Ends = (math.nan, math.nan)
"""The ends of an interval of what has none."""

NOWHERE: Ends = (-math.inf, math.inf)
"""Those of an interval that so few runs bound on no side."""

UNKNOWN = Interval(math.nan, math.nan, math.nan)
"""Of what has no quantile."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One strategy's measure minus the baseline's.

    Attributes
    ----------
    runs
        Pairs.
    difference, low, high
        Mean of the paired differences and its 95 % t interval.
    better
        Share of the pairs in which the strategy does better than the baseline; a time that the horizon cut
        is worse than one that ended, and two such are equal, as are two that differ by rounding alone.
    correlation
        Between the two within the pairs; NaN where one of them never varies. At or below 0 the pairing gains
        nothing.
    restricted
        Some run of a pair was cut by the horizon and enters with what was seen of it.
    bca_low, bca_high
        95 % interval of the mean difference by the bootstrap (bias-corrected, accelerated).
    compared
        Strategies that are compared with the baseline; what follows allows for so many.
    joint_low, joint_high
        t intervals that hold for all of them together in 95 % of all studies (Bonferroni).
    p_value, p_holm
        Of the paired t test, alone and by Holm's rule.
    verdict
        "better", "worse" or "undecided" by the joint interval; "same" where no pair differs; "cut" where the
        horizon keeps from saying.
    better_low, better_high, equal
        Wilson's 95 % interval of `better`; share of the pairs that are equal.
    cvar, cvar_low, cvar_high
        Difference of the means of the worse 5 % of each, and its 95 % BCa interval (the whole line with fewer
        than 20 pairs); NaN for a flag or a word.
    median, median_low, median_high, p90, p90_low, p90_high
        Difference of the medians, and of the 90 % quantiles, each with its 95 % percentile interval by the
        bootstrap of the pairs; what the horizon cut lies beyond it. NaN for a flag or a word.
    dominance, dominant
        "first", "second", "none" or "same", of the runs; who dominates, empty if nobody does.

    From `bca_low` to `cvar_high`, what rests on means is NaN for an open-ended time that the horizon cut in
    some run.
    """

    strategy: str
    baseline: str
    measure: str
    unit: str
    runs: int
    difference: float
    low: float
    high: float
    better: float
    correlation: float
    restricted: bool
    bca_low: float
    bca_high: float
    compared: int
    joint_low: float
    joint_high: float
    p_value: float
    p_holm: float
    verdict: str
    better_low: float
    better_high: float
    equal: float
    cvar: float
    cvar_low: float
    cvar_high: float
    median: float
    median_low: float
    median_high: float
    p90: float
    p90_low: float
    p90_high: float
    dominance: str
    dominant: str


@dataclass(frozen=True, slots=True)
class Other:
    """A strategy to compare: the measures that its results have, and the outcomes."""

    strategy: str
    measures: Mapping[str, Measure]
    outcomes: Outcomes


def compare(
    strategy: str, baseline: str, measures: Mapping[str, Measure], ours: Outcomes, theirs: Outcomes
) -> list[Difference]:
    """The differences of one strategy, over the replications both have."""
    return compare_all([Other(strategy, measures, ours)], baseline, theirs)


def compare_all(
    others: Sequence[Other], baseline: str, theirs: Outcomes, *, seed: int = 0
) -> list[Difference]:
    """The differences of all strategies, each over the replications that it and the baseline have.

    Parameters
    ----------
    others
        The strategies compared; intervals and p-values allow for how many there are.
    seed
        Of the study; the resamples of the bootstrap are drawn from it by name.

    Checked by: tests/unit/test_study_comparison.py, tests/theory/test_h4_common_draws.py
    """
    drafts = [draft for other in others for draft in _drafts(other, baseline, theirs, len(others), seed)]
    ends, p_values = _bootstrapped(drafts, seed), _adjusted(drafts)
    return [
        replace(
            draft.row,
            bca_low=of_mean[0],
            bca_high=of_mean[1],
            cvar_low=of_tail[0],
            cvar_high=of_tail[1],
            p_holm=p,
        )
        for draft, (of_mean, of_tail), p in zip(drafts, ends, p_values, strict=True)
    ]


def paired(*worlds: Outcomes) -> list[Outcomes]:
    """The outcomes of the replications that have one in every world, row beside row."""
    numbers = [world["replication"] for world in worlds]
    if all(np.array_equal(numbers[0], each) for each in numbers[1:]):
        return list(worlds)  # a million runs need not be copied
    common = reduce(np.intersect1d, numbers)
    rows = [np.searchsorted(each, common) for each in numbers]
    return [
        {name: column[row] for name, column in world.items()} for world, row in zip(worlds, rows, strict=True)
    ]


def not_in_step(differences: Sequence[Difference]) -> list[Difference]:
    """Those whose common draws did not make the two move together: correlation at or below 0.

    The interval holds all the same, but is no shorter than that of independent runs. Where the strategy does
    not move a measure at all nothing is asked of the pairing.
    """
    return [each for each in differences if each.correlation <= 0.0]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A row without the bootstrap and Holm's rule, and what those need: kept small, for runs may be many."""

    row: Difference
    gap: Column | None
    tail: Column | None


def _bootstrapped(drafts: Sequence[_Draft], seed: int) -> list[tuple[Ends, Ends]]:
    """Ends for the mean difference and for that of the tails, of every draft."""
    found: dict[int, Ends] = {}
    terms = [term for draft in drafts for term in (draft.gap, draft.tail)]
    for runs in {term.runs for term in terms if term is not None}:
        places = [i for i, term in enumerate(terms) if term is not None and term.runs == runs]
        chosen = [term for term in terms if term is not None and term.runs == runs]
        found |= dict(zip(places, bca(chosen, seed), strict=True))
    ends = [found.get(i, UNTOLD) for i in range(len(terms))]
    of_tails = [
        NOWHERE if draft.tail and draft.row.verdict != "same" and not has_tail(draft.row.runs) else of_tail
        for draft, of_tail in zip(drafts, ends[1::2], strict=True)
    ]
    return list(zip(ends[::2], of_tails, strict=True))


def _adjusted(drafts: Sequence[_Draft]) -> list[float]:
    """P-values by Holm's rule over the strategies, measure by measure."""
    found = [math.nan] * len(drafts)
    for measure in dict.fromkeys(draft.row.measure for draft in drafts):
        places = [i for i, draft in enumerate(drafts) if draft.row.measure == measure]
        for i, p in zip(places, holm([drafts[i].row.p_value for i in places]), strict=True):
            found[i] = p
    return found


def _drafts(other: Other, baseline: str, theirs: Outcomes, compared: int, seed: int) -> Iterator[_Draft]:
    mine, base = paired(other.outcomes, theirs)
    if not len(mine["replication"]):
        return
    for measure in other.measures.values():
        if measure.name in base:
            pair = _Pair(measure, mine, base)
            tail = None if pair.tail is None else ready(pair.tail)
            row = _row(other.strategy, baseline, pair, compared, seed)
            yield _Draft(row, None if pair.cut else ready(pair.gap), tail)


class _Pair:
    """One measure of a strategy and of the baseline, row beside row.

    Attributes
    ----------
    mine, base, gap
        As numbers, and the difference. Each of shape (runs,).
    worst
        Both with what the horizon cut at infinity.
    cut
        An open-ended time that the horizon cut in some run.
    tail
        What each pair adds to the difference of the worse tails; None where there is no such thing.
    """

    def __init__(self, measure: Measure, ours: Outcomes, theirs: Outcomes) -> None:
        self.measure = measure
        self.mine, self.base = values(measure, ours), values(measure, theirs)
        self.gap: Array = gap(self.mine, self.base)
        self.worst = latent(measure, ours), latent(measure, theirs)
        self.whole = bool((finished(measure, ours) & finished(measure, theirs)).all())
        self.cut = measure.open_ended and not self.whole
        self.tail: Array | None = None
        if not self.cut and measure.kind not in {"flag", "text"}:
            self.tail = gap(*(tail_terms(side, worse=measure.bad) for side in (self.mine, self.base)))

    @property
    def better(self) -> NDArray[np.bool_]:
        """In which pairs the strategy does better. Shape (runs,)."""
        apart = gap(*self.worst)
        return np.asarray(apart < 0.0 if self.measure.bad == "high" else apart > 0.0)

    @property
    def equal(self) -> float:
        """Share of the pairs in which neither does better."""
        return float((gap(*self.worst) == 0.0).mean())

    @property
    def correlation(self) -> float:
        """Within the pairs; NaN where one of the two never varies."""
        if len(self.mine) < 2 or not np.ptp(self.mine) > 0.0 or not np.ptp(self.base) > 0.0:
            return math.nan
        return float(np.corrcoef(self.mine, self.base)[0, 1])

    def quantiles(self, ordered: tuple[Array, Array], seed: int) -> dict[str, float]:
        """The columns of the medians and the 90 % quantiles; `ordered` is `worst`, each side ascending."""
        gaps = [UNKNOWN] * 2
        if self.measure.kind not in {"flag", "text"}:
            gaps = list(quantile_gaps(*self.worst, ordered, seed))
        return {
            f"{name}{end}": number
            for name, gap in zip(("median", "p90"), gaps, strict=True)
            for end, number in (("", gap.value), ("_low", gap.low), ("_high", gap.high))
        }

    def verdict(self, joint: Interval) -> str:
        """What the interval that holds for all comparisons tells."""
        if self.cut:
            return "cut"
        if not self.gap.any():
            return "same"
        if joint.low <= 0.0 <= joint.high:
            return "undecided"
        return "better" if (joint.high < 0.0) == (self.measure.bad == "high") else "worse"


def _row(strategy: str, baseline: str, pair: _Pair, compared: int, seed: int) -> Difference:
    mean, joint = mean_interval(pair.gap), joint_interval(pair.gap, compared)
    better = share_interval(int(pair.better.sum()), len(pair.gap))
    ordered = (np.sort(pair.worst[0]), np.sort(pair.worst[1]))
    order = dominance_of_ordered(*ordered, pair.measure.bad)
    return Difference(
        strategy=strategy,
        baseline=baseline,
        measure=pair.measure.name,
        unit=pair.measure.unit,
        runs=len(pair.gap),
        difference=mean.value,
        low=mean.low,
        high=mean.high,
        better=better.value,
        correlation=pair.correlation,
        restricted=not pair.whole,
        bca_low=math.nan,
        bca_high=math.nan,
        compared=compared,
        joint_low=math.nan if pair.cut else joint.low,
        joint_high=math.nan if pair.cut else joint.high,
        p_value=math.nan if pair.cut else p_value(pair.gap),
        p_holm=math.nan,
        verdict=pair.verdict(joint),
        better_low=better.low,
        better_high=better.high,
        equal=pair.equal,
        cvar=math.nan if pair.tail is None else float(pair.tail.mean()),
        cvar_low=math.nan,
        cvar_high=math.nan,
        **pair.quantiles(ordered, seed),
        dominance=order.order,
        dominant={"ours": strategy, "theirs": baseline, "": ""}[order.by],
    )
