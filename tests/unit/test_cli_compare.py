"""`compare` on the command line: what it prints, where it writes, what it refuses."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sim.views import cli
from sim.views.compare_verb import compare

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = ROOT / "scenarios" / "host_suspended.yaml"
STRATEGIES = """
strategies:
  as_is: {label: As it is}
  quick: {label: Quick, response: {replace: {host: {search: {at_once: 4}}}}}
"""


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verb is there."""
    monkeypatch.setitem(cli.hostfall.commands, "compare", compare)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario of two strategies, in an empty working folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "two.yaml"
    text = SCENARIO.read_text(encoding="utf-8").replace(
        "notice: 30 h}", "notice: 30 h, chance: 4 % per year}"
    )
    path.write_text(text + STRATEGIES, encoding="utf-8")
    return path


def test_words_come_first_then_tables_and_last_the_folder(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["compare", str(file), "--replications", "200", "--without", "suspend_host"]) == 0
    text = capsys.readouterr().out
    lines = text.strip().splitlines()
    assert lines[0] == "A cloud host suspends a social network"
    assert lines[2].startswith("With “Quick” the downtime is less than with “As it is”: on average by")
    order = [
        "Run by run, “Quick” loses fewer",
        "If it happens",
        "Strategies, pair by pair (200 runs, chance only",
        "How sure that is, minus “As it is”:",
        "Which strategy is ahead (200 runs of each",
        "With “As it is”, without some events:",
        "Without “The host suspends the account” it would be down for",
        "Without the events, with “As it is”, pair by pair",
        "Without the events, with “Quick”, pair by pair",
        "The file gives a chance of 4 % a year",
        "lost a year, by its chance a year:",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    folder = Path(lines[-1])
    assert folder.name == "compare"
    assert folder.parents[2] == file.parent / "results"
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "comparison.csv", "selection.csv", "pareto.csv", "without.csv", "yearly.csv", "turning_points.csv",
        "comparison.png", "comparison.svg", "best.png", "best.svg", "waiting.png", "waiting.svg",
    }  # fmt: skip


@pytest.mark.slow
def test_run_and_compare_share_their_runs(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(file.parent / "out")
    assert cli.main([str(file), "--replications", "200", "--no-figures", "--output", out]) == 0
    blocks = {path: path.stat().st_mtime_ns for path in Path(out).rglob("0*.parquet")}
    assert cli.main(["compare", str(file), "--replications", "200", "--output", out]) == 0
    assert cli.main(["compare", out]) == 0
    assert {path: path.stat().st_mtime_ns for path in Path(out).rglob("0*.parquet")} == blocks
    assert (Path(out) / "compare" / "comparison.csv").read_bytes() == (
        Path(out) / "comparison.csv"
    ).read_bytes()
    capsys.readouterr()
    assert cli.main([str(file), "--replications", "200", "--no-figures", "--output", out]) == 0
    assert "Already done" in capsys.readouterr().out


@pytest.mark.slow
def test_a_baseline_of_ones_own_turns_the_signs(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["compare", str(file), "--replications", "200", "--output", str(file.parent / "out")]
    found = []
    for more in ([], ["--baseline", "quick"]):
        assert cli.main([*command, *more]) == 0
        with (file.parent / "out" / "compare" / "comparison.csv").open(encoding="utf-8") as rows:
            found.append({row["measure"]: row for row in csv.DictReader(rows)})
    one, other = (each["downtime"] for each in found)
    assert (one["strategy"], one["baseline"]) == (other["baseline"], other["strategy"]) == ("quick", "as_is")
    assert float(one["difference"]) == -float(other["difference"]) != 0.0


@pytest.mark.slow
def test_a_choice_is_told_first_and_goes_on_where_it_stopped(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["compare", str(file), "--select", "downtime=1h", "--output", str(file.parent / "out")]
    assert cli.main([*command, "--replications", "200"]) == 0
    assert "No strategy is chosen by downtime within 200 runs" in " ".join(capsys.readouterr().out.split())
    assert cli.main([*command, "--replications", "20000"]) == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[2].startswith("“Quick” is chosen by downtime after ")


def test_few_runs_are_called_few(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["compare", str(file), "--replications", "20"]) == 0
    assert "20 runs are few" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["two.yaml", "--without", "suspnd_host"], "no event `suspnd_host`; did you mean `suspend_host`?"),
        (["two.yaml", "--without", "a,b"], "join events that are taken out together with `+`"),
        (["two.yaml", "--strategy", "quik"], "is called `quik` in host_suspended. Did you mean `quick`?"),
        (["two.yaml", "--baseline", "as_iss"], "Did you mean `as_is`?"),
        (["two.yaml", "two.yaml"], "Give one scenario file, or folders of finished results."),
        (["two.yml"], "There is no file two.yml. Did you mean `two.yaml`?"),
        (["."], "holds no run"),
        ([".", "--without", "suspend_host"], "--without would have to be simulated"),
        ([".", "--select", "downtime=1h"], "--select would have to be simulated"),
        (["two.yaml", "--select", "downtme=1h"], "No measure is called `downtme`"),
        ([".", "--seed", "1", "--workers", "1"], "--seed, --workers would have to be simulated"),
        (["two.yaml", "--strategy", "as_is"], "take an event out with --without (suspend_host) or"),
        ([str(SCENARIO)], "There is one strategy (as_is) and nothing to compare it with"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_one_line_and_status_2(
    arguments: list[str], message: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["compare", *arguments]) == 2
    text = capsys.readouterr().err
    assert message in text
    assert text.count("\n") == 1
    assert not (file.parent / "results").exists()


def test_asking_for_help_says_how_events_are_joined(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["compare", "--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "A+B takes out A and B together, as one." in text


@pytest.mark.slow
def test_slides_of_several_folders_need_a_place(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("as_is", "quick"):
        told = ["--strategy", name, "--replications", "200", "--no-figures", "--output", name]
        assert cli.main([str(file), *told]) == 0
    assert cli.main(["compare", "as_is", "quick", "--figures", "slides"]) == 2
    assert "say where with --output DIR" in capsys.readouterr().err
    assert cli.main(["compare", "as_is", "quick", "--figures", "slides", "--output", "both"]) == 0
    assert Path(capsys.readouterr().out.splitlines()[-1]) == (file.parent / "both" / "compare").resolve()
    assert (file.parent / "both" / "compare" / "slides" / "comparison.pdf").is_file()


def test_more_runs_than_asked_for_are_shown_and_that_is_said(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--output", "out"]
    assert cli.main(["compare", str(file), "--replications", "200", *out]) == 0
    assert "were there already" not in capsys.readouterr().err
    assert cli.main(["compare", str(file), "--replications", "120", *out]) == 0
    printed = capsys.readouterr()
    assert "200 runs were there already, and all are shown, not 120." in printed.err
    assert "(200 runs" in printed.out
