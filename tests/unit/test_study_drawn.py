"""What moves a quantity, from the draws that a study made anyway."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.scenario.inputs import Inputs
from sim.streams import BLOCK, Draws
from sim.study.drawn import Mover, draws_of, moved
from sim.study.statistics import Interval
from tests.studies import UNSURE, small

RUNS = 4000
RNG = np.random.default_rng(7)
DRAWS = {name: RNG.random(RUNS) for name in ("a", "b", "c")}
CHANCE = RNG.normal(size=RUNS)


def curved(*curve: float) -> Mover:
    """An unknown with this curve."""
    none = Interval(0.0, 0.0, 0.0)
    mean, a, b = curve
    return Mover("a", 0.5, 0.5, 0.0, none, none, (mean, a, b))


def test_the_draws_are_those_that_the_runs_met() -> None:
    file = small(UNSURE)
    scenario = file.scenario(file.baseline)
    path = next(iter(scenario.unknowns))
    runs = np.array([0, 1, 199, 200, 350])
    found = draws_of([scenario], runs)[path]
    for draw, run in zip(found, runs, strict=True):
        inputs = Inputs(scenario, Draws(scenario.seed, int(run) // BLOCK))
        met = np.broadcast_to(inputs.number(path), (BLOCK,))[int(run) % BLOCK]
        assert scenario.unknowns[path].quantile(np.array([draw]))[0] == met


def test_nothing_unknown_has_no_draws_and_moves_nothing() -> None:
    file = small()
    assert draws_of([file.scenario(file.baseline)], np.arange(5)) == {}
    assert moved(CHANCE, {}) is None


def test_shares_of_the_variance_are_those_of_the_formula() -> None:
    """Y = 3 u_a + 2 (2 u_b - 1)^2 + e: variances 9/12, 4 * 4/45 and 1, so 0.357, 0.169 and none for c.

    A share of 4,000 runs has a standard error below 0.015; an error of 0.06 is seen.
    """
    values = 3.0 * DRAWS["a"] + 2.0 * (2.0 * DRAWS["b"] - 1.0) ** 2 + CHANCE
    found = moved(values, DRAWS)
    assert found is not None
    whole = 9 / 12 + 16 / 45 + 1.0
    wanted = {"a": 9 / 12 / whole, "b": 16 / 45 / whole, "c": 0.0}
    assert [one.path for one in found.movers] == ["a", "b", "c"]
    for one in found.movers:
        assert one.share == pytest.approx(wanted[one.path], abs=0.06)
    assert [one.told for one in found.movers] == [True, True, False]
    assert found.explained == pytest.approx(1.0 - 1.0 / whole, abs=0.06)


def test_a_parabola_is_found_that_a_correlation_does_not_see() -> None:
    found = moved((2.0 * DRAWS["b"] - 1.0) ** 2, DRAWS)
    assert found is not None
    first = found.movers[0]
    assert first.path == "b"
    assert abs(first.correlation) < 0.1
    assert first.share > 0.9


def test_ends_are_means_of_the_lowest_and_highest_fifth() -> None:
    values = 10.0 * DRAWS["a"]
    found = moved(values, {"a": DRAWS["a"]})
    assert found is not None
    one = found.movers[0]
    assert one.low.value == pytest.approx(values[DRAWS["a"] < 0.2].mean())
    assert one.high.value == pytest.approx(values[DRAWS["a"] >= 0.8].mean())


def test_the_fit_is_the_quantity_on_average_over_chance() -> None:
    truth = 3.0 * DRAWS["a"] - 1.0
    found = moved(truth + CHANCE, DRAWS)
    assert found is not None
    assert float(np.abs(found.fitted - truth).max()) < 0.25


def test_a_curve_passes_a_level_where_it_says() -> None:
    line = curved(*(0.2, 1.0, 0.0))
    (at,) = line.crossings()
    assert at == pytest.approx(0.4)
    bent = curved(*(0.0, 0.0, 1.0))
    low, high = bent.crossings()
    assert [low, high] == pytest.approx([0.5 - 0.5 / math.sqrt(3), 0.5 + 0.5 / math.sqrt(3)])
    flat = curved(*(0.3, 0.1, 0.0))
    assert flat.crossings() == ()


def test_too_few_runs_or_nothing_that_differs_say_nothing() -> None:
    few = {name: draw[:60] for name, draw in DRAWS.items()}
    assert moved(CHANCE[:60], few) is None
    assert moved(np.ones(RUNS), DRAWS) is None
