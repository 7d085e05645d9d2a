"""Runs every benchmark, prints the table, writes `benchmarks/results.md`; status 1 if a ratio is broken.

``python -m benchmarks [NAME ...]`` runs only the named ones and writes nothing.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.timing import ROUNDS, Ratio

RESULTS = Path(__file__).resolve().parent / "results.md"
LIBRARIES = ("simpy", "numpy", "scipy", "duckdb")
BENCHMARKS = (
    "replication",
    "supply",
    "users",
    "crowd",
    "network",
    "replications",
    "scale",
    "explorer",
    "twin",
)
"""Modules beside this one, in the order of the table."""


def processor() -> str:
    """The processor's name, as well as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def machine() -> str:
    """What it ran on, in one line."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    python = f"Python {platform.python_version()}"
    return f"{processor()}, {os.cpu_count()} processors, {platform.system()}, {python}, {versions}"


def row(ratio: Ratio) -> tuple[str, ...]:
    """One line of the table."""
    value = f"{ratio.value:,.0f}" if ratio.value >= 100 else f"{ratio.value:.2f}"
    times = " / ".join(f"{1e3 * seconds:,.3g} ms" for seconds in ratio.seconds)
    verdict = "" if ratio.at_most is None and ratio.at_least is None else "holds" if ratio.holds else "BROKEN"
    return ratio.name, value, ratio.bound, times, verdict


def table(ratios: Iterable[Ratio]) -> str:
    """The results as a Markdown table."""
    head = ("ratio of CPU times", "measured", "must be", "CPU of one unit", "")
    lines = [head, ("---", "---:", "---", "---", "---"), *map(row, ratios)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def page(ratios: Sequence[Ratio]) -> str:
    """`results.md`."""
    return (
        "# How fast\n\n"
        "Written by `python -m benchmarks`; do not edit. Ratios of CPU times in one run, taken turn by\n"
        f"turn, median of {ROUNDS} rounds (5 where a round is long). Y is the CPU time of one SimPy process\n"
        "that makes 1,000 timeouts in a fresh environment.\n\n"
        f"{table(ratios)}\n"
        f"Measured on: {machine()}.\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; see the module's text."""
    names = list(sys.argv[1:] if arguments is None else arguments)
    if unknown := [name for name in names if name not in BENCHMARKS]:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    ratios: list[Ratio] = []
    for name in names or BENCHMARKS:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        ratios += import_module(f"benchmarks.{name}").measure()
    print(table(ratios))
    if not names:
        RESULTS.write_text(page(ratios), encoding="utf-8")
        print(f"written to {RESULTS}")
    return 0 if all(ratio.holds for ratio in ratios) else 1


if __name__ == "__main__":
    raise SystemExit(main())
