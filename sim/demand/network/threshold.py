"""How many friends it takes to stay, from the share and the number one needs; and who then stays.

In: `Ties`, the share of own friends below which one leaves, or the number. Out: whole numbers of friends
needed, and who is left. The share is of all one's friends, those who left included (Watts 2002, PNAS 99:5766;
of users who leave: Török & Kertész 2017, Sci. Rep. 7:16743). One who stands exactly at the threshold stays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.demand.network.core import Mask, peel
from sim.demand.network.ties import Ties

_ROUNDING = 1e-9
"""A share of friends times their number may come out this far above a whole number: 7 % of 100 is 7."""


def needed(
    degree: NDArray[np.int32], share: float | NDArray[np.float64] = 0.0, number: int | NDArray[np.int32] = 0
) -> NDArray[np.int32]:
    """How many friends must be there for one to stay. Shape (people,).

    Parameters
    ----------
    degree
        How many friends everybody has. Shape (people,).
    share
        One leaves once a smaller share of them than this is there; one for all or one each.
    number
        One leaves once fewer than this are there, who has no friends at once; one for all or one each.

    Checked by: tests/unit/test_network_core.py
    """
    of_share = np.ceil(np.asarray(share) * degree - _ROUNDING)
    need: NDArray[np.int32] = np.maximum(of_share, number).astype(np.int32)
    return need


def stay_above(ties: Ties, share: float | NDArray[np.float64], alive: Mask | None = None) -> Mask:
    """Who is left once all have left of whose friends a smaller share than `share` is there.

    Who has no friends stays.

    Checked by: tests/theory/test_g5_fraction_thresholds.py, tests/unit/test_network_core.py
    """
    return peel(ties, needed(ties.degree, share), alive)


def stay_with(ties: Ties, number: int | NDArray[np.int32], alive: Mask | None = None) -> Mask:
    """Who is left once all have left who have fewer friends there than `number`, one for all or one each.

    Checked by: tests/unit/test_network_core.py
    """
    return peel(ties, needed(ties.degree, 0.0, number), alive)
