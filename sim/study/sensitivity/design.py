"""Where the unknowns are evaluated: two tables of uniforms, a row a replication, a column an unknown.

In: how many unknowns, a seed, how many rows. Out: a `Design`. More rows begin with the same ones, so a study
can be extended. Which draws chance takes follows from the block alone: the first table has the even blocks of
the scenario's own draws, the second the odd ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.streams import BLOCK, generator
from sim.study.statistics import Array

LEVELS = 4
"""Of a screening: the middles of so many equal slices of probability; no law is asked for its ends."""

STEP = 0.5
"""How far one input is moved in a screening, in probability: LEVELS / 2 slices, as Morris advises."""


@dataclass(frozen=True, slots=True)
class Design:
    """Uniforms in [0, 1) of the two tables. Shape (rows, unknowns) each."""

    a: Array
    b: Array


def sobol_points(unknowns: int, seed: int, rows: int) -> Design:
    """Scrambled Sobol points, one of twice as many dimensions as there are unknowns for a row of both.

    References
    ----------
    Saltelli et al. 2010, "Variance based sensitivity analysis of model output", Computer Physics
    Communications 181, 259-270, doi 10.1016/j.cpc.2009.09.018; Owen 1998, "Scrambling Sobol' and
    Niederreiter-Xing points", Journal of Complexity 14, 466-489, doi 10.1006/jcom.1998.0487.
    """
    from scipy.stats import qmc

    points = qmc.Sobol(2 * unknowns, scramble=True, rng=generator(seed, "sensitivity / points"))
    # a whole power of two is drawn, for the points are balanced only so, and the first rows are taken
    drawn = points.random_base2(max(rows - 1, 1).bit_length())[:rows]
    return Design(drawn[:, :unknowns], drawn[:, unknowns:])


def screening_points(unknowns: int, seed: int, rows: int) -> Design:
    """Points of a grid, and the same with every column moved by `STEP` to where there is room.

    References
    ----------
    Morris 1991, "Factorial sampling plans for preliminary computational experiments", Technometrics 33,
    161-174, doi 10.1080/00401706.1991.10484804. One input is moved at a time from one point, as in
    Campolongo, Saltelli and Cariboni 2011, Computer Physics Communications 182, 978-988,
    doi 10.1016/j.cpc.2010.12.039.
    """
    drawn = [
        generator(seed, "sensitivity / screening", block).random((BLOCK, unknowns))
        for block in range(-(-rows // BLOCK))
    ]
    a = (np.floor(LEVELS * np.concatenate(drawn)[:rows]) + 0.5) / LEVELS
    return Design(a, np.where(a < STEP, a + STEP, a - STEP))
