"""The map of a sweep over two fields: its numbers can be read in every cell."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex

from sim.views import style
from sim.views.figures import sweep_map
from tests.unit.test_views_report import contrast


@pytest.mark.parametrize("share", np.linspace(0.0, 1.0, 21))
def test_numbers_in_a_map_stand_out_from_their_cell(share: float) -> None:
    """A contrast of 4.1 at least, everywhere between the palest and the darkest cell."""
    red, green, blue = (p + share * (d - p) for p, d in zip(sweep_map.PALE, sweep_map.DARK, strict=True))
    letters = style.PAPER if share > sweep_map.LIGHT else style.INK
    assert contrast(to_hex((red, green, blue)), letters) > 4.1
