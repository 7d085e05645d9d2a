"""Patience that begins with the first visit that fails: nobody is impatient of what they have not noticed.

In: a law of patience, values of its parameters and of the visits, one a replication. Out: a `Law` of hours
from the outage on, an exponential wait for the first visit and then the patience, with one override, the
``row`` that a value is for. What is costly (the convolution) is done once, into tables of the logarithm of
the cumulative hazard against that of time; rows that are alike share one.
Rejected: a family like the others, which would have to convolve anew at each call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sim.scenario.convolution import Rows, Sum, sum_of
from sim.scenario.family import Floats
from sim.scenario.laws import Law
from sim.scenario.log_table import LogTable

_NEVER = 1e-30
"""Visits per hour that stand for none at all."""
_LITTLE = 1e-3
"""Share of those who wait that know of it, below which the density is the slope of the table."""
_LEAST, _MOST = np.log(1e-15), np.log(45.0)
"""Logs of the cumulative hazards between which there are tables."""


def visited(
    law: Law, overrides: Mapping[str, float | Floats], visits: float | Floats
) -> tuple[Law, dict[str, float | Floats]]:
    """The law of patience that begins with the first failed visit.

    Parameters
    ----------
    law, overrides
        Patience from the first failed visit on, and parameters that differ between replications.
    visits
        Visits per hour of one user; 0: nobody ever notices.

    Returns
    -------
    The law of the hours from the start of the outage, and its override: the row of each replication, an array
    if anything differs between them.
    """
    names = list(overrides)
    values = np.broadcast_arrays(np.asarray(visits, dtype=float), *(np.asarray(overrides[n]) for n in names))
    table = np.stack([np.atleast_1d(value).astype(float) for value in values], axis=1)
    kinds, index = np.unique(table, axis=0, return_inverse=True)
    rows: Floats = index.reshape(-1).astype(float)
    tables = _tables(law, tuple(names), kinds.shape[0], kinds.tobytes())
    made = Visited("visited", (("row", 0.0),), (law,), tables)
    return made, {"row": rows} if any(value.ndim for value in values) else {}


@lru_cache(maxsize=8)
def _tables(law: Law, names: tuple[str, ...], rows: int, kinds: bytes) -> _Tables:
    """The tables for rows of visits and parameters; a world and its counterfactual ask for the same ones."""
    visits, *values = np.frombuffer(kinds).reshape(rows, -1).T.copy()
    return _Tables(law, dict(zip(names, values, strict=True)), np.maximum(visits, _NEVER))


class _Tables:
    """The law of the sum in each row, and its tables; x is the log of the hours beyond the least patience."""

    def __init__(self, law: Law, overrides: dict[str, Floats], visits: Floats) -> None:
        self.law, self.overrides, self.visits = law, overrides, visits
        self.sum: Sum = sum_of(law, overrides, visits)
        low, high = (self._where(goal) for goal in (_LEAST, _MOST))
        low = np.maximum(low, np.log(np.maximum(self.sum.low, 1e-290) * 1e-10))
        kinks = [np.broadcast_to(knot, visits.shape) - self.sum.low for knot in self.kinks()]
        with np.errstate(divide="ignore", invalid="ignore"):
            edges = np.log(np.stack(kinks, axis=1)) if kinks else np.zeros((visits.size, 0))
        self.table = LogTable(
            self._curve, self._blur, low, high, np.where(np.isfinite(edges), edges, low[:, None])
        )

    def kinks(self) -> tuple[Any, ...]:
        """Hours at which the sum's density has an edge or a kink, each a number or one a row."""
        atoms = self.law.atoms(**self.overrides)
        return self.law.knots(**self.overrides) if atoms is None else tuple(atoms[0])

    def _curve(self, rows: Rows, x: Floats) -> Floats:
        return self.sum.log_hazard(rows, self.sum.low[rows] + np.exp(x))

    def _blur(self, rows: Rows, x: Floats) -> Floats:
        """How well the log of the hours beyond the least patience is known: t has 16 digits."""
        return 1e-15 * self.sum.low[rows] * np.exp(-x)

    def _where(self, goal: float) -> Floats:
        """Roughly where the log of the cumulative hazard comes to ``goal``, by halving."""
        rows = np.arange(self.visits.size)
        low, high = np.full(rows.size, -200.0), np.full(rows.size, 200.0)
        for _ in range(24):
            middle = 0.5 * (low + high)
            below = self._curve(rows, middle) < goal
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return high

    def log_survival(self, rows: Rows, t: Floats) -> Floats:
        """Log of P(sum > t), for flat arrays."""
        out = np.zeros_like(t)
        past = t - self.sum.low[rows]
        out[np.isposinf(t)] = -np.inf
        begun = np.flatnonzero((past > 0.0) & np.isfinite(t))
        if self.sum.closed:
            out[begun] = self.sum.log_survival(rows[begun], t[begun])
            return out
        x = np.log(past[begun])
        far = x > self.table.high[rows[begun]]
        near, beyond = begun[~far], begun[far]
        out[near] = -np.exp(self.table.value(rows[near], x[~far]))
        out[beyond] = self.sum.log_survival(rows[beyond], t[beyond])
        return out

    def quantile(self, rows: Rows, u: Floats) -> Floats:
        """The hours that a share ``u`` lies below, for flat arrays."""
        with np.errstate(divide="ignore", over="ignore"):
            y = np.log(-np.log1p(-u))
            x = np.where(np.isfinite(y), self.table.inverse(rows, np.where(np.isfinite(y), y, 0.0)), y)
            return self.sum.low[rows] + np.exp(x)

    def density(self, rows: Rows, t: Floats) -> Floats:
        """The density, for flat arrays."""
        out = np.zeros_like(t)
        begun = np.flatnonzero((t >= self.sum.low[rows]) & np.isfinite(t))
        rows, t = rows[begun], t[begun]
        log = self.log_survival(rows, t)
        found = self.sum.density(rows, t, log)
        if (
            not self.sum.closed
        ):  # of those who noticed nearly all have left: too small a difference of survivals
            past = t - self.sum.low[rows]
            lost = found < _LITTLE * self.visits[rows] * np.exp(log)
            small = np.flatnonzero(lost & (past > 0.0) & (log < 0.0))
            few = rows[small], np.log(past[small])
            slope = self.table.value.slope(*few) / past[small]
            inside = few[1] < self.table.high[few[0]]
            found[small] = np.where(inside, -log[small] * np.exp(log[small]) * slope, found[small])
        out[begun] = found
        return out


@dataclass(frozen=True, slots=True)
class Visited(Law):
    """An exponential wait for the first failed visit, and then the patience that is its only part."""

    tables: _Tables = field(default=None, compare=False, repr=False)  # type: ignore[assignment]

    def _flat(self, values: ArrayLike, row: ArrayLike) -> tuple[Rows, Floats, tuple[int, ...]]:
        wide = np.broadcast_arrays(np.asarray(values, dtype=float), np.asarray(row))
        return wide[1].ravel().astype(np.int64), wide[0].ravel().copy(), wide[0].shape

    def quantile(self, u: ArrayLike, **overrides: ArrayLike) -> Floats:
        """The hours that a share ``u`` lies below."""
        rows, flat, shape = self._flat(u, overrides.get("row", 0.0))
        return self.tables.quantile(rows, flat).reshape(shape)

    def log_survival(self, t: ArrayLike, **overrides: ArrayLike) -> Floats:
        """Log of P(X > t)."""
        rows, flat, shape = self._flat(t, overrides.get("row", 0.0))
        return self.tables.log_survival(rows, flat).reshape(shape)

    def survival(self, t: ArrayLike, **overrides: ArrayLike) -> Floats:
        """P(X > t)."""
        return np.exp(self.log_survival(t, **overrides))

    def density(self, t: ArrayLike, **overrides: ArrayLike) -> Floats:
        """The density at t, per hour."""
        rows, flat, shape = self._flat(t, overrides.get("row", 0.0))
        return self.tables.density(rows, flat).reshape(shape)

    def hazard(self, t: ArrayLike, **overrides: ArrayLike) -> Floats:
        """The hazard at t, per hour."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.density(t, **overrides) / self.survival(t, **overrides)

    def reach(self, h: ArrayLike, **overrides: ArrayLike) -> Floats:
        """The value at which -log P(X > t) comes to ``h``."""
        return self.quantile(-np.expm1(-np.asarray(h, dtype=float)), **overrides)

    def mean(self) -> float:
        """The mean, of the first row."""
        return 1.0 / float(self.tables.visits[0]) + self.parts[0].mean()

    def variance(self) -> float:
        """The variance, of the first row."""
        return 1.0 / float(self.tables.visits[0]) ** 2 + self.parts[0].variance()

    def median(self) -> float:
        """The median, of the first row."""
        return float(self.quantile(0.5))

    def support(self) -> tuple[float, float]:
        """The smallest interval that holds all values, of the first row."""
        return float(self.tables.sum.low[0]), float("inf")

    def knots(self, **overrides: ArrayLike) -> tuple[Any, ...]:
        """Where the density has an edge or a kink: the same places as in the patience, and its set values."""
        rows = np.asarray(overrides.get("row", 0.0)).astype(np.int64)
        shape = self.tables.visits.shape
        return tuple(np.broadcast_to(knot, shape)[rows] for knot in self.tables.kinks())

    def cuts(self, **overrides: ArrayLike) -> tuple[Any, ...]:
        """After one and after six mean times between visits, and where patience itself is cut."""
        rows = np.asarray(overrides.get("row", 0.0)).astype(np.int64)
        shape, tables = self.tables.visits.shape, self.tables
        own = tables.law.cuts(**tables.overrides)
        return tuple(
            np.broadcast_to(cut, shape)[rows] for cut in (1.0 / tables.visits, 6.0 / tables.visits, *own)
        )

    def atoms(self, **overrides: ArrayLike) -> None:
        """None: the wait for a visit spreads them."""
        return
