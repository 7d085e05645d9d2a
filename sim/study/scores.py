"""How good a prediction was: the distance between what the runs say and what happened.

In: one array, a value a replication, and the value that was observed. Out: a number in the measure's unit,
the smaller the better. It rewards both being near and being sure, and cannot be improved by saying anything
but what one believes.
"""

from __future__ import annotations

import numpy as np

from sim.study.statistics import Array


def crps(values: Array, observed: float) -> float:
    """Continuous ranked probability score of the runs as a forecast: E|X - y| - E|X - X'| / 2.

    The second mean is over pairs of different runs, so its expectation does not depend on how many there are
    (the fair score). For a single run it is the absolute error.

    Parameters
    ----------
    values
        Shape (runs,), finite.
    observed
        What happened.

    References
    ----------
    Gneiting and Raftery 2007, "Strictly proper scoring rules, prediction, and estimation", JASA 102, 359-378,
    doi 10.1198/016214506000001437; Ferro 2014, "Fair scores for ensemble forecasts", Quarterly Journal of the
    Royal Meteorological Society 140, 1917-1923, doi 10.1002/qj.2270.

    Checked by: tests/theory/test_h5_crps.py
    """
    n = len(values)
    away = float(np.abs(values - observed).mean())
    if n < 2:
        return away
    ordered = np.sort(values)
    # the sum of |x_i - x_j| over all pairs i < j is that of (2 i - n - 1) x_(i)
    apart = float(((2.0 * np.arange(1, n + 1) - n - 1.0) * (ordered - ordered[0])).sum())
    return away - apart / (n * (n - 1.0))
