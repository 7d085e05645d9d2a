"""Those who are away, by what they need to return, by place, and by impulses left.

In: leavers, and the tables of a step. Out: those who return. While the way back is closed the impulses of
each are wasted one by one, which mixes all classes; but the *moments* of the classes (sum over k of C(k, j)
users with k impulses left) then only shrink, each by its own power. So classes are carried by their moments
while closed and as they are while open, and are turned into one another where that changes. Where returns can
fail (friends are away), or impulses are very many, they are carried as they are, at a higher cost.
"""

from __future__ import annotations

from functools import cache
from math import comb

import numpy as np
from numpy.typing import NDArray

from sim.demand.stepping.conditions import Conditions
from sim.demand.stepping.crowd import Crowd

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


_LEAST = 1e-9
"""Chance that an impulse is wasted, where one can be, at least: so that its powers can be divided by."""

_MANY = 30
"""Impulses up to which that can be done: the least chance to this power is a number."""

_NOTHING = 1e-15
"""Chance below which so many impulses of one user are not wasted in one step."""


class Absent:
    """Expected users who are away. Mutable.

    Attributes
    ----------
    classes
        By impulses left, or their moments where `closed`: (ways, places, classes, segments, rows), where
        ways are 1, or 2: those who do not need the app, and those who do.
    fresh
        The same of one who has just left.
    pending
        Who has left and is not counted among the classes yet, (ways, places, segments, rows).
    held
        Everybody who is away, pending or not, likewise.
    closed
        Where moments are carried, (ways, segments, rows).
    """

    def __init__(self, crowd: Crowd) -> None:
        places, segments, rows = crowd.fresh.shape
        ways = 2 if crowd.app else 1
        self.calm = crowd.calm
        self.fading = ~np.array(crowd.memoryless)
        self.classes = np.zeros((ways, places, crowd.most + 1, segments, rows))
        self.pending = np.zeros((ways, places, segments, rows))
        self.held = np.zeros_like(self.pending)
        self.closed: Flags = np.zeros((ways, segments, rows), dtype=bool)
        self._moments, self._plain = fresh_impulses(crowd)
        self.fresh = np.repeat(self._plain[None], ways, axis=0)
        self._some, self._all = False, False
        self._to_moments, self._to_classes = _pascal(crowd.most)

    def turn(self, shut: Flags) -> None:
        """Carry moments where the way back is `shut`, (ways, segments, rows), and classes elsewhere."""
        if not self.calm:
            return
        wanted = shut & self.fading[:, None]
        changed = wanted != self.closed
        if not changed.any():
            return
        self.settle()
        for closes, matrix, fresh in (
            (True, self._to_moments, self._moments),
            (False, self._to_classes, self._plain),
        ):
            way, segment, row = np.nonzero(changed & (wanted == closes))
            if way.size:
                self.classes[way, :, :, segment, row] = self.classes[way, :, :, segment, row] @ matrix
                self.fresh[way, :, :, segment, row] = fresh[:, :, segment, row].transpose(2, 0, 1)
        self.closed = wanted
        self._some, self._all = bool(wanted.any()), bool(wanted.all())

    @property
    def anybody(self) -> bool:
        """Whether anybody is away at all, in any row."""
        return bool(self.held.any())

    def settle(self) -> None:
        """Count who has left among the classes."""
        self.classes += self.pending[:, :, None] * self.fresh
        self.pending[...] = 0.0

    def pass_time(self, given: Conditions, i: int, shut: Flags, fails: Array | None) -> tuple[Array, Array]:
        """One step: impulses fire, people give up.

        Parameters
        ----------
        fails
            Chance that a return fails, (segments, rows); None: 0.

        Returns
        -------
        Those who have returned, as of the middle of the step, and who have given up; (segments, rows).
        """
        if fails is None:  # else it has been done to know how many
            self.settle()
        before = self.held
        if self.calm:
            self.classes *= given.powers[i]
        else:
            closed = shut.astype(float) if fails is None else np.where(shut, 1.0, fails)
            factor = _shift(self.classes, closed[:, None] * given.spent[i], given.powers[i])
            if fails is not None and not self.fading.all():
                self._try_again(given, i, closed)
            self.classes *= factor
        self.held = after = self.totals()
        alive, kept = given.alive[i], None if given.kept is None else given.kept[i]
        out = alive if kept is None else alive * kept
        returned = (before * out - after / out).sum(axis=(0, 1))
        if kept is None:
            return returned, np.zeros_like(returned)
        left = (before * alive + after / kept).sum(axis=(0, 1))
        return returned, (1.0 - kept) * left

    def silent(self, powers: Array) -> Array:
        """Those of whom no impulse fires in a step of these powers, by way and place."""
        wide = np.broadcast_to(powers, (*powers.shape[:1], self.classes.shape[1], *powers.shape[2:]))
        kept = np.einsum("wpksr,pksr->wpsr", self.classes, wide[0])
        return np.asarray(kept / powers[:, :, 0])

    def totals(self) -> Array:
        """Everybody by way and place, from the classes."""
        if self._all:
            return np.array(self.classes[:, :, 0])
        total: Array = self.classes.sum(axis=2)
        if self._some:
            np.copyto(total, self.classes[:, :, 0], where=self.closed[:, None])
        return total

    def take(self, chance: Array) -> Array:
        """Those who return at this very moment, with a chance by (ways, places, segments, rows)."""
        self.settle()
        taken = self.held * chance
        self.classes *= (1.0 - chance)[:, :, None]
        self.held = self.held - taken
        return taken

    def _try_again(self, given: Conditions, i: int, closed: Array) -> None:
        """A memoryless return that fails is not lost: the hazard is less, that is all."""
        fire = -np.log(given.powers[i][:, :, 1] / given.powers[i][:, :, 0])
        kept = np.where(self.fading[:, None], 1.0, np.exp(fire * closed[:, None]))
        self.classes[:, :, 1] *= kept


def fresh_impulses(crowd: Crowd) -> tuple[Array, Array]:
    """Moments and classes of one who has just left, by place; (places, classes, segments, rows)."""
    places, segments, rows = crowd.fresh.shape
    moments = np.empty((places, crowd.most + 1, segments, rows))
    moments[:, 0] = 1.0
    for k in range(1, crowd.most + 1):
        moments[:, k] = moments[:, k - 1] * crowd.fresh / k
    plain = moments * np.exp(-crowd.fresh)[:, None]
    plain[:, -1] = np.maximum(1.0 - plain[:, :-1].sum(axis=1), 0.0)
    for s in np.flatnonzero(crowd.memoryless).tolist():
        plain[:, :, s] = 0.0
        plain[:, 1, s] = 1.0
    return moments, plain


def _shift(classes: Array, wasted: Array, powers: Array) -> Array:
    """Of k impulses each is wasted with a chance: from class k + m to class k, C(k + m, k) wasted**m.

    Classes k times wasted**k are turned by one table for all; in place. By what the result is to be
    multiplied, `powers` included, is returned: what stays in its class follows by the powers of the step.
    """
    most = classes.shape[2] - 1
    if not wasted.any():
        return powers
    if most > _MANY:
        _shift_many(classes, wasted)
        return powers
    weights = np.empty((*wasted.shape[:2], most + 1, *wasted.shape[2:]))
    weights[:, :, 0] = 1.0
    weights[:, :, 1:] = np.maximum(wasted, _LEAST)[:, :, None]
    np.multiply.accumulate(weights, axis=2, out=weights)
    classes *= weights
    flat = classes.reshape(*classes.shape[:3], -1)
    flat[...] = _pascal(most)[0].T @ flat
    return np.asarray(powers / weights)


def _shift_many(classes: Array, wasted: Array) -> None:
    """The same class by class, where powers of a small chance could be too small for a number. In place."""
    most, power = classes.shape[2] - 1, np.ones_like(wasted)
    result = classes.copy()
    for m in range(1, most + 1):
        power = power * wasted
        if power.max() * comb(most, m) < _NOTHING:
            break
        ways = np.array([float(comb(j + m, j)) for j in range(most - m + 1)])[:, None, None]
        result[:, :, : most + 1 - m] += ways * power[:, :, None] * classes[:, :, m:]
    classes[...] = result


@cache
def _pascal(most: int) -> tuple[Array, Array]:
    """What turns a row of classes into one of moments, and back."""
    table = np.array([[float(comb(k, j)) for j in range(most + 1)] for k in range(most + 1)])
    signs = (-1.0) ** np.add.outer(np.arange(most + 1), np.arange(most + 1))
    return table, table * signs
