"""The table of a sensitivity study: a row a measure and input.

In: inputs and spreads. Out: `Spread` records, and the bytes of `sensitivity.csv` or `screening.csv`.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.outcomes import Measure
from sim.study.sensitivity.estimate import Index
from sim.study.sensitivity.inputs import Input
from sim.study.sensitivity.screening import Effect

COMMON = ("measure", "unit", "runs", "mean", "deviation", "input", "kind", "paths")
INDICES = ("first", "first_low", "first_high", "total", "total_low", "total_high")
EFFECTS = ("strength", "strength_low", "strength_high", "effect_mean", "effect_deviation")


@dataclass(frozen=True, slots=True)
class Spread:
    """How one measure varies, and why.

    Attributes
    ----------
    runs
        Replications that the mean and the standard deviation are of.
    deviation
        0 where the measure is the same in all runs.
    indices, effects
        One an input, in the order of the inputs; of a screening the latter, else the former.
    """

    measure: Measure
    runs: int
    mean: float
    deviation: float
    indices: tuple[Index, ...]
    effects: tuple[Effect, ...]

    @property
    def varies(self) -> bool:
        """Whether there is anything to explain."""
        return self.deviation > 0.0 or any(effect.strength.value > 0.0 for effect in self.effects)


def name(screen: bool) -> str:
    """What the table's file is called."""
    return "screening.csv" if screen else "sensitivity.csv"


def written(inputs: Sequence[Input], spreads: Sequence[Spread], screen: bool) -> bytes:
    """The table; an empty cell where there is no number."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COMMON, *(EFFECTS if screen else INDICES)])
    for spread in spreads:
        measure = spread.measure
        found: Sequence[Index | Effect] = spread.effects if screen else spread.indices
        for each, result in zip(inputs, found, strict=True):
            said = [measure.name, measure.unit, spread.runs, spread.mean, spread.deviation]
            numbers = ["" if math.isnan(number) else repr(number) for number in _numbers(result)]
            writer.writerow([*said, each.name, each.kind, " ".join(each.paths), *numbers])
    return text.getvalue().encode("utf-8")


def _numbers(found: Index | Effect) -> list[float]:
    if isinstance(found, Effect):
        one = found.strength
        return [one.value, one.low, one.high, found.mean, found.spread]
    return [number for one in (found.first, found.total) for number in (one.value, one.low, one.high)]
