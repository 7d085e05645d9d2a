"""A sweep on a real Dask cluster: the same tables as in one process."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.study import executors
from sim.study.sweep import Asking, run_sweep
from tests.clusters import Processes
from tests.studies import STRATEGIES, small


@pytest.mark.slow
def test_points_are_computed_by_the_workers_of_a_cluster(tmp_path: Path) -> None:
    asking = Asking(["response.replace.host.search.acceptance=10 %,60 %"])
    run_sweep(small(STRATEGIES), asking, output=tmp_path / "here")
    with Processes(tmp_path) as cluster:
        cluster.worker("one")
        cluster.worker("two")
        executor = executors.chosen(1, cluster.address)
        run_sweep(small(STRATEGIES), asking, output=tmp_path / "there", executor=executor)
    here, there = (tmp_path / name / "sweep.csv" for name in ("here", "there"))
    assert here.read_bytes() == there.read_bytes()
