"""Elementary effects: how far a measure moves when one input is moved by half its probability.

In: values of one measure at points of a grid, and at the same with one input moved. Out: an `Effect` an
input. It needs fewer evaluations than shares of the variance, and tells which inputs can be left alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.study.sensitivity.design import STEP
from sim.study.statistics import Array, Interval, mean_interval


@dataclass(frozen=True, slots=True)
class Effect:
    """Of one input, in the unit of the measure, for the whole way from the lowest to the highest probability.

    Attributes
    ----------
    strength
        Morris' mu*: the mean size of an elementary effect, with its 95 % t interval.
    mean, spread
        Their mean (mu), with its sign, and standard deviation (sigma): a large spread says that the effect
        is not straight, or depends on the other inputs. NaN where the steps have no direction: of a group,
        whose members need not move the same way, and of chance.
    """

    strength: Interval
    mean: float
    spread: float


def elementary_effects(a: Array, mixed: Array, steps: Array) -> list[Effect]:
    """Effects of every input.

    Parameters
    ----------
    a, mixed
        Values at the points, shape (rows,), and with one input moved, shape (inputs, rows).
    steps
        By how much, with its sign; NaN where it has none. Shape (inputs, rows).

    References
    ----------
    Morris 1991, Technometrics 33, 161-174, doi 10.1080/00401706.1991.10484804; mu* is of Campolongo, Cariboni
    and Saltelli 2007, Environmental Modelling & Software 22, 1509-1518, doi 10.1016/j.envsoft.2006.10.004.

    Checked by: tests/theory/test_morris_screening.py
    """
    found = []
    for moved, step in zip(mixed, steps, strict=True):
        change = moved - a
        directed = not bool(np.isnan(step).any())
        effects = change / step if directed else change
        found.append(
            Effect(
                mean_interval(np.abs(change) / STEP),
                float(effects.mean()) if directed else math.nan,
                float(effects.std(ddof=1)) if directed and len(effects) > 1 else math.nan,
            )
        )
    return found
