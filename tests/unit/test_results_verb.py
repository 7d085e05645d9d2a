"""`results` on the command line: what is printed where, exit statuses, and what help costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sim.study import Study
from sim.views import cli
from sim.views.results_verb import results
from tests.architecture.source import ROOT
from tests.architecture.test_start_up import NOT_FOR_HELP
from tests.studies import STRATEGIES, studied

COMMANDS = ("list", "show", "quote", "fails", "export", "query", "compare")
PROBE = """
import sys
from sim.views import cli
from sim.views.results_verb import results
cli.hostfall.commands["results"] = results
status = cli.main({arguments!r})
print("status", status, "loaded", *sorted(set(sys.modules) & {heavy!r}), file=sys.stderr)
"""


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verb is there."""
    monkeypatch.setitem(cli.hostfall.commands, "results", results)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return studied(tmp_path_factory.mktemp("verb") / "small" / "one", 200, more=STRATEGIES)


def test_the_commands_are_these_and_help_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert tuple(results.commands) == COMMANDS
    assert cli.main(["results"]) == 0
    text = capsys.readouterr().out
    places = [text.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_imports_no_library_but_click(command: tuple[str, ...]) -> None:
    probe = PROBE.format(arguments=["results", *command, "--help"], heavy=NOT_FOR_HELP)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", probe], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr.strip() == "status 0 loaded"


def test_numbers_go_out_and_notes_go_beside(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["results", "quote", str(study.folder), "--measure", "downtime", "--as", "latex"]) == 0
    shown = capsys.readouterr()
    assert shown.err.startswith("Note: No mean of “Downtime” is quoted: in ")
    assert shown.out.startswith("Downtime: median ")
    assert shown.out.count("\n") == 1
    assert cli.main(["results", "quote", str(study.folder), "--measure", "users_lost"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert [line for line in shown.out.splitlines() if line in {"text:", "latex:", "bibtex:"}] == [
        "text:", "latex:", "bibtex:",
    ]  # fmt: skip


def test_every_command_does_its_work(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(study.folder)
    assert cli.main(["results", "list", str(study.folder.parent)]) == 0
    assert "small: One host, one search" in capsys.readouterr().out
    assert cli.main(["results", "list", str(study.folder.parent), "--csv"]) == 0
    assert capsys.readouterr().out.startswith("scenario,title,digest,strategy,")
    assert cli.main(["results", "show", folder, "--strategy", "as_is"]) == 0
    assert capsys.readouterr().out.startswith("One host, one search\n\n")
    assert cli.main(["results", "export", folder, "--output", str(tmp_path / "tables")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'tables'}\n"
    assert cli.main(["results", "query", "SELECT count(*) AS n FROM outcomes", folder, "--csv"]) == 0
    assert capsys.readouterr().out == "n\n400\n"
    assert cli.main(["results", "compare", folder, folder, "--measure", "users_lost"]) == 0
    assert "The inputs are the same" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list", "{nowhere}"], "There is no folder"),
        (["show", "{nowhere}"], "There is no folder"),
        (["show", "{empty}"], "holds no run"),
        (["show", "{study}", "--measure", "dowtime"], "Did you mean `downtime`"),
        (["show", "{study}", "--strategy", "asis"], "did you mean `as_is`?"),
        (["quote", "{study}"], "Missing option '--measure'"),
        (["quote", "{study}", "--measure", "users_losst"], "Did you mean `users_lost`"),
        (["quote", "{study}", "--measure", "downtime", "--as", "word"], "'word' is not one of"),
        (["export", "{study}", "--output", "{empty}"], "is there already and is not overwritten"),
        (["export", "{empty}"], "holds no run"),
        (["query", "SELECT", "{study}"], "SQL: "),
        (["query", "SELECT 1", "{empty}"], "There are no finished studies"),
        (["compare", "{study}", "{nowhere}"], "There is no folder"),
        (["compare", "{study}"], "Missing argument"),
        (["lst"], "Did you mean 'list'?"),
    ],
)
def test_what_is_wrong_is_one_line_and_status_2(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    places = {"study": study.folder, "empty": tmp_path, "nowhere": tmp_path / "nowhere"}
    assert cli.main(["results", *(word.format(**places) for word in arguments)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert words in shown.err
    assert shown.err.count("\n") == 1


def test_without_results_a_listing_says_where_they_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["results", "list"]) == 0
    assert capsys.readouterr().out == "No results in results: `run` writes them there.\n"
