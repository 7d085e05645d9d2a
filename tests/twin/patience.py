"""How long a waiting user stays, as textbook survival functions and their inverses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
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


@dataclass(frozen=True)
class Constant:
    """Everybody waits as long: ``hours``."""

    hours: float

    def survival(self, clock: float) -> float:
        return 1.0 if clock < self.hours else 0.0

    def clock_at(self, survival: float) -> float:
        return self.hours


class Compound:
    """A law that is told by how one user draws; its inverse is read off a table."""

    def survival(self, clock: float) -> float:
        raise NotImplementedError

    def draw(self, rng: np.random.Generator) -> float:
        """The patience of one user."""
        raise NotImplementedError

    def clock_at(self, survival: float) -> float:
        clocks, hazards = table(self)
        return float(np.interp(-math.log(survival), hazards, clocks))

    def pressed(self, clock: float, pressure: float, rng: np.random.Generator) -> float:
        """The clock at which the total hazard has grown by a unit exponential over the pressure."""
        clocks, hazards = table(self)
        grown = np.interp(clock, clocks, hazards) + rng.exponential() / pressure
        return float(np.interp(grown, hazards, clocks))


@cache
def table(law: Compound) -> tuple[np.ndarray, np.ndarray]:
    """Clocks and the total hazard then, at 600 clocks that grow by a few per cent: until all but one in a
    thousand have left, or for a century.
    """
    last = 1.0
    while law.survival(last) > 1e-3 and last < 876_600.0:
        last *= 2.0
    clocks = np.array([0.0, *np.geomspace(1e-3, last, 600)])
    return clocks, np.array([-math.log(law.survival(float(t))) for t in clocks])


@dataclass(frozen=True)
class Mixture(Compound):
    """Each user belongs to one part, with its weight as chance, and has the patience of that part."""

    parts: tuple[tuple[float, Patience], ...]

    def survival(self, clock: float) -> float:
        return sum(weight * part.survival(clock) for weight, part in self.parts)

    def draw(self, rng: np.random.Generator) -> float:
        weights = [weight for weight, _ in self.parts]
        _, part = self.parts[rng.choice(len(weights), p=weights)]
        return drawn(part, rng)


@dataclass(frozen=True)
class Frailty(Compound):
    """Each user has a factor, gamma with mean 1 and this variance, that multiplies the hazard of leaving."""

    patience: Patience
    variance: float

    def survival(self, clock: float) -> float:
        total_hazard = -math.log(max(self.patience.survival(clock), 1e-300))
        return float((1.0 + self.variance * total_hazard) ** (-1.0 / self.variance))

    def draw(self, rng: np.random.Generator) -> float:
        factor = float(rng.gamma(1.0 / self.variance, self.variance))
        left = math.exp(-float(rng.exponential()) / factor)
        return self.patience.clock_at(left) if left > 0.0 else math.inf


@dataclass(frozen=True)
class AfterAVisit(Compound):
    """Patience starts with the first visit that fails; visits come at a constant rate, per hour."""

    visits: float
    patience: Patience

    def survival(self, clock: float) -> float:
        """Trapezoids over the instant of the visit; with 200 of them the error is below 1e-4."""
        visit = np.linspace(0.0, clock, 201)
        late = [self.patience.survival(clock - t) for t in visit]
        came = np.trapezoid(self.visits * np.exp(-self.visits * visit) * late, visit)
        return math.exp(-self.visits * clock) + float(came)

    def draw(self, rng: np.random.Generator) -> float:
        return float(rng.exponential(1.0 / self.visits)) + drawn(self.patience, rng)


def drawn(patience: Patience, rng: np.random.Generator) -> float:
    """The patience of one user, from the start of the clock."""
    return patience.draw(rng) if isinstance(patience, Compound) else patience.clock_at(1.0 - rng.random())


def leaves_at_clock(
    patience: Patience, clock: float, rng: np.random.Generator, pressure: float = 1.0
) -> float:
    """The clock at which a user who still waits at ``clock`` will leave, if nothing else changes.

    ``pressure`` multiplies the hazard: S(leave) = U ** (1 / pressure) x S(clock). A compound law is drawn
    literally, until the user drawn is one who would still wait.
    """
    if pressure == 0.0:
        return math.inf
    if isinstance(patience, Compound) and pressure == 1.0:
        while (leave := drawn(patience, rng)) <= clock:
            pass
        return leave
    if isinstance(patience, Compound):
        return max(clock, patience.pressed(clock, pressure, rng))
    return max(clock, patience.clock_at((1.0 - rng.random()) ** (1.0 / pressure) * patience.survival(clock)))
