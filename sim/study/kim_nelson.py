"""Choose the best of several strategies with as few runs as it takes (the procedure KN).

In: blocks of one measure, a row a replication and a column a strategy. Out: a `Choice`. Strategies drop out
as soon as the runs tell that they are not the best; what is left may be run on, the rest need not.

If the best is better than every other by at least `indifference`, it is chosen with the stated probability;
if others are nearer than that, one of those near the best is chosen. The guarantee is for normal values of
any variances, tied together in any way, as common random numbers tie them; means of `batch` runs stand for
them. Rejected: `sim_tools.ovs.indifference_zone.KN` 1.3.0, which looks up the variance of the wrong pair
where the other strategy has the lower number, runs one replication at a time through an observer, and needs
pandas, plotly and scikit-learn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.errors import UsageError
from sim.study.statistics import CONFIDENCE, Array

BATCH = 20
"""Runs whose mean counts as one normal value; a block has ten of them."""

FIRST = 20
"""Batches from which the variances are taken, before anybody may drop out: two blocks."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What became of the strategies so far.

    Attributes
    ----------
    best
        Number of the one chosen; None while several are left.
    left
        Numbers of those not dropped.
    dropped
        Number of each that dropped out, with the runs it had by then.
    runs
        Runs of those that are left.
    """

    best: int | None
    left: tuple[int, ...]
    dropped: tuple[tuple[int, int], ...]
    runs: int


class Race:
    """KN over blocks as they come.

    Parameters
    ----------
    strategies
        How many.
    indifference
        The smallest difference of two means that matters, in the measure's unit, above 0.
    bad
        Which way is worse.
    confidence
        Probability of choosing the best if it is better by `indifference` or more.
    batch, first
        As above.

    References
    ----------
    Kim and Nelson 2001, "A fully sequential procedure for indifference-zone selection in simulation", ACM
    Transactions on Modeling and Computer Simulation 11, 251-273, doi 10.1145/502109.502111, with c = 1 and
    alpha / (k - 1), which hold for dependent strategies too.

    Checked by: tests/theory/test_kim_nelson.py
    """

    def __init__(
        self,
        strategies: int,
        indifference: float,
        *,
        bad: str = "high",
        confidence: float = CONFIDENCE,
        batch: int = BATCH,
        first: int = FIRST,
    ) -> None:
        if strategies < 2 or not indifference > 0.0 or first < 2 or batch < 1:
            raise UsageError(
                "To choose takes two strategies or more, a difference above 0 that matters, "
                "batches of a run or more, and two or more of them to begin with"
            )
        if not 1.0 / strategies < confidence < 1.0:
            raise UsageError(f"A probability of choosing the best is between 1/{strategies} and 1")
        self._sign = -1.0 if bad == "high" else 1.0  # the procedure looks for the largest mean
        self._indifference = indifference
        self._batch, self._first = batch, first
        self._left = list(range(strategies))
        self._dropped: list[tuple[int, int]] = []
        self._rest = np.empty((0, strategies))
        self._waiting: list[Array] = []
        self._total = np.zeros(strategies)
        self._taken = 0
        tail = 2.0 * (1.0 - confidence) / (strategies - 1)
        self._eta = 0.5 * (tail ** (-2.0 / (first - 1)) - 1.0)
        self._reach = np.empty((0, 0))

    @property
    def choice(self) -> Choice:
        """How it stands."""
        best = self._left[0] if len(self._left) == 1 else None
        return Choice(best, tuple(self._left), tuple(self._dropped), self._taken * self._batch)

    def take(self, block: Array) -> Choice:
        """Go on with more runs; what is not a whole batch waits for the next.

        Parameters
        ----------
        block
            Shape (runs, strategies); the columns of those that dropped out are not read.
        """
        runs = np.concatenate([self._rest, block])
        whole = len(runs) // self._batch * self._batch
        self._rest = runs[whole:]
        for value in runs[:whole].reshape(-1, self._batch, runs.shape[1]).mean(axis=1):
            if len(self._left) > 1:
                self._add(self._sign * value)
        return self.choice

    def _add(self, value: Array) -> None:
        """One batch more."""
        self._taken += 1
        self._total += value
        if self._taken < self._first:
            self._waiting.append(value)
            return
        if self._taken == self._first:
            seen = np.array([*self._waiting, value])
            spread = np.var(seen[:, :, None] - seen[:, None, :], axis=0, ddof=1)
            squared = 2.0 * self._eta * (self._first - 1)
            self._reach = squared * spread / self._indifference**2  # of every pair, in batches
        self._screen()

    def _screen(self) -> None:
        """Drop who has fallen behind another by more than may be chance; at the end keep the best."""
        left, r = np.array(self._left), self._taken
        means = self._total[left] / r
        reach = self._reach[np.ix_(left, left)]
        if r > math.floor(float(reach.max())):  # nothing more may be asked of chance
            kept = np.arange(len(left)) == int(np.argmax(means))
        else:
            room = np.maximum(0.5 * self._indifference / r * (reach - r), 0.0)
            kept = (means[:, None] >= means[None, :] - room).all(axis=1)
        self._dropped += [(int(i), r * self._batch) for i in left[~kept]]
        self._left = [int(i) for i in left[kept]]


def choose(blocks: Iterable[Array], race: Race) -> Choice:
    """Run the race over blocks until one is left or there are no more; asks for no block it does not need."""
    for block in blocks:
        if race.take(block).best is not None:
            break
    return race.choice
