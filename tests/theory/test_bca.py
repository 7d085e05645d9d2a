"""The bias-corrected and accelerated bootstrap interval of a mean.

Statement. With z0 the normal quantile of the share of resampled means below the mean, a = sum u^3 / (6
(sum u^2)^1.5) over the influences u of leaving out one run, and z the quantile of a tail, the end is the
percentile Phi(z0 + (z0 + z) / (1 - a (z0 + z))) of the resampled means.

Source. Efron 1987, JASA 82, 171-185, doi 10.1080/01621459.1987.10478410. The independent implementation is
`scipy.stats.bootstrap`, handed the same resampled means.
"""

from __future__ import annotations

import math
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import bootstrap

from sim.streams import generator
from sim.study.bootstrap import GROUPS, RESAMPLES, bca, ready, resampled

Array = NDArray[np.float64]


def skewed(runs: int, name: str = "bca") -> Array:
    """An exponential sample."""
    return np.asarray(generator(2, name, runs).exponential(5.0, runs))


def by_scipy(values: Array, means: Array | None = None) -> tuple[float, float]:
    """The ends from the library, from given resampled means or from its own."""
    rng = generator(2, "library")
    if means is None:
        found = bootstrap((values,), np.mean, method="BCa", n_resamples=RESAMPLES, batch=100, rng=rng)
    else:
        given: Any = SimpleNamespace(bootstrap_distribution=means)
        found = bootstrap(
            (values,), np.mean, method="BCa", n_resamples=0, bootstrap_result=given, batch=100, rng=rng
        )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


@pytest.mark.parametrize("runs", [2, 5, 30, 400])
def test_on_the_same_resamples_the_ends_are_those_of_the_library(runs: int) -> None:
    values = skewed(runs)
    means = values.mean() + resampled([ready(values)], 7)[0]
    assert bca([ready(values)], 7)[0] == pytest.approx(by_scipy(values, means), rel=1e-9)


@pytest.mark.parametrize("runs", [50, GROUPS + 1, 3 * GROUPS])
def test_on_resamples_of_its_own_the_library_ends_there_too(runs: int) -> None:
    """Within 0.25 standard errors: 5,000 resamples leave 0.038 of uncertainty in each end of either."""
    values = skewed(runs)
    error = values.std(ddof=1) / math.sqrt(runs)
    assert np.subtract(bca([ready(values)], 7)[0], by_scipy(values)) == pytest.approx(0.0, abs=0.25 * error)


@pytest.mark.parametrize("runs", [100, GROUPS + 500])
def test_resampled_means_spread_as_the_mean_does(runs: int) -> None:
    """Variance over the resamples against that of the mean of what is drawn, n/(n-1) apart: z <= 4 at 8 %."""
    values = skewed(runs)
    spread = float(resampled([ready(values)], 3)[0].var())
    expected = values.var() / runs
    groups = min(runs, GROUPS)
    kurtosis = 3.0 + 6.0 / groups  # of a resampled mean; of the groups' own variance 2 / groups more
    noise = math.sqrt((kurtosis - 1.0) / RESAMPLES + (0.0 if runs == groups else 4.0 / groups))
    assert abs(spread / expected - 1.0) <= 4.0 * noise


def test_sums_are_exact_so_no_order_of_adding_changes_a_bit() -> None:
    values = skewed(GROUPS + 321) * 1e9
    column = ready(values)
    whole = [Fraction(float(each)) / Fraction(column.step) for each in column.sums]
    assert all(each.denominator == 1 for each in whole)
    assert sum(abs(each) for each in whole) < 2**53
    assert abs(float(sum(whole)) * column.step) <= len(values) * column.step
    together = bca([ready(skewed(500, "other")), ready(skewed(500))], 5)
    assert bca([ready(skewed(500))], 5)[0] == together[1]


def test_the_same_seed_gives_the_same_ends_and_another_gives_others() -> None:
    values = ready(skewed(200))
    assert bca([values], 5) == bca([values], 5)
    assert bca([values], 5) != bca([values], 6)


def test_scale_and_sign_carry_over() -> None:
    values = skewed(300)
    low, high = bca([ready(values)], 5)[0]
    assert bca([ready(1e12 * values)], 5)[0] == pytest.approx((1e12 * low, 1e12 * high), rel=1e-9)
    assert bca([ready(-values)], 5)[0] == pytest.approx((-high, -low), rel=1e-3)


def test_what_never_varies_has_no_width_and_one_run_no_ends() -> None:
    assert bca([ready(np.zeros(40)), ready(np.full(40, 0.1))], 1) == [(0.0, 0.0), (0.1, 0.1)]
    assert bca([ready(np.array([3.0]))], 1) == [(-math.inf, math.inf)]
    assert all(map(math.isnan, bca([ready(np.array([1.0, math.nan, 3.0]))], 1)[0]))
    assert bca([], 1) == []


def test_groups_that_cancel_within_still_give_ends() -> None:
    values = np.tile([1.0, -1.0], GROUPS)
    assert bca([ready(values)], 1)[0] == (0.0, 0.0)


def test_a_single_run_apart_from_all_others_still_gives_ends() -> None:
    values = np.zeros(500)
    values[17] = 1e6
    low, high = bca([ready(values)], 1)[0]
    assert 0.0 <= low < 2000.0 < high < 15_000.0


def test_values_that_are_nearly_nothing_still_give_ends() -> None:
    low, high = bca([ready(np.linspace(0.0, 1e-310, 50))], 1)[0]
    assert 0.0 <= low <= high <= 1e-300
