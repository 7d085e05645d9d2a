"""What protection costs a year: standing cost, and the loss if it happens times how likely that is.

In: the arms of a comparison. Out: `YearLine` records, the rows of `yearly.csv`, and `TurningPoint` records,
the chances at which the order of two strategies turns. Everything simulated is what happens *if* it happens;
without its chance the dearest protection always wins. Where income or costs are given the account is in
money (standing cost; emergency cost and revenue lost if it happens), and in users lost in any case.

What a year without the event costs is told by the world without it: a supplier that is gone sends no bill, so
the standing cost as it happened would credit every year with an outage. What it saves belongs to the loss.

Why this way: a year with the event costs standing + loss, one without it costs standing, so the expected
year is standing + chance x loss, whatever the chance; nothing is simulated again. The loss is that within
the horizon of the one time it happens.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from sim.clock import HOURS_IN_YEAR
from sim.study.arms import Arm
from sim.study.comparison import paired
from sim.study.rounding import gap
from sim.study.statistics import CONFIDENCE, Array, mean_interval
from sim.study.summary import values

CHANCES = (0.01, 0.02, 0.05, 0.10, 0.20)
"""A year; shown beside the one the file gives."""

ORDINARY = "cost_standing_counterfactual"
"""The measure that says what all suppliers would have cost; where results lack it, what they did cost."""

Kind = Literal["money", "users"]
Verdict = Literal["turns", "never", "same"]


@dataclass(frozen=True, slots=True)
class Account:
    """Standing cost a year and loss if it happens, by strategy; each of shape (runs,), row beside row.

    `given` is the chance that each strategy's scenario gives; None where it gives none.
    """

    kind: Kind
    unit: str
    standing: Mapping[str, Array]
    loss: Mapping[str, Array]
    given: Mapping[str, float | None]

    def a_year(self, strategy: str, chance: float) -> Array:
        """What a year costs on average, in each run's world. Shape (runs,)."""
        return self.standing[strategy] + chance * self.loss[strategy]


@dataclass(frozen=True, slots=True)
class YearLine:
    """One strategy at one chance.

    Attributes
    ----------
    account, unit
        "money" or "users", and what is counted.
    chance, given
        A year, and whether it is the one that the file gives this strategy.
    standing, loss
        Means: a year, and if it happens.
    a_year, low, high
        standing + chance x loss, and the 95 % t interval of its mean.
    difference, difference_low, difference_high
        Paired difference from the baseline at the same chance; where both are given one, each at its own.
    """

    strategy: str
    baseline: str
    account: Kind
    unit: str
    runs: int
    chance: float
    given: bool
    standing: float
    loss: float
    a_year: float
    low: float
    high: float
    difference: float
    difference_low: float
    difference_high: float


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """The chance at which two strategies cost the same a year.

    Attributes
    ----------
    verdict
        "turns" at a chance in (0, 1]; "never": one costs less at every chance; "same": no difference at all.
    chance
        The break-even chance a year; NaN unless it turns.
    low, high
        Between these chances so many runs do not tell which costs less (Fieller's 95 % interval, cut to
        [0, 1]); NaN where they tell at every chance.
    below, above
        The strategy that costs less on average below and above the chance (both the same if it never turns).
    """

    first: str
    second: str
    unit: str
    runs: int
    verdict: Verdict
    chance: float
    low: float
    high: float
    below: str
    above: str


def chance_of(arm: Arm) -> float | None:
    """The chance a year that a scenario gives to what it simulates; None if it gives none.

    Where several events have one, all of them happen in the simulation, and that is at most as likely as the
    least likely of them.
    """
    chances = [event.chance_a_year for event in arm.scenario.events]
    # 4 % per year comes back from hours with an error in the last bit
    return min((round(chance, 12) for chance in chances if chance is not None), default=None)


def accounts(arms: Sequence[Arm]) -> list[Account]:
    """The account in money, if the scenario has any, and the one in users lost."""
    worlds = paired(*(arm.outcomes for arm in arms))
    names = [arm.strategy for arm in arms]
    first = arms[0]
    given = {arm.strategy: chance_of(arm) for arm in arms}

    def columns(measure: str) -> dict[str, Array]:
        return {
            name: values(arm.measures[measure], world)
            for name, arm, world in zip(names, arms, worlds, strict=True)
        }

    found = []
    if all({"cost_standing", "cost_emergency", "revenue_lost"} <= set(arm.measures) for arm in arms):
        known = all(ORDINARY in arm.measures for arm in arms)
        standing = columns(ORDINARY if known else "cost_standing")
        bills, spent, income = map(columns, ("cost_standing", "cost_emergency", "revenue_lost"))
        loss = {name: spent[name] + income[name] + (bills[name] - standing[name]) for name in names}
        years = {arm.strategy: arm.scenario.clock.horizon / float(HOURS_IN_YEAR) for arm in arms}
        if any(each.any() for each in (*standing.values(), *loss.values())):
            a_year = {name: each / years[name] for name, each in standing.items()}
            found.append(Account("money", first.scenario.currency, a_year, loss, given))
    lost = columns("users_lost")
    nothing = {name: np.zeros_like(each) for name, each in lost.items()}
    found.append(Account("users", first.scenario.users.unit, nothing, lost, given))
    return found


def year_lines(account: Account, baseline: str) -> list[YearLine]:
    """Every strategy at the usual chances and at those that any is given, its own marked."""
    given = account.given
    chances = sorted({*CHANCES, *(chance for chance in given.values() if chance is not None)})
    return [_line(account, strategy, baseline, chance) for strategy in account.loss for chance in chances]


def _line(account: Account, strategy: str, baseline: str, chance: float) -> YearLine:
    given = account.given[strategy] == chance
    beside = account.given[baseline] if given else None
    ours = account.a_year(strategy, chance)
    theirs = account.a_year(baseline, chance if beside is None else beside)
    mean, gap = mean_interval(ours), mean_interval(ours - theirs)
    return YearLine(
        strategy=strategy,
        baseline=baseline,
        account=account.kind,
        unit=account.unit,
        runs=len(ours),
        chance=chance,
        given=given,
        standing=float(account.standing[strategy].mean()),
        loss=float(account.loss[strategy].mean()),
        a_year=mean.value,
        low=mean.low,
        high=mean.high,
        difference=gap.value,
        difference_low=gap.low,
        difference_high=gap.high,
    )


def turning_points(account: Account) -> list[TurningPoint]:
    """The break-even chance of every two strategies. In users nothing stands against a loss: none turns."""
    return [_turning(account, first, second) for first, second in combinations(account.loss, 2)]


def _turning(account: Account, first: str, second: str) -> TurningPoint:
    """Where standing + chance x loss of the two cross."""
    dearer = gap(account.standing[second], account.standing[first])
    saved = gap(account.loss[first], account.loss[second])
    interval = undecided(dearer, saved)
    low, high = interval or (math.nan, math.nan)
    cost, gain = float(dearer.mean()), float(saved.mean())
    chance = cost / gain if gain else math.nan
    if 0.0 < chance <= 1.0:
        verdict: Verdict = "turns"
        below, above = (first, second) if gain > 0.0 else (second, first)
    else:
        verdict = "never" if dearer.any() or saved.any() else "same"
        chance = math.nan
        better = first if cost - 0.5 * gain >= 0.0 else second
        below = above = better if verdict == "never" else ""
    return TurningPoint(
        first=first,
        second=second,
        unit=account.unit,
        runs=len(saved),
        verdict=verdict,
        chance=chance,
        low=low,
        high=high,
        below=below,
        above=above,
    )


def undecided(dearer: Array, saved: Array) -> tuple[float, float] | None:
    """Chances p in [0, 1] at which the mean of dearer - p saved cannot be told from 0; None: there are none.

    Fieller's interval of the ratio of two paired means: the p at which the t test of `dearer - p saved`
    does not reject 0. It may be empty within [0, 1], one piece, or all of it; of two pieces the whole span
    is given.

    Parameters
    ----------
    dearer, saved
        Of shape (runs,), row beside row.

    References
    ----------
    Fieller 1954, "Some problems in interval estimation", Journal of the Royal Statistical Society B 16,
    175-185, doi 10.1111/j.2517-6161.1954.tb00159.x.

    Checked by: tests/theory/test_fieller.py
    """
    from scipy.special import stdtrit

    n = len(dearer)
    if n < 2:
        return 0.0, 1.0
    scale = max(float(np.abs(dearer).max()), float(np.abs(saved).max()))
    if scale == 0.0:
        return 0.0, 1.0
    dearer, saved = dearer / scale, saved / scale  # squares of money must not overflow
    cost, gain = float(dearer.mean()), float(saved.mean())
    share = float(stdtrit(n - 1, 0.5 * (1.0 + CONFIDENCE))) ** 2 / n
    of_cost, of_gain = _moment(dearer, dearer), _moment(saved, saved)
    of_both = _moment(dearer, saved)
    a, b, c = gain**2 - share * of_gain, cost * gain - share * of_both, cost**2 - share * of_cost
    # b^2 - a c, with what cancels taken out: exactly 0 where nothing varies
    root = share * (gain**2 * of_cost - 2.0 * cost * gain * of_both + cost**2 * of_gain)
    root -= share**2 * (of_cost * of_gain - of_both**2)
    return _within(_pieces(a, b, c, root))


def _moment(one: Array, other: Array) -> float:
    """Covariance, exactly 0 where one of the two never varies."""
    if not np.ptp(one) or not np.ptp(other):
        return 0.0
    return float(((one - one.mean()) * (other - other.mean())).sum()) / (len(one) - 1)


def _pieces(a: float, b: float, c: float, root: float) -> list[tuple[float, float]]:
    """Where a p^2 - 2 b p + c <= 0; `root` is b^2 - a c."""
    everywhere = [(-math.inf, math.inf)]
    if a == 0.0:
        if b == 0.0:
            return everywhere if c <= 0.0 else []
        end = 0.5 * c / b
        return [(end, math.inf)] if b > 0.0 else [(-math.inf, end)]
    half = math.sqrt(max(root, 0.0))
    low, high = sorted(((b - half) / a, (b + half) / a))
    if a > 0.0:
        return [(low, high)]
    return everywhere if root <= 0.0 else [(-math.inf, low), (high, math.inf)]


def _within(pieces: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """The span of what lies in [0, 1]."""
    inside = [(max(low, 0.0), min(high, 1.0)) for low, high in pieces if low <= 1.0 and high >= 0.0]
    if not inside:
        return None
    return min(low for low, _ in inside), max(high for _, high in inside)


def cheapest(account: Account) -> list[tuple[float, str]]:
    """Which strategy costs least a year on average, from which chance on: the lower envelope of the lines.

    The first entry is from 0 on. Of two that cost the same the one that was named first.
    """
    names = list(account.loss)
    standing = {name: float(account.standing[name].mean()) for name in names}
    loss = {name: float(account.loss[name].mean()) for name in names}
    here = min(names, key=lambda name: (standing[name], loss[name]))
    found, chance = [(0.0, here)], 0.0
    while True:
        ahead = [
            ((standing[name] - standing[here]) / (loss[here] - loss[name]), loss[name], name)
            for name in names
            if loss[name] < loss[here]
        ]
        ahead = [(at, lost, name) for at, lost, name in ahead if chance <= at <= 1.0]
        if not ahead:
            return found
        chance, _, here = min(ahead)
        found.append((chance, here))
