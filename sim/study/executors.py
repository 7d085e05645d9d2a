"""Where blocks are computed: in this process, or in several.

In: tasks. Out: finished blocks, in whatever order they come. Whatever runs them is a
`concurrent.futures.Executor`; this module knows nothing else of it, so a cluster's executor does as well.
A task bundles several blocks, because handing one over costs more than a short block.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import HostfallError
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
    """What a task gives back: its blocks, and the machine that made them."""

    strategy: str
    blocks: tuple[Encoded, ...]
    machine: Mapping[str, Any]


def compute(task: Task) -> Done:
    """Do a task: simulate its blocks and encode them."""
    blocks = tuple(
        encode(simulate(task.scenario, block, users=task.users, counterfactual=task.counterfactual))
        for block in task.blocks
    )
    return Done(task.strategy, blocks, fingerprint())


class InProcess(Executor):
    """Runs what is submitted at once, here."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call it; what it raises is raised here, where it can be looked into."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def make(workers: int) -> Executor:
    """An executor with so many workers: this process for one, else processes of their own."""
    if workers == 1:
        return InProcess()
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_prepare)


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
    """Finished tasks as they come, a few in flight at a time.

    Raises
    ------
    HostfallError
        If workers keep dying, or one computes on a machine that gives other bits.
    """
    waiting = list(tasks)[::-1]
    machine = fingerprint()
    for _ in range(ATTEMPTS):
        pool = executor(workers)
        try:
            for done in _through(pool, waiting, workers):
                unlike = difference(machine, done.machine)
                if unlike:
                    message = (
                        f"a worker gives other bits than this machine: {unlike}; no result of it was kept"
                    )
                    raise HostfallError(message)
                yield done
            return
        except BrokenExecutor:
            continue  # what was in flight is in `waiting` again
        finally:
            _end(pool, at_once=bool(waiting))
    message = (
        f"the workers died {ATTEMPTS} times (out of memory?); finished blocks are kept, "
        "and the same command with --workers 1 goes on from them"
    )
    raise HostfallError(message)


def _through(pool: Executor, waiting: list[Task], workers: int) -> Iterator[Done]:
    """Do tasks from the end of `waiting`, which holds what is not handed back when this ends early."""
    flying: dict[Future[Done], Task] = {}
    ahead = 1 if isinstance(pool, InProcess) else AHEAD * workers
    try:
        while waiting or flying:
            while waiting and len(flying) < ahead:
                flying[pool.submit(compute, waiting[-1])] = waiting[-1]
                waiting.pop()
            ready, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in ready:
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
