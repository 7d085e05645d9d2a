"""Controls of the explorer: every input of every scenario has one, and moving it is a setting that loads."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import pytest

from sim.errors import ScenarioError, UsageError
from sim.scenario import ScenarioFile, load_scenario, load_text
from sim.scenario.units import DIMENSIONS, parse_quantity
from sim.views.explorer.grids import grid, stops
from sim.views.explorer.opening import open_strategy
from sim.views.explorer.settings import controls

SCENARIOS = sorted((Path(__file__).resolve().parents[2] / "scenarios").glob("*.yaml"))
SMALL = next(path for path in SCENARIOS if path.stem == "host_suspended")

TEXT = """
name: one_host
title: One host
clock: {start: 2025-03-01T00:00Z, horizon: 90 d}
suppliers: {host: {holds_data: true}}
capabilities: {use: {needs: [host]}}
users: {start: 50000, served_by: use}
events: [{suspend: host, at: 9 d, notice: 30 h}]
response:
  replace:
    host:
      search: {candidates: 8, acceptance: 20 %, reply: {mean: 36 h}}
      tasks: {set_up: {after: [host_found], takes: {low: 1 d, likely: 2 d, high: 7 d}}}
"""


def covered(file: ScenarioFile, path: str) -> bool:
    """Whether an unknown says what the number is, so that setting it would change nothing."""
    scenario = file.scenario()
    return any(path == each or path.startswith(f"{each}.") for each in scenario.unknowns)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_numeric_input_has_a_control_but_those_left_out_for_a_reason(path: Path) -> None:
    file = load_scenario(path)
    have = {control.path for control in controls(file)}
    left_out = ("targets.", "expect.", "observed.")
    missing = [
        item.path
        for item in file.evidence[file.baseline]
        if item.path not in have
        and not item.path.startswith(left_out)
        and item.path.rpartition(".")[2] not in {"share", "join_share", "chance"}
        and not covered(file, item.path)
    ]
    assert not missing


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_controls_are_unique_and_the_most_telling_are_numbered_from_one(path: Path) -> None:
    found = controls(load_scenario(path))
    assert len({control.path for control in found}) == len(found)
    main = [control.main for control in found if control.main]
    assert main == list(range(1, len(main) + 1))
    assert all(control.label and control.group for control in found)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_stops_ascend_hold_the_value_itself_and_mean_what_they_say(path: Path) -> None:
    for control in controls(load_scenario(path)):
        amounts = [stop.amount for stop in control.stops]
        assert all(low < high for low, high in pairwise(amounts)), control.path
        assert not control.stops or control.amount in amounts, control.path


def test_every_stop_of_every_grid_is_read_back_as_its_amount() -> None:
    for dimension in DIMENSIONS:
        for stop in grid(dimension.name):
            assert parse_quantity(stop.text, dimension) == stop.amount


@pytest.mark.parametrize("name", ["host_suspended", "paid_app", "stores_delist"])
def test_both_ends_of_every_slider_are_settings_that_load(name: str) -> None:
    path = next(each for each in SCENARIOS if each.stem == name)
    refused = {}
    for control in controls(open_strategy(path, (), None).file):
        for stop in control.stops[:1] + control.stops[-1:]:
            try:
                open_strategy(path, (f"{control.path}={stop.setting}",), None)
            except ScenarioError as error:
                refused[control.path, stop.text] = str(error)
    assert not refused


def test_a_setting_may_be_about_a_part_that_another_strategy_is_without(tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    at_hand = "response: {replace: {host: {search: null, tasks: {set_up: {after: [notice]}}}}}"
    path.write_text(f"{TEXT}\nstrategies:\n  asks: {{}}\n  at_hand:\n    {at_hand}\n", encoding="utf-8")
    setting = "response.replace.host.search.at_once=3"
    with pytest.raises(ScenarioError):
        load_scenario(path, settings=[setting])  # `at_hand` searches for nobody
    one = open_strategy(path, (setting,), None)
    search = one.file.scenario().response.replace["host"].search
    assert search is not None
    assert search.at_once == 3
    assert list(one.labels) == ["asks", "at_hand"]
    with pytest.raises(UsageError, match="at_hand"):
        open_strategy(path, (), "at_foot")


@pytest.mark.slow
def test_one_strategy_opened_alone_is_the_one_of_the_whole_file() -> None:
    for path in SCENARIOS:
        whole = load_scenario(path)
        for name, scenario in whole.strategies.items():
            assert open_strategy(path, (), name).file.scenario() == scenario


def test_the_ends_of_switches_and_choices_load() -> None:
    file = load_text(TEXT)
    some = [control for control in controls(file) if control.kind != "number"]
    assert {control.kind for control in some} == {"switch", "choice"}
    for control in some:
        assert control.text in control.options
        for option in control.options:
            if not control.path.endswith((".search", ".holds_data", ".batches")):
                load_text(TEXT, settings=[f"{control.path}={option}"])


def test_a_part_that_is_not_there_is_a_switch_and_its_fields_appear_with_it() -> None:
    paths = {control.path for control in controls(load_text(TEXT))}
    assert "backups" in paths
    assert "backups.every" not in paths
    switch = next(control for control in controls(load_text(TEXT)) if control.path == "backups")
    there = controls(load_text(TEXT, settings=[f"backups={switch.options[1]}"]))
    assert {"backups", "backups.every"} <= {control.path for control in there}


def test_a_control_says_where_its_value_comes_from() -> None:
    before = {control.path: control for control in controls(load_text(TEXT))}
    assert before["events.suspend_host.notice"].origin == "file"
    assert before["users.churn"].origin == "default"
    assert "established users" in before["users.churn"].note
    after = {c.path: c for c in controls(load_text(TEXT, settings=["events.suspend_host.notice=2 d"]))}
    assert after["events.suspend_host.notice"].origin == "set"
    assert after["events.suspend_host.notice"].text == "2 d"


def test_the_numbers_of_a_law_bound_one_another() -> None:
    found = {control.path: control for control in controls(load_text(TEXT))}
    takes = "response.replace.host.tasks.set_up.takes"
    assert max(stop.amount for stop in found[f"{takes}.low"].stops) <= 48.0
    likely = [stop.amount for stop in found[f"{takes}.likely"].stops]
    assert (min(likely), max(likely)) == (24.0, 168.0)
    assert min(stop.amount for stop in found[f"{takes}.high"].stops) >= 48.0


def test_what_an_unknown_covers_is_moved_through_its_law() -> None:
    law = "{low: 1 % per month, likely: 2 % per month, high: 9 % per month}"
    text = f"{TEXT}\nunknowns: {{users.churn: {law}}}"
    found = {control.path: control for control in controls(load_text(text))}
    assert "users.churn" not in found
    assert found["unknowns.users.churn.likely"].main
    assert "not known" in found["unknowns.users.churn.likely"].label


def test_nothing_at_all_is_a_stop_unless_it_is_refused() -> None:
    hours = next(dimension for dimension in DIMENSIONS if dimension.inside == "h")
    assert stops(hours, 30.0)[0].amount == 0.0
    assert stops(hours, 30.0, positive=True)[0].amount > 0.0
    assert stops(hours, 30.0, least=24.0)[0].amount == 24.0
    assert math.isclose(stops(hours, 30.0)[-1].amount, 288.0)


def test_a_law_moves_as_a_whole_with_its_middle_number() -> None:
    path = "response.replace.host.tasks.set_up.takes"
    before = {control.path: control for control in controls(load_text(TEXT))}
    whole = before[path]
    assert (whole.text, whole.amount) == (before[f"{path}.likely"].text, 48.0)
    stop = next(stop for stop in whole.stops if stop.amount == 96.0)
    moved = load_text(TEXT, settings=[f"{path}={stop.setting}"]).scenario().response.replace["host"]
    law = moved.tasks["set_up"].takes
    assert law is not None
    assert dict(law.parameters) == {"low": 48.0, "likely": 96.0, "high": 336.0}
    same = load_text(TEXT, settings=[f"{path}={whole.whole}"])
    assert same.scenario() == load_text(TEXT).scenario()


# -- parts that may be there or not --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["host_suspended", "paid_app", pytest.param("gab_2018", marks=pytest.mark.slow)]
)
def test_a_part_that_is_switched_on_loads_and_its_fields_appear(name: str) -> None:
    """Of users: what they do because of others begins with an example that is sound by itself."""
    path = next(each for each in SCENARIOS if each.stem == name)
    one = open_strategy(path, (), None)
    before = {control.path: control for control in controls(one.file, individuals=True)}
    wanted = [each for each in before if each.startswith("users") and before[each].options[:1] == ("null",)]
    assert {"users.rivals", "users.reopening", "users.newcomers", "users.network"} <= set(wanted)
    for where in [each for each in wanted if before[each].text == "null"]:
        changed = open_strategy(path, (f"{where}={before[where].options[1]}",), None).file
        after = {control.path for control in controls(changed, individuals=True)}
        assert any(each == where or each.startswith(f"{where}.") for each in after), where


def test_what_only_individuals_can_show_has_controls_only_for_them() -> None:
    file = load_text(TEXT)
    numbers = {control.path for control in controls(file)}
    people = {control.path for control in controls(file, individuals=True)}
    assert {"users.network", "users.friends.leaves_below", "users.friends.at_least"} == people - numbers
    many = load_text(TEXT, settings=["users.network={}", "users.friends.at_least=3"])
    paths = {control.path for control in controls(many, individuals=True)}
    assert {"users.network.people", "users.network.kind", "users.friends.within"} <= paths


def test_an_announcement_its_promise_and_the_door_have_sliders() -> None:
    path = next(each for each in SCENARIOS if each.stem == "what_users_do")
    promised = {control.path for control in controls(open_strategy(path, (), "promised").file)}
    assert {f"events.announce_users.{name}" for name in ("back_within", "holds", "missed")} <= promised
    door = {control.path for control in controls(open_strategy(path, (), "door").file)}
    assert {f"users.reopening.{name}" for name in ("admits", "abandons", "retries")} <= door


def test_people_whose_way_in_is_closed_may_move_to_another_segment() -> None:
    segments = (
        "{app: {share: 60 %, join_by: install}, web: {share: 40 %, join_by: none}, other: {share: 0 %}}"
    )
    text = TEXT.replace("{use: {needs: [host]}}", "{use: {needs: [host]}, install: {needs: [use]}}")
    settings = [f"users.segments={segments}"]
    found = {control.path: control for control in controls(load_text(text, settings=settings))}
    switch = found["users.segments.app.moves"]
    assert "users.segments.web.moves" not in found  # nothing is needed to join by the web
    moved = load_text(text, settings=[*settings, f"{switch.path}={switch.options[1]}"])
    moves = moved.scenario().users.segments["app"].moves
    assert moves is not None
    assert (moves.to, moves.share) == ("web", 0.3)
    again = {control.path: control for control in controls(moved)}
    assert again[switch.path].text == switch.options[1]
    assert again["users.segments.app.moves.share"].amount == 0.3
