"""A YAML file becomes frozen, validated scenarios: units, laws, checks, strategies, digest.

In: a file that can be read aloud. Out: `ScenarioFile` with one `Scenario` a strategy, in inside units (hours,
bytes, bit/s, shares in [0, 1], hazards per hour), every default in place and every number with its evidence;
or one error that names every problem with line, path, what was found and the likely fix.

Why this way: pydantic validates values and reports all errors at once, our own reader keeps the line of every
key and value (and acts on no tag, so that reading never runs code), and names are checked across records
for all sections that are sound. Rejected: PyYAML (YAML 1.1 reads `off: no` as {False: False} and drops
duplicate keys silently), a units library (slow to import, open list of units), JSON Schema as the only
validator (its messages name no fix).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.evidence import Evidence
    from sim.scenario.file import ScenarioFile
    from sim.scenario.inputs import Inputs
    from sim.scenario.laws import Law
    from sim.scenario.load import load_scenario, load_text
    from sim.scenario.model import Scenario
    from sim.scenario.schema import schema_text

__all__ = [
    "Evidence",
    "Inputs",
    "Law",
    "Scenario",
    "ScenarioFile",
    "load_scenario",
    "load_text",
    "schema_text",
]

_HOMES = {
    "Evidence": "evidence",
    "Inputs": "inputs",
    "Law": "laws",
    "Scenario": "model",
    "ScenarioFile": "file",
    "load_scenario": "load",
    "load_text": "load",
    "schema_text": "schema",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"sim.scenario.{_HOMES[name]}"), name)
    message = f"module 'sim.scenario' has no attribute {name!r}"
    raise AttributeError(message)
