"""The strategies that no other beats in both measures."""

from __future__ import annotations

import numpy as np
import pytest

from sim.streams import generator
from sim.study.pareto import front

NOISE = generator(1, "noise").exponential(1.0, 500)


def points(**places: tuple[float, float]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Strategies at these places, all with the same noise in both measures."""
    return (
        {name: NOISE + place[0] for name, place in places.items()},
        {name: 3.0 * NOISE + place[1] for name, place in places.items()},
    )


def test_who_is_dearer_and_loses_more_is_not_on_the_front() -> None:
    found = front(*points(cheap=(0.0, 9.0), dear=(5.0, 1.0), bad=(6.0, 9.5), middle=(2.0, 4.0)), seed=1)
    assert [each.strategy for each in found if each.front] == ["cheap", "dear", "middle"]
    assert found[2].beaten_by == ("cheap", "dear", "middle")
    assert [each.share for each in found] == [1.0, 1.0, 0.0, 1.0]
    assert found[1].first == pytest.approx(NOISE.mean() + 5.0, rel=1e-12)
    assert found[1].second == pytest.approx(3.0 * NOISE.mean() + 1.0, rel=1e-12)


def test_as_good_in_one_and_better_in_the_other_beats() -> None:
    found = front(*points(a=(1.0, 2.0), b=(1.0, 3.0)), seed=1)
    assert [each.front for each in found] == [True, False]


def test_two_that_are_the_same_beat_neither() -> None:
    found = front(*points(a=(1.0, 2.0), b=(1.0, 2.0)), seed=1)
    assert [each.front for each in found] == [True, True]
    assert [each.share for each in found] == [1.0, 1.0]


def test_which_way_is_bad_is_said_of_each_measure() -> None:
    cost, users = points(a=(1.0, 2.0), b=(2.0, 3.0))
    assert [each.front for each in front(cost, users, seed=1)] == [True, False]
    assert [each.front for each in front(cost, users, seed=1, bad=("high", "low"))] == [True, True]
    assert front(cost, users, seed=1, bad=("high", "low"))[1].second == pytest.approx(
        users["b"].mean(), rel=1e-12
    )


def test_a_front_that_noise_decides_has_shares_between() -> None:
    """The dearer one is better by a mean whose paired standard error is as large: Phi(1) of the resamples."""
    rng = generator(1, "front")
    gap = rng.standard_normal(400)
    gap = (gap - gap.mean()) / gap.std()
    base = rng.exponential(50.0, 400)
    cost = {"a": np.zeros(400), "b": np.ones(400)}
    found = front(cost, {"a": base, "b": base - 1.0 / 20.0 + gap}, seed=1)
    assert [each.front for each in found] == [True, True]
    assert found[0].share == 1.0
    assert found[1].share == pytest.approx(0.8413, abs=4.0 * np.sqrt(0.84 * 0.16 / 5000))


def test_one_strategy_is_its_own_front() -> None:
    (found,) = front(*points(a=(1.0, 2.0)), seed=1)
    assert found.front
    assert found.beaten_by == ()
