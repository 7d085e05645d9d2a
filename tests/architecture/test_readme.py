"""The README tells the truth: its findings are those of a run, and its commands work as they stand."""

from __future__ import annotations

import hashlib
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs" / "readme.py"))


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "docs" / "parler_2021.json").read_text(encoding="utf-8"))
    return found


def blocks(language: str) -> list[str]:
    """The fenced blocks of the README in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """The command lines of the README, without their comments."""
    lines = [line.split(" #")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line]


def test_the_findings_are_the_ones_that_are_kept(script: dict[str, Any], kept: dict[str, Any]) -> None:
    assert script["filled"](README, kept) == README, "`python docs/readme.py --text` writes them again"


def test_the_picture_was_made_with_the_findings(script: dict[str, Any], kept: dict[str, Any]) -> None:
    picture = script["PICTURE"].read_bytes()
    assert hashlib.sha256(picture).hexdigest() == kept["picture"]
    assert kept["alternative"] in README


def test_the_kept_findings_are_those_of_a_run(script: dict[str, Any], kept: dict[str, Any]) -> None:
    """Of a whole study, so that no change of model or scenario leaves the README behind."""
    found, _ = script["findings"]()
    assert {**found, "picture": None} == {**kept, "picture": None}, "`make figures` makes them again"


def test_every_make_target_of_the_readme_is_there() -> None:
    targets = re.findall(r"\bmake ([a-z-]+)", README)
    assert {"run", "test", "check", "bench", "figures"} <= set(targets)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert not [name for name in targets if f"\n{name}:" not in makefile]


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert not [link for link in links if "://" not in link and not (ROOT / link).exists()]


@pytest.mark.slow
def test_the_commands_of_the_readme_work_one_after_the_other(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    shutil.copy(ROOT / "run_scenario.py", tmp_path)
    done = 0
    for command in commands():
        program, *words = command.split()
        if program != "python" or words[0] != "run_scenario.py":
            continue  # what sets up is run by whoever runs this test
        ended = subprocess.run(
            [sys.executable, "-W", "error", *words], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert ended.returncode == 0, f"{command}\n{ended.stderr}"
        assert ended.stdout.strip(), command
        done += 1
    assert done >= 9


@pytest.mark.slow
def test_the_python_of_the_readme_works(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    (block,) = blocks("python")
    code = f"{block}\nprint(result.summary)\nresult.figures['users'].save(__import__('pathlib').Path('.'))\n"
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "users.png").is_file()
