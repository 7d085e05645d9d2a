"""A sensitivity study beside a finished study: the report finds it, and no other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.study import Study
from sim.study.shelf import open_study
from sim.views.api import Result
from sim.views.sensitivity import sensitivity
from sim.views.sensitivity_beside import beside
from sim.views.unbroken import unbroken
from tests.studies import small, studied

UNKNOWNS = """
unknowns:
  response.replace.host.search.acceptance: {low: 10 %, likely: 30 %, high: 60 %}
  users.segments.slow.patience.mean: {median: 30 d, p90: 60 d}
"""
TWO = "strategies:\n  as_is: {}\n  other: {response: {replace: {host: {search: {at_once: 2}}}}}\n"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("results")
    studied(place / "study", more=UNKNOWNS + TWO)
    sensitivity(small(UNKNOWNS + TWO), base=64, output=place / "sensitivity_shares")
    sensitivity(small(UNKNOWNS + TWO), base=64, screen=True, output=place / "sensitivity_screen")
    return place


@pytest.fixture
def study(results: Path) -> Study:
    return open_study(results / "study")


@pytest.mark.slow
def test_the_one_of_the_same_scenario_is_found_and_shares_come_before_a_screening(study: Study) -> None:
    found = beside(study, "as_is")
    assert found is not None
    assert not found.study.screen
    assert {each.measure.name for each in found.study.spreads} == {"users_lost", "downtime"}


def test_the_report_has_its_sentences_and_pictures(study: Study) -> None:
    found = beside(study, "as_is")
    assert found is not None
    page = Result(study).report.html
    assert "Found by a sensitivity study of its own" in page
    assert 'id="figure-sensitivity_users_lost"' in page
    assert str(unbroken(found.sentences[-1])) in page


def test_of_another_strategy_or_scenario_there_is_none(study: Study, results: Path, tmp_path: Path) -> None:
    assert beside(study, "other") is None
    shutil.copytree(results / "sensitivity_shares", tmp_path / "sensitivity_shares")
    other = studied(tmp_path / "study", more=UNKNOWNS.replace("30 d", "20 d"))
    assert beside(other, "as_is") is None
    assert "Found by a sensitivity study" not in Result(other)._report(with_figures=False).html


def test_a_damaged_one_is_passed_over(results: Path, tmp_path: Path) -> None:
    shutil.copytree(results / "study", tmp_path / "study")
    shutil.copytree(results / "sensitivity_shares", tmp_path / "sensitivity_shares")
    found = beside(open_study(tmp_path / "study"), "as_is")
    assert found is not None
    for block in (tmp_path / "sensitivity_shares" / "blocks").rglob("*.npz"):
        block.write_bytes(b"no numbers")
    assert beside(open_study(tmp_path / "study"), "as_is") is None
    shutil.rmtree(tmp_path / "sensitivity_shares" / "blocks")
    assert beside(open_study(tmp_path / "study"), "as_is") is None
