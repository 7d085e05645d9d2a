"""Families made of other laws: a mixture of several, and one law under a gamma frailty.

In: the laws they are made of (``p["of"]``), and parameters of these under "of.1.mean" or "of.mean". A
mixture adds survivals in the tail and chances to have ended near 0, so that it is exact in both. References:
Feldmann and Whitt, *Performance Evaluation* 31 (1998) 245, for mixtures of exponentials with long tails;
Vaupel, Manton, Stallard, *Demography* 16 (1979) 439, and Lomax, *JASA* 49 (1954) 847, for frailty.
Checked by: tests/theory/test_e5_mixture_and_frailty.py
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.scenario.family import Family, Floats, Parameters, Signatures
from sim.scenario.inversion import Where, inverse

if TYPE_CHECKING:
    from sim.scenario.laws import Law

Part = tuple["Law", dict[str, Any]]
_HALF = -0.5
"""Log-survival of all parts above which hazards are added, not survivals."""


def below(overrides: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The overrides of what stands under ``prefix``, by their names there."""
    return {name.removeprefix(prefix): value for name, value in overrides.items() if name.startswith(prefix)}


class _Mixture(Family):
    """Each of several laws with its share: everyone is of one of these kinds, and nobody knows of which."""

    signatures: ClassVar[Signatures] = (("of", "shares"),)
    bounded: ClassVar[bool] = True
    of: ClassVar[str] = "laws"

    @staticmethod
    def _parts(p: Parameters) -> list[tuple[float, Law, dict[str, Any]]]:
        """Share, law and overrides of each part."""
        return [
            (share, law, below(p, f"of.{place}."))
            for place, (share, law) in enumerate(zip(p["shares"], p["of"], strict=True), start=1)
        ]

    def quantile(self, u: Floats, p: Parameters) -> Floats:
        atoms = self.atoms(p)
        if atoms is not None:
            return _one_of(*atoms, u)
        with np.errstate(divide="ignore"):
            return self.reach(-np.log1p(-u), p)

    def reach(self, h: Floats, p: Parameters) -> Floats:
        ends = [law.reach(h, **own) for _, law, own in self._parts(p)]
        height, *ends = (np.array(part, dtype=float) for part in np.broadcast_arrays(h, *ends))
        wide = {
            name: np.broadcast_to(value, height.shape).ravel()
            for name, value in p.items()
            if name not in {"of", "shares"}
        }

        def of(where: Where) -> Parameters:
            return {**p, **{name: value[where] for name, value in wide.items()}}

        return inverse(
            height,
            np.minimum.reduce(ends),
            np.maximum.reduce(ends),
            lambda t, where: -self.log_survival(t, of(where)),
            lambda t, where: self.hazard(t, of(where)),
        )

    def survival(self, t: Floats, p: Parameters) -> Floats:
        return _added([share * law.survival(t, **own) for share, law, own in self._parts(p)])

    def log_survival(self, t: Floats, p: Parameters) -> Floats:
        parts = self._parts(p)
        logs = [law.log_survival(t, **own) for _, law, own in parts]
        peak = np.asarray(np.max(np.stack(np.broadcast_arrays(*logs)), axis=0))
        with np.errstate(divide="ignore", invalid="ignore"):
            near = np.log1p(
                _added([share * np.expm1(log) for (share, _, _), log in zip(parts, logs, strict=True)])
            )
            far = peak + np.log(
                _added([share * np.exp(log - peak) for (share, _, _), log in zip(parts, logs, strict=True)])
            )
        return np.where(np.isneginf(peak), -np.inf, np.where(peak > _HALF, near, far))

    def density(self, t: Floats, p: Parameters) -> Floats:
        return _added([share * law.density(t, **own) for share, law, own in self._parts(p)])

    def hazard(self, t: Floats, p: Parameters) -> Floats:
        """The mean of the parts' hazards over those who are left."""
        whole = self.log_survival(t, p)
        terms = []
        for share, law, own in self._parts(p):
            log = law.log_survival(t, **own)
            with np.errstate(invalid="ignore"):
                term = share * law.hazard(t, **own) * np.exp(log - whole)
            terms.append(np.where(np.isneginf(log), 0.0, term))
        return np.where(np.isneginf(whole), np.inf, _added(terms))

    def atoms(self, p: Parameters) -> tuple[Floats, Floats] | None:
        found = [(share, law.atoms(**own)) for share, law, own in self._parts(p)]
        values, masses = [], []
        for share, atoms in found:
            if atoms is None:
                return None
            values.append(atoms[0])
            masses.append(share * atoms[1])
        shape = np.broadcast_shapes(*(part.shape[1:] for part in values))
        spread = [np.broadcast_to(_behind(part, shape), (len(part), *shape)) for part in values]
        return np.concatenate(spread), np.concatenate(masses)

    def mean(self, p: Parameters) -> float:
        return math.fsum(share * law.mean() for share, law, _ in self._parts(p))

    def variance(self, p: Parameters) -> float:
        mean = self.mean(p)
        spread = [law.variance() + (law.mean() - mean) ** 2 for _, law, _ in self._parts(p)]
        return math.fsum(share * part for share, part in zip(p["shares"], spread, strict=True))

    def knots(self, p: Parameters) -> tuple[Any, ...]:
        return tuple(knot for _, law, own in self._parts(p) for knot in law.knots(**own))

    def cuts(self, p: Parameters) -> tuple[Any, ...]:
        """Three between the medians of each part and the next, and where the parts are cut."""
        medians = np.broadcast_arrays(*(law.quantile(0.5, **own) for _, law, own in self._parts(p)))
        ordered = np.maximum(np.sort(np.stack(medians), axis=0), 1e-290)
        between = [low * (high / low) ** at for low, high in pairwise(ordered) for at in (0.25, 0.5, 0.75)]
        return *between, *(cut for _, law, own in self._parts(p) for cut in law.cuts(**own))

    def support(self, p: Parameters) -> tuple[float, float]:
        ends = [law.support() for _, law, _ in self._parts(p)]
        return min(low for low, _ in ends), max(high for _, high in ends)


class _Frailty(Family):
    """A hazard times a factor of one's own, gamma with mean 1: S = (1 + variance H)^(-1 / variance).

    H is the cumulative hazard of the law it is made of. With variance 0 it is that law; of an exponential law
    it makes the Lomax law.
    """

    signatures: ClassVar[Signatures] = (("of", "variance"),)
    bounded: ClassVar[bool] = True
    of: ClassVar[str] = "law"

    @staticmethod
    def _inner(p: Parameters) -> tuple[Law, dict[str, Any], Floats, NDArray[np.bool_]]:
        """The law, its overrides, a variance that can be divided by, and where there is none."""
        law: Law = p["of"][0]
        variance = np.asarray(p["variance"], dtype=float)
        alike = variance < _ALIKE
        return law, below(p, "of."), np.where(alike, 1.0, variance), alike

    def quantile(self, u: Floats, p: Parameters) -> Floats:
        with np.errstate(divide="ignore"):
            return self.reach(-np.log1p(-u), p)

    def reach(self, h: Floats, p: Parameters) -> Floats:
        law, own, variance, alike = self._inner(p)
        with np.errstate(over="ignore"):
            return law.reach(np.where(alike, h, np.expm1(variance * h) / variance), **own)

    def survival(self, t: Floats, p: Parameters) -> Floats:
        return np.exp(self.log_survival(t, p))

    def log_survival(self, t: Floats, p: Parameters) -> Floats:
        law, own, variance, alike = self._inner(p)
        log = law.log_survival(t, **own)
        return np.where(alike, log, -np.log1p(-variance * log) / variance)

    def density(self, t: Floats, p: Parameters) -> Floats:
        survival = self.survival(t, p)
        with np.errstate(invalid="ignore"):
            return np.where(survival > 0.0, self.hazard(t, p) * survival, 0.0)

    def hazard(self, t: Floats, p: Parameters) -> Floats:
        law, own, variance, alike = self._inner(p)
        log = law.log_survival(t, **own)
        with np.errstate(invalid="ignore"):
            lowered = law.hazard(t, **own) / np.where(alike, 1.0, 1.0 - variance * log)
        return np.where(np.isneginf(log), np.inf, lowered)

    def mean(self, p: Parameters) -> float:
        return self._moment(1, p)

    def variance(self, p: Parameters) -> float:
        second = self._moment(2, p)
        return second if math.isinf(second) else second - self._moment(1, p) ** 2

    def _moment(self, order: int, p: Parameters) -> float:
        """The mean of the value to this power; infinite where the tail is too long.

        The value is what the inner law reaches at the hazard e^x, and the chance of more than e^x is
        (1 + variance e^x)^(-1 / variance); panels of Gauss nodes in x.
        """
        law, _, variance, alike = self._inner(p)
        if alike:
            return law.variance() * (order - 1) + law.mean() ** order
        with np.errstate(over="ignore", invalid="ignore"):
            growth = float(np.diff(np.log(law.reach(np.exp([_FAR - 1.0, _FAR]))))[0])
        falls = 1.0 / float(variance) - order * growth
        if not falls > _ALIKE:
            return math.inf
        x = np.append(np.arange(-_FAR, _FAR, 2.0)[:, None] + 1.0 + _X, np.full((1, 16), _FAR), axis=0)
        with np.errstate(divide="ignore"):
            log = order * np.log(law.reach(np.exp(x))) + x
        integrand = np.exp(log - (1.0 / variance + 1.0) * np.log1p(variance * np.exp(x)))
        return float((integrand[:-1] * _W).sum() + integrand[-1, 0] / falls)

    def knots(self, p: Parameters) -> tuple[Any, ...]:
        law, own, _, _ = self._inner(p)
        return law.knots(**own)

    def cuts(self, p: Parameters) -> tuple[Any, ...]:
        law, own, _, _ = self._inner(p)
        return law.cuts(**own)

    def support(self, p: Parameters) -> tuple[float, float]:
        law, _, _, _ = self._inner(p)
        return law.support()


_ALIKE = 1e-12
"""Variance below which everyone's factor is 1."""
_FAR = 120.0
"""Log of a cumulative hazard beyond which the terms of a moment fall like those of a power law."""
_X, _W = np.polynomial.legendre.leggauss(16)


def _added(terms: list[Floats]) -> Floats:
    """The sum; of at least one term."""
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return np.asarray(total)


def _behind(values: Floats, shape: tuple[int, ...]) -> Floats:
    """Values along the first axis, with as many further axes as ``shape`` has."""
    behind: Floats = np.expand_dims(values, tuple(range(1, len(shape) - values.ndim + 2)))
    return behind


def _one_of(values: Floats, masses: Floats, u: Floats) -> Floats:
    """The value that a share ``u`` of the masses lies below; values along the first axis."""
    shape = np.broadcast_shapes(u.shape, values.shape[1:])
    spread = np.broadcast_to(_behind(values, shape), (len(values), *shape))
    order = np.argsort(spread, axis=0, kind="stable")
    reached = np.cumsum(masses[order], axis=0)
    place = np.minimum((reached <= u).sum(axis=0), len(values) - 1)
    ordered = np.take_along_axis(spread, order, axis=0)
    return np.asarray(np.take_along_axis(ordered, place[np.newaxis], axis=0)[0])


COMPOSED: Mapping[str, Family] = {"mixture": _Mixture(), "frailty": _Frailty()}
