"""How many runs still wait at an instant: the survival of a time that the horizon cuts in some of them.

In: one length of time a run, and whether it ended. Out: the share that lasts longer than so many hours, with
its interval. The estimator is the library's.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.statistics import CONFIDENCE, Array, Interval, share_interval

if TYPE_CHECKING:
    from numpy.typing import NDArray


def survival(hours: Array, ended: NDArray[np.bool_], at: float) -> Interval:
    """Kaplan and Meier's share of the runs that last longer than `at` hours, with its 95 % interval.

    Parameters
    ----------
    hours
        What was seen of the time in each run. Shape (runs,).
    ended
        Whether it ended then; else the horizon cut it, and it is longer. Shape (runs,).
    at
        Hours.

    Returns
    -------
    Interval
        Greenwood's variance on the complementary log-log scale, so that it stays within 0 and 1. Where that
        variance is nothing (none or all have ended by then), Wilson's interval for the runs seen that long.
        All NaN where no run was followed that long and some have not ended.

    References
    ----------
    Kaplan and Meier 1958, "Nonparametric estimation from incomplete observations", JASA 53, 457-481,
    doi 10.1080/01621459.1958.10501452; Kalbfleisch and Prentice 2002, The Statistical Analysis of Failure
    Time Data, 2nd ed., section 1.4, doi 10.1002/9781118032985.

    Checked by: tests/theory/test_kaplan_meier.py
    """
    from scipy.stats import CensoredData, ecdf

    longest = float(hours.max())
    if at > longest and not bool(ended[hours == longest].all()):
        return Interval(math.nan, math.nan, math.nan)
    # a tie of an end and a cut: the end comes first, which is how the library orders them
    found = ecdf(CensoredData(uncensored=hours[ended], right=hours[~ended])).sf
    share = _at(found, at)
    followed = int(((hours >= at) | ended).sum())
    if share in {0.0, 1.0}:
        return share_interval(round(share * followed), followed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # it is undefined where the share is 0 or 1: not here
        low, high = found.confidence_interval(confidence_level=CONFIDENCE, method="log-log")
    return Interval(share, _at(low, at), _at(high, at))


def _at(curve: Any, hours: float) -> float:
    """A step curve at an instant."""
    return float(curve.evaluate([hours])[0])
