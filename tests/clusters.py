"""A real Dask cluster of a few processes on this machine: started by their commands, ended by their ids."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from tests.architecture.source import ROOT

HERE = "127.0.0.1"
QUIET = ("--host", HERE, "--dashboard-address", f"{HERE}:0")


class Processes:
    """A scheduler on a free port of the loopback, and the workers it was given; all end with the `with`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        told = folder / "scheduler.json"
        self._start("scheduler", "scheduler", "--port", "0", "--scheduler-file", str(told))
        deadline = time.monotonic() + 30.0
        while not (told.is_file() and told.read_text(encoding="utf-8").endswith("}")):
            assert time.monotonic() < deadline, "the scheduler does not start"
            time.sleep(0.05)
        self.address: str = json.loads(told.read_text(encoding="utf-8"))["address"]

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in reversed(self._started):
            self.kill(name)

    def worker(self, name: str, environment: Mapping[str, str] | None = None) -> None:
        """Start a worker: one process with one thread."""
        options = ("--nthreads", "1", "--no-nanny", "--name", name)
        place = ("--local-directory", str(self._folder / name))
        self._start(name, "worker", self.address, *options, *place, environment=environment)

    def kill(self, name: str) -> None:
        """End one of them at once, as a loss of power would."""
        process = self._started[name]
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()

    def lives(self, name: str) -> bool:
        """Whether it still runs."""
        return self._started[name].poll() is None

    def _start(self, name: str, *words: str, environment: Mapping[str, str] | None = None) -> None:
        kind, *options = words
        with open(self._folder / f"{name}.log", "wb") as log:
            self._started[name] = subprocess.Popen(
                [sys.executable, "-m", "dask", kind, *options, *QUIET],
                cwd=self._folder, stdout=log, stderr=log,
                env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            )  # fmt: skip
