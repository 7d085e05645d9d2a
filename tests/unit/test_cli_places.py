"""Without a word the scenarios are listed with their titles; a misspelt name gets the nearest."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.views import cli, places

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: A plain one", "A plain one"),
        ("title: A plain one   # with a comment", "A plain one"),
        ('title: "Colon: inside"  # comment', "Colon: inside"),
        ("title: 'Single'", "Single"),
        ("  title: of something else", ""),
        ("title:", ""),
    ],
)
def test_a_title_is_read_without_reading_the_file(tmp_path: Path, line: str, title: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"name: a\n{line}\n", encoding="utf-8")
    assert places.title(path) == title


def test_a_file_that_cannot_be_read_has_no_title(tmp_path: Path) -> None:
    assert places.title(tmp_path / "nothing.yaml") == ""
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00title: x")
    assert places.title(tmp_path / "bytes.yaml") == ""


def test_every_shipped_scenario_is_listed_with_its_title(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert cli.main([]) == 0
    text = capsys.readouterr().out
    for path in (ROOT / "scenarios").glob("*.yaml"):
        line = next(line for line in text.splitlines() if f"scenarios/{path.name}" in line)
        assert len(line.split("  ")[-1]) > 10
    assert "new NAME" in text


def test_where_there_are_no_scenarios_the_list_says_how_to_write_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "folder", lambda: None)
    assert "hostfall new NAME" in places.scenarios_for_people("hostfall")


def test_from_elsewhere_the_scenarios_of_the_checkout_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ROOT / "scenarios" / "parler_2021.yaml" in [path.resolve() for path in places.scenario_files()]


def test_the_nearest_name_ignores_case_and_gives_nothing_for_the_far() -> None:
    assert places.nearest("CHECK", ["check", "run"]) == ["check"]
    assert places.nearest("zzz", ["check", "run"]) == []
    assert places.did_you_mean([]) == ""
    assert places.did_you_mean(["a", "b"]) == " Did you mean `a` or `b`?"


def test_a_scenario_beside_the_misspelt_one_is_offered(tmp_path: Path) -> None:
    (tmp_path / "my_network.yaml").write_text("title: x\n", encoding="utf-8")
    assert f"`{tmp_path / 'my_network.yaml'}`" in places.no_such_file(tmp_path / "my_netwrok.yaml")
    assert places.no_such_file(tmp_path / "no" / "folder.yaml").startswith("There is no file")
