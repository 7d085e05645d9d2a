"""Losing one supplier at the start: the world it happens in, and what is read off it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from sim.scenario import Scenario, load_scenario
from sim.streams import BLOCK
from sim.structure import structure_function
from sim.study import world
from sim.study.consequence import consequences, filled_again, quiet, without
from sim.study.simulate import simulate
from sim.study.world import play
from tests.pipeline import level, timeline, written

ROOT = Path(__file__).resolve().parents[2]
PLATFORM = """
name: pair
title: A host with a replacement at hand, a spare of two, and a store
seed: 7
clock: {start: 2025-03-01T00:00Z, horizon: 90 d}
suppliers:
  host: {kind: cloud host}
  cdn_a: {kind: edge, name: Example Edge}
  cdn_b: {kind: edge, name: Example Edge}
  store: {kind: app store}
capabilities:
  read: {needs_any: [cdn_a, cdn_b]}
  use: {needs: [read, host]}
  install: {needs: [use, store]}
users:
  start: 10000
  served_by: use
  join_by: install
  joins: 50 per day
  patience: {mean: 20 d}
events:
  - {suspend: store, at: 10 d}
  - {surge: users, at: 11 d, times: 3, fades_over: 10 d, because: suspend_store, counterfactual: kept}
  - {surge: users, at: 11 d, times: 9, fades_over: 10 d, because: suspend_store}
  - {outage: host, at: 12 d, lasts: 3 d, counterfactual: kept}
response:
  detection: 2 h
  replace:
    host:
      tasks:
        move: {takes: {low: 2 d, likely: 4 d, high: 12 d}}
"""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return written(PLATFORM).scenario()


def test_nothing_befalls_suppliers_and_what_people_do_stays(scenario: Scenario) -> None:
    kept = quiet(scenario).events
    assert [(event.id, event.because) for event in kept] == [("surge_users", None)]


def test_the_loss_is_unannounced_and_at_the_start(scenario: Scenario) -> None:
    lost = without(quiet(scenario), ["host"]).events[0]
    assert (lost.verb, lost.of, lost.at, lost.notice) == ("suspend", "host", 0.0, 0.0)


def test_users_lost_are_those_of_a_study_of_that_world(scenario: Scenario) -> None:
    """The same bits, for both use the draws of (seed, name, block) alone."""
    found = consequences(scenario).roles[0]
    result = simulate(without(quiet(scenario), ["host"]), 0)
    assert result.outcome is not None
    assert found.runs == BLOCK
    assert found.users_lost == float(result.outcome.columns["users_lost"].mean())
    assert found.low < found.users_lost < found.high


def test_fewer_replications_are_the_first_of_them(scenario: Scenario) -> None:
    result = simulate(without(quiet(scenario), ["host"]), 0)
    assert result.outcome is not None
    found = consequences(scenario, 50).roles[0]
    assert found.runs == 50
    assert found.users_lost == float(result.outcome.columns["users_lost"][:50].mean())


def test_the_exposure_index_is_1_for_the_worst_and_0_for_who_is_not_missed(scenario: Scenario) -> None:
    by_role = {one.roles[0]: one for one in consequences(scenario).roles}
    assert by_role["cdn_a"].users_lost == by_role["cdn_b"].users_lost == 0.0
    assert by_role["cdn_a"].exposure == 0.0
    assert max(one.exposure for one in by_role.values()) == 1.0
    ratio = by_role["host"].users_lost / by_role["store"].users_lost
    assert by_role["host"].exposure / by_role["store"].exposure == pytest.approx(ratio, rel=1e-12)


def test_an_owner_of_several_roles_loses_them_together(scenario: Scenario) -> None:
    found = consequences(scenario)
    assert [one.owner for one in found.owners] == ["host", "Example Edge", "store"]
    (pair,) = [one for one in found.owners if one.owner == "Example Edge"]
    assert pair.roles == ("cdn_a", "cdn_b")
    assert pair.users_lost > 0.0  # though either alone costs nobody
    whole = sum(one.users_lost for one in found.owners)
    assert found.concentration.shares["Example Edge"] == pytest.approx(pair.users_lost / whole, rel=1e-12)


def test_the_time_to_replace_is_the_median_of_what_was_simulated(scenario: Scenario) -> None:
    by_role = {one.roles[0]: one for one in consequences(scenario).roles}
    happened = play(without(quiet(scenario), ["host"]), 0)
    hours = sorted(filled_again(one, "host") for one in happened.timelines)
    assert by_role["host"].replaced == hours[BLOCK // 2 - 1]
    assert by_role["host"].replaced > 2 + 48  # detection and the shortest move
    assert by_role["host"].downtime["use"] == pytest.approx(by_role["host"].replaced, rel=1e-12)
    assert by_role["host"].downtime["read"] == 0.0
    assert by_role["store"].replaced == math.inf  # nobody does anything about it
    assert by_role["store"].downtime["install"] == math.inf


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.yaml")), ids=lambda path: path.stem)
def test_what_the_structure_says_goes_down_at_once_does_so_in_the_simulation(path: Path) -> None:
    for scenario in load_scenario(path).strategies.values():
        function = structure_function(scenario)
        for role in scenario.suppliers:
            played = world.timeline(without(quiet(scenario), [role]), 0)
            for name, level_of in played.levels.items():
                down = function.diagram.holds(function.down(name), {role})
                assert (level_of.at(0.0) == 0.0) == down, (role, name)


def test_a_role_that_was_never_lost_is_filled_at_once() -> None:
    line = timeline(100.0, {"use": level((0.0, 1.0))})
    assert filled_again(line, "host") == 0.0


def test_progress_counts_every_loss(scenario: Scenario) -> None:
    seen: list[tuple[int, int]] = []
    consequences(scenario, 50, lambda done, whole: seen.append((done, whole)))
    assert seen == [(done, 5) for done in range(6)]
