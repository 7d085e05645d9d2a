"""The interesting cases: everything lost, nobody to ask, everybody refuses, data gone, never back.

All of them run, and are reported as what they are: no average of a time that was cut, and words that say so.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim import load_scenario, run
from sim.views.api import Result

RUNS = 200
SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
SEARCH = "response.replace.host.search"


def result(*settings: str, scenario: str = "host_suspended") -> Result:
    """The scenario changed, run 200 times, nothing written."""
    return run(load_scenario(SCENARIOS / f"{scenario}.yaml", settings=settings), replications=RUNS)


def said(found: Result) -> str:
    """All sentences."""
    return "\n".join(sentence.text for sentence in found.sentences)


def never_back(found: Result) -> None:
    """Everything about a run that never recovers is told as such."""
    case = found.case
    assert not case.column("recovered").any()
    assert (case.column("downtime") == case.horizon - 224.0).all()
    assert "In none of the 200 runs is it back" in said(found)
    lines = {line.measure: line for line in case.lines}
    assert lines["time_to_recover"].unfinished == 1.0
    assert np.isinf(lines["time_to_recover"].median)
    _, half, _, average, unfinished = next(row for row in found.summary.rows if row[0] == "Time to recover")
    assert half.startswith("> ")
    assert "±" not in average
    assert unfinished == "all"


@pytest.mark.parametrize(
    "setting",
    [f"{SEARCH}.candidates=0", f"{SEARCH}.acceptance=0 %", "response={}", "response.runway=1 h"],
    ids=["nobody to ask", "all refuse", "nobody does anything", "gives up at once"],
)
def test_what_never_recovers_is_reported_as_what_it_is(setting: str) -> None:
    found = result(setting)
    never_back(found)
    spent = sum(share.hours for share in found.case.shares)
    assert spent == pytest.approx(float(found.case.column("downtime").mean()))


def test_a_total_outage_of_all_suppliers_for_good_runs_and_loses_everybody_who_waits() -> None:
    events = "[{terminate: host, at: 224 h}, {terminate: store, at: 224 h}]"
    found = result(f"events={events}", "response={}", "users.segments.core.patience={mean: 1 d}",
                   "users.segments.casual.patience={mean: 1 d}")  # fmt: skip
    never_back(found)
    assert (found.case.column("users_end") == 0.0).all()
    assert found.case.column("users_waiting_end") == pytest.approx(np.zeros(RUNS), abs=1e-6)


def test_when_all_copies_were_in_the_account_that_is_gone_all_data_are_lost() -> None:
    found = result(
        "suppliers.host.holds_data=true", "suppliers.vault={monthly_cost: 1}",
        "backups={every: 1 d, kept_at: vault}", "groups={account: {members: [host, vault]}}",
        "events=[{suspend: account, at: 224 h}]",
    )  # fmt: skip
    outcomes = found.study.outcomes()
    assert set(outcomes["data_lost"]) == {"all"}
    assert (outcomes["data_loss_window"] == 224.0).all()


def test_an_event_of_the_first_hour_leaves_no_time_before_it() -> None:
    found = result("events=[{suspend: host, at: 0 h}]", "response={}")
    assert (found.case.column("downtime") == found.case.horizon).all()
    assert (found.case.column("availability") == 0.0).all()


def test_a_web_app_stands_in_for_a_store_that_never_comes_back() -> None:
    """The store itself is gone for good; what people need of it comes back with the web app."""
    task = "{web_app: {takes: 21 d}}"
    found = result(
        f"response={{replace: {{app_store: {{tasks: {task}, restores: {{install_ios: [web_app]}}}}}}}}",
        scenario="stores_delist",
    )
    down = found.case.column("downtime.install_ios") / 24.0
    assert down == pytest.approx(np.full(RUNS, 20.0), abs=1e-9), "the notice of a day is a head start"
    assert (found.case.column("downtime") == 0.0).all()
    assert (found.case.column("downtime.install_android") > 200.0 * 24.0).all()
