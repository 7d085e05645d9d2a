"""One list of requirements, one version, one lock: what is written twice must agree."""

from __future__ import annotations

import platform
import re
import runpy
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import sim
from tests.architecture.source import ROOT


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def names(requirements: list[str]) -> set[str]:
    """Distribution names of requirement lines, in the lock's spelling."""
    found = (re.match(r"[A-Za-z0-9._-]+", line) for line in requirements)
    return {re.sub(r"[._]", "-", match.group()).lower() for match in found if match}


def asked(project: dict[str, Any]) -> set[str]:
    """Distributions that the project names, in all extras."""
    lists = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]
    return names([line for requirements in lists for line in requirements]) - {"hostfall"}


def lock() -> str:
    return (ROOT / "constraints.txt").read_text(encoding="utf-8")


def test_run_scenario_looks_for_exactly_the_required_libraries(project: dict[str, Any]) -> None:
    script = runpy.run_path(str(ROOT / "run_scenario.py"))
    assert names(list(script["NEEDED"])) == names(project["project"]["dependencies"])


def test_the_lock_pins_everything_and_holds_no_address() -> None:
    assert "://" not in lock()
    assert all("==" in line for line in lock().splitlines() if line.strip())


# The oldest Python that the project promises, what Debian 12 has, and the ones after it.
PYTHONS = ("3.11.0", "3.11.2", "3.11.7", "3.12.0", "3.13.0", "3.14.0")


def pinned(python: str) -> dict[str, str]:
    """Version of every distribution that the lock pins on this Python, once each."""
    place = {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    lines = [Requirement(line) for line in lock().splitlines()]
    valid = [line for line in lines if line.marker is None or line.marker.evaluate(dict(place))]
    assert len({line.name for line in valid}) == len(valid)
    return {canonicalize_name(line.name): str(line.specifier).removeprefix("==") for line in valid}


def needed(name: str, extras: set[str]) -> set[str]:
    """What a distribution needs here, and what that needs, as far as it is installed."""
    found, open_ends = set[str](), [(name, extras)]
    seen = set[tuple[str, frozenset[str]]]()
    while open_ends:
        name, extras = open_ends.pop()
        if (name, frozenset(extras)) in seen:
            continue
        seen.add((name, frozenset(extras)))
        try:
            requirements = [Requirement(text) for text in distribution(name).requires or ()]
        except PackageNotFoundError:  # an extra that is not installed here
            continue
        found.add(canonicalize_name(name))
        open_ends += [
            (line.name, line.extras)
            for line in requirements
            if line.marker is None or any(line.marker.evaluate({"extra": extra}) for extra in ("", *extras))
        ]
    return found


def versions() -> dict[str, str]:
    """Installed version of everything that the project needs here."""
    everything = needed("hostfall", {"test", "dev", "browser"}) - {"hostfall"}
    return {name: distribution(name).version for name in everything}


@pytest.mark.parametrize("python", PYTHONS)
def test_what_the_project_asks_for_is_pinned_on_every_python(project: dict[str, Any], python: str) -> None:
    assert asked(project) <= pinned(python).keys()


def test_whatever_that_needs_in_turn_is_pinned_at_the_version_installed_here() -> None:
    pins, installed = pinned(platform.python_version()), versions()
    assert len(installed) > 60
    assert installed == {name: pins.get(name) for name in installed}


@pytest.mark.parametrize("python", PYTHONS)
def test_no_pin_asks_for_a_newer_python_than_it_is_for(python: str) -> None:
    pins = pinned(python)
    # Of a version that is not installed here nothing is known.
    known = [name for name, version in versions().items() if pins.get(name) == version]
    assert len(known) > 50
    asks = {
        name: SpecifierSet(str(distribution(name).metadata.json.get("requires_python", ""))) for name in known
    }
    assert not [name for name in known if not asks[name].contains(python)]


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
