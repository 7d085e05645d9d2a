"""`run_scenario.py` says in words what is missing, whatever Python reads it."""

from __future__ import annotations

import ast
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "run_scenario.py"


def without_libraries(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script in a Python that sees the standard library alone."""
    command = [sys.executable, "-I", "-S", str(script), *arguments]
    return subprocess.run(command, cwd=script.parent, capture_output=True, text=True, check=False)


def test_without_libraries_it_prints_the_lines_that_set_up(tmp_path: Path) -> None:
    done = without_libraries(Path(shutil.copy(SCRIPT, tmp_path)))
    assert done.returncode == 3
    assert not done.stdout
    for line in ("make run", "python3.11 -m venv .venv", "py -3.11 -m venv .venv", "Windows PowerShell"):
        assert line in done.stderr
    assert "missing: click, duckdb" in done.stderr


def test_where_it_is_set_up_it_says_which_python_to_use(tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    (tmp_path / ".venv" / "ready-run").touch()
    done = without_libraries(Path(shutil.copy(SCRIPT, tmp_path)), "check", "a.yaml")
    assert done.returncode == 3
    assert done.stderr.strip().endswith(".venv/bin/python run_scenario.py check a.yaml")


def test_a_python_that_is_too_old_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = runpy.run_path(str(SCRIPT))
    monkeypatch.setattr(sys, "version_info", (3, 6, 15, "final", 0))
    assert script["main"]() == 3
    assert "needs Python 3.11 or newer; " in capsys.readouterr().err


def test_an_old_python_can_read_it() -> None:
    """No syntax newer than Python 3.4, and none of what Python 2 would stumble over before it runs."""
    text = SCRIPT.read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 4))
    text.encode("ascii")
    newer = ast.JoinedStr | ast.AnnAssign | ast.arg | ast.NamedExpr | ast.AsyncFunctionDef
    assert not [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, newer) and _is_new(node)]
    assert not [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.returns]


def _is_new(node: ast.AST) -> bool:
    """Whether it is more than a plain argument, which has always been there."""
    return not isinstance(node, ast.arg) or node.annotation is not None


def test_it_hands_over_to_the_command_line() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--version"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("hostfall ")
