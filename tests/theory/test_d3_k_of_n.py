"""At least k of n independent suppliers.

2 of 3 at 0.99: 0.999702; 2 of 4 at 0.99, 0.97, 0.95 and 0.90: 0.9997595; 3 of 5 at 0.9: 0.99144.

Source: R. E. Barlow and F. Proschan, Statistical Theory of Reliability and Life Testing, Holt, Rinehart and
Winston 1975, ch. 1. By enumeration of all states through the simulator, see `tests.theory.enumeration`.
Exact: 1e-12.
"""

from __future__ import annotations

import pytest

from tests.theory.enumeration import availability, states


@pytest.mark.parametrize(
    ("k", "up", "expected"),
    [
        (2, (0.99, 0.99, 0.99), 0.999702),
        (2, (0.99, 0.97, 0.95, 0.90), 0.9997595),
        (3, (0.9, 0.9, 0.9, 0.9, 0.9), 0.99144),
    ],
)
def test_availability_of_at_least_k_of_n(k: int, up: tuple[float, ...], expected: float) -> None:
    roles = [f"host_{i}" for i in range(len(up))]
    works = states(roles, {"needs": {"at_least": k, "of": roles}})
    assert availability(works, dict(zip(roles, up, strict=True))) == pytest.approx(expected, abs=1e-12)


def test_it_works_exactly_where_k_are_up() -> None:
    roles = ["a", "b", "c", "d"]
    works = states(roles, {"needs": {"at_least": 3, "of": roles}})
    assert all(value == (1.0 if 4 - len(down) >= 3 else 0.0) for down, value in works.items())
