"""Looking at a scenario or at the help must not wait for libraries that only a run needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

HEAVY = {"simpy", "scipy", "networkx", "matplotlib", "duckdb", "jinja2"}
NOT_FOR_HELP = {*HEAVY, "numpy", "pydantic", "ruamel", "rich"}
PROBE = """
import sys
sys.argv = ["run_scenario.py", *{arguments!r}]
from sim.views.cli import main
status = main()
print("status", status, "loaded", *sorted(set(sys.modules) & {heavy!r}), file=sys.stderr)
"""


def loaded(folder: Path, *arguments: str) -> tuple[int, set[str]]:
    """Run the command line in a fresh Python; return its exit status and the heavy libraries it imported."""
    probe = PROBE.format(arguments=arguments, heavy=NOT_FOR_HELP)
    command = [sys.executable, "-W", "error", "-c", probe]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("status"), done.stderr
    _, status, _, *names = last.split()
    return int(status), set(names)


@pytest.mark.parametrize(
    "arguments",
    [("--help",), *((verb, "--help") for verb in ("run", "compare", "results")), ("--version",), ()],
)
def test_help_imports_no_library_but_click(arguments: tuple[str, ...]) -> None:
    status, names = loaded(ROOT, *arguments)
    assert status == 0
    assert not names


@pytest.mark.parametrize("scenario", sorted(path.name for path in (ROOT / "scenarios").glob("*.yaml")))
def test_check_imports_no_heavy_library(scenario: str) -> None:
    status, names = loaded(ROOT, "check", f"scenarios/{scenario}")
    assert status == 0
    assert not names & HEAVY


def test_importing_the_package_imports_no_heavy_library() -> None:
    probe = f"import sys, sim; print(*sorted(set(sys.modules) & {NOT_FOR_HELP!r}))"
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not done.stdout.strip()


def test_demand_does_not_load_the_supply_simulator() -> None:
    probe = "import sys, sim.demand, sim.outcomes; print('simpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
