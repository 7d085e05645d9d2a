"""Five strategies x 10,000 replications of 15 million users on two workers: how long that takes. Told only.

Wall time, tables and files included, of a study that begins with nothing: what an analyst waits for.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.cases import case
from benchmarks.timing import Ratio
from sim.study import run_study

STRATEGIES, REPLICATIONS, WORKERS = 5, 10_000, 2
USERS = 15_000_000


def measure(replications: int = REPLICATIONS) -> list[Ratio]:
    """Seconds."""
    file = case("hosting_strategies", f"users.start={USERS}")
    names = list(file.strategies)[:STRATEGIES]
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        place = Path(folder) / "study"
        run_study(file, strategies=names, replications=replications, workers=WORKERS, output=place)
        seconds = time.perf_counter() - begun
    what = f"{len(names)} strategies x {replications:,} runs of {USERS:,} users"
    return [Ratio(f"{what}, {WORKERS} workers, s (wall time)", seconds, (seconds, seconds))]
