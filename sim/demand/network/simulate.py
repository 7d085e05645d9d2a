"""From timelines to what individuals do on a network of friends: all replications of a block.

In: what `sim.demand.simulate_demand` is given. Out: a `History`, individuals counted as the users they stand
for, newcomers added. Every replication has a network and people of its own; the replications of a block are
followed as one network in pieces that are not tied to each other, so a thousand people each cost little more
together than in one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.demand.history import STATES, History
from sim.demand.network.looks import Looks
from sim.demand.network.moves import Moves
from sim.demand.network.newcomers import newcomers_of
from sim.demand.network.people import follow_people
from sim.demand.network.refused import refused
from sim.demand.network.situation import Situation, situation_of
from sim.demand.phases import Phases
from sim.demand.simulate import changes, report_times
from sim.demand.stepping.crowd import Crowd
from sim.errors import ScenarioError
from sim.scenario import Inputs, Scenario
from sim.scenario.crowd import Network
from sim.streams import BLOCK
from sim.supply.timeline import Timeline

Array = NDArray[np.float64]
Look = Callable[[Array], tuple[dict[str, Array], Array]]

STEP = 1.0
"""Hours after which people hear what their friends did."""

_PEOPLE = 1 << 20
_TABLE = 1 << 22
"""Individuals, and entries of a table of hazards, that are in memory at once."""

_MESH = 24.0


def simulate_people(
    scenario: Scenario, timelines: Sequence[Timeline], inputs: Inputs, times: Array
) -> History:
    """Users by state at `times` (hours from 0 to the horizon), followed as individuals with friends.

    Parameters
    ----------
    timelines
        One a replication of the block `inputs` was made for, in order.

    Raises
    ------
    ScenarioError
        If something is said of the users that individuals cannot show; see `refused`.
    """
    if problems := refused(scenario):
        raise ScenarioError(problems)
    crowd = Crowd.of(scenario, timelines, inputs)
    looks = [
        Looks.of(situation, followed(situation))
        for situation in (
            situation_of(scenario, crowd, inputs, rows, edges_of(crowd.horizon))
            for rows in _portions(scenario, crowd)
        )
    ]
    return _history(crowd, looks, newcomers_of(scenario, timelines, inputs, times), times)


def edges_of(horizon: float, step: float = STEP) -> Array:
    """Hours at which people hear what their friends did."""
    return report_times(horizon, step)


def followed(situation: Situation, *, traced: bool = False) -> Moves:
    """The moves of everybody."""
    return follow_people(
        situation.ties, situation.kind, situation.hazards, situation.ways, situation.habits, situation.seeds,
        need=situation.need, traced=traced,
    )  # fmt: skip


def _portions(scenario: Scenario, crowd: Crowd) -> list[NDArray[np.int64]]:
    """Replications that are followed together."""
    network = scenario.users.network or Network()
    people = 1 + max(map(max, network.ties), default=0) if network.kind == "edges" else network.people
    entries = edges_of(crowd.horizon).size * len(crowd.names)
    many = int(max(1, min(BLOCK, _PEOPLE // people, _TABLE // entries)))
    return [np.arange(begin, min(begin + many, BLOCK)) for begin in range(0, BLOCK, many)]


def _history(crowd: Crowd, looks: Sequence[Looks], new: History | None, times: Array) -> History:
    """All that was found, with the newcomers."""
    states, at_place = _seen(looks, times)
    grid = _grid(crowd, times) if new is None else new.grid
    on_grid = {state: values.sum(axis=1) for state, values in _seen(looks, grid)[0].items()}
    served = np.concatenate([part.served_hours(crowd.horizon) for part in looks])
    flows = _stacked([part.flows(crowd.places, crowd.horizon) for part in looks])
    joined = np.zeros_like(served)
    if new is not None:
        states = {state: values + new.states[state] for state, values in states.items()}
        at_place = at_place + (new.states["away"][:, :, None] if new.at_place is None else new.at_place)
        on_grid = {state: values + new.on_grid[state] for state, values in on_grid.items()}
        served, joined = served + new.served_hours, new.joined
        flows = {name: flow + new.flows.get(name, 0.0) for name, flow in flows.items()}

    def total(when: Array, *names: str) -> Array:
        found = _seen(looks, when)[0]
        return np.asarray(sum(found[name].sum(axis=1) for name in names))

    return History(
        segments=crowd.names,
        times=times,
        states=states,
        end={state: values[:, :, -1].copy() for state, values in states.items()},
        start=crowd.start.T.copy(),
        joined=joined,
        served_hours=served,
        grid=grid,
        on_grid=on_grid,
        active_at=lambda when: total(when, "active") + (0.0 if new is None else new.active_at(when)),
        given_up_at=lambda when: (
            total(when, "away", "gone") + (0.0 if new is None else new.given_up_at(when))
        ),
        places=crowd.places,
        at_place=at_place if len(crowd.places) > 1 else None,
        flows=flows,
    )


def _seen(looks: Sequence[Looks], when: Array) -> tuple[dict[str, Array], Array]:
    """Users by state, and by place, at times of shape (m,) or (R, m), all replications."""
    wide, parts, begin = np.broadcast_to(when, (BLOCK, when.shape[-1])), [], 0
    for part in looks:
        parts.append(part.at(wide[begin : begin + len(part.weight)]))
        begin += len(part.weight)
    states = {state: np.concatenate([seen[state] for seen, _ in parts]) for state in STATES}
    return states, np.concatenate([place for _, place in parts])


def _stacked(parts: Sequence[dict[str, Array]]) -> dict[str, Array]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _grid(crowd: Crowd, times: Array) -> Array:
    """Daily, the report times, and every instant at which something changes, and just before it."""
    tables: dict[int, Phases] = {id(climate.phases): climate.phases for climate in crowd.climates}
    daily = report_times(crowd.horizon, _MESH)
    fixed = [np.broadcast_to(row, (BLOCK, row.size)) for row in (times, daily)]
    return np.sort(np.concatenate([*fixed, changes(crowd.horizon, tables.values())], axis=1), axis=1)
