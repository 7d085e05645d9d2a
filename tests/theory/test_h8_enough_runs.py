"""How many runs a relative precision takes, and what the rule that stops at it is worth.

Statement. For a coefficient of variation of 0.73720978 (the loss of model case E2) and a half-width of 1 % of
the mean at 95 %, n = (1.96 x 0.7372 / 0.01)^2 = 20,878. Stopped when the half-width is at most g / (1 + g) of
the estimate, the estimate is within g of the truth in about 95 % of studies.

Source. Law and Kelton 2000, Simulation Modeling and Analysis, 3rd ed., section 9.4.1.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri, stdtrit

from sim.streams import BLOCK, generator
from sim.study.enough import MINIMUM, Precision, next_look, precision, runs_for

CV = 0.73720978077448566729


def test_one_percent_takes_20_878_runs() -> None:
    """By the normal quantile; Student's t asks for two more."""
    assert math.ceil((float(ndtri(0.975)) * CV / 0.01) ** 2) == 20_878
    assert runs_for(CV, 0.01) == 20_880


@pytest.mark.parametrize("half", [0.02, 0.1, 0.5, 2.0])
def test_so_many_runs_suffice_and_one_less_does_not(half: float) -> None:
    n = int(runs_for(CV, half))
    assert float(stdtrit(n - 1, 0.975)) * CV / math.sqrt(n) <= half
    assert n == 2 or float(stdtrit(n - 2, 0.975)) * CV / math.sqrt(n - 1) > half


def test_stopped_at_5_percent_the_error_is_within_5_percent_about_as_often_as_it_says() -> None:
    """600 sequential studies of exponential times: 1,550 runs on average; at least 93 %, for the rule stops a
    little too often where the spread looks small (z <= 4 below 0.95 is 0.914).
    """
    within, runs = 0, []
    for k in range(600):
        rng = generator(1, "stopping", k)
        values = rng.exponential(7.0, MINIMUM)
        found = precision("downtime", values, 0.05)
        while (look := next_look([found])) is not None:
            values = np.append(values, rng.exponential(7.0, look - len(values)))
            found = precision("downtime", values, 0.05)
        assert found.reached
        assert found.relative <= 0.05 / 1.05
        within += abs(found.mean - 7.0) <= 0.05 * 7.0
        runs.append(found.runs)
    assert within / 600 >= 0.95 - 4.0 * math.sqrt(0.95 * 0.05 / 600)
    expected = (1.96 / (0.05 / 1.05)) ** 2
    assert expected <= np.mean(runs) <= 1.2 * expected


def test_what_is_needed_from_a_pilot_is_what_it_then_takes() -> None:
    """From a pilot of 5,000 runs to a precision of 0.5 %: right within 4 SE of the squared spread, 16 %."""
    values = generator(1, "pilot").exponential(7.0, 5000)
    found = precision("downtime", values, 0.005)
    assert not found.reached
    exact = (1.96 * 1.005 / 0.005) ** 2
    assert abs(found.needed / exact - 1.0) <= 4.0 * 2.0 * math.sqrt(2.0 / 5000)
    assert found.more == found.needed - 5000


def test_no_precision_is_believed_below_the_minimum() -> None:
    same = precision("downtime", np.full(MINIMUM - 1, 3.0), 0.5)
    assert not same.reached
    assert same.more == 1.0
    assert precision("downtime", np.full(MINIMUM, 3.0), 0.5).reached
    assert not precision("downtime", np.array([3.0]), 0.5).reached


def test_nothing_but_zeros_is_known_precisely_and_a_mean_of_zero_never() -> None:
    assert precision("data_loss_window", np.zeros(MINIMUM), 0.05).reached
    swings = precision("users_lost", np.tile([-1.0, 1.0], MINIMUM), 0.05)
    assert not swings.reached
    assert math.isinf(swings.needed)
    assert math.isinf(swings.relative)
    cut = precision("time_to_recover", np.append(np.ones(MINIMUM), math.inf), 0.05)
    assert not cut.reached
    assert math.isinf(cut.more)


def look(*runs_and_needed: tuple[int, float]) -> int | None:
    return next_look(
        [
            Precision("m", runs, 1.0, 0.5, 0.05, reached=needed <= runs, needed=needed)
            for runs, needed in runs_and_needed
        ]
    )


def test_the_next_look_is_a_tenth_to_twice_as_far_in_whole_blocks() -> None:
    assert BLOCK == 200
    assert look((1000, 1001.0)) == 1200
    assert look((1000, 1300.0)) == 1400
    assert look((1000, 50_000.0)) == 2000
    assert look((10, 50_000.0)) == 200
    assert look((1000, 900.0), (1000, 1500.0)) == 1600
    assert look((10_000, 10_001.0)) == 11_000


def test_there_is_no_next_look_where_all_is_reached_or_never_is() -> None:
    assert look((1000, 900.0)) is None
    assert look((1000, math.inf), (1000, 2000.0)) is None
    assert next_look([]) is None
