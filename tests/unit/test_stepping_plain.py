"""Where nobody acts on anybody the closed form is known, and the steps must find it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from sim.demand import History, simulate_demand
from sim.demand.simulate import report_times
from sim.demand.stepping.crowd import Crowd
from sim.demand.stepping.mesh import strides
from sim.demand.stepping.simulate import expected
from sim.scenario import Inputs, Scenario, load_text
from sim.streams import BLOCK, Draws
from sim.supply import simulate_supply
from sim.supply.timeline import Timeline
from tests.pipeline import level
from tests.theory.twin_cases import CASES
from tests.unit.stepping_cases import DAY, days, followed, outages, users

SCENARIOS = Path(__file__).parents[2] / "scenarios"
ROWS = np.arange(0, BLOCK, 10)


def gap(steps: History, closed: History, rows: np.ndarray) -> float:
    """The largest difference in anything, as a share of everyone."""
    everyone = (closed.start + closed.joined).sum(axis=1)[rows]
    found = [
        np.abs(steps.states[state] - closed.states[state][rows]).max(axis=(1, 2)) for state in closed.states
    ]
    found.append(np.abs(steps.joined - closed.joined[rows]).max(axis=1))
    hours = np.abs(steps.served_hours - closed.served_hours[rows]).max(axis=1) / closed.times[-1]
    return float((np.stack([*found, hours]) / everyone).max())


def both(scenario: Scenario, timelines: list[Timeline], rows: np.ndarray) -> tuple[History, History]:
    inputs = Inputs(scenario, Draws(scenario.seed, 0))
    closed = simulate_demand(scenario, timelines, inputs)
    return expected(Crowd.of(scenario, timelines, inputs).rows(rows), closed.times), closed


@pytest.mark.parametrize("name", ["host_suspended", "parler_2021"])
def test_steps_find_the_closed_form_on_a_whole_scenario(name: str) -> None:
    """Users by state at all report times, newcomers, hours served; 20 replications, to 1e-6."""
    scenario = load_text((SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8")).scenario()
    timelines = list(simulate_supply(scenario, Inputs(scenario, Draws(scenario.seed, 0)), range(BLOCK)))
    steps, closed = both(scenario, timelines, ROWS)
    assert gap(steps, closed, ROWS) < 1e-6
    assert np.ptp(closed.states["away"]) > 0.05 * closed.start[0].sum()


ODD = {
    "constant patience": "patience: 5 d\nreturns: {rate: 3 % per day, fades_over: 20 d}",
    "uniform patience": "patience: {low: 2 d, high: 12 d, law: uniform}\nchurn: 1 % per day",
    "memoryless returns": "patience: {mean: 10 d}\nreturns: {rate: 3 % per day}\ngives_up: 1 % per day",
    "many impulses": "patience: {mean: 10 d}\nreturns: {rate: 50 % per day, fades_over: 40 d}",
    "nobody returns": "patience: {median: 10 d, p90: 40 d}\nreturns: {rate: 0 per day, fades_over: 10 d}",
    "very impatient at first": "patience: {law: weibull, shape: 0.3, scale: 20 d}",
    "apps decay": "join_by: install\napp_decay: 2 % per day\nuninstalls: 40 %\ngives_up: 0.5 % per day\n"
    "patience: {mean: 15 d}\njoins: 3000 per day",
}


@pytest.mark.parametrize("name", ODD)
def test_steps_find_the_closed_form_for_odd_users(name: str) -> None:
    """Three outages, the second before the first is forgotten; a ramp; the store closed twice."""
    scenario = users(ODD[name])
    use = level((0, 1.0), (9.3 * DAY, 0.0), (20 * DAY, 1.0), (23 * DAY, 0.0), (26 * DAY, 0.0, 0.01),
                (29 * DAY, 1.0), (50 * DAY, 0.0), (52.5 * DAY, 1.0))  # fmt: skip
    fixed = days(scenario, use, outages((5, 30), (60, 80)))
    steps, closed = both(scenario, [fixed] * BLOCK, np.arange(1))
    assert gap(steps, closed, np.arange(1)) < 1e-5


@pytest.mark.parametrize("name", CASES)
def test_steps_find_the_closed_form_where_the_twin_does(name: str) -> None:
    """Ramps, surges, three kinds of people; a third of the report times are irregular to the outages."""
    scenario = load_text(CASES[name].text(joins=True)).scenario()
    steps, closed = both(scenario, [CASES[name].timeline()] * BLOCK, np.arange(1))
    assert gap(steps, closed, np.arange(1)) < 1e-5


def test_everybody_is_somewhere_at_all_times() -> None:
    scenario = users("join_by: install\njoins: 3000 per day\nchurn: 1 % per day\nuninstalls: 30 %\n"
                     "friends: {waiting: 5 % per day, active: 2 % per day}")  # fmt: skip
    history = followed(scenario, days(scenario, outages((10, 30)), outages((40, 60))))
    total = sum(history.states[state].sum(axis=1) for state in history.states)
    assert total[0, 0] == pytest.approx(1_000_000.0, rel=1e-12)
    assert total[0, -1] == pytest.approx(1_000_000.0 + history.joined.sum(), rel=1e-12)
    assert min(float(values.min()) for values in history.states.values()) > -1e-6


def test_what_is_seen_does_not_depend_on_how_often_one_looks() -> None:
    said = "friends: {waiting: 5 % per day}\nchurn: 1 % per day\n"
    said += "patience: {law: weibull, shape: 0.6, scale: 20 d}"
    often, seldom = users(said, every=0.25), users(said, every=10)
    seen, other = (followed(one, days(one, outages((10, 30)))) for one in (often, seldom))
    for state in seen.states:
        assert (seen.states[state][:, :, ::40] == other.states[state]).all()
        assert (seen.on_grid[state] == other.on_grid[state]).all()


def test_mesh_of_a_replication_depends_on_that_replication_alone() -> None:
    edges = np.array([[0.0, 240.0, 700.0, 2160.0], [0.0, 3.0, 2160.0, 2160.0], [0.0, 2160.0, 2160.0, 2160.0]])
    together = strides(edges)
    for row, alone in zip(together, edges, strict=True):
        own = strides(alone[None])[0]
        assert (row[: own.size] == own).all()
        assert (row[own.size :] == 2160.0).all()
        assert np.isin(alone, own).all()
        assert (np.diff(own) > 0.0).all()


def test_a_replication_does_not_feel_the_others() -> None:
    """A long outage beside a short one, and the short one alone: the same numbers to 1e-6, refined or not."""
    scenario = users("friends: {waiting: 20 % per day, returning: 90 %}\nchurn: 1 % per day")
    short, long = (days(scenario, outages(span)) for span in ((10, 12), (10, 60)))
    inputs = Inputs(scenario, Draws(scenario.seed, 0))
    times = report_times(scenario.clock.horizon, scenario.clock.report_every)
    mixed = Crowd.of(scenario, [short, long] * (BLOCK // 2), inputs).rows(np.arange(2))
    together, alone = expected(mixed, times), followed(scenario, short)
    for state in alone.states:
        assert together.states[state][0] == pytest.approx(alone.states[state][0], abs=1e-6 * 1_000_000)
    assert dataclasses.asdict(together)["times"].size == times.size
