"""Ten characters that stand for everything that can change a number.

In: the resolved strategies. Out: a digest over them, the model's version, the size of a block and the
libraries whose versions change bits. Titles, labels, sources, observations and claims are left out, and so
is how a value is spelled: its unit, the order of a record's keys, a default or an empty list written out.

The order of what has names (suppliers, tasks, segments, strategies) counts: it settles ties, and in which
order numbers are added. So does whether a segment or a candidate says a value itself or takes over the common
one, for an unknown moves only the common one.

Checked by: tests/properties/test_digest_over_schema.py
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from sim.scenario.law_text import write_law
from sim.scenario.model import Scenario
from sim.scenario.paths import find
from sim.scenario.written import Writer
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
        "strategies": [[name, _counted(scenario)] for name, scenario in strategies.items()],
    }
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return sha256(text.encode("ascii")).hexdigest()[:10]


class _Counted(Writer):
    """Writes what counts: an empty list or mapping is not, where it is what leaving it out means."""

    def record(self, record: BaseModel) -> dict[str, Any]:
        """The record without what is empty by default, whether written out or not."""
        fields = type(record).model_fields
        return {
            name: value
            for name, value in super().record(record).items()
            if value not in ({}, []) or getattr(record, name) != fields[name].get_default()
        }


def _counted(scenario: Scenario) -> dict[str, Any]:
    """All of a scenario that can change a number."""
    counted = _Counted(scenario.clock, words=False).record(scenario)
    if scenario.unknowns:
        counted["unknowns"] = {path: _law(scenario, path) for path in scenario.unknowns}
    return counted


def _law(scenario: Scenario, path: str) -> object:
    dimension = find(scenario, path).dimension
    assert dimension is not None
    return write_law(scenario.unknowns[path], dimension)
