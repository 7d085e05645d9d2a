"""Sampled users who are away: whole numbers by impulses left, with the same verbs as the expected ones.

In: leavers, and the tables of a step. Out: those who return. Of k impulses each has fired in a step with the
same chance, independently; one that fired while the way back was open brought its user back unless the return
failed, the others are wasted. So from class k users go to every class below, or return: one multinomial.
"""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

from sim.demand.stepping.absent import Absent, fresh_impulses
from sim.demand.stepping.conditions import Conditions
from sim.demand.stepping.counting import Sampled
from sim.demand.stepping.crowd import Crowd

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


class AbsentSampled(Absent):
    """Whole numbers; classes are carried as they are, never by moments."""

    def __init__(self, crowd: Crowd, counting: Sampled, generator: np.random.Generator) -> None:
        super().__init__(crowd)
        self.calm = False
        self._counting, self._generator = counting, generator
        _, plain = fresh_impulses(crowd)
        self._chances = np.moveaxis(plain, 1, -1) / plain.sum(axis=1)[..., None]

    def settle(self) -> None:
        """Each leaver draws a number of impulses."""
        number = np.rint(self.pending).astype(np.int64)
        if number.any():
            chances = np.broadcast_to(self._chances, (*number.shape, self._chances.shape[-1]))
            drawn = self._generator.multinomial(number, chances)
            self.classes += np.moveaxis(drawn, -1, 2)
        self.pending[...] = 0.0

    def pass_time(self, given: Conditions, i: int, shut: Flags, fails: Array | None) -> tuple[Array, Array]:
        """One step; see `Absent.pass_time`."""
        self.settle()
        gave_up = self._lose(given, i)
        closed = np.where(shut, 1.0, 0.0 if fails is None else fails)[:, None]
        silent = given.powers[i][:, :, 1] / given.powers[i][:, :, 0]
        wasted = closed * given.spent[i]
        keeps = ~self.fading[:, None]
        if keeps.any():  # a memoryless return that fails may be tried again
            silent = np.where(keeps, silent ** (1.0 - closed), silent)
        shape = self.classes[:, :, 0].shape
        silent, wasted = np.broadcast_to(silent, shape), np.broadcast_to(wasted, shape)
        most = self.classes.shape[2] - 1
        result = np.zeros_like(self.classes)
        result[:, :, 0] = self.classes[:, :, 0]
        returned = np.zeros(shape)
        for k in range(1, most + 1):
            number = np.rint(self.classes[:, :, k]).astype(np.int64)
            if not number.any():
                continue
            ways = [comb(k, j) * silent**j * wasted ** (k - j) for j in range(k + 1)]
            stays = np.stack(ways, axis=-1)
            back = np.maximum(1.0 - stays.sum(axis=-1, keepdims=True), 0.0)
            chances = np.concatenate([stays, back], axis=-1)
            chances /= chances.sum(axis=-1, keepdims=True)
            moved = self._generator.multinomial(number, chances)
            result[:, :, : k + 1] += np.moveaxis(moved[..., :-1], -1, 2)
            returned += moved[..., -1]
        self.classes = result
        back_again = self._counting.take(returned.sum(axis=(0, 1)), given.alive[i])
        gave_up += self._lose(given, i)
        self.held = self.totals()
        return back_again, gave_up

    def _lose(self, given: Conditions, i: int) -> Array:
        """Half a step of churn and of giving up; how many have given up."""
        take = self._counting.take
        self.classes = take(self.classes, given.alive[i])
        if given.kept is None:
            return np.zeros(self.classes.shape[3:])
        stay = take(self.classes, given.kept[i])
        gone = (self.classes - stay).sum(axis=(0, 1, 2))
        self.classes = stay
        return np.asarray(gone)

    def take(self, chance: Array) -> Array:
        """Those who return at this very moment."""
        self.settle()
        taken = self._counting.take(self.classes, chance[:, :, None])
        self.classes = self.classes - taken
        self.held = self.totals()
        return np.asarray(taken.sum(axis=2))
