"""What differs by rounding alone is the same: the difference of two strategies' runs, ties kept as ties.

In: two arrays, a value a replication. Out: their difference, exactly 0 where only rounding is left. Users are
sums of many terms; two strategies that come to the same in a run may add them in another order, and their
last bits then differ. Taken at its word, such a bit makes one of them "better" in that run.
"""

from __future__ import annotations

import numpy as np

from sim.study.statistics import Array

ROUNDING = 1e-9
"""What differs by less than this share of the largest value is the same."""


def slack(*sides: Array) -> float:
    """The largest difference that counts as none, of values that stand beside each other."""
    return ROUNDING * max(float(np.abs(side[np.isfinite(side)]).max(initial=0.0)) for side in sides)


def gap(ours: Array, theirs: Array) -> Array:
    """Ours minus theirs, row by row; exactly 0 where they are the same but for rounding, infinity included.

    Parameters
    ----------
    ours, theirs
        Shape (runs,); what the horizon cut may be infinite.

    Checked by: tests/unit/test_study_rounding.py
    """
    with np.errstate(invalid="ignore"):  # infinity minus infinity
        apart = np.where(ours == theirs, 0.0, ours - theirs)
    apart[np.abs(apart) <= slack(ours, theirs)] = 0.0
    return np.asarray(apart, dtype=np.float64)
