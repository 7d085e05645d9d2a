"""Processes that do one job at a time and are ended when they take too long.

In: jobs by name, with what they need. Out: what they give back, or `HostfallError` with the words for the
visitor. A worker is lent to one job; who waits longest gets the next free one, and asks for one block at a
time, so several visitors take turns.
Rejected: `ProcessPoolExecutor`, which can end no single job that hangs.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from sim.errors import HostfallError, ScenarioError, UsageError

JOBS = ("open_side", "list_controls", "resolved", "report", "play_block", "tell")


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
            Asked when the job's turn has come; if it says no, the job is not done.

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
        task = asyncio.ensure_future(self._lend(self._free, worker, job, given, at_most))
        # A visitor who leaves does not take the process along: it is free only when the job has ended.
        self._lent.add(task)
        task.add_done_callback(self._returned)
        return await asyncio.shield(task)

    def _returned(self, task: asyncio.Task[Any]) -> None:
        self._lent.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, whether anybody still waits for it or not

    async def _lend(
        self, free: asyncio.Queue[_Worker], worker: _Worker, job: str, given: tuple[Any, ...], at_most: float
    ) -> Any:
        loop = asyncio.get_running_loop()
        try:
            kind, value = await loop.run_in_executor(self._threads, worker.do, job, given, at_most)
        finally:
            free.put_nowait(worker)
        if kind == "done":
            return value
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

    def do(self, job: str, given: tuple[Any, ...], at_most: float) -> tuple[str, Any]:
        """Send a job and wait for its end: how it ended, and with what. Called in a thread."""
        try:
            pipe = self.start()
            pipe.send((job, given))
            if pipe.poll(at_most):
                ended: tuple[str, Any] = pipe.recv()
                return ended
            why = f"takes more than {at_most:g} s here; ask for less, or use `run`"
        except (EOFError, OSError):
            why = "needs more memory than there is here, or has been ended"
        self.stop()
        return "ended", f"This {why}."


def serve(pipe: Connection) -> None:
    """The life of a process: do what comes, until nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the server, and the server ends this
    from sim.views.explorer import jobs

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
        pipe.send(ended)


def in_words(error: ScenarioError) -> str:
    """Every problem on a line, without the place of the file on this machine."""
    return "\n".join(": ".join(filter(None, (each.where, each.message))) for each in error.problems)
