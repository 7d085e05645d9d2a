"""The set of strategies that is not ruled out holds the best one as often as it says.

Statement. With t the one-sided quantile at 1 - 0.05 / (k - 1), the strategies whose mean is for every other
one no worse than by t S / sqrt(n) contain the truly best with probability at least 0.95 for normal values
tied in any way; for two that are equal the first is kept with exactly 0.95. The share of runs in which the
least of independent exponentials of rates r_i is the i-th is r_i / sum r.

Source. Nelson, Swann, Goldsman and Song 2001, Operations Research 49, 950-963,
doi 10.1287/opre.49.6.950.10019; the second is the race of exponentials (any text on Markov chains).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri

from sim.streams import generator
from sim.study import selection
from sim.study.selection import best

STUDIES = 800


@pytest.fixture
def means_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves out the resamples, which these tests do not look at."""
    monkeypatch.setattr(selection, "_resampled_means", lambda losses, _: losses)


@pytest.mark.usefixtures("means_alone")
@pytest.mark.parametrize("common", [0.0, 0.9])
def test_the_best_is_kept_as_often_as_promised(common: float) -> None:
    """800 studies of four strategies of 10 runs, one barely better: at least 0.95 less 4 SE, 0.919."""
    kept = 0
    rng = generator(1, "screening")
    for _ in range(STUDIES):
        tied = math.sqrt(common) * rng.standard_normal((10, 1))
        runs = tied + math.sqrt(1.0 - common) * rng.standard_normal((10, 4)) + [1e-9, 0.0, 1e-9, 1e-9]
        kept += "b" in best(dict(zip("abcd", runs.T, strict=True)), 1).possible
    assert kept / STUDIES >= 0.95 - 4.0 * math.sqrt(0.95 * 0.05 / STUDIES)


@pytest.mark.usefixtures("means_alone")
def test_of_two_equal_ones_each_is_kept_in_exactly_95_percent() -> None:
    """|z| <= 4 over 800 studies: sees a coverage wrong by 3.1 points."""
    normal = ndtri(generator(1, "two equal").random((STUDIES, 2, 8)))
    kept = np.mean(["a" in best({"a": one, "b": other}, 1).possible for one, other in normal])
    assert abs(kept - 0.95) <= 4.0 * math.sqrt(0.95 * 0.05 / STUDIES)


def test_the_share_of_runs_is_that_of_the_race() -> None:
    """Rates 1, 2 and 5 of 8 over 20,000 runs: |z| <= 4."""
    draws = generator(1, "race of exponentials").exponential(1.0, (20_000, 3)) / [1.0, 2.0, 5.0]
    found = best(dict(zip("abc", draws.T, strict=True)), 1)
    for each, share in zip(found.contenders, (1 / 8, 2 / 8, 5 / 8), strict=True):
        assert abs(each.best_run - share) <= 4.0 * math.sqrt(share * (1.0 - share) / 20_000)
    assert found.strategy == "c"
    assert found.decided


def test_the_share_of_resamples_is_the_normal_probability_of_the_difference() -> None:
    """Paired means 0.03 apart with the standard error 0.0316 of exactly spread values: Phi(0.949) = 0.829.

    4 SE of 5,000 resamples is 0.021.
    """
    grid = ndtri((np.arange(1000) + 0.5) / 1000)
    gap = grid / grid.std() + 0.03
    base = 10.0 * ndtri(generator(1, "what both share").random(1000))
    found = best({"a": base, "b": base + gap}, 1)
    expected = 0.5 * (1.0 + math.erf(0.03 * math.sqrt(1000) / math.sqrt(2.0)))
    assert found.contenders[0].best_mean == pytest.approx(expected, abs=4.0 * math.sqrt(0.83 * 0.17 / 5000))
    assert found.possible == ("a", "b")
    assert not found.decided
