"""A probability law by its natural parameters, drawn by inverse CDF from one uniform.

In: a family and its parameters as written (median and p90 stay median and p90), in inside units. Out:
quantiles, survival, density, moments. Any parameter can be overridden by an array: that is how an
`unknowns` value of each replication reaches the law, without a law object a replication.
Rejected: frozen scipy distributions (0.7 s to import, and 100 microseconds a call).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario.families import FAMILIES

Value = float | tuple[float, ...]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Law:
    """One law: ``kind`` is a name in `FAMILIES`, ``parameters`` are pairs of name and value."""

    kind: str
    parameters: tuple[tuple[str, Value], ...]

    @classmethod
    def of(cls, kind: str, parameters: Mapping[str, Value] | None = None, **named: Value) -> Law:
        """A law from named parameters: ``Law.of("exponential", mean=36.0)``."""
        return cls(kind, tuple({**(parameters or {}), **named}.items()))

    @classmethod
    def constant(cls, value: float) -> Law:
        """Always ``value``."""
        return cls("constant", (("value", float(value)),))

    def __getitem__(self, name: str) -> Value:
        """The parameter of that name, as written."""
        return dict(self.parameters)[name]

    def _with(self, overrides: Mapping[str, Any]) -> dict[str, Any]:
        known = dict(self.parameters)
        if unknown := set(overrides) - set(known):
            raise TypeError(
                f"{self.kind} law has no parameter {', '.join(sorted(unknown))}; it has {', '.join(known)}"
            )
        return {**known, **overrides}

    def quantile(self, u: ArrayLike, **overrides: ArrayLike) -> Floats:
        """The value that a share ``u`` of the law lies below.

        Parameters
        ----------
        u : in [0, 1); any shape.
        **overrides : values of named parameters, inside units, broadcasting with ``u``.

        Returns
        -------
        Array of the broadcast shape (0-dimensional for a scalar).
        """
        return FAMILIES[self.kind].quantile(np.asarray(u, dtype=float), self._with(overrides))

    def survival(self, t: ArrayLike, **overrides: ArrayLike) -> Floats:
        """P(X > t)."""
        return FAMILIES[self.kind].survival(np.asarray(t, dtype=float), self._with(overrides))

    def log_survival(self, t: ArrayLike, **overrides: ArrayLike) -> Floats:
        """Log of P(X > t), exact far in the tail; -inf beyond a bounded law."""
        return FAMILIES[self.kind].log_survival(np.asarray(t, dtype=float), self._with(overrides))

    def density(self, t: ArrayLike, **overrides: ArrayLike) -> Floats:
        """The density at t, per inside unit; 0 everywhere for a law of atoms."""
        return FAMILIES[self.kind].density(np.asarray(t, dtype=float), self._with(overrides))

    def mean(self) -> float:
        """The mean."""
        return FAMILIES[self.kind].mean(dict(self.parameters))

    def variance(self) -> float:
        """The variance."""
        return FAMILIES[self.kind].variance(dict(self.parameters))

    def median(self) -> float:
        """The median."""
        return FAMILIES[self.kind].median(dict(self.parameters))

    def support(self) -> tuple[float, float]:
        """The smallest interval that holds all values."""
        return FAMILIES[self.kind].support(dict(self.parameters))

    def knots(self, **overrides: ArrayLike) -> tuple[Any, ...]:
        """Finite points where the density has an edge or a kink, ascending; () for smooth laws."""
        return FAMILIES[self.kind].knots(self._with(overrides))

    def atoms(self, **overrides: ArrayLike) -> tuple[Floats, Floats] | None:
        """Values and their masses for a law without density, else None.

        A constant gives shape (1, ...) with the shape of its overridden value behind.
        """
        p = self._with(overrides)
        if self.kind == "beta" and self.is_constant and not overrides:
            return np.asarray([p["mean"]]), np.ones(1)
        if self.kind == "constant":
            values = np.asarray(p["value"], dtype=float)[np.newaxis]
            return values, np.ones(1)
        if self.kind == "empirical":
            values, counts = np.unique(np.asarray(p["values"], dtype=float), return_counts=True)
            return values, counts / counts.sum()
        return None

    @property
    def is_constant(self) -> bool:
        """Whether it gives one value whatever is drawn."""
        low, high = self.support()
        return low == high

    def names(self) -> Iterable[str]:
        """Its parameters' names."""
        return (name for name, _ in self.parameters)
