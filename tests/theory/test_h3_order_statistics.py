"""Two order statistics enclose a quantile, whatever the law; and how many runs one needs for one.

Statement. Of n independent runs, B ~ binomial(n, p) lie below the p-quantile, so [x_(l), x_(u)) holds it with
probability P(l <= B < u). For n = 1000, p = 0.95 and 95 %: ranks 936 and 964, coverage 0.958095268222654. The
largest of n runs is above the quantile with probability 1 - p^n: 95 % needs n = 59 for p = 0.95 and 299 for
p = 0.99.

Source. David and Nagaraja 2003, Order Statistics, 3rd ed., section 7.1, doi 10.1002/0471722162; Wilks 1941,
"Determination of sample sizes for setting tolerance limits", Annals of Mathematical Statistics 12, 91-96,
doi 10.1214/aoms/1177731788.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom

from sim.streams import generator
from sim.study.statistics import bounding_rank, quantile, quantile_interval, quantile_ranks


def test_ranks_and_coverage_of_the_95th_percentile_of_a_thousand_runs() -> None:
    low, high = quantile_ranks(1000, 0.95)
    assert (low, high) == (936, 964)
    coverage = binom.cdf(high - 1, 1000, 0.95) - binom.cdf(low - 1, 1000, 0.95)
    assert coverage == pytest.approx(0.95809526822265415285, rel=1e-9)


@pytest.mark.parametrize(("share", "runs"), [(0.95, 59), (0.99, 299)])
def test_the_number_of_runs_for_a_one_sided_bound(share: float, runs: int) -> None:
    assert bounding_rank(runs - 1, share) is None
    assert bounding_rank(runs, share) == runs


def test_the_interval_holds_the_quantile_as_often_as_it_says() -> None:
    """4,000 studies of 1,000 runs: |z| <= 4 around 0.9581 sees a coverage wrong by 0.013."""
    studies = 4000
    samples = np.sort(generator(1, "coverage of order statistics").random((studies, 1000)), axis=1)
    low, high = quantile_ranks(1000, 0.95)
    held = ((samples[:, low - 1] <= 0.95) & (samples[:, high - 1] > 0.95)).mean()
    expected = 0.95809526822265415285
    assert abs(held - expected) <= 4.0 * math.sqrt(expected * (1.0 - expected) / studies)


@pytest.mark.parametrize("runs", [1, 2, 5, 20, 59, 60, 200, 1000])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_at_any_size_the_ranks_cover_and_the_next_narrower_do_not(runs: int, share: float) -> None:
    low, high = quantile_ranks(runs, share)
    assert binom.cdf(low - 1, runs, share) <= 0.025 + 1e-12
    assert 1.0 - binom.cdf(high - 1, runs, share) <= 0.025 + 1e-12
    assert binom.cdf(low, runs, share) > 0.025 - 1e-12
    assert 1.0 - binom.cdf(high - 2, runs, share) > 0.025 - 1e-12


def test_too_few_runs_bound_nothing_on_one_side() -> None:
    low, high = quantile_interval(np.arange(10.0), 0.95)
    assert math.isinf(high)
    assert low == 7.0


def test_a_quantile_is_a_value_that_some_run_had() -> None:
    ordered = np.arange(1.0, 1001.0)
    assert [quantile(ordered, share) for share in (0.05, 0.5, 0.95, 1.0)] == [50.0, 500.0, 950.0, 1000.0]
    assert quantile(np.array([3.0]), 0.05) == 3.0
    assert math.isinf(quantile(np.append(np.arange(94.0), np.full(6, np.inf)), 0.95))
