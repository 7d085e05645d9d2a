"""From how many runs on an interval holds the truth about as often as it says.

In: the kind of interval, the number of runs, and how skewed they are. Out: a `FewRuns` where they are too
few. A 95 % interval that rests on normal means, or on a tail of few runs, holds less often than it says while
runs are few; how many it takes depends on the law, which nobody knows, so the sample's skewness picks one of
three. The numbers are read off `docs/coverage.csv`: 10,000 studies each of laws whose truth is known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.study.statistics import Array

Kind = Literal["t", "bca", "cvar"]
Law = Literal["normal", "exponential", "lognormal"]

TOLERATED = 0.93
"""Coverage of a 95 % interval under which it is warned of."""

WARN_BELOW: Mapping[Kind, Mapping[Law, int]] = {
    "t": {"normal": 10, "exponential": 100, "lognormal": 500},
    "bca": {"normal": 30, "exponential": 100, "lognormal": 200},
    "cvar": {"normal": 300, "exponential": 500, "lognormal": 2000},
}
"""Fewest runs, of those in the table, from which on the coverage is at least that."""

SKEWNESS: Mapping[Law, float] = {"normal": 0.5, "exponential": 2.0, "lognormal": float("inf")}
"""Up to which skewness a sample counts as like a law: the exponential's own is 2, that of the lognormal with
sigma 1 is 6.2. Assumption: 0.5 still counts as none."""


@dataclass(frozen=True, slots=True)
class FewRuns:
    """An interval that holds less often than it says: its kind, the runs, and how many it takes.

    Attributes
    ----------
    law
        The law that the sample was taken to be like.
    """

    kind: Kind
    law: Law
    runs: int
    enough: int


def coverage_warning(kind: Kind, runs: int, law: Law = "lognormal") -> FewRuns | None:
    """Too few runs for an interval of a kind; None if they are enough, or if there is nothing to warn of.

    Parameters
    ----------
    kind
        "t" and "bca" of a mean, "cvar" of the mean of the worse 5 %. Order statistics need no warning: they
        hold as often as they say for any law, and have no end where runs are too few.
    law
        From `law_like`; the most skewed unless told otherwise.

    Checked by: tests/theory/test_coverage.py
    """
    enough = WARN_BELOW[kind][law]
    return FewRuns(kind, law, runs, enough) if runs < enough else None


def law_like(values: Array) -> Law:
    """The mildest of the laws that is as skewed as the values, to whichever side."""
    found = skewness(values)
    return next((law for law, most in SKEWNESS.items() if found <= most), "lognormal")


def skewness(values: Array) -> float:
    """Size of the third standardised moment; 0 where no value differs, NaN where one is not finite."""
    if not bool(np.isfinite(values).all()):
        return float("nan")
    apart = values - values.mean()
    largest = float(np.abs(apart).max())
    if largest == 0.0:
        return 0.0
    apart = apart / largest  # cubes of money would overflow
    return abs(float((apart**3).mean())) / math.sqrt(float((apart**2).mean())) ** 3
