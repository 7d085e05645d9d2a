"""Where those who left are, who stood at the door, who moved: measures and laws, on histories by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from sim.demand import History
from sim.outcomes import assess, measures_of, rival_of
from sim.outcomes.check import Violations, conserved, in_one_place
from sim.outcomes.users import at_the_door, users_at_rivals, users_lost
from sim.streams import BLOCK
from tests.pipeline import level, lived, timeline, written

HORIZON = 240.0
DAY = 24.0
PLACES = ("elsewhere", "gab", "mewe")


def history(
    *, away: tuple[float, float, float] = (60.0, 30.0, 10.0), moved: float = 0.0, **more: Any
) -> History:
    """Two replications of two segments of 1000; those away leave on the first day, by place."""
    times = np.arange(0.0, HORIZON + 1, DAY)
    came = 1000.0 + np.array([-moved, moved])[None, :] * np.ones((2, 1))
    at_place = np.zeros((2, 2, 3, times.size))
    at_place[..., 1:] = np.array(away)[None, None, :, None]
    left = at_place.sum(axis=2)
    end = {
        "active": came - left[..., -1],
        "waiting": np.zeros((2, 2)),
        "away": left[..., -1],
        "gone": np.zeros((2, 2)),
    }
    states = {state: np.repeat(values[..., None], times.size, axis=2) for state, values in end.items()}
    states["away"] = left
    fields: dict[str, Any] = {
        "segments": ("app", "web"),
        "times": times,
        "states": states,
        "end": end,
        "start": np.full((2, 2), 1000.0),
        "joined": np.zeros((2, 2)),
        "served_hours": np.full((2, 2), 1000.0 * HORIZON),
        "grid": np.stack([times, times]),
        "on_grid": {state: values.sum(axis=1) for state, values in states.items()},
        "active_at": lambda t: np.full(t.shape, 2000.0),
        "given_up_at": lambda t: np.zeros(t.shape),
        "places": PLACES,
        "at_place": at_place,
        "flows": {f"left.{place}": np.full((2, 2), 2.0 * away[p]) for p, place in enumerate(PLACES)},
        "moved": came - 1000.0 if moved else None,
    }
    return History(**{**fields, **more})


QUIET = history(away=(5.0, 2.0, 1.0))


def test_those_at_a_rival_are_counted_net_of_the_counterfactual_and_those_who_left_for_it_gross() -> None:
    found = users_at_rivals(["gab", "mewe"], history(), QUIET)
    assert {name: values.tolist() for name, values in found.items()} == {
        "left_for.gab": [112.0, 112.0],
        "users_at.gab": [56.0, 56.0],
        "left_for.mewe": [36.0, 36.0],
        "users_at.mewe": [18.0, 18.0],
    }


def test_a_world_against_itself_has_nobody_at_a_rival() -> None:
    assert not any(values.any() for values in users_at_rivals(["gab", "mewe"], QUIET, QUIET).values())


def test_those_at_rivals_and_elsewhere_make_those_away() -> None:
    now = history()
    at_rivals = users_at_rivals(["gab", "mewe"], now, QUIET)
    elsewhere = (now.at_place[:, :, 0, -1] - QUIET.at_place[:, :, 0, -1]).sum(axis=1)  # type: ignore[index]
    away = (now.end["away"] - QUIET.end["away"]).sum(axis=1)
    assert np.array_equal(at_rivals["users_at.gab"] + at_rivals["users_at.mewe"] + elsewhere, away)


def test_who_moves_is_lost_by_one_segment_and_won_by_the_other() -> None:
    """100 of `app` move to `web`; as many are away in both worlds, so nobody is lost of the whole."""
    loss = users_lost(history(moved=100.0), history())
    assert loss.columns["users_lost"].tolist() == [0.0, 0.0]
    assert loss.segments["users_lost"].tolist() == [[100.0, -100.0]] * 2


def test_the_parts_make_the_loss_with_moves_too() -> None:
    columns = users_lost(history(moved=100.0), QUIET).columns
    gap = columns["users_end_counterfactual"] - columns["users_end"]
    assert columns["users_lost"] == pytest.approx(gap, rel=1e-12)
    parts = columns["users_not_joined"] + columns["users_waiting_end"] + columns["users_not_returned"]
    assert np.array_equal(columns["users_lost"], parts)


def test_the_door_is_read_where_it_is_kept_exactly() -> None:
    """A triangle of 2 days and 600 people between the report times: they see none of it, the grid does."""
    nobody = np.zeros((2, 11))
    grid = np.array([[0.0, 60.0, 72.0, 108.0, 240.0]] * 2)
    seen = history(door=nobody, grid=grid)
    assert at_the_door(seen)["users_at_door_peak"].tolist() == [0.0, 0.0]
    door = np.array([[0.0, 0.0, 600.0, 0.0, 0.0]] * 2)
    kept = history(
        door=nobody,
        grid=grid,
        on_grid={**QUIET.on_grid, "door": door},
        flows={"door_hours": np.array([[9000.0, 5400.0]] * 2)},
    )
    assert at_the_door(kept)["users_at_door_peak"].tolist() == [600.0, 600.0]
    assert at_the_door(kept)["door_hours"].tolist() == [14_400.0, 14_400.0]


def test_without_an_exact_door_the_report_times_stand_in() -> None:
    door = np.zeros((2, 11))
    door[:, 3] = 240.0
    found = at_the_door(history(door=door))
    assert found["users_at_door_peak"].tolist() == [240.0, 240.0]
    assert found["door_hours"].tolist() == [240.0 * DAY] * 2


def broken(now: History) -> str:
    """The first law that the first replication breaks."""
    found = Violations()
    conserved(found, now, "test")
    in_one_place(found, now, "test")
    return found.by_row.get(0, "")


def test_whole_histories_keep_the_laws() -> None:
    assert broken(history()) == ""
    assert broken(history(moved=100.0)) == ""
    waiting = {**history().states, "waiting": np.full((2, 2, 11), 50.0)}
    assert broken(history(states=waiting, door=np.full((2, 11), 100.0))) == ""


def test_each_broken_law_is_named() -> None:
    whole = history(moved=100.0)
    assert whole.moved is not None
    assert "users are not conserved" in broken(dataclasses.replace(whole, moved=None))
    assert "users are not conserved" in broken(dataclasses.replace(whole, moved=whole.moved + 1e-5))
    leaking = whole.moved + np.array([0.0, 1.0])
    end = {**whole.end, "active": whole.end["active"] + np.array([0.0, 1.0])}
    assert "do not move in elsewhere" in broken(dataclasses.replace(whole, moved=leaking, end=end))
    assert whole.at_place is not None
    twice = whole.at_place + 1e-4
    assert "not at one place each" in broken(dataclasses.replace(whole, at_place=twice))
    swapped = whole.at_place + np.array([20.0, 0.0, -20.0])[:, None]
    assert "at some place" in broken(dataclasses.replace(whole, at_place=swapped))
    assert "more stand at the door than wait" in broken(
        dataclasses.replace(whole, door=np.full((2, 11), 1.0))
    )
    assert "stands at the door" in broken(dataclasses.replace(whole, door=np.full((2, 11), -1.0)))


TEXT = """
name: small
title: One host
clock: {start: 2025-01-01T00:00Z, horizon: 10 d}
suppliers: {host: {kind: cloud host}}
capabilities: {use: {needs: [host]}}
users:
  start: 2000
  unit: members
  served_by: use
  churn: 0 % per day
  patience: {mean: 10 d}
events: [{suspend: host, at: 2025-01-03T00:00Z}]
"""

CROWD = """
  rivals: {gab: {label: Gab, pull: 1 % per day}, mewe: {pull: 1 % per day}}
  reopening: {admits: 100 per hour}
"""


def test_measures_of_rivals_and_the_door_exist_only_where_these_do() -> None:
    plain = measures_of(written(TEXT).scenario())
    crowd = measures_of(written(TEXT.replace("users:", "users:" + CROWD)).scenario())
    more = [name for name in crowd if name not in plain]
    assert more == [
        "users_at_door_peak",
        "door_hours",
        "left_for.gab",
        "users_at.gab",
        "left_for.mewe",
        "users_at.mewe",
    ]
    assert crowd["users_at.gab"].unit == "members"
    assert "at gab" in crowd["users_at.gab"].meaning
    assert [rival_of(name) for name in more] == [None, None, "gab", "gab", "mewe", "mewe"]
    assert rival_of("downtime.gab") is None


def test_the_row_of_measures_has_them() -> None:
    case = written(TEXT.replace("users:", "users:" + CROWD)).scenario()
    down = timeline(HORIZON, {"use": level((0.0, 1.0), (48.0, 0.0))})
    up = timeline(HORIZON, {"use": level((0.0, 1.0))})
    plain = written(TEXT).scenario()

    def crowded(past: History) -> History:
        """The same people, all of those away at the first rival, all who wait at the door."""
        places = np.zeros((BLOCK, 1, 3, past.times.size))
        places[:, :, 1, :] = past.states["away"]
        flows = {f"left.{place}": past.states["away"][..., -1] * (place == "gab") for place in PLACES}
        door = past.states["waiting"].sum(axis=1)
        return dataclasses.replace(past, places=PLACES, at_place=places, flows=flows, door=door)

    happened, spared = crowded(lived(plain, down)), crowded(lived(plain, up))
    found = assess(case, [down] * BLOCK, happened, [up] * BLOCK, spared)
    assert not found.violations
    assert list(found.columns) == list(measures_of(case))
    assert found.columns["users_at.gab"] == pytest.approx(found.columns["users_not_returned"], rel=1e-9)
    assert not found.columns["users_at.mewe"].any()
    assert found.columns["users_at_door_peak"][0] == pytest.approx(2000.0)
