"""Ten characters that stand for everything that can change a number.

In: the resolved strategies. Out: a digest over them, the model's version, the size of a block and the
libraries whose versions change bits. Titles, labels, sources, observations and claims are left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256

from sim.scenario.model import Scenario
from sim.scenario.written import write_scenario
from sim.streams import BLOCK

MODEL = "1"
"""The model's version: to be raised by every change that moves a number."""

LIBRARIES = ("numpy", "scipy", "simpy")


@cache
def library_versions() -> Mapping[str, str]:
    """The installed versions of the libraries that can change bits, read without importing them."""
    from importlib.metadata import PackageNotFoundError, version

    versions = {}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "absent"
    return versions


def digest_of(strategies: Mapping[str, Scenario], baseline: str) -> str:
    """The digest of the resolved strategies, 10 hexadecimal characters."""
    said = {
        "model": MODEL,
        "block": BLOCK,
        "libraries": library_versions(),
        "baseline": baseline,
        "strategies": [
            [name, write_scenario(scenario, words=False)] for name, scenario in strategies.items()
        ],
    }
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return sha256(text.encode("ascii")).hexdigest()[:10]
