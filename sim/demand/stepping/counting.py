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


_ROUNDING = 1e-9
"""People by which a whole number of them may be missed by rounding."""

_MANY = 1e9
"""People from whom NumPy draws none without putting them back."""


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

    def admit(self, standing: Array, coming: Array, stays: tuple[Array, Array], owed: Array) -> Array:
        """Those let in at the door, of who stood there and who came, (kinds, uses, segments, rows).

        Parameters
        ----------
        stays
            Shares of the two who still stand there after the step, (rows,).
        owed
            Parts of a person not let in yet, (rows,); changed in place where people are whole.
        """
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

    def admit(self, standing: Array, coming: Array, stays: tuple[Array, Array], owed: Array) -> Array:
        """The shares; nobody is owed anything."""
        return standing * (1.0 - stays[0]) + coming * (1.0 - stays[1])


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

    def admit(self, standing: Array, coming: Array, stays: tuple[Array, Array], owed: Array) -> Array:
        """As many as the capacity lets in, which is no matter of chance; who they are is."""
        each = [
            (people.reshape(-1, len(owed)), 1.0 - stay)
            for people, stay in zip((standing, coming), stays, strict=True)
        ]
        totals = [people.sum(axis=0) for people, _ in each]
        expected = [total * share for total, (_, share) in zip(totals, each, strict=True)]
        due = expected[0] + expected[1] + owed
        empties = (stays[0] == 0.0) & (stays[1] == 0.0)
        number = np.where(empties, totals[0] + totals[1], np.floor(due + _ROUNDING))
        owed[...] = np.where(empties, 0.0, np.maximum(due - number, 0.0))
        likely = np.divide(expected[0], expected[0] + expected[1], out=np.zeros_like(due), where=due > owed)
        longest = self.take(number, likely)
        longest = np.clip(longest, number - totals[1], totals[0])
        chosen = [
            self._some_of(people, count)
            for (people, _), count in zip(each, (longest, number - longest), strict=True)
        ]
        return np.asarray((chosen[0] + chosen[1]).reshape(standing.shape))

    def _some_of(self, people: Array, number: Array) -> Array:
        """So many of people of several kinds, (kinds, rows), all equally likely: hypergeometric."""
        found, left, wanted = np.zeros_like(people), people.sum(axis=0), number
        for kind, count in enumerate(people):
            rest = left - count
            found[kind] = self._hypergeometric(count, rest, wanted)
            left, wanted = rest, wanted - found[kind]
        return found

    def _hypergeometric(self, good: Array, bad: Array, number: Array) -> Array:
        """Those of `good` among so many out of all; of very many people as if each was put back."""
        everyone = good + bad
        many = everyone >= _MANY
        chosen = np.zeros_like(good)
        few = np.flatnonzero((number > 0.0) & (good > 0.0) & ~many)
        if few.size:
            who = [np.rint(value[few]).astype(np.int64) for value in (good, bad, number)]
            chosen[few] = self._generator.hypergeometric(*who)
        if many.any():
            drawn = self.take(np.where(many, number, 0.0), good / np.maximum(everyone, 1.0))
            chosen = np.where(many, np.clip(drawn, number - bad, good), chosen)
        return chosen
