"""The adjusted coefficient of determination is 0 on average where there is nothing to explain.

M. Ezekiel, Methods of Correlation Analysis (Wiley, 1930). For normal noise R**2 of a line with k slopes
through n points is Beta(k / 2, (n - k - 1) / 2), of mean k / (n - 1); the adjusted one is linear in it, with
mean 0.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.streams import generator
from sim.study.sweep.moves import explained

POINTS, STUDIES = 32, 4000


@pytest.mark.parametrize("slopes", [1, 6])
def test_of_noise_a_line_explains_nothing_on_average(slopes: int) -> None:
    rng = generator(11, "noise to be explained", slopes)
    design = np.column_stack([np.ones(POINTS), rng.random((POINTS, slopes))])
    found = np.empty(STUDIES)
    for study in range(STUDIES):
        numbers = rng.normal(size=POINTS)
        solved, *_ = np.linalg.lstsq(design, numbers, rcond=None)
        found[study] = explained(numbers, numbers - design @ solved, slopes)
    # of R**2 the exact variance is 2 k (n - k - 1) / ((n - 1)**2 (n + 1)); stretched by (n - 1) / (n - k - 1)
    n, k = POINTS, slopes
    deviation = np.sqrt(2 * k / ((n - k - 1) * (n + 1)))
    error = deviation / np.sqrt(STUDIES)
    assert abs(found.mean()) < 4 * error  # the smallest bias seen: 0.003 with one slope, 0.008 with six
    assert found.std() == pytest.approx(deviation, rel=0.1)


def test_of_a_line_it_explains_all() -> None:
    numbers = np.linspace(1.0, 2.0, 9)
    assert explained(numbers, np.zeros(9), 1) == 1.0
