"""Intervals that hold together, and p-values that allow for how many there are.

Statement. Intervals of m comparisons at level 1 - 0.05 / m all hold in at least 95 % of studies, whatever
ties them together; for independent ones in exactly (1 - 0.05 / m)^m. Holm's rule rejects a true hypothesis
anywhere in at most 5 % of studies. The paired t test rejects where the t interval leaves 0 out.

Source. Dunn 1961, JASA 56, 52-64, doi 10.1080/01621459.1961.10482090; Holm 1979, Scandinavian Journal of
Statistics 6, 65-70. The p-values adjusted by hand are the example of both rules: 0.01, 0.04, 0.03, 0.005
become 0.03, 0.06, 0.06, 0.02.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import binomtest, ttest_1samp

from sim.streams import generator
from sim.study.simultaneous import holm, joint_interval, p_value
from sim.study.statistics import mean_interval

COMPARED, STUDIES, RUNS = 4, 3000, 12


def test_independent_intervals_all_hold_as_often_as_is_known() -> None:
    """3,000 studies of four normal differences: 0.9509, z <= 4 sees a coverage wrong by 1.6 points."""
    samples = ndtri(generator(1, "together").random((STUDIES, COMPARED, RUNS)))
    ends = [[joint_interval(sample, COMPARED) for sample in study] for study in samples]
    held = np.mean([all(each.low <= 0.0 <= each.high for each in study) for study in ends])
    expected = (1.0 - 0.05 / COMPARED) ** COMPARED
    assert abs(held - expected) <= 4.0 * math.sqrt(expected * (1.0 - expected) / STUDIES)


def test_holm_errs_anywhere_in_a_twentieth_of_the_studies_at_most() -> None:
    """Four differences share a part, two are not 0; at most 5 % + 4 SE of 3,000 studies reject a 0."""
    normal = ndtri(generator(1, "holm").random((STUDIES, COMPARED + 1, RUNS)))
    samples = normal[:, 1:] + normal[:, :1]
    samples[:, :2] += 3.0
    adjusted = np.array([holm([p_value(sample) for sample in study]) for study in samples])
    wrong = (adjusted[:, 2:] <= 0.05).any(axis=1).mean()
    assert wrong <= 0.05 + 4.0 * math.sqrt(0.05 * 0.95 / STUDIES)
    assert (adjusted[:, :2] <= 0.05).mean() > 0.8


def test_p_values_adjusted_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02], rel=1e-12)
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([0.03]) == [0.03]
    assert holm([]) == []


def test_what_has_no_p_value_is_not_counted() -> None:
    first, lost, second = holm([0.02, math.nan, 0.04])
    assert (first, second) == (0.04, 0.04)
    assert math.isnan(lost)


def test_the_p_value_is_student_s_and_agrees_with_the_interval() -> None:
    for k in range(40):
        sample = ndtri(generator(1, "p", k).random(9)) + 0.8
        assert p_value(sample) == pytest.approx(float(ttest_1samp(sample, 0.0).pvalue), rel=1e-9)
        found = mean_interval(sample)
        assert (p_value(sample) < 0.05) == (found.low > 0.0 or found.high < 0.0)


def test_of_one_comparison_the_joint_interval_is_the_plain_one() -> None:
    sample = generator(1, "alone").random(20)
    found, plain = joint_interval(sample, 1), mean_interval(sample)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), rel=1e-12)
    wider = joint_interval(sample, 10)
    assert wider.low < plain.low < plain.high < wider.high


def test_differences_that_never_vary_are_judged_by_the_sign_test() -> None:
    assert p_value(np.zeros(5)) == 1.0
    for n in (2, 5, 6, 40):
        sign_test = float(binomtest(n, n, 0.5).pvalue)
        assert p_value(np.full(n, 0.1)) == pytest.approx(sign_test, rel=1e-9)
    assert math.isnan(p_value(np.array([3.0])))
    assert joint_interval(np.full(5, 2.0), 7).high == 2.0
