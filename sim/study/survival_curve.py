"""The whole of Kaplan and Meier's curve: the share of the runs that still wait, and how many were followed.

In: one length of time a run, and whether it ended. Out: a `Curve`. What the horizon cut leaves the runs that
are followed without ending the wait, so the curve stops above nothing where some never ended.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.study.statistics import CONFIDENCE, Array

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Curve:
    """A step curve: from `times[i]` on the share is `share[i]`.

    Attributes
    ----------
    times
        Hours; the first is 0. Shape (steps,).
    share
        Of the runs that last longer. Shape (steps,).
    low, high
        Its 95 % interval (Greenwood, complementary log-log); NaN where none or all have ended. (steps,) each.
    cut
        Hours at which runs were cut, ascending, each once. Shape (cuts,).
    unended
        Runs that were cut.
    hours
        What was seen of each run, ascending. Shape (runs,).
    """

    times: Array
    share: Array
    low: Array
    high: Array
    cut: Array
    unended: int
    hours: Array

    @property
    def runs(self) -> int:
        """How many there are."""
        return len(self.hours)

    @property
    def end(self) -> float:
        """Until when any run was followed, hours."""
        return float(self.hours[-1])

    def at(self, hours: float) -> float:
        """Share that lasts longer than so many hours; NaN after the end if some had not ended by then."""
        if hours > self.end and self.unended and self.share[-1] > 0.0:
            return float("nan")
        return float(self.share[int(np.searchsorted(self.times, hours, side="right")) - 1])

    def interval(self, hours: float) -> tuple[float, float]:
        """Ends of the interval of `at`."""
        step = int(np.searchsorted(self.times, hours, side="right")) - 1
        return float(self.low[step]), float(self.high[step])

    def followed(self, hours: float) -> int:
        """Runs that had neither ended nor been cut just before so many hours: the number at risk."""
        return len(self.hours) - int(np.searchsorted(self.hours, hours, side="left"))

    def half(self) -> float:
        """Hours after which half of the runs have ended; infinite if fewer ever do."""
        ended = np.flatnonzero(self.share <= 0.5)
        return float(self.times[ended[0]]) if ended.size else float("inf")


def curve(hours: Array, ended: Flags) -> Curve:
    """Kaplan and Meier's curve.

    Parameters
    ----------
    hours
        What was seen of the time in each run, at least one. Shape (runs,).
    ended
        Whether it ended then; else the horizon cut it. Shape (runs,).

    References
    ----------
    See `sim.study.survival`, which is the same at one instant.

    Checked by: tests/unit/test_study_survival_curve.py
    """
    from scipy.stats import CensoredData, ecdf

    ended = np.asarray(ended, dtype=np.bool_)
    # a tie of an end and a cut: the end comes first, which is how the library orders them
    found = ecdf(CensoredData(uncensored=hours[ended], right=hours[~ended])).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # undefined where the share is 0 or 1, and left so
        band: Any = found.confidence_interval(confidence_level=CONFIDENCE, method="log-log")
    share = np.asarray(found.probabilities, dtype=np.float64)
    inside = (share > 0.0) & (share < 1.0)
    times = np.asarray(found.quantiles, dtype=np.float64)
    lower, upper = (
        np.asarray(one, dtype=np.float64) for one in (band.low.probabilities, band.high.probabilities)
    )
    ends = [np.where(inside, each, np.nan) for each in (lower, upper)]
    if times[0] > 0.0:
        times, share = np.concatenate([[0.0], times]), np.concatenate([[1.0], share])
        ends = [np.concatenate([[np.nan], each]) for each in ends]
    cut = np.unique(hours[~ended])
    return Curve(times, share, ends[0], ends[1], cut, int((~ended).sum()), np.sort(hours))
