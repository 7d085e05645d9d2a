"""Ten times the replications, files and all: at most 11 times the CPU."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.cases import case
from benchmarks.timing import Ratio, compare
from sim.streams import BLOCK
from sim.study import run_study


def study(replications: int) -> None:
    """A study of the real case into a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        run_study(case("parler_2021"), replications=replications, workers=1, output=Path(folder) / "study")


def measure() -> list[Ratio]:
    """2,000 replications / 200."""
    return [
        compare(
            f"{10 * BLOCK:,} replications / {BLOCK}, files included",
            lambda: study(10 * BLOCK),
            lambda: study(BLOCK),
            rounds=5,
            at_most=11.0,
        )
    ]
