"""Several comparisons at once: intervals that all hold together, p-values that allow for how many there are.

In: paired differences, or their p-values. Out: intervals and p-values. With five strategies compared at 95 %
each, some interval misses in up to a fifth of all studies; these do so in a twentieth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.study.statistics import CONFIDENCE, Array, Interval, mean_interval


def joint_interval(differences: Array, compared: int) -> Interval:
    """Mean with a t interval that holds in 95 % of studies together with those of the other comparisons.

    Each is made at 1 - 0.05 / `compared` (Bonferroni), whatever ties the comparisons together.

    References
    ----------
    Dunn 1961, "Multiple comparisons among means", JASA 56, 52-64, doi 10.1080/01621459.1961.10482090.

    Checked by: tests/theory/test_simultaneous.py
    """
    return mean_interval(differences, 1.0 - (1.0 - CONFIDENCE) / compared)


def p_value(differences: Array) -> float:
    """Two-sided p-value of the paired t test that the mean is 0; NaN for a single run.

    Where all n differences are the same a t test has no spread to judge by: 1 if they are 0, else the sign
    test's 2 ** (1 - n), which five runs alone do not bring below 0.05.
    """
    from scipy.special import stdtr

    n = len(differences)
    if n < 2:
        return math.nan
    mean, spread = float(differences.mean()), float(differences.std(ddof=1))
    if np.ptp(differences) == 0.0:
        return 2.0 ** (1 - n) if mean else 1.0
    return 2.0 * float(stdtr(n - 1, -abs(mean) / (spread / math.sqrt(n))))


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted for how many there are: reject what is at most 0.05, and err anywhere in at most 5 %.

    The smallest of m counts m times, the next m - 1 times, and so on, never less than the one before it. NaN
    stays NaN and is not counted.

    References
    ----------
    Holm 1979, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics
    6, 65-70.

    Checked by: tests/theory/test_simultaneous.py
    """
    found = [math.nan] * len(p_values)
    known = sorted((p, i) for i, p in enumerate(p_values) if not math.isnan(p))
    least = 0.0
    for place, (p, i) in enumerate(known):
        least = max(least, min((len(known) - place) * p, 1.0))
        found[i] = least
    return found
