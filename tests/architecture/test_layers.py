"""Imports follow the data: clock, streams, errors < scenario < supply < demand < outcomes < study < views."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.source import FOUNDATION, LAYERS, ROOT, imports, modules, place

HOMES = {
    "simpy": {"supply"},
    "matplotlib": {"views"},
    "networkx": {"views"},
    "jinja2": {"views"},
    "click": {"views"},
    "rich": {"views"},
    "ruamel": {"scenario"},
    "duckdb": {"study"},
    "openpyxl": {"study"},
}
RANDOMNESS = ("random", "secrets", "numpy.random", "np.random", "uuid")


def rank(layer: str) -> int:
    """0 for the foundation, then the layers from left to right; the package's own front is above all."""
    if layer in FOUNDATION:
        return 0
    return LAYERS.index(layer) + 1 if layer else len(LAYERS) + 1


def test_every_module_belongs_to_a_layer() -> None:
    strays = [module.name for module in modules() if module.layer not in {"", *FOUNDATION, *LAYERS}]
    assert not strays


def test_imports_only_point_to_earlier_layers() -> None:
    wrong = [
        f"{place(module, line)}: {module.layer} imports {name}"
        for module in modules()
        for line, name in imports(module.tree)
        if name.startswith("sim.") and rank(name.split(".")[1]) > rank(module.layer)
    ]
    assert not wrong


def test_nothing_is_imported_relatively() -> None:
    wrong = [
        place(module, line)
        for module in modules()
        for line, name in imports(module.tree)
        if name.startswith(".")
    ]
    assert not wrong


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_stays_in_its_home(library: str) -> None:
    wrong = [
        place(module, line)
        for module in modules()
        for line, name in imports(module.tree)
        if name.split(".")[0] == library and module.layer not in HOMES[library]
    ]
    assert not wrong


def test_demand_and_outcomes_know_the_timeline_alone() -> None:
    wrong = [
        f"{place(module, line)}: {name}"
        for module in modules()
        if module.layer in {"demand", "outcomes"}
        for line, name in imports(module.tree)
        if name.startswith("sim.supply") and not name.startswith("sim.supply.timeline")
    ]
    assert not wrong


def test_only_streams_makes_a_random_generator() -> None:
    wrong = []
    for module in modules():
        if module.name == "sim.streams":
            continue
        wrong += [
            place(module, line)
            for line, name in imports(module.tree)
            if name.startswith(RANDOMNESS) or name.split(".")[-1] in {"default_rng", "SeedSequence"}
        ]
        text = module.path.read_text(encoding="utf-8")
        wrong += [
            place(module, number)
            for number, line in enumerate(text.splitlines(), start=1)
            if any(call in line for call in ("default_rng(", "SeedSequence(", "random.seed(", "RandomState("))
        ]
    assert not wrong


def test_import_linter_keeps_the_same_rules() -> None:
    program = "from importlinter.cli import lint_imports_command as run; run()"
    command = [sys.executable, "-c", program, "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
