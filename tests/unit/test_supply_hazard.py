"""The clock of a changing hazard, against numerical integration and the forms that have simple answers."""

from __future__ import annotations

from itertools import pairwise
from math import exp, inf, log
from random import Random

import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from sim.supply.hazard import Clock


def test_a_constant_hazard_rings_after_the_threshold_over_the_hazard() -> None:
    assert Clock(3.0, 2.0, 0.5).rings() == 4.0


def test_without_any_hazard_it_never_rings() -> None:
    assert Clock(0.0, 2.0, 0.0).rings() == inf


def test_a_push_that_stays_adds_to_the_hazard() -> None:
    clock = Clock(0.0, 2.0, 0.5)
    clock.push(2.0, 1.5)
    assert clock.rings() == 0.5  # 1 of 2 is used up, the rest at 2 an hour
    clock.push(2.25, 2.0)
    assert clock.rings() == 0.125


def test_a_push_that_fades_may_fade_before_it_rings() -> None:
    """The integral of b exp(-t / f) is b f (1 - exp(-t / f)), at most b f."""
    clock = Clock(0.0, 1.0, 0.0, 10.0)
    clock.push(0.0, 0.099)
    assert clock.rings() == inf
    clock = Clock(0.0, 1.0, 0.0, 10.0)
    clock.push(0.0, 0.2)
    assert clock.rings() == pytest.approx(10.0 * log(2.0), rel=1e-14)


def test_many_pushes_are_integrated_as_numerically() -> None:
    random = Random(4)
    for _ in range(50):
        constant, fades = 10 ** random.uniform(-4, 0), 10 ** random.uniform(0, 2)
        pushes = sorted((random.uniform(0, 20), 10 ** random.uniform(-3, 0)) for _ in range(4))
        threshold = 40.0
        clock = Clock(0.0, threshold, constant, fades)
        for time, amount in pushes:
            clock.push(time, amount)

        def hazard(t: float, now: float = 0.0) -> float:
            fading = sum(a * exp(-(t - u) / fades) for u, a in pushes if u <= t)  # noqa: B023
            return constant + fading  # noqa: B023

        edges = [0.0, *(time for time, _ in pushes)]
        used = sum(quad(hazard, a, b, epsabs=1e-12)[0] for a, b in pairwise(edges))
        if used >= threshold:
            assert clock.rings() == 0.0
            continue
        last = edges[-1]
        rings = last + clock.rings()
        faded = min(rings, last + 60.0 * fades)  # nothing is left of any push after that
        total = used + quad(hazard, last, faded, epsabs=1e-12, limit=200)[0] + constant * (rings - faded)
        assert total == pytest.approx(threshold, rel=1e-8)


def test_every_mixture_of_constant_and_fading_is_solved_to_eleven_digits() -> None:
    """Lambert's W where it can be had, Newton's method where its argument overflows."""
    from scipy.special import expm1

    random = Random(1)
    for _ in range(500):
        constant, pushed = 10 ** random.uniform(-8, 3), 10 ** random.uniform(-6, 3)
        threshold = 10 ** random.uniform(-4, 3)
        clock = Clock(0.0, threshold, constant, 1.0)
        clock.push(0.0, pushed)
        root = brentq(
            lambda x, c=constant, p=pushed, t=threshold: c * x - p * expm1(-x) - t,
            0.0,
            threshold / constant + 1.0,
            xtol=1e-300,
            rtol=1e-14,
            maxiter=1000,
        )
        assert clock.rings() == pytest.approx(root, rel=1e-11)


def test_a_clock_whose_time_has_come_rings_at_once() -> None:
    clock = Clock(0.0, 1.0, 0.5)
    clock.push(2.0, 1.0)
    assert clock.rings() == 0.0
