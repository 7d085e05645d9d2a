"""The simulator and the twin, one SimPy process a user, agree about users who act on each other.

For each case of `tests.theory.twin_user_cases` the twin lives in some small worlds, and the mean of every
count (by segment and state, by place, at the door, using a rival beside, and all flows) is compared with what
the simulator expects, at twelve times, in standard errors. The standard error is the larger of the one seen
between worlds and the binomial one of independent users. Fourteen worlds of 250 users see a share of all
users that is wrong by 3.4 percentage points (at p = 0.5), the slow variant one of 0.9; rare states are seen
better.

Where users act on each other by their numbers, the simulator has the limit of many users, and a world of N
users is off by O(1) users, whatever N (T. G. Kurtz, Journal of Applied Probability 8 (1971) 344). Such cases
are given one user a cell.

Sampled numbers must also scatter as the twin's do: their variances are compared.

That this is sharp enough is shown by tests.theory.test_twin_users_broken.
"""

from __future__ import annotations

import pytest

from tests.theory.twin_scores import scores, spreads, uncounted, worst
from tests.theory.twin_user_cases import CASES
from tests.theory.twin_user_coming import EVERYTHING, QUEUED

AT_THE_DOOR = {name for name, case in CASES.items() if case.users in (EVERYTHING, QUEUED)}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name in AT_THE_DOOR else ()) for name in CASES]
)
def test_twin_and_simulator_count_the_same(name: str) -> None:
    assert worst(scores(name, seed=21)) < (4.0, "")
    assert not uncounted(name, seed=21)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_fifteen_times_as_many_agree_too(name: str) -> None:
    assert worst(scores(name, seed=22, worlds=15 * CASES[name].worlds)) < (4.0, "")


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.interacting][:2])
def test_sampled_numbers_scatter_as_the_twin_does(name: str) -> None:
    """Variances that differ by a factor of 3 are seen; those who follow friends scatter more than that."""
    assert worst(spreads(name, seed=21, worlds=28)) < (4.0, "")


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_sampled_numbers_scatter_as_two_hundred_worlds_do(name: str) -> None:
    """Variances that differ by a factor of 1.8 are seen."""
    assert worst(spreads(name, seed=22, worlds=200)) < (4.0, "")


@pytest.mark.parametrize("name", CASES)
def test_both_read_the_same_down_times(name: str) -> None:
    case = CASES[name]
    levels, segments = case.timeline().levels, case.twin().segments.values()
    spans = {(), *(level.down() for level in levels.values())}
    assert case.use.spans in spans
    assert all(s.doors.service_down in spans and s.doors.joining_down in spans for s in segments)
