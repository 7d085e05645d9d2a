"""Which strategy is the best, and what is not yet distinguishable."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.streams import generator
from sim.study.selection import best

BASE = generator(1, "base").exponential(10.0, 400)


def test_the_best_stands_out_where_every_pair_says_so() -> None:
    found = best({"a": BASE + 1.0, "b": BASE, "c": BASE + 2.0}, 1)
    assert found.strategy == "b"
    assert found.possible == ("b",)
    assert found.decided
    assert [each.best_mean for each in found.contenders] == [0.0, 1.0, 0.0]
    assert [each.best_run for each in found.contenders] == [0.0, 1.0, 0.0]
    assert found.contenders[2].mean == pytest.approx(BASE.mean() + 2.0, rel=1e-12)


def test_where_low_is_bad_the_largest_is_best() -> None:
    found = best({"a": BASE, "b": BASE + 1.0}, 1, bad="low")
    assert found.strategy == "b"
    assert found.contenders[1].mean == pytest.approx(BASE.mean() + 1.0, rel=1e-12)
    assert (
        math.copysign(1.0, best({"a": np.zeros(3), "b": np.ones(3)}, 1, bad="low").contenders[0].mean) == 1.0
    )


def test_noise_is_not_yet_distinguishable() -> None:
    noise = generator(1, "noise").exponential(10.0, (3, 50))
    found = best(dict(zip("abc", noise, strict=True)), 1)
    assert found.possible == ("a", "b", "c")
    assert not found.decided
    assert sum(each.best_mean for each in found.contenders) == pytest.approx(1.0, rel=1e-12)
    assert sum(each.best_run for each in found.contenders) == pytest.approx(1.0, rel=1e-12)


def test_two_that_are_the_same_share_and_are_not_called_undecided() -> None:
    found = best({"a": BASE, "b": BASE.copy(), "c": BASE + 1.0}, 1)
    assert found.alike == ("a", "b")
    assert found.decided
    assert [each.best_mean for each in found.contenders] == [0.5, 0.5, 0.0]
    assert [each.best_run for each in found.contenders] == [0.5, 0.5, 0.0]


def test_times_that_the_horizon_cut_have_no_mean_and_rule_nobody_out() -> None:
    cut = BASE.copy()
    cut[7] = math.inf
    found = best({"a": cut, "b": BASE + 1.0}, 1)
    assert found.possible == ("a", "b")
    assert all(math.isnan(each.best_mean) for each in found.contenders)
    assert found.contenders[0].best_run == 399 / 400


def test_a_single_run_rules_nobody_out() -> None:
    found = best({"a": np.array([1.0]), "b": np.array([2.0])}, 1)
    assert found.possible == ("a", "b")
    assert found.contenders[0].best_run == 1.0


def test_one_strategy_alone_is_the_best() -> None:
    found = best({"a": BASE}, 1)
    assert (found.strategy, found.possible, found.decided) == ("a", ("a",), True)


def test_the_same_seed_gives_the_same_shares() -> None:
    noise = dict(zip("abc", generator(1, "noise").exponential(10.0, (3, 50)), strict=True))
    assert best(noise, 3) == best(noise, 3)
    assert best(noise, 3) != best(noise, 4)
