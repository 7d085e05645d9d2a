"""A script of one's own that asks for workers: what it gets, and what it is told if it lacks the guard."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.study.executors import GUARD
from tests.architecture.source import ROOT

ASKS = """
from sim import load_scenario, run

{guard}run(load_scenario("scenarios/host_suspended.yaml"), replications=400, workers=2); print("done")
"""


@pytest.mark.parametrize("guard", ["", pytest.param('if __name__ == "__main__": ', marks=pytest.mark.slow)])
def test_workers_come_under_the_guard_and_without_it_one_is_told_of_it(tmp_path: Path, guard: str) -> None:
    script = tmp_path / "own.py"
    script.write_text(ASKS.format(guard=guard), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    if guard:
        assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
    else:
        assert done.returncode
        assert not done.stdout
        assert GUARD in done.stderr.splitlines()[-1]
