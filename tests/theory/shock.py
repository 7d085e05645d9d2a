"""Who survives a first shock: exactly a share q of all, so that only the network adds noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.streams import generator


def survivors(people: int, q: float, seed: int = 1) -> NDArray[np.bool_]:
    """A random set of round(q x people) of them."""
    found: NDArray[np.bool_] = generator(seed, "shock").permutation(people) < round(q * people)
    return found
