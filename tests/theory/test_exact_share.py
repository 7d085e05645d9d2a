"""The interval on which the verdict of a claim rests errs on neither side in more than 2.5 % of studies.

Statement. Of n runs, B ~ binomial(n, p) meet a claim. Clopper and Pearson's lower end is above p with
probability at most 0.025, its upper end below p with at most that, whatever p and n. Wilson's interval does
not have this: at p = 0.99 and n = 100 its upper end is below p where B <= 97, with probability 0.0794.

Source. Clopper and Pearson 1934, Biometrika 26, 404-413, doi 10.1093/biomet/26.4.404; Brown, Cai and DasGupta
2001, "Interval estimation for a binomial proportion", Statistical Science 16, 101-133,
doi 10.1214/ss/1009213286. Every number here is a sum of binomial probabilities; nothing is drawn.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from sim.study.claims import _verdict
from sim.study.statistics import exact_share_interval, share_interval

SHARES = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)


def verdict(hits: int, runs: int, needed: float) -> str:
    """Of a claim that so many of the runs meet."""
    met = np.arange(runs) < hits
    return _verdict("", "", "", (0.0, 1.0), needed, met, np.zeros(runs, dtype=np.bool_), 0).verdict


@pytest.mark.parametrize(("hits", "runs"), [(0, 7), (7, 7), (1, 3), (97, 100), (500, 1000)])
def test_the_ends_are_those_of_the_library(hits: int, runs: int) -> None:
    found = exact_share_interval(hits, runs)
    theirs = binomtest(hits, runs).proportion_ci(0.95, method="exact")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), rel=1e-9)
    assert found.value == hits / runs


@pytest.mark.parametrize("runs", [20, 100, 200, 1000])
@pytest.mark.parametrize("share", SHARES)
def test_a_claim_at_its_very_limit_passes_and_fails_wrongly_in_at_most_1_of_40_studies(
    runs: int, share: float
) -> None:
    hits = np.arange(runs + 1)
    said = np.array([verdict(int(each), runs, share) for each in hits])
    chances = binom.pmf(hits, runs, share)
    for wrong in ("pass", "fail"):
        assert chances[said == wrong].sum() <= 0.025 + 1e-12


def test_wilson_s_interval_would_call_such_a_claim_failed_in_8_of_100_studies() -> None:
    hits = [each for each in range(101) if share_interval(each, 100).high < 0.99]
    assert max(hits) == 97
    assert binom.cdf(97, 100, 0.99) == pytest.approx(0.0794, abs=5e-5)


def test_a_verdict_is_to_be_had_all_the_same() -> None:
    """At twice the distance that 1,000 runs see, 0.9 against 0.95 and 0.85, nearly all are decided."""
    hits = np.arange(1001)
    said = np.array([verdict(int(each), 1000, 0.9) for each in hits])
    for share, right in ((0.95, "pass"), (0.85, "fail")):
        assert binom.pmf(hits, 1000, share)[said == right].sum() > 0.99
