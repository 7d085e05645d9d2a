"""A Dask cluster, given by its address, as one more `concurrent.futures.Executor`.

In: the address of a scheduler to which somebody has started workers. Out: what makes an executor of it, for
`run_study(..., executor=...)`. Dask gives what a lost worker had to the others and is asked for nothing else:
which blocks there are, and that each counts once, is the archive's affair.

What goes wrong, and where it is noticed:

* A worker dies: the scheduler sends its tasks to others, each task up to as many times as the scheduler's
  `distributed.scheduler.allowed-failures` says (3). A worker whose computer loses its power is noticed when
  its connection times out (`distributed.comm.timeouts.tcp`, 30 s), at the latest after
  `distributed.scheduler.worker-ttl` (5 min).
* All workers are gone: those that come later are used; after `PATIENCE` without any the study ends.
* The scheduler dies: what is in flight breaks at once, one attempt is made to reach it again for
  `ANSWER_WITHIN`, and the study ends. Finished blocks are on disk.
* A worker computes other bits, or lacks this program: refused by its name, at the start and, for one that
  comes later, with its first result.

Rejected: `Client.get_executor`, which leaves a future waiting for ever if its result is lost on the way.
"""

from __future__ import annotations

import logging
import threading
from asyncio import CancelledError as Cancelled
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from sim.errors import HostfallError, UsageError
from sim.study.executors import WorkersLostError
from sim.study.machine import difference, fingerprint

ANSWER_WITHIN = 10.0
"""Seconds in which a scheduler has to answer."""

PATIENCE = 60.0
"""Seconds without any worker after which a study ends. Assumption: longer than a worker takes to start."""

_LOOK = 1.0
"""Seconds between two looks at how many workers there are."""

_GONE = (OSError, RuntimeError, TimeoutError, CancelledError, Cancelled)
"""What Dask raises when the other side of a connection is no more; RuntimeError where a client is closed."""

_TALKATIVE = ("distributed", "distributed.client", "distributed.utils", "tornado.application")
"""Loggers that say for themselves, line after line, that a connection was lost."""

_ONE_AT_A_TIME = threading.Lock()
"""In a worker: two threads of one process would only take turns at the interpreter."""


class LostError(BrokenExecutor):
    """What was in flight is lost, and may be tried again."""


def at(address: str) -> Callable[[int], Executor]:
    """What makes an executor of the cluster whose scheduler listens at `tcp://HOST:PORT` (or `tls://`).

    Nothing is connected before it is called, so a study that is already done needs no cluster.

    Raises
    ------
    UsageError
        If that is no address, or the library is not installed.
    """
    place = urlsplit(address if "://" in address else f"tcp://{address}")
    try:
        complete = place.scheme in {"tcp", "tls"} and place.hostname and place.port
    except ValueError:  # a port that is no number
        complete = False
    if not complete:
        raise UsageError(
            f"`{address}` is no address of a scheduler; write the one it prints, as tcp://127.0.0.1:8786"
        )
    try:
        import_module("distributed")  # better missed now than when the study begins
    except ImportError:
        raise UsageError(
            "A cluster needs the library distributed: python -m pip install 'hostfall[cluster]' "
            "(in a clone: python -m pip install -c constraints.txt '.[cluster]')"
        ) from None
    return lambda _workers: Cluster(place.geturl())


class Cluster(Executor):
    """The workers of one scheduler.

    Raises
    ------
    WorkersLostError
        If no scheduler answers, or it has no workers.
    HostfallError
        If a worker cannot compute, or computes other bits.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._pending: set[Future[Any]] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        for name in _TALKATIVE:  # what breaks is said once, and by us
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        try:
            self._client = self._connected()
            self._places = self._checked()
        except BaseException:
            self.shutdown()
            raise
        threading.Thread(target=self._watch, name="hostfall cluster", daemon=True).start()

    @property
    def places(self) -> int:
        """How many tasks its workers can do at the same time; it changes as they come and go."""
        return self._places

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a function called by some worker, which finds it by its name in its own installation."""
        ours: Future[Any] = Future()
        with self._lock:
            self._pending.add(ours)
        try:
            theirs = self._client.submit(_called, fn, args, kwargs, pure=False)
            self._client.loop.add_callback(self._hand_over, theirs, ours)
        except (*_GONE, AttributeError) as error:  # a closed client has no scheduler any more
            raise LostError(f"the cluster at {self._address} is lost: {_brief(error)}") from error
        return ours

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster; what it still computes for us it drops, and its workers stay."""
        self._closed.set()
        client = getattr(self, "_client", None)
        if client is not None:
            with suppress(*_GONE):
                client.close(timeout=_LOOK)
        for ours in list(self._pending):
            self._settle(ours, LostError(f"the cluster at {self._address} was left"))

    # -- the way there ------------------------------------------------------------------------------------

    def _connected(self) -> Any:
        try:
            return import_module("distributed").Client(
                self._address, timeout=ANSWER_WITHIN, set_as_default=False, name="hostfall"
            )
        except (OSError, TypeError, ValueError, RuntimeError) as error:
            message = f"no scheduler answers at {self._address} ({_brief(error)})"
            raise WorkersLostError(message) from error

    def _checked(self) -> int:
        """How many tasks the workers can do together; each is known to compute the bits of this machine."""
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            start = f"start some: dask worker {self._address} --nthreads 1"
            raise WorkersLostError(
                f"no worker has come to the scheduler at {self._address}; {start}"
            ) from error
        try:
            said = self._client.run(fingerprint, on_error="return")
            workers = self._client.scheduler_info(n_workers=-1)["workers"]
        except _GONE as error:
            raise WorkersLostError(f"the cluster at {self._address} is lost: {_brief(error)}") from error
        refused = []
        for address, theirs in said.items():
            name = _name(address, workers.get(address, {}).get("name"))
            if isinstance(theirs, OSError):
                continue  # it has just died
            if isinstance(theirs, Exception):
                refused.append(f"{name} cannot compute ({_brief(theirs)})")
            elif unlike := difference(fingerprint(), theirs):
                refused.append(f"{name} gives other bits than this machine: {unlike}")
        if refused:
            raise HostfallError("; ".join([*refused, _REMEDY]))
        return sum(worker["nthreads"] for worker in workers.values())

    def _watch(self) -> None:
        """Count the workers; without any for too long, end what waits for them."""
        alone = 0.0
        while not self._closed.wait(_LOOK):
            try:
                self._places = self._client.scheduler_info(n_workers=0)["total_threads"]
            except (*_GONE, KeyError, AttributeError):
                continue  # a lost scheduler is noticed by what is in flight
            alone = 0.0 if self._places else alone + _LOOK
            if alone >= PATIENCE:
                gone = f"the scheduler at {self._address} has had no worker for {PATIENCE:.0f} s"
                for ours in list(self._pending):
                    self._settle(ours, WorkersLostError(gone))

    # -- the way back -------------------------------------------------------------------------------------

    async def _hand_over(self, theirs: Any, ours: Future[Any]) -> None:
        """Wait for a task and fetch its result, in the client's loop, with which it ends.

        A thread that waits (Dask's own callbacks have one for all clients) waits for ever where the loop has
        stopped before its turn came, and so do all that follow.
        """
        try:
            found = await self._client.gather(theirs, asynchronous=True)
        except (Exception, Cancelled) as error:
            lost = LostError(f"the cluster at {self._address} lost a task: {_brief(error)}")
            self._settle(ours, self._told(error) if theirs.status == "error" else lost)
            if isinstance(error, Cancelled):  # the loop ends
                raise
        else:
            self._settle(ours, None, found)

    def _told(self, failed: BaseException) -> BaseException:
        """What a task failed of, in our words where it is not its own affair."""
        if isinstance(failed, import_module("distributed").KilledWorker):
            return LostError(_brief(failed))
        if isinstance(failed, ImportError):
            what = f"a worker of {self._address} cannot compute ({_brief(failed)})"
            return HostfallError(f"{what}; {_REMEDY}")
        return failed

    def _settle(self, ours: Future[Any], error: BaseException | None, found: Any = None) -> None:
        """Say once what became of a task."""
        with self._lock:
            if ours not in self._pending:
                return
            self._pending.discard(ours)
        if not ours.set_running_or_notify_cancel():
            return
        if error is None:
            ours.set_result(found)
        else:
            ours.set_exception(error)


_REMEDY = "give every worker this program and the versions of its libraries, or stop that worker"


def _called(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """In a worker: call it, one at a time, and sign what it gives."""
    with _ONE_AT_A_TIME:
        found = fn(*args, **kwargs)
    worker = import_module("distributed").get_worker()
    return replace(found, where=_name(worker.address, worker.name)) if hasattr(found, "where") else found


def _name(address: str, name: object) -> str:
    """A worker as it is called: by default by its address."""
    return f"the worker {address}" if name in (None, address) else f"the worker {name} ({address})"


def _brief(error: BaseException) -> str:
    """The first line of what an error says, or its kind; without the full stop, for more follows."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
