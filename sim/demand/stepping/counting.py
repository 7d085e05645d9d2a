"""Two ways to count those who move: expected numbers, and whole numbers drawn at random.

In: users and the chance that one of them moves. Out: those who do. Every move of the steps is made by these
few verbs, so expected and sampled users go one and the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Counting(Protocol):
    """How users are counted."""

    sampled: bool

    def take(self, users: Array, chance: Array) -> Array:
        """Those of `users` who move, each with this chance."""
        ...

    def split(self, users: Array, total: Array, parts: Sequence[Array]) -> list[Array]:
        """Those of `users` who moved of each cause: of `parts` out of `total`; who is left moved of the rest.

        Competing causes: given that one moves, the cause is in proportion to the hazards.
        """
        ...

    def causes(self, users: Array, total: Array, parts: Array) -> Array:
        """The same over all kinds and uses: users (kinds, uses, segments, rows) by part."""
        ...

    def come(self, mean: Array) -> Array:
        """Those who come from outside, of whom `mean` are expected."""
        ...


class Expected:
    """Expected numbers: users x chance."""

    sampled = False

    def take(self, users: Array, chance: Array) -> Array:
        """The mean of the binomial law."""
        return users * chance

    def split(self, users: Array, total: Array, parts: Sequence[Array]) -> list[Array]:
        """The means of the multinomial law."""
        each = users / np.maximum(total, 1e-300)  # where the total is 0 nobody moves
        return [each * part for part in parts]

    def causes(self, users: Array, total: Array, parts: Array) -> Array:
        """The means of the multinomial law."""
        return np.asarray(np.einsum("kusr,ckusr->csr", users / np.maximum(total, 1e-300), parts))

    def come(self, mean: Array) -> Array:
        """The mean of the Poisson law."""
        return mean


class Sampled:
    """Whole numbers from one generator."""

    sampled = True

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator

    def take(self, users: Array, chance: Array) -> Array:
        """Binomial."""
        number, likely = np.broadcast_arrays(users, np.clip(chance, 0.0, 1.0))
        found = np.zeros(number.shape)
        there = np.flatnonzero((number > 0.0) & (likely > 0.0))
        if there.size:
            whole = np.rint(number.ravel()[there]).astype(np.int64)
            found.ravel()[there] = self._generator.binomial(whole, likely.ravel()[there])
        return found

    def split(self, users: Array, total: Array, parts: Sequence[Array]) -> list[Array]:
        """Multinomial, by binomials of those not yet assigned."""
        left, weight, found = users, np.asarray(total, dtype=float), []
        for part in parts:
            share = np.divide(part, weight, out=np.zeros(np.broadcast_shapes(part.shape, weight.shape)),
                              where=weight > 0.0)  # fmt: skip
            moved = self.take(left, share)
            found.append(moved)
            left, weight = left - moved, np.maximum(weight - part, 0.0)
        return found

    def causes(self, users: Array, total: Array, parts: Array) -> Array:
        """Multinomial."""
        return np.stack([part.sum(axis=(0, 1)) for part in self.split(users, total, list(parts))])

    def come(self, mean: Array) -> Array:
        """Poisson."""
        return self._generator.poisson(np.maximum(mean, 0.0)).astype(float)
