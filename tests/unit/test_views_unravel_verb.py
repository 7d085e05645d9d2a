"""`unravel FILE`: what it prints, what it leaves in the folder, and what it refuses."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import sim
from sim.errors import ArchiveError, ScenarioError
from sim.scenario import load_scenario
from sim.views.figures import unravel as figure
from sim.views.unravel_verb import FILES, default_folder, followed, unravel

TEXT = """
name: friends
title: Friends leave together
seed: 3
clock: {start: 2025-03-01T00:00Z, horizon: 40 d}
suppliers: {host: {kind: cloud host}}
capabilities: {use: {needs: [host]}}
users:
  start: 100000
  served_by: use
  patience: {mean: 30 d}
  friends: {waiting: 20 % per day}
  rivals: {gab: {label: Gab, pull: 2 % per day}}
  network: {people: 5000, kind: communities, friends: 6, groups: 3}
events:
  - {suspend: host, at: 2025-03-06T00:00Z}
  - {restore: host, at: 2025-03-26T00:00Z}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("unravel") / "friends.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def called(*arguments: Any) -> str:
    """What the command prints."""
    runner = CliRunner()
    return runner.invoke(unravel, [str(one) for one in arguments], catch_exceptions=False).output


@pytest.fixture(scope="module")
def written(file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("out") / "unravelled"
    return called(file, "--people", 60, "--output", folder), folder


def test_it_says_who_followed_whom_and_ends_with_the_path(written: tuple[str, Path]) -> None:
    text, folder = written
    assert text.startswith("Friends leave together: run 0, person by person\n\nOf 60 people ")
    assert "because friends were away" in text
    assert "The longest chain of people who followed one another is" in " ".join(text.split())
    assert text.splitlines()[-1] == str(folder / "unravel.png")


def test_it_leaves_the_picture_and_the_tables_and_nothing_else(written: tuple[str, Path]) -> None:
    assert {path.name for path in written[1].iterdir()} == set(FILES)


def test_the_tables_are_of_the_people_asked_for(written: tuple[str, Path]) -> None:
    folder = written[1]
    with (folder / "moves.csv").open(encoding="utf-8") as text:
        moves = list(csv.DictReader(text))
    assert {int(row["person"]) for row in moves} <= set(range(60))
    reasons = {row["why"] for row in moves if row["what"] == "left"}
    assert reasons == {"out of patience", "drawn by Gab", "friends are away"}
    places = {row["where"] for row in moves if row["what"] == "left"}
    assert places == {"elsewhere", "at Gab"}
    with (folder / "by_community.csv").open(encoding="utf-8") as text:
        assert sum(int(row["people"]) for row in csv.DictReader(text)) == 60


def test_the_same_run_is_the_same_and_another_is_another(written: tuple[str, Path], file: Path) -> None:
    loaded = load_scenario(file)
    once, again, other = (followed(loaded, "as_is", number, 60) for number in (0, 0, 201))
    assert once.moves.time.tolist() == again.moves.time.tolist()
    assert once.moves.time.tolist() != other.moves.time.tolist()
    assert (
        once.source == f"Scenario friends · digest {loaded.digest} · seed 3 · hostfall {sim.__version__} "
        "· run 0"
    )


def test_it_may_be_called_again_into_its_own_folder_only(
    written: tuple[str, Path], file: Path, tmp_path: Path
) -> None:
    before = (written[1] / "moves.csv").read_bytes()
    called(file, "--people", 60, "--output", written[1])
    assert (written[1] / "moves.csv").read_bytes() == before
    (tmp_path / "diary.txt").touch()
    with pytest.raises(ArchiveError, match=r"holds something else \(diary\.txt\)"):
        called(file, "--output", tmp_path)


def test_more_people_than_can_be_drawn_have_tables_and_no_picture(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure, "MOST_DRAWN", 30)
    text = called(file, "--people", 40, "--output", tmp_path)
    assert "Note: no picture of more than 30 people." in text
    assert text.splitlines()[-1] == str(tmp_path / "moves.csv")
    assert {path.name for path in tmp_path.iterdir()} == {name for name in FILES if name.endswith(".csv")}


def test_what_individuals_cannot_show_is_refused_with_its_path(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"users\.reopening"):
        called(file, "--set", "users.reopening.admits=100 per hour", "--output", tmp_path)


def test_its_usual_place_names_the_run(file: Path) -> None:
    loaded = load_scenario(file)
    assert default_folder(loaded, "as_is", 7) == Path(f"results/friends/unravel-{loaded.digest}-7")
