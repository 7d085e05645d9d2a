"""Users lost and users recovered, on histories written by hand as functions of time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.demand import STATES, History
from sim.outcomes.crossing import NARROW, crossing
from sim.outcomes.users import users_lost, users_recovered

Array = NDArray[np.float64]
HORIZON = 2400.0
DAY = 24.0

Curve = Callable[[Array], Array]


def flat(value: float) -> Curve:
    return lambda t: np.full(np.shape(t), value)


NOBODY, EVERYBODY = flat(0.0), flat(1000.0)


def history(
    active: Curve,
    *,
    waiting: Curve = NOBODY,
    away: Curve = NOBODY,
    gone: Curve = NOBODY,
    joined: float = 0.0,
) -> History:
    """One replication of one segment, looked at daily."""
    grid = np.append(np.arange(0.0, HORIZON, DAY), HORIZON)[None, :]
    curves = dict(zip(STATES, (active, waiting, away, gone), strict=True))
    states = {state: curve(grid)[:, None, :] for state, curve in curves.items()}
    return History(
        segments=("everyone",),
        times=grid[0],
        states=states,
        end={state: values[:, :, -1] for state, values in states.items()},
        start=np.array([[1000.0]]),
        joined=np.array([[joined]]),
        served_hours=np.array([[float(np.trapezoid(active(grid), grid).sum())]]),
        grid=grid,
        on_grid={state: values[:, 0, :] for state, values in states.items()},
        active_at=active,
        given_up_at=lambda t: away(t) + gone(t),
    )


def recovered(active: Curve, lost_at: float = 100.0, would: Curve = EVERYBODY) -> tuple[float, bool]:
    hours, back = users_recovered(history(active), history(would), np.array([lost_at]), HORIZON)
    return float(hours[0]), bool(back[0])


def test_users_who_never_fall_below_95_percent_are_recovered_at_once() -> None:
    assert recovered(flat(951.0)) == (0.0, True)


def test_users_who_are_below_at_the_horizon_are_cut_by_it() -> None:
    assert recovered(lambda t: np.where(t < 100.0, 1000.0, 900.0)) == (HORIZON - 100.0, False)


def test_the_crossing_between_two_days_is_found() -> None:
    """1000 (1 - 0.5 exp(-s / 200)) reaches 950 after s = 200 ln 10 = 460.517 h."""
    hours, back = recovered(
        lambda t: np.where(t < 100.0, 1000.0, 1000.0 - 500.0 * np.exp(-(t - 100.0) / 200.0))
    )
    assert back
    assert hours == pytest.approx(200.0 * np.log(10.0), abs=2 * NARROW)


def test_the_counterfactual_may_move_too() -> None:
    """900 + t against a growing 1000 + t: 900 + t = 0.95 (1000 + t) at t = 1000."""
    hours, back = recovered(lambda t: np.where(t < 50.0, 1000.0 + t, 900.0 + t), 50.0, lambda t: 1000.0 + t)
    assert back
    assert hours == pytest.approx(950.0, abs=2 * NARROW)


def test_a_second_fall_moves_the_recovery_behind_it() -> None:
    def twice(t: Array) -> Array:
        first = (t >= 100.0) & (t < 300.0)
        second = (t >= 900.0) & (t < 1200.0)
        return np.where(first | second, 500.0, 1000.0)

    hours, back = recovered(twice)
    assert back
    assert hours == pytest.approx(1100.0, abs=2 * NARROW)


def test_without_any_loss_the_clock_starts_when_the_users_fall() -> None:
    hours, back = recovered(lambda t: np.where((t >= 240.0) & (t < 480.0), 900.0, 1000.0), np.inf)
    assert back
    assert hours == pytest.approx(240.0, abs=2 * NARROW)


@pytest.mark.parametrize("power", [0.2, 1.0, 5.0, 40.0])
def test_a_crossing_is_found_whatever_the_bend(power: float) -> None:
    root = np.array([0.1, 3.0, 17.0])
    found = crossing(lambda t: (t / 20.0) ** power - (root / 20.0) ** power, np.zeros(3), np.full(3, 20.0))
    assert (found >= root - 1e-12).all()
    assert (found <= root + NARROW).all()


def test_a_narrow_bracket_is_a_jump_and_needs_no_look() -> None:
    def never(t: Array) -> Array:
        raise AssertionError(t)

    high = np.array([5.0 + 0.5 * NARROW])
    assert crossing(never, np.array([5.0]), high) == high


def test_what_is_lost_is_the_sum_of_its_three_parts_bit_for_bit() -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        end = rng.random(4) * 1e6
        would = rng.random(4) * 1e6
        total, spared_total = end.sum(), would.sum()
        now = history(
            *map(flat, end[:1]), waiting=flat(end[1]), away=flat(end[2]), gone=flat(end[3]), joined=total
        )
        else_ = history(
            *map(flat, would[:1]),
            waiting=flat(would[1]),
            away=flat(would[2]),
            gone=flat(would[3]),
            joined=spared_total,
        )
        columns = users_lost(now, else_).columns
        parts = columns["users_not_joined"] + columns["users_waiting_end"] + columns["users_not_returned"]
        assert columns["users_lost"] == parts
        gap = columns["users_end_counterfactual"] - columns["users_end"]
        assert columns["users_lost"] == pytest.approx(gap, abs=1e-9 * (total + spared_total))


def test_the_peak_of_those_who_gave_up_is_against_the_counterfactual() -> None:
    def up_and_down(t: Array) -> Array:
        return 300.0 * np.exp(-(((t - 480.0) / 200.0) ** 2)) + 0.01 * t

    now = history(flat(700.0), away=up_and_down)
    would = history(flat(1000.0), gone=lambda t: 0.01 * t)
    assert users_lost(now, would).columns["users_given_up_peak"] == pytest.approx(300.0, rel=1e-12)


def test_no_event_loses_exactly_nothing() -> None:
    same = history(lambda t: 1000.0 + np.sin(t), away=lambda t: 0.1 * t, joined=17.3)
    columns = users_lost(same, same).columns
    lost = [
        name
        for name in columns
        if name.startswith("users_") and not name.startswith(("users_start", "users_end"))
    ]
    assert all(columns[name] == 0.0 for name in [*lost, "user_hours_lost"])
