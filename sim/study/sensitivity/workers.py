"""Tasks through workers: a few in flight at a time, results as they come.

In: tasks and a number of processes. Out: what each gives back. One process computes here, so that an
interruption and an error are where they happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait

from sim.errors import HostfallError
from sim.study import executors
from sim.study.machine import difference, fingerprint
from sim.study.sensitivity.evaluate import Done, Task, compute


def through(tasks: Iterable[Task], workers: int) -> Iterator[Done]:
    """Finished tasks in whatever order they come.

    Raises
    ------
    HostfallError
        If one was computed on a machine that gives other bits.
    """
    if workers == 1:
        yield from map(compute, tasks)
        return
    pool = executors.make(workers)
    waiting, flying = iter(tasks), set[Future[Done]]()
    try:
        while True:
            while len(flying) < executors.AHEAD * workers and (task := next(waiting, None)) is not None:
                flying.add(pool.submit(compute, task))
            if not flying:
                return
            ready, flying = wait(flying, return_when=FIRST_COMPLETED)
            for future in ready:
                done = future.result()
                unlike = difference(fingerprint(), done.machine)
                if unlike:
                    raise HostfallError(f"a worker gives other bits than this machine: {unlike}")
                yield done
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
