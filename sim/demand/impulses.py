"""Return by absence age made Markov: everyone who leaves carries a Poisson number of impulses to come back.

A hazard of return rate * exp(-a / tau) at absence age a is, exactly, the hazard of the first of
K ~ Poisson(rate * tau) impulses that fire independently at rate 1/tau each: one that fires while the way
back is open brings the user back, one that fires while it is closed is wasted. So the number of impulses
left is all one needs to know of an away user, whatever the pattern of open and closed: no ages are kept,
and counts of away users by impulses left form a finite Markov chain. Superposition and thinning of
Poisson processes (Kingman 1993, Poisson Processes, chapters 2 and 5).

Rejected: the cohort's mean age (biased: those left over have low hazards), one age class a day (an error
of the order of a day).

A memoryless return is the chain of one impulse that is never wasted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import comb, exp

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_TAIL = 1e-14
"""Share of leavers whose impulses beyond the last class are put into it."""


@dataclass(frozen=True, slots=True)
class Impulses:
    """How the away users of one segment are on their way back; a value a row (replication or user state).

    Attributes
    ----------
    most
        Largest number of impulses kept.
    fresh
        Mean number of impulses of one who has just left, rate * tau. Shape (rows,).
    fire
        Rate at which an impulse fires while the way back is open, per hour. Shape (rows,).
    waste
        Rate at which it is wasted while the way is closed, per hour. Shape (rows,).
    memoryless
        Whether everyone carries exactly one impulse, never wasted.
    """

    most: int
    fresh: Array
    fire: Array
    waste: Array
    memoryless: bool

    @classmethod
    def of(cls, rate: Array, fades_over: Array | None) -> Impulses:
        """From the hazard of return at age 0 (per hour) and the hours over which it fades (None: never)."""
        if fades_over is None:
            return cls(1, np.ones_like(rate), rate, np.zeros_like(rate), memoryless=True)
        fresh = rate * fades_over
        return cls(
            enough(float(fresh.max(initial=0.0)), _TAIL),
            fresh,
            1.0 / fades_over,
            1.0 / fades_over,
            memoryless=False,
        )

    def rows(self, index: NDArray[np.int64]) -> Impulses:
        """The same for a selection of rows."""
        return Impulses(self.most, self.fresh[index], self.fire[index], self.waste[index], self.memoryless)

    def leavers(self, weights: Array, ages: Array) -> Array:
        """Users by impulses left, of those who left while the way back was closed.

        Parameters
        ----------
        weights, ages
            Users and the hours since they left. Shape (rows, nodes).

        Returns
        -------
        Shape (most + 1, rows).
        """
        if self.memoryless:
            total = weights.sum(axis=1)
            return np.stack([np.zeros_like(total), total])
        # nodes first: adding up along the first axis is several times as fast
        left = self.fresh * np.exp(-self.waste * ages.T)
        term = weights.T * np.exp(-left)
        counts = np.empty((self.most + 1, len(weights)))
        for k in range(self.most):
            np.add.reduce(term, axis=0, out=counts[k])
            term *= left
            term /= k + 1
        rest = weights.sum(axis=1) - counts[:-1].sum(axis=0)
        np.maximum(rest, 0.0, out=counts[-1])
        return counts

    def wasted(self, users: Array, duration: Array) -> Array:
        """Away users by impulses left after `duration` hours shut out. Shape (most + 1, rows)."""
        if self.memoryless or not users.any():
            return users
        x = np.exp(-self.waste * duration)
        result = np.array(users)
        lost = np.ones_like(x)
        for m in range(1, self.most + 1):
            lost = lost * (1.0 - x)
            result[:-m] += _ways(self.most, m) * lost * users[m:]
        return np.asarray(result * np.cumprod(np.stack([np.ones_like(x), *[x] * self.most]), axis=0))


@cache
def _ways(most: int, m: int) -> Array:
    """C(j + m, j) for j = 0 .. most - m, as a column: ways in which m impulses of j + m are wasted."""
    return np.array([[float(comb(j + m, j))] for j in range(most - m + 1)])


def enough(mean: float, tail: float) -> int:
    """The number of impulses that fewer than a share `tail` of the leavers exceed, at least 1."""
    term = total = exp(-mean)
    most = 0
    while 1.0 - total > tail and term > 0.0 and (most < mean or term > tail * 1e-2):
        most += 1
        term *= mean / most
        total += term
    return max(most, 1)
