"""What is asked of a Dask cluster and what is made of its answers; the cluster is played, none is needed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import CancelledError
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace, coroutine
from typing import Any

import pytest

from sim.errors import HostfallError, UsageError
from sim.study import cluster
from sim.study import executors as pools
from sim.study.cluster import Cluster, at
from sim.study.executors import AHEAD, ATTEMPTS, Done, Task, WorkersLostError
from sim.study.machine import fingerprint
from sim.study.world import Counterfactual
from tests.studies import progress_to, same_tables, small, studied

ADDRESS = "tcp://127.0.0.1:8786"
RUNS = 800


class KilledWorkerError(Exception):
    """What Dask raises when a task has ended its workers too often."""


@dataclasses.dataclass
class Answer:
    """One of Dask's futures, done as soon as it is asked for."""

    status: str
    value: Any


@coroutine
def for_ever() -> Generator[None, None, None]:
    """What is waited for and does not come."""
    yield


class Played:
    """A scheduler with two workers, the library to reach it, and the client; does at once what is asked."""

    KilledWorker = KilledWorkerError

    def __init__(self) -> None:
        self.workers = {"tcp://a:1": "ant", "tcp://b:2": "bee"}
        self.said: dict[str, Any] = {address: fingerprint() for address in self.workers}
        self.does: Callable[[int, Callable[..., Any]], Answer] = lambda _, work: Answer("finished", work())
        self.connected = self.closed = self.asked = 0
        self.unreachable_after = 99
        self.loop = self
        self.waiting: list[Coroutine[Any, Any, None]] = []

    # the library

    def Client(self, address: str, **_: Any) -> Played:  # noqa: N802 - Dask's name
        assert address == ADDRESS
        self.connected += 1
        if self.connected > self.unreachable_after:
            raise OSError("Timed out trying to connect.\nTraceback")
        return self

    def get_worker(self) -> Any:
        return SimpleNamespace(address="tcp://b:2", name="bee")

    # the client

    def wait_for_workers(self, number: int, timeout: float) -> None:
        if len(self.workers) < number:
            raise TimeoutError(f"waited {timeout} s")

    def run(self, what: Callable[[], Any], on_error: str) -> dict[str, Any]:
        assert what is fingerprint
        assert on_error == "return"
        return self.said

    def scheduler_info(self, n_workers: int) -> dict[str, Any]:
        told = {address: {"name": name, "nthreads": 1} for address, name in self.workers.items()}
        return {"workers": told if n_workers else {}, "total_threads": len(told)}

    def submit(self, fn: Callable[..., Any], *args: Any, pure: bool) -> Answer:
        assert not pure, "a task that is asked for twice is done twice"
        self.asked += 1
        return self.does(self.asked, lambda: fn(*args))

    async def gather(self, answer: Answer, asynchronous: bool) -> Any:
        assert asynchronous, "a loop does not wait for itself"
        if answer.status == "pending":
            await for_ever()
        if answer.status == "cancelled":
            raise CancelledError("scheduler-connection-lost")
        if answer.status == "error":
            raise answer.value
        return answer.value

    def close(self, timeout: float) -> None:
        self.closed += 1
        while self.waiting:
            self.waiting.pop().close()

    # its loop, which goes as far as it can at once

    def add_callback(self, call: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
        turn = call(*args)
        try:
            turn.send(None)
        except StopIteration:
            return
        self.waiting.append(turn)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    """The cluster that is played, in the place of the library."""
    one = Played()
    known = {"distributed": one}
    monkeypatch.setattr(cluster, "import_module", lambda name: known.get(name) or import_module(name))
    return one


# -- by address -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["scheduler", "tcp://scheduler", "http://a:8786", "tcp://a:port", "tcp://:1"]
)
def test_what_is_no_address_is_refused_with_one_that_is(played: Played, address: str) -> None:
    with pytest.raises(UsageError, match=r"is no address of a scheduler; .* tcp://127\.0\.0\.1:8786"):
        at(address)
    assert not played.connected


def test_an_address_may_leave_out_how_it_is_spoken(played: Played) -> None:
    with at("127.0.0.1:8786")(1):
        assert played.connected == 1
    assert played.closed == 1


def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(cluster, "import_module", missing)
    with pytest.raises(UsageError, match=r"hostfall\[cluster\]"):
        at(ADDRESS)


def test_processes_here_and_a_cluster_are_not_asked_for_together(played: Played) -> None:
    assert pools.chosen(3, None) is pools.make
    with pytest.raises(UsageError, match="choose one"):
        pools.chosen(2, ADDRESS)
    pools.chosen(1, ADDRESS)
    assert not played.connected, "a study that is already done needs no cluster"


# -- what it computes -------------------------------------------------------------------------------------


def test_it_gives_the_tables_of_one_process(played: Played, tmp_path: Path) -> None:
    here = studied(tmp_path / "here", RUNS)
    there = studied(tmp_path / "there", RUNS, executor=at(ADDRESS))
    assert played.asked == 4
    assert same_tables(there.folder, here.folder)


def test_tasks_in_flight_follow_the_number_of_workers(played: Played) -> None:
    with Cluster(ADDRESS) as pool:
        played.does = lambda _, work: Answer("pending", None)
        scenario = small().scenario()
        waiting = [Task("as_is", scenario, (block,), "expected", Counterfactual()) for block in range(30)]
        assert pool.places == 2
        flying = pools._through(pool, waiting, 1, pools.compute)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pools, "wait", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                next(flying)
        assert played.asked == 2 * AHEAD
        assert len(waiting) == 30, "what was in flight waits again"


def test_tasks_of_one_scenario_share_their_counterfactual_in_a_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    used: list[Counterfactual] = []

    def remember(task: Task) -> Done:
        used.append(task.counterfactual)
        return Done(task.strategy, (), fingerprint())

    monkeypatch.setattr(pools, "compute", remember)
    for settings in ([], [], ["seed=2"]):
        scenario = small(settings=settings).scenario()
        pools.compute_apart(Task("as_is", scenario, (0,), "expected", Counterfactual()))
    assert used[0] is used[1]
    assert used[0] is not used[2]


# -- who is refused ---------------------------------------------------------------------------------------


def test_workers_with_other_bits_or_none_are_refused_by_name_before_anything_runs(
    played: Played, tmp_path: Path
) -> None:
    other = fingerprint() | {"versions": fingerprint()["versions"] | {"numpy": "0.1"}}
    played.said = {"tcp://a:1": other, "tcp://b:2": ModuleNotFoundError("No module named 'sim'")}
    with pytest.raises(HostfallError) as caught:
        studied(tmp_path / "results", RUNS, executor=at(ADDRESS))
    assert "the worker ant (tcp://a:1) gives other bits than this machine: numpy 0.1 there" in str(
        caught.value
    )
    assert "the worker bee (tcp://b:2) cannot compute (No module named 'sim')" in str(caught.value)
    assert not isinstance(caught.value, WorkersLostError), "the same command would not go on"
    assert not played.asked
    assert played.closed == 1


def test_a_worker_that_comes_later_with_other_bits_is_refused_with_its_first_result(
    played: Played, tmp_path: Path
) -> None:
    def work(number: int, work: Callable[[], Any]) -> Answer:
        machine = fingerprint() if number < 3 else fingerprint() | {"instructions": ["ABACUS"]}
        return Answer("finished", dataclasses.replace(work(), machine=machine))

    played.does = work
    with pytest.raises(HostfallError, match=r"the worker bee \(tcp://b:2\) gives other bits .* ABACUS"):
        studied(tmp_path / "results", RUNS, executor=at(ADDRESS))
    assert len(list((tmp_path / "results" / "blocks" / "as_is").glob("*.parquet"))) <= 2


def test_a_worker_that_comes_later_without_the_program_is_refused(played: Played, tmp_path: Path) -> None:
    played.does = lambda _, work: Answer("error", ModuleNotFoundError("No module named 'sim'"))
    with pytest.raises(HostfallError, match=r"cannot compute \(No module named 'sim'\); give every worker"):
        studied(tmp_path / "results", RUNS, executor=at(ADDRESS))


# -- who is lost ------------------------------------------------------------------------------------------


def test_no_scheduler_is_one_line(played: Played, tmp_path: Path) -> None:
    played.unreachable_after = 0
    with pytest.raises(WorkersLostError, match=r"no scheduler answers at tcp://.* \(Timed out") as caught:
        studied(tmp_path / "results", RUNS, executor=at(ADDRESS))
    assert "\n" not in str(caught.value)
    assert caught.value.exit_status == 3


def test_a_scheduler_without_workers_says_how_to_start_some(played: Played, tmp_path: Path) -> None:
    played.workers = {}
    with pytest.raises(WorkersLostError, match=f"start some: dask worker {ADDRESS} --nthreads 1"):
        studied(tmp_path / "results", RUNS, executor=at(ADDRESS))


def test_a_lost_scheduler_is_tried_once_more_and_nothing_is_done_twice(
    played: Played, tmp_path: Path
) -> None:
    said: list[tuple[int, int]] = []
    played.does = lambda number, work: (
        Answer("cancelled", None) if number == 2 else Answer("finished", work())
    )
    study = studied(tmp_path / "results", RUNS, executor=at(ADDRESS), progress=progress_to(said))
    assert played.connected == played.closed == 2
    assert [done for done, _ in said] == sorted({done for done, _ in said})
    assert said[-1] == (4, 4)
    assert study.outcomes()["replication"].tolist() == list(range(RUNS))


def test_a_scheduler_that_stays_lost_ends_the_study_with_what_is_done(played: Played, tmp_path: Path) -> None:
    played.unreachable_after = 1
    played.does = lambda number, work: Answer("cancelled", None) if number > 2 else Answer("finished", work())
    with pytest.raises(WorkersLostError, match="no scheduler answers"):
        studied(tmp_path / "results", RUNS, executor=at(ADDRESS))
    said: list[tuple[int, int]] = []
    studied(tmp_path / "results", RUNS, progress=progress_to(said))
    assert 0 < said[0][0] < 4


def test_a_task_that_ends_its_workers_ends_the_study_after_some_attempts(
    played: Played, tmp_path: Path
) -> None:
    played.does = lambda _, work: Answer("error", KilledWorkerError("all those workers died.\nmore"))
    with pytest.raises(WorkersLostError, match=rf"died {ATTEMPTS} times .*: all those workers died"):
        studied(tmp_path / "results", RUNS, executor=at(ADDRESS))
    assert played.connected == ATTEMPTS


def test_what_a_task_raises_is_raised(played: Played, tmp_path: Path) -> None:
    played.does = lambda _, work: Answer("error", MemoryError("full"))
    with pytest.raises(MemoryError, match="full"):
        studied(tmp_path / "results", RUNS, executor=at(ADDRESS))


def test_without_any_worker_for_too_long_the_study_ends(
    played: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.05)
    monkeypatch.setattr(cluster, "_LOOK", 0.01)

    def vanish(_: int, work: Callable[[], Any]) -> Answer:
        played.workers.clear()
        return Answer("pending", None)

    played.does = vanish
    with pytest.raises(WorkersLostError, match="has had no worker for"):
        studied(tmp_path / "results", RUNS, executor=at(ADDRESS))
