"""The tables of docs/cases.md: run every scenario, keep the cells, write them between the markers.

    python docs/cases.py             run all; write docs/cases.json and docs/cases.md
    python docs/cases.py --text      write docs/cases.md from the JSON that is there

A scenario with `observed` is a case, one without is invented. No number of a simulation is typed by hand;
a test compares the page with the JSON and the JSON with runs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from docs.markers import between

if TYPE_CHECKING:
    from sim.views.api import Result
    from sim.views.case import Case, Observed

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = ROOT / "scenarios"
KEPT = ROOT / "docs" / "cases.json"
PAGE = ROOT / "docs" / "cases.md"
REPLICATIONS = 1000
GIVEN = {
    "psn_2011": (
        "response.replace.network.tasks.rebuild.takes",
        (
            "response.replace.network.tasks.investigate.takes=0 h",
            "response.replace.network.tasks.test.takes=0 h",
        ),
    ),
    "tiktok_us_2025": (
        "response.appeal.hosting.review",
        ("response.appeal.hosting.granted=100 %", "suppliers.hosting.leaves_again=0 per day"),
    ),
    "x_brazil_2024": ("response.appeal.access_brazil.review", ()),
}
"""Cases with an outage of one length in their hands: what is given the observed length, and the settings that
leave nothing else to add to it."""

HEADS = {
    "cases": ("Case", "First loss", "Down: what happened", "Down: simulated", "Users missing at the end"),
    "observed": ("Case", "What was observed", "What happened", "Simulated", "Runs below", "Inside"),
    "given": ("Case", "What was observed", "What happened", "Simulated, given the length", "Inside"),
    "invented": ("Scenario", "Strategy", "Down", "Data lost", "Users missing at the end", "Cost"),
}


def files() -> list[Path]:
    """Every shipped scenario, the earliest first."""
    from sim import load_scenario

    return sorted(
        SCENARIOS.glob("*.yaml"), key=lambda path: (load_scenario(path).scenario().clock.start, path)
    )


def findings(path: Path, replications: int = REPLICATIONS) -> dict[str, list[list[str]]]:
    """Run one scenario; return its rows of each table."""
    from sim import load_scenario, run
    from sim.views import wording

    result = run(load_scenario(path), replications=replications)
    case = result.case
    if not case.observed or len(result.study.file.strategies) > 1:
        return {"invented": invented(path, result)}
    first = min(event.at for event in case.scenario.events if event.takes_away)
    down = next((seen for seen in case.observed if seen.measure == "downtime"), None)
    row = [
        link(case, path),
        wording.date(case.start, first),
        "–" if down is None else happened(case, down),
        range_of(case, "downtime"),
        missing(case),
    ]
    rows = {"cases": [row], "observed": [[path.stem, *compared(case, seen)] for seen in case.observed]}
    if path.stem in GIVEN:
        rows["given"] = given(path, replications)
    return rows


def given(path: Path, replications: int) -> list[list[str]]:
    """The users of a case whose outage is given the length that it had: what the demand side alone says."""
    from sim import load_scenario, run

    length, others = GIVEN[path.stem]
    file = load_scenario(path)
    (hours,) = (seen.value for seen in file.scenario().observed if seen.measure == "downtime")
    settings = [f"{length}={hours!r} h", *others]
    case = run(load_scenario(path, settings=tuple(settings)), replications=replications).case
    told = [compared(case, seen) for seen in case.observed if seen.at is not None]
    return [[path.stem, label, value, simulated, inside] for label, value, simulated, _, inside in told]


def invented(path: Path, result: Result) -> list[list[str]]:
    """A row a strategy."""
    from sim.views.summary import shown

    rows = []
    for case in result.cases:
        money = float(case.column("cost").mean())
        rows.append(
            [
                link(case, path) if case is result.case else "",
                case.label,
                range_of(case, "downtime"),
                range_of(case, "data_loss_window"),
                missing(case),
                shown(case.scenario, "money", money) if money else "–",
            ]
        )
    return rows


def link(case: Case, path: Path) -> str:
    """The scenario's title, leading to its file."""
    return f"[{case.scenario.title}](../{path.relative_to(ROOT).as_posix()})"


def missing(case: Case) -> str:
    """How many users there are fewer at the end, in percent of those there would have been."""
    from sim.views import wording

    lost, would = case.column("users_lost"), case.column("users_end_counterfactual")
    share = float(lost.mean() / would.mean())
    return "none" if not lost.any() else f"{wording.percent(share, 2)} on average"


def range_of(case: Case, measure: str) -> str:
    """``8.8 d (3.6 d to > 120 d)``: half of the runs exceed the first, 9 in 10 lie between the others."""
    return _range(case, case.line(measure).kind, case.column(measure), case.cut(measure))


def compared(case: Case, seen: Observed) -> list[str]:
    """What was observed, what happened, what was simulated, how many runs lie below, whether it is inside."""
    from sim.views import wording

    known = np.where(seen.open, np.inf, seen.simulated)
    low, high = _quantile(known, 0.05), _quantile(known, 0.95)
    inside = low <= seen.high and seen.low <= high
    below = wording.out_of(int((known < seen.value).sum()), known.size)
    simulated = _range(case, seen.kind, seen.simulated, seen.open)
    return [seen.label, happened(case, seen), simulated, below, "yes" if inside else "no"]


def happened(case: Case, seen: Observed) -> str:
    """``6.8 d (6 d to 7.3 d)``: the best value, and what the sources allow."""
    from sim.views.summary import shown

    value, low, high = (shown(case.scenario, seen.kind, one) for one in (seen.value, seen.low, seen.high))
    return value if low == high else f"{value} ({low} to {high})"


def _range(case: Case, kind: str, values: Any, cut: Any) -> str:
    """The middle and the ends of 9 runs in 10; what the horizon cut is longer than anything."""
    from sim.views.summary import shown

    known = np.where(cut, np.inf, values)
    middle, low, high = (shown(case.scenario, kind, _quantile(known, share)) for share in (0.5, 0.05, 0.95))
    return middle if low == middle == high else f"{middle} ({low} to {high})"


def _quantile(values: Any, share: float) -> float:
    from sim.views.quantiles import quantile

    return quantile(np.asarray(values, dtype=float), share)


def text(kept: dict[str, Any], name: str) -> str:
    """One table, and for the observations how many of them lie inside."""
    rows = [row for rows in kept["scenarios"].values() for row in rows.get(name, [])]
    lines = [HEADS[name], ["---"] * len(HEADS[name]), *rows]
    table = "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)
    if name != "observed":
        return f"{table}\n"
    inside = sum(row[-1] == "yes" for row in rows)
    return (
        f"{table}\n\nOf these {len(rows)} observations {inside} lie in the range that 9 of 10 of the "
        f"{kept['replications']:,} runs give.\n"
    )


def filled(page: str, kept: dict[str, Any]) -> str:
    """The page with each table between its markers."""
    for name in HEADS:
        page = between(page, name, text(kept, name), PAGE.name)
    return page


def main() -> int:
    """Run everything again unless only the text was asked for, and write the page."""
    if "--text" not in sys.argv[1:]:
        rows = {path.stem: findings(path) for path in files()}
        kept = {"replications": REPLICATIONS, "scenarios": rows}
        KEPT.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), kept), encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
