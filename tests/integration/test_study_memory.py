"""The tables of many runs take hardly more memory than those of few."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.streams import BLOCK
from sim.study.archive import Archive
from sim.study.parquet import copy, quoted, tables
from tests.architecture.source import ROOT
from tests.studies import studied

FEW, MANY = 50, 1_000
"""Blocks."""

COMMAND = """
import resource
from pathlib import Path
from tests.studies import studied

study = studied(Path({folder!r}), {runs})
assert len(study.outcomes()["downtime"]) == {runs}
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(folder: Path, runs: int) -> float:
    """MB of a process that makes the tables of blocks which are there."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND.format(folder=str(folder), runs=runs)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return float(done.stdout) / (2**20 if sys.platform == "darwin" else 2**10)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell a process's peak")
def test_a_thousand_blocks_take_at_most_150_mb_more_than_fifty(tmp_path: Path) -> None:
    """By columns in memory they would take 40 MB a strategy more, by what is known of every file 200 MB."""
    folder = tmp_path / "results"
    studied(folder, FEW * BLOCK)
    few = peak(folder, FEW * BLOCK)
    archive = Archive(folder)
    for block in range(FEW, MANY):
        place = archive.rows("as_is", block)
        shift = (block - FEW + 1) * BLOCK
        query = f"SELECT * REPLACE (replication + {shift} AS replication) FROM read_parquet({{}})"
        with tables() as connection:
            copy(connection, query.format(quoted(archive.rows("as_is", FEW - 1))), place)
    assert peak(folder, MANY * BLOCK) < few + 150.0
