"""Mixtures and frailties: told by their formulas, inverted exactly, right far in the tail, broadcasting."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.scenario import Law

DAY = 24.0
U = np.concatenate([[0.0, 1e-12, 1e-6], np.linspace(0.001, 0.999, 333), 1 - np.geomspace(1e-4, 1e-14, 11)])


def mixture(shares: tuple[float, ...], *parts: Law) -> Law:
    return Law.of("mixture", shares=shares, parts=parts)


def frailty(variance: float, part: Law) -> Law:
    return Law.of("frailty", variance=variance, parts=(part,))


FAST, SLOW = Law.of("exponential", mean=10 * DAY), Law.of("exponential", mean=90 * DAY)
WEIBULL = Law.of("weibull", shape=0.8, scale=45 * DAY)
NARROW = Law.of("lognormal", median=90 * DAY, p90=91 * DAY)
MIXTURES = [
    mixture((0.6, 0.4), FAST, SLOW),
    mixture(
        (0.5, 0.3, 0.2), Law.of("weibull", shape=0.3, scale=DAY), NARROW, Law.of("gamma", mean=48.0, cv=0.5)
    ),
    mixture((0.5, 0.5), Law.of("uniform", low=1.0, high=2.0), Law.of("pert", low=5.0, likely=6.0, high=7.0)),
    mixture((0.5, 0.5), mixture((0.5, 0.5), FAST, SLOW), WEIBULL),
]
FRAILTIES = [
    frailty(0.3, FAST),
    frailty(0.3, WEIBULL),
    frailty(0.1, Law.of("gamma", mean=20 * DAY, cv=0.7)),
    frailty(0.5, Law.of("uniform", low=1.0, high=2.0)),
    frailty(0.2, mixture((0.5, 0.5), FAST, SLOW)),
]


def named(law: object) -> str:
    return f"{law.kind} of {', '.join(part.kind for part in law.parts)}" if isinstance(law, Law) else ""


@pytest.mark.parametrize("law", MIXTURES + FRAILTIES, ids=named)
def test_the_quantile_undoes_the_survival(law: Law) -> None:
    near_the_end = 0.9 if math.isfinite(law.support()[1]) and law.kind == "frailty" else 1.0
    values = law.quantile(U)
    assert (np.diff(values) >= 0).all()
    told = near_the_end > U  # beyond it values differ by less than the last digit of the highest
    np.testing.assert_allclose(law.survival(values[told]), 1 - U[told], atol=1e-13)
    hazards = np.array([1e-3, 0.5, 3.0, 20.0]) if near_the_end == 1.0 else np.array([1e-3, 0.5, 2.0])
    np.testing.assert_allclose(-law.log_survival(law.reach(hazards)), hazards, rtol=1e-6)


@pytest.mark.parametrize("law", MIXTURES + FRAILTIES, ids=named)
def test_the_density_is_what_the_survival_loses(law: Law) -> None:
    t = law.quantile(np.linspace(0.03, 0.47, 23))
    step = 1e-6 * t
    slope = (law.survival(t - step) - law.survival(t + step)) / (2 * step)
    np.testing.assert_allclose(law.density(t), slope, rtol=1e-5)
    np.testing.assert_allclose(law.hazard(t) * law.survival(t), law.density(t), rtol=1e-12)


@pytest.mark.parametrize("law", MIXTURES + FRAILTIES, ids=named)
def test_values_drawn_have_the_law_and_its_moments(law: Law) -> None:
    """20,000 draws at a fixed seed; z of the mean at most 4, Kolmogorov-Smirnov at the 1 in 1,000 level."""
    drawn = law.quantile(np.random.default_rng(7).random(20_000))
    assert math.isfinite(law.variance())
    assert abs(drawn.mean() - law.mean()) <= 4 * math.sqrt(law.variance() / drawn.size)
    known = 1 - law.survival(np.sort(drawn))
    ranks = np.arange(known.size + 1) / known.size
    distance = float(max((ranks[1:] - known).max(), (known - ranks[:-1]).max()))
    assert stats.kstwo.sf(distance, known.size) > 1e-3
    low, high = law.support()
    assert low <= drawn.min() <= drawn.max() <= high


@pytest.mark.parametrize("law", MIXTURES + FRAILTIES[:2], ids=named)
def test_moments_are_integrals_of_the_quantile(law: Law) -> None:
    """Between edges that crowd at both ends; the heaviest of these tails leaves out 1e-5 of the variance."""
    edges = np.concatenate([np.geomspace(1e-13, 0.5, 60), 1 - np.geomspace(0.5, 1e-13, 60)[1:]])
    x, w = np.polynomial.legendre.leggauss(24)
    width = np.diff(edges)[:, None]
    nodes = law.quantile(edges[:-1, None] + width * 0.5 * (x + 1))
    weights = 0.5 * w * width
    mean = float((nodes * weights).sum())
    assert law.mean() == pytest.approx(mean, rel=1e-3)
    assert law.variance() == pytest.approx(float((nodes**2 * weights).sum()) - mean**2, rel=2e-2)


def test_a_gamma_frailty_of_an_exponential_law_is_lomax() -> None:
    twin = stats.lomax(1 / 0.3, scale=10 * DAY / 0.3)
    law = frailty(0.3, FAST)
    np.testing.assert_allclose(law.quantile(U), twin.ppf(U), rtol=1e-9)
    np.testing.assert_allclose(law.density([1.0, 1e3, 1e6]), twin.pdf([1.0, 1e3, 1e6]), rtol=1e-12)
    assert law.mean() == pytest.approx(twin.mean(), rel=1e-10)
    assert law.variance() == pytest.approx(twin.var(), rel=1e-9)
    assert frailty(0.5, FAST).variance() == math.inf
    assert frailty(1.0, FAST).mean() == math.inf
    assert frailty(0.01, NARROW).mean() == math.inf  # a lognormal hazard grows too slowly for any frailty


def test_no_frailty_is_the_law_itself() -> None:
    law = frailty(0.0, WEIBULL)
    np.testing.assert_array_equal(law.quantile(U), WEIBULL.reach(-np.log1p(-U)))
    np.testing.assert_array_equal(law.log_survival([1.0, 1e4]), WEIBULL.log_survival([1.0, 1e4]))
    assert law.mean() == pytest.approx(WEIBULL.mean(), rel=1e-12)
    assert law.variance() == pytest.approx(WEIBULL.variance(), rel=1e-12)


def test_far_out_only_the_most_patient_are_left() -> None:
    law = mixture((0.6, 0.4), FAST, SLOW)
    t = np.array([1e6, 1e9])
    np.testing.assert_allclose(law.log_survival(t), math.log(0.4) - t / (90 * DAY), rtol=1e-14)
    np.testing.assert_allclose(law.hazard(t), 1 / (90 * DAY), rtol=1e-9)
    assert float(law.log_survival(math.inf)) == -math.inf
    early = 1e-9
    assert -float(law.log_survival(early)) == pytest.approx(early * (0.06 + 0.4 / 90) / DAY, rel=1e-12)


def test_set_values_may_be_mixed_and_stay_set() -> None:
    law = mixture((0.75, 0.25), Law.constant(5.0), Law.of("empirical", values=(1.0, 9.0)))
    np.testing.assert_array_equal(
        law.quantile([0.0, 0.1, 0.125, 0.5, 0.874, 0.875, 0.999]), [1, 1, 5, 5, 5, 9, 9]
    )
    np.testing.assert_allclose(law.survival([0.5, 1.0, 5.0, 9.0]), [1.0, 0.875, 0.125, 0.0])
    atoms = law.atoms(**{"of.1.value": np.array([5.0, 6.0])})
    assert atoms is not None
    np.testing.assert_array_equal(atoms[0], [[5.0, 6.0], [1.0, 1.0], [9.0, 9.0]])
    np.testing.assert_array_equal(atoms[1], [0.75, 0.125, 0.125])
    moved = law.quantile(np.full(2, 0.5), **{"of.1.value": np.array([5.0, 6.0])})
    np.testing.assert_array_equal(moved, [5.0, 6.0])
    assert (law.mean(), law.variance()) == (5.0, 4.0)
    assert mixture((0.6, 0.4), FAST, SLOW).atoms() is None


@pytest.mark.parametrize("law", [*MIXTURES, *FRAILTIES], ids=named)
def test_any_number_of_any_part_may_be_an_array(law: Law) -> None:
    u = np.linspace(0.05, 0.95, 5)
    for name in law.names():
        value = law[name]
        if isinstance(value, tuple):
            continue
        values = value * np.linspace(0.99, 1.001, 5)
        got = law.quantile(u, **{name: values})
        for place in range(5):
            one = law.quantile(u[place], **{name: values[place]})
            assert got[place] == pytest.approx(float(one), rel=1e-13)
        t = np.full((3, 1), law.median())
        for function in (law.survival, law.log_survival, law.density, law.hazard):
            assert function(t, **{name: values}).shape == (3, 5)


def test_numbers_of_parts_are_found_by_their_places() -> None:
    law = mixture((0.5, 0.5), frailty(0.2, FAST), WEIBULL)
    assert list(law.names()) == ["of.1.of.mean", "of.1.variance", "of.2.shape", "of.2.scale", "shares"]
    assert law["of.1.of.mean"] == 10 * DAY
    assert law.at(["of", "2", "scale"]) == (WEIBULL, "scale")
    assert law.at(["of", "1", "of"]) == (FAST, "")
    for wrong in (["of", "3"], ["of"], ["of", "2", "mean"], ["mean"], ["shares", "1"]):
        with pytest.raises(KeyError):
            law.at(wrong)
    with pytest.raises(TypeError, match=r"no parameter of\.3\.mean"):
        law.survival(1.0, **{"of.3.mean": 2.0})


def test_the_least_value_of_an_exponential_part_cannot_be_taken() -> None:
    assert not MIXTURES[0].can_be_least
    assert mixture((0.5, 0.5), FAST, Law.of("uniform", low=0.0, high=1.0)).can_be_least
    assert not frailty(1.0, FAST).can_be_least
