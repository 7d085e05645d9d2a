"""Short ways through the whole pipeline: a text becomes a scenario, timelines, users and measures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.demand import History, simulate_demand
from sim.outcomes import Outcome, measure
from sim.scenario import Inputs, Scenario, ScenarioFile, load_text
from sim.scenario.resolution import Resolution
from sim.streams import BLOCK, Draws
from sim.supply import simulate_supply
from sim.supply.timeline import Level, Timeline


def written(
    text: str, settings: Sequence[str] = (), *, unknowns: Literal["varied", "fixed"] = "varied"
) -> ScenarioFile:
    """The scenario file with this text."""
    return load_text(text, settings=settings, unknowns=unknowns)


def level(*pieces: tuple[float, float] | tuple[float, float, float]) -> Level:
    """Capacity from pieces (start, value) or (start, value, slope per hour)."""
    whole = [(*piece, 0.0)[:3] for piece in pieces]
    return Level(
        times=tuple(piece[0] for piece in whole),
        values=tuple(piece[1] for piece in whole),
        slopes=tuple(piece[2] for piece in whole),
    )


def timeline(horizon: float, levels: Mapping[str, Level]) -> Timeline:
    """A timeline made by hand: only capacities, no records."""
    return Timeline(
        horizon=horizon,
        levels={name: dataclasses.replace(found, horizon=horizon) for name, found in levels.items()},
        records=(),
        happenings=(),
        causes=(),
        contacted=0,
        refused=0,
        withdrew=0,
        spent=0.0,
        event_count=0,
        data_loss_window=0.0,
        data_lost="none",
        suppliers={},
    )


def block_of(timelines: Mapping[int, Timeline]) -> list[Timeline]:
    """One timeline a replication of a block: those given, and the first of them everywhere else."""
    other = next(iter(timelines.values()))
    return [timelines.get(k, other) for k in range(BLOCK)]


def lived(scenario: Scenario, fixed: Timeline, *, users: Resolution = "expected", block: int = 0) -> History:
    """What the users of all replications of a block do about one fixed timeline."""
    inputs = Inputs(scenario, Draws(scenario.seed, block))
    return simulate_demand(scenario, [fixed] * BLOCK, inputs, users=users)


@dataclass(frozen=True)
class Whole:
    """All that one pass of the pipeline made; rows of histories and columns only at `replications`."""

    scenario: Scenario
    replications: tuple[int, ...]
    happened: list[Timeline]
    history: History
    spared_history: History
    outcome: Outcome

    def values(self, name: str) -> NDArray[np.generic]:
        """One measure, a value a replication."""
        return self.outcome.columns[name][list(self.replications)]

    def column(self, name: str) -> list[float]:
        """One measure as plain numbers."""
        return [float(value) for value in self.values(name)]


def whole(scenario: Scenario, replications: Sequence[int] = (0,), *, block: int = 0) -> Whole:
    """Scenario -> supply -> demand -> outcomes, with the counterfactual from the same draws."""
    draws = Draws(scenario.seed, block)
    spared = scenario.spared()
    inputs, spared_inputs = Inputs(scenario, draws), Inputs(spared, draws)
    happened = simulate_supply(scenario, inputs, replications)
    full = block_of(dict(zip(replications, happened, strict=True)))
    spared_full = block_of(
        dict(zip(replications, simulate_supply(spared, spared_inputs, replications), strict=True))
    )
    history = simulate_demand(scenario, full, inputs)
    spared_history = simulate_demand(spared, spared_full, spared_inputs)
    outcome = measure(scenario, full, history, spared_full, spared_history, inputs)
    return Whole(scenario, tuple(replications), happened, history, spared_history, outcome)
