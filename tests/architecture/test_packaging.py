"""One list of requirements, one version, one lock: what is written twice must agree."""

from __future__ import annotations

import re
import runpy
import tomllib
from typing import Any

import pytest

import sim
from tests.architecture.source import ROOT


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def names(requirements: list[str]) -> set[str]:
    """Distribution names of requirement lines, in the lock's spelling."""
    found = (re.match(r"[A-Za-z0-9._-]+", line) for line in requirements)
    return {re.sub(r"[._]", "-", match.group()).lower() for match in found if match}


def lock() -> str:
    return (ROOT / "constraints.txt").read_text(encoding="utf-8")


def test_run_scenario_looks_for_exactly_the_required_libraries(project: dict[str, Any]) -> None:
    script = runpy.run_path(str(ROOT / "run_scenario.py"))
    assert names(list(script["NEEDED"])) == names(project["project"]["dependencies"])


def test_every_requirement_is_locked(project: dict[str, Any]) -> None:
    wanted = names(project["project"]["dependencies"])
    for extra in project["project"]["optional-dependencies"].values():
        wanted |= names(extra)
    assert wanted - {"hostfall"} <= names(lock().splitlines())


def test_the_lock_pins_everything_and_holds_no_address() -> None:
    assert "://" not in lock()
    assert all("==" in line for line in lock().splitlines() if line.strip())


def test_the_version_is_the_same_everywhere() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    latest = re.search(r"^## (\S+)", changelog, flags=re.MULTILINE)
    assert latest
    assert latest.group(1) == sim.__version__
    assert f"\nversion: {sim.__version__}\n" in citation


def test_set_up_lines_are_the_same_in_the_script_and_the_readme() -> None:
    script = runpy.run_path(str(ROOT / "run_scenario.py"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [line.strip() for line in script["SET_UP"].splitlines() if line.startswith("    ")]
    assert commands
    assert not [command for command in commands if command not in readme]
