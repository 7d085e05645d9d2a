"""Families whose values have a highest: constant, uniform, triangular, PERT, beta, listed values.

References: Johnson, Kotz, Balakrishnan, *Continuous Univariate Distributions* (1995), for the moments;
Malcolm et al., *Operations Research* 7 (1959) 646, for PERT, here with its exact beta law (lambda = 4).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from sim.scenario.family import Family, Floats, Parameters, Signatures
from sim.scenario.pert import PertTail


class _Constant(Family):
    """Always ``value``."""

    signatures: ClassVar[Signatures] = (("value",),)
    bounded: ClassVar[bool] = True

    def quantile(self, u: Floats, p: Parameters) -> Floats:
        value = np.asarray(p["value"], dtype=float)
        return np.broadcast_to(value, np.broadcast_shapes(u.shape, value.shape)).copy()

    def survival(self, t: Floats, p: Parameters) -> Floats:
        return np.asarray(t < np.asarray(p["value"]), dtype=float)

    def density(self, t: Floats, p: Parameters) -> Floats:
        return np.zeros(np.broadcast_shapes(t.shape, np.shape(p["value"])))

    def atoms(self, p: Parameters) -> tuple[Floats, Floats] | None:
        return np.asarray(p["value"], dtype=float)[np.newaxis], np.ones(1)

    def mean(self, p: Parameters) -> float:
        return float(p["value"])

    def variance(self, p: Parameters) -> float:
        return 0.0

    def median(self, p: Parameters) -> float:
        return float(p["value"])

    def support(self, p: Parameters) -> tuple[float, float]:
        return float(p["value"]), float(p["value"])


class _Uniform(Family):
    """Any value between ``low`` and ``high`` alike."""

    signatures: ClassVar[Signatures] = (("low", "high"),)
    bounded: ClassVar[bool] = True

    def quantile(self, u: Floats, p: Parameters) -> Floats:
        return np.asarray(p["low"] + u * (np.asarray(p["high"]) - p["low"]))

    def survival(self, t: Floats, p: Parameters) -> Floats:
        return np.asarray(np.clip((p["high"] - t) / (np.asarray(p["high"]) - p["low"]), 0.0, 1.0))

    def density(self, t: Floats, p: Parameters) -> Floats:
        inside = (t >= p["low"]) & (t <= p["high"])
        return np.where(inside, 1.0 / (np.asarray(p["high"]) - p["low"]), 0.0)

    def mean(self, p: Parameters) -> float:
        return float((p["low"] + p["high"]) / 2)

    def variance(self, p: Parameters) -> float:
        return float((p["high"] - p["low"]) ** 2 / 12)

    def knots(self, p: Parameters) -> tuple[Any, ...]:
        return (p["low"], p["high"])

    def support(self, p: Parameters) -> tuple[float, float]:
        return float(p["low"]), float(p["high"])


class _Triangular(_Uniform):
    """``low``, ``likely`` (the mode) and ``high``, straight in between.

    Checked by: tests/theory/test_b6_triangular.py
    """

    signatures: ClassVar[Signatures] = (("low", "likely", "high"),)

    def quantile(self, u: Floats, p: Parameters) -> Floats:
        low, likely, high = (np.asarray(p[name], dtype=float) for name in ("low", "likely", "high"))
        rising: Floats = low + np.sqrt(u * (high - low) * (likely - low))
        falling = high - np.sqrt((1.0 - u) * (high - low) * (high - likely))
        return np.where(u * (high - low) < likely - low, rising, falling)

    def survival(self, t: Floats, p: Parameters) -> Floats:
        low, likely, high = (np.asarray(p[name], dtype=float) for name in ("low", "likely", "high"))
        with np.errstate(divide="ignore", invalid="ignore"):
            rising = 1.0 - (t - low) ** 2 / ((high - low) * (likely - low))
            falling = (high - t) ** 2 / ((high - low) * (high - likely))
        return np.where(t <= low, 1.0, np.where(t >= high, 0.0, np.where(t < likely, rising, falling)))

    def density(self, t: Floats, p: Parameters) -> Floats:
        low, likely, high = (np.asarray(p[name], dtype=float) for name in ("low", "likely", "high"))
        with np.errstate(divide="ignore", invalid="ignore"):
            rising = 2.0 * (t - low) / ((high - low) * (likely - low))
            falling = 2.0 * (high - t) / ((high - low) * (high - likely))
        peak = 2.0 / (high - low)
        inside = np.where(t < likely, rising, np.where(t > likely, falling, peak))
        return np.where((t < low) | (t > high), 0.0, inside)

    def mean(self, p: Parameters) -> float:
        return float((p["low"] + p["likely"] + p["high"]) / 3)

    def variance(self, p: Parameters) -> float:
        low, likely, high = p["low"], p["likely"], p["high"]
        return float(((high - low) ** 2 + (likely - low) * (likely - high)) / 18)

    def knots(self, p: Parameters) -> tuple[Any, ...]:
        return (p["low"], p["likely"], p["high"])


class _Pert(_Uniform):
    """Beta-PERT: a beta law on [low, high] with mode ``likely`` and mean (low + 4 likely + high) / 6.

    Its variance is (mean - low)(high - mean) / 7, not the textbook ((high - low) / 6)^2.
    Checked by: tests/theory/test_b5_beta_pert.py
    """

    signatures: ClassVar[Signatures] = (("low", "likely", "high"),)

    def __init__(self) -> None:
        self._tail = PertTail()

    @staticmethod
    def _shape(p: Parameters) -> tuple[Floats, Floats, Floats, Floats]:
        low, likely, high = (np.asarray(p[name], dtype=float) for name in ("low", "likely", "high"))
        width = high - low
        safe = np.where(width > 0, width, 1.0)
        return low, width, 1.0 + 4.0 * (likely - low) / safe, 1.0 + 4.0 * (high - likely) / safe

    def quantile(self, u: Floats, p: Parameters) -> Floats:
        low, width, a, _ = self._shape(p)
        return np.asarray(low + width * self._tail.inverse(a, u))

    def survival(self, t: Floats, p: Parameters) -> Floats:
        from scipy.special import betaincc

        low, width, a, b = self._shape(p)
        return np.asarray(betaincc(a, b, np.clip((t - low) / width, 0.0, 1.0)))

    def density(self, t: Floats, p: Parameters) -> Floats:
        from scipy.special import betaln

        low, width, a, b = self._shape(p)
        x = (t - low) / width
        inside = (x >= 0) & (x <= 1)
        y = np.where(inside, x, 0.5)
        body = y ** (a - 1.0) * (1.0 - y) ** (b - 1.0) / (width * np.exp(betaln(a, b)))
        return np.where(inside, body, 0.0)

    def mean(self, p: Parameters) -> float:
        return float((p["low"] + 4 * p["likely"] + p["high"]) / 6)

    def variance(self, p: Parameters) -> float:
        mean = self.mean(p)
        return float((mean - p["low"]) * (p["high"] - mean) / 7)


class _Beta(Family):
    """A share with ``mean`` m and ``correlation`` r of the yes/no answers that have it in common.

    Beta(a, b) with a = m (1 - r) / r, b = (1 - m)(1 - r) / r; correlation 0 is the constant mean.
    """

    signatures: ClassVar[Signatures] = (("mean", "correlation"),)
    bounded: ClassVar[bool] = True

    @staticmethod
    def _shape(p: Parameters) -> tuple[Floats, Floats, Floats, Any]:
        """Mean, a, b and where the law is a constant."""
        mean, correlation = np.broadcast_arrays(
            np.asarray(p["mean"], dtype=float), np.asarray(p["correlation"], dtype=float)
        )
        fixed = (correlation <= 0) | (mean <= 0) | (mean >= 1)
        spread = np.where(fixed, 0.5, correlation)
        inner = np.where(fixed, 0.5, mean)
        strength = (1.0 - spread) / spread
        return mean, inner * strength, (1.0 - inner) * strength, fixed

    def quantile(self, u: Floats, p: Parameters) -> Floats:
        from scipy.special import betaincinv

        mean, a, b, fixed = self._shape(p)
        if fixed.all():
            return np.asarray(np.broadcast_to(mean, np.broadcast_shapes(mean.shape, u.shape)).copy())
        return np.where(fixed, mean, betaincinv(a, b, u))

    def survival(self, t: Floats, p: Parameters) -> Floats:
        from scipy.special import betaincc

        mean, a, b, fixed = self._shape(p)
        return np.where(fixed, np.asarray(t < mean, dtype=float), betaincc(a, b, np.clip(t, 0.0, 1.0)))

    def density(self, t: Floats, p: Parameters) -> Floats:
        from scipy.special import betaln

        _, a, b, fixed = self._shape(p)
        inside = (t > 0) & (t < 1) & ~fixed
        x = np.where(inside, t, 0.5)
        body = np.exp((a - 1.0) * np.log(x) + (b - 1.0) * np.log1p(-x) - betaln(a, b))
        return np.where(inside, body, 0.0)

    def atoms(self, p: Parameters) -> tuple[Floats, Floats] | None:
        mean, _, _, fixed = self._shape(p)
        return (mean[np.newaxis], np.ones(1)) if fixed.all() else None

    def mean(self, p: Parameters) -> float:
        return float(p["mean"])

    def variance(self, p: Parameters) -> float:
        return float(p["mean"]) * (1.0 - float(p["mean"])) * float(p["correlation"])

    def support(self, p: Parameters) -> tuple[float, float]:
        mean = float(p["mean"])
        return (mean, mean) if float(p["correlation"]) <= 0 or mean in {0.0, 1.0} else (0.0, 1.0)


class _Empirical(Family):
    """One of ``values``, each as often as it is listed."""

    signatures: ClassVar[Signatures] = (("values",),)
    bounded: ClassVar[bool] = True

    def quantile(self, u: Floats, p: Parameters) -> Floats:
        values = np.sort(np.asarray(p["values"], dtype=float))
        position = np.minimum((np.asarray(u) * len(values)).astype(int), len(values) - 1)
        return np.asarray(values[position])

    def survival(self, t: Floats, p: Parameters) -> Floats:
        values = np.sort(np.asarray(p["values"], dtype=float))
        return np.asarray(1.0 - np.searchsorted(values, t, side="right") / len(values))

    def density(self, t: Floats, p: Parameters) -> Floats:
        return np.zeros(np.shape(t))

    def atoms(self, p: Parameters) -> tuple[Floats, Floats] | None:
        values, counts = np.unique(np.asarray(p["values"], dtype=float), return_counts=True)
        return values, counts / counts.sum()

    def mean(self, p: Parameters) -> float:
        return math.fsum(p["values"]) / len(p["values"])

    def variance(self, p: Parameters) -> float:
        mean = self.mean(p)
        return math.fsum((value - mean) ** 2 for value in p["values"]) / len(p["values"])

    def support(self, p: Parameters) -> tuple[float, float]:
        return min(p["values"]), max(p["values"])


BOUNDED: Mapping[str, Family] = {
    "constant": _Constant(),
    "pert": _Pert(),
    "uniform": _Uniform(),
    "triangular": _Triangular(),
    "empirical": _Empirical(),
    "beta": _Beta(),
}
