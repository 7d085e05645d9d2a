"""Which run stands for all, and which is the worst: the same in every figure, story and page."""

from __future__ import annotations

import numpy as np

from sim.study.statistics import mid_ranks
from sim.study.summary import Outcomes


def typical(outcomes: Outcomes) -> int:
    """The run whose ranks of downtime and users lost are jointly nearest the middle; the first on a tie."""
    downtime, lost = (
        mid_ranks(np.asarray(outcomes[name], dtype=float)) for name in ("downtime", "users_lost")
    )
    middle = 0.5 * (len(downtime) + 1)
    distance = (downtime - middle) ** 2 + (lost - middle) ** 2
    return int(outcomes["replication"][np.argmin(distance)])


def worst(outcomes: Outcomes) -> int:
    """The replication that loses the most users; the first on a tie."""
    return int(outcomes["replication"][np.argmax(outcomes["users_lost"])])
