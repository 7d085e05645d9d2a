"""Which unknown moves the result, and how much of it is chance that nobody can reduce.

In: a scenario file with `unknowns`. Out: a `Sensitivity`: shares of the variance of a measure (first-order
and total Sobol indices) or, for a screening, elementary effects, each with its interval.

Why this way: an evaluation is one replication, so all draws but those of the unknowns are an input of their
own, called chance; what it explains no better knowledge takes away. Evaluations are whole blocks on disk, a
file each, so that a study is stopped, resumed and extended as every other one. Rejected: `scipy.stats`'
own `sobol_indices`, which wants one function of one matrix and knows neither groups nor chance nor a disk;
the tests compare with it.
"""

from __future__ import annotations

from sim.study.sensitivity.estimate import Index, sobol_indices
from sim.study.sensitivity.inputs import CHANCE, Input, inputs_of
from sim.study.sensitivity.look import Sensitivity
from sim.study.sensitivity.order import BASE, default_folder
from sim.study.sensitivity.run import run_sensitivity
from sim.study.sensitivity.screening import Effect, elementary_effects
from sim.study.sensitivity.table import Spread

__all__ = [
    "BASE",
    "CHANCE",
    "Effect",
    "Index",
    "Input",
    "Sensitivity",
    "Spread",
    "default_folder",
    "elementary_effects",
    "inputs_of",
    "run_sensitivity",
    "sobol_indices",
]
