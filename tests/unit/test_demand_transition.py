"""The step of a phase and the look into it state one formula twice, for speed; here they are compared."""

from __future__ import annotations

import numpy as np
import pytest

from sim.demand.impulses import Impulses
from sim.demand.people import Surge, Traits, Users
from sim.demand.sampled import whole
from sim.demand.transition import Phase, active_after, while_up
from sim.scenario.laws import Law

ROWS = 60


def rows(generator: np.random.Generator, low: float, high: float) -> np.ndarray:
    """Values spread evenly over their magnitudes."""
    return np.exp(generator.uniform(np.log(low), np.log(high), ROWS))


@pytest.mark.parametrize("memoryless", [False, True])
@pytest.mark.parametrize("meet", [False, True])
def test_active_users_at_the_end_of_a_phase_are_those_seen_at_its_end(memoryless: bool, meet: bool) -> None:
    """1,000 to 1e-12, also where the hazards of coming back and of losing the app meet (`meet`)."""
    random = np.random.default_rng(5)
    fades = None if memoryless else rows(random, 200.0, 900.0)
    impulses = Impulses.of(rows(random, 1e-4, 3e-3), fades)
    traits = Traits(
        start=np.full(ROWS, 1000.0),
        joins=np.where(random.random(ROWS) < 0.5, 3.0, 0.0),
        churn=rows(random, 1e-5, 1e-3),
        gives_up=np.zeros(ROWS),
        decay=2.0 * impulses.fire if meet and not memoryless else rows(random, 1e-5, 1e-3),
        uninstalls=np.full(ROWS, 0.3),
        impulses=impulses,
        patience=Law.constant(1.0),
        overrides={},
        surges=(Surge(5.0, np.full(ROWS, 4.0), np.full(ROWS, 0.004)),),
    )
    away = random.random((impulses.most + 1, ROWS))
    users = Users(np.full(ROWS, 700.0), np.zeros(ROWS), 20.0 * away, 10.0 * away[::-1])
    phase = Phase(
        start=np.full(ROWS, 24.0),
        length=rows(random, 1.0, 3000.0),
        joinable=random.random(ROWS) < 0.5,
        clock=np.zeros(ROWS),
    )
    seen = active_after(users, traits, phase, phase.length[:, None])[:, 0]
    assert while_up(users, traits, phase).active == pytest.approx(seen, rel=1e-12)
    assert np.ptp(seen) > 1.0


def test_whole_users_add_up_to_everyone_and_differ_by_less_than_one_from_their_share() -> None:
    expected = np.array([[1000 / 3, 1000 / 3, 1000 / 3], [0.5, 0.5, 1.0], [2.2, 3.3, 4.4]])
    rounded = whole(expected)
    assert rounded.sum(axis=1).tolist() == [1000.0, 2.0, 10.0]
    assert (np.abs(rounded - expected) < 1.0).all()
    assert rounded[0].tolist() == [334.0, 333.0, 333.0]
