"""Where blocks are computed: in this process, in several, or on a cluster.

In: tasks. Out: finished blocks, in whatever order they come. Whatever runs them is a
`concurrent.futures.Executor`; this module knows nothing else of it (but how many `places` it has, if it says
so), so a cluster's executor does as well. A task may bundle several blocks, because handing one over costs
more than a short block.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sim.errors import HostfallError, UsageError
from sim.study.encode import Encoded, encode
from sim.study.machine import difference, fingerprint
from sim.study.simulate import simulate
from sim.study.world import Counterfactual

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.resolution import Resolution

AHEAD = 2
"""Tasks in flight for each worker: one that runs and one that waits, so that none idles."""

ATTEMPTS = 3
"""How often workers are started before a study whose workers keep dying is given up."""

GUARD = (
    'a script of yours must ask for workers under `if __name__ == "__main__":`, for each worker reads it too'
)
"""What whoever forgets it is told."""


@dataclass(frozen=True, slots=True)
class Task:
    """Some blocks of one strategy. Within a process tasks share the counterfactual."""

    strategy: str
    scenario: Scenario
    blocks: tuple[int, ...]
    users: Resolution
    counterfactual: Counterfactual


@dataclass(frozen=True, slots=True)
class Done:
    """What a task gives back: its blocks, the machine that made them, and what that is called."""

    strategy: str
    blocks: tuple[Encoded, ...]
    machine: Mapping[str, Any]
    where: str = "a worker"


class Made(Protocol):
    """What any task gives back: it says on which machine it was done, and what that is called."""

    @property
    def machine(self) -> Mapping[str, Any]:
        """Its fingerprint."""

    @property
    def where(self) -> str:
        """In words."""


AnyTask = TypeVar("AnyTask")
AnyDone = TypeVar("AnyDone", bound=Made)


class WorkersLostError(HostfallError):
    """Whoever computes is gone for good; what is finished is on disk, and the same command goes on."""


def compute(task: Task) -> Done:
    """Do a task: simulate its blocks and encode them."""
    blocks = tuple(
        encode(simulate(task.scenario, block, users=task.users, counterfactual=task.counterfactual))
        for block in task.blocks
    )
    return Done(task.strategy, blocks, fingerprint())


def compute_apart(task: Task) -> Done:
    """Do a task in a worker; each brings a copy of its counterfactual, and those of a scenario share one."""
    scenario = sha256(pickle.dumps((task.scenario, task.users))).digest()
    return compute(replace(task, counterfactual=_shared(scenario)))


@lru_cache(maxsize=2)
def _shared(scenario: bytes) -> Counterfactual:
    """The counterfactual of a scenario by its digest; tasks come strategy by strategy, so two are enough."""
    return Counterfactual()


class InProcess(Executor):
    """Runs what is submitted at once, here."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call it; what it raises is raised here, where it can be looked into."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def make(workers: int) -> Executor:
    """An executor with so many workers: this process for one, else processes of their own.

    Raises
    ------
    UsageError
        In a worker that reads the script which asked for it: that script must keep itself from asking again.
    """
    if workers == 1:
        return InProcess()
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import current_process, get_context

    if getattr(current_process(), "_inheriting", False):  # how multiprocessing marks one that still starts
        raise UsageError(GUARD)
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_prepare)


def chosen(workers: int, cluster: str | None) -> Callable[[int], Executor]:
    """What makes the executor: of processes of this computer, or of a cluster by its scheduler's address.

    Raises
    ------
    UsageError
        If both are asked for, or the address is none.
    """
    if cluster is None:
        return make
    if workers > 1:
        raise UsageError(
            "--workers are processes of this computer, --cluster has workers of its own: choose one"
        )
    from sim.study.cluster import at

    return at(cluster)


def _prepare() -> None:
    """In a worker: leave Ctrl-C to the process that asks, and end with it however it ends."""
    from multiprocessing import parent_process
    from multiprocessing.connection import wait as wait_for

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is None:
        return

    def follow() -> None:
        wait_for([parent.sentinel])
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def run(
    tasks: Iterable[Task], workers: int, executor: Callable[[int], Executor] = make
) -> Generator[Done, None, None]:
    """Blocks of studies: see `run_any`."""
    yield from run_any(tasks, compute, workers, executor, apart=compute_apart)


def run_any(
    tasks: Iterable[AnyTask],
    work: Callable[[AnyTask], AnyDone],
    workers: int,
    executor: Callable[[int], Executor] = make,
    *,
    apart: Callable[[AnyTask], AnyDone] | None = None,
) -> Generator[AnyDone, None, None]:
    """Finished tasks as they come, a few in flight at a time.

    Parameters
    ----------
    work
        Does a task in this process.
    apart
        Does it in a worker, where it is found by its name; the same unless told otherwise.

    Raises
    ------
    WorkersLostError
        If workers keep dying, or cannot be reached.
    HostfallError
        If one computes on a machine that gives other bits.
    """
    waiting = list(tasks)[::-1]
    machine = fingerprint()
    last = ""
    for _ in range(ATTEMPTS):
        pool = executor(workers)
        try:
            how = work if isinstance(pool, InProcess) else apart or work
            for done in _through(pool, waiting, workers, how):
                unlike = difference(machine, done.machine)
                if unlike:
                    message = f"{done.where} gives other bits than this machine: {unlike}"
                    raise HostfallError(f"{message}; no result of it was kept")
                yield done
            return
        except BrokenExecutor as error:
            last = str(error).rstrip(".")  # what was in flight is in `waiting` again
        finally:
            _end(pool, at_once=bool(waiting))
    message = f"the workers died {ATTEMPTS} times (out of memory? fewer workers need less; and {GUARD})"
    raise WorkersLostError(f"{message}: {last}" if last else message)


def _through(
    pool: Executor, waiting: list[AnyTask], workers: int, work: Callable[[AnyTask], AnyDone]
) -> Iterator[AnyDone]:
    """Do tasks from the end of `waiting`, which holds what is not handed back when this ends early."""
    flying: dict[Future[AnyDone], AnyTask] = {}
    apart = not isinstance(pool, InProcess)
    try:
        while waiting or flying:
            ahead = AHEAD * max(getattr(pool, "places", workers), 1) if apart else 1
            while waiting and len(flying) < ahead:
                flying[pool.submit(work, waiting[-1])] = waiting[-1]
                waiting.pop()
            ready, _ = wait(flying, return_when=FIRST_COMPLETED)
            # first what is finished: it is not lost to what failed meanwhile
            for future in sorted(ready, key=lambda one: one.exception() is not None):
                done = future.result()
                del flying[future]
                yield done
    finally:
        waiting.extend(flying.values())


def _end(pool: Executor, *, at_once: bool) -> None:
    """Close it; at once if what is still being computed would only be thrown away."""
    processes: Mapping[int, Any] = getattr(pool, "_processes", None) or {}
    if at_once:
        for process in list(processes.values()):
            process.terminate()
    pool.shutdown(wait=True, cancel_futures=True)
