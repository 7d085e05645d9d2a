"""Worlds without events: exact where the answer is known, on the same draws everywhere else."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import ArchiveError, UsageError
from sim.scenario import ScenarioFile
from sim.scenario.without import Blow
from sim.study import run_study
from sim.study.arms import arms_of, read_arms
from sim.study.comparison import paired
from sim.study.without import Effect, simulate_without
from sim.study.yearly import accounts, turning_points
from sim.views.compare import compare, compare_folders
from tests.pipeline import written
from tests.studies import STRATEGIES, TEXT, UNSURE, small

TWO = """
name: two
title: Two services that have nothing to do with each other
clock: {start: 2025-01-01T00:00Z, horizon: 60 d}
suppliers: {a: {}, b: {}, idle: {}}
capabilities:
  mail: {needs: [a]}
  chat: {needs: [b]}
users:
  start: 100000
  served_by: mail
  revenue: 2
  segments:
    writers: {share: 40 %, served_by: mail, join_by: none, patience: {mean: 9 d}}
    talkers: {share: 60 %, served_by: chat, join_by: none, patience: {mean: 20 d}}
events:
  - {outage: a, at: 5 d, lasts: {mean: 4 d}}
  - {outage: b, at: 9 d, lasts: {low: 1 d, likely: 2 d, high: 9 d}}
  - {suspend: idle, at: 7 d}
"""

ONE = """
name: one
title: Two suppliers of one service, gone for the same ten hours
clock: {start: 2025-01-01T00:00Z, horizon: 30 d}
suppliers: {a: {}, b: {}}
capabilities: {use: {GATE: [a, b]}}
users: {start: 1000, served_by: use}
events:
  - {outage: a, at: 5 d, lasts: 10 h}
  - {outage: b, at: 5 d, lasts: 10 h}
"""

CERTAIN = """
name: certain
title: A loss that is known beforehand
clock: {start: 2025-01-01T00:00Z, horizon: 30 d}
suppliers: {host: {}, spare: {}}
capabilities: {use: {needs_any: [host]}, stand_by: {needs: [spare]}}
users: {start: 7305, served_by: use, revenue: 1, churn: 0 per day, joins: 0 per day, patience: 1e9 d}
events:
  - {outage: host, at: 5 d, lasts: 100 h, chance: 4 % per year}
strategies:
  as_is: {}
  spare: {suppliers: {spare: {monthly_cost: 5}}, capabilities: {use: {needs_any: [host, spare]}}}
"""
"""Nobody leaves; 7,305 users at 1 a month lose 10 an hour, 1,000 in all; the spare is 60 a year."""


def told(file: ScenarioFile, *without: str, **options: object) -> dict[tuple[str, str, str], Effect]:
    """Effects by what, events and measure."""
    found = compare(file, without=without, replications=200, **options)  # type: ignore[arg-type]
    return {(each.what, each.events, each.measure): each for each in found.effects}


def test_an_event_that_nothing_depends_on_has_no_effect_in_any_run() -> None:
    found = told(written(TWO), "suspend_idle")
    assert len(found) > 20
    for each in found.values():
        assert each.low == each.effect == each.high == 0.0, each
        assert each.happened == each.without


def test_losses_of_services_that_share_nothing_add_up_exactly() -> None:
    found = told(written(TWO), "outage_a", "outage_b")
    events = "outage_a, outage_b"
    for measure in ("users_lost", "user_hours_lost", "revenue_lost", "downtime"):
        extra = found["interaction", events, measure]
        assert extra.low == extra.effect == extra.high == 0.0, measure
        apart = [found["alone", name, measure].effect for name in ("outage_a", "outage_b")]
        whole = found["together", "outage_a+outage_b", measure]
        assert whole.effect == pytest.approx(sum(apart), rel=1e-9)
        assert whole.effect == pytest.approx(whole.happened - whole.without, rel=1e-12)
    assert found["alone", "outage_b", "users_lost"].effect > 100.0
    assert found["together", "outage_a+outage_b", "users_lost"].without == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("gate", "alone", "extra"), [("needs", 0.0, 10.0), ("needs_any", 10.0, -10.0)])
def test_blows_of_which_one_suffices_are_more_together_and_those_that_need_each_other_less(
    gate: str, alone: float, extra: float
) -> None:
    """Down for ten hours with both: taking one away saves nothing of them, or all."""
    found = told(written(ONE.replace("GATE", gate)), "outage_a", "outage_b")
    assert found["alone", "outage_a", "downtime"].effect == pytest.approx(alone, abs=1e-9)
    assert found["together", "outage_a+outage_b", "downtime"].effect == pytest.approx(10.0, rel=1e-12)
    assert found["interaction", "outage_a, outage_b", "downtime"].effect == pytest.approx(extra, rel=1e-12)


def test_a_blow_of_two_events_is_the_two_together() -> None:
    apart = told(written(TWO), "outage_a", "outage_b")
    joined = told(written(TWO), "outage_b+outage_a")
    assert {what for what, _, _ in joined} == {"alone"}
    for measure in ("users_lost", "downtime"):
        one = joined["alone", "outage_a+outage_b", measure]
        other = apart["together", "outage_a+outage_b", measure]
        assert (one.effect, one.low, one.high) == (other.effect, other.low, other.high)


def test_a_whole_that_was_named_is_not_counted_into_the_sum() -> None:
    found = told(written(TWO), "outage_a", "outage_b", "outage_a+outage_b")
    assert found["interaction", "outage_a, outage_b", "users_lost"].effect == 0.0
    assert ("together", "outage_a+outage_b", "users_lost") in found


def test_blows_that_share_an_event_have_no_sum() -> None:
    found = told(written(TWO), "outage_a+suspend_idle", "outage_b+suspend_idle")
    assert {what for what, _, _ in found} == {"alone", "together"}


def test_worlds_are_studies_of_their_own_that_are_found_done(tmp_path: Path) -> None:
    file = small(UNSURE)
    told(file, "suspend_host", output=tmp_path / "out")
    blocks = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("0*.parquet")}
    worlds = {path.parents[2].name for path in (tmp_path / "out" / "without").rglob("blocks/*/0*.parquet")}
    assert len(worlds) == 1
    assert worlds.isdisjoint({file.digest})
    told(file, "suspend_host", output=tmp_path / "out")
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("0*.parquet")} == blocks


def test_without_its_only_event_nothing_is_lost_in_any_run() -> None:
    file = small(UNSURE)
    spared = simulate_without(
        file, Blow(("suspend_host",)), strategies=["as_is"], replications=200, workers=1, folder=None,
        watch=lambda _: nullcontext(None),
    )["as_is"]  # fmt: skip
    assert not spared.outcomes["users_lost"].any()
    assert np.ptp(spared.outcomes["users_end"]) > 0.0  # the unknown still varies, with the same draws
    assert np.array_equal(
        spared.outcomes["users_end"], run_study(file, replications=200).outcomes()["users_end_counterfactual"]
    )


# -- strategies -----------------------------------------------------------------------------------------


def test_a_strategy_that_changes_nothing_differs_by_nothing_in_every_run() -> None:
    more = UNSURE + "strategies: {as_is: {}, the_same: {}}\n"
    found = compare(small(more), replications=400)
    assert {each.strategy for each in found.differences} == {"the_same"}
    for each in found.differences:
        assert each.low == each.difference == each.high == 0.0, each.measure
        assert each.better == 0.0
    ours, theirs = paired(*(arm.outcomes for arm in found.arms))
    for name in ours:
        assert np.array_equal(ours[name], theirs[name]), name


def test_the_baseline_is_the_files_unless_others_are_named() -> None:
    three = small(STRATEGIES.replace("baseline: as_is", "  third: {}\nbaseline: as_is"))

    def made(**options: Any) -> tuple[str, list[str]]:
        found = compare(three, replications=1, **options)
        return found.baseline, [arm.strategy for arm in found.arms]

    assert made() == ("as_is", ["as_is", "asks_more", "third"])
    assert made(strategies=["third"]) == ("as_is", ["as_is", "third"])
    assert made(strategies=["third", "asks_more"]) == ("third", ["asks_more", "third"])
    assert made(strategies=["third"], baseline="asks_more") == ("asks_more", ["asks_more", "third"])
    assert made(strategies=["third"], without=["suspend_host"]) == ("third", ["third"])


def test_pairs_are_the_replications_that_both_have() -> None:
    one = {"replication": np.array([0, 1, 3, 4]), "downtime": np.array([1.0, 2.0, 3.0, 4.0])}
    other = {"replication": np.array([1, 2, 4]), "downtime": np.array([5.0, 6.0, 7.0])}
    ours, theirs = paired(one, other)
    assert ours["downtime"].tolist() == [2.0, 4.0]
    assert theirs["downtime"].tolist() == [5.0, 7.0]


def test_a_loss_known_beforehand_has_the_break_even_chance_one_can_work_out() -> None:
    """The spare costs 60 a year more and saves 1,000 if the outage comes: it pays from 6 % a year."""
    found = compare(written(CERTAIN), replications=200)
    assert found.accounts[0].loss["as_is"] == pytest.approx(np.full(200, 1000.0), rel=1e-6)
    point = found.turning[0]
    assert (point.below, point.above) == ("as_is", "spare")
    for chance in (point.chance, point.low, point.high):
        assert chance == pytest.approx(0.06, rel=1e-6)
    given = {line.strategy: line for line in found.years if line.given and line.account == "money"}
    assert given["as_is"].a_year == pytest.approx(40.0, rel=1e-6)
    assert given["spare"].a_year == pytest.approx(60.0, rel=1e-6)


# -- finished results -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_folder_is_compared_as_it_is(tmp_path: Path) -> None:
    file = small(STRATEGIES)
    study = run_study(file, replications=300, output=tmp_path / "out")
    arms, baseline = read_arms([tmp_path / "out"])
    assert baseline == "as_is"
    for read, own in zip(arms, arms_of(study), strict=True):
        assert (read.strategy, read.label, read.digest) == (own.strategy, own.label, own.digest)
        for name, column in own.outcomes.items():
            assert np.array_equal(read.outcomes[name], column), name
    found = compare_folders([tmp_path / "out"])
    assert list(map(repr, found.differences)) == list(map(repr, study.comparison))  # NaN is not itself
    assert (tmp_path / "out" / "compare" / "comparison.csv").read_bytes() == (
        tmp_path / "out" / "comparison.csv"
    ).read_bytes()
    turned = compare_folders([tmp_path / "out"], baseline="asks_more")
    mirror = {each.measure: each.difference for each in study.comparison}
    assert all(each.difference == -mirror[each.measure] for each in turned.differences)


@pytest.mark.slow
def test_folders_of_one_strategy_each_are_paired_and_told_apart(tmp_path: Path) -> None:
    run_study(small(STRATEGIES), replications=200, output=tmp_path / "a", strategies=["as_is"])
    run_study(small(STRATEGIES), replications=200, output=tmp_path / "b", strategies=["asks_more"])
    run_study(small(settings=["users.churn=0.2 % per day"]), replications=200, output=tmp_path / "churn")
    both = compare_folders([tmp_path / "a", tmp_path / "b"])
    assert [arm.strategy for arm in both.arms] == ["as_is", "asks_more"]
    assert both.folder is None
    again = run_study(small(STRATEGIES), replications=200).comparison
    assert list(map(repr, both.differences)) == list(map(repr, again))
    set_ = compare_folders([tmp_path / "a", tmp_path / "churn"], output=tmp_path / "out")
    assert [arm.strategy for arm in set_.arms] == ["a", "churn"]
    assert (tmp_path / "out" / "compare" / "comparison.csv").is_file()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("seed=2", "seed 1 and 2"),
        ("clock.horizon=50 d", "horizon 1440 h and 1200 h"),
        ("headline=install", "headline use and install"),
        ("currency=EUR", "currency USD and EUR"),
        ("", "scenario small and other"),
    ],
)
def test_runs_that_are_no_pairs_are_refused_with_what_differs(
    setting: str, said: str, tmp_path: Path
) -> None:
    run_study(small(), replications=20, output=tmp_path / "a")
    other = small(settings=[setting]) if setting else written(TEXT.replace("name: small", "name: other"))
    run_study(other, replications=20, output=tmp_path / "b")
    with pytest.raises(ArchiveError) as caught:
        compare_folders([tmp_path / "a", tmp_path / "b"])
    assert "cannot be paired" in str(caught.value)
    assert said in str(caught.value)


def test_folders_that_cannot_be_compared_say_why(tmp_path: Path) -> None:
    run_study(small(STRATEGIES), replications=20, output=tmp_path / "two")
    run_study(small(), replications=20, output=tmp_path / "one")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArchiveError, match=r"has several strategies \(as_is, asks_more\)"):
        compare_folders([tmp_path / "one", tmp_path / "two"])
    with pytest.raises(ArchiveError, match="holds no run"):
        compare_folders([tmp_path / "one", tmp_path / "empty"])
    with pytest.raises(UsageError, match=r"has one strategy \(as_is\)"):
        compare_folders([tmp_path / "one"])
    with pytest.raises(UsageError, match="Did you mean `asks_more`"):
        compare_folders([tmp_path / "two"], strategies=["ask_more"])
    manifest = tmp_path / "one" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"complete": true', '"complete": false'))
    with pytest.raises(ArchiveError, match="holds a run that is not finished"):
        compare_folders([tmp_path / "one"])


def test_one_run_is_compared_without_an_interval() -> None:
    found = compare(small(STRATEGIES), replications=1)
    assert all(np.isinf(each.low) and np.isinf(each.high) for each in found.differences)
    assert all(
        (point.low, point.high) == (0.0, 1.0) for one in accounts(found.arms) for point in turning_points(one)
    )
