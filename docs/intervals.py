"""How often the intervals hold what they say they hold: many studies of laws whose truth is known.

    python docs/intervals.py          run all (a quarter of an hour); write CSV and page
    python docs/intervals.py --text   write docs/statistics.md from docs/coverage.csv

Every study goes through the functions that the tables are made with. A test compares the table with fresh
studies, and with the exact coverage where that is known; another the page with the CSV.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, ndtr, ndtri

from docs.markers import between
from sim.streams import generator
from sim.study.bootstrap import bca, ready
from sim.study.statistics import mean_interval, quantile_interval, quantile_ranks
from sim.study.tails import has_tail, tail_terms

Array = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "docs" / "coverage.csv"
PAGE = ROOT / "docs" / "statistics.md"

RUNS = (10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10_000)
STUDIES = 10_000
TOGETHER = 100
"""Studies that share the resamples of the bootstrap, as the measures of one study do."""

WORDS = {
    "t": "mean, Student's t",
    "bca": "mean, bootstrap (BCa)",
    "cvar": "mean of the worse 5 % (BCa)",
    "median": "median, order statistics",
    "p95": "95 % quantile, order statistics",
}


@dataclass(frozen=True, slots=True)
class Law:
    """A law by the inverse of its distribution function, and what is true of it."""

    inverse: Callable[[Array], Array]
    mean: float
    cvar: float

    def quantile(self, share: float) -> float:
        """What a share of it does not exceed."""
        return float(self.inverse(np.array([share]))[0])


_Z = float(ndtri(0.95))
LAWS = {
    "normal": Law(ndtri, 0.0, math.exp(-0.5 * _Z * _Z) / math.sqrt(2.0 * math.pi) / 0.05),
    "exponential": Law(lambda u: -np.log1p(-u), 1.0, 1.0 - math.log(0.05)),
    "lognormal": Law(lambda u: np.exp(ndtri(u)), math.exp(0.5), math.exp(0.5) * float(ndtr(1.0 - _Z)) / 0.05),
}
"""Standard ones; the lognormal's sigma is 1. The mean of the worse 5 % as in tests/theory/test_h1_cvar.py."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `exact` is NaN where it is not known."""

    interval: str
    law: str
    runs: int
    studies: int
    coverage: float
    exact: float


def exact(interval: str, law: str, runs: int) -> float:
    """The coverage where it is known: t on a normal law, and the binomial sum of order statistics on any."""
    if interval == "t" and law == "normal":
        return 0.95
    share = {"median": 0.5, "p95": 0.95}.get(interval)
    if share is None:
        return math.nan
    low, high = quantile_ranks(runs, share)
    below = float(bdtr(low - 1, runs, share)) if low >= 1 else 0.0
    return (float(bdtr(high - 1, runs, share)) if high <= runs else 1.0) - below


def studied(runs: int, studies: int, seed: int = 1) -> list[Row]:
    """So many studies of each law, all of as many runs."""
    held: Counter[tuple[str, str]] = Counter()
    for batch in range(math.ceil(studies / TOGETHER)):
        size = min(TOGETHER, studies - batch * TOGETHER)
        samples = {
            name: law.inverse(generator(seed, f"coverage {name} {runs}", batch).random((size, runs)))
            for name, law in LAWS.items()
        }
        held.update(_held(samples, seed + batch))
    return [
        Row(interval, law, runs, studies, held[interval, law] / studies, exact(interval, law, runs))
        for interval in WORDS
        for law in LAWS
    ]


def _held(samples: dict[str, Array], seed: int) -> Iterable[tuple[str, str]]:
    """Which interval of which law held, once for every sample in which it did."""
    drawn = [(name, sample) for name, each in samples.items() for sample in each]
    terms = [ready(column) for _, sample in drawn for column in (sample, tail_terms(sample))]
    ends = bca(terms, seed)
    for (name, sample), of_mean, tail in zip(drawn, ends[::2], ends[1::2], strict=True):
        of_tail = tail if has_tail(len(sample)) else (-math.inf, math.inf)
        law, t, ordered = LAWS[name], mean_interval(sample), np.sort(sample)
        for interval, (low, high), truth in (
            ("t", (t.low, t.high), law.mean),
            ("bca", of_mean, law.mean),
            ("cvar", of_tail, law.cvar),
            ("median", quantile_interval(ordered, 0.5), law.quantile(0.5)),
            ("p95", quantile_interval(ordered, 0.95), law.quantile(0.95)),
        ):
            if low <= truth <= high:
                yield interval, name


def kept() -> list[Row]:
    """The rows of the CSV."""
    with KEPT.open(encoding="utf-8", newline="") as file:
        return [
            Row(row["interval"], row["law"], int(row["runs"]), int(row["studies"]),
                float(row["coverage"]), float(row["exact"] or "nan"))
            for row in csv.DictReader(file)
        ]  # fmt: skip


def write(rows: Sequence[Row]) -> None:
    """The CSV, empty where nothing exact is known."""
    with KEPT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            asdict(row) | {"exact": "" if math.isnan(row.exact) else round(row.exact, 6)} for row in rows
        )


def text(rows: Sequence[Row]) -> str:
    """The table for the page: an interval and law a line, a number of runs a column, in percent."""
    found = {(row.interval, row.law, row.runs): row for row in rows}
    sizes = sorted({row.runs for row in rows})
    lines = [
        f"| interval | law | {' | '.join(f'{runs:,}' for runs in sizes)} |",
        f"|---|---|{'---|' * len(sizes)}",
    ]
    for interval, words in WORDS.items():
        for law in LAWS:
            cells = [f"{100.0 * found[interval, law, runs].coverage:.1f}" for runs in sizes]
            lines.append(f"| {words} | {law} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def filled(page: str, rows: Sequence[Row]) -> str:
    """The page with the table between its markers."""
    return between(page, "coverage", f"\n{text(rows)}\n", PAGE.name)


def main() -> int:
    """Run the studies again unless only the text was asked for, and write the page."""
    if "--text" not in sys.argv[1:]:
        rows = []
        for runs in RUNS:
            rows += studied(runs, STUDIES)
            print(f"{runs:,} runs a study: done", flush=True)
        order = list(WORDS)
        write(sorted(rows, key=lambda row: (order.index(row.interval), list(LAWS).index(row.law), row.runs)))
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), kept()), encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
