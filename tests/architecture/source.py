"""What the architecture tests read: the package's modules as syntax trees, and where each stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("scenario", "structure", "supply", "demand", "outcomes", "study", "views")
FOUNDATION = ("clock", "streams", "errors")


@dataclass(frozen=True)
class Module:
    """One source file: dotted name, path, and syntax tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def layer(self) -> str:
        """``scenario`` of ``sim.scenario.load``; "" for ``sim`` itself."""
        return self.name.split(".")[1] if "." in self.name else ""


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package ``sim``, by path."""
    found = []
    for path in sorted((ROOT / "sim").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(name, path, ast.parse(path.read_text(encoding="utf-8"))))
    return tuple(found)


def type_checking_only(tree: ast.Module) -> set[ast.AST]:
    """The nodes under ``if TYPE_CHECKING:``, which never run."""
    hidden: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            hidden.update(inner for statement in node.body for inner in ast.walk(statement))
    return hidden


def imports(tree: ast.Module, *, hidden: bool = True) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of everything imported; ``from a import b`` counts as ``a.b``."""
    left_out = set() if hidden else type_checking_only(tree)
    for node in ast.walk(tree):
        if node in left_out:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def place(module: Module, line: int) -> str:
    """``sim/supply/gates.py:12``."""
    return f"{module.path.relative_to(ROOT)}:{line}"
