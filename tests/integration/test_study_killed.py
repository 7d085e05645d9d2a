"""A study that is killed at any moment leaves no half-written file, and the same command goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sim.streams import generator
from sim.study import Study
from tests.killing import all_end, begun, children, killed
from tests.studies import TABLES, progress_to, same_tables, studied

RUNS = 1_000

COMMAND = """
from pathlib import Path
from tests.studies import studied

if __name__ == "__main__":
    say = lambda done, total: print(done, total, flush=True)
    studied(Path({folder!r}), {runs}, workers={workers}, progress=say)
    print("finished", flush=True)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a thing of POSIX")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study that nobody kills."""
    return studied(tmp_path_factory.mktemp("whole") / "results", RUNS)


def started(folder: Path, script: Path, workers: int) -> subprocess.Popen[str]:
    """A process of its own that has begun to compute."""
    return begun(script, COMMAND.format(folder=str(folder), runs=RUNS, workers=workers))


MANY = [pytest.param(1 + turn % 2, 5, turn, marks=pytest.mark.slow) for turn in range(1, 11)]
"""Fifty kills: ten studies, half of them on two processes, each killed five times before it may end."""


@pytest.mark.parametrize(("workers", "kills", "turn"), [(1, 3, 0), (2, 1, 0), *MANY])
def test_killed_again_and_again_it_ends_with_the_same_tables(
    whole: Study, tmp_path: Path, workers: int, kills: int, turn: int
) -> None:
    folder, rng = tmp_path / "results", generator(7, f"moments to kill at {turn}", workers)
    landed = 0
    for kill in range(kills):
        process = started(folder, tmp_path / "study.py", workers)
        # the first moments fall among the blocks, the later ones among the tables as well
        killed(process, float(rng.random()) * (0.4 + 0.5 * kill), folder)
        landed += process.returncode == -signal.SIGKILL
    assert landed, "every study came to its own end before it was killed"
    said: list[tuple[int, int]] = []
    after = studied(folder, RUNS, progress=progress_to(said))
    assert same_tables(after.folder, whole.folder)
    assert not list(folder.rglob("*.part"))
    assert {path.name for path in folder.iterdir() if path.is_file()} == {
        *TABLES, "summary.csv", "comparison.csv", "criticality.csv", "inputs.csv", "scenario.yaml",
        "manifest.json",
    }  # fmt: skip


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_stops_at_once_and_keeps_the_finished_blocks(tmp_path: Path, workers: int) -> None:
    folder = tmp_path / "results"
    process = started(folder, tmp_path / "study.py", workers)
    assert process.stdout is not None
    assert process.stdout.readline()  # the first block is done
    helpers = children(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30.0) != 0
    process.stdout.close()
    assert all_end(helpers)
    assert list((folder / "blocks" / "as_is").glob("*.parquet"))
    assert not (folder / "run.lock").exists()
