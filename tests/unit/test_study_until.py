"""Runs until a mean is precise enough: how many it takes, and that it goes on where it stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.streams import BLOCK
from sim.study.until import STOPPED_BY, run_until
from tests.pipeline import written
from tests.studies import TEXT, same_tables, small, studied


def test_it_stops_at_the_first_look_that_is_precise_enough(tmp_path: Path) -> None:
    found = run_until(small(), {"users_lost": 0.06}, replications=5000, output=tmp_path)
    assert found.reached
    assert BLOCK < found.runs < 5000
    assert found.runs % BLOCK == 0
    known = found.known[0].precision
    assert known.runs == found.runs == found.study.part().replications
    assert known.half <= 0.06 / 1.06 * known.mean
    fewer = run_until(small(), {"users_lost": 0.06}, replications=BLOCK)
    assert not fewer.reached
    assert fewer.runs == BLOCK


def test_it_gives_the_tables_of_a_study_of_so_many_runs(tmp_path: Path) -> None:
    found = run_until(small(), {"users_lost": 0.1}, replications=1000, output=tmp_path / "one")
    studied(tmp_path / "two", found.runs)
    assert same_tables(tmp_path / "one", tmp_path / "two")


def test_said_again_it_finds_the_same_and_computes_nothing(tmp_path: Path) -> None:
    one = run_until(small(), {"users_lost": 0.06}, replications=5000, output=tmp_path)
    again = run_until(small(), {"users_lost": 0.06}, replications=5000, output=tmp_path)
    assert (again.runs, again.known) == (one.runs, one.known)
    assert again.study.already_done


@pytest.mark.slow
def test_the_manifest_says_that_a_rule_decided_how_many_until_a_fixed_number_does(tmp_path: Path) -> None:
    found = run_until(small(), {"users_lost": 0.06}, replications=5000, output=tmp_path / "looked")
    assert found.study.manifest[STOPPED_BY] == "precision"
    run_until(small(), {"users_lost": 0.06}, replications=5000, output=tmp_path / "looked")
    assert found.study.manifest[STOPPED_BY] == "precision"
    more = studied(tmp_path / "looked", found.runs + BLOCK)
    assert STOPPED_BY not in more.manifest
    fixed = studied(tmp_path / "fixed", found.runs)
    seen = run_until(small(), {"users_lost": 0.06}, replications=5000, output=tmp_path / "fixed")
    assert seen.runs == found.runs
    assert STOPPED_BY not in fixed.manifest  # what was there before was enough


def test_the_maximum_need_not_be_whole_blocks() -> None:
    assert run_until(small(), {"users_lost": 1e-6}, replications=250).runs == 250


def test_a_time_that_the_horizon_cut_is_no_mean_and_does_not_stop_the_rest() -> None:
    cut = written(TEXT.replace("horizon: 60 d", "horizon: 12 d"))
    found = run_until(cut, {"time_to_recover": 0.1, "users_lost": 1e-6}, replications=400)
    assert [each.precision.measure for each in found.impossible] == ["time_to_recover"]
    assert (found.runs, found.reached) == (400, False)
    alone = run_until(cut, {"time_to_recover": 0.1}, replications=1000)
    assert (alone.runs, alone.looks) == (BLOCK, 1)


@pytest.mark.parametrize("wanted", [{}, {"users_lots": 0.1}, {"users_lost": 0.0}, {"rto_met": 0.1}], ids=str)
def test_what_has_no_precision_is_refused(wanted: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        run_until(small(), wanted, replications=200)
