"""Integrals of decaying exponentials, stable where two rates meet or vanish.

In: rates per hour and durations in hours, arrays that broadcast. Out: arrays of the broadcast shape.

Every flow of users inside a phase is a sum of exponentials, so its integrals are known; the textbook
quotients lose all their digits when two rates are close (0/0 when they are equal), hence these forms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_NEAR = 1e-3
"""Below this |difference of rates x duration| the Taylor form (error about _NEAR**4 / 1920) is used."""


def convolved(first: Array, second: Array, duration: Array) -> Array:
    """Integral of exp(-first v) exp(-second (duration - v)) for v in (0, duration). Hours.

    Those who enter at a rate that fades with `first` and leave with hazard `second`, counted at `duration`.
    """
    gap = np.asarray(first - second)
    near = np.abs(gap) * duration < _NEAR
    result = np.asarray(np.exp(-second * duration) - np.exp(-first * duration))
    result /= np.where(near, 1.0, gap)
    if near.any():
        rates = np.broadcast_arrays(0.5 * (first + second), gap, duration, near)
        middle, gap, duration = (part[rates[3]] for part in rates[:3])
        result[rates[3]] = duration * np.exp(-middle * duration) * (1.0 + (gap * duration) ** 2 / 24.0)
    return result


def convolved_moment(power: int, first: Array, second: Array, duration: Array) -> Array:
    """Integral of v**power convolved(first, second, v) for v in (0, duration); power 0 or 1."""
    gap = np.asarray(first - second)
    near = np.abs(gap) * duration < _NEAR
    plain = (_moment(power, second, duration) - _moment(power, first, duration)) / np.where(near, 1.0, gap)
    if not near.any():
        return np.asarray(plain)
    gap, middle, duration, result, near = np.broadcast_arrays(
        gap, 0.5 * (first + second), duration, plain, near
    )
    result = np.array(result)
    middle, gap, duration = middle[near], gap[near], duration[near]
    result[near] = _moment(power + 1, middle, duration) + gap**2 / 24.0 * _moment(power + 3, middle, duration)
    return result


def decay_moment(power: int, rate: Array, duration: Array) -> Array:
    """Integral of v**power exp(-rate v) for v in (0, duration); power 0 or 1."""
    return _moment(power, np.asarray(rate, dtype=float), np.asarray(duration, dtype=float))


def _moment(power: int, rate: Array, duration: Array) -> Array:
    """Integral of v**power exp(-rate v) for v in (0, duration), by the incomplete gamma or a series."""
    rate, duration = np.broadcast_arrays(rate, duration)
    x = rate * duration
    if power == 0:
        still = x == 0.0
        return np.where(still, duration, duration * (-np.expm1(-x) / np.where(still, 1.0, x)))
    small = x < 0.05
    safe = np.where(small, 1.0, x)
    unit = np.asarray(_lower_gamma(power, safe) / safe ** (power + 1))
    if small.any():
        unit = np.where(small, _small_moment(power, np.where(small, x, 0.0)), unit)
    return np.asarray(duration ** (power + 1) * unit)


def _lower_gamma(power: int, x: Array) -> Array:
    """Integral of w**power exp(-w) for w in (0, x), for whole `power`: power! (1 - exp(-x) sum x**i / i!)."""
    if power == 1:
        return np.asarray(-np.expm1(-x) - x * np.exp(-x))
    from math import factorial

    from scipy.special import gammainc

    return np.asarray(factorial(power) * gammainc(power + 1, x))


def _small_moment(power: int, x: Array) -> Array:
    """Integral of w**power exp(-x w) for w in (0, 1), by its alternating series (x < 0.05: nine terms)."""
    total = np.zeros_like(x)
    term = np.ones_like(x)
    for n in range(9):
        total += term / (power + 1 + n)
        term = term * (-x) / (n + 1)
    return total
