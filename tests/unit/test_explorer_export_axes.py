"""What an exported page can move, and to which positions."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from sim.errors import UsageError
from sim.scenario import load_scenario
from sim.views.explorer.export_axes import (
    MOST_AXES,
    MOST_POINTS,
    MOST_SETTINGS,
    STRATEGY,
    USUAL_AXES,
    axes_of,
    points_each,
    positions,
    settings_of,
)
from sim.views.explorer.settings import controls
from tests.architecture.source import ROOT

HOST = ROOT / "scenarios" / "host_suspended.yaml"
STRATEGIES = ROOT / "scenarios" / "hosting_strategies.yaml"
NOTICE, ACCEPTANCE = "events.suspend_host.notice", "response.replace.host.search.acceptance"
SHIPPED = sorted((ROOT / "scenarios").glob("*.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_where_nothing_is_named_the_most_telling_inputs_of_every_scenario_are_taken(path: Path) -> None:
    axes = axes_of(path, [])
    assert 1 <= len(axes) <= USUAL_AXES
    listed = [control.path for control in controls(load_scenario(path)) if control.main]
    assert {axis.path for axis in axes} <= set(listed)
    assert math.prod(len(axis.points) for axis in axes) <= MOST_SETTINGS
    assert all(axis.points[axis.base].setting == "" for axis in axes)


def test_they_are_of_different_kinds() -> None:
    assert [axis.path for axis in axes_of(HOST, [])] == [
        NOTICE, ACCEPTANCE, "users.segments.core.patience.scale",
    ]  # fmt: skip


@pytest.mark.parametrize("wanted", [[NOTICE], [NOTICE, ACCEPTANCE], ["backups", "response.engineers"]])
def test_what_the_file_says_is_a_position_and_sets_nothing(wanted: list[str]) -> None:
    path = STRATEGIES if "backups" in wanted else HOST
    known = {control.path: control for control in controls(load_scenario(path))}
    for axis in axes_of(path, wanted):
        assert axis.points[axis.base].setting == ""
        others = [point.setting for i, point in enumerate(axis.points) if i != axis.base]
        assert all(setting.startswith(f"{axis.path}=") for setting in others)
        assert len(set(others)) == len(others)
        if axis.kind == "number":
            assert axis.points[axis.base].text == known[axis.path].text


def test_positions_ascend_reach_to_both_sides_and_hold_nothing_at_all_where_that_may_be() -> None:
    control = next(each for each in controls(load_scenario(HOST)) if each.path == NOTICE)
    for most in range(4, MOST_POINTS + 1):
        found = positions(control, most)
        assert found[1].amount < control.amount
        amounts = [stop.amount for stop in found]
        assert amounts == sorted(set(amounts))
        assert len(found) <= most
        assert amounts[0] == 0.0
        assert control.amount in amounts
        assert max(amounts) > control.amount
    assert [stop.text for stop in positions(control, 6)] == ["0 h", "6 h", "12 h", "30 h", "2.5 d", "6 d"]


def test_every_number_that_has_a_slider_keeps_its_own_position() -> None:
    for control in controls(load_scenario(HOST)):
        if control.kind == "number" and len(control.stops) > 1:
            amounts = [stop.amount for stop in positions(control, 5)]
            assert control.amount in amounts, control.path
            assert amounts == sorted(set(amounts)), control.path
            assert 2 <= len(amounts) <= 5, control.path


def test_all_combinations_are_settings_and_one_of_them_is_the_file() -> None:
    axes = axes_of(HOST, [NOTICE, ACCEPTANCE])
    found = list(settings_of(axes))
    assert len(found) == math.prod(len(axis.points) for axis in axes)
    assert len({setting.at for setting in found}) == len(found)
    assert [setting.at for setting in found if not setting.settings] == [tuple(a.base for a in axes)]


def test_strategies_are_a_control_where_there_are_several() -> None:
    axis, _ = axes_of(STRATEGIES, [STRATEGY, NOTICE])
    file = load_scenario(STRATEGIES)
    assert [point.setting for point in axis.points] == list(file.strategies)
    assert axis.points[axis.base].setting == file.baseline
    asked = {setting.strategy for setting in settings_of([axis])}
    assert asked == set(file.strategies)
    with pytest.raises(UsageError, match="only one strategy"):
        axes_of(HOST, [STRATEGY])


def test_a_setting_of_a_whole_part_comes_before_those_of_its_fields() -> None:
    axes = axes_of(STRATEGIES, ["backups.every", "backups"])
    for setting in settings_of(axes):
        depth = [text.partition("=")[0].count(".") for text in setting.settings]
        assert depth == sorted(depth)


def test_a_switch_says_what_it_switches_on() -> None:
    (axis,) = axes_of(HOST, ["users.rivals"])
    assert [point.text for point in axis.points] == ["no", "yes"]
    assert axis.base == 0
    assert axis.points[1].setting.startswith("users.rivals={")
    assert "(yes: a_rival: pull: 0.5 % per day)" in axis.meaning
    (there,) = axes_of(STRATEGIES, ["backups"])
    assert there.base == 1
    assert "(yes" not in there.meaning


def test_what_cannot_be_moved_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match=r"events\.suspend_host\.notice"):
        axes_of(HOST, ["events.suspend_host.notce"])
    with pytest.raises(UsageError, match="twice"):
        axes_of(HOST, [NOTICE, NOTICE])
    with pytest.raises(UsageError, match="at most 4"):
        axes_of(HOST, [f"a.{i}" for i in range(MOST_AXES + 1)])


@pytest.mark.parametrize(
    ("fixed", "numbers", "most"),
    [([], 1, 12), ([], 2, 12), ([], 3, 6), ([], 4, 4), ([2, 2], 2, 8), ([7], 2, 6)],
)
def test_fewer_inputs_have_more_positions(fixed: list[int], numbers: int, most: int) -> None:
    found = points_each(fixed, numbers)
    assert found == most
    assert math.prod(fixed) * found**numbers <= MOST_SETTINGS


def test_combinations_beyond_all_bounds_are_refused() -> None:
    with pytest.raises(UsageError, match="more than 256"):
        points_each([100], 1)
    with pytest.raises(UsageError, match="more than 256"):
        points_each([20, 20], 0)
