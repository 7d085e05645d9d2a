"""A sweep that is killed at any moment leaves no half-written file, and the same command goes on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sim.streams import generator
from sim.study.sweep import Asking, Sweep, run_sweep
from tests.killing import begun, killed
from tests.studies import STRATEGIES, same_tables, small

ACCEPTANCE = "response.replace.host.search.acceptance=5..60 %"

COMMAND = """
from pathlib import Path
from tests.integration.test_sweep_killed import swept

if __name__ == "__main__":
    say = lambda done, total: print(done, total, flush=True)
    swept(Path({folder!r}), workers={workers}, progress=say)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a thing of POSIX")


def swept(folder: Path, **options: object) -> Sweep:
    """Four points of two strategies, and the search for where they swap."""
    asking = Asking([ACCEPTANCE], points=4, break_even="downtime", replications=400)
    return run_sweep(small(STRATEGIES), asking, output=folder, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sweep that nobody kills."""
    folder = tmp_path_factory.mktemp("whole") / "results"
    swept(folder)
    return folder


def names(folder: Path) -> set[str]:
    """Every file there is."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "kills"), [(1, 8), (2, 4)])
def test_killed_again_and_again_it_ends_with_the_same_tables(
    whole: Path, tmp_path: Path, workers: int, kills: int
) -> None:
    folder, rng = tmp_path / "results", generator(7, "moments to kill a sweep at", workers)
    for kill in range(kills):
        process = begun(tmp_path / "sweep.py", COMMAND.format(folder=str(folder), workers=workers))
        # the first moments fall among the points, the later ones in the search and among the tables as well
        killed(process, float(rng.random()) * (0.3 + 0.5 * kill), folder)
    swept(folder)
    assert names(folder) == names(whole)
    for table in ("sweep.csv", "break_even.csv"):
        assert (folder / table).read_bytes() == (whole / table).read_bytes()
    studies = sorted(path.relative_to(whole) for path in (whole / "points").glob("*/*"))
    assert len(studies) >= 8  # two strategies at four points, and what the search added
    assert all(same_tables(folder / study, whole / study) for study in studies)
