"""What turns a decision: where the fitted lead is lost, and only if the runs beyond say so themselves."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study.drawn import moved
from sim.views.decision_turns import LEAST, turns

RUNS = 2000
RNG = np.random.default_rng(11)
DRAW = {"a": RNG.random(RUNS), "b": RNG.random(RUNS)}
NOISE = RNG.normal(size=RUNS)


def of(gap: np.ndarray) -> list[tuple[str, str, float]]:
    found = moved(gap, DRAW)
    assert found is not None
    return [(one.path, one.side, one.quantile) for one in turns({"r": found}, {"r": gap}, DRAW)]


def test_a_lead_that_falls_is_lost_above_and_one_that_rises_below() -> None:
    ((path, side, at),) = of(3.0 * (0.7 - DRAW["a"]) + 0.3 * NOISE)
    assert (path, side) == ("a", "above")
    assert at == pytest.approx(0.7, abs=0.03)
    ((path, side, at),) = of(3.0 * (DRAW["b"] - 0.2) + 0.3 * NOISE)
    assert (path, side) == ("b", "below")
    assert at == pytest.approx(0.2, abs=0.03)


def test_a_lead_may_be_lost_at_both_ends() -> None:
    found = of(1.0 - 4.0 * (2.0 * DRAW["a"] - 1.0) ** 2 + 0.3 * NOISE)
    assert sorted((path, side) for path, side, _ in found) == [("a", "above"), ("a", "below")]


def test_a_lead_that_is_kept_everywhere_turns_nowhere() -> None:
    assert of(2.0 + DRAW["a"] + 0.3 * NOISE) == []


def test_the_runs_beyond_must_say_so_themselves() -> None:
    """The curve passes 0 near the end, where too few runs lie to tell."""
    gap = 3.0 * (DRAW["a"] - 0.005) + 0.3 * NOISE
    assert int((DRAW["a"] < 0.005).sum()) < LEAST
    assert of(gap) == []


def test_the_first_rival_to_take_over_is_told() -> None:
    near, far = 3.0 * (DRAW["a"] - 0.4) + 0.3 * NOISE, 3.0 * (DRAW["a"] - 0.2) + 0.3 * NOISE
    found = {name: moved(gap, DRAW) for name, gap in (("far", far), ("near", near))}
    known = {name: one for name, one in found.items() if one is not None}
    (turn,) = turns(known, {"far": far, "near": near}, DRAW)
    assert turn.rival == "near"
    assert turn.share == pytest.approx(0.4, abs=0.03)
