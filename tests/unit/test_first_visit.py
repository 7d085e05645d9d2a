"""Patience from the first failed visit: exact where there is a formula, tables as good as the quadrature."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.scenario import Law
from sim.scenario.first_visit import Visited, visited

DAY = 24.0
U = np.concatenate([[0.0, 1e-9, 1e-6], np.linspace(0.001, 0.999, 333), 1 - np.geomspace(1e-4, 1e-14, 11)])
LAWS = [
    Law.of("exponential", mean=30 * DAY),
    Law.of("weibull", shape=0.3, scale=20 * DAY),
    Law.of("weibull", shape=20.0, scale=20 * DAY),
    Law.of("lognormal", median=10 * DAY, p90=10.1 * DAY),
    Law.of("lognormal", median=20 * DAY, p90=60 * DAY),
    Law.of("gamma", mean=20 * DAY, cv=0.05),
    Law.of("uniform", low=9 * DAY, high=10 * DAY),
    Law.of("pert", low=5 * DAY, likely=10 * DAY, high=30 * DAY),
    Law.constant(5 * DAY),
    Law.of("empirical", values=(24.0, 72.0, 72.0, 240.0)),
    Law.of("mixture", shares=(0.5, 0.5), parts=(
        Law.of("exponential", mean=1.0), Law.of("lognormal", median=90 * DAY, p90=91 * DAY))),
    Law.of("frailty", variance=2.0, parts=(Law.of("weibull", shape=0.8, scale=45 * DAY),)),
]  # fmt: skip


def of(law: Law, visits: float) -> Visited:
    made, overrides = visited(law, {}, visits)
    assert overrides == {}
    assert isinstance(made, Visited)
    return made


@pytest.mark.parametrize("visits", [1e-3, 2 / DAY, 5.0])
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
def test_survival_undoes_the_quantile_and_the_table_is_the_quadrature(law: Law, visits: float) -> None:
    noticed = of(law, visits)
    values = noticed.quantile(U)
    assert (np.diff(values) >= 0).all()
    np.testing.assert_allclose(noticed.survival(values), 1 - U, atol=1e-11)
    rows = np.zeros(U.size - 1, dtype=np.int64)
    direct = noticed.tables.sum.log_survival(rows, values[1:])
    np.testing.assert_allclose(noticed.log_survival(values[1:]), direct, rtol=5e-11, atol=1e-13)


@pytest.mark.parametrize("visits", [1e-3, 2 / DAY])
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
def test_the_density_is_what_the_survival_loses(law: Law, visits: float) -> None:
    """Between quantiles, where there is no kink, by Gauss-Legendre; to 1e-9 of all users."""
    noticed = of(law, visits)
    points = [float(np.asarray(knot).ravel()[0]) for knot in noticed.knots()]
    by_chance = noticed.quantile(np.append(np.geomspace(1e-9, 1e-2, 90), np.linspace(0.01, 0.99, 300)))
    by_time = np.geomspace(by_chance[0], by_chance[-1], 400)
    edges = np.unique(np.concatenate([[0.0], by_chance, by_time, points]))
    x, w = np.polynomial.legendre.leggauss(20)
    width = np.diff(edges)[:, None]
    mass = (noticed.density(edges[:-1, None] + 0.5 * width * (x + 1)) * 0.5 * w * width).sum(axis=1)
    np.testing.assert_allclose(mass[1:], -np.diff(noticed.survival(edges))[1:], atol=2e-9)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
def test_values_drawn_are_a_wait_and_a_patience(law: Law) -> None:
    generator = np.random.default_rng(11)
    by_hand = generator.exponential(DAY / 2, 4000) + law.quantile(generator.random(4000))
    noticed = of(law, 2 / DAY)
    known = 1 - noticed.survival(np.sort(by_hand))
    ranks = np.arange(known.size + 1) / known.size
    distance = float(max((ranks[1:] - known).max(), (known - ranks[:-1]).max()))
    assert stats.kstwo.sf(distance, known.size) > 1e-3
    if math.isfinite(law.variance()):
        assert noticed.mean() == pytest.approx(law.mean() + DAY / 2)
        assert noticed.variance() == pytest.approx(law.variance() + (DAY / 2) ** 2)


@pytest.mark.parametrize("visits", [1 / 720, 1 / 720 * (1 + 1e-9), 0.5])
def test_with_exponential_patience_it_is_hypoexponential_far_into_the_tail(visits: float) -> None:
    law = of(Law.of("exponential", mean=720.0), visits)
    t = np.array([1.0, 1e3, 1e5, 1e6])
    rate, apart = 1 / 720, visits - 1 / 720
    known = np.log1p(rate * t) - rate * t
    if apart > 1e-6:
        known = np.log(visits / apart * -np.expm1(np.log(rate / visits) - apart * t)) - rate * t
    np.testing.assert_allclose(law.log_survival(t), known, rtol=1e-6 if 0 < apart < 1e-6 else 1e-11)


def test_each_replication_has_its_own_law_and_alike_ones_share_it() -> None:
    law = Law.of("weibull", shape=0.8, scale=45 * DAY)
    scale = np.array([20.0, 45.0, 20.0]) * DAY
    made, overrides = visited(law, {"scale": scale}, np.array([0.1, 0.2, 0.1]))
    assert isinstance(made, Visited)
    assert made.tables.visits.size == 2
    u = np.linspace(0.1, 0.9, 5)
    row = np.asarray(overrides["row"])
    values = made.quantile(u, row=row[:, None])
    assert values.shape == (3, 5)
    np.testing.assert_array_equal(values[0], values[2])
    alone, _ = visited(law, {"scale": 45 * DAY}, 0.2)
    np.testing.assert_allclose(values[1], alone.quantile(u), rtol=1e-10)
    np.testing.assert_allclose(made.survival(values, row=row[:, None]), np.tile(1 - u, (3, 1)), atol=1e-11)
    assert made.density(values[:, 0], row=row).shape == (3,)


def test_who_never_comes_by_never_leaves() -> None:
    law = of(Law.of("weibull", shape=0.8, scale=1.0), 0.0)
    np.testing.assert_allclose(law.survival([0.0, 1e6, 1e12]), 1.0, atol=1e-15)


def test_nobody_has_left_before_the_least_patience() -> None:
    law = of(Law.of("uniform", low=9.0, high=10.0), 0.5)
    np.testing.assert_array_equal(law.log_survival([-1.0, 0.0, 8.9, 9.0]), 0.0)
    np.testing.assert_array_equal(law.density([-1.0, 8.9]), 0.0)
    assert law.support() == (9.0, math.inf)
    assert law.knots() == (9.0, 10.0)
    assert float(law.log_survival(math.inf)) == -math.inf
    assert float(law.quantile(1.0)) == math.inf
