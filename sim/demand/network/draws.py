"""Random numbers of individuals: everybody has a stream of one's own, read by number.

In: one 64-bit seed a person. Out: uniforms, found by the how-manieth decision of that person it is and by its
purpose. So what one person draws depends on nobody else: a replication followed alone is the one in the
block, and the order in which people are dealt with changes nothing. A generator for each of a million people
would be the same in law and a thousand times as slow.

The stream is SplitMix64: the n-th number is a mixing function of seed + n x gamma (Steele, Lea and Flood
2014, Fast splittable pseudorandom number generators, OOPSLA, figure 14; its gamma and mixing constants). The
seeds come from a generator of `sim.streams`, so no two people's stretches of numbers meet in practice.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Seeds = NDArray[np.uint64]

_GAMMA: Final = 0x9E3779B97F4A7C15
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)

STAYING, CHURN, THRESHOLD, CAUSE, UNINSTALL, RETURN, QUIT, CHANCE = range(8)
"""What a number is for: the hazard one bears before leaving, the hour of ordinary churn, the share of friends
one needs (or the delay once too few are there), why one left, whether the app goes, the hazard of return one
lets pass, the hour of giving up, whether an impulse to return brings one back."""

_PURPOSES: Final = 8
NEXT: Final = np.uint64(_GAMMA * _PURPOSES % 2**64)
"""What takes a stream from one decision to the next: as many numbers on as there are purposes."""


def seeds_of(people: int, rng: np.random.Generator) -> Seeds:
    """A seed for each person, from a generator of `sim.streams`."""
    return rng.integers(0, 2**64, size=people, dtype=np.uint64)


def uniform(streams: Seeds, purpose: int) -> Array:
    """Uniforms in (0, 1): the number of a purpose of each stream's decision.

    A stream at its first decision is the seed; `NEXT` more takes it to the second, and so on.
    """
    z = streams + np.uint64(_GAMMA * (purpose + 1) % 2**64)
    z ^= z >> np.uint64(30)
    z *= _FIRST
    z ^= z >> np.uint64(27)
    z *= _SECOND
    z ^= z >> np.uint64(31)
    z >>= np.uint64(11)
    u = z.astype(np.float64)
    u += 0.5
    u *= 2.0**-53
    return u


def exponential(streams: Seeds, purpose: int) -> Array:
    """Unit exponentials, likewise."""
    u = np.log(uniform(streams, purpose))
    return np.negative(u, out=u)
