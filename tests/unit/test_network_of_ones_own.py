"""A file of ties beside a scenario becomes part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import load_scenario, load_text

TEXT = """
name: own
title: A network of one's own
clock: {start: 2025-03-01T00:00Z, horizon: 30 d}
suppliers: {host: {}}
capabilities: {use: {needs: [host]}}
users: {start: 1000, served_by: use, network: {kind: edges, file: ties.csv}}
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    (tmp_path / "ties.csv").write_text(
        "person;friend\nann;bob\nbob;cai\ncai;ann\ncai;cai\n", encoding="utf-8"
    )
    (tmp_path / "own.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path / "own.yaml"


def test_people_are_numbered_in_the_order_in_which_the_file_names_them(scenario: Path) -> None:
    network = load_scenario(scenario).scenario().users.network
    assert network is not None
    assert network.ties == ((0, 1), (1, 2), (0, 2))


def test_the_resolved_scenario_holds_the_ties_and_needs_no_file(scenario: Path) -> None:
    file = load_scenario(scenario)
    again = load_text(file.resolved_yaml())
    assert again.digest == file.digest
    assert again.scenario().users.network == file.scenario().users.network


def test_another_file_of_the_same_name_is_another_scenario(scenario: Path) -> None:
    before = load_scenario(scenario).digest
    (scenario.parent / "ties.csv").write_text("ann;bob\nbob;cai\n", encoding="utf-8")
    assert load_scenario(scenario).digest != before


@pytest.mark.parametrize("name", ["../ties.csv", "/etc/hosts", "below/../../ties.csv"])
def test_a_file_elsewhere_is_not_read(scenario: Path, name: str) -> None:
    scenario.write_text(TEXT.replace("ties.csv", name), encoding="utf-8")
    with pytest.raises(ScenarioError, match="lies elsewhere"):
        load_scenario(scenario)


def test_every_row_that_cannot_be_used_is_told_with_its_number(scenario: Path) -> None:
    (scenario.parent / "ties.csv").write_text("ann;bob\nann\n;cai\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(scenario)
    told = str(caught.value)
    assert "ties.csv:2" in told
    assert "ties.csv:3" in told


def test_a_text_without_a_file_must_write_its_ties_out() -> None:
    with pytest.raises(ScenarioError, match="write out `ties`"):
        load_text(TEXT)
