"""The interval of a tail mean: one term a run, whose mean is the CVaR and whose variance that of its error.

Statement. With c the quantile, CVaR = E[c + (X - c)+ / 0.05], and n times the variance of the estimator tends
to the variance of the term, [Var(X | X > c) + 0.95 (CVaR - c)^2] / 0.05. For an exponential law of mean 14
that is 14^2 x 1.95 / 0.05 = 7644.

Source. Rockafellar and Uryasev 2000, Journal of Risk 2, 21-41, doi 10.21314/JOR.2000.038; Trindade, Uryasev,
Shapiro and Zrazhevsky 2007, Journal of Banking & Finance 31, 3524-3538, doi 10.1016/j.jbankfin.2007.04.014.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.streams import generator
from sim.study.statistics import Interval, tail_mean
from sim.study.tails import has_tail, tail_interval, tail_intervals, tail_terms


@pytest.mark.parametrize("runs", [1, 2, 19, 20, 21, 40, 57, 1000])
@pytest.mark.parametrize("worse", ["high", "low"])
def test_the_mean_of_the_terms_is_the_tail_mean(runs: int, worse: str) -> None:
    sample = generator(1, "terms", runs).random(runs)
    assert tail_terms(sample, worse=worse).mean() == pytest.approx(tail_mean(sample, worse=worse), rel=1e-12)


def test_the_estimator_varies_as_its_terms_do() -> None:
    """4,000 tail means of 2,000 runs against 7644 / 2000: the variance within 4 SE sees an error of 9 %."""
    samples = -14.0 * np.log1p(-generator(1, "variance of tails").random((4000, 2000)))
    found = np.array([tail_mean(sample) for sample in samples])
    expected = 14.0**2 * 1.95 / 0.05 / 2000
    assert abs(found.var(ddof=1) / expected - 1.0) <= 4.0 * math.sqrt(2.0 / len(found))
    terms = np.array([tail_terms(sample).var(ddof=1) for sample in samples[:400]])
    assert abs(terms.mean() / (2000 * expected) - 1.0) <= 4.0 * terms.std() / terms.mean() / math.sqrt(400)


def test_the_interval_holds_the_cvar_of_the_exponential() -> None:
    """One study of 20,000 runs: the half-width is within a tenth of 1.96 sqrt(7644 / n)."""
    sample = -14.0 * np.log1p(-generator(1, "cvar interval").random(20_000))
    found = tail_interval(sample, 1)
    assert found.value == tail_mean(sample)
    assert found.low < 55.940251829755873908 < found.high
    assert found.high - found.low == pytest.approx(2.0 * 1.96 * math.sqrt(7644.0 / 20_000), rel=0.1)


def test_the_low_tail_is_the_mirror_of_the_high_one() -> None:
    sample = generator(1, "mirror").random(500)
    low, high = tail_interval(sample, 1, worse="low"), tail_interval(-sample, 1)
    assert low.value == pytest.approx(-high.value, rel=1e-12)
    assert (low.low, low.high) == pytest.approx((-high.high, -high.low), rel=5e-3)


def test_with_a_run_that_the_horizon_cut_there_is_no_interval() -> None:
    found = tail_interval(np.append(np.zeros(999), np.inf), 1)
    assert (found.value, found.low, found.high) == (math.inf, -math.inf, math.inf)


def test_many_at_once_are_each_as_alone() -> None:
    sample = generator(1, "many tails").random((3, 300))
    cut = np.append(sample[2][1:], np.inf)
    tails = [(sample[0], "high"), (cut, "high"), (sample[1], "low")]
    assert tail_intervals(tails, 4) == [tail_interval(values, 4, worse=worse) for values, worse in tails]
    assert tail_intervals([], 4) == []


def test_with_fewer_than_20_runs_there_is_no_tail_and_so_no_interval() -> None:
    """Their 95 % quantile is the largest run, beyond which nothing was seen: no width would be a lie."""
    sample = generator(1, "few runs").exponential(14.0, 20)
    few, enough = tail_interval(sample[:19], 1), tail_interval(sample, 1)
    assert (few.value, few.low, few.high) == (sample[:19].max(), -math.inf, math.inf)
    assert enough.low < enough.value < enough.high < math.inf
    assert tail_interval(np.full(19, 3.0), 1) == Interval(3.0, 3.0, 3.0)  # as every mean
    assert [n for n in range(1, 41) if not has_tail(n)] == list(range(1, 20))
