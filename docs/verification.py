"""Theory against simulation, drawn: twelve cases with exact answers, each played through a real scenario.

    python docs/verification.py          play the cases; write CSV, picture and the table in verification.md
    python docs/verification.py --text   picture and table again from the CSV that is there

The statements and their sources stand in `tests/theory`, where each is also tested; here they are seen. No
number is typed: the exact answers are computed from their formulas, the others from 2,000 runs.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docs.markers import between

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "docs" / "verification.csv"
PICTURE = ROOT / "docs" / "verification.svg"
PAGE = ROOT / "docs" / "verification.md"
BLOCKS = 10
SURE = 1.959963984540054

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.supply.timeline import Timeline
    from sim.views.figures.picture import Picture

CASES: dict[str, Callable[[], tuple[str, float, list[float]]]] = {}


@dataclass(frozen=True, slots=True)
class Row:
    """One case: what is exact, and what the runs gave, with the standard error of their mean."""

    case: str
    unit: str
    exact: float
    simulated: float
    error: float
    runs: int


def case(words: str) -> Callable[[Callable[[], tuple[str, float, list[float]]]], None]:
    """Register a function that returns unit, exact answer, and one value a run."""

    def register(function: Callable[[], tuple[str, float, list[float]]]) -> None:
        CASES[words] = function

    return register


def lines(events: list[dict[str, Any]], **parts: Any) -> Iterator[Timeline]:
    """What happened in every run of a platform made of these parts."""
    from tests.supplies import many, platform

    scenario = platform(events=events, **parts)
    return many(scenario, BLOCKS)


def searched(search: dict[str, Any], **parts: Any) -> Iterator[Timeline]:
    """The host is suspended on day 10, and this search begins at once."""
    response = {"detection": "0 h", "replace": {"host": {"search": search, **parts}}}
    return lines([{"suspend": "host", "at": "10 d"}], response=response, horizon="2000 d")


def days(timeline: Timeline) -> float:
    """Days without any capacity."""
    from tests.supplies import downtime

    return downtime(timeline) / 24.0


def agreed(timeline: Timeline) -> float:
    """1 if a candidate agreed, else 0."""
    return float(any(happening.event == "accepted" for happening in timeline.happenings))


@case("Asked one after the other: candidates asked")
def _geometric() -> tuple[str, float, list[float]]:
    found = searched({"candidates": 80, "acceptance": "20 %", "reply": "1.5 d"})
    return "candidates", 1 / 0.2, [float(line.contacted) for line in found]


@case("Eight candidates, each for itself: nobody agrees")
def _all_refuse() -> tuple[str, float, list[float]]:
    found = searched({"candidates": 8, "acceptance": "20 %", "reply": "1 h"})
    return "share of runs", 0.8**8, [1 - agreed(line) for line in found]


@case("Eight candidates that share a mood: nobody agrees")
def _mood() -> tuple[str, float, list[float]]:
    found = searched({"candidates": 8, "acceptance": {"mean": 0.2, "correlation": 1 / 11}, "reply": "1 h"})
    exact = math.prod((8 + i) / (10 + i) for i in range(8))  # Beta(2, 8)
    return "share of runs", exact, [1 - agreed(line) for line in found]


@case("Replies after exponential times: until somebody agrees")
def _thinned() -> tuple[str, float, list[float]]:
    found = searched({"candidates": 80, "acceptance": "20 %", "reply": {"mean": "36 h"}})
    return "days", 1.5 / 0.2, [days(line) for line in found]


@case("Six asked at once: agreed within a day")
def _parallel() -> tuple[str, float, list[float]]:
    found = searched({"candidates": 6, "acceptance": "30 %", "reply": {"mean": "3 d"}, "at_once": 6})
    exact = 1 - (1 - 0.3 * (1 - math.exp(-1 / 3))) ** 6
    return "share of runs", exact, [float(agreed(line) > 0 and days(line) <= 1) for line in found]


@case("Candidates that withdraw: until one serves")
def _restart() -> tuple[str, float, list[float]]:
    one = {"acceptance": "100 %", "reply": "0 h"}
    tasks = {"set_up": {"after": ["host_found"], "takes": "20 d"}}
    found = searched({"candidates": [one] * 60, "withdraws": "5 % per day"}, tasks=tasks)
    return "days", (math.exp(0.05 * 20) - 1) / 0.05, [days(line) for line in found]


@case("Three standby hosts with a common shock: one is usable")
def _shock() -> tuple[str, float, list[float]]:
    standby = [{"name": name, "reply": "1 h"} for name in ("one", "two", "three")]
    mood = {"values": [0.0] * 3 + [0.7] * 17}
    found = searched({"candidates": [], "standby": standby, "acceptance": mood})
    return "share of runs", 0.85 * (1 - 0.3**3), [agreed(line) for line in found]


@case("Five tasks at the same time: the longest")
def _longest() -> tuple[str, float, list[float]]:
    tasks = {f"task_{i}": {"takes": {"mean": "10 d"}} for i in range(5)}
    response = {"detection": "0 h", "engineers": 5, "replace": {"host": {"tasks": tasks}}}
    found = lines([{"suspend": "host", "at": "10 d"}], response=response, horizon="2000 d")
    return "days", 10 * sum(1 / k for k in range(1, 6)), [days(line) for line in found]


@case("Work with rework: until it is right")
def _rework() -> tuple[str, float, list[float]]:
    tasks = {"test": {"takes": {"mean": "2 d"}, "rework": "40 %"}}
    response = {"detection": "0 h", "replace": {"host": {"tasks": tasks}}}
    found = lines([{"suspend": "host", "at": "10 d"}], response=response)
    return "days", 2 / 0.6, [days(line) for line in found]


@case("A supplier that fails and is repaired: down in ten years")
def _renewal() -> tuple[str, float, list[float]]:
    between, repair, span = 90.0, 0.5, 3652.5
    fails = {"every": {"mean": f"{between} d"}, "lasts": {"mean": f"{repair} d"}}
    total = 1 / between + 1 / repair
    share = (1 / between) / total
    exact = span * share * (1 - (1 - math.exp(-total * span)) / (total * span))
    found = lines([], suppliers={"host": {"fails": fails}}, horizon=f"{span} d")
    return "days", exact, [days(line) for line in found]


@case("Six suppliers that follow one another: until all have left")
def _contagion() -> tuple[str, float, list[float]]:
    leaves = {"hazard": "0.02 per d", "contagion": "0.15 per d", "since": "0 d"}
    suppliers = {f"s{i}": {"leaves": leaves} for i in range(6)}
    found = lines([], suppliers=suppliers, horizon="3650 d", seed=8)
    exact = sum(1 / ((6 - gone) * (0.02 + 0.15 * gone)) for gone in range(6))
    last = [max(one.time for one in line.happenings if one.event == "left") / 24 for line in found]
    return "days", exact, last


@case("An outage of random length, exponential patience: who left")
def _patience() -> tuple[str, float, list[float]]:
    from sim import run
    from sim.scenario import load_text

    text = """
name: random_outage
title: An outage of random length
clock: {start: 2025-01-01T00:00Z, horizon: 400 d}
suppliers: {host: {kind: host}}
capabilities: {use: {needs: [host]}}
users: {start: 1000000, served_by: use, churn: 0 per day, joins: 0 per day, patience: {mean: 30 d},
        returns: {rate: 0 per day}}
events: [{suspend: host, at: 1 d}]
response: {detection: 0 h, replace: {host: {tasks: {repair: {takes: {mean: 14 d}}}}}}
"""
    lost = run(load_text(text), replications=200 * BLOCKS).study.outcomes()["users_lost"]
    return "share of users", (14 / 30) / (1 + 14 / 30), [float(one) / 1e6 for one in lost]


def played() -> list[Row]:
    """Every case, in the order above."""
    rows = []
    for words, function in CASES.items():
        unit, exact, values = function()
        mean = math.fsum(values) / len(values)
        variance = math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
        rows.append(Row(words, unit, exact, mean, math.sqrt(variance / len(values)), len(values)))
    return rows


def kept() -> list[Row]:
    """The rows of the CSV."""
    with KEPT.open(encoding="utf-8", newline="") as file:
        return [
            Row(one["case"], one["unit"], float(one["exact"]), float(one["simulated"]), float(one["error"]),
                int(one["runs"]))
            for one in csv.DictReader(file)
        ]  # fmt: skip


def write(rows: list[Row]) -> None:
    """The CSV, with as many digits as agree on every machine."""
    with KEPT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["case", "unit", "exact", "simulated", "error", "runs"])
        for row in rows:
            numbers = (f"{one:.10g}" for one in (row.exact, row.simulated, row.error))
            writer.writerow([row.case, row.unit, *numbers, row.runs])


def text(rows: list[Row]) -> str:
    """The picture and the table for the page."""
    table = ["| case | exact | simulated ± standard error | apart, in standard errors |", "|---|---|---|---|"]
    for row in rows:
        z = (row.simulated - row.exact) / row.error
        table.append(
            f"| {row.case} | {row.exact:.4g} {row.unit} | {row.simulated:.4g} ± {row.error:.2g} | {z:+.1f} |"
        )
    words = alternative(rows)
    return f"![{words}](verification.svg)\n\n{words}\n\n" + "\n".join(table) + "\n"


def alternative(rows: list[Row]) -> str:
    """What the picture shows, in words."""
    inside = sum(abs(row.simulated - row.exact) <= SURE * row.error for row in rows)
    widest = max(rows, key=lambda row: abs(row.simulated - row.exact) / row.error)
    apart = abs(widest.simulated - widest.exact) / widest.error
    return (
        f"{len(rows)} cases of {rows[0].runs:,} runs each: in {inside} of them the exact answer lies inside "
        f"the 95 % interval of the simulated mean. The widest gap is {apart:.1f} standard errors "
        f"(“{widest.case}”)."
    )


def filled(page: str, rows: list[Row]) -> str:
    """The page with picture and table between its markers."""
    return between(page, "cases", f"\n{text(rows)}\n", PAGE.name)


def drawn(rows: list[Row]) -> Picture:
    """Each case as simulated over exact, with its 95 % interval; the exact answer is the line."""
    from sim.views import style
    from sim.views.figures.picture import Picture
    from sim.views.sheet import sheet
    from sim.views.table import Table

    inside = sum(abs(row.simulated - row.exact) <= SURE * row.error for row in rows)
    title = f"In {inside} of {len(rows)} cases the exact answer lies inside the 95 % interval"
    below = f"Simulated mean and exact answer, {rows[0].runs:,} runs a case; one in twenty should lie outside"
    source = "docs/verification.py; statements and sources in tests/theory"
    with style.look():
        margins = style.Margins(left=3.55, right=1.35, below=0.45)
        figure, axes = style.canvas(title, below, source, height=0.3 * len(rows) + 0.1, margins=margins)
        for place, row in enumerate(reversed(rows)):
            _mark(axes, place, row)
        beside: dict[str, Any] = {
            "transform": axes.get_yaxis_transform(),
            "size": sheet().foot,
            "color": style.SOFT,
        }
        axes.text(1.03, len(rows) - 0.3, "simulated | exact", va="center", **beside)
        axes.axvline(0, color=style.INK, lw=1.0, zorder=1)
        axes.set_yticks(range(len(rows)), [f"{row.case}" for row in reversed(rows)], size=sheet().foot + 0.6)
        axes.set_ylim(-0.6, len(rows) - 0.1)
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", length=0)
        axes.locator_params(axis="x", nbins=7)
        axes.set_xlabel("Simulated mean above or below the exact answer (%)")
    cells = tuple((row.case, f"{row.exact:.4g}", f"{row.simulated:.4g}", f"{row.error:.2g}") for row in rows)
    table = Table("Theory and simulation", ("case", "exact", "simulated", "standard error"), cells)
    return Picture("verification", title, alternative(rows), figure, table, source)


def _mark(axes: Axes, place: int, row: Row) -> None:
    """One case: mark and interval, and both numbers beside them."""
    from sim.views import style

    ratio, half = 100 * (row.simulated / row.exact - 1), 100 * SURE * row.error / row.exact
    colour, shape = (style.BLUE, "o") if abs(ratio) <= half else (style.VERMILION, "s")
    axes.errorbar(ratio, place, xerr=half, fmt=shape, color=colour, ms=4.5, capsize=3, lw=1.3)
    told, beside = f"{row.simulated:.3g} | {row.exact:.3g}", axes.get_yaxis_transform()
    axes.text(1.03, place, told, transform=beside, va="center_baseline", size=style.SMALL)


def main() -> int:
    """Play the cases unless only the text was asked for; write picture and page."""
    if "--text" not in sys.argv[1:]:
        write(played())
    rows = kept()
    PICTURE.write_bytes(drawn(rows).svg())
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), rows), encoding="utf-8")
    print(f"Written: {PICTURE.relative_to(ROOT)}, {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
