"""What is said of the runs: summary lines, claims, targets, comparison, the typical run."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.outcomes import MEASURES, Measure
from sim.study import claims
from sim.study.comparison import compare
from sim.study.runs import typical, worst
from sim.study.summary import Line, summarise

Outcomes = dict[str, NDArray[Any]]


def outcomes(**columns: Any) -> Outcomes:
    size = len(next(iter(columns.values())))
    return {"replication": np.arange(size), **{name: np.asarray(values) for name, values in columns.items()}}


def lines(found: Outcomes, *names: str, failed: int = 0) -> dict[str, Line]:
    measures = {name: MEASURES[name] for name in names}
    return {line.measure: line for line in summarise("as_is", measures, found, failed)}


def recovery(cut: int = 0) -> Outcomes:
    """A hundred times to recover of 1 to 100 h, the longest of which the horizon cut."""
    return outcomes(time_to_recover=np.arange(1.0, 101.0), recovered=np.arange(100) < 100 - cut)


def test_quantiles_are_order_statistics() -> None:
    line = lines(recovery(), "time_to_recover")["time_to_recover"]
    assert (line.median, line.p05, line.p95) == (50.0, 5.0, 95.0)
    assert line.mean == 50.5
    assert not line.restricted
    assert line.unfinished == 0.0
    assert line.cvar == 98.0
    assert line.median_low <= 50.0 <= line.median_high


def test_a_quantile_among_the_cut_runs_is_beyond_the_horizon() -> None:
    line = lines(recovery(cut=10), "time_to_recover")["time_to_recover"]
    assert math.isinf(line.p95)
    assert line.median == 50.0
    assert math.isinf(line.cvar)
    assert line.restricted
    assert line.unfinished == pytest.approx(0.1, rel=1e-12)
    assert line.mean == 50.5


def test_downtime_is_within_the_horizon_by_definition_and_stays_finite() -> None:
    found = outcomes(downtime=np.arange(1.0, 101.0), up_at_end=np.arange(100) < 90)
    line = lines(found, "downtime")["downtime"]
    assert line.p95 == 95.0
    assert line.cvar == 98.0
    assert line.restricted
    assert line.unfinished == pytest.approx(0.1, rel=1e-12)


def test_of_a_flag_the_share_is_told() -> None:
    line = lines(recovery(cut=10), "recovered")["recovered"]
    assert line.mean == pytest.approx(0.9, rel=1e-12)
    assert 0.8 < line.mean_low < 0.9 < line.mean_high < 0.96
    assert math.isnan(line.median)
    assert math.isnan(line.unfinished)


def test_of_a_word_the_share_that_lost_data_is_told() -> None:
    line = lines(outcomes(data_lost=np.array(["none", "part", "all", "none"], dtype=object)), "data_lost")
    assert line["data_lost"].mean == 0.5


def test_where_low_is_bad_the_tail_is_the_low_one() -> None:
    line = lines(outcomes(users_end=np.arange(100.0)), "users_end")["users_end"]
    assert line.cvar == 2.0


def test_failed_runs_are_counted_beside() -> None:
    line = lines(recovery(), "time_to_recover", failed=3)["time_to_recover"]
    assert (line.runs, line.failed) == (100, 3)


# -- claims -----------------------------------------------------------------------------------------------


def verdict(found: Outcomes, measure: str, needed: float, failed: int = 0, **limits: float) -> claims.Verdict:
    claim = SimpleNamespace(
        measure=measure, at_most=limits.get("at_most"), at_least=limits.get("at_least"),
        in_share_of_runs=needed, strategy=None, label=None,
    )  # fmt: skip
    scenario: Any = SimpleNamespace(expect=(claim,), **EMPTY)
    return claims.claims(scenario, "as_is", found, failed)[0]


EMPTY = {
    "capabilities": {},
    "users": SimpleNamespace(unit="users", start=1000.0, rivals={}, reopening=None),
    "currency": "USD",
    "targets": SimpleNamespace(rto=None, rpo=None, users_lost=None),
}


def test_a_claim_passes_when_the_whole_interval_does() -> None:
    found = verdict(recovery(), "time_to_recover", 0.5, at_most=90.0)
    assert (found.verdict, found.met, found.runs) == ("pass", 90, 100)
    assert found.share == pytest.approx(0.9, rel=1e-12)


def test_a_claim_fails_when_none_of_the_interval_does() -> None:
    assert verdict(recovery(), "time_to_recover", 0.9, at_most=50.0).verdict == "fail"


def test_a_claim_that_so_many_runs_cannot_settle_is_undecided() -> None:
    assert verdict(recovery(), "time_to_recover", 0.5, at_most=50.0).verdict == "undecided"


def test_a_time_cut_beyond_the_limit_breaks_at_most() -> None:
    found = verdict(recovery(cut=10), "time_to_recover", 0.5, at_most=80.0)
    assert (found.met, found.undecided) == (80, 0)


def test_a_time_cut_before_the_limit_says_neither() -> None:
    found = verdict(recovery(cut=10), "time_to_recover", 0.99, at_most=500.0)
    assert (found.met, found.undecided, found.verdict) == (90, 10, "undecided")


def test_a_time_cut_beyond_the_limit_meets_at_least() -> None:
    found = verdict(recovery(cut=10), "time_to_recover", 0.5, at_least=95.0)
    assert (found.met, found.undecided) == (6, 4)


def test_failed_runs_neither_prove_nor_refute() -> None:
    found = verdict(recovery(), "time_to_recover", 0.9, failed=100, at_most=100.0)
    assert (found.runs, found.undecided, found.verdict) == (200, 100, "undecided")


def test_in_every_run_means_every_run() -> None:
    assert verdict(recovery(), "time_to_recover", 1.0, at_most=100.0).verdict == "pass"
    assert verdict(recovery(), "time_to_recover", 1.0, at_most=99.0).verdict == "fail"
    assert verdict(recovery(cut=1), "time_to_recover", 1.0, at_most=500.0).verdict == "undecided"


def test_targets_are_measured_and_not_judged() -> None:
    scenario: Any = SimpleNamespace(
        **{**EMPTY, "targets": SimpleNamespace(rto=50.0, rpo=24.0, users_lost=0.2)}
    )
    found = outcomes(
        time_to_recover=[10.0, 60.0, 40.0, 40.0],
        recovered=[True, True, False, True],
        data_loss_window=[0.0, 12.0, 30.0, 1.0],
        data_lost=np.array(["none", "part", "part", "all"], dtype=object),
        users_lost=[100.0, 200.0, 201.0, -5.0],
    )
    rto, rpo, lost = claims.targets(scenario, "as_is", found)
    assert (rto.met, rto.undecided) == (2, 1)
    assert (rpo.met, rpo.undecided) == (2, 0)
    assert lost.met == 3
    assert {rto.verdict, rpo.verdict, lost.verdict} == {""}


# -- comparison -------------------------------------------------------------------------------------------


def test_strategies_are_compared_replication_by_replication() -> None:
    noise = np.array([5.0, 100.0, 7.0, 300.0])
    base = outcomes(users_lost=noise)
    ours = outcomes(users_lost=noise - np.array([1.0, 2.0, 3.0, 4.0]))
    (found,) = compare("warm", "as_is", {"users_lost": MEASURES["users_lost"]}, ours, base)
    assert found.difference == pytest.approx(-2.5, rel=1e-12)
    assert -5.0 < found.low < -2.5 < found.high < 0.0
    assert found.better == 1.0
    assert found.correlation == pytest.approx(1.0, abs=1e-3)


def test_only_replications_that_both_have_are_compared() -> None:
    base = {"replication": np.array([0, 1, 3]), "users_lost": np.array([1.0, 2.0, 4.0])}
    ours = {"replication": np.array([1, 2, 3]), "users_lost": np.array([1.0, 99.0, 3.0])}
    (found,) = compare("warm", "as_is", {"users_lost": MEASURES["users_lost"]}, ours, base)
    assert (found.runs, found.difference) == (2, -1.0)


def test_a_cut_run_in_a_pair_restricts_the_difference() -> None:
    measures = {"time_to_recover": MEASURES["time_to_recover"]}
    (found,) = compare("warm", "as_is", measures, recovery(), recovery(cut=1))
    assert found.restricted
    assert found.difference == 0.0
    assert math.isnan(found.correlation) or found.correlation == pytest.approx(1.0, rel=1e-9)


# -- single runs ------------------------------------------------------------------------------------------


def test_the_typical_run_is_nearest_the_middle_in_both_ranks() -> None:
    found = outcomes(downtime=[1.0, 2.0, 3.0, 4.0, 5.0], users_lost=[50.0, 10.0, 30.0, 20.0, 40.0])
    assert typical(found) == 2


def test_on_a_tie_the_lowest_number_is_typical() -> None:
    found = outcomes(downtime=[1.0, 2.0, 3.0, 4.0], users_lost=[1.0, 2.0, 3.0, 4.0])
    assert typical(found) == 1
    assert typical(outcomes(downtime=[0.0, 0.0, 0.0], users_lost=[0.0, 0.0, 0.0])) == 0


def test_numbers_are_those_of_the_replications_not_of_the_rows() -> None:
    found = outcomes(downtime=[1.0, 2.0, 3.0], users_lost=[1.0, 2.0, 3.0]) | {
        "replication": np.array([4, 7, 9])
    }
    assert (typical(found), worst(found)) == (7, 9)


def test_the_worst_run_loses_the_most_users() -> None:
    assert worst(outcomes(users_lost=[3.0, 9.0, 9.0, 1.0])) == 1


def test_a_measure_says_what_cuts_it() -> None:
    one: Measure = MEASURES["time_to_recover"]
    assert (one.censored_by, one.open_ended) == ("recovered", True)
    assert not MEASURES["downtime"].open_ended
