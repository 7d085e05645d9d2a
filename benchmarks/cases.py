"""The scenarios that are measured, loaded once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sim import load_scenario
from sim.scenario import ScenarioFile

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"


@cache
def case(name: str, *settings: str) -> ScenarioFile:
    """One of the shipped scenarios, with ``path=value`` settings."""
    return load_scenario(SCENARIOS / f"{name}.yaml", settings=settings)
