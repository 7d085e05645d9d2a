"""How often the intervals of the tables hold the truth: the published table against fresh studies.

Statement. Student's t on a normal law holds in exactly 95 % of studies of any size. Two order statistics of
ranks l and u hold a quantile with the binomial probability P(l <= B < u), whatever the law. All else is known
only by trying: 10,000 studies of each law and size, `docs/coverage.csv`.

Source. Student 1908, "The probable error of a mean", Biometrika 6, 1-25, doi 10.1093/biomet/6.1.1; David and
Nagaraja 2003, Order Statistics, 3rd ed., section 7.1, doi 10.1002/0471722162.
"""

from __future__ import annotations

import math
import runpy
from typing import Any

import numpy as np
import pytest

from sim.streams import generator
from sim.study.coverage import SKEWNESS, TOLERATED, WARN_BELOW, FewRuns, coverage_warning, law_like, skewness
from tests.architecture.source import ROOT

SIZES = (10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10_000)


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "intervals.py"))


@pytest.fixture(scope="module")
def kept(script: dict[str, Any]) -> dict[tuple[str, str, int], Any]:
    return {(row.interval, row.law, row.runs): row for row in script["kept"]()}


def error(share: float, *studies: int) -> float:
    """Of a share, or of the difference of two."""
    return math.sqrt(max(share * (1.0 - share), 1e-4) * sum(1.0 / each for each in studies))


def test_the_table_is_whole(script: dict[str, Any], kept: dict[tuple[str, str, int], Any]) -> None:
    assert script["RUNS"] == SIZES
    assert set(kept) == {(i, law, n) for i in script["WORDS"] for law in script["LAWS"] for n in SIZES}
    assert {row.studies for row in kept.values()} == {10_000}


def test_where_the_coverage_is_known_the_table_has_it(kept: dict[tuple[str, str, int], Any]) -> None:
    """|z| <= 4 over 10,000 studies: sees a coverage wrong by 0.9 points."""
    known = [row for row in kept.values() if not math.isnan(row.exact)]
    assert {row.interval for row in known} == {"t", "median", "p95"}
    for row in known:
        assert abs(row.coverage - row.exact) <= 4.0 * error(row.exact, row.studies), row


def fresh_agree(script: dict[str, Any], kept: dict[tuple[str, str, int], Any], runs: int, n: int) -> None:
    """Fresh studies at another seed, within 4 SE of the published ones."""
    for row in script["studied"](runs, n, seed=1_000_000):
        published = kept[row.interval, row.law, row.runs]
        apart = abs(row.coverage - published.coverage)
        assert apart <= 4.0 * error(published.coverage, n, published.studies), (row, published)


def test_a_few_fresh_studies_agree(script: dict[str, Any], kept: dict[tuple[str, str, int], Any]) -> None:
    """300 studies of 50 runs of each law: sees a coverage wrong by 5 points, CVaR's by 10."""
    fresh_agree(script, kept, 50, 300)


@pytest.mark.slow
@pytest.mark.parametrize("runs", SIZES)
def test_fresh_studies_of_every_size_agree(
    script: dict[str, Any], kept: dict[tuple[str, str, int], Any], runs: int
) -> None:
    """1,000 studies of each law: sees a coverage wrong by 2.9 points."""
    fresh_agree(script, kept, runs, 1000)


def test_the_page_shows_the_table(script: dict[str, Any]) -> None:
    page = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
    assert page == script["filled"](page, script["kept"]()), "run: python docs/intervals.py --text"


def test_it_is_warned_below_the_runs_from_which_on_the_coverage_is_93_percent(
    kept: dict[tuple[str, str, int], Any],
) -> None:
    for kind, laws in WARN_BELOW.items():
        for law, enough in laws.items():
            short = [n for n in SIZES if kept[kind, law, n].coverage < TOLERATED]
            assert enough == min(n for n in SIZES if not short or n > max(short)), (kind, law)


def test_the_mean_of_the_worse_5_percent_needs_more_runs_than_the_mean() -> None:
    assert all(WARN_BELOW["cvar"][law] > WARN_BELOW["t"][law] for law in SKEWNESS)


def test_a_warning_says_what_is_missing() -> None:
    enough = WARN_BELOW["t"]["lognormal"]
    assert coverage_warning("t", enough) is None
    assert coverage_warning("t", enough - 1) == FewRuns("t", "lognormal", enough - 1, enough)
    assert coverage_warning("t", 50, "normal") is None


def test_the_law_is_the_mildest_that_is_as_skewed() -> None:
    uniforms = generator(1, "skewness").random(5000)
    exponential = -np.log1p(-uniforms)
    assert law_like(uniforms) == "normal"
    assert law_like(exponential[:200]) == law_like(-exponential[:200])
    assert law_like(uniforms**3) == "exponential"
    assert law_like(exponential**3) == "lognormal"
    assert law_like(np.full(9, 4.0)) == "normal"
    assert law_like(np.array([1.0, math.inf])) == "lognormal"


def test_skewness_of_two_laws() -> None:
    """Bernoulli of 1/5: (1 - 2 p) / sqrt(p (1 - p)) = 1.5 exactly; midpoints of the exponential: nearly 2."""
    assert skewness(np.repeat([0.0, 1.0], [80, 20])) == pytest.approx(1.5, rel=1e-12)
    assert skewness(np.repeat([0.0, 1e150], [80, 20])) == pytest.approx(1.5, rel=1e-12)
    grid = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert skewness(-np.log1p(-grid)) == pytest.approx(2.0, rel=1e-2)
