"""What the bits of a number depend on besides the scenario: libraries and the processor's instructions."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

LIBRARIES = ("numpy", "scipy", "simpy", "duckdb", "pydantic")


BITS = ("hostfall", "numpy", "scipy", "simpy")
"""Programs of other versions of which the same seed need not give the same draws."""


def versions() -> dict[str, str]:
    """Of Python, of this program and of the libraries it runs on."""
    import sim

    found = {"python": platform.python_version(), "hostfall": sim.__version__}
    return found | {name: version(name) for name in LIBRARIES}


def instructions() -> list[str]:
    """The instruction sets numpy chooses its loops by: exp and log differ in the last bit between them."""
    core: Any = import_module("numpy._core._multiarray_umath")
    return [name for name in core.__cpu_dispatch__ if core.__cpu_features__[name]]


@cache
def fingerprint() -> dict[str, Any]:
    """What two machines must share for one replication to be the same bits on both."""
    same = versions()
    kept = {name: same[name] for name in BITS}
    return {"versions": kept, "instructions": instructions()}


def difference(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    """In words, how another machine differs from this one; empty if it does not."""
    said = []
    for name, version_here in ours["versions"].items():
        there = theirs["versions"].get(name, "none")
        if there != version_here:
            said.append(f"{name} {there} there, {version_here} here")
    here, there = set(ours["instructions"]), set(theirs["instructions"])
    if here != there:
        said.append(f"processor instructions {' '.join(sorted(here ^ there))} on one side only")
    return "; ".join(said)
