"""`structure`: what is printed, what is written, and the exit status."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from sim.study import consequence
from sim.views import cli
from sim.views.structure_verb import FILES, structure

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "scenarios"
HOST = SCENARIOS / "host_suspended.yaml"
PARLER = SCENARIOS / "parler_2021.yaml"


@pytest.fixture(autouse=True)
def verb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cli.hostfall.commands, "structure", structure)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit status, what was printed, and what went to the error stream."""
    status = cli.main(["structure", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_finding_comes_first_and_the_path_of_the_picture_last(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = said(capsys, str(HOST))
    lines = out.strip().splitlines()
    assert (status, err) == (0, "")
    assert lines[0] == "A cloud host suspends a social network"
    assert lines[2] == "Losing the host alone stops everything; nothing else does."
    for heading in ("Single points of failure", "Minimal cut sets", "If it is lost at the start", "How long"):
        assert heading in out
    picture = Path(lines[-1])
    assert picture.is_absolute()
    assert picture.parents[2] == elsewhere / "results"
    assert picture.parents[1].name == "host_suspended"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in picture.with_suffix(".svg").read_bytes()
    assert {each.name for each in picture.parent.iterdir()} == {*FILES} - {"importance.csv"}


def test_parler_depends_on_its_host(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, str(PARLER), "--no-simulation", "--output", "out")
    assert status == 0
    assert "Losing the host alone is enough: then nobody can sign in; no other single loss does that." in out
    assert "losing it stops 9 of 11 things people can do" in " ".join(out.split())
    found = {(row["capability"], row["events"]) for row in rows(elsewhere / "out" / "cut_sets.csv")}
    assert {row for row in found if row[0] == "update"} == {
        ("update", "host"), ("update", "app_store+google_play"),
    }  # fmt: skip
    assert {row for row in found if row[0] == "static_page"} == {("static_page", "edge+host")}
    assert {row for row in found if row[0] == "install_ios"} == {
        ("install_ios", "host"), ("install_ios", "app_store"),
    }  # fmt: skip


def test_without_simulation_nothing_is_simulated(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(consequence, "play", never)
    status, out, _ = said(capsys, str(HOST), "--no-simulation", "--output", "out")
    assert status == 0
    assert "Minimal cut sets" in out
    assert "lost at the start" not in out
    assert not (elsewhere / "out" / "consequence.csv").exists()


def test_tables_of_an_earlier_call_do_not_stay_behind(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in ([], ["--no-simulation"]):
        assert said(capsys, str(HOST), "--output", "out", *more)[0] == 0
    assert {each.name for each in (elsewhere / "out").iterdir()} == {
        "structure.png", "structure.svg", "cut_sets.csv",
    }  # fmt: skip


def test_ordinary_failures_give_availability_and_importance(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """90 days between failures, half a day each: 0.5 / 90.5 of the time, 2.02 days a year."""
    path = elsewhere / "failing.yaml"
    fails = "fails: {every: {mean: 90 d}, lasts: 12 h}"
    text = HOST.read_text(encoding="utf-8").replace("{kind: cloud host}", f"{{kind: cloud host, {fails}}}")
    path.write_text(text, encoding="utf-8")
    status, out, _ = said(capsys, str(path), "--no-simulation", "--output", "out")
    assert status == 0
    assert "“use” is down 0.55 % of the time in the long run, 2 days a year" in " ".join(out.split())
    (host,) = [row for row in rows(elsewhere / "out" / "importance.csv") if row["capability"] == "use"]
    assert float(host["unavailability"]) == pytest.approx(12 / (90 * 24 + 12), rel=1e-12)
    assert float(host["birnbaum"]) == 1.0


def test_the_number_of_replications_is_that_of_the_table(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = said(capsys, str(HOST), "--replications", "30", "--output", "out")
    assert status == 0
    assert "30 runs a loss" in out
    assert {row["runs"] for row in rows(elsewhere / "out" / "consequence.csv")} == {"30"}


def test_a_setting_changes_the_structure(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change = "capabilities.use={needs_any: [host, store]}"
    status, out, _ = said(capsys, str(HOST), "--no-simulation", "--output", "out", "--set", change)
    assert status == 0
    assert "It takes 2 losses at the same time until “use” is down (1 such combination)." in out


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_scenario_has_a_structure(
    path: Path, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = said(capsys, str(path), "--no-simulation")
    assert (status, err) == (0, "")
    assert "Minimal cut sets" in out
    assert not [line for line in out.splitlines()[:-1] if len(line) > 110]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([str(HOST), "--strategy", "as_si"], "No strategy is called `as_si`. Did you mean `as_is`?"),
        (["scenarios/nothing_here.yaml"], "There is no file scenarios/nothing_here.yaml."),
        ([str(HOST), "--replications", "0"], "0 is not in the range x>=1"),
        (
            [str(HOST), "--no-simulations"],
            "There is no option --no-simulations. Did you mean",
        ),
        ([str(HOST), "--set", "suppliers.hots.kind=x"], "hots"),
        (
            [str(HOST), "--output", "taken"],
            "taken holds something else (notes.txt); choose",
        ),
        ([str(HOST), "--output", "taken/notes.txt"], "taken/notes.txt is a file; choose a folder"),
    ],
)
def test_wrong_input_gets_one_line_and_exit_status_2(
    arguments: list[str], message: str, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (elsewhere / "taken").mkdir()
    (elsewhere / "taken" / "notes.txt").write_text("mine", encoding="utf-8")
    status, out, err = said(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert message in err
