"""The law of a sum: a wait for the first visit (exponential) and a patience that begins there.

In: the law of patience with a value of each parameter a row, and the visits per hour. Out: log-survival, the
log of the cumulative hazard and the density of the sum, for flat arrays of hours and the rows they are for.

P(sum > t) = exp(-v (t - a)) P(sum > a) + integral of v exp(-v (t - y)) S(y) dy from a to t, for any a: the
integral is taken by Gauss-Legendre nodes from the nearest edge a of a mesh on which S is smooth, and the same
for the chance that the sum is over, so that both ends keep their relative accuracy. All terms are positive.
Exponential patience and set values have closed forms (Johnson, Kotz, Balakrishnan, *Continuous Univariate
Distributions* 1 (1994), section 19.9). Checked by: tests/theory/test_e8_first_failed_visit.py
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.scenario.families_composed import below
from sim.scenario.family import Floats
from sim.scenario.laws import Law

Rows = NDArray[np.int64]

_X, _W = np.polynomial.legendre.leggauss(16)
_X, _W = 0.5 * (_X + 1.0), 0.5 * _W
_NEAR, _FAR = 16.0, 48.0
"""Mean times between visits, back from t, that get a panel each; what is further back has no weight."""
_OCTAVES = np.arange(-45.0, 31.0)
_LOWER = np.array([1e-14, 1e-10, 1e-7, 1e-5, 1e-3, 0.01, 0.05, 0.15, 0.3])
_HAZARDS = np.array(
    [0.5, 0.7, 1.2, 2, 3, 5, 8, 11, 14, 17, 20, 24, 28, 32, 36, 40, 60, 90, 135, 200, 300, 450, 700]
)


class Sum(Protocol):
    """What the sum's law can do, by rows."""

    low: Floats
    """The least value of patience in each row, hours: before it nobody has left."""
    closed: bool
    """Whether its survival is as cheap as that of a law with a formula."""

    def log_survival(self, rows: Rows, t: Floats) -> Floats:
        """Log of P(sum > t), for t of at least `low`."""

    def log_hazard(self, rows: Rows, t: Floats) -> Floats:
        """Log of -log P(sum > t), relatively exact where nearly nobody has left."""

    def density(self, rows: Rows, t: Floats, log: Floats) -> Floats:
        """The density at t, where log-survival is `log`."""


def sum_of(law: Law, overrides: dict[str, Floats], visits: Floats) -> Sum:
    """The law of the wait for the first visit and ``law`` together. Overrides and visits: shape (rows,)."""
    if law.kind == "exponential":
        mean = np.broadcast_to(overrides.get("mean", np.asarray(law["mean"], dtype=float)), visits.shape)
        return SumOfTwo(1.0 / mean, visits)
    atoms = law.atoms(**overrides)
    return Convolved(law, overrides, visits) if atoms is None else Shifted(*atoms, visits)


def _log_of_hazard(log: Floats, ended: Floats) -> Floats:
    """Log of the cumulative hazard from log-survival and from its complement, whichever is the better one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(ended < 0.5, np.log(-np.log1p(-np.minimum(ended, 0.5))), np.log(-log))


class SumOfTwo:
    """Exponential patience: a hypoexponential law, also where both rates are equal."""

    closed = True

    def __init__(self, rate: Floats, visits: Floats) -> None:
        self.rate, self.visits = rate, visits
        self.low = np.zeros_like(visits)

    def _slow(self, rows: Rows) -> tuple[Floats, Floats, Floats]:
        """Rate of leaving, the slower of the two rates, and their distance."""
        rate, visits = self.rate[rows], self.visits[rows]
        return rate, np.minimum(rate, visits), np.abs(rate - visits)

    def log_survival(self, rows: Rows, t: Floats) -> Floats:
        """Log of P(sum > t)."""
        from scipy.special import exprel

        rate, slow, apart = self._slow(rows)
        return np.asarray(np.log(np.exp(-(rate - slow) * t) + rate * t * exprel(-apart * t)) - slow * t)

    def log_hazard(self, rows: Rows, t: Floats) -> Floats:
        """Log of -log P(sum > t)."""
        early = (self.rate + self.visits)[rows] * t < 1.0
        ended = np.ones_like(t)
        at, of = t[early], rows[early]
        ended[early] = at * (
            self.density(np.repeat(of[:, None], _X.size, axis=1), at[:, None] * _X) * _W
        ).sum(axis=1)
        return _log_of_hazard(self.log_survival(rows, t), ended)

    def density(self, rows: Rows, t: Floats, log: Floats | None = None) -> Floats:
        """The density at t."""
        from scipy.special import exprel

        rate, slow, apart = self._slow(rows)
        return np.asarray(rate * self.visits[rows] * t * exprel(-apart * t) * np.exp(-slow * t))


class Shifted:
    """Patience of a few set values: each of them begins an exponential law."""

    closed = True

    def __init__(self, values: Floats, masses: Floats, visits: Floats) -> None:
        wide = np.broadcast_to(values if values.ndim == 2 else values[:, None], (len(values), visits.size))
        order = np.argsort(wide, axis=0, kind="stable")
        self.values = np.take_along_axis(wide, order, axis=0)
        self.masses, self.visits = masses[order], visits
        self.low = self.values[0]

    def _terms(self, rows: Rows, t: Floats, function: Callable[[Floats], Floats], before: float) -> Floats:
        """The masses times a function of the visits that could have been since each value."""
        total = np.zeros_like(t)
        for value, mass in zip(self.values, self.masses, strict=True):
            since = self.visits[rows] * (t - value[rows])
            total += mass[rows] * np.where(since >= 0.0, function(np.maximum(since, 0.0)), before)
        return total

    def log_survival(self, rows: Rows, t: Floats) -> Floats:
        """Log of P(sum > t)."""
        last = np.maximum(self.visits[rows] * (t - self.values[-1][rows]), 0.0)  # taken out: it underflows
        total = np.zeros_like(t)
        for value, mass in zip(self.values, self.masses, strict=True):
            since = np.maximum(self.visits[rows] * (t - value[rows]), 0.0)
            total += mass[rows] * np.exp(last - since)
        return np.asarray(np.log(total) - last)

    def log_hazard(self, rows: Rows, t: Floats) -> Floats:
        """Log of -log P(sum > t)."""
        ended = self._terms(rows, t, lambda since: -np.expm1(-since), 0.0)
        return _log_of_hazard(self.log_survival(rows, t), ended)

    def density(self, rows: Rows, t: Floats, log: Floats) -> Floats:
        """The density at t."""
        return self.visits[rows] * self._terms(rows, t, lambda since: np.exp(-since), 0.0)


class Convolved:
    """Any law with a density, by quadrature on a mesh of its own in each row."""

    closed = False

    def __init__(self, law: Law, overrides: dict[str, Floats], visits: Floats) -> None:
        self.law, self.overrides, self.visits = law, overrides, visits
        self.low = np.broadcast_to(law.quantile(0.0, **overrides), visits.shape)
        self.edges = self._mesh()
        self.log, self.ended = self._at_edges()

    def _mesh(self) -> Floats:
        """Edges of the cells in each row, ascending from `low`. Shape (rows, cells + 1)."""
        parts = [
            np.broadcast_to(part, (self.visits.size, np.shape(part)[-1]))
            for part in _edges(self.law, self.overrides)
        ]
        knots = [
            np.broadcast_to(knot, self.visits.shape)[:, None] for knot in self.law.knots(**self.overrides)
        ]
        edges = np.concatenate([self.low[:, None], *parts, *knots], axis=1)
        finite = np.where(np.isfinite(edges), edges, self.low[:, None])
        return np.sort(np.maximum(finite, self.low[:, None]), axis=1)

    def _at_edges(self) -> tuple[Floats, Floats]:
        """Log-survival of the sum and its complement at the edges, from left to right."""
        start, end = self.edges[:, :-1], self.edges[:, 1:]
        rows = np.broadcast_to(np.arange(self.visits.size)[:, None], start.shape)
        inside, over = (
            part.reshape(start.shape) for part in self._inside(rows.ravel(), start.ravel(), end.ravel())
        )
        faded = -self.visits[:, None] * (end - start)
        log, ended = np.zeros_like(self.edges), np.zeros_like(self.edges)
        for cell in range(start.shape[1]):
            log[:, cell + 1] = np.logaddexp(log[:, cell] + faded[:, cell], inside[:, cell])
            ended[:, cell + 1] = ended[:, cell] * np.exp(faded[:, cell]) + over[:, cell]
        return log, ended

    def _inside(self, rows: Rows, start: Floats, end: Floats) -> tuple[Floats, Floats]:
        """Log of the integral of v exp(-v (end - y)) S(y) from start to end, and the same of 1 - S."""
        visits, length = self.visits[rows], end - start
        first = self._survival(rows, start)
        alive, over = np.zeros_like(start), np.zeros_like(start)
        for since, until in ((0.0, _NEAR), (_NEAR, _FAR)):
            active = np.flatnonzero(visits * length > since)
            if not active.size:
                continue
            of, rate = rows[active], visits[active]
            back = since / rate
            width = np.minimum(length[active], until / rate) - back
            ago = back[:, None] + width[:, None] * _X
            log = self._survival(of[:, None], np.maximum(end[active, None] - ago, start[active, None]))
            weight = np.exp(-rate[:, None] * ago) * _W * (rate * width)[:, None]
            with np.errstate(invalid="ignore"):
                alive[active] += (
                    weight * np.where(np.isneginf(log), 0.0, np.exp(log - first[active, None]))
                ).sum(axis=1)
            over[active] += (weight * -np.expm1(log)).sum(axis=1)
        with np.errstate(divide="ignore"):
            return np.where(np.isneginf(first), -np.inf, np.log(alive) + first), over

    def _survival(self, rows: Rows, t: Floats) -> Floats:
        """Log-survival of patience alone."""
        with np.errstate(over="ignore"):
            return self.law.log_survival(t, **{name: value[rows] for name, value in self.overrides.items()})

    def _both(self, rows: Rows, t: Floats) -> tuple[Floats, Floats]:
        """Log-survival of the sum and its complement."""
        cell = np.zeros(t.shape, dtype=np.int64)
        for edge in self.edges.T[1:]:
            cell += edge[rows] <= t
        start = self.edges[rows, cell]
        inside, over = self._inside(rows, start, t)
        faded = -self.visits[rows] * (t - start)
        return np.logaddexp(self.log[rows, cell] + faded, inside), self.ended[rows, cell] * np.exp(
            faded
        ) + over

    def log_survival(self, rows: Rows, t: Floats) -> Floats:
        """Log of P(sum > t)."""
        return self._both(rows, t)[0]

    def log_hazard(self, rows: Rows, t: Floats) -> Floats:
        """Log of -log P(sum > t)."""
        return _log_of_hazard(*self._both(rows, t))

    def density(self, rows: Rows, t: Floats, log: Floats) -> Floats:
        """Visits end the sum for those who have not made one, v (S_sum - S), in the mean over patience."""
        with np.errstate(invalid="ignore"):
            over = -np.expm1(self._survival(rows, t) - log)
        return np.where(np.isneginf(log), 0.0, self.visits[rows] * np.exp(log) * over)


def _edges(law: Law, overrides: dict[str, Floats]) -> list[Floats]:
    """Points between which a law is smooth: its quantiles, and octaves from its least value. Rows first."""
    if law.kind == "mixture":
        return [
            edge
            for place, part in enumerate(law.parts, start=1)
            for edge in _edges(part, below(overrides, f"of.{place}."))
        ]
    wide = {name: np.asarray(value)[:, None] for name, value in overrides.items()}
    low, middle = law.quantile(0.0, **wide), law.quantile(0.5, **wide)
    octaves = low + (middle - low) * 2.0**_OCTAVES
    hazards = law.reach(_HAZARDS, **wide)
    return [np.atleast_2d(part) for part in (octaves, law.quantile(_LOWER, **wide), hazards)]
