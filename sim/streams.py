"""Random streams: every random quantity has a name, and a name always gives the same numbers.

In: a seed and a block number. Out: uniforms in [0, 1), found by the name of the decision they settle
("host.candidate.5 / reply") and the how-manieth time it is taken.

Why this way: the third contact of candidate 5 uses the same number in every strategy and in the
counterfactual (common random numbers), whatever happened before it, so strategies are compared pair by
pair; and the table of draws *is* the record of the random inputs. Rejected: one generator a
replication (any change shifts every later draw), seeds made by addition (streams collide), `hash()`
(differs between processes).

This is the only module that makes a generator.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

BLOCK = 200
"""Replications in a block: the unit of randomness and of a file on disk. A constant of the model."""

_WORDS = 4


@lru_cache(maxsize=4096)
def _key(name: str) -> tuple[int, ...]:
    """The first four 32-bit words of SHA-256(name)."""
    digest = sha256(name.encode("utf-8")).digest()
    return tuple(int.from_bytes(digest[4 * i : 4 * i + 4], "big") for i in range(_WORDS))


def generator(seed: int, name: str, *spawn: int) -> np.random.Generator:
    """One generator for a name and block (or replication): ``SeedSequence(seed, (words of name, spawn))``.

    Its words are put together here as `SeedSequence` itself does with a spawn key, in a third of the time.

    Checked by: tests/unit/test_streams.py
    """
    words = [seed >> shift & 0xFFFFFFFF for shift in range(0, max(seed.bit_length(), 1), 32)]
    words += [0] * (_WORDS - len(words))  # a spawn key begins after four words of the seed
    entropy = np.array([*words, *_key(name), *spawn], dtype=np.uint32)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))


class Draws:
    """The table of draws of one block: one column of ``BLOCK`` uniforms a name and attempt.

    Column ``c`` of a name is its ``c``-th ``random(BLOCK)``, made when first needed, so a table may grow
    without changing a bit, and replication ``k`` of a block reads row ``k`` whoever else asks.
    """

    __slots__ = ("_columns", "_generators", "block", "seed")

    def __init__(self, seed: int, block: int) -> None:
        self.seed = seed
        self.block = block
        self._generators: dict[str, np.random.Generator] = {}
        self._columns: dict[str, list[NDArray[np.float64]]] = {}

    def column(self, name: str, attempt: int = 0) -> NDArray[np.float64]:
        """Uniforms of the ``attempt``-th time (from 0) that ``name`` is decided. Shape (BLOCK,)."""
        columns = self._columns.setdefault(name, [])
        if attempt >= len(columns):
            if name not in self._generators:
                self._generators[name] = generator(self.seed, name, self.block)
            rng = self._generators[name]
            while attempt >= len(columns):
                column = rng.random(BLOCK)
                column.flags.writeable = False
                columns.append(column)
        return columns[attempt]

    @property
    def used(self) -> Mapping[str, int]:
        """How many columns each name has been asked for."""
        return {name: len(columns) for name, columns in self._columns.items()}
