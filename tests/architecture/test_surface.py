"""What the package offers is written down, and what is written down is there."""

from __future__ import annotations

import ast
import importlib
import re

import pytest

from tests.architecture.source import LAYERS, ROOT, Module, modules

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
POINTER = re.compile(r"Checked by:\s*((?:tests/\S+?\.py(?:::\w+)?(?:,\s*)?)+)")


def test_the_package_offers_what_it_lists() -> None:
    import sim

    assert sorted(sim.__all__) == ["__version__", "compare", "load_scenario", "run", "sensitivity", "sweep"]
    assert all(getattr(sim, name) is not None for name in sim.__all__)
    assert set(sim.__all__) <= set(dir(sim))
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = sim.no_such_thing


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_lists_its_surface_and_has_it(layer: str) -> None:
    package = importlib.import_module(f"sim.{layer}")
    assert package.__doc__, f"sim/{layer}/__init__.py says what goes in, what comes out and why"
    names = package.__all__
    assert not [name for name in names if not hasattr(package, name)]


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_all_names_in_all_exist(module: Module) -> None:
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            loaded = importlib.import_module(module.name)
            assert not [name for name in ast.literal_eval(node.value) if not hasattr(loaded, name)]


def test_every_module_says_what_it_is() -> None:
    assert not [module.name for module in modules() if not ast.get_docstring(module.tree)]


def test_checked_by_points_to_tests_that_exist() -> None:
    broken = []
    for module in modules():
        for match in POINTER.finditer(module.path.read_text(encoding="utf-8")):
            for pointer in re.findall(r"tests/[^\s,]+", match.group(1)):
                path, _, test = pointer.rstrip(".").replace(".py.", ".py").partition("::")
                target = ROOT / path
                text = target.read_text(encoding="utf-8") if target.is_file() else None
                if text is None or (test and f"def {test}(" not in text):
                    broken.append(f"{module.path.relative_to(ROOT)}: {pointer}")
    assert not broken


def test_files_stay_short() -> None:
    long = {
        str(module.path.relative_to(ROOT)): lines
        for module in modules()
        if (lines := len(module.path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long


def test_functions_stay_short() -> None:
    """Forty lines of statements; the docstring and the signature do not count."""
    long = {}
    for module in modules():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            if lines > LONGEST_FUNCTION:
                long[f"{module.path.relative_to(ROOT)}:{node.lineno} {node.name}"] = lines
    assert not long


def test_tests_make_no_decimal_place_comparisons_and_seed_their_noise() -> None:
    """`round(x, 7) == y` and an unseeded generator are the two ways a test comes to say nothing."""
    telltale = re.compile(r"assertAlmost[E]qual|assert round[(]|default_rng[(][)]")
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if telltale.search(line)
    ]
    assert not wrong
