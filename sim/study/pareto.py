"""The strategies that no other beats in two measures at once, such as what they cost and whom they lose.

In: two measures of each strategy, row beside row. Out: one `Point` a strategy. A front of sample means is a
sample too: every point says in what share of the resamples of the runs it is on the front.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.study.bootstrap import ready, resampled
from sim.study.rounding import slack
from sim.study.statistics import Array


@dataclass(frozen=True, slots=True)
class Point:
    """One strategy.

    Attributes
    ----------
    first, second
        Its means.
    front
        No other is at least as good in both and better in one; what rounds to the same is the same.
    beaten_by
        Those that are.
    share
        Of the resamples of the runs in which it is on the front.
    """

    strategy: str
    first: float
    second: float
    front: bool
    beaten_by: tuple[str, ...]
    share: float


def front(
    first: Mapping[str, Array],
    second: Mapping[str, Array],
    seed: int,
    *,
    bad: tuple[str, str] = ("high", "high"),
) -> list[Point]:
    """Every strategy's place among all, in the order of `first`.

    Parameters
    ----------
    first, second
        Of each strategy, row beside row, each of shape (runs,), finite.
    seed
        Of the study.
    bad
        Which way is worse, of each measure.

    Checked by: tests/unit/test_study_pareto.py
    """
    names = list(first)
    signs = [1.0 if way == "high" else -1.0 for way in bad]
    columns = [
        ready(sign * side[name]) for sign, side in zip(signs, (first, second), strict=True) for name in names
    ]
    mean = np.array([column.mean for column in columns])
    means = mean.reshape(2, -1, 1)
    drawn = (mean[:, None] + resampled(columns, seed)).reshape(2, len(names), -1)
    beaten = _beats(means)[:, :, 0]
    shares = 1.0 - _beats(drawn).any(axis=0).mean(axis=1)
    return [
        Point(
            strategy=name,
            first=0.0 + signs[0] * float(means[0, i, 0]),  # 0 + x, for -0.0 is not a number to show
            second=0.0 + signs[1] * float(means[1, i, 0]),
            front=not bool(beaten[:, i].any()),
            beaten_by=tuple(other for j, other in enumerate(names) if beaten[j, i]),
            share=float(shares[i]),
        )
        for i, name in enumerate(names)
    ]


def _beats(losses: Array) -> NDArray[np.bool_]:
    """Whether strategy j beats strategy i: [j, i]. From shape (2, strategies, samples)."""
    one, other = losses[:, :, None], losses[:, None, :]
    same = np.array([slack(side) for side in losses]).reshape(2, 1, 1, 1)
    return np.asarray((one <= other + same).all(axis=0) & (one < other - same).any(axis=0))
