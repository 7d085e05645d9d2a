"""`run --precision` and `run --select` on the command line: how many runs it took, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.views import cli
from tests.studies import STRATEGIES, TEXT


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario of two strategies, in an empty working folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "two.yaml"
    path.write_text(TEXT + STRATEGIES, encoding="utf-8")
    return path


def test_a_precision_says_how_many_runs_it_took_and_goes_on(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", str(file), "--strategy", "as_is", "--no-figures", "--precision", "users_lost=6%"]
    assert cli.main([*command, "--replications", "200"]) == 0
    assert "not reached within 200 runs" in " ".join(capsys.readouterr().out.split())
    assert cli.main([*command, "--replications", "5000"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert text.startswith("Users lost to 6 %: reached after ")
    assert "looked at again and again" in text
    assert "Already done" not in text


def test_a_choice_is_said_before_the_findings(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["run", str(file), "--no-figures", "--select", "downtime=1d"]
    assert cli.main([*command, "--replications", "200"]) == 0
    assert capsys.readouterr().out.startswith("No strategy is chosen by downtime within 200 runs")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--precision", "users_lost"], "write a measure and an amount"),
        (["--precision", "users_lots=5%"], "Did you mean `users_lost`"),
        (["--select", "downtime=5"], "--select downtime=5"),
        (["--select", "downtime=5h", "--precision", "cost=5%"], "choose one"),
        (["--select", "downtime=5h", "--strategy", "as_is"], "two strategies or more"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_status_2(
    arguments: list[str], message: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["run", str(file), *arguments]) == 2
    text = capsys.readouterr().err
    assert message in text
    assert text.count("\n") == 1
