"""Shares of the variance: first-order and total Sobol indices, with bootstrap intervals.

In: values of one measure at the rows of two tables, and at those of the first with one input taken from the
second. Out: an `Index` an input. Values are taken from their mean first, without which the first-order
estimator wanders with the size of the mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.study.bootstrap import counts
from sim.study.statistics import CONFIDENCE, Array, Interval

RESAMPLES = 2_000
"""Of every interval."""

SAME = 1e-12
"""A measure that moves by no more than this share of its size is the same in all runs but for rounding."""


@dataclass(frozen=True, slots=True)
class Index:
    """Of one input.

    Attributes
    ----------
    first
        V(E[Y | input]) / V(Y): what would go if this input alone were known.
    total
        E[V(Y | all others)] / V(Y): what would be left if all others were known. The difference is what the
        input does together with others.
    """

    first: Interval
    total: Interval


def varies(numbers: Array) -> bool:
    """Whether there is a variance to share out."""
    return float(np.ptp(numbers)) > SAME * max(float(np.abs(numbers).max()), 1e-300)


def sobol_indices(a: Array, b: Array, mixed: Array, seed: int, *, resamples: int = RESAMPLES) -> list[Index]:
    """First-order and total indices of every input.

    With f_A, f_B the values at the two tables and f_i those at A with input i of B, and V the variance over
    both tables: S_i = mean(f_B (f_i - f_A)) / V and T_i = mean((f_A - f_i)^2) / (2 V). Intervals are
    percentiles of the same with rows drawn with replacement; rows are drawn as a whole, alike for every
    input. For Sobol points they are somewhat too wide, as those rows are more even than independent ones.

    Parameters
    ----------
    a, b, mixed
        Shapes (rows,), (rows,), (inputs, rows).
    seed
        Of the scenario.

    Returns
    -------
    list
        Of NaN where the values do not vary.

    References
    ----------
    Saltelli et al. 2010, Computer Physics Communications 181, 259-270, table 2, equations b and f,
    doi 10.1016/j.cpc.2009.09.018; the latter is Jansen 1999, Computer Physics Communications 117, 35-43,
    doi 10.1016/S0010-4655(98)00154-4.

    Checked by: tests/theory/test_h6_sobol_indices.py, tests/theory/test_h7_ishigami.py
    """
    both = np.concatenate([a, b])
    if not varies(both):
        nothing = Interval(math.nan, math.nan, math.nan)
        return [Index(nothing, nothing)] * len(mixed)
    middle, size = float(both.mean()), float(both.std())
    a, b, mixed = (a - middle) / size, (b - middle) / size, (mixed - middle) / size
    products = np.column_stack(
        [a, b, a * a + b * b, (b * (mixed - a)).T, (mixed - a).T, ((mixed - a) ** 2).T]
    )
    first, total = _ratios(products.mean(axis=0)[None, :], len(mixed))
    drawn = [_ratios(means, len(mixed)) for means in _resampled(products, seed, resamples)]
    firsts, totals = (np.concatenate([each[i] for each in drawn]) for i in (0, 1))
    return [
        Index(_interval(first[0, i], firsts[:, i]), _interval(total[0, i], totals[:, i]))
        for i in range(len(mixed))
    ]


def _ratios(means: Array, inputs: int) -> tuple[Array, Array]:
    """Both indices from means of products. Shapes (sets, columns) to (sets, inputs) twice."""
    parts = means[:, 3:].reshape(len(means), 3, inputs)
    middle = 0.5 * (means[:, 0] + means[:, 1])
    variance = (0.5 * means[:, 2] - middle**2)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):  # a resample of equal rows has no variance
        return (parts[:, 0] - middle[:, None] * parts[:, 1]) / variance, 0.5 * parts[:, 2] / variance


def _resampled(products: Array, seed: int, resamples: int) -> list[Array]:
    """Means of the products in resamples of the rows, some at a time. Shape (resamples, columns) together."""
    rows = len(products)
    drawn = counts(rows, seed, resamples, "sensitivity / bootstrap")
    return [times @ products / rows for times in drawn]


def _interval(value: float, resampled: Array) -> Interval:
    tail = 50.0 * (1.0 - CONFIDENCE)
    low, high = np.nanpercentile(resampled, [tail, 100.0 - tail])
    return Interval(float(value), float(low), float(high))
