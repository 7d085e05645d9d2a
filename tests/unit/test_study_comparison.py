"""Strategies against the baseline: what stands in a row of comparison.csv."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.outcomes import MEASURES
from sim.streams import generator
from sim.study.comparison import Difference, Other, compare, compare_all, not_in_step, paired
from sim.study.statistics import share_interval, tail_mean

Outcomes = dict[str, NDArray[Any]]
RUNS = 150
COMMON = generator(1, "what all share").exponential(10.0, RUNS)


def outcomes(first: int = 0, **columns: Any) -> Outcomes:
    size = len(next(iter(columns.values())))
    number = np.arange(first, first + size)
    return {"replication": number, **{name: np.asarray(values) for name, values in columns.items()}}


def losses(worse: float = 0.0, name: str = "") -> Outcomes:
    """Users lost of a strategy, with a little noise of its own if it has a name."""
    noise = generator(1, name).exponential(1.0, RUNS) if name else np.zeros(RUNS)
    return outcomes(users_lost=COMMON + worse + noise)


def all_of(seed: int = 3, **others: Outcomes) -> dict[str, Difference]:
    measures = {"users_lost": MEASURES["users_lost"]}
    found = compare_all(
        [Other(name, measures, each) for name, each in others.items()], "base", losses(0.0, "base"), seed=seed
    )
    return {row.strategy: row for row in found}


def every_measure(seed: int) -> Outcomes:
    """Any values of every measure."""
    rng = generator(seed, "every measure")
    columns: Outcomes = {}
    for name, measure in MEASURES.items():
        if measure.kind == "flag":
            columns[name] = rng.random(RUNS) < 0.9
        elif measure.kind == "text":
            columns[name] = np.where(rng.random(RUNS) < 0.5, "none", "all").astype(object)
        else:
            columns[name] = rng.exponential(3.0, RUNS)
    return {"replication": np.arange(RUNS), **columns}


def test_a_strategy_against_itself_is_exactly_nothing() -> None:
    world = every_measure(1)
    for row in compare("same", "base", MEASURES, world, world):
        assert (row.difference, row.low, row.high) == (0.0, 0.0, 0.0)
        assert (row.better, row.equal) == (0.0, 1.0)
        assert (row.dominance, row.dominant) == ("same", "")
        if row.verdict == "cut":
            continue
        assert (row.bca_low, row.bca_high, row.joint_low, row.joint_high) == (0.0, 0.0, 0.0, 0.0)
        assert (row.p_value, row.p_holm, row.verdict) == (1.0, 1.0, "same")
        assert row.cvar == row.cvar_low == row.cvar_high == 0.0 or math.isnan(row.cvar)


def test_joint_intervals_and_p_values_allow_for_how_many_there_are() -> None:
    rows = all_of(a=losses(-0.2, "a"), b=losses(-0.1, "b"), c=losses(0.3, "c"))
    alone = all_of(a=losses(-0.2, "a"))["a"]
    row = rows["a"]
    assert (row.compared, alone.compared) == (3, 1)
    assert (row.low, row.high, row.p_value) == (alone.low, alone.high, alone.p_value)
    assert (alone.joint_low, alone.joint_high) == pytest.approx((alone.low, alone.high), rel=1e-12)
    assert row.joint_low < row.low < row.high < row.joint_high
    assert alone.p_holm == alone.p_value
    assert row.p_value < row.p_holm <= 3.0 * row.p_value
    assert (row.bca_low, row.bca_high) == (alone.bca_low, alone.bca_high)


def test_holm_is_over_the_strategies_of_one_measure() -> None:
    measures = {name: MEASURES[name] for name in ("users_lost", "cost")}
    base = losses(0.0, "base") | {"cost": COMMON}
    others = [
        Other(name, measures, losses(0.2, name) | {"cost": COMMON + generator(1, name).random(RUNS) - 0.5})
        for name in "ab"
    ]
    found = compare_all(others, "base", base, seed=1)
    for measure in measures:
        first, second = sorted((row for row in found if row.measure == measure), key=lambda row: row.p_value)
        assert first.p_holm == pytest.approx(min(2.0 * first.p_value, 1.0), rel=1e-12)
        assert second.p_holm == pytest.approx(max(first.p_holm, second.p_value), rel=1e-12)


def test_the_verdict_is_that_of_the_joint_interval() -> None:
    rows = all_of(better=losses(-3.0, "x"), worse=losses(3.0, "y"), open=losses(0.0, "z"))
    assert {name: row.verdict for name, row in rows.items()} == {
        "better": "better", "worse": "worse", "open": "undecided",
    }  # fmt: skip
    flag = {"recovered": MEASURES["recovered"]}
    some, few = outcomes(recovered=np.arange(RUNS) < 120), outcomes(recovered=np.arange(RUNS) < 60)
    (row,) = compare("some", "few", flag, some, few)
    assert (row.verdict, row.dominance, row.dominant) == ("better", "first", "some")
    assert math.isnan(row.cvar)


def test_shares_of_pairs_have_wilson_s_interval_and_equals_stand_beside() -> None:
    gap = np.repeat([-1.0, 0.0, 2.0], [70, 50, 30])
    (row,) = compare(
        "a", "b", {"cost": MEASURES["cost"]}, outcomes(cost=COMMON + gap), outcomes(cost=COMMON.copy())
    )
    expected = share_interval(70, RUNS)
    assert (row.better, row.better_low, row.better_high) == (expected.value, expected.low, expected.high)
    assert row.equal == 50 / RUNS


def test_the_worse_tail_is_compared_tail_with_tail() -> None:
    ours, theirs = losses(0.0, "a"), losses(0.0, "base")
    row = all_of(a=ours)["a"]
    expected = tail_mean(ours["users_lost"]) - tail_mean(theirs["users_lost"])
    assert row.cvar == pytest.approx(expected, rel=1e-9)
    assert row.cvar_low < row.cvar < row.cvar_high
    low = {"users_end": MEASURES["users_end"]}
    (row,) = compare("a", "b", low, outcomes(users_end=COMMON), outcomes(users_end=2.0 * COMMON))
    assert row.cvar == pytest.approx(-tail_mean(COMMON, worse="low"), rel=1e-9)
    assert (row.verdict, row.dominant) == ("worse", "b")


@pytest.mark.parametrize("pairs", [2, 19, 20])
def test_with_fewer_than_20_pairs_the_worse_tails_have_no_interval(pairs: int) -> None:
    ours, theirs = (
        outcomes(users_lost=generator(1, name).exponential(10.0, pairs)) for name in ("ours", "theirs")
    )
    (row,) = compare("ours", "theirs", {"users_lost": MEASURES["users_lost"]}, ours, theirs)
    assert math.isfinite(row.bca_low)
    assert math.isfinite(row.bca_high)
    if pairs < 20:
        assert (row.cvar_low, row.cvar_high) == (-math.inf, math.inf)
    else:
        assert row.cvar_low < row.cvar < row.cvar_high < math.inf
    (itself,) = compare("ours", "ours", {"users_lost": MEASURES["users_lost"]}, ours, ours)
    assert (itself.cvar, itself.cvar_low, itself.cvar_high) == (0.0, 0.0, 0.0)


def test_of_a_time_that_the_horizon_cut_no_more_means_are_told() -> None:
    measures = {"time_to_recover": MEASURES["time_to_recover"]}
    hours = np.arange(1.0, 101.0)
    cut = outcomes(time_to_recover=hours, recovered=np.arange(100) < 99)
    whole = outcomes(time_to_recover=hours, recovered=np.full(100, True))
    (row,) = compare("whole", "cut", measures, whole, cut)
    told = [row.bca_low, row.bca_high, row.joint_low, row.joint_high, row.p_value, row.p_holm, row.cvar]
    assert all(math.isnan(each) for each in [*told, row.cvar_low, row.cvar_high])
    assert (row.verdict, row.restricted) == ("cut", True)
    assert (row.better, row.equal) == (0.01, 0.99)
    assert (row.dominance, row.dominant) == ("first", "whole")
    downtime = {"downtime": MEASURES["downtime"]}
    ours, theirs = (outcomes(downtime=hours + more, up_at_end=np.arange(100) < 99) for more in (0.0, 5.0))
    (row,) = compare("a", "b", downtime, ours, theirs)
    assert (row.verdict, row.restricted, row.bca_low) == ("better", True, -5.0)


def test_strategies_with_other_failures_keep_the_pairs_they_have() -> None:
    short = {name: column[5:] for name, column in losses(-1.0, "short").items()}
    rows = all_of(whole=losses(-1.0, "whole"), short=short)
    assert (rows["whole"].runs, rows["short"].runs) == (RUNS, RUNS - 5)
    assert rows["short"].bca_low < rows["short"].difference < rows["short"].bca_high
    assert rows["whole"].bca_low == all_of(whole=losses(-1.0, "whole"))["whole"].bca_low


def test_nothing_in_common_is_no_row() -> None:
    measures = {"users_lost": MEASURES["users_lost"]}
    assert not compare("a", "b", measures, outcomes(users_lost=[1.0]), outcomes(7, users_lost=[1.0]))
    assert not compare_all([], "b", outcomes(users_lost=[1.0]))


def test_a_single_pair_has_no_interval() -> None:
    (row,) = compare("a", "b", {"cost": MEASURES["cost"]}, outcomes(cost=[1.0]), outcomes(cost=[3.0]))
    assert (row.bca_low, row.bca_high) == (-math.inf, math.inf)
    assert (row.joint_low, row.joint_high) == (-math.inf, math.inf)
    assert math.isnan(row.p_value)
    assert row.verdict == "undecided"


def test_the_same_seed_gives_the_same_rows_and_another_moves_the_bootstrap_alone() -> None:
    one, same, other = (all_of(seed, a=losses(0.1, "a"))["a"] for seed in (3, 3, 4))
    assert one == same
    moved = {
        field.name for field in fields(Difference) if getattr(one, field.name) != getattr(other, field.name)
    }
    resampled = {f"{what}_{end}" for what in ("bca", "cvar", "median", "p90") for end in ("low", "high")}
    assert {"bca_low", "bca_high", "cvar_low", "cvar_high", "median_low"} <= moved <= resampled


def test_strategies_that_do_not_move_together_are_told() -> None:
    rows = all_of(with_it=losses(0.0, "a"), against=outcomes(users_lost=50.0 - COMMON))
    assert [row.strategy for row in not_in_step(list(rows.values()))] == ["against"]
    assert rows["with_it"].correlation > 0.9
    still = all_of(still=outcomes(users_lost=np.full(RUNS, 4.0)))["still"]
    assert math.isnan(still.correlation)
    assert not not_in_step([still])


def test_worlds_with_the_same_runs_are_not_copied() -> None:
    one, other = losses(), losses()
    assert paired(one, other)[1]["users_lost"] is other["users_lost"]
