"""What nobody knows, as a finished study drew it, and which of it moves a quantity most.

In: a scenario with `unknowns`, and one value a run. Out: the draw of every unknown in every run, and a
`Moved` record. Nothing is simulated: the table of draws is the record of what was drawn, so it is read again
from the seed, and the values of the runs are regressed on it.

Why this way: each run draws all unknowns anew, so a study is a random sample of them, and chance comes on
top as noise. A quantity is fitted by the sum of a parabola in each draw (Legendre polynomials, which are
uncorrelated for uniform draws); the variance of a parabola is then the share of the variance that its
unknown explains by itself, and the fit is what the quantity is on average over chance. Rejected: correlations
alone (blind to what is worst in the middle); a sensitivity study (needs runs of its own; `sensitivity` makes
them, and also tells what unknowns do together, which the sum of parabolas leaves out).

References
----------
Sudret 2008, "Global sensitivity analysis using polynomial chaos expansions", Reliability Engineering &
System Safety 93, 964-979, doi 10.1016/j.ress.2007.04.002: shares of the variance from coefficients.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.model import Scenario
from sim.streams import BLOCK, Draws
from sim.study.simultaneous import holm
from sim.study.statistics import Array, Interval, mean_interval, mid_ranks

RUNS_A_TERM = 10
"""Fewer runs than so many for each coefficient tell chance from effect too badly to say anything."""

END = 0.2
"""The lowest and the highest fifth of an unknown are what is told of its ends."""

_VARIANCES = (1.0 / 3.0, 1.0 / 5.0)
"""Of the first two Legendre polynomials of a number that is uniform on [-1, 1]."""


@dataclass(frozen=True, slots=True)
class Mover:
    """One unknown and a quantity.

    Attributes
    ----------
    path
        Of the unknown.
    share
        Of the variance of the quantity between runs, by the unknown alone; estimated, and at least 0.
    correlation
        Spearman's, between the draw and the quantity.
    p_value
        That it has no effect on the mean, by an F test, adjusted for the number of unknowns (Holm).
    low, high
        Mean of the quantity in the runs with the lowest and with the highest fifth of the draws.
    curve
        The fitted mean over chance and the other unknowns is `mean + a P1(2u - 1) + b P2(2u - 1)` at the
        quantile u of the unknown; these are mean, a and b.
    """

    path: str
    share: float
    correlation: float
    p_value: float
    low: Interval
    high: Interval
    curve: tuple[float, float, float]

    @property
    def told(self) -> bool:
        """Whether the runs show that it moves the quantity at all."""
        return self.p_value < 0.05

    def crossings(self, level: float = 0.0) -> tuple[float, ...]:
        """Quantiles of the unknown, in (0, 1), at which the fitted curve passes a level."""
        mean, a, b = self.curve
        # a x + b (3 x^2 - 1) / 2 + mean = level, in x = 2 u - 1
        roots = np.roots([1.5 * b, a, mean - 0.5 * b - level])
        real = sorted(float(root.real) for root in np.atleast_1d(roots) if abs(root.imag) < 1e-12)
        return tuple(0.5 * (x + 1.0) for x in real if -1.0 < x < 1.0)


@dataclass(frozen=True, slots=True)
class Moved:
    """What moves a quantity, the strongest first.

    Attributes
    ----------
    explained
        Share of the variance that those shown to move it explain, each by itself; the rest is chance and what
        unknowns do together.
    fitted
        The quantity on average over chance, as fitted, at the draws of each run; only what is shown to move
        it counts, for the other coefficients are chance. Shape (runs,).
    """

    runs: int
    movers: tuple[Mover, ...]
    explained: float
    fitted: Array


def draws_of(scenarios: Sequence[Scenario], replications: NDArray[np.int64]) -> dict[str, Array]:
    """The draw of every unknown of some strategies in each run, as quantiles of its law.

    Parameters
    ----------
    scenarios
        Of one study, hence of one seed: an unknown of several is drawn once.
    replications
        Numbers of the runs. Shape (runs,).

    Returns
    -------
    dict
        Quantiles in [0, 1) by path, each of shape (runs,).
    """
    paths = dict.fromkeys(path for scenario in scenarios for path in scenario.unknowns)
    if not paths or not len(replications):
        return {}
    blocks, place = np.unique(replications // BLOCK, return_inverse=True)
    tables = [Draws(scenarios[0].seed, int(block)) for block in blocks]
    rows = replications % BLOCK
    return {
        path: np.stack([table.column(f"unknown / {path}") for table in tables])[place, rows] for path in paths
    }


def moved(values: Array, draws: Mapping[str, Array]) -> Moved | None:
    """Which unknowns move a quantity, and how far.

    Parameters
    ----------
    values
        One a run, finite. Shape (runs,).
    draws
        Of every unknown, from `draws_of`. Each of shape (runs,).

    Returns
    -------
    Moved or None
        None where there are no unknowns, too few runs, or nothing that moves.

    Checked by: tests/unit/test_study_drawn.py
    """
    runs, terms = len(values), 1 + 2 * len(draws)
    if not draws or runs < RUNS_A_TERM * terms or not np.ptp(values) > 0.0:
        return None
    table = np.column_stack([np.ones(runs), *(column for one in draws.values() for column in _basis(one))])
    solved = np.asarray(np.linalg.lstsq(table, values, rcond=None)[0], dtype=np.float64)
    fitted = np.asarray(table @ solved, dtype=np.float64)
    noise = float(((values - fitted) ** 2).sum()) / (runs - terms)
    inverse = np.asarray(np.linalg.inv(table.T @ table), dtype=np.float64)
    tests = [_test(solved, inverse, place, noise, runs - terms) for place in range(len(draws))]
    movers = []
    for place, ((path, draw), p) in enumerate(zip(draws.items(), holm(tests), strict=True)):
        pair = solved[1 + 2 * place : 3 + 2 * place]
        movers.append(_mover(path, draw, values, (float(solved[0]), *map(float, pair)), p, noise))
    ordered = tuple(sorted(movers, key=lambda one: -one.share))
    kept = np.full(runs, float(values.mean()))
    for one in ordered:
        if one.told:
            x, bent = _basis(draws[one.path])
            part = one.curve[1] * x + one.curve[2] * bent
            kept += part - part.mean()
    return Moved(runs, ordered, min(sum(one.share for one in ordered if one.told), 1.0), kept)


def _basis(draw: Array) -> tuple[Array, Array]:
    """Legendre polynomials of degree 1 and 2 of a uniform draw."""
    x = 2.0 * draw - 1.0
    return x, np.asarray(0.5 * (3.0 * x * x - 1.0))


def _test(solved: Array, inverse: Array, place: int, noise: float, free: int) -> float:
    """P-value of the F test that both coefficients of an unknown are 0."""
    from scipy.special import fdtrc

    rows = slice(1 + 2 * place, 3 + 2 * place)
    pair = solved[rows]
    if not noise > 0.0:
        return 0.0 if np.abs(pair).max() > 1e-9 * max(abs(float(solved[0])), 1e-300) else 1.0
    statistic = float(pair @ np.linalg.solve(inverse[rows, rows], pair)) / (2.0 * noise)
    return float(fdtrc(2, free, statistic))


def _mover(
    path: str, draw: Array, values: Array, curve: tuple[float, ...], p_value: float, noise: float
) -> Mover:
    mean, a, b = curve
    # what chance alone would put into the two coefficients is taken off: E[b^2] v = b^2 v + noise / runs
    own = a * a * _VARIANCES[0] + b * b * _VARIANCES[1] - 2.0 * noise / len(values)
    ranks, of_values = mid_ranks(draw), mid_ranks(values)
    correlation = float(np.corrcoef(ranks, of_values)[0, 1]) if np.ptp(of_values) else math.nan
    low, high = (
        mean_interval(values[part]) if part.any() else Interval(math.nan, math.nan, math.nan)
        for part in (draw < END, draw >= 1.0 - END)
    )
    share = min(max(own / float(values.var()), 0.0), 1.0)
    return Mover(path, share, correlation, p_value, low, high, (mean, a, b))
