"""Whose runs are better whatever one's taste for risk."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.streams import generator
from sim.study.dominance import Dominance, dominance, holds


def test_less_at_every_rank_dominates_in_the_first_order() -> None:
    ours, theirs = np.array([3.0, 1.0, 2.0]), np.array([2.0, 4.0, 1.0])
    assert dominance(ours, theirs) == Dominance("first", "ours")
    assert dominance(theirs, ours) == Dominance("first", "theirs")


def test_where_low_is_bad_more_dominates() -> None:
    ours, theirs = np.array([3.0, 1.0, 2.0]), np.array([2.0, 4.0, 1.0])
    assert dominance(ours, theirs, "low") == Dominance("first", "theirs")


def test_the_same_mean_with_less_spread_dominates_in_the_second_order_only() -> None:
    assert dominance(np.array([2.0, 2.0]), np.array([1.0, 3.0])) == Dominance("second", "ours")
    assert dominance(np.array([1.0, 3.0]), np.array([2.0, 2.0])) == Dominance("second", "theirs")


def test_a_longer_tail_is_not_made_up_for_by_a_better_middle() -> None:
    """The worst run is worse, the mean is better: neither dominates."""
    assert dominance(np.array([0.0, 0.0, 5.0]), np.array([3.0, 3.0, 4.0])) == Dominance("none")


def test_the_second_order_is_that_of_the_means_of_the_worst_runs() -> None:
    """Against the definition, over every number of worst runs, on samples of all sorts."""
    for k in range(300):
        ours, theirs = generator(1, "second order", k).integers(0, 6, (2, 5)).astype(float)
        worst = [np.sort(each)[::-1].cumsum() for each in (ours, theirs)]
        ranks = [np.sort(each) for each in (ours, theirs)]
        found = dominance(ours, theirs)
        assert (found.order == "same") == np.array_equal(ranks[0], ranks[1])
        assert (found == Dominance("first", "ours")) == (
            bool((ranks[0] <= ranks[1]).all()) and found.order != "same"
        )
        no_worse = bool((worst[0] <= worst[1]).all())
        assert (found.by == "ours") == (no_worse and found.order != "same")


def test_laws_in_the_second_order_by_hand() -> None:
    """Uniform on (0.25, 0.75) against (0, 1): the same mean, half the spread."""
    grid = (np.arange(10_000) + 0.5) / 10_000
    assert dominance(0.25 + 0.5 * grid, grid) == Dominance("second", "ours")
    assert dominance(-np.log1p(-grid), -1.01 * np.log1p(-grid)) == Dominance("first", "ours")


def test_runs_in_another_order_are_the_same() -> None:
    assert dominance(np.array([1.0, 2.0, 3.0]), np.array([3.0, 1.0, 2.0])) == Dominance("same")


def test_what_rounds_to_the_same_is_the_same() -> None:
    values = generator(1, "rounding").random(100) * 1e6
    assert dominance(values, values * (1.0 + 1e-14)) == Dominance("same")


def test_what_the_horizon_cut_is_worse_than_anything() -> None:
    cut, longer = np.array([1.0, math.inf]), np.array([1.0, 1e9])
    assert dominance(longer, cut) == Dominance("first", "ours")
    assert dominance(cut, cut[::-1]) == Dominance("same")
    assert dominance(np.array([2.0, 9.0]), cut) == Dominance("none")
    assert dominance(np.full(3, math.inf), np.full(3, math.inf)) == Dominance("same")


def test_one_run_dominates_another() -> None:
    assert dominance(np.array([1.0]), np.array([2.0])) == Dominance("first", "ours")


def test_it_holds_in_every_resample_where_each_pair_has_it() -> None:
    theirs = generator(1, "pairs").random(200)
    assert holds(theirs - 0.01, theirs, seed=1) == 1.0


def test_it_hangs_on_few_runs_where_two_laws_are_the_same() -> None:
    """Of 50 pairs of samples of one law, what dominates by chance holds in less than 0.9 of the resamples."""
    shares = []
    for k in range(50):
        ours, theirs = generator(1, "by chance", k).random((2, 30))
        shares.append(holds(ours, theirs, seed=1, resamples=50))
    found = [share for share in shares if not math.isnan(share)]
    assert len(found) > 5
    assert np.mean(found) < 0.9


def test_where_nobody_dominates_there_is_nothing_to_hold() -> None:
    assert math.isnan(holds(np.array([1.0, 2.0]), np.array([2.0, 1.0]), seed=1))


def test_the_same_seed_gives_the_same_share() -> None:
    ours, theirs = generator(1, "seeded").random((2, 40))
    ours *= 0.9
    assert holds(ours, theirs, seed=4) == pytest.approx(holds(ours, theirs, seed=4), rel=0, nan_ok=True)
