"""A study on a real cluster: the same bits as in one process, whoever is killed meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path

import pytest

from sim.errors import HostfallError
from sim.study import Study, StudyInterrupted, cluster
from sim.study.executors import WorkersLostError, make
from sim.study.machine import instructions
from sim.study.sensitivity import run_sensitivity
from sim.views.cli import main
from tests.architecture.source import ROOT
from tests.clusters import Processes
from tests.studies import STRATEGIES, TEXT, UNSURE, progress_to, same, same_tables, small, studied, table

pytest.importorskip("distributed", reason="the library distributed (extra `cluster`) is not installed")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a thing of POSIX")

RUNS = 1_200
"""Of the small scenario: six blocks."""

COMMAND = """
from pathlib import Path
from sim.study import cluster
from tests.studies import studied

if __name__ == "__main__":
    say = lambda done, total: print(done, total, flush=True)
    studied(Path({folder!r}), {runs}, executor=cluster.at({address!r}), progress=say)
    print("finished", flush=True)
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study in this process."""
    return studied(tmp_path_factory.mktemp("whole") / "results", RUNS)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """A scheduler and two workers, one of which a test kills."""
    with Processes(tmp_path_factory.mktemp("cluster")) as processes:
        processes.worker("ant")
        processes.worker("bee")
        yield processes


def started(folder: Path, script: Path, address: str) -> subprocess.Popen[str]:
    """A client of its own that has its first block."""
    script.write_text(COMMAND.format(folder=str(folder), runs=RUNS, address=address), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-W", "error", str(script)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().startswith("0 ")
    assert process.stdout.readline().startswith("1 ")
    return process


def same_study(one: Study, other: Study) -> bool:
    """Whether all tables are the same bit for bit; the two named are compared here once more, by hand."""
    rows = same(table(one.folder, "outcomes.parquet"), table(other.folder, "outcomes.parquet"))
    lines = [(study.folder / "summary.csv").read_bytes() for study in (one, other)]
    return rows and lines[0] == lines[1] and same_tables(one.folder, other.folder)


def test_a_worker_killed_mid_study_loses_nothing_and_counts_nothing_twice(
    whole: Study, pair: Processes, tmp_path: Path
) -> None:
    said: list[tuple[int, int]] = []

    def kill_one(done: int, total: int) -> None:
        said.append((done, total))
        if done == 2:
            pair.kill("bee")

    study = studied(tmp_path / "results", RUNS, executor=cluster.at(pair.address), progress=kill_one)
    assert not pair.lives("bee")
    assert said == [(done, 6) for done in range(7)]
    assert same_study(study, whole)
    assert study.outcomes()["replication"].tolist() == list(range(RUNS))


@pytest.mark.slow
def test_a_client_killed_mid_study_goes_on_where_it_was(
    whole: Study, pair: Processes, tmp_path: Path
) -> None:
    folder = tmp_path / "results"
    process = started(folder, tmp_path / "study.py", pair.address)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
    said: list[tuple[int, int]] = []
    study = studied(folder, RUNS, executor=cluster.at(pair.address), progress=progress_to(said))
    assert said[0][0] >= 1
    assert same_study(study, whole)


def test_who_leaves_while_results_are_on_their_way_does_not_hold_up_the_next(pair: Processes) -> None:
    """Before results were fetched in the client's own loop, the second or third client waited for ever."""
    for _ in range(12):
        pool = cluster.at(pair.address)(1)
        flying = [pool.submit(bytes, 300_000 * size) for size in range(1, 9)]
        ready, _ = wait(flying, return_when=FIRST_COMPLETED, timeout=30.0)
        pool.shutdown()
        assert ready
        assert all(future.done() for future in flying)
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("Dask-Callback")]


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done_and_leaves_the_cluster_to_others(
    whole: Study, pair: Processes, tmp_path: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(StudyInterrupted, match=r"2 of 6 blocks .* the same command goes on"):
        studied(tmp_path / "results", RUNS, executor=cluster.at(pair.address), progress=stop)
    assert pair.lives("scheduler")
    assert pair.lives("ant")
    study = studied(tmp_path / "results", RUNS, executor=cluster.at(pair.address))
    assert same_study(study, whole)


@pytest.mark.slow
def test_a_sensitivity_study_takes_the_same_way_and_gives_the_same_bits(
    pair: Processes, tmp_path: Path
) -> None:
    file = small(UNSURE)
    for folder, executor in (("here", make), ("there", cluster.at(pair.address))):
        run_sensitivity(file, base=64, output=tmp_path / folder, executor=executor)
    here, there = ((tmp_path / folder / "sensitivity.csv").read_bytes() for folder in ("here", "there"))
    assert here == there


def test_a_worker_with_other_instructions_is_refused_by_its_name(pair: Processes, tmp_path: Path) -> None:
    known = instructions()
    if not known:
        pytest.skip("this processor has none of the instructions that numpy chooses by")
    with Processes(tmp_path) as processes:
        processes.worker("odd", {"NPY_DISABLE_CPU_FEATURES": known[-1]})
        with pytest.raises(
            HostfallError, match=rf"the worker odd \(tcp://.*\) gives other bits .* {known[-1]} on one side"
        ):
            studied(tmp_path / "results", RUNS, executor=cluster.at(processes.address))
    assert not list((tmp_path / "results").rglob("0*.parquet"))


@pytest.mark.slow
def test_a_scheduler_killed_mid_study_is_one_message_and_the_same_command_goes_on(
    whole: Study,
    pair: Processes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(cluster, "ANSWER_WITHIN", 1.0)
    with Processes(tmp_path) as processes:
        processes.worker("cat")

        def kill_it(done: int, total: int) -> None:
            if done == 1:
                processes.kill("scheduler")

        with pytest.raises(WorkersLostError, match="no scheduler answers at") as caught:
            studied(tmp_path / "results", RUNS, executor=cluster.at(processes.address), progress=kill_it)
    assert not capfd.readouterr().err, "Dask says for itself what is said in our words"
    assert caught.value.exit_status == 3
    assert "1 of 6 blocks of 200 runs are done and kept in" in str(caught.value)
    assert "the same command goes on from there" in str(caught.value)
    said: list[tuple[int, int]] = []
    study = studied(tmp_path / "results", RUNS, executor=cluster.at(pair.address), progress=progress_to(said))
    assert said[0] == (1, 6)
    assert same_study(study, whole)


def test_the_command_line_says_in_one_line_that_no_scheduler_answers(
    pair: Processes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster, "ANSWER_WITHIN", 1.0)
    scenario = tmp_path / "small.yaml"
    scenario.write_text(TEXT, encoding="utf-8")
    words = ["run", str(scenario), "--replications", "200", "--no-figures"]
    words += ["--output", str(tmp_path / "results"), "--cluster"]
    assert main([*words, pair.address, "--workers", "2"]) == 2
    assert "choose one" in capsys.readouterr().err
    assert main([*words, "tcp://127.0.0.1:9"]) == 3  # the discard service, which nobody runs
    lost = capsys.readouterr().err
    assert len(lost.splitlines()) == 1
    assert "no scheduler answers at tcp://127.0.0.1:9" in lost
    assert "0 of 1 blocks" in lost
    assert "the same command goes on from there" in lost
    assert main([*words, pair.address]) == 0
    assert "results" in capsys.readouterr().out


# -- everything at once -----------------------------------------------------------------------------------


def pool_of(workers: int) -> Callable[[int], Executor]:
    """Processes even for one worker, which would otherwise be this process."""
    return lambda _: ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


@pytest.mark.slow
def test_serial_and_pools_of_one_two_three_and_a_cluster_give_the_same_bits(
    tmp_path: Path,
) -> None:
    serial = studied(tmp_path / "serial", RUNS, more=STRATEGIES)
    for workers in (1, 2, 3):
        place, pool = tmp_path / f"{workers}", pool_of(workers)
        study = studied(place, RUNS, more=STRATEGIES, workers=workers, executor=pool)
        assert same_study(study, serial), f"a pool of {workers}"
    with Processes(tmp_path) as processes:
        processes.worker("one")
        processes.worker("two")
        there = studied(tmp_path / "far", RUNS, more=STRATEGIES, executor=cluster.at(processes.address))
    assert same_study(there, serial)
