"""What is kept of the small scenario: its draws, what happened in which order, and its numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from sim.demand import STATES
from sim.scenario import Inputs, load_scenario
from sim.streams import Draws
from sim.supply import simulate_supply
from tests.pipeline import whole

HERE = Path(__file__).parent
SMALL = HERE / "small.yaml"
KEPT = HERE / "small.json"
REPLICATIONS = (0, 1, 2, 199)
BLOCK_NUMBER = 3


def record() -> dict[str, Any]:
    """Play the small scenario and write down what a later version must still give."""
    scenario = load_scenario(SMALL).scenario()
    result = whole(scenario, REPLICATIONS, block=BLOCK_NUMBER)
    rows = list(REPLICATIONS)
    return {
        "draws": draws(),
        "happenings": [
            [[one.time, one.entity, one.event, one.cause] for one in timeline.happenings]
            for timeline in result.happened
        ],
        "event_count": [timeline.event_count for timeline in result.happened],
        "outcomes": {name: list(map(plain, result.values(name))) for name in result.outcome.columns},
        "users": {state: result.history.end[state][rows].tolist() for state in STATES},
        "served_hours": result.history.served_hours[rows].tolist(),
        "joined": result.history.joined[rows].tolist(),
    }


def draws() -> dict[str, list[list[str]]]:
    """Every column that the supply side of these replications reads, exact, at these replications."""
    scenario = load_scenario(SMALL).scenario()
    table = Draws(scenario.seed, BLOCK_NUMBER)
    simulate_supply(scenario, Inputs(scenario, table), REPLICATIONS)
    return {
        name: [
            [float(table.column(name, attempt)[k]).hex() for k in REPLICATIONS] for attempt in range(columns)
        ]
        for name, columns in sorted(table.used.items())
    }


def plain(value: object) -> object:
    """A value as JSON has it; infinity and NaN as words."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


def text(found: dict[str, Any]) -> str:
    """As it stands in the file."""
    return json.dumps(found, indent=1, sort_keys=True) + "\n"
