"""Runs every benchmark, prints the table, writes `results.md` and adds to `history.csv` beside this file.

``python -m benchmarks [--accept] [NAME ...]``: the named ones only, which writes nothing but, with
``--accept``, adds what they measured to the history. Status 1 if a ratio is out of its bounds, or worse than
its last record by more than noise; what looks worse is measured again before it is said to be. A run that is
worse is not recorded, unless it is accepted.
"""

from __future__ import annotations

import importlib.metadata
import math
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks import history
from benchmarks.timing import ROUNDS, Ratio

RESULTS = Path(__file__).resolve().parent / "results.md"
LIBRARIES = ("simpy", "numpy", "scipy", "duckdb")
BENCHMARKS = (
    "events",
    "replication",
    "supply",
    "users",
    "crowd",
    "network",
    "replications",
    "scale",
    "explorer",
    "twin",
    "peers",
    "strategies",
)
"""Modules beside this one, in the order of the table."""

ACCEPT = "--accept"


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
    if math.isnan(ratio.value):
        return ratio.name, "not installed", ratio.bound, "", ""
    value = f"{ratio.value:,.0f}" if ratio.value >= 100 or ratio.exact else f"{ratio.value:.2f}"
    times = " / ".join(f"{1e3 * seconds:,.3g} ms" for seconds in ratio.seconds) if any(ratio.seconds) else ""
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


def measured(name: str, before: Sequence[history.Record]) -> list[Ratio]:
    """One benchmark; where something looks worse than it was, the better of two measurements."""
    module = import_module(f"benchmarks.{name}")
    ratios: list[Ratio] = module.measure()
    if not history.regressions([ratio for ratio in ratios if not ratio.exact], before):
        return ratios
    print(f"measuring {name} again, for it looks worse than it was ...", file=sys.stderr, flush=True)
    again = {ratio.name: ratio for ratio in module.measure()}
    return [better(ratio, again.get(ratio.name, ratio)) for ratio in ratios]


def better(one: Ratio, other: Ratio) -> Ratio:
    """The one that is on the better side of the other."""
    low, high = sorted((one, other), key=lambda ratio: ratio.value)
    return high if one.at_least is not None else low


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; see the module's text."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    names = [name for name in given if name != ACCEPT]
    if unknown := [name for name in names if name not in BENCHMARKS]:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    before = history.read()
    ratios: list[Ratio] = []
    for name in names or BENCHMARKS:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        ratios += measured(name, before)
    print(table(ratios))
    worse = history.regressions(ratios, before)
    for each in worse:
        print(f"WORSE: {each}", file=sys.stderr)
    if not names:
        RESULTS.write_text(page(ratios), encoding="utf-8")
        print(f"written to {RESULTS}")
    if ACCEPT in given or not (names or worse):
        history.add(history.records(ratios))
        print(f"added to {history.HISTORY}")
    return 0 if all(ratio.holds for ratio in ratios) and (ACCEPT in given or not worse) else 1


if __name__ == "__main__":
    raise SystemExit(main())
