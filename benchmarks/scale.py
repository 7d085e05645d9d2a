"""More workers and more runs: wall time of two workers and of a cluster, and the memory of a million runs.

Two workers take at most 0.55 of the time of one, a cluster of two at most 1.15 of the pool's: 60 s of work in
tasks of half a second, taken turn by turn, everything already started. Wall time, for that is what workers
save; on a machine that does something else meanwhile the numbers say nothing.

A million runs are at most 1 GB: their tables are made by a study whose blocks are there already. Blocks after
the fifth are copies with other numbers, for what is in them does not matter, only how many they are; to make
them takes some minutes.
"""

from __future__ import annotations

import importlib.util
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

from benchmarks.cases import SCENARIOS, case
from benchmarks.timing import Ratio
from sim.streams import BLOCK
from sim.study import cluster, executors, run_study
from sim.study.archive import Archive
from sim.study.encode import HAPPENINGS_OF_FIRST, TRAJECTORIES_OF_FIRST
from sim.study.executors import Task
from sim.study.parquet import copy, quoted, tables
from sim.study.world import Counterfactual
from tests.clusters import Processes

ROUNDS = 5
TASKS = 20
"""In a round: 12 s of work on one core, 60 s in all rounds."""

RUNS = 1_000_000
ORIGINAL = 5
"""Blocks that are really computed: those whose happenings are kept."""

STUDY = """
import resource, sys
from pathlib import Path
from benchmarks.cases import case
from sim.study import run_study

run_study(case("parler_2021"), replications={runs}, output=Path({folder!r}))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def tasks(first: int) -> list[Task]:
    """A block a task: half a second of the real case."""
    scenario = case("parler_2021").scenario()
    some = range(first * TASKS, (first + 1) * TASKS)
    return [Task("as_is", scenario, (block,), "expected", Counterfactual()) for block in some]


def wall_seconds(pool: Executor, work: Sequence[Task], workers: int) -> float:
    """How long a pool that is already started takes for some tasks."""
    how = executors.compute if isinstance(pool, executors.InProcess) else executors.compute_apart
    begun = time.perf_counter()
    done = list(executors._through(pool, list(work), workers, how))
    assert len(done) == len(work)
    return time.perf_counter() - begun


@contextmanager
def two_on_a_cluster(folder: Path) -> Iterator[Executor]:
    """A scheduler and two workers of this machine."""
    with Processes(folder) as processes:
        processes.worker("one")
        processes.worker("two")
        with cluster.at(processes.address)(1) as pool:
            while getattr(pool, "places", 2) < 2:
                time.sleep(0.1)
            yield pool


def workers() -> list[Ratio]:
    """Two workers / one, and a cluster of two / a pool of two."""
    there = importlib.util.find_spec("distributed") is not None
    with tempfile.TemporaryDirectory() as folder, executors.make(1) as one, executors.make(2) as two:
        if not there:
            return [_ratio("two workers / one", _turns([(one, 1), (two, 2)]), 0.55)]
        with two_on_a_cluster(Path(folder)) as far:
            times = _turns([(one, 1), (two, 2), (far, 2)])
    return [
        _ratio("two workers / one", [(b, a) for a, b, _ in times], 0.55),
        _ratio("a cluster of two workers / a pool of two", [(c, b) for _, b, c in times], 1.15),
    ]


def _turns(pools: Sequence[tuple[Executor, int]]) -> list[tuple[float, ...]]:
    """Wall times of all pools in every round, the first of which starts them and does not count."""
    return [
        tuple(wall_seconds(pool, tasks(turn), count) for pool, count in pools) for turn in range(ROUNDS + 1)
    ][1:]


def _ratio(name: str, times: Sequence[tuple[float, ...]], at_most: float) -> Ratio:
    value = statistics.median(a / b for a, b in times)
    seconds = (statistics.median(a for a, _ in times), statistics.median(b for _, b in times))
    return Ratio(f"{name}, {TASKS} blocks of parler_2021 (wall time)", value, seconds, at_most=at_most)


def memory() -> Ratio:
    """Peak memory of the study of a million runs, GB."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "study"
        multiply(folder, RUNS // BLOCK)
        begun = time.perf_counter()
        command = [sys.executable, "-c", STUDY.format(runs=RUNS, folder=str(folder))]
        done = subprocess.run(command, cwd=SCENARIOS.parent, check=True, capture_output=True, text=True)
        seconds = time.perf_counter() - begun
    kilobytes = float(done.stdout.split()[-1]) / (1024.0 if sys.platform == "darwin" else 1.0)
    name = f"peak memory of {RUNS:,} runs of parler_2021, GB (wall time of their tables)"
    return Ratio(name, kilobytes / 1e6, (seconds, seconds), at_most=1.0)


def multiply(folder: Path, blocks: int) -> None:
    """A folder of results with so many finished blocks, all but the first few copies under other numbers."""
    run_study(case("parler_2021"), replications=ORIGINAL * BLOCK, output=folder)
    archive = Archive(folder)
    assert ORIGINAL * BLOCK == HAPPENINGS_OF_FIRST
    for block in range(ORIGINAL, blocks):
        _copied(archive.rows, block, "EXCLUDE (events)")
        if block * BLOCK < TRAJECTORIES_OF_FIRST:
            _copied(archive.trajectories, block, "")


def _copied(place: Callable[[str, int], Path], block: int, without: str) -> None:
    source = block % ORIGINAL
    shift = (block - source) * BLOCK
    columns = f"* {without} REPLACE (replication + {shift} AS replication)"
    with tables() as connection:
        query = f"SELECT {columns} FROM read_parquet({quoted(place('as_is', source))})"
        copy(connection, query, place("as_is", block))


def measure() -> list[Ratio]:
    """All three."""
    return [*workers(), memory()]
