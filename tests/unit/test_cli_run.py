"""`run`, and `story` and `report` after it: what is printed, what is written, and the exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sim.study import executors
from sim.views import api, cli
from sim.views.figures import NAMES

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = ROOT / "scenarios" / "host_suspended.yaml"
CLAIMS = """
expect:
  - {measure: downtime, at_most: 180 d, in_share_of_runs: 100 %}
  - {measure: users_lost, at_most: 0, in_share_of_runs: 90 %}
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the scenario has been run without pictures."""
    folder = tmp_path_factory.mktemp("results") / "run"
    assert cli.main([str(SCENARIO), "--replications", "200", "--no-figures", "--output", str(folder)]) == 0
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_sentences_come_first_then_the_table_then_the_path_of_the_report(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [str(SCENARIO), "--replications", "200", "--no-figures", "--set", "users.start=5000"]
    assert cli.main(command) == 0
    text = capsys.readouterr().out
    lines = text.strip().splitlines()
    assert lines[0] == "A cloud host suspends a social network"
    assert lines[2].startswith("In half of the 200 runs ")
    for column in ("Measure", "runs exceed", "9 runs in 10 lie between", "simulation", "at the end"):
        assert column in text
    report = Path(lines[-1])
    assert report.is_absolute()
    assert report.is_file()
    assert report.parents[2] == elsewhere / "results"
    assert report.parents[1].name == "host_suspended"


def test_typed_again_it_says_that_it_is_done_and_how_to_extend(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (results / "report.html").stat().st_mtime_ns
    command = [str(SCENARIO), "--replications", "200", "--no-figures", "--output", str(results)]
    assert cli.main(command) == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[0] == f"Already done: 200 runs, report at {results / 'report.html'}"
    assert lines[1].endswith("--replications 1000")
    assert lines[-1] == str(results / "report.html")
    assert (results / "report.html").stat().st_mtime_ns == page


def test_the_command_is_kept_as_it_was_typed(results: Path) -> None:
    manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"].startswith(f"hostfall {SCENARIO} --replications 200")


@pytest.mark.slow
def test_a_missing_picture_is_drawn_when_pictures_are_wanted(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(results, folder)
    assert cli.main([str(SCENARIO), "--replications", "200", "--output", str(folder)]) == 0
    assert "Already done" in capsys.readouterr().out
    assert {path.stem for path in (folder / "figures").glob("*.svg")} == set(NAMES)
    assert "<svg" in (folder / "report.html").read_text(encoding="utf-8")


def test_few_runs_are_called_few(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [str(SCENARIO), "--replications", "20", "--no-figures", "--output", str(tmp_path / "few")]
    assert cli.main(command) == 0
    said = capsys.readouterr().err
    assert "20 runs are few: the ends" in said
    assert "Users lost: 20 runs are few for a mean of values as skewed as these" in said


@pytest.mark.parametrize(("strict", "status"), [([], 0), (["--strict"], 1)])
def test_a_failed_claim_is_told_and_under_strict_is_an_exit_status(
    strict: list[str], status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(SCENARIO.read_text(encoding="utf-8") + CLAIMS, encoding="utf-8")
    command = [str(path), "--replications", "200", "--no-figures", "--output", str(tmp_path / "out"), *strict]
    assert cli.main(command) == status
    assert "Claims:\n- " in capsys.readouterr().out


def test_strict_is_content_with_claims_that_hold(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    held = CLAIMS.replace("users_lost, at_most: 0", "users_lost, at_most: 1000000")
    path.write_text(SCENARIO.read_text(encoding="utf-8") + held, encoding="utf-8")
    command = [str(path), "--replications", "200", "--no-figures", "--output", str(tmp_path / "out")]
    assert cli.main([*command, "--strict"]) == 0


def test_interrupted_it_keeps_what_is_done_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [str(SCENARIO), "--replications", "600", "--no-figures", "--output", str(tmp_path / "out")]
    compute = executors.compute
    seen: list[executors.Task] = []

    def stop_at_the_second(task: executors.Task) -> executors.Done:
        seen.append(task)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return compute(task)

    monkeypatch.setattr(executors, "compute", stop_at_the_second)
    assert cli.main(command) == 130
    text = capsys.readouterr().err.strip()
    assert text.count("\n") == 0
    assert "1 of 3 blocks" in text
    assert "the same command goes on" in text
    assert cli.main(command) == 0
    assert len(seen) == 4  # the first, the interrupted one, and the two that were missing


def test_interrupted_while_drawing_the_runs_are_kept(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(results, folder)

    def stop(*_: object, **__: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(api.Result, "save", stop)
    assert cli.main([str(SCENARIO), "--replications", "200", "--output", str(folder)]) == 130
    assert "all runs are done and kept" in capsys.readouterr().err


def test_a_folder_of_something_else_is_refused(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"\xff")
    for folder, seed in ((tmp_path / "photos", "1"), (results, "7")):
        assert cli.main([str(SCENARIO), "--seed", seed, "--output", str(folder)]) == 2
        assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("verb", [["run"], ["check"], ["story"]])
def test_an_unknown_strategy_gets_the_nearest_name(
    verb: list[str], elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*verb, str(SCENARIO), "--strategy", "as_iss"]) == 2
    assert "Did you mean `as_is`?" in capsys.readouterr().err
    assert not list(elsewhere.iterdir())


@pytest.mark.slow
def test_report_writes_pictures_and_page_of_a_finished_run_again(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(results, folder)
    (folder / "report.html").unlink()
    assert cli.main(["report", str(folder)]) == 0
    assert capsys.readouterr().out.strip() == str(folder / "report.html")
    assert "<svg" in (folder / "report.html").read_text(encoding="utf-8")
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["replications"] == 200


def test_report_of_what_is_no_finished_run_says_so(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["report", str(tmp_path)]) == 2
    assert "holds no run" in capsys.readouterr().err
    folder = tmp_path / "copy"
    shutil.copytree(results, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | {"complete": False}), encoding="utf-8")
    assert cli.main(["report", str(folder)]) == 2
    assert "goes on with it" in capsys.readouterr().err


def test_story_tells_the_typical_the_worst_and_any_other_run(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {}
    for which in (["--typical"], [], ["--worst"], ["--replication", "3"], ["--replication", "250"]):
        assert cli.main(["story", str(SCENARIO), "--replications", "200", *which]) == 0
        told[tuple(which)] = capsys.readouterr().out
        assert "Mon 10 Mar 08:00. " in told[tuple(which)]
    assert told[("--typical",)] == told[()]
    assert len(set(told.values())) == 4
    assert cli.main(["story", str(SCENARIO), "--worst", "--typical"]) == 2


def test_open_opens_the_report(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("click.launch", opened.append)
    command = [str(SCENARIO), "--replications", "200", "--no-figures", "--output", str(results)]
    assert cli.main([*command, "--open"]) == 0
    assert opened == [str(results / "report.html")]


def test_a_new_label_is_in_the_report_though_no_number_moves(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, path = tmp_path / "copy", tmp_path / "relabelled.yaml"
    shutil.copytree(results, folder)
    text = SCENARIO.read_text(encoding="utf-8")
    named = text.replace("use:     {needs", "use:     {label: write letters, needs")
    path.write_text(named, encoding="utf-8")
    blocks = sorted((folder / "blocks").rglob("*.parquet"))
    before = [block.stat().st_mtime_ns for block in blocks]
    command = [str(path), "--replications", "200", "--no-figures", "--output", str(folder)]
    assert cli.main(command) == 0
    assert "write letters" in capsys.readouterr().out
    assert "write letters" in (folder / "report.html").read_text(encoding="utf-8")
    assert [block.stat().st_mtime_ns for block in blocks] == before
