"""A broken file on the command line: one message, exit status 2, no traceback, nothing run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.views import cli
from tests.broken.cases import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file_ends_with_two_and_its_problems(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("broken.yaml").write_text(case.text, encoding="utf-8")
    said = []
    for verb in ([], ["check"]):
        assert cli.main([*verb, "broken.yaml"]) == 2
        captured = capsys.readouterr()
        assert not captured.out
        assert f"broken.yaml:{case.expected_line}: " in captured.err
        assert "Traceback" not in captured.err
        said.append(captured.err)
    assert said[0] == said[1]
    assert [path.name for path in tmp_path.iterdir()] == ["broken.yaml"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n# comment\n", b"{a: [1, 2", b"\xff\xfe\x00", b"- a\n- list\n", b"words\n", b"\t\tname: x\n"],
    ids=["empty", "comment", "unclosed", "not_utf8", "list", "words", "tabs"],
)
def test_what_is_no_scenario_at_all_ends_with_two(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_bytes(content)
    assert cli.main([str(path)]) == 2
    text = capsys.readouterr().err
    assert text.startswith(str(path))
    assert "Traceback" not in text


def test_a_folder_ends_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


@pytest.mark.parametrize("setting", ["users.start", "users.strat=5", "users.start=many", "=", "seed=-1"])
def test_a_setting_that_cannot_be_made_ends_with_two(
    setting: str, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = Path(__file__).resolve().parents[2] / "scenarios" / "host_suspended.yaml"
    assert cli.main(["check", str(scenario), "--set", setting]) == 2
    assert "Traceback" not in capsys.readouterr().err
