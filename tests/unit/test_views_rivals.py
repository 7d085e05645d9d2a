"""A scenario with rivals and a door, run as people run it: what is drawn and said is what was simulated."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.scenario import load_text
from sim.views.api import Result

TEXT = """
name: rivals
title: Others wait for its users
clock: {start: 2025-03-01T00:00Z, horizon: 40 d}
suppliers: {host: {kind: cloud host}}
capabilities: {use: {label: Read and write, needs: [host]}}
users:
  start: 50000
  served_by: use
  patience: {mean: 30 d}
  returns: {rate: 2 % per day}
  rivals:
    gab: {label: Gab, pull: 3 % per day}
    mewe: {label: MeWe, pull: 1 % per day}
events:
  - {suspend: host, at: 2025-03-06T00:00Z}
  - {restore: host, at: 2025-03-16T00:00Z}
  - {announce: users, at: 2025-03-06T06:00Z, back_within: 5 d, holds: 0.5}
"""


DOOR = "  reopening: {admits: 500 per hour}\nevents:"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return sim.run(load_text(TEXT), replications=50, output=tmp_path_factory.mktemp("rivals") / "results")


def test_everybody_is_in_one_layer_and_rivals_have_their_own(result: Result) -> None:
    case = result.case
    names = ["active", "waiting", "elsewhere", "gab", "mewe", "gone"]
    assert [layer.name for layer in case.layers] == names
    at = dict(zip(names, case.layers, strict=True))
    ends = {name: float(layer.mean[-1] - layer.counterfactual[-1]) for name, layer in at.items()}
    assert ends["gab"] == pytest.approx(float(case.column("users_at.gab").mean()), rel=1e-4)
    assert ends["gab"] == pytest.approx(3.0 * ends["mewe"], rel=1e-4)  # both pull from the same people
    everybody = np.sum([layer.mean for layer in case.layers], axis=0)
    assert everybody[0] == pytest.approx(50_000, rel=1e-6)
    assert (np.diff(everybody) > -1e-2).all()


def test_those_who_wait_stand_at_the_door_when_it_reopens() -> None:
    with_door = load_text(TEXT.replace("events:", DOOR))
    found = sim.run(with_door, replications=50, users="sampled")
    case = found.case
    layers = {layer.name: layer for layer in case.layers}
    assert list(layers)[:3] == ["active", "door", "waiting"]
    down = (case.active.times > 6 * 24) & (case.active.times < 15 * 24)
    assert (layers["waiting"].mean[down] > 10_000).all()
    assert not layers["door"].mean[down].any()
    assert layers["door"].mean[case.active.times == 15 * 24] > 10_000
    assert case.column("users_at_door_peak").min() > 10_000
    assert case.column("door_hours").min() > 0.0
    assert "stand at the door at once" in str(found)
    assert "people stand at the door and are let in" in str(found.story())


def test_the_words_the_story_and_the_page_know_of_them(result: Result) -> None:
    said = str(result)
    assert "are at Gab and" in said
    assert "More are at Gab than at MeWe" in said
    told = str(result.story())
    assert "The network announces that it will be back within 5 days." in told
    assert "It is not back within 5 days, as was announced." in told
    page = result.report.html
    assert 'id="figure-places"' in page
    assert "… at Gab at the end" in page


def test_the_figure_is_written_beside_the_others(result: Result) -> None:
    written = {path.name for path in Path(result.study.folder / "figures").iterdir()}
    assert {"places.png", "places.svg"} <= written
