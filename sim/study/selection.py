"""Which strategy is the best, how likely that is, and which others so many runs do not yet rule out.

In: one array a strategy, row beside row. Out: a `Best` with one `Contender` a strategy. Two questions are
kept apart: which is best on average (what a long series of such days would show), and which is best on one
day (a share of the runs, which more runs do not sharpen).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.study.bootstrap import ready, resampled
from sim.study.rounding import gap, slack
from sim.study.statistics import CONFIDENCE, Array


@dataclass(frozen=True, slots=True)
class Contender:
    """One strategy.

    Attributes
    ----------
    mean
        Over the runs.
    best_mean
        Share of the resamples of the runs in which its mean is the best; equals share. NaN with an infinite
        value.
    best_run
        Share of the runs in which it does best; equals share.
    possible
        Not ruled out: the set of those holds the truly best one in at least 95 % of all studies.
    """

    strategy: str
    mean: float
    best_mean: float
    best_run: float
    possible: bool


@dataclass(frozen=True, slots=True)
class Best:
    """The strategy with the best mean, and how it stands among all.

    Attributes
    ----------
    strategy
        The first of those with the best mean.
    contenders
        All, in the order they came in.
    alike
        Those equal to it in every run, itself included.
    """

    strategy: str
    runs: int
    contenders: tuple[Contender, ...]
    alike: tuple[str, ...]

    @property
    def possible(self) -> tuple[str, ...]:
        """The strategies that so many runs do not rule out."""
        return tuple(each.strategy for each in self.contenders if each.possible)

    @property
    def decided(self) -> bool:
        """All others are ruled out; if not, they are not yet distinguishable."""
        return set(self.possible) <= set(self.alike)


def best(values: Mapping[str, Array], seed: int, *, bad: str = "high") -> Best:
    """The best of some strategies on one measure.

    A strategy is ruled out where its mean is worse than that of some other by more than t S / sqrt(n), S the
    standard deviation of their paired difference and t the one-sided quantile at 1 - 0.05 / (k - 1).

    Parameters
    ----------
    values
        Of each strategy, row beside row, each of shape (runs,). With an infinite value (a time that the
        horizon cut) means say nothing, and no strategy is ruled out.
    seed
        Of the study.
    bad
        Which way is worse.

    References
    ----------
    Nelson, Swann, Goldsman and Song 2001, "Simple procedures for selecting the best simulated system when the
    number of alternatives is large", Operations Research 49, 950-963, doi 10.1287/opre.49.6.950.10019
    (screening; 1 - 0.05 / (k - 1) because common random numbers make the comparisons dependent).

    Checked by: tests/theory/test_selection.py
    """
    names = list(values)
    sign = 1.0 if bad == "high" else -1.0
    losses = sign * np.column_stack([values[name] for name in names])
    means = losses.mean(axis=0)
    leader = int(np.argmin(means))
    finite = bool(np.isfinite(losses).all())
    shares = _shares(_resampled_means(losses, seed)) if finite else np.full(len(names), math.nan)
    in_runs = _shares(losses)
    contenders = tuple(
        Contender(
            strategy=name,
            mean=0.0 + sign * float(means[i]),  # 0 + x, for -0.0 is not a number to show
            best_mean=float(shares[i]),
            best_run=float(in_runs[i]),
            possible=not finite or not any(_ruled_out(losses, i, j) for j in range(len(names)) if j != i),
        )
        for i, name in enumerate(names)
    )
    alike = tuple(name for i, name in enumerate(names) if not gap(losses[:, i], losses[:, leader]).any())
    return Best(names[leader], len(losses), contenders, alike)


def _resampled_means(losses: Array, seed: int) -> Array:
    """Mean of every strategy in every resample. Shape (resamples, strategies)."""
    columns = [ready(column) for column in losses.T]
    means = np.array([column.mean for column in columns])
    return np.asarray(means + resampled(columns, seed).T, dtype=np.float64)


def _shares(losses: Array) -> Array:
    """In what share of the rows each is the least; equals (but for rounding) share it. Shape (columns,)."""
    least = losses <= losses.min(axis=1, keepdims=True) + slack(losses)
    return np.asarray((least / least.sum(axis=1, keepdims=True)).mean(axis=0), dtype=np.float64)


def _ruled_out(losses: Array, one: int, other: int) -> bool:
    """Whether a strategy is worse than another by more than chance allows for."""
    from scipy.special import stdtrit

    n, strategies = losses.shape
    if n < 2:
        return False
    apart = gap(losses[:, one], losses[:, other])
    share = 1.0 - (1.0 - CONFIDENCE) / (strategies - 1)
    half = float(stdtrit(n - 1, share)) * float(apart.std(ddof=1)) / math.sqrt(n) if np.ptp(apart) else 0.0
    return float(apart.mean()) > half
