"""The quantile that sentences and tables tell: one of the runs."""

from __future__ import annotations

import numpy as np

from sim.views.case import Floats


def quantile(values: Floats, share: float) -> float:
    """The value that ``1 - share`` of the runs exceed: one of the runs, never between two."""
    return float(np.quantile(values, share, method="inverted_cdf"))
