"""Steady-state availability of an alternating renewal process: MTBF / (MTBF + MTTR).

With 90 days between failures and repairs of half a day: A = 0.99447513812154696133, 2.0179558 days down a
year of 365.25 days. Only the means matter, whatever the laws.

Source: R. E. Barlow and F. Proschan, Statistical Theory of Reliability and Life Testing, Holt, Rinehart and
Winston 1975, ch. 7. Exact: 1e-12.
"""

from __future__ import annotations

import pytest

from sim.structure import steady_unavailability


def test_availability_and_days_down_a_year() -> None:
    found = steady_unavailability(between=90 * 24.0, lasts=12.0)
    assert 1.0 - found == pytest.approx(0.99447513812154696133, rel=1e-12)
    assert found * 365.25 == pytest.approx(2.0179558011049723757, rel=1e-12)


def test_what_is_repaired_at_once_is_never_down() -> None:
    assert steady_unavailability(between=1.0, lasts=0.0) == 0.0
