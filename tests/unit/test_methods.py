"""The methods section: every item of STRESS-DES, with the numbers of the study and nothing made up."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim.study import Study, run_study
from sim.study.race import run_race
from sim.study.shelf import open_study
from sim.study.until import run_until
from sim.views import wording
from sim.views.markdown import bullets, table
from sim.views.methods import methods
from tests.pipeline import written
from tests.studies import STRATEGIES, TEXT, UNSURE, small, studied

ITEMS = (
    "1 Objectives", "1.1 Purpose of the model", "1.2 Model outputs", "1.3 Experimentation aims", "2 Logic",
    "2.1 Base model overview diagram", "2.2 Base model logic", "2.3 Scenario logic", "2.4 Algorithms",
    "2.5 Components", "3 Data", "3.1 Data sources", "3.2 Pre-processing", "3.3 Input parameters",
    "3.4 Assumptions", "4 Experimentation", "4.1 Initialisation", "4.2 Run length", "4.3 Estimation approach",
    "5 Implementation", "5.1 Software or programming language", "5.2 Random sampling", "5.3 Model execution",
    "5.4 System specification", "6 Code access", "6.1 Computer model sharing statement",
)  # fmt: skip
"""Of STRESS-DES: Monks et al. 2019, Journal of Simulation 13(1), 55-67, doi 10.1080/17477778.2018.1442155."""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return studied(tmp_path_factory.mktemp("methods") / "one", 200, more=STRATEGIES + UNSURE)


@pytest.fixture(scope="module")
def text(study: Study) -> str:
    return methods(study)


def item(text: str, number: str) -> str:
    """What one item says."""
    found = re.search(rf"^### {re.escape(number)} .*?$(.*?)(?=^##|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    assert found, number
    return found.group(1)


def test_every_item_is_there_in_order(text: str) -> None:
    assert re.findall(r"^##+ (\d.*)$", text, flags=re.MULTILINE) == list(ITEMS)
    assert not re.search(r"\n{3,}", text)
    assert "nan" not in text.replace("finance", "")


def test_components_are_all_told(text: str) -> None:
    for word in ("Entities", "Activities", "Resources", "Queues", "Entry and exit points"):
        assert f"**{word}.**" in item(text, "2.5")
    assert "`host`" in item(text, "2.5")
    assert "`move` after host_found" in item(text, "2.5")


def test_inputs_are_counted_and_listed_one_by_one(study: Study, text: str) -> None:
    facts = [row for row in study.file.evidence["as_is"] if not row.choice]
    assumed = [row for row in facts if row.mark == "assumption"]
    listed = item(text, "3.3")
    assert all(f"| `{row.path}` | " in listed for row in study.file.evidence["as_is"])
    assert f"{len(assumed):,} of {len(facts):,} inputs are assumptions" in item(text, "3.4")
    assert all(f"`{row.path}` = " in item(text, "3.4") for row in assumed)
    assert "1 parameter that nobody knows is drawn anew" in listed


def test_sources_are_listed_with_the_inputs_they_stand_for(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    sourced = TEXT.replace("start: 100000", "start: {value: 100000, source: its annual report}")
    study = run_study(written(sourced), replications=200, output=tmp_path_factory.mktemp("sourced") / "one")
    said = item(methods(study), "3.1")
    assert "- its annual report (1 input)" in said
    assert re.search(r"Of \d+ inputs 1 has a source:", said)


def test_experimentation_tells_replications_seed_run_length_and_why_no_warm_up(
    study: Study, text: str
) -> None:
    assert "Independent replications: 200 of each strategy, none failed. Seed 1." in item(text, "4.3")
    assert "Common random numbers" in item(text, "4.3")
    assert "60 d from 1 Jan 2025 00:00 UTC" in item(text, "4.2")
    assert "Terminating" in item(text, "4.1")
    assert "No warm-up: what is studied is the transient" in item(text, "4.1")


def test_the_three_kinds_of_uncertainty_are_told_one_by_one(text: str, tmp_path: Path) -> None:
    told = item(text, "4.3")
    assert "Three kinds of uncertainty are kept apart. Simulation error" in told
    assert re.search(
        r"in `users_lost` of the variance between the runs the unknown explains .*; the rest is chance", told
    )
    alone = methods(studied(tmp_path / "fixed", 200))
    assert "chance alone, since no unknown is varied" in item(alone, "4.3")


@pytest.mark.slow
def test_a_number_of_replications_that_the_runs_decided_is_told_with_the_rule(tmp_path: Path) -> None:
    said = "The number of replications was not fixed beforehand"
    looked = run_until(small(), {"users_lost": 0.5}, replications=200, output=tmp_path / "one")
    raced = run_race(small(STRATEGIES), "downtime", 6.0, replications=200, output=tmp_path / "two")
    assert f"{said}: replications were added" in item(methods(looked.study), "4.3")
    assert f"{said}: strategies were raced" in item(methods(raced.study), "4.3")
    assert said not in methods(studied(tmp_path / "three", 200))


def test_few_replications_are_called_few(tmp_path: Path) -> None:
    skewed = {"response.replace.host.tasks.adapt.takes": "{median: 1 h, p90: 40 d}"}
    settings = [f"{path}={law}" for path, law in skewed.items()]
    few = methods(studied(tmp_path / "few", 15, settings=settings))
    assert "15 runs are few for a mean of values as skewed as these" in item(few, "4.3")


def test_what_was_observed_has_a_score(tmp_path: Path) -> None:
    """That of the runs against the one value, by its definition: E|X - y| - E|X - X'| / 2."""
    more = "observed: [{measure: users_lost, value: 9000, source: made up}]\n"
    study = studied(tmp_path / "seen", 200, more=more)
    x = study.outcomes()["users_lost"]
    apart = np.abs(x[:, None] - x[None, :]).sum() / (200 * 199)
    score = float(np.abs(x - 9000.0).mean() - 0.5 * apart)
    told = item(methods(study), "4.3")
    assert "continuous ranked probability score" in told
    assert f"Users lost: 9,000, score {wording.count(score)}" in told


def test_scenario_logic_tells_what_each_strategy_changes(text: str) -> None:
    said = item(text, "2.3")
    assert "Strategy `asks_more` (Asks two at once) against `as_is`:" in said
    assert "| `response.replace.host.search.at_once` | 1 | 2 |" in said
    assert "Wed 8 Jan 2025 00:00 UTC" in said


def test_versions_and_digest_are_those_of_the_study(study: Study, text: str) -> None:
    versions = study.manifest["versions"]
    for name in ("numpy", "scipy", "simpy"):
        assert f"{name} {versions[name]}" in item(text, "5.1")
    assert study.manifest["digest"] in item(text, "6.1")
    assert "PCG64" in item(text, "5.2")


def test_without_evidence_nothing_is_called_an_assumption(study: Study, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(study.folder, tmp_path / "copy"))
    (folder / "inputs.csv").unlink()
    said = methods(open_study(folder))
    assert "is not kept with these results" in item(said, "3.1")
    assert "Assumption" not in item(said, "3.3")
    assert "assumptions" not in item(said, "3.4")


def test_one_strategy_is_compared_with_its_counterfactual_alone(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    said = methods(studied(tmp_path_factory.mktemp("methods") / "one", 1))
    assert "One strategy is simulated" in item(said, "1.3")
    assert "One replication: nothing can be said about chance." in item(said, "4.3")
    assert "No unknown parameter is varied" in item(said, "3.3")


@pytest.mark.slow
def test_users_who_were_drawn_one_by_one_are_told_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    said = methods(studied(tmp_path_factory.mktemp("methods") / "one", 1, users="sampled"))
    assert "drawn as whole users" in item(said, "2.4")


def test_a_table_is_not_broken_by_what_is_in_it() -> None:
    assert table(("a", "b"), [("x | y", "two\nlines")]) == "| a | b |\n| --- | --- |\n| x \\| y | two lines |"
    assert bullets(["one\n two", "three"]) == "- one two\n- three"
