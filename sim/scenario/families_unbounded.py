"""Families without a highest value: exponential, lognormal, Weibull, gamma.

Reference: Johnson, Kotz, Balakrishnan, *Continuous Univariate Distributions* (1994), for the moments.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from sim.scenario.family import Family, Floats, Parameters, Signatures

Z90 = 1.2815515655446004
"""The 90 % point of the standard normal law."""
_TERMS = 60
"""Levels of the continued fraction of the gamma tail."""


class _Exponential(Family):
    """No memory; ``mean``."""

    signatures: ClassVar[Signatures] = (("mean",),)

    def quantile(self, u: Floats, p: Parameters) -> Floats:
        with np.errstate(divide="ignore"):
            return np.asarray(-np.asarray(p["mean"]) * np.log1p(-u))

    def survival(self, t: Floats, p: Parameters) -> Floats:
        return np.exp(self.log_survival(t, p))

    def log_survival(self, t: Floats, p: Parameters) -> Floats:
        return np.asarray(-np.maximum(t, 0.0) / p["mean"])

    def density(self, t: Floats, p: Parameters) -> Floats:
        return np.where(t < 0, 0.0, self.survival(t, p) / p["mean"])

    def hazard(self, t: Floats, p: Parameters) -> Floats:
        return np.where(t < 0, 0.0, 1.0 / np.asarray(p["mean"], dtype=float))

    def reach(self, h: Floats, p: Parameters) -> Floats:
        return np.asarray(h * p["mean"])

    def mean(self, p: Parameters) -> float:
        return float(p["mean"])

    def variance(self, p: Parameters) -> float:
        return float(p["mean"]) ** 2

    def median(self, p: Parameters) -> float:
        return float(p["mean"]) * math.log(2.0)


class _Lognormal(Family):
    """By ``median`` and ``p90``, or by ``mean`` and ``cv`` (standard deviation over mean).

    Checked by: tests/theory/test_b7_lognormal.py
    """

    signatures: ClassVar[Signatures] = (("median", "p90"), ("mean", "cv"))

    @staticmethod
    def log_moments(p: Parameters) -> tuple[Floats, Floats]:
        """Mean and standard deviation of log X."""
        if "median" in p:
            mu = np.log(np.asarray(p["median"], dtype=float))
            return mu, np.asarray((np.log(np.asarray(p["p90"], dtype=float)) - mu) / Z90)
        variance = np.log1p(np.asarray(p["cv"], dtype=float) ** 2)
        return np.asarray(np.log(np.asarray(p["mean"], dtype=float)) - variance / 2), np.sqrt(variance)

    def quantile(self, u: Floats, p: Parameters) -> Floats:
        from scipy.special import ndtri

        mu, sigma = self.log_moments(p)
        return np.exp(mu + sigma * ndtri(u))

    def _standard(self, t: Floats, p: Parameters) -> Floats:
        mu, sigma = self.log_moments(p)
        with np.errstate(divide="ignore"):
            return np.asarray((np.log(np.maximum(t, 0.0)) - mu) / sigma)

    def survival(self, t: Floats, p: Parameters) -> Floats:
        from scipy.special import ndtr

        return np.asarray(ndtr(-self._standard(t, p)))

    def log_survival(self, t: Floats, p: Parameters) -> Floats:
        from scipy.special import log_ndtr

        return np.asarray(log_ndtr(-self._standard(t, p)))

    def density(self, t: Floats, p: Parameters) -> Floats:
        _, sigma = self.log_moments(p)
        z = self._standard(t, p)
        safe = np.where(t > 0, t, 1.0)
        return np.where(t > 0, np.exp(-0.5 * z * z) / (safe * sigma * math.sqrt(2.0 * math.pi)), 0.0)

    def hazard(self, t: Floats, p: Parameters) -> Floats:
        from scipy.special import log_ndtr

        _, sigma = self.log_moments(p)
        safe = np.where(t > 0, t, 1.0)
        z = self._standard(safe, p)
        body = np.exp(-0.5 * z * z - log_ndtr(-z)) / (safe * sigma * math.sqrt(2.0 * math.pi))
        return np.where(t > 0, body, 0.0)

    def reach(self, h: Floats, p: Parameters) -> Floats:
        from scipy.special import ndtri_exp

        mu, sigma = self.log_moments(p)
        with np.errstate(over="ignore"):
            return np.exp(mu - sigma * ndtri_exp(-h))

    def mean(self, p: Parameters) -> float:
        mu, sigma = self.log_moments(p)
        return float(p["mean"]) if "cv" in p else float(np.exp(mu + sigma**2 / 2))

    def variance(self, p: Parameters) -> float:
        _, sigma = self.log_moments(p)
        return self.mean(p) ** 2 * float(np.expm1(sigma**2))

    def median(self, p: Parameters) -> float:
        return float(p["median"]) if "median" in p else float(np.exp(self.log_moments(p)[0]))


class _Weibull(Family):
    """S(t) = exp(-(t / scale)^shape): with shape < 1 the impatient leave first."""

    signatures: ClassVar[Signatures] = (("shape", "scale"),)

    def quantile(self, u: Floats, p: Parameters) -> Floats:
        with np.errstate(divide="ignore"):
            return np.asarray(p["scale"] * (-np.log1p(-u)) ** (1.0 / np.asarray(p["shape"])))

    def survival(self, t: Floats, p: Parameters) -> Floats:
        return np.exp(self.log_survival(t, p))

    def log_survival(self, t: Floats, p: Parameters) -> Floats:
        return np.asarray(-((np.maximum(t, 0.0) / p["scale"]) ** p["shape"]))

    def density(self, t: Floats, p: Parameters) -> Floats:
        shape, scale = np.asarray(p["shape"]), np.asarray(p["scale"])
        with np.errstate(divide="ignore", invalid="ignore"):
            body = shape / scale * (np.maximum(t, 0.0) / scale) ** (shape - 1.0) * self.survival(t, p)
        return np.where(t < 0, 0.0, body)

    def hazard(self, t: Floats, p: Parameters) -> Floats:
        shape, scale = np.asarray(p["shape"]), np.asarray(p["scale"])
        with np.errstate(divide="ignore"):
            body = shape / scale * (np.maximum(t, 0.0) / scale) ** (shape - 1.0)
        return np.where(t < 0, 0.0, body)

    def reach(self, h: Floats, p: Parameters) -> Floats:
        with np.errstate(over="ignore"):
            return np.asarray(p["scale"] * h ** (1.0 / np.asarray(p["shape"])))

    def mean(self, p: Parameters) -> float:
        return float(p["scale"]) * math.gamma(1.0 + 1.0 / float(p["shape"]))

    def variance(self, p: Parameters) -> float:
        second = math.gamma(1.0 + 2.0 / float(p["shape"]))
        return float(p["scale"]) ** 2 * second - self.mean(p) ** 2

    def median(self, p: Parameters) -> float:
        return float(p["scale"]) * math.pow(math.log(2.0), 1.0 / float(p["shape"]))


def _log_tail(shape: Floats, x: Floats) -> Floats:
    """Log of the upper incomplete gamma function over gamma(shape), for x above shape + 1.

    The continued fraction of Legendre (Abramowitz and Stegun 6.5.31), in its even part, from its far end.
    """
    from scipy.special import gammaln

    fraction = x + 2.0 * _TERMS + 1.0 - shape
    for k in range(_TERMS, 0, -1):
        fraction = x + 2.0 * k - 1.0 - shape - k * (k - shape) / fraction
    return np.asarray(shape * np.log(x) - x - np.log(fraction) - gammaln(shape))


class _Gamma(Family):
    """By ``shape`` and ``scale``, or by ``mean`` and ``cv``: shape = 1 / cv^2, scale = mean cv^2."""

    signatures: ClassVar[Signatures] = (("shape", "scale"), ("mean", "cv"))

    @staticmethod
    def _natural(p: Parameters) -> tuple[Floats, Floats]:
        if "shape" in p:
            return np.asarray(p["shape"], dtype=float), np.asarray(p["scale"], dtype=float)
        squared = np.asarray(p["cv"], dtype=float) ** 2
        return 1.0 / squared, np.asarray(np.asarray(p["mean"], dtype=float) * squared)

    def quantile(self, u: Floats, p: Parameters) -> Floats:
        from scipy.special import gammaincinv

        shape, scale = self._natural(p)
        return np.asarray(scale * gammaincinv(shape, u))

    def survival(self, t: Floats, p: Parameters) -> Floats:
        from scipy.special import gammaincc

        shape, scale = self._natural(p)
        return np.asarray(gammaincc(shape, np.maximum(t, 0.0) / scale))

    def log_survival(self, t: Floats, p: Parameters) -> Floats:
        """Where the survival underflows (beyond some 700 scales), from its continued fraction."""
        from scipy.special import gammainc

        shape, scale = self._natural(p)
        x = np.maximum(t, 0.0) / scale
        body = self.survival(t, p)
        far = body < 1e-280
        with np.errstate(divide="ignore", invalid="ignore"):
            early = np.log1p(-gammainc(shape, np.where(body > 0.5, x, 0.0)))
            near = np.where(body > 0.5, early, np.log(np.where(far, 1.0, body)))
            if not far.any():
                return near
            tail = _log_tail(shape, np.where(far, np.maximum(x, shape + 1.0), shape + 2.0))
            return np.where(np.isposinf(x), -np.inf, np.where(far, tail, near))

    def density(self, t: Floats, p: Parameters) -> Floats:
        from scipy.special import gammaln

        shape, scale = self._natural(p)
        x = np.maximum(t, 0.0) / scale
        with np.errstate(divide="ignore", invalid="ignore"):
            body = np.exp((shape - 1.0) * np.log(x) - x - gammaln(shape)) / scale
        return np.where(t < 0, 0.0, np.where((x == 0) & (shape == 1.0), 1.0 / scale, body))

    def hazard(self, t: Floats, p: Parameters) -> Floats:
        from scipy.special import gammaln, xlogy

        shape, scale = self._natural(p)
        x = np.maximum(t, 0.0) / scale
        safe = np.where(x > 0, x, 1.0)
        log_density = xlogy(shape - 1.0, safe) - safe - gammaln(shape)
        body = np.exp(log_density - self.log_survival(safe * scale, p)) / scale
        return np.where(x > 0, body, self.density(t, p))

    def reach(self, h: Floats, p: Parameters) -> Floats:
        from scipy.special import gammainccinv, gammaincinv

        shape, scale = self._natural(p)
        near = np.where(
            h < 0.7, gammaincinv(shape, -np.expm1(-h)), gammainccinv(shape, np.exp(-np.minimum(h, 600.0)))
        )
        far = (h > 600.0) & np.isfinite(h)
        if far.any():
            goal = np.where(far, h, 1000.0)
            x = np.maximum(goal + (shape - 1.0) * np.log(goal), shape + 2.0)
            for _ in range(60):  # x - log(the tail without its exp(-x)) = goal, a contraction far out
                x = np.maximum(goal + _log_tail(shape, x) + x, shape + 2.0)
            near = np.where(far, x, near)
        return np.asarray(scale * np.where(np.isposinf(h), np.inf, near))

    def mean(self, p: Parameters) -> float:
        return float(p["shape"]) * float(p["scale"]) if "shape" in p else float(p["mean"])

    def variance(self, p: Parameters) -> float:
        shape, scale = self._natural(p)
        return float(shape * scale**2)


UNBOUNDED: Mapping[str, Family] = {
    "exponential": _Exponential(),
    "lognormal": _Lognormal(),
    "weibull": _Weibull(),
    "gamma": _Gamma(),
}
