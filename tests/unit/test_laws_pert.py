"""The inverse of PERT laws against the general inverse of the incomplete beta function."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import betaincinv

from sim.scenario.laws import Law
from sim.scenario.pert import PertTail

SHARES = np.concatenate(
    [[0.0], 10.0 ** np.arange(-16.0, -3.0), np.linspace(0.001, 0.999, 999), 1.0 - 0.5 ** np.arange(10, 54)]
)
"""Among them the smallest and the largest share that is ever drawn but 0: 2^-53 and 1 - 2^-53."""


@pytest.mark.parametrize("a", [1.0, 1.001, 1.5, 2.0, 2.718, 3.0, 3.3, 4.0, 4.999, 5.0])
def test_the_inverse_is_within_1e_13_of_the_general_one(a: float) -> None:
    found = PertTail().inverse(np.asarray(a), SHARES)
    np.testing.assert_allclose(found, betaincinv(a, 6.0 - a, SHARES), rtol=1e-13, atol=0.0)


def test_the_inverse_never_falls() -> None:
    found = PertTail().inverse(np.asarray(2.2), np.linspace(0.0, 1.0, 20_001))
    assert np.all(np.diff(found) > 0.0)
    assert found[0] == 0.0
    assert found[-1] == 1.0


def test_many_shapes_at_once_give_the_very_bits_that_each_gives_alone() -> None:
    shapes = np.linspace(1.0, 5.0, 7)[:, np.newaxis]
    together = PertTail().inverse(shapes, np.broadcast_to(SHARES, (7, len(SHARES))))
    for row, a in zip(together, shapes[:, 0], strict=True):
        np.testing.assert_array_equal(row, PertTail().inverse(np.asarray(a), SHARES))


def test_a_pert_law_without_width_is_its_only_value() -> None:
    law = Law.of("pert", low=2.0, likely=2.0, high=2.0)
    assert law.quantile([0.0, 0.3, 0.9]).tolist() == [2.0, 2.0, 2.0]
