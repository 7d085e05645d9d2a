"""Processes that do one job at a time and are ended when they take too long or nobody waits any more.

In: jobs by name, with what they need. Out: what they give back, or `HostfallError` with the words for the
visitor. A worker is lent to one job; who waits longest gets the next free one, and asks for one block at a
time, so several visitors take turns.
Rejected: `ProcessPoolExecutor`, which can end no single job that hangs.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

from sim.errors import HostfallError, ScenarioError, UsageError

JOBS = ("open_side", "list_controls", "resolved", "report", "play_block", "replay", "breaks", "consequence")

LOOKED_AT = 0.25
"""Seconds between two looks at whether a job is still wanted."""
WORTH_ENDING = 1.5
"""Seconds after which a job that nobody wants is ended; a shorter one is sooner done than a process begun."""
MEMORY = 4 << 30
"""Bytes of addresses that one process may have; where the system lets nobody set it, the machine decides."""


class TooLongError(HostfallError):
    """A job was ended because it took too long, or its process died of it."""


class SupersededError(Exception):
    """Nobody wants the job any more: the same visitor has asked something newer."""


class Workers:
    """A few processes.

    Parameters
    ----------
    count
        How many.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="explorer")
        self._all = [_Worker() for _ in range(count)]
        self._free: asyncio.Queue[_Worker] | None = None
        self._lent: set[asyncio.Task[Any]] = set()

    async def do(
        self, job: str, *given: Any, at_most: float, wanted: Callable[[], bool] | None = None
    ) -> Any:
        """Do a job in the next free process.

        Parameters
        ----------
        job, given
            One of `JOBS`, and its arguments.
        at_most
            Seconds; then its process is ended and another takes its place.
        wanted
            Asked when the job's turn has come and while it is done; if it says no, the job is not done, or
            ended once it is worth it. Called in another thread too.

        Raises
        ------
        SupersededError
            If it is no longer wanted.
        HostfallError
            What the job raised, in words.
        """
        if self._free is None:
            self._free = asyncio.Queue()
            for each in self._all:
                self._free.put_nowait(each)
        worker = await self._free.get()
        if wanted is not None and not wanted():
            self._free.put_nowait(worker)
            raise SupersededError
        task = asyncio.ensure_future(self._lend(self._free, worker, job, given, at_most, wanted))
        # A visitor who leaves does not take the process along: it is free only when the job has ended.
        self._lent.add(task)
        task.add_done_callback(self._returned)
        return await asyncio.shield(task)

    def _returned(self, task: asyncio.Task[Any]) -> None:
        self._lent.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, whether anybody still waits for it or not

    async def _lend(
        self,
        free: asyncio.Queue[_Worker],
        worker: _Worker,
        job: str,
        given: tuple[Any, ...],
        at_most: float,
        wanted: Callable[[], bool] | None,
    ) -> Any:
        loop = asyncio.get_running_loop()
        try:
            kind, value = await loop.run_in_executor(self._threads, worker.do, job, given, at_most, wanted)
        finally:
            free.put_nowait(worker)
        if kind == "done":
            return value
        if kind == "unwanted":
            raise SupersededError
        if kind == "wrong":
            raise UsageError(value)
        raise TooLongError(value) if kind == "ended" else HostfallError(value)

    def start(self) -> None:
        """Start the processes before they are needed."""
        for worker in self._all:
            worker.start()

    def stop(self) -> None:
        """End the processes."""
        for worker in self._all:
            worker.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Worker:
    """One process and the pipe to it."""

    def __init__(self) -> None:
        self._process: Any = None
        self._pipe: Connection | None = None

    def start(self) -> Connection:
        """Start the process unless it runs."""
        if self._pipe is None or not self._process.is_alive():
            self.stop()
            context = get_context("spawn")  # threads run here, and a fork would copy their locks
            self._pipe, there = context.Pipe()
            self._process = context.Process(target=serve, args=(there,), daemon=True)
            self._process.start()
            there.close()
        assert self._pipe is not None
        return self._pipe

    def stop(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    def do(
        self, job: str, given: tuple[Any, ...], at_most: float, wanted: Callable[[], bool] | None = None
    ) -> tuple[str, Any]:
        """Send a job and wait for its end: how it ended, and with what. Called in a thread."""
        kind, why = "ended", f"takes more than {at_most:g} s here; ask for less, or use `run`"
        try:
            pipe = self.start()
            begun = monotonic()
            pipe.send((job, given))
            while (left := begun + at_most - monotonic()) > 0.0:
                if pipe.poll(min(left, LOOKED_AT)):
                    ended: tuple[str, Any] = pipe.recv()
                    return ended
                if wanted is not None and monotonic() - begun > WORTH_ENDING and not wanted():
                    kind = "unwanted"
                    break
        except (EOFError, OSError):
            why = "needs more memory than there is here, or has been ended"
        self.stop()
        return kind, f"This {why}."


def serve(pipe: Connection) -> None:
    """The life of a process: do what comes, until nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the server, and the server ends this
    bound_memory()
    from sim.views.explorer import jobs

    jobs.prepare()
    while True:
        try:
            job, given = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            assert job in JOBS
            ended = ("done", getattr(jobs, job)(*given))
        except ScenarioError as error:
            ended = ("wrong", in_words(error))
        except UsageError as error:
            ended = ("wrong", str(error))
        except MemoryError:
            ended = ("broke", "This needs more memory than there is here.")
        except Exception as error:  # the edge of the process: whatever breaks is told, and the next job done
            ended = ("broke", f"This could not be computed: {type(error).__name__}: {error}")
        try:
            pipe.send(ended)
        except OSError:
            return  # the server has ended meanwhile


def bound_memory() -> None:
    """Let this process have so much memory and no more, so that what is too large fails in words."""
    # Each thread of a linear algebra library takes addresses of its own; blocks are small, one will do.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    with suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        least = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (least, hard))


def in_words(error: ScenarioError) -> str:
    """Every problem on a line, without the place of the file on this machine."""
    return "\n".join(": ".join(filter(None, (each.where, each.message))) for each in error.problems)
