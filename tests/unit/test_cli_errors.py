"""Whatever goes wrong ends in one line and the right exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from sim.errors import ArchiveError, ModelInvariantError, Problem, ScenarioError
from sim.views import cli, verbs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """A verb `fail` that raises what the test puts into the list."""
    failure: list[BaseException] = []

    @click.command()
    def fail() -> None:
        raise failure[0]

    monkeypatch.setitem(cli.hostfall.commands, "fail", fail)
    monkeypatch.delenv(cli.DEBUG, raising=False)
    return failure


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit status of a command line and what it wrote to the error stream."""
    status = cli.main(arguments)
    captured = capsys.readouterr()
    return status, captured.err


def test_all_problems_of_a_scenario_are_told_and_counted(
    typed: list[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    problems = [Problem("users.start", "is negative", 7, "a.yaml"), Problem("", "is empty", None, "a.yaml")]
    typed.append(ScenarioError(problems))
    status, text = said(capsys, "fail")
    assert status == 2
    assert text.splitlines() == [
        "a.yaml:7: users.start: is negative",
        "a.yaml: is empty",
        "2 problems; nothing was run.",
    ]


def test_a_folder_that_cannot_be_used_is_an_input_error(
    typed: list[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    typed.append(ArchiveError("results/x holds something else"))
    assert said(capsys, "fail") == (2, "results/x holds something else\n")


@pytest.mark.parametrize("defect", [ModelInvariantError("users are lost"), ZeroDivisionError("by zero")])
def test_a_defect_is_one_line_that_says_how_to_see_more(
    typed: list[BaseException], capsys: pytest.CaptureFixture[str], defect: Exception
) -> None:
    typed.append(defect)
    status, text = said(capsys, "fail")
    assert status == 3
    assert text.count("\n") == 1
    assert type(defect).__name__ in text
    assert str(defect) in text
    assert "HOSTFALL_DEBUG=1" in text
    assert "Traceback" not in text


def test_the_traceback_is_there_when_asked_for(
    typed: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed.append(ZeroDivisionError("division by zero"))
    monkeypatch.setenv(cli.DEBUG, "1")
    with pytest.raises(ZeroDivisionError):
        cli.main(["fail"])


def test_what_the_computer_refuses_is_not_called_a_defect(
    typed: list[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    typed.append(PermissionError(13, "Permission denied", "results"))
    status, text = said(capsys, "fail")
    assert status == 3
    assert text.startswith("The computer refused: ")
    assert "report" not in text


def test_an_interrupt_is_130(typed: list[BaseException], capsys: pytest.CaptureFixture[str]) -> None:
    typed.append(KeyboardInterrupt())
    status, text = said(capsys, "fail")
    assert status == 130
    assert text.strip() == "Interrupted."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chek"], "No verb and no file is called `chek`. Did you mean `check`"),
        (["parler_2021"], "`parler_2021` is a scenario; give its file: scenarios/parler_2021.yaml"),
        (["scenarios/parler_2012.yaml"], "Did you mean `scenarios/parler_2021.yaml`"),
        (["check", "scenarios/host_suspended.yml"], "Did you mean `scenarios/host_suspended.yaml`?"),
        (["run"], "Missing argument 'FILE'."),
        (["run", "scenarios/no_event.yaml", "--replication", "3"], "Did you mean `--replications`"),
        (["scenarios/no_event.yaml", "--workers", "two"], "'two' is not a valid whole number"),
        (["scenarios/no_event.yaml", "--replications", "0"], "0 is not in the range x>=1"),
        (["--seed", "-1", "scenarios/no_event.yaml"], "-1 is not in the range x>=0"),
        (["scenarios/no_event.yaml", "--unknowns", "none"], "'none' is not one of 'varied', 'fixed'"),
    ],
)
def test_what_is_misspelt_gets_one_line_with_the_nearest_name(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    status, text = said(capsys, *arguments)
    assert status == 2
    assert text.count("\n") == 1
    assert message in text


def test_a_file_without_a_verb_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, object]] = []

    def remember(**options: object) -> int:
        seen.append(options)
        return 1

    monkeypatch.setattr(verbs.run, "callback", remember)
    assert cli.main([str(ROOT / "scenarios" / "no_event.yaml"), "--seed", "7"]) == 1
    assert cli.main(["--seed", "7", str(ROOT / "scenarios" / "no_event.yaml")]) == 1
    assert cli.main(["run", str(ROOT / "scenarios" / "no_event.yaml"), "--seed", "7"]) == 1
    assert seen[0] == seen[1] == seen[2]
    assert seen[0]["seed"] == 7
    assert seen[0]["replications"] == 1000


def test_a_reader_that_has_gone_is_no_defect() -> None:
    command = f"{sys.executable} -W error run_scenario.py --help | head -c 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=ROOT, env=os.environ | {"PYTHONUNBUFFERED": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not done.stderr
    assert done.returncode in {0, 141}
