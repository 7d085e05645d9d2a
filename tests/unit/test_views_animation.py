"""Frames of a run: what they show is what the timeline, the history and the story say."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.errors import UsageError
from sim.scenario import load_scenario
from sim.streams import BLOCK
from sim.study.simulate import simulate
from sim.views.animation.frames import LONGEST, MOST, PASSING, SHORTEST, Reel, hold, instants, reel
from sim.views.animation.graph import WORDS
from sim.views.animation.replay import replay_of
from sim.views.animation.whereabouts import OTHERS, layers
from sim.views.case import Case
from sim.views.figures.dependencies import network
from sim.views.story import tell
from tests.architecture.source import ROOT
from tests.unit.cases import HORIZON, parler_like

CASE = parler_like(200)
RUN = CASE.typical
STORY = tell(CASE)
HOST = load_scenario(ROOT / "scenarios" / "host_suspended.yaml").scenario()


def reel_of(case: Case = CASE, **how: Any) -> Reel:
    return reel(case, case.typical, tell(case), **how)


def test_there_is_a_frame_at_every_moment_of_the_story_and_it_says_that_moment() -> None:
    events = {frame.hours: frame for frame in reel_of().frames if frame.event}
    assert set(events) == {moment.hours for moment in STORY.moments}
    for i, moment in enumerate(STORY.moments):
        assert events[moment.hours].caption.endswith(" ".join(moment.sentences))
        assert events[moment.hours].moment == i


def test_frames_go_forward_from_the_start_to_the_horizon_and_leave_no_long_gap() -> None:
    hours = [frame.hours for frame in reel_of().frames]
    assert hours == sorted(set(hours))
    assert (hours[0], hours[-1]) == (0.0, HORIZON)
    # Evenly between: no gap is longer than a step and the quarter kept free on both sides of an event.
    assert max(np.diff(hours)) <= 1.5 * HORIZON / 60


def test_states_of_every_frame_are_those_of_the_dependency_graph_at_that_instant() -> None:
    made = reel_of()
    names = [box.id for box in made.graph.boxes]
    for frame in made.frames:
        nodes = network(CASE, frame.hours).nodes
        assert list(frame.states) == [nodes[name]["state"] for name in names]
    assert {state for frame in made.frames for state in frame.states} >= {"up", "down", "notice"}
    assert set(WORDS) >= {state for frame in made.frames for state in frame.states}


def test_users_of_every_frame_are_those_of_the_history_and_everybody_is_somewhere() -> None:
    made = reel_of()
    assert [name for name, _, _ in made.layers] == ["active", "waiting", "elsewhere", "gone"]
    for frame in made.frames:
        told = dict(zip((name for name, _, _ in made.layers), frame.users, strict=True))
        wanted = {"active": RUN.active, "waiting": RUN.waiting, "elsewhere": RUN.away, "gone": RUN.gone}
        for name, values in wanted.items():
            assert told[name] == np.interp(frame.hours, RUN.times, values)
        assert frame.would == np.interp(frame.hours, RUN.times, RUN.counterfactual)
        everybody = RUN.active + RUN.waiting + RUN.away + RUN.gone
        assert sum(frame.users) == pytest.approx(np.interp(frame.hours, RUN.times, everybody), rel=1e-12)


def test_those_at_the_door_are_shown_once() -> None:
    run = replace(RUN, door=0.25 * RUN.waiting)
    made = reel(CASE, run, STORY)
    names = [name for name, _, _ in made.layers]
    assert names == ["active", "door", "waiting", "elsewhere", "gone"]
    for frame in made.frames:
        told = dict(zip(names, frame.users, strict=True))
        assert told["door"] + told["waiting"] == pytest.approx(np.interp(frame.hours, run.times, run.waiting))


@pytest.mark.slow
def test_those_at_rivals_are_told_apart_as_the_history_has_them() -> None:
    file = load_scenario(ROOT / "scenarios" / "parler_2021_users.yaml")
    name = next(each for each in file.strategies if file.scenario(each).users.rivals)
    scenario, row = file.scenario(name), 3
    result = simulate(scenario, 0)
    assert result.happened is not None
    history = result.happened.history
    assert history.at_place is not None
    found = replay_of(scenario, row)
    known = [layer["name"] for layer in found["layers"]]
    assert known[-1] == "gone"
    assert set(history.places) <= set(known)
    users = np.array([frame["users"] for frame in found["frames"]])
    last = dict(zip(known, users[-1], strict=True))
    for place, wanted in zip(history.places, history.at_place[row].sum(axis=0)[:, -1], strict=True):
        assert last[place] == pytest.approx(float(wanted), rel=1e-6, abs=1e-6)
    assert sum(last[place] for place in history.places[1:]) > 0.0


def test_many_rivals_share_a_layer_and_nobody_is_lost() -> None:
    places = ("elsewhere", *(f"r{i}" for i in range(6)))
    rng = np.random.default_rng(5)
    counts = rng.uniform(1.0, 9.0, (1, 2, len(places), 30))
    history: Any = SimpleNamespace(places=places, at_place=counts, times=np.linspace(0.0, HORIZON, 30))
    found = layers(RUN, history)
    assert list(found)[2] == "elsewhere"
    assert list(found)[-2:] == [OTHERS, "gone"]
    assert len(found) == 3 + 3 + 2
    away = sum(users for name, users in found.items() if name not in {"active", "waiting", "gone"})
    assert np.allclose(away, RUN.away, rtol=1e-12, atol=1e-6)


def test_a_short_reel_speaks_only_of_what_the_story_needs() -> None:
    short = reel_of(main_only=True)
    main = [moment.hours for moment in STORY.moments if moment.main]
    assert [frame.hours for frame in short.frames if frame.event] == main
    assert len(main) < len(STORY.moments)
    assert short.seconds < reel_of().seconds


def test_a_frame_stays_as_long_as_its_caption_takes_to_read_within_bounds() -> None:
    assert hold("") == SHORTEST
    assert SHORTEST < hold("word " * 12) < hold("word " * 20) < LONGEST == hold("word " * 200)
    assert all(frame.hold == PASSING for frame in reel_of().frames if not frame.event)


def test_a_run_with_very_many_changes_keeps_what_is_told_and_stays_short() -> None:
    told = [float(i) for i in range(100)]
    found = instants(told, {0.001 * i for i in range(100_000)}, 100.0, 60)
    assert set(told) <= set(found)
    assert len(found) <= MOST


def test_a_page_gets_the_same_frames_as_json() -> None:
    made = reel_of()
    plain = json.loads(json.dumps(made.plain("typical"), allow_nan=False))
    assert plain["which"] == "typical"
    assert len(plain["frames"]) == len(made.frames)
    for sent, frame in zip(plain["frames"], made.frames, strict=True):
        assert sent["hours"] == frame.hours
        assert sent["states"] == list(frame.states)
        assert sent["users"] == pytest.approx(list(frame.users), rel=1e-8, abs=1e-9)
    assert len(plain["story"]) == len(STORY.moments)
    names = {node["id"] for node in plain["graph"]["nodes"]}
    assert names == set(CASE.scenario.suppliers) | set(CASE.scenario.capabilities)
    assert {end for edge in plain["graph"]["edges"] for end in (edge["from"], edge["to"])} <= names


def test_a_curve_for_a_page_keeps_both_ends_of_every_fall() -> None:
    times = np.sort(np.append(np.linspace(0.0, HORIZON, 3000), [500.0, np.nextafter(500.0, 0.0)]))
    active = np.where(times < 500.0, 2e6, 0.0)
    flat = np.zeros_like(times)
    run = replace(
        RUN, times=times, active=active, waiting=2e6 - active, away=flat, gone=flat,
        counterfactual=np.full_like(times, 2e6), left_anyway=flat,
    )  # fmt: skip
    curve = reel(CASE, run, STORY).plain()["curve"]
    assert len(curve["times"]) < 450
    # Nowhere between two points that are far apart does anybody disappear.
    falls = np.flatnonzero(np.diff(curve["users"][0]))
    assert all(curve["times"][i + 1] - curve["times"][i] < 1e-3 for i in falls)


def test_a_replay_is_the_run_that_the_numbers_name() -> None:
    result = simulate(HOST, 0)
    assert result.outcome is not None
    assert result.happened is not None
    lost = result.outcome.columns["users_lost"]
    worst = replay_of(HOST, "worst")
    assert worst["replication"] == int(np.argmax(lost))
    assert replay_of(HOST, 7)["replication"] == 7
    row = worst["replication"]
    history = result.happened.history
    last = dict(zip((layer["name"] for layer in worst["layers"]), worst["frames"][-1]["users"], strict=True))
    for name, state in {
        "active": "active",
        "waiting": "waiting",
        "elsewhere": "away",
        "gone": "gone",
    }.items():
        assert last[name] == pytest.approx(float(history.end[state][row].sum()), rel=1e-6, abs=1e-6)


def test_a_replay_looks_for_the_worst_among_as_many_runs_as_are_asked_for() -> None:
    few = replay_of(HOST, "worst", replications=3)["replication"]
    assert few < 3
    result = simulate(HOST, 0)
    assert result.outcome is not None
    assert few == int(np.argmax(result.outcome.columns["users_lost"][:3]))


def test_a_run_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="no outcome"):
        replay_of(HOST, -BLOCK)


def test_a_run_asked_for_by_its_number_says_of_no_number_of_runs_that_it_is_among_them() -> None:
    assert replay_of(HOST, 338)["source"].endswith(" · run 338")
    assert "replications" not in replay_of(HOST, 338)["source"]
    assert f"{BLOCK} replications · run " in replay_of(HOST, "typical")["source"]
