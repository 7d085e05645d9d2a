"""Where a sweep looks: its points, each a value of every field.

In: fields, a method, how many points, a seed. Out: `Point` records, always the same for the same request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from sim.streams import generator
from sim.study.sweep.fields import Field, Value

Method = Literal["grid", "lhs", "sobol"]
METHODS: tuple[Method, ...] = ("grid", "lhs", "sobol")

MOST = 1_000
"""Points in a sweep: each is a study of its own. Assumption: more are asked for by mistake."""

LEVELS = (7, 5, 3)
"""Values of a range in a grid of one, two and more fields, unless told otherwise."""

SAMPLED = 32
"""Points of a sample, unless told otherwise: a power of two."""


@dataclass(frozen=True, slots=True)
class Point:
    """One value of every field. `number` counts from 1; `refined` points were added for a break-even."""

    number: int
    values: tuple[Value, ...]
    refined: bool = False

    @property
    def name(self) -> str:
        """Of its folder."""
        return f"{self.number:04d}"


def points_asked(fields: Sequence[Field], method: Method, points: int | None) -> int:
    """Values of a range in a grid, or points of a sample."""
    if points is not None:
        return points
    return LEVELS[min(len(fields), len(LEVELS)) - 1] if method == "grid" else SAMPLED


def size(fields: Sequence[Field], method: Method, points: int) -> int:
    """How many points there are."""
    if method != "grid":
        return points
    count = 1
    for field in fields:
        count *= points if field.is_range and field.kind != "whole" else len(field.levels(points))
    return count


def design(fields: Sequence[Field], method: Method, points: int, seed: int) -> list[Point]:
    """The points: all combinations, a Latin hypercube, or scrambled Sobol points.

    References
    ----------
    McKay, Beckman and Conover 1979, "A comparison of three methods for selecting values of input variables",
    Technometrics 21, 239-245, doi 10.1080/00401706.1979.10489755; Owen 1998, "Scrambling Sobol' and
    Niederreiter-Xing points", Journal of Complexity 14, 466-489, doi 10.1006/jcom.1998.0487.
    """
    if method == "grid":
        rows = list(product(*(field.levels(points) for field in fields)))
    else:
        rows = list(dict.fromkeys(_sampled(fields, method, points, seed)))
    return [Point(number, row) for number, row in enumerate(rows, 1)]


def _sampled(fields: Sequence[Field], method: Method, points: int, seed: int) -> list[tuple[Value, ...]]:
    from scipy.stats import qmc

    rng = generator(seed, f"sweep / {method}")
    if method == "lhs":
        drawn = qmc.LatinHypercube(len(fields), rng=rng).random(points)
    else:
        drawn = qmc.Sobol(len(fields), scramble=True, rng=rng).random_base2(points.bit_length() - 1)
    return [
        tuple(field.between(share) for field, share in zip(fields, row, strict=True))
        for row in drawn.tolist()
    ]
