"""A probability law by its natural parameters, drawn by inverse CDF from one uniform.

In: a family and its parameters as written (median and p90 stay median and p90), in inside units. Out:
quantiles, survival, density, moments. Any parameter can be overridden by an array: that is how an
`unknowns` value of each replication reaches the law, without a law object a replication.
Rejected: frozen scipy distributions (0.7 s to import, and 100 microseconds a call).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    parts: tuple[Law, ...] = ()
    """The laws it is made of; their parameters are known as "of.1.mean", or "of.mean" of an only one."""

    @classmethod
    def of(
        cls,
        kind: str,
        parameters: Mapping[str, Value] | None = None,
        *,
        parts: Iterable[Law] = (),
        **named: Value,
    ) -> Law:
        """A law from named parameters: ``Law.of("exponential", mean=36.0)``."""
        return cls(kind, tuple({**(parameters or {}), **named}.items()), tuple(parts))

    @classmethod
    def constant(cls, value: float) -> Law:
        """Always ``value``."""
        return cls("constant", (("value", float(value)),))

    def __getitem__(self, name: str) -> Value:
        """The parameter of that name, as written; of a part under its place: "of.1.mean"."""
        law, last = self.at(name.split("."))
        return dict(law.parameters)[last]

    def at(self, steps: Sequence[str]) -> tuple[Law, str]:
        """The law that these steps lead to, itself or a part, and the name of its parameter, "" for none.

        Raises
        ------
        KeyError
            If they lead nowhere.
        """
        if not steps:
            return self, ""
        if self.parts and steps[0] == "of":
            by_place = {place: part for place, part, _ in self._placed()}
            taken = 1 if "" in by_place else 2
            place = "".join(steps[1:taken])
            return by_place[place].at(steps[taken:])
        if len(steps) > 1 or steps[0] not in dict(self.parameters):
            raise KeyError(".".join(steps))
        return self, steps[0]

    def _placed(self) -> Iterator[tuple[str, Law, str]]:
        """Each part with its place ("" for an only one) and what stands before its parameters' names."""
        if FAMILIES[self.kind].of == "law":
            yield "", self.parts[0], "of."
        else:
            for place, part in enumerate(self.parts, start=1):
                yield str(place), part, f"of.{place}."

    def _with(self, overrides: Mapping[str, Any]) -> dict[str, Any]:
        known = {**dict(self.parameters), "of": self.parts}
        if unknown := set(overrides) - set(self.names()):
            known_names = ", ".join(self.names())
            raise TypeError(
                f"{self.kind} law has no parameter {', '.join(sorted(unknown))}; it has {known_names}"
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

    def hazard(self, t: ArrayLike, **overrides: ArrayLike) -> Floats:
        """The hazard at t, per inside unit: the density over the survival, also far in the tail."""
        return FAMILIES[self.kind].hazard(np.asarray(t, dtype=float), self._with(overrides))

    def reach(self, h: ArrayLike, **overrides: ArrayLike) -> Floats:
        """The value at which -log P(X > t) comes to ``h``: the quantile of 1 - exp(-h), for far tails."""
        return FAMILIES[self.kind].reach(np.asarray(h, dtype=float), self._with(overrides))

    def mean(self) -> float:
        """The mean; infinite where the tail is too long for one."""
        return FAMILIES[self.kind].mean(self._with({}))

    def variance(self) -> float:
        """The variance; infinite where the tail is too long for one."""
        return FAMILIES[self.kind].variance(self._with({}))

    def median(self) -> float:
        """The median."""
        return FAMILIES[self.kind].median(self._with({}))

    def support(self) -> tuple[float, float]:
        """The smallest interval that holds all values."""
        return FAMILIES[self.kind].support(self._with({}))

    def knots(self, **overrides: ArrayLike) -> tuple[Any, ...]:
        """Finite points where the density has an edge or a kink, ascending; () for smooth laws."""
        return FAMILIES[self.kind].knots(self._with(overrides))

    def cuts(self, **overrides: ArrayLike) -> tuple[Any, ...]:
        """Points to cut at before nodes are spread by chance: between the kinds that a law is made of."""
        return FAMILIES[self.kind].cuts(self._with(overrides))

    def atoms(self, **overrides: ArrayLike) -> tuple[Floats, Floats] | None:
        """Values and their masses for a law without density, else None.

        Constants give shape (n, ...) with the shape of their overridden values behind.
        """
        return FAMILIES[self.kind].atoms(self._with(overrides))

    @property
    def is_constant(self) -> bool:
        """Whether it gives one value whatever is drawn."""
        low, high = self.support()
        return low == high

    @property
    def can_be_least(self) -> bool:
        """Whether the lowest value of its support is one that it can take: not so for an exponential law."""
        low = self.support()[0]
        if self.parts:
            return any(part.can_be_least and part.support()[0] == low for part in self.parts)
        return FAMILIES[self.kind].bounded

    def names(self) -> Iterator[str]:
        """Its parameters' names, those of its parts first."""
        for _, part, before in self._placed():
            yield from (f"{before}{name}" for name in part.names())
        yield from (name for name, _ in self.parameters)
