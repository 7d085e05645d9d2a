"""Laws agree with scipy.stats, with each other's functions, and take arrays for any parameter."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.scenario import Law
from sim.scenario.families import FAMILIES

U = np.linspace(0.0, 0.999, 200)
PERT_SHAPES = (1 + 4 / 5, 1 + 4 * 4 / 5)

TWINS: list[tuple[Law, Any]] = [
    (Law.of("uniform", low=2.0, high=5.0), stats.uniform(2, 3)),
    (Law.of("triangular", low=1.0, likely=2.0, high=6.0), stats.triang(0.2, 1, 5)),
    (Law.of("pert", low=1.0, likely=2.0, high=6.0), stats.beta(*PERT_SHAPES, loc=1, scale=5)),
    (Law.of("exponential", mean=36.0), stats.expon(scale=36)),
    (Law.of("weibull", shape=0.8, scale=45.0), stats.weibull_min(0.8, scale=45)),
    (Law.of("weibull", shape=2.0, scale=45.0), stats.weibull_min(2.0, scale=45)),
    (Law.of("gamma", shape=0.7, scale=3.0), stats.gamma(0.7, scale=3)),
    (Law.of("gamma", mean=6.0, cv=0.5), stats.gamma(4, scale=1.5)),
    (
        Law.of("lognormal", median=45.0, p90=110.0),
        stats.lognorm(math.log(110 / 45) / stats.norm.ppf(0.9), scale=45),
    ),
    (Law.of("beta", mean=0.2, correlation=0.09), stats.beta(0.2 * 0.91 / 0.09, 0.8 * 0.91 / 0.09)),
]
ATOMS = [
    Law.constant(3.0),
    Law.of("empirical", values=(5.0, 1.0, 2.0, 2.0)),
    Law.of("beta", mean=0.2, correlation=0.0),
]


def name(law: object) -> str:
    return f"{law.kind}{dict(law.parameters)}" if isinstance(law, Law) else ""


@pytest.mark.parametrize(("law", "twin"), TWINS, ids=name)
def test_a_law_is_the_one_of_the_textbook(law: Law, twin: Any) -> None:
    np.testing.assert_allclose(law.quantile(U), twin.ppf(U), rtol=1e-9, atol=1e-12)
    x = twin.ppf(np.linspace(0.01, 0.99, 50))
    np.testing.assert_allclose(law.survival(x), twin.sf(x), rtol=1e-9)
    np.testing.assert_allclose(law.log_survival(x), twin.logsf(x), rtol=1e-8)
    np.testing.assert_allclose(law.density(x), twin.pdf(x), rtol=1e-9)
    assert law.mean() == pytest.approx(twin.mean(), rel=1e-12)
    assert law.variance() == pytest.approx(twin.var(), rel=1e-10)
    assert law.median() == pytest.approx(twin.median(), rel=1e-12)
    assert law.support() == pytest.approx(twin.support())


@pytest.mark.parametrize("law", [law for law, _ in TWINS], ids=name)
def test_survival_undoes_the_quantile(law: Law) -> None:
    np.testing.assert_allclose(law.survival(law.quantile(U)), 1 - U, rtol=1e-9)


@pytest.mark.parametrize("law", [law for law, _ in TWINS] + ATOMS, ids=name)
def test_nothing_is_below_the_support_and_all_survive_there(law: Law) -> None:
    low, high = law.support()
    values = law.quantile(np.linspace(0, 0.9999, 500))
    assert values.min() >= low
    assert values.max() <= high
    assert (np.diff(values) >= 0).all()
    assert float(law.survival(low - 1.0)) == 1.0
    assert float(law.density(low - 1.0)) == 0.0
    if math.isfinite(high):
        assert float(law.survival(high)) == 0.0
        assert float(law.log_survival(high)) == -math.inf


def test_a_constant_is_its_value_whatever_is_drawn() -> None:
    law = Law.constant(5)
    np.testing.assert_array_equal(law.quantile(U), np.full(U.shape, 5.0))
    assert (law.mean(), law.median(), law.variance(), law.is_constant) == (5.0, 5.0, 0.0, True)
    np.testing.assert_array_equal(law.survival([4.9, 5.0]), [1.0, 0.0])


def test_listed_values_come_as_often_as_they_are_listed() -> None:
    law = Law.of("empirical", values=(5.0, 1.0, 2.0, 2.0))
    np.testing.assert_array_equal(law.quantile([0.0, 0.25, 0.5, 0.74, 0.75, 0.999]), [1, 2, 2, 2, 5, 5])
    np.testing.assert_array_equal(law.survival([0.0, 1.0, 2.0, 5.0]), [1.0, 0.75, 0.25, 0.0])
    assert law.mean() == 2.5
    assert law.variance() == 2.25
    atoms = law.atoms()
    assert atoms is not None
    np.testing.assert_array_equal(atoms[0], [1.0, 2.0, 5.0])
    np.testing.assert_array_equal(atoms[1], [0.25, 0.5, 0.25])


def test_atoms_are_told_for_laws_without_density_only() -> None:
    atoms = Law.constant(3.0).atoms(value=np.array([1.0, 2.0]))
    assert atoms is not None
    np.testing.assert_array_equal(atoms[0], [[1.0, 2.0]])
    assert Law.of("exponential", mean=1.0).atoms() is None
    assert Law.of("beta", mean=0.2, correlation=0.0).atoms() is not None


def test_no_correlation_is_a_constant_share() -> None:
    law = Law.of("beta", mean=0.2, correlation=0.0)
    np.testing.assert_array_equal(law.quantile(U), np.full(U.shape, 0.2))
    assert law.is_constant
    assert not Law.of("beta", mean=0.2, correlation=0.09).is_constant
    np.testing.assert_array_equal(Law.of("beta", mean=1.0, correlation=0.5).quantile(U), np.ones(U.shape))
    mixed = Law.of("beta", mean=0.2, correlation=0.09).quantile(
        np.full(2, 0.3), correlation=np.array([0.0, 0.09])
    )
    assert mixed[0] == 0.2
    assert mixed[1] != 0.2


def test_the_correlation_is_that_of_two_answers() -> None:
    """Cov of two yes/no answers that share p is Var(p) = m (1 - m) r."""
    assert Law.of("beta", mean=0.2, correlation=0.09).variance() == pytest.approx(0.2 * 0.8 * 0.09, rel=1e-12)


@pytest.mark.parametrize("law", [law for law, _ in TWINS] + [Law.constant(3.0)], ids=name)
def test_a_parameter_as_an_array_is_that_many_laws(law: Law) -> None:
    u = np.linspace(0.05, 0.95, 7)
    for parameter, value in law.parameters:
        assert isinstance(value, float)
        values = value * np.linspace(0.98, 1.01, 7)
        got = law.quantile(u, **{parameter: values})
        one = [
            Law.of(law.kind, {**dict(law.parameters), parameter: v}).quantile(x)
            for v, x in zip(values, u, strict=True)
        ]
        np.testing.assert_allclose(got, np.array(one), rtol=1e-14)
        t = np.full((3, 1), law.median())
        assert law.survival(t, **{parameter: values}).shape == (3, 7)
        assert law.density(t, **{parameter: values}).shape == (3, 7)
        assert law.log_survival(t, **{parameter: values}).shape == (3, 7)


def test_an_override_of_no_parameter_is_refused() -> None:
    with pytest.raises(TypeError, match="no parameter median"):
        Law.of("exponential", mean=1.0).quantile(0.5, median=2.0)


def test_log_survival_is_right_where_survival_underflows() -> None:
    assert float(Law.of("weibull", shape=0.8, scale=1.0).log_survival(1e6)) == pytest.approx(
        -(1e6**0.8), rel=1e-12
    )
    assert float(Law.of("exponential", mean=2.0).log_survival(1e5)) == -5e4
    lognormal = Law.of("lognormal", median=1.0, p90=1.1)
    assert float(lognormal.log_survival(1e3)) == pytest.approx(
        stats.norm.logsf(math.log(1e3) / (math.log(1.1) / stats.norm.ppf(0.9)))
    )
    for shape in (0.3, 1.0, 4.0):
        law = Law.of("gamma", shape=shape, scale=1.0)
        near, far = (float(law.log_survival(t)) for t in (640.0, 650.0))
        assert far - near == pytest.approx(-10 + (shape - 1) * math.log(650 / 640), abs=1e-3)
    assert float(Law.of("gamma", shape=1.0, scale=1.0).log_survival(900.0)) == pytest.approx(
        -900.0, rel=1e-12
    )


def test_knots_are_the_edges_and_kinks_of_the_density() -> None:
    assert Law.of("uniform", low=1.0, high=2.0).knots() == (1.0, 2.0)
    assert Law.of("triangular", low=1.0, likely=1.5, high=2.0).knots() == (1.0, 1.5, 2.0)
    assert Law.of("pert", low=1.0, likely=1.5, high=2.0).knots() == (1.0, 2.0)
    assert Law.of("exponential", mean=1.0).knots() == ()
    low, _ = Law.of("uniform", low=1.0, high=2.0).knots(low=np.array([0.5, 0.7]))
    np.testing.assert_array_equal(low, [0.5, 0.7])


@given(st.floats(0.0, 1.0), st.floats(0.01, 1e4), st.floats(0.01, 1e4))
def test_a_three_point_law_keeps_to_its_points(at: float, low: float, width: float) -> None:
    """Also where the likely value is at an end."""
    points = {"low": low, "likely": min(low + at * width, low + width), "high": low + width}
    for kind in ("pert", "triangular"):
        values = Law.of(kind, points).quantile(np.linspace(0, 1, 21))
        assert np.isfinite(values).all()
        assert values[0] == pytest.approx(low)
        assert values[-1] == pytest.approx(low + width)
        assert (np.diff(values) >= 0).all()


def test_at_one_an_unbounded_law_is_infinite_without_a_warning() -> None:
    for kind, family in FAMILIES.items():
        if not family.bounded and not family.of:
            law = next(law for law, _ in TWINS if law.kind == kind)
            assert float(law.quantile(1.0)) == math.inf
            assert float(law.quantile(0.0)) == 0.0


def test_parameters_are_found_by_name() -> None:
    law = Law.of("pert", low=1.0, likely=2.0, high=6.0)
    assert law["likely"] == 2.0
    assert list(law.names()) == ["low", "likely", "high"]
