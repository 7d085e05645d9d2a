"""A study is the same whatever computes it, goes on where it stopped, and touches nothing not its own."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.demand import History
from sim.demand import simulate as demand
from sim.errors import ArchiveError, HostfallError, UsageError
from sim.streams import BLOCK
from sim.study import Study, StudyInterrupted, default_folder, run_study, simulate
from sim.study import executors as pools
from sim.study.encode import encode
from sim.study.executors import InProcess
from sim.study.lock import locked
from sim.supply import SupplyPlan
from tests.studies import STRATEGIES, UNSURE, progress_to, same, same_tables, small, studied, table


def bits(study: Study) -> dict[str, Any]:
    return dict(study.outcomes())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Three blocks, 500 runs shown, in this process."""
    return studied(tmp_path_factory.mktemp("whole") / "results", 500)


# -- the same bits ----------------------------------------------------------------------------------------


def test_replication_k_alone_is_replication_k_among_500(whole: Study, tmp_path: Path) -> None:
    alone = studied(tmp_path / "alone", 1)
    assert same(bits(alone), {name: values[:1] for name, values in bits(whole).items()})
    scenario = small().scenario()
    for k in (0, 199, 200, 457):
        block, row = divmod(k, BLOCK)
        outcome = simulate(scenario, block).outcome
        assert outcome is not None
        for name, values in outcome.columns.items():
            assert values[row] == bits(whole)[name][k], name


@pytest.mark.slow
def test_two_workers_give_the_same_tables(whole: Study, tmp_path: Path) -> None:
    pair = studied(tmp_path / "pair", 500, workers=2)
    assert same_tables(pair.folder, whole.folder)


def test_two_replications_differ(whole: Study) -> None:
    for name in ("downtime", "users_lost", "user_hours_lost"):
        up = whole.outcomes()[name][whole.outcomes()["recovered"]]
        assert len(np.unique(up)) == len(up)


def test_a_run_played_again_is_the_run_of_the_tables(whole: Study) -> None:
    k = whole.typical()
    replay = whole.replay(None, k)
    assert replay.history.end["active"].sum() == whole.outcomes()["users_end"][k]
    assert replay.spared_history.end["active"].sum() == whole.outcomes()["users_end_counterfactual"][k]
    assert sum(b - a for a, b in replay.timeline.levels["use"].down()) == pytest.approx(
        whole.outcomes()["downtime"][k], rel=1e-12
    )
    assert whole.timeline(None, k)[0] == replay.timeline
    assert replay.history.active_at(np.array([[0.0, 100.0]])).shape == (1, 2)


def test_seeds_make_different_studies(whole: Study, tmp_path: Path) -> None:
    other = studied(tmp_path / "other", 1, settings=["seed=2"])
    assert other.manifest["digest"] != whole.manifest["digest"]
    assert other.outcomes()["users_lost"][0] != whole.outcomes()["users_lost"][0]


# -- going on ---------------------------------------------------------------------------------------------


def test_the_second_time_it_is_already_done(tmp_path: Path) -> None:
    said: list[tuple[int, int]] = []
    first = studied(tmp_path / "results", 300, progress=progress_to(said))
    assert said == [(0, 2), (1, 2), (2, 2)]
    assert not first.already_done
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "results").rglob("*") if path.is_file()}
    again = studied(tmp_path / "results", 300, progress=progress_to(said))
    assert again.already_done
    assert len(said) == 3
    assert {
        path: path.stat().st_mtime_ns for path in (tmp_path / "results").rglob("*") if path.is_file()
    } == before


def test_fewer_replications_are_already_done_and_shown_in_full(tmp_path: Path) -> None:
    studied(tmp_path / "results", 300)
    again = studied(tmp_path / "results", 100)
    assert again.already_done
    assert len(again.outcomes()["replication"]) == 300


def test_more_replications_extend_and_rewrite_no_block(whole: Study, tmp_path: Path) -> None:
    studied(tmp_path / "results", 100)
    block = tmp_path / "results" / "blocks" / "as_is" / "000000.parquet"
    before = block.stat().st_mtime_ns
    said: list[tuple[int, int]] = []
    longer = studied(tmp_path / "results", 500, progress=progress_to(said))
    assert said[0] == (1, 3)
    assert block.stat().st_mtime_ns == before
    assert same_tables(longer.folder, whole.folder)


def test_more_replications_within_a_block_compute_nothing(tmp_path: Path) -> None:
    studied(tmp_path / "results", 100)
    said: list[tuple[int, int]] = []
    longer = studied(tmp_path / "results", 150, progress=progress_to(said))
    assert said == [(1, 1)]
    assert not longer.already_done
    assert len(table(longer.folder, "outcomes.parquet")["replication"]) == 150


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(whole: Study, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(StudyInterrupted, match=r"2 of 3 blocks .* the same command goes on") as caught:
        studied(tmp_path / "results", 500, progress=stop)
    assert str(tmp_path / "results") in str(caught.value)
    said: list[tuple[int, int]] = []
    after = studied(tmp_path / "results", 500, progress=progress_to(said))
    assert said[0] == (2, 3)
    assert same_tables(after.folder, whole.folder)


def test_an_interrupted_extension_leaves_the_smaller_study_to_be_had(tmp_path: Path) -> None:
    studied(tmp_path / "results", 100)

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(StudyInterrupted):
        studied(tmp_path / "results", 500, progress=stop)
    again = studied(tmp_path / "results", 100)
    assert len(again.outcomes()["replication"]) == 100


def test_a_table_that_was_deleted_is_made_again(whole: Study, tmp_path: Path) -> None:
    studied(tmp_path / "results", 500)
    (tmp_path / "results" / "outcomes.parquet").unlink()
    assert same_tables(studied(tmp_path / "results", 500).folder, whole.folder)


# -- folders ----------------------------------------------------------------------------------------------


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ArchiveError, match=r"thesis\.txt"):
        studied(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_folder_of_another_study_is_refused(tmp_path: Path) -> None:
    studied(tmp_path / "results", 1)
    with pytest.raises(ArchiveError, match="another study"):
        studied(tmp_path / "results", 1, settings=["seed=2"])
    with pytest.raises(ArchiveError, match="another study"):
        studied(tmp_path / "results", 1, users="sampled")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("", encoding="utf-8")
    with pytest.raises(ArchiveError, match="is a file"):
        studied(tmp_path / "results")


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    with locked(tmp_path / "results"), pytest.raises(ArchiveError, match=f"process {os.getpid()}"):
        studied(tmp_path / "results")


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "run.lock").write_text('{"process": 1, "machine": "gone"}', encoding="utf-8")
    assert not studied(tmp_path / "results", 1).already_done
    assert not (tmp_path / "results" / "run.lock").exists()


def test_half_written_files_of_a_dead_process_are_swept_away(tmp_path: Path) -> None:
    left = tmp_path / "results" / "blocks" / "as_is" / "000000.parquet.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    (tmp_path / "results" / "manifest.json").write_text(
        json.dumps({"digest": small().digest, "format": 1}), encoding="utf-8"
    )
    assert len(studied(tmp_path / "results", 1).outcomes()["replication"]) == 1
    assert not left.exists()


def test_a_study_begun_on_a_machine_with_other_bits_is_not_continued(tmp_path: Path) -> None:
    studied(tmp_path / "results", 1)
    path = tmp_path / "results" / "manifest.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    said["machine"]["instructions"] = ["ABACUS"]
    path.write_text(json.dumps(said), encoding="utf-8")
    assert studied(tmp_path / "results", 1).already_done
    with pytest.raises(ArchiveError, match="ABACUS"):
        studied(tmp_path / "results", 300)


def test_without_a_folder_results_last_as_long_as_the_study() -> None:
    study = studied(None, 1)
    assert (study.folder / "outcomes.parquet").is_file()
    assert len(study.outcomes()["downtime"]) == 1


def test_results_are_by_name_and_digest() -> None:
    file = small()
    assert default_folder(file) == Path("results") / "small" / file.digest
    assert default_folder(file, users="sampled") != default_folder(file)


# -- strategies -------------------------------------------------------------------------------------------


def test_strategies_run_side_by_side_and_are_compared_in_pairs(tmp_path: Path) -> None:
    study = studied(tmp_path / "results", 200, more=STRATEGIES)
    assert study.strategies == ("as_is", "asks_more")
    rows = {(row.strategy, row.measure): row for row in study.comparison}
    assert {strategy for strategy, _ in rows} == {"asks_more"}
    searching = rows["asks_more", "downtime"]
    assert searching.better > 0.2
    assert searching.high < 0.0
    gap = study.outcomes("asks_more")["downtime"] - study.outcomes("as_is")["downtime"]
    assert searching.difference == pytest.approx(gap.mean(), rel=1e-12)
    with open(tmp_path / "results" / "comparison.csv", encoding="utf-8", newline="") as file:
        written = {row["measure"]: row for row in csv.DictReader(file)}
    assert float(written["downtime"]["difference"]) == searching.difference


def test_one_strategy_alone_is_what_it_is_among_several(tmp_path: Path) -> None:
    both = studied(tmp_path / "both", 200, more=STRATEGIES)
    one = studied(tmp_path / "one", 200, more=STRATEGIES, strategies=["asks_more"])
    assert one.strategies == ("asks_more",)
    assert same(dict(one.outcomes()), dict(both.outcomes("asks_more")))
    later = studied(tmp_path / "one", 200, more=STRATEGIES)
    assert same_tables(later.folder, both.folder)
    shown = studied(tmp_path / "one", 200, more=STRATEGIES, strategies=["asks_more"])
    assert shown.already_done
    assert shown.strategies == ("asks_more",)
    assert [str(line) for line in shown.comparison] == [str(line) for line in both.comparison]


def test_what_cannot_be_run_is_said_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean `asks_more`"):
        studied(tmp_path / "results", more=STRATEGIES, strategies=["ask_more"])
    with pytest.raises(UsageError, match="replications must be at least 1"):
        studied(tmp_path / "results", 0)
    with pytest.raises(UsageError, match="workers must be at least 1"):
        studied(tmp_path / "results", workers=0)
    with pytest.raises(UsageError, match="name at least one strategy"):
        studied(tmp_path / "results", strategies=[])
    assert not (tmp_path / "results").exists()


def test_what_was_not_run_cannot_be_shown(whole: Study) -> None:
    with pytest.raises(UsageError, match="no results of a strategy `warm`"):
        whole.outcomes("warm")
    with pytest.raises(UsageError, match="numbered from 0"):
        whole.replay(None, -1)


def test_claims_and_targets_of_the_file_are_measured_on_its_runs(tmp_path: Path) -> None:
    more = (
        "targets: {rto: 20 d, rpo: 1 d, users_lost: 30 %}\n"
        "expect:\n"
        "  - {measure: downtime, at_most: 59 d, in_share_of_runs: 50 %}\n"
        "  - {measure: users_lost, at_most: 1, in_share_of_runs: 90 %, strategy: asks_more}\n"
    )
    study = studied(tmp_path / "results", 200, more=STRATEGIES + more)
    assert [one.verdict for one in study.claims()] == ["pass"]
    assert [one.verdict for one in study.claims("asks_more")] == ["pass", "fail"]
    rto, rpo, lost = study.targets()
    fast = study.outcomes()["recovered"] & (study.outcomes()["time_to_recover"] <= 480.0)
    assert rto.met == fast.sum()
    assert rpo.met == 200
    assert 0 < lost.met < 200


# -- failures ---------------------------------------------------------------------------------------------


def replaced(monkeypatch: pytest.MonkeyPatch, where: str, by: Callable[..., Any]) -> None:
    """Put something else in the place of "module:name"; a function may hide its module."""
    module, _, name = where.partition(":")
    place: Any = import_module(module)
    *outer, last = name.split(".")
    for attribute in outer:
        place = getattr(place, attribute)
    monkeypatch.setattr(place, last, by)


def failing(monkeypatch: pytest.MonkeyPatch, which: Callable[[int], bool]) -> None:
    play = SupplyPlan.run

    def run(self: SupplyPlan, k: int) -> Any:
        if which(k):
            raise ZeroDivisionError("no such day")
        return play(self, k)

    monkeypatch.setattr(SupplyPlan, "run", run)


def test_a_failed_replication_is_a_row_with_a_reason_and_no_value(
    whole: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, lambda k: k == 7)
    study = studied(tmp_path / "results", 300)
    count, reason = study.failures()
    assert count == 2
    assert "ZeroDivisionError: no such day" in reason
    rows = table(study.folder, "outcomes.parquet")
    assert list(np.flatnonzero(~np.ma.getmaskarray(rows["failed_stage"]))) == [7, 207]
    assert rows["failed_stage"][7] in {"supply", "counterfactual supply"}
    assert np.isnan(rows["downtime"][7])
    kept = np.delete(np.arange(300), [7, 207])
    assert same(bits(study), {name: values[kept] for name, values in bits(whole).items()})
    assert study.summary[0].failed == 2
    assert study.summary[0].runs == 298
    assert 7 not in table(study.folder, "segments.parquet")["replication"]
    assert study.manifest["failed"] == {"as_is": 2}


def test_when_every_run_fails_the_study_says_so_and_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        failing(patch, lambda _: True)
        with pytest.raises(
            HostfallError, match="every run of as_is failed, the first at supply: ZeroDivisionError"
        ):
            studied(tmp_path / "results", 1)
    assert len(studied(tmp_path / "results", 1).outcomes()["downtime"]) == 1


def test_a_counterfactual_that_fails_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play = SupplyPlan.run

    def run(self: SupplyPlan, k: int) -> Any:
        if k == 5 and not self.timetable.events:
            raise ZeroDivisionError("no such world")
        return play(self, k)

    monkeypatch.setattr(SupplyPlan, "run", run)
    study = studied(tmp_path / "results", 200)
    count, reason = study.failures()
    assert count == 1
    assert reason.startswith("counterfactual supply: ZeroDivisionError: no such world")


@pytest.mark.parametrize(
    ("where", "stage"), [("sim.demand:simulate_demand", "demand"), ("sim.study.simulate:assess", "outcomes")]
)
def test_what_fails_for_all_at_once_fails_a_block_with_its_stage(
    monkeypatch: pytest.MonkeyPatch, where: str, stage: str
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("nobody")

    replaced(monkeypatch, where, broken)
    result = simulate(small().scenario(), 0)
    assert result.outcome is None
    assert {failure.stage for failure in result.failures.values()} == {stage}
    assert len(result.failures) == BLOCK
    assert encode(result).trajectories is None


@pytest.mark.parametrize(
    "where", ["sim.demand:simulate_demand", "sim.study.simulate:assess", "sim.supply.simulate:SupplyPlan.run"]
)
def test_a_machine_without_memory_is_no_failed_replication(
    monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise MemoryError

    replaced(monkeypatch, where, full)
    with pytest.raises(MemoryError):
        simulate(small().scenario(), 0)


def test_a_broken_law_fails_its_replication_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    play = SupplyPlan.run

    def run(self: SupplyPlan, k: int) -> Any:
        timeline = play(self, k)
        return dataclasses.replace(timeline, causes=()) if k == 9 else timeline

    monkeypatch.setattr(SupplyPlan, "run", run)
    result = simulate(small().scenario(), 0)
    assert list(result.failures) == [9]
    assert result.failures[9].stage == "outcomes"
    assert "do not add up" in result.failures[9].reason


class Dying(InProcess):
    """Breaks at its second task, as a pool does when a worker is killed."""

    def __init__(self, dies: bool) -> None:
        self.tasks = 0
        self.dies = dies

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.tasks += 1
        if self.dies and self.tasks == 2:
            raise BrokenProcessPool
        return super().submit(fn, *args, **kwargs)


def test_work_of_a_worker_that_died_is_done_again(whole: Study, tmp_path: Path) -> None:
    made: list[Executor] = []

    def pool(workers: int) -> Executor:
        made.append(Dying(dies=not made))
        return made[-1]

    study = studied(tmp_path / "results", 500, executor=pool)
    assert len(made) == 2
    assert same_tables(study.folder, whole.folder)


def test_workers_that_keep_dying_end_the_study_with_what_is_done(tmp_path: Path) -> None:
    with pytest.raises(HostfallError, match="the workers died 3 times"):
        studied(tmp_path / "results", 1_000, executor=lambda _: Dying(dies=True))
    said: list[tuple[int, int]] = []
    studied(tmp_path / "results", 1_000, progress=progress_to(said))
    assert said[0] == (3, 5)


def test_a_worker_whose_machine_gives_other_bits_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def elsewhere(task: pools.Task) -> pools.Done:
        done = pools.Done(task.strategy, tuple(encode(simulate(task.scenario, b)) for b in task.blocks), {})
        return pools.Done(done.strategy, done.blocks, {"versions": {"numpy": "0.1"}, "instructions": []})

    monkeypatch.setattr(pools, "compute", elsewhere)
    with pytest.raises(HostfallError, match=r"numpy 0\.1 there"):
        studied(tmp_path / "results", 1)
    assert not list((tmp_path / "results").rglob("0*.parquet"))


# -- sampled users ----------------------------------------------------------------------------------------


def test_asking_for_sampled_users_reaches_the_demand_side_and_the_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def simulate_demand(*arguments: Any, users: str) -> History:
        asked.append(users)
        return demand.simulate_demand(*arguments)

    monkeypatch.setattr("sim.demand.simulate_demand", simulate_demand)
    demand_of = studied(tmp_path / "results", 200, users="sampled")
    assert asked == ["sampled", "sampled"]
    assert demand_of.manifest["users"] == "sampled"
    assert demand_of.manifest["digest"] != small().digest


@pytest.mark.slow
def test_sampled_users_are_whole_and_another_study(tmp_path: Path) -> None:
    settings = ["users.start=500"]
    study = studied(tmp_path / "results", 3, settings=settings, users="sampled")
    ends = study.outcomes()["users_end"]
    assert np.array_equal(ends, np.round(ends))
    assert study.manifest["users"] == "sampled"
    assert study.manifest["digest"] != small(settings=settings).digest
    expected = run_study(small(settings=settings), replications=3)
    assert not np.array_equal(expected.outcomes()["users_end"], ends)


def test_unknowns_of_the_counterfactual_reach_the_tables(tmp_path: Path) -> None:
    study = studied(tmp_path / "results", 50, more=UNSURE)
    assert len(np.unique(study.outcomes()["users_end_counterfactual"])) == 50
