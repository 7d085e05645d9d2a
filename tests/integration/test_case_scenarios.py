"""The cases and invented situations: each is complete, runs, conserves its users, and is told as it runs."""

from __future__ import annotations

import json
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import load_scenario, run
from sim.scenario import load_text
from sim.views.api import Result

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
CASES = [path for path in SCENARIOS if "\nobserved:\n" in path.read_text(encoding="utf-8")]
WITH_REASONS = [*CASES, *(ROOT / "scenarios" / f"{name}.yaml" for name in ("region_outage", "paid_app"))]
RUNS = 200
STATES = ("active", "waiting", "away", "gone")
SCRIPT = runpy.run_path(str(ROOT / "docs" / "cases.py"))
KEPT: dict[str, Any] = json.loads((ROOT / "docs" / "cases.json").read_text(encoding="utf-8"))
stem = pytest.mark.parametrize("path", WITH_REASONS, ids=lambda path: path.stem)


@pytest.fixture(scope="module", params=WITH_REASONS, ids=lambda path: path.stem)
def result(request: pytest.FixtureRequest) -> Result:
    return run(load_scenario(request.param), replications=RUNS)


@cache
def ran(name: str) -> dict[str, Any]:
    """Each strategy's case of one scenario, by name."""
    cases = run(load_scenario(ROOT / "scenarios" / f"{name}.yaml"), replications=RUNS).cases
    return {case.provenance.strategy: case for case in cases}


def test_the_cases_are_there() -> None:
    expected = {"chan8_2019", "facebook_2021", "gab_2018", "parler_2021", "psn_2011", "railway_2026"}
    assert expected | {"tiktok_us_2025", "x_brazil_2024"} <= {path.stem for path in CASES}


@stem
def test_the_file_is_called_as_its_scenario_and_opens_with_what_it_shows(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    opening = text.partition("\nname:")[0]
    assert load_scenario(path).name == path.stem
    assert "# What it shows: " in opening
    assert "# Where the numbers come from" in opening


@stem
def test_every_number_of_the_file_says_its_source_or_why_it_is_assumed(path: Path) -> None:
    file = load_scenario(path)
    for strategy, rows in file.evidence.items():
        bare = [row.path for row in rows if row.origin == "file" and not row.choice and not row.note]
        assert not bare, strategy


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_everything_observed_names_where_it_can_be_read(path: Path) -> None:
    for seen in load_scenario(path).scenario().observed:
        assert "://" in (seen.source or ""), seen.label


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_happened_is_read_by_nothing_that_computes(path: Path) -> None:
    """Without `observed` it is the same scenario, to the digest that names every number of a run."""
    text, found, _ = path.read_text(encoding="utf-8").partition("\nobserved:")
    assert found
    assert not load_text(text).scenario().observed
    assert load_text(text).digest == load_scenario(path).digest


@stem
def test_the_steps_of_the_report_are_few_enough_to_draw(path: Path) -> None:
    clock = load_scenario(path).scenario().clock
    assert 30 <= clock.horizon / clock.report_every <= 300


def test_every_run_has_an_outcome(result: Result) -> None:
    for case in result.cases:
        assert case.failed[0] == 0
        assert case.runs == RUNS


def test_users_are_conserved(result: Result) -> None:
    """Whoever was there at the start, or has joined since, is in one of the four states, in every run.

    Trajectories are kept in single precision, so an error of a millionth is seen.
    """
    for case in result.cases:
        users, name = case.scenario.users, case.provenance.strategy
        most_joins = users.joins * (1 + sum(event.times or 0.0 for event in case.scenario.events))
        for hours in np.linspace(0.0, case.horizon, 5):
            there = sum(result.study.users_at(state, float(hours), name) for state in STATES)
            assert np.all(there >= users.start * (1 - 1e-6))
            assert np.all(there <= (users.start + most_joins * hours) * (1 + 1e-6))


def test_users_lost_are_those_who_never_joined_still_wait_or_did_not_return(result: Result) -> None:
    for case in result.cases:
        parts = ("users_not_joined", "users_waiting_end", "users_not_returned")
        whole = sum(case.column(part) for part in parts)
        scale = case.scenario.users.start
        np.testing.assert_allclose(case.column("users_lost"), whole, rtol=1e-9, atol=1e-9 * scale)


def test_without_the_events_the_number_of_users_stays_unless_the_file_says_how_many_join(
    result: Result,
) -> None:
    users = result.case.scenario.users
    if "joins" not in users.model_fields_set:
        np.testing.assert_allclose(result.case.column("users_end_counterfactual"), users.start, rtol=1e-9)


def test_whatever_was_observed_is_there_in_every_run(result: Result) -> None:
    assert len(result.case.observed) == len(result.case.scenario.observed)
    for seen in result.case.observed:
        assert seen.simulated.shape == (RUNS,)
        assert np.all(np.isfinite(seen.simulated))
        assert seen.low <= seen.value <= seen.high


def test_readiness_elsewhere_lengthens_no_outage_of_a_region_in_any_run() -> None:
    cases = ran("region_outage")
    wait = cases["wait"].column("downtime")
    assert np.all(wait > 0)
    for name in ("copies", "pilot_light", "warm_standby"):
        assert np.all(cases[name].column("downtime") <= wait + 1e-9), name
        assert np.any(cases[name].column("downtime") < wait), name
    two = cases["two_regions"].column("downtime")
    assert np.all(two <= wait + 1e-9)
    assert np.mean(two > 0) <= 0.02, "one failure of a region in ten takes both, in twelve days hardly ever"


def test_copies_of_a_region_lose_at_most_what_is_younger_than_the_last_copy() -> None:
    for name, case in ran("region_outage").items():
        every = case.scenario.backups.every
        assert np.all(case.column("data_loss_window") <= every), name
    assert not ran("region_outage")["wait"].column("data_loss_window").any()


def test_an_app_that_is_built_to_be_moved_is_never_down_for_longer() -> None:
    cases = ran("paid_app")
    assert np.all(cases["movable"].column("downtime") <= cases["as_is"].column("downtime") + 1e-9)
    assert not cases["warm_copy"].column("downtime").any()


def test_work_that_starts_on_the_last_day_is_done_later_in_every_run_and_saves_no_data() -> None:
    cases = ran("paid_app")
    acted, waited = cases["as_is"], cases["left_lying"]
    assert np.all(acted.column("downtime") <= waited.column("downtime") + 1e-9)
    assert np.mean(waited.column("downtime") - acted.column("downtime")) > 24.0
    assert waited.column("data_loss_window").mean() > acted.column("data_loss_window").mean()


def test_the_page_of_the_cases_is_the_one_that_is_kept() -> None:
    page = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")
    assert SCRIPT["filled"](page, KEPT) == page, "`python docs/cases.py --text` writes it again"


def test_the_page_tells_every_scenario() -> None:
    assert set(KEPT["scenarios"]) == {path.stem for path in SCENARIOS}


@pytest.mark.slow
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_what_is_kept_of_a_scenario_is_that_of_a_run(path: Path) -> None:
    """Of a whole study, so that no change of model or scenario leaves the page behind."""
    found = SCRIPT["findings"](path, KEPT["replications"])
    assert found == KEPT["scenarios"][path.stem], "`python docs/cases.py` makes the page again"
