"""Every scenario that is shipped passes `check` and runs, without a problem and without a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.views import cli

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_shipped_scenario_is_checked_and_every_input_has_its_mark(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", str(path)]) == 0
    captured = capsys.readouterr()
    assert "No problems. Of " in captured.out
    assert "Assumption" in captured.out
    assert "in force" in captured.out or "Events: none." in captured.out
    assert not captured.err


@pytest.mark.parametrize("name", ["host_suspended", "no_event"])
def test_a_shipped_scenario_runs(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The others, with all that they leave behind: tests/integration/test_shipped_scenarios.py."""
    path = ROOT / "scenarios" / f"{name}.yaml"
    command = [str(path), "--replications", "200", "--no-figures", "--output", str(tmp_path / "run")]
    assert cli.main(command) == 0
    captured = capsys.readouterr()
    assert Path(captured.out.strip().splitlines()[-1]) == tmp_path / "run" / "report.html"
    assert not captured.err


def test_check_says_when_a_letter_comes_and_when_it_takes_effect(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(ROOT / "scenarios" / "parler_2021.yaml")]) == 0
    assert "suspend host: announced 10 Jan 02:00, in force 11 Jan 2021 08:00 UTC" in capsys.readouterr().out


def test_check_marks_what_was_set_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    path = ROOT / "scenarios" / "host_suspended.yaml"
    assert cli.main(["check", str(path), "--set", "users.start=4321"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("users.start "))
    assert line.split() == ["users.start", "4321", "--set,", "Assumption"]


def test_check_lists_of_a_second_strategy_only_what_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "two.yaml"
    text = (ROOT / "scenarios" / "host_suspended.yaml").read_text(encoding="utf-8")
    patch = "{label: More to ask, response: {replace: {host: {search: {candidates: 20}}}}}"
    path.write_text(f"{text}strategies:\n  as_is: {{}}\n  many: {patch}\n", encoding="utf-8")
    assert cli.main(["check", str(path)]) == 0
    second = capsys.readouterr().out.partition("Inputs of many (More to ask)")[2]
    _, _, _, rule, *rows = second.partition("No problems")[0].strip().splitlines()
    assert set(rule) == {"─"}
    (row,) = [row.split() for row in rows if row]
    assert row[:2] == ["response.replace.host.search.candidates", "20"]
