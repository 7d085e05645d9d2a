"""How long a waiting user stays, as textbook survival functions and their inverses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Protocol

import numpy as np

NORMAL = NormalDist()


class Patience(Protocol):
    """A law of the hours since the outage began after which a user leaves."""

    def survival(self, clock: float) -> float:
        """Share that has more patience than ``clock`` hours."""

    def clock_at(self, survival: float) -> float:
        """Hours at which the survival has fallen to ``survival``; the inverse of `survival`."""


@dataclass(frozen=True)
class Exponential:
    mean: float

    def survival(self, clock: float) -> float:
        return math.exp(-clock / self.mean)

    def clock_at(self, survival: float) -> float:
        return -self.mean * math.log(survival)


@dataclass(frozen=True)
class Weibull:
    scale: float
    shape: float

    def survival(self, clock: float) -> float:
        return math.exp(-((clock / self.scale) ** self.shape))

    def clock_at(self, survival: float) -> float:
        return self.scale * float((-math.log(survival)) ** (1.0 / self.shape))


@dataclass(frozen=True)
class Lognormal:
    median: float
    p90: float

    @property
    def sigma(self) -> float:
        return math.log(self.p90 / self.median) / NORMAL.inv_cdf(0.9)

    def survival(self, clock: float) -> float:
        if clock == 0.0:
            return 1.0
        return NORMAL.cdf(-math.log(clock / self.median) / self.sigma)

    def clock_at(self, survival: float) -> float:
        return self.median * math.exp(-self.sigma * NORMAL.inv_cdf(survival))


@dataclass(frozen=True)
class Uniform:
    low: float
    high: float

    def survival(self, clock: float) -> float:
        return min(1.0, max(0.0, (self.high - clock) / (self.high - self.low)))

    def clock_at(self, survival: float) -> float:
        return self.high - survival * (self.high - self.low)


def leaves_at_clock(patience: Patience, clock: float, rng: np.random.Generator) -> float:
    """The clock at which a user who still waits at ``clock`` will leave: S(leave) = U x S(clock)."""
    return patience.clock_at((1.0 - rng.random()) * patience.survival(clock))
