"""How long a capability was lost and when it was recovered, on capacities written by hand. Hours."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.outcomes.pieces import Pieces
from sim.outcomes.service import Service, service
from sim.supply.timeline import Level
from tests.pipeline import level

HORIZON = 1000.0
WEEK = 168.0


def seen(
    *pieces: tuple[float, float] | tuple[float, float, float],
    recovered_at: float = 1.0,
    stable_for: float = WEEK,
    normal: float = 1.0,
) -> Service:
    found = Pieces.of([level(*pieces)], HORIZON)
    return service(found, recovered_at, stable_for, np.array([normal]))


def test_nothing_lost_is_zero_hours_and_recovered() -> None:
    found = seen((0.0, 1.0))
    assert found.downtime[0] == 0.0
    assert found.first_service[0] == 0.0
    assert found.time_to_recover[0] == 0.0
    assert found.recovered[0]
    assert found.served_again[0]
    assert found.up_at_end[0]
    assert math.isinf(found.lost_at[0])


def test_one_outage_counts_from_its_start_to_its_end() -> None:
    found = seen((0.0, 1.0), (100.0, 0.0), (150.0, 1.0))
    assert found.downtime[0] == 50.0
    assert found.first_service[0] == 50.0
    assert found.time_to_recover[0] == 50.0
    assert found.recovered[0]


def test_part_of_the_capacity_is_service_but_not_recovery() -> None:
    found = seen((0.0, 1.0), (100.0, 0.0), (150.0, 0.4), (300.0, 1.0))
    assert found.downtime[0] == 50.0
    assert found.first_service[0] == 50.0
    assert found.time_to_recover[0] == 200.0


def test_recovered_at_sets_the_capacity_that_is_enough() -> None:
    found = seen((0.0, 1.0), (100.0, 0.0), (150.0, 0.4), (300.0, 1.0), recovered_at=0.4)
    assert found.time_to_recover[0] == 50.0


def test_a_ramp_recovers_where_it_crosses() -> None:
    found = seen((0.0, 1.0), (100.0, 0.0), (150.0, 0.2, 0.01), (230.0, 1.0), recovered_at=0.5)
    assert found.time_to_recover[0] == pytest.approx(50.0 + 30.0, rel=1e-12)
    full = seen((0.0, 1.0), (100.0, 0.0), (150.0, 0.2, 0.01), (230.0, 1.0))
    assert full.time_to_recover[0] == pytest.approx(130.0, rel=1e-12)


def test_a_loss_may_be_gradual() -> None:
    found = seen((0.0, 1.0), (100.0, 1.0, -0.01), (150.0, 0.5), (400.0, 1.0), recovered_at=0.8)
    assert found.lost_at[0] == pytest.approx(120.0, rel=1e-12)
    assert found.time_to_recover[0] == pytest.approx(280.0, rel=1e-12)
    assert found.downtime[0] == 0.0


def test_a_relapse_within_a_week_is_not_yet_a_recovery() -> None:
    pieces = ((0.0, 1.0), (100.0, 0.0), (150.0, 1.0), (200.0, 0.0), (260.0, 1.0))
    assert seen(*pieces).time_to_recover[0] == 160.0
    assert seen(*pieces, stable_for=50.0).time_to_recover[0] == 50.0
    assert seen(*pieces).downtime[0] == 110.0
    assert seen(*pieces).first_service[0] == 50.0


def test_a_relapse_after_a_week_leaves_the_first_recovery_as_it_was() -> None:
    found = seen((0.0, 1.0), (100.0, 0.0), (150.0, 1.0), (318.0, 0.0))
    assert found.time_to_recover[0] == 50.0
    assert found.recovered[0]
    assert not found.up_at_end[0]


def test_the_horizon_cuts_what_is_still_lost() -> None:
    found = seen((0.0, 1.0), (400.0, 0.0))
    assert found.time_to_recover[0] == 600.0
    assert not found.recovered[0]
    assert found.first_service[0] == 600.0
    assert not found.served_again[0]
    assert found.downtime[0] == 600.0


def test_a_week_that_the_horizon_cuts_has_not_been_shown() -> None:
    found = seen((0.0, 1.0), (400.0, 0.0), (900.0, 1.0))
    assert not found.recovered[0]
    assert found.time_to_recover[0] == 600.0
    assert found.served_again[0]
    assert found.up_at_end[0]


def test_exactly_a_week_before_the_horizon_is_enough() -> None:
    assert seen((0.0, 1.0), (400.0, 0.0), (HORIZON - WEEK, 1.0)).recovered[0]


def test_a_loss_at_the_start_counts_from_the_start() -> None:
    found = seen((0.0, 0.0), (30.0, 1.0))
    assert found.lost_at[0] == 0.0
    assert found.time_to_recover[0] == 30.0


def test_what_normally_has_less_is_not_lost_because_of_that() -> None:
    quiet = seen((0.0, 0.9), normal=0.9)
    assert quiet.time_to_recover[0] == 0.0
    assert quiet.recovered[0]
    assert seen((0.0, 0.9), (10.0, 0.5), (40.0, 0.9), normal=0.9).time_to_recover[0] == 30.0


def test_a_piece_that_rises_from_nothing_is_not_down() -> None:
    found = seen((0.0, 1.0), (100.0, 0.0), (150.0, 0.0, 0.1), (160.0, 1.0))
    assert found.downtime[0] == 50.0
    assert found.time_to_recover[0] == pytest.approx(60.0, rel=1e-12)


def test_capacity_is_read_at_any_time_and_right_after_a_jump() -> None:
    found = Pieces.of([level((0.0, 1.0), (100.0, 0.2, 0.01), (180.0, 1.0)), level((0.0, 0.5))], HORIZON)
    looks = found.at(np.array([0.0, 99.9, 100.0, 150.0, 180.0, HORIZON]))
    assert looks[0] == pytest.approx([1.0, 1.0, 0.2, 0.7, 1.0, 1.0], rel=1e-12)
    assert looks[1] == pytest.approx([0.5] * 6, rel=1e-12)


levels = st.lists(
    st.tuples(
        st.integers(1, 999), st.sampled_from([0.0, 0.0, 0.3, 0.6, 1.0]), st.sampled_from([0.0, 0.0, 1.0])
    ),
    max_size=8,
    unique_by=lambda piece: piece[0],
)


def built(parts: list[tuple[int, float, float]]) -> Level:
    """A level whose sloped pieces go straight to the next piece's value."""
    points = [(0.0, 1.0, 0.0), *((float(at), value, ramp) for at, value, ramp in sorted(parts))]
    pieces = []
    for here, after in zip(points, [*points[1:], (HORIZON, 1.0, 0.0)], strict=True):
        slope = here[2] * (after[1] - here[1]) / (after[0] - here[0])
        pieces.append((here[0], here[1], slope))
    return level(*pieces)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.lists(levels, min_size=1, max_size=4), st.sampled_from([0.3, 0.5, 1.0]))
def test_a_block_agrees_with_a_plain_walk_over_each_level(
    many: list[list[tuple[int, float, float]]], at: float
) -> None:
    """The flat arrays against a loop that looks every quarter of an hour; crossings lie between its looks."""
    made = [built(parts) for parts in many]
    found = service(Pieces.of(made, HORIZON), at, WEEK, np.ones(len(made)))
    times = np.arange(0.0, HORIZON, 0.25)
    for row, one in enumerate(made):
        capacity = np.array([one.at(t) for t in times])
        downs = [end - start for start, end in _down(one)]
        assert found.downtime[row] == pytest.approx(sum(downs), abs=1e-9)
        assert found.first_service[row] == pytest.approx(downs[0] if downs else 0.0, abs=1e-9)
        good = capacity >= at - 1e-9
        lost = np.flatnonzero(~good)
        assert np.isfinite(found.lost_at[row]) == bool(lost.size)
        if lost.size:
            assert abs(found.lost_at[row] - times[lost[0]]) <= 0.25
            back = _stable_from(times, good, lost[0])
            assert found.recovered[row] == (back is not None)
            until = HORIZON if back is None else back
            assert abs(found.lost_at[row] + found.time_to_recover[row] - until) <= 0.25


def _down(one: Level) -> list[tuple[float, float]]:
    return [(start, min(end, HORIZON)) for start, end in one.down()]


def _stable_from(times: np.ndarray, good: np.ndarray, lost: int) -> float | None:
    for start in range(lost, len(times)):
        fits = times[start] + WEEK <= HORIZON
        if fits and not good[start - 1] and good[start : start + int(WEEK / 0.25)].all():
            return float(times[start])
    return None
