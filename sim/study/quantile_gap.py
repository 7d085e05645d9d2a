"""The difference of a quantile of two strategies, with a bootstrap interval: medians, and the 90 % quantiles.

In: two columns of runs in pairs. Out: an `Interval`. It is the difference of the two quantiles, not the
quantile of the differences; who asks how much longer the longest tenth of the outages are wants the former.

Why this way: a resample of n runs has its k-th smallest value at rank ceil(n B) of the runs, B the k-th
smallest of n uniforms, Beta(k, n - k + 1) (that is exact). What ties the ranks of the two together is in how
many pairs both lie below their quantiles; the two are drawn as normals with that correlation, their limit for
many runs. So a resample is two ranks, whatever the number of runs. Rejected: drawing the pairs themselves,
which takes minutes for 30 measures of 5 strategies with 10,000 runs and gives the same ends (the tests
compare); an interval for each quantile beside the other, which throws the pairing away.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.streams import generator
from sim.study.statistics import CONFIDENCE, Array, Interval, rank

Places = NDArray[np.int64]

SHARES = (0.5, 0.9)
"""Of the quantiles compared: what half, and nine in ten, of the runs do not exceed."""

RESAMPLES = 5_000

_STREAM = "quantiles"

_REACH, _STEPS = 6.0, 2_401
"""Of the table of ranks: so many standard deviations, beyond which hardly any draw falls; its steps."""


def quantile_gaps(
    ours: Array, theirs: Array, ordered: tuple[Array, Array], seed: int
) -> tuple[Interval, ...]:
    """Difference of each quantile (ours minus theirs) with its 95 % percentile interval.

    Parameters
    ----------
    ours, theirs
        Row beside row, each of shape (runs,); what the horizon cut is infinite.
    ordered
        The same, each ascending.
    seed
        Of the study.

    Returns
    -------
    tuple
        One of `SHARES` each. The difference is NaN, and its interval the whole line, where both quantiles lie
        beyond the horizon; an end is infinite where the resamples reach there.

    References
    ----------
    Efron 1979, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1-26, doi
    10.1214/aos/1176344552 (section 3, the median, by its ranks).

    Checked by: tests/theory/test_quantile_gap.py
    """
    return tuple(_gap((ours, theirs), ordered, share, seed) for share in SHARES)


def _gap(sides: tuple[Array, Array], ordered: tuple[Array, Array], share: float, seed: int) -> Interval:
    n = len(sides[0])
    k = rank(n, share)
    edges = [side[k - 1] for side in ordered]
    with np.errstate(invalid="ignore"):  # infinity minus infinity is not known
        value = float(edges[0] - edges[1])
        if n < 2:
            return Interval(value, -math.inf, math.inf)
        below = [side <= edge for side, edge in zip(sides, edges, strict=True)]
        first, second = _ranks(n, k, _together(*below), seed)
        drawn = ordered[0][first] - ordered[1][second]
    tail = 0.5 * (1.0 - CONFIDENCE)
    low = np.sort(np.where(np.isnan(drawn), -math.inf, drawn))
    high = np.sort(np.where(np.isnan(drawn), math.inf, drawn))
    last = len(drawn) - 1
    return Interval(value, float(low[math.floor(tail * last)]), float(high[math.ceil((1.0 - tail) * last)]))


def _together(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Correlation of being below; exactly 1 where it is the same runs, 0 where one side has all below."""
    if np.array_equal(one, other):
        return 1.0
    p, q, both = float(one.mean()), float(other.mean()), float((one & other).mean())
    spread = p * (1.0 - p) * q * (1.0 - q)
    return (both - p * q) / math.sqrt(spread) if spread > 0.0 else 0.0


def _ranks(n: int, k: int, correlation: float, seed: int) -> tuple[Places, Places]:
    """Places of the k-th smallest of each resample among the ordered runs, on both sides, from 0."""
    first, apart = _normals(seed)
    second = correlation * first + math.sqrt(max(1.0 - correlation**2, 0.0)) * apart
    return _places(n, k, first), _places(n, k, second)


def _places(n: int, k: int, normals: Array) -> Places:
    grid, beta = _table(n, k)
    found = np.ceil(n * np.interp(normals, grid, beta)).astype(np.int64) - 1
    return np.asarray(np.clip(found, 0, n - 1))


@lru_cache(maxsize=1)
def _normals(seed: int) -> Array:
    """Two standard normals a resample, the same for every strategy and measure. Shape (2, resamples)."""
    return generator(seed, _STREAM).standard_normal((2, RESAMPLES))


@lru_cache(maxsize=8)
def _table(n: int, k: int) -> tuple[Array, Array]:
    """Normal quantiles, and those of the k-th smallest of n uniforms at the same probability."""
    from scipy.special import betaincinv, ndtr

    grid = np.linspace(-_REACH, _REACH, _STEPS)
    return grid, np.asarray(betaincinv(k, n - k + 1, ndtr(grid)), dtype=np.float64)
