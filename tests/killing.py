"""Processes of their own that a test kills, and what must be true of the files they leave."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sim.study.parquet import fetch, quoted
from tests.architecture.source import ROOT


def begun(script: Path, text: str) -> subprocess.Popen[str]:
    """A process that runs a script and has said its first line."""
    script.write_text(text, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-W", "error", str(script)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline()
    return process


def children(process: subprocess.Popen[str]) -> list[int]:
    """The processes that a process has started; none where the system does not tell."""
    told = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in told.read_text().split()] if told.exists() else []


def lives(pid: int) -> bool:
    """Whether a process is there and is not a zombie that waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def all_end(processes: list[int]) -> bool:
    """Whether all of them end within a time that a busy machine may need."""
    deadline = time.monotonic() + 30.0
    while any(map(lives, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(lives, processes))


def check_whole(folder: Path) -> None:
    """Every file under its own name can be read to the end."""
    for path in folder.rglob("*.parquet"):
        fetch(f"SELECT count(*) AS rows, max(COLUMNS(*)) FROM read_parquet({quoted(path)})")
    for name in (path for path in folder.rglob("*.csv")):
        assert name.read_bytes().endswith(b"\n")


def killed(process: subprocess.Popen[str], seconds: float, folder: Path) -> None:
    """Kill it after some time: no worker outlives it, and every file under its own name is whole."""
    time.sleep(seconds)
    helpers = children(process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
    check_whole(folder)
    assert all_end(helpers), "workers outlive the process that asked"
