"""The impulse chain is the return hazard it stands for."""

from __future__ import annotations

import numpy as np
import pytest

from sim.demand.impulses import Impulses

DAY = 24.0


def _one(fresh: float = 1.5, tau: float = 30 * DAY) -> Impulses:
    return Impulses.of(np.array([fresh / tau]), np.array([tau]))


def test_those_who_leave_carry_a_poisson_number_of_impulses() -> None:
    impulses = _one()
    leavers = impulses.leavers(np.array([[1.0]]), np.array([[0.0]]))[:, 0]
    expected = np.exp(-1.5) * 1.5 ** np.arange(6) / np.array([1, 1, 2, 6, 24, 120])
    assert leavers[:6] == pytest.approx(expected, rel=1e-14)
    assert leavers.sum() == pytest.approx(1.0, abs=1e-15)


@pytest.mark.parametrize("age", [0.0, 1.0, 10 * DAY, 300 * DAY])
def test_impulses_of_earlier_leavers_are_thinned_as_waste_would_thin_them(age: float) -> None:
    """Leaving `age` hours ago with the way closed since equals leaving now, then `age` hours shut out."""
    impulses = _one()
    at_once = impulses.leavers(np.array([[1.0]]), np.array([[age]]))
    fresh = impulses.leavers(np.array([[1.0]]), np.array([[0.0]]))
    assert impulses.wasted(fresh, np.array([age])) == pytest.approx(at_once, abs=1e-13)


def test_waste_keeps_everyone() -> None:
    impulses = _one(fresh=4.0)
    users = np.random.default_rng(1).random((impulses.most + 1, 1))
    assert impulses.wasted(users, np.array([77.0])).sum() == pytest.approx(users.sum(), rel=1e-13)


def test_fewer_than_the_tail_carry_more_impulses_than_are_kept() -> None:
    """Truncation at 14 impulses for a mean of 1.5 would leave out 8.24e-11 of them."""
    impulses = _one()
    pmf = np.exp(-1.5) * np.cumprod(np.concatenate([[1.0], 1.5 / np.arange(1, impulses.most + 1)]))
    assert 1.0 - pmf.sum() < 2e-14
    assert impulses.most >= 15


def test_a_memoryless_return_is_one_impulse_never_wasted() -> None:
    impulses = Impulses.of(np.array([0.02]), None)
    users = np.array([[0.25], [0.75]])
    assert impulses.most == 1
    assert (impulses.wasted(users, np.array([1e6])) == users).all()
    assert (
        impulses.leavers(np.array([[0.4, 0.6]]), np.array([[1.0, 9.0]])) == np.array([[0.0], [1.0]])
    ).all()
