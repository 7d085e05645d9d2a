"""Integrals of exponentials against adaptive quadrature, where rates meet, vanish, or differ widely."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from sim.demand.exponentials import convolved, convolved_moment, decay_moment

RATES = [0.0, 1e-9, 1e-4, 1e-4 * (1 + 1e-9), 1e-4 * (1 + 1e-3), 0.01, 0.5]
DURATIONS = [1e-3, 24.0, 6480.0]


@pytest.mark.parametrize("duration", DURATIONS)
@pytest.mark.parametrize("rate", RATES)
def test_moments_of_one_exponential_equal_quadrature(rate: float, duration: float) -> None:
    assert decay_moment(0, np.array(rate), np.array(duration)) == pytest.approx(
        _moment(0, rate, duration), rel=1e-11
    )
    for power in (0, 1):
        value = decay_moment(power, np.array(rate), np.array(duration))
        assert value == pytest.approx(_moment(power, rate, duration), rel=1e-11)


@pytest.mark.parametrize("duration", DURATIONS)
@pytest.mark.parametrize("second", RATES)
@pytest.mark.parametrize("first", RATES)
def test_convolution_and_its_moments_equal_quadrature(first: float, second: float, duration: float) -> None:
    a, b, s = (np.array(x) for x in (first, second, duration))
    assert convolved(a, b, s) == pytest.approx(_convolution(first, second, duration), rel=1e-9)
    for power in (0, 1):
        exact = _pieces(partial(_weighted, power, first, second), duration, (first, second))
        assert convolved_moment(power, a, b, s) == pytest.approx(exact, rel=1e-8)


def _weighted(power: int, first: float, second: float, v: float) -> float:
    return float(v**power * convolved(np.array(first), np.array(second), np.array(v)))


def test_no_duration_gives_nothing() -> None:
    zero = np.zeros(3)
    assert not decay_moment(0, np.array([0.0, 1.0, 2.0]), zero).any()
    assert not convolved(np.array([0.0, 1.0, 2.0]), np.ones(3), zero).any()


def _moment(power: int, rate: float, duration: float) -> float:
    return _pieces(lambda v: v**power * np.exp(-rate * v), duration, (rate,))


def _convolution(first: float, second: float, duration: float) -> float:
    return _pieces(lambda v: np.exp(-first * v - second * (duration - v)), duration, (first, second))


def _pieces(f: Callable[[float], float], duration: float, rates: tuple[float, ...]) -> float:
    """Quadrature in pieces that resolve every time scale, from either end."""
    scales = [c / rate for rate in rates if rate > 0 for c in (1, 5, 30)]
    edges = sorted(
        {0.0, duration, *(x for x in scales if x < duration), *(duration - x for x in scales if x < duration)}
    )
    return sum(quad(f, a, b, epsabs=0, epsrel=1e-12)[0] for a, b in pairwise(edges))
