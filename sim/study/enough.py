"""Whether there are enough runs: the relative precision of a mean, and how many more a stated one takes.

In: one array, a value a replication, and the precision wanted. Out: a `Precision`. Nothing is run here; who
runs asks, adds blocks, and asks again at `next_look`.

A rule that looks at the data again and again stops a little too often when the interval happens to be short,
so an interval at the moment of stopping holds the truth somewhat less often than it says. Hence a minimum
number of runs, and looks a tenth apart rather than after every block. A number fixed beforehand has no such
flaw.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.streams import BLOCK
from sim.study.statistics import CONFIDENCE, Array, mean_interval

MINIMUM = BLOCK
"""Runs below which no precision is believed."""

GROWTH = 0.1
"""From one look to the next there are at least so many more runs, as a share of those there are."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How precisely the mean of a measure is known.

    Attributes
    ----------
    measure
        Its name.
    mean, half
        With the half-width of its 95 % interval.
    wanted
        The relative error allowed: |estimate - truth| / |truth|.
    reached
        The half-width is at most wanted / (1 + wanted) of the mean, with enough runs to believe it.
    needed
        Runs that it takes in all, as the spread looks now; infinite where the mean is 0 and the runs differ,
        or where some run is infinite: no number of runs gives that a relative precision.
    """

    measure: str
    runs: int
    mean: float
    half: float
    wanted: float
    reached: bool
    needed: float

    @property
    def relative(self) -> float:
        """The half-width as a share of the mean; 0 where no run differs."""
        if self.half == 0.0:
            return 0.0
        return self.half / abs(self.mean) if self.mean else math.inf

    @property
    def more(self) -> float:
        """How many more runs it takes."""
        return 0.0 if self.reached else max(self.needed - self.runs, 1.0)


def precision(measure: str, values: Array, wanted: float, *, minimum: int = MINIMUM) -> Precision:
    """How precisely a mean is known, and how many runs it takes to know it as precisely as wanted.

    Parameters
    ----------
    values
        Shape (runs,). A time that the horizon cut has no mean; give it as infinite and it is never reached.
    wanted
        Relative error, above 0: 0.05 for 5 %.
    minimum
        Runs without which nothing is reached.

    References
    ----------
    Law and Kelton 2000, Simulation Modeling and Analysis, 3rd ed., section 9.4.1: with the half-width at most
    wanted / (1 + wanted) of the estimate, the estimate is within `wanted` of the truth.

    Checked by: tests/theory/test_h8_enough_runs.py
    """
    runs = len(values)
    if not bool(np.isfinite(values).all()):
        return Precision(measure, runs, math.inf, math.inf, wanted, reached=False, needed=math.inf)
    found = mean_interval(values)
    half = found.high - found.value
    allowed = wanted / (1.0 + wanted) * abs(found.value)
    needed = float(minimum)
    if runs < 2:
        needed = float(max(minimum, 2))
    elif half > 0.0:
        spread = float(values.std(ddof=1))
        needed = max(runs_for(spread, allowed), needed) if allowed > 0.0 else math.inf
    reached = runs >= max(minimum, 2) and half <= allowed
    return Precision(measure, runs, found.value, half, wanted, reached, float(runs) if reached else needed)


def runs_for(spread: float, half: float) -> float:
    """Fewest runs whose 95 % interval has at most this half-width, by Student's t with a known spread.

    The normal quantile gives the first guess, t the few more that it takes.

    Checked by: tests/theory/test_h8_enough_runs.py
    """
    from scipy.special import ndtri, stdtrit

    found = math.ceil((float(ndtri(0.5 * (1.0 + CONFIDENCE))) * spread / half) ** 2)
    found = max(found, 2)
    while float(stdtrit(found - 1, 0.5 * (1.0 + CONFIDENCE))) * spread > half * math.sqrt(found):
        found += 1
    return float(found)


def next_look(found: Iterable[Precision]) -> int | None:
    """How many runs to have when next asking, in whole blocks; None where all is reached or nothing ever is.

    As many as the most that any needs, but at most twice and at least a tenth more than there are: a spread
    seen in few runs is a guess.
    """
    open_ = [each for each in found if not each.reached]
    if not open_ or any(math.isinf(each.needed) for each in open_):
        return None
    runs = max(each.runs for each in open_)
    least, most = runs * (1.0 + GROWTH), max(2.0 * runs, float(MINIMUM))
    wanted = min(max(*(each.needed for each in open_), least), most)
    return max(math.ceil(round(wanted, 6) / BLOCK), runs // BLOCK + 1) * BLOCK
