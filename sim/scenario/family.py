"""What every family of laws can do.

In: parameters in inside units, numbers or arrays that broadcast; for a law made of others, also these. Out:
inverse CDF, survival, density, hazard, moments. `Law` is what the rest of the project sees; the families are
found by name in `families.FAMILIES`.
scipy is imported where it is used: `check` must not pay for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Parameters = Mapping[str, Any]
Signatures = tuple[tuple[str, ...], ...]


class Family:
    """What every family can do; ``p`` holds its parameters."""

    signatures: ClassVar[Signatures] = ()
    """The sets of parameter names it may be given by."""
    bounded: ClassVar[bool] = False
    of: ClassVar[str] = ""
    """What it is made of: "" (numbers only), "law" (one other law) or "laws" (several)."""

    def quantile(self, u: Floats, p: Parameters) -> Floats:
        """The inverse CDF."""
        raise NotImplementedError

    def survival(self, t: Floats, p: Parameters) -> Floats:
        """P(X > t)."""
        raise NotImplementedError

    def log_survival(self, t: Floats, p: Parameters) -> Floats:
        """Log of P(X > t); -inf where nothing survives."""
        with np.errstate(divide="ignore"):
            return np.log(self.survival(t, p))

    def density(self, t: Floats, p: Parameters) -> Floats:
        """The density; 0 where the law has atoms instead."""
        raise NotImplementedError

    def hazard(self, t: Floats, p: Parameters) -> Floats:
        """Density over survival; infinite where nothing survives."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = self.density(t, p) / self.survival(t, p)
        return np.where(np.isnan(ratio), np.inf, ratio)

    def reach(self, h: Floats, p: Parameters) -> Floats:
        """The value at which the cumulative hazard -log P(X > t) comes to ``h``: a quantile for far tails."""
        return self.quantile(-np.expm1(-h), p)

    def atoms(self, p: Parameters) -> tuple[Floats, Floats] | None:
        """Values and their masses for a law without density, else None."""
        return None

    def mean(self, p: Parameters) -> float:
        """The mean."""
        raise NotImplementedError

    def variance(self, p: Parameters) -> float:
        """The variance."""
        raise NotImplementedError

    def median(self, p: Parameters) -> float:
        """The median."""
        return float(self.quantile(np.asarray(0.5), p))

    def knots(self, p: Parameters) -> tuple[Any, ...]:
        """Finite points where the density has an edge or a kink."""
        return ()

    def cuts(self, p: Parameters) -> tuple[Any, ...]:
        """Points between which the quantile is smooth in the chance: cuts between kinds of values."""
        return ()

    def support(self, p: Parameters) -> tuple[float, float]:
        """The smallest interval that holds all values."""
        return 0.0, math.inf
