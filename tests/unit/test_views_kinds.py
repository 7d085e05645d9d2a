"""Chance and what nobody knows are told apart, and what the fit misses is not called chance."""

from __future__ import annotations

import re

import numpy as np

from sim.outcomes import measures_of
from sim.study.drawn import draws_of
from sim.views.kinds import explained, parameters
from tests.studies import UNSURE, small

RUNS = 2_000


def test_of_a_jump_a_parabola_finds_three_quarters_and_the_rest_is_not_called_chance_alone() -> None:
    """Y = 1 above the middle of the unknown, -1 below: no chance at all. Its best line explains 3/4 exactly
    (coefficient 3/2 of P1, whose variance is 1/3), P2 nothing; 2,000 runs know that within 0.03.
    """
    scenario = small(UNSURE).scenario()
    rows = np.arange(RUNS)
    (draw,) = draws_of([scenario], rows).values()
    outcomes = {"replication": rows, "users_lost": np.where(draw > 0.5, 1.0, -1.0)}
    measure = measures_of(scenario)["users_lost"]
    share = explained(scenario, measure, outcomes)
    assert share is not None
    assert abs(share - 0.75) <= 0.03
    told = parameters(scenario, measure, outcomes)
    assert re.search(r"about 7[2-8] % by a parabola in it; the rest is chance and what that misses$", told)


def test_nothing_is_told_where_nothing_was_varied_or_a_run_was_cut() -> None:
    rows = np.arange(RUNS)
    unsure, sure = small(UNSURE).scenario(), small().scenario()
    values = np.arange(RUNS, dtype=float)
    lost = {"replication": rows, "users_lost": values}
    assert parameters(sure, measures_of(sure)["users_lost"], lost) == ""
    cut = {"replication": rows, "time_to_recover": values, "recovered": rows > 0}
    assert explained(unsure, measures_of(unsure)["time_to_recover"], cut) is None
